"""Any bytes under any known name give a document or one clear error, never anything else."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizhang.core.errors import SizhangError
from sizhang.intake.readers import read_file

EXTENSIONS = [".txt", ".md", ".docx", ".pdf", ".html", ".htm", ".png", ".jpg", ".doc", ".wps", ".rtf", ""]
HEADS = [
    b"",
    b"%PDF-1.4\n",
    b"PK\x03\x04",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"<html><body>",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"<!doctype html>",
]
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def check(data: bytes, extension: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{extension}"
        path.write_bytes(data)
        try:
            document = read_file(path)
        except SizhangError as error:
            assert error.what and error.remedy
            return
    starts = [mark.start for mark in document.marks]
    assert document.text.strip()
    assert starts[0] == 0 and starts == sorted(set(starts))
    assert "\r" not in document.text


@FUZZ
@given(st.sampled_from(HEADS), st.binary(max_size=400), st.sampled_from([b"", b"%%EOF"]), st.sampled_from(EXTENSIONS))
def test_any_bytes(head: bytes, body: bytes, tail: bytes, extension: str) -> None:
    check(head + body + tail, extension)


@FUZZ
@given(st.text(max_size=200), st.sampled_from(["utf-8", "gb18030", "utf-16"]), st.sampled_from([".txt", ".md", ".html", ""]))
def test_any_text(text: str, encoding: str, extension: str) -> None:
    check(text.encode(encoding, "ignore"), extension)


@FUZZ
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<a href=x>", "<table><tr><td>", "<!--", "正文。", "&#0;", "<nav>", "\0"]),
        max_size=40,
    )
)
def test_any_tags(tags: list[str]) -> None:
    check(("<html>" + "".join(tags)).encode(), ".html")


@FUZZ
@given(
    st.lists(
        st.sampled_from(
            ["<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:tr/>", "<w:tc>", "</w:tc>", "<w:ins>", "</w:ins>", "字", "&x;"]
        ),
        max_size=20,
    )
)
def test_any_word_body(tags: list[str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}">{"".join(tags)}</w:document>')
    check(out.getvalue(), ".docx")


@FUZZ
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_any_damage_to_a_word_file(at: int, damage: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:document>')
    data = bytearray(out.getvalue())
    data[at : at + len(damage)] = damage
    check(bytes(data), ".docx")
