"""What leaders and deputies get: exceptions only, answers to what they ask, and the packet before the session."""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import zipfile
from html import unescape

import pytest
from docx import Document

from sites import Site
from sizhang.web.models import Inquiry
from sizhang.web.overview import rows_of_year
from sizhang.web.packet import make_packet


def has_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return "Noto Serif CJK SC" in subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout


def text_of(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def test_nothing_that_needs_no_leader_is_listed(site: Site) -> None:
    site.open("新建高标准农田")
    page = text_of(site.client("leader").get("/exceptions/"))
    assert "新建高标准农田" not in page
    assert "没有" in page
    assert site.client().get("/exceptions/").status_code == 302


def test_a_deputy_asks_and_the_office_answers(site: Site) -> None:
    number = site.open("新建高标准农田")
    deputy, office = site.client("deputy"), site.client("office")
    asked = {"number": number, "text": "东坡那一片什么时候修路？"}
    assert deputy.post("/inquiries/", asked).status_code == 302
    assert deputy.post("/inquiries/", asked).status_code == 302
    inquiry = Inquiry.objects.get()
    assert "东坡那一片" in text_of(site.client("leader").get("/inquiries/"))
    assert office.post(f"/inquiries/{inquiry.pk}/", {"answer": ""}).status_code == 422
    assert office.post(f"/inquiries/{inquiry.pk}/", {"answer": "八月完工"}).status_code == 302
    assert office.post(f"/inquiries/{inquiry.pk}/", {"answer": "改口"}).status_code == 404
    page = text_of(deputy.get("/inquiries/"))
    assert "八月完工" in page and "市政府督查室" in page


def test_who_may_not_ask_or_answer(site: Site) -> None:
    asked = {"number": "", "text": "什么时候修路？"}
    for who in ("leader", "office", "reporter", "verifier", "admin"):
        assert site.client(who).post("/inquiries/", asked).status_code == 403
    deputy = site.client("deputy")
    assert deputy.post("/inquiries/", {**asked, "number": "没有"}).status_code == 422
    assert deputy.post("/inquiries/", {"text": "？"}).status_code == 422
    deputy.post("/inquiries/", asked)
    inquiry = Inquiry.objects.get()
    for who in ("deputy", "leader", "reporter", "verifier"):
        assert site.client(who).post(f"/inquiries/{inquiry.pk}/", {"answer": "好"}).status_code == 403


def test_the_packet_links_every_number(site: Site) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "120.05")
    answer = site.client("deputy").get("/exceptions/packet.docx")
    assert answer.status_code == 200
    document = Document(io.BytesIO(answer.content))
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"] == ["失守的承诺", "市农业农村局"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        words = file.read("word/document.xml").decode()
        targets = file.read("word/_rels/document.xml.rels").decode()
    assert f"http://testserver/promises/{number}/" in targets
    assert "120.05 亩" in words and "879.95 亩" in words
    assert words.count("<w:hyperlink") == 6


def test_broken_promises_come_first(site: Site) -> None:
    from dataclasses import replace

    from sizhang.web.rows import Light

    site.open("甲")
    site.open("乙")
    rows = rows_of_year(site.store, 2026)
    lit = [rows[0], replace(rows[1], light=Light("broken"))]
    from datetime import date

    packet = make_packet(lit, "青禾市", date(2026, 7, 1), lambda number: f"https://example.org/{number}")
    assert [line.title for line in packet.parts[0][1]] == ["乙"]
    assert [line.title for line in packet.parts[1][1]] == ["乙", "甲"]
    assert "失守 1 项" in packet.told


@pytest.mark.skipif(importlib.util.find_spec("typst") is None, reason="Typst is not installed")
@pytest.mark.skipif(not has_font(), reason="the machine has no Noto Serif CJK SC")
def test_the_pdf_has_the_same_text_and_links(site: Site) -> None:
    import pypdfium2

    number = site.open("新建高标准农田 #link <b> $x$")
    site.claim(number, "120.05")
    answer = site.client("leader").get("/exceptions/packet.pdf")
    assert answer.status_code == 200
    document = pypdfium2.PdfDocument(answer.content)
    words = document[0].get_textpage().get_text_bounded()
    for told in ("失守的承诺", "市农业农村局", "120.05 亩", "#link <b> $x$"):
        assert told in words, told
    assert f"http://testserver/promises/{number}/".encode() in answer.content
