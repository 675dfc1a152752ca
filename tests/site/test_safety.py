"""The site against those who mean harm: forged forms, hostile words, formulas, files that are not what they are called."""

from __future__ import annotations

import io
import re
import struct
import time
import zlib
from html import unescape
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sites import FARMING, Site, check_nothing_inline, fields_of
from sizhang.web.models import Account, Clue, Upload
from sizhang.web.views.files import neutral, write_csv, write_xlsx

ROOT = Path(__file__).resolve().parents[2]
LOGIN = "/account/login/"
WORKBENCH = ("/today/", "/ledger/", "/reports/", "/notices/", "/bodies/", "/log/", "/account/password/", "/account/2fa/")
PUBLIC = ("/", "/happiness/", "/search/?text=田", "/clue/", LOGIN, "/nowhere/")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{% raise %}"


# ---- forged forms ----


@pytest.mark.parametrize(
    "address", ["/ledger/{number}/claim/", "/field/send/", "/claims/", "/clue/", "/uploads/", "/account/logout/", LOGIN]
)
def test_a_form_that_is_not_of_this_site_is_refused_and_books_nothing(site: Site, address: str) -> None:
    number = site.open("新建高标准农田")
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(username="reporter"))
    before = site.entries()
    page = client.post(address.format(number=number), {"number": "100", "on": "2026-07-01"})
    assert page.status_code == 403
    assert "什么也没有记" in page.content.decode()
    assert site.entries() == before


def test_a_form_of_this_site_is_taken(site: Site) -> None:
    number = site.open("新建高标准农田")
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(username="reporter"))
    address = f"/ledger/{number}/claim/"
    page = client.get(address)
    token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[-1]
    typed = {**fields_of(page), "number": "100", "csrfmiddlewaretoken": token}
    assert client.post(address, typed).status_code == 302
    assert site.standing(number)[1] == 10_000
    assert client.post(address, {**typed, "client_id": "other"}, headers={"origin": "https://elsewhere.example"}).status_code == 403


# ---- headers ----


@pytest.mark.parametrize("address", [*PUBLIC, *WORKBENCH])
def test_every_page_forbids_what_is_inline_and_being_framed(site: Site, address: str) -> None:
    site.open("新建高标准农田")
    page = site.client("office" if address in WORKBENCH else "").get(address)
    policy = page["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if rule.strip())
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    check_nothing_inline(page.content.decode())


def test_pages_of_promises_and_forms_have_nothing_inline(site: Site) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "300")
    site.verify(number, "100")
    for username, addresses in {
        "office": (f"/ledger/{number}/", f"/ledger/{number}/settle/", f"/ledger/{number}/amend/", f"/promises/{number}/"),
        "reporter": (f"/ledger/{number}/claim/",),
        "verifier": (f"/ledger/{number}/verify/", "/verify/", "/field/"),
    }.items():
        for address in addresses:
            page = site.client(username).get(address)
            assert page.status_code == 200
            check_nothing_inline(page.content.decode())


def test_the_check_of_a_page_finds_what_is_inline() -> None:
    for page in (
        *("<p style='color:red'>x</p>", "<p onclick='x()'>x</p>", "<style>p{}</style>", "<script>x()</script>"),
        *("<a href=' javascript:x()'>x</a>", "<div><script src='/a.js'>x()</script></div>"),
    ):
        with pytest.raises(AssertionError):
            check_nothing_inline(f"<html><body>{page}</body></html>")


# ---- what people write ----


@hypothesis_settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(middle=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20))
def test_hostile_words_are_shown_as_words(site: Site, middle: str) -> None:
    words = f"{HOSTILE}{middle}</textarea></title><svg onload=alert(1)>"
    number = site.open(words[:150])
    site.claim(number, "300")
    client = site.client("verifier")
    address = f"/ledger/{number}/reject/"
    typed = {**fields_of(client.get(address)), "number": "300", "text": words}
    assert client.post(address, {**typed, "number": "x" + words}).status_code == 422
    assert client.post(address, typed).status_code == 302
    Clue.objects.create(promise=number, text=words, answer=words, shown=True, answered_at=timezone.now())
    Clue.objects.create(promise=number, text=words)
    for username, addresses in {
        "office": ("/ledger/", f"/ledger/{number}/", "/clues/", "/log/", "/bodies/", "/notices/"),
        "verifier": (f"/ledger/{number}/verify/",),
        "": ("/", f"/promises/{number}/", "/search/?text=script", "/happiness/"),
    }.items():
        for address in addresses:
            page = site.client(username).get(address).content.decode()
            check_nothing_inline(page)
            assert "<script>alert" not in page
            assert "49" not in page.split("onerror=alert(1)&gt;")[-1][:4], "a template in the words was run"
    assert "onerror=alert(1)" in unescape(site.client().get(f"/promises/{number}/").content.decode())


@pytest.mark.parametrize("address", ["/search/?text={words}", "/ledger/?text={words}&body={words}&place={words}", "/clue/?number={words}"])
def test_hostile_words_in_an_address_are_shown_as_words(site: Site, address: str) -> None:
    from urllib.parse import quote

    page = site.client("office").get(address.format(words=quote(HOSTILE))).content.decode()
    check_nothing_inline(page)
    assert "<script>alert" not in page


FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    " =1+1",
    '=HYPERLINK("http://x")',
)


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_of_a_download_is_a_formula(words: str) -> None:
    text = write_csv([["编号"], [words]]).decode("utf-8-sig")
    assert text.partition("\r\n")[2].lstrip('"').startswith("'")
    book = write_xlsx([["编号"], [words]])
    sheet = ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()[1][0].strip() == words.strip()


def test_a_number_and_common_words_stay_what_they_are() -> None:
    assert [neutral(words) for words in ("12.5", "2026-001", "新建", "", "a=b")] == ["12.5", "2026-001", "新建", "", "a=b"]


def test_the_ledger_is_downloaded_without_formulas(site: Site) -> None:
    site.open('=cmd|"/c calc"!A1')
    client = site.client("office")
    assert """'=cmd|""" in client.get("/download/ledger.csv").content.decode("utf-8-sig")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/download/ledger.xlsx").content)).get_sheet_by_index(0).to_python()
    assert rows[1][1].startswith("=cmd")


# ---- files ----


def claim_with(site: Site, name: str, content: bytes) -> tuple[int, str]:
    number = site.open("新建高标准农田")
    client = site.client("reporter")
    address = f"/ledger/{number}/claim/"
    typed = {**fields_of(client.get(address)), "number": "1", "evidence": SimpleUploadedFile(name, content)}
    page = client.post(address, typed)
    return page.status_code, unescape(page.content.decode())


@pytest.mark.parametrize("content", [b"\x7fELF" + b"\0" * 50, b"MZ" + b"\0" * 50, b"#!/bin/sh\nrm -rf /\n", b""])
def test_a_program_and_an_empty_file_are_no_evidence_whatever_they_are_called(site: Site, content: bytes) -> None:
    status, page = claim_with(site, "照片.jpg", content)
    assert status == 422
    assert "没有入账" in page
    assert not site.store.rows("SELECT id FROM evidence")


def test_a_page_among_the_evidence_is_downloaded_and_never_shown(site: Site) -> None:
    assert claim_with(site, "照片.jpg", b"<html><script>alert(1)</script></html>")[0] == 302
    ((digest,),) = site.store.rows("SELECT sha256 FROM evidence")
    answer = site.client("office").get(f"/evidence/{digest}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["../../../etc/cron.d/x.txt", "..\\..\\x.txt", "/etc/passwd", "....//x.txt", "a\x00b.txt"])
def test_a_name_of_a_file_leads_nowhere(site: Site, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file() and "evidence" not in str(path)}
    status, _page = claim_with(site, name, "看过了".encode())
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and re.fullmatch(r"[0-9a-f]{64}", path.name)]
    after = {path for path in tmp_path.rglob("*") if path.is_file() and "evidence" not in str(path)}
    assert {path for path in after - before if not path.name.startswith("site.ledger")} == set()
    if status == 302:
        assert len(kept) == 1
        ((held,),) = site.store.rows("SELECT name FROM evidence")
        assert "/" not in held
        assert ".." not in held.split("/")
    else:
        assert status in (400, 422)


@pytest.mark.parametrize("digest", ["..", "../../site.ledger", "%2e%2e%2fsite.ledger", "0" * 63, "0" * 64, "A" * 64, "..%5csite.ledger"])
def test_an_address_of_evidence_leads_to_evidence_alone(site: Site, digest: str) -> None:
    assert site.client("office").get(f"/evidence/{digest}/").status_code == 404


def test_too_many_files_and_too_large_a_request_are_refused(site: Site) -> None:
    number = site.open("新建高标准农田")
    client = site.client("reporter")
    address = f"/ledger/{number}/claim/"
    files = [SimpleUploadedFile(f"{place}.txt", b"x") for place in range(21)]
    page = client.post(address, {**fields_of(client.get(address)), "number": "1", "evidence": files})
    assert page.status_code == 422
    assert "最多 20 个" in page.content.decode()
    with override_settings(REQUEST_MB_MOST=1):
        page = Client().post(address, {"evidence": SimpleUploadedFile("x.txt", b"x" * 1_100_000)})
    assert page.status_code == 413
    assert "超过 1 MB" in page.content.decode()


def huge_picture(side: int) -> bytes:
    """A PNG of `side` × `side` black pixels, one bit each, in a few kB: rows are packed as they are made."""
    packer, row = zlib.compressobj(9), bytes(1 + (side + 7) // 8)
    rows = b"".join(packer.compress(row * 1_000) for _times in range(side // 1_000)) + packer.flush()
    out = b"\x89PNG\r\n\x1a\n"
    for name, content in ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")):
        out += struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    return out


@pytest.mark.parametrize(("side", "said"), [(20_000, "170,000,000"), (9_000, "9,000 × 9,000")])
@pytest.mark.parametrize("rehearse", [{}, {"rehearse": "1"}])
def test_a_picture_that_a_small_file_makes_huge_is_refused(site: Site, side: int, said: str, rehearse: dict[str, str]) -> None:
    content = huge_picture(side)
    assert len(content) < 60_000
    number = site.open("新建高标准农田")
    client = site.client("reporter")
    address = f"/ledger/{number}/claim/"
    typed = {**fields_of(client.get(address)), "number": "1", "evidence": SimpleUploadedFile("照片.png", content), **rehearse}
    page = client.post(address, typed)
    assert page.status_code == 422
    assert said in unescape(page.content.decode())
    assert "64,000,000" in page.content.decode()
    assert not site.store.rows("SELECT id FROM evidence")


@pytest.mark.parametrize("name", ["照片.svg", "照片.png"])
def test_a_drawing_with_a_script_is_downloaded_and_never_shown(site: Site, name: str) -> None:
    drawing = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert claim_with(site, name, drawing)[0] == 302
    ((digest,),) = site.store.rows("SELECT sha256 FROM evidence")
    answer = site.client("office").get(f"/evidence/{digest}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_report_that_unpacks_to_too_much_is_told_and_not_read(site: Site) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("word/media/a.bin", bytes(30_000_000))
    sent = {"file": SimpleUploadedFile("报告.docx", packed.getvalue()), "year": "2026", "body": FARMING}
    client = site.client("office")
    page = client.post("/uploads/", sent)
    if page.status_code == 302:
        page = wait_for(client, page["Location"])
    said = unescape(page.content.decode())
    assert "解压后有 30 MB" in said
    assert "压缩炸弹" in said
    assert not site.store.rows("SELECT id FROM promise")


def wait_for(client: Client, address: str) -> HttpResponse:
    """The page of an upload once nothing runs any more."""
    from sizhang.web.reviewing import RUNNING

    ends = time.monotonic() + 60
    while Upload.objects.get(pk=int(address.split("/")[2])).state in RUNNING:
        assert time.monotonic() < ends
        time.sleep(0.1)
    return client.get(address)
