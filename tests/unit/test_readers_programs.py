"""The example report through the programs that reports come from: what is read must be what was written."""

from __future__ import annotations

import html
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sizhang.intake.document import Document
from sizhang.intake.readers import read_file
from sizhang.intake.readers.fonts import has_chinese_font
from sizhang.intake.reading import read_document

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "qinghe2026.txt"
LINES = [line.strip() for line in EXAMPLE.read_text("utf-8").splitlines() if line.strip()]
HEADING = re.compile(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)[^。；]+")
CSS = """@page { size: A4; margin: 2cm; @top-center { content: '青禾日报 4版 要闻' } @bottom-center { content: '— ' counter(page) ' —' } }
body { font: 13px/1.7 serif; margin: 0 } p { margin: 0; text-align: justify } h1, h2 { text-align: center } h2 { font-size: 15px }"""


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@cache
def promises_of_example() -> list[str]:
    return [bare(promise.text) for promise in read_document(read_file(EXAMPLE)).promises]


def assert_same(document: Document) -> None:
    assert [bare(line) for line in document.text.split("\n")] == [bare(line) for line in LINES]
    assert [bare(promise.text) for promise in read_document(document).promises] == promises_of_example()


def require(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed, so no file of its making can be read")
    if not has_chinese_font():
        pytest.skip(f"this machine has no Chinese font, so {name} draws no Chinese")
    return program


def write_docx(path: Path, lines: list[str]) -> Path:
    docx = pytest.importorskip("docx", reason="python-docx is not installed, so no Word file can be made")
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = lines[0]
    made.sections[0].footer.paragraphs[0].text = "— 1 —"
    for number, line in enumerate(lines):
        if number == 0 or HEADING.fullmatch(line):
            made.add_heading(line, 0 if number == 0 else 1)
        else:
            made.add_paragraph(line).paragraph_format.first_line_indent = docx.shared.Pt(22)
    made.save(str(path))
    return path


def convert(given: Path, form: str) -> Path:
    profile = f"-env:UserInstallation={(given.parent / 'profile').as_uri()}"
    command = [require("soffice"), profile, "--headless", "--convert-to", form, "--outdir", str(given.parent), str(given)]
    done = subprocess.run(command, capture_output=True, timeout=180)
    made = given.with_suffix(f".{form}")
    if not made.exists():
        pytest.skip(f"soffice did not make a {form} file: {done.stderr.decode(errors='replace')[-200:]}")
    return made


def print_page(folder: Path, css: str) -> Path:
    program = require(next((name for name in ("chromium", "google-chrome") if shutil.which(name)), "chromium-browser"))
    parts = [f"<h2>{html.escape(line)}</h2>" if HEADING.fullmatch(line) else f"<p>　　{html.escape(line)}</p>" for line in LINES[1:]]
    page = folder / "page.html"
    page.write_text(f"<meta charset=utf-8><style>{css}</style><h1>{LINES[0]}</h1><div class=text>{''.join(parts)}</div>", "utf-8")
    made = folder / "page.pdf"
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={made}"]
    done = subprocess.run([*command, "--no-pdf-header-footer", page.as_uri()], capture_output=True, timeout=180)
    if not made.exists():
        pytest.skip(f"chromium made no PDF: {done.stderr.decode(errors='replace')[-200:]}")
    return made


def test_word_file_with_headings(tmp_path: Path) -> None:
    assert_same(read_file(write_docx(tmp_path / "a.docx", LINES)))


@pytest.mark.parametrize("form", ["pdf", "doc", "rtf"])
def test_what_libreoffice_makes_of_the_word_file(tmp_path: Path, form: str) -> None:
    require("soffice")
    assert_same(read_file(convert(write_docx(tmp_path / "a.docx", LINES), form)))


@pytest.mark.parametrize("columns", [1, 2])
def test_a_page_printed_by_a_browser(tmp_path: Path, columns: int) -> None:
    assert_same(read_file(print_page(tmp_path, f"{CSS} .text {{ columns: {columns}; column-gap: 26px }}")))


def worsen(image: Any) -> Any:
    """Turn, blur and grey a clean page, as a flatbed scanner does."""
    from PIL import Image, ImageChops, ImageFilter

    turned = image.convert("L").rotate(0.5, fillcolor=255, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.7))
    return ImageChops.add(turned, Image.effect_noise(turned.size, 12), 1, -128)


def save_picture(image: Any, path: Path) -> None:
    image.convert("RGB").save(path)


def save_scan(image: Any, path: Path) -> None:
    image.save(path, resolution=150)


@pytest.mark.parametrize(("name", "save"), [("a.png", save_picture), ("a.jpg", save_picture), ("a.pdf", save_scan)])
def test_a_scan_is_read_with_its_headings_and_numbers(tmp_path: Path, name: str, save: Callable[[Any, Path], None]) -> None:
    for module in ("rapidocr", "onnxruntime", "PIL"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed (extra ocr), so no picture can be read")
    import pypdfium2

    start = next(i for i, line in enumerate(LINES) if line.startswith("（一）守住"))
    lines = LINES[start : start + 5]
    printed = convert(write_docx(tmp_path / "scan.docx", ["某市报告", *lines]), "pdf")
    save(worsen(pypdfium2.PdfDocument(str(printed))[0].render(scale=150 / 72).to_pil()), tmp_path / name)
    read = read_file(tmp_path / name).text.split("\n")
    assert [line for line in lines if HEADING.fullmatch(line)] == [line for line in read if HEADING.fullmatch(line)]
    numbers = re.findall(r"\d[\d.]*", "".join(lines))
    assert re.findall(r"\d[\d.]*", "".join(read)) == numbers
