"""A report from its upload to the accounts: reading, the review of two, and the opening of all that was accepted."""

from __future__ import annotations

import time
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sites import HOUSING, Site, fields_of
from sizhang.web.models import Account, Decision, Draft, Upload
from sizhang.web.reviewing import read_upload

REPORT = (
    "清溪市2026年政府工作报告\n\n二、2026年工作安排\n\n（一）新建高标准农田3万亩，改造老旧小区20个。\n\n"
    "（二）确保粮食总产稳定在24亿斤以上；推进县级医院能力提升，建成公园8处。\n"
)


def send(client: Client, content: bytes, name: str = "报告.txt") -> int:
    """Upload a file and wait until it has been read."""
    answer = client.post("/uploads/", {"file": SimpleUploadedFile(name, content), "year": "2026", "body": HOUSING})
    assert answer.status_code == 302, answer.content.decode()
    upload = int(answer["Location"].strip("/").split("/")[-1])
    until = time.monotonic() + 60
    while Upload.objects.get(pk=upload).state in ("waiting", "text", "reading"):
        assert time.monotonic() < until, "not read within a minute"
        time.sleep(0.2)
    return upload


def decide(client: Client, upload: int, number: int, decision: str, **changed: str) -> int:
    """Decide on a draft with the fields as the page shows them, but for what is changed."""
    address = f"/uploads/{upload}/drafts/{number}/"
    return client.post(address, {**fields_of(client.get(address)), "decision": decision, **changed}).status_code


@pytest.fixture
def read(site: Site, tmp_path: Path) -> tuple[Site, int]:
    """An upload that has been read, in this process."""
    path = tmp_path / "报告.txt"
    path.write_text(REPORT, "utf-8")
    upload = Upload.objects.create(name=path.name, year=2026, body=HOUSING, made_by=Account.objects.get(username="office"))
    read_upload(upload, path)
    return site, upload.pk


def test_a_report_goes_from_its_file_to_accounts_that_quote_it(site: Site) -> None:
    office = site.client("office")
    upload = send(office, REPORT.encode())
    drafts = {draft.number: draft for draft in Draft.objects.filter(upload=upload)}
    assert len(drafts) == 5
    assert office.post(f"/uploads/{upload}/open/").status_code == 422, "undecided drafts must not be opened"
    assert decide(office, upload, 1, "accept") == 302
    assert decide(office, upload, 2, "reject") == 302
    assert decide(office, upload, 3, "accept", deadline="2026-10") == 302
    assert decide(office, upload, 4, "merge", joins="5") == 302
    assert decide(office, upload, 5, "accept", body="市农业农村局") == 302
    assert Decision.objects.get(draft=drafts[3]).decision == "edit"
    before = site.entries()
    assert "尚未入账" in office.post(f"/uploads/{upload}/open/", {"rehearse": "1"}).content.decode()
    assert site.entries() == before
    assert office.post(f"/uploads/{upload}/open/").status_code == 302
    titles = site.store.rows("SELECT p.title, p.deadline, b.name FROM promise p JOIN body b ON b.id = p.body_id ORDER BY p.number")
    assert ("新建高标准农田3万亩", "", HOUSING) in titles
    assert ("推进县级医院能力提升，建成公园8处", "", "市农业农村局") in titles
    assert any(title.startswith("确保粮食") and deadline == "2026-10" for title, deadline, _body in titles)
    assert not any("老旧小区" in title for title, *_ in titles)
    assert office.post(f"/uploads/{upload}/open/").status_code == 404, "opened once"


def test_two_reviewers_who_differ_must_agree_first(read: tuple[Site, int]) -> None:
    site, upload = read
    first, second = site.client("office"), site.client("office2")
    for number in range(1, 6):
        assert decide(first, upload, number, "accept") == 302
    assert decide(second, upload, 2, "reject") == 302
    page = second.get(f"/uploads/{upload}/").content.decode()
    assert "意见不同" in page
    assert first.post(f"/uploads/{upload}/open/").status_code == 422
    assert second.post(f"/uploads/{upload}/drafts/2/", {"decision": "adopt", "reviewer": "office"}).status_code == 302
    assert first.post(f"/uploads/{upload}/open/").status_code == 302
    assert site.store.rows("SELECT COUNT(*) FROM promise WHERE parent_id IS NULL")[0][0] == 5


@pytest.mark.parametrize(
    ("decision", "changed", "told"),
    [
        ("split", {"parts": "新建高标准农田3万亩"}, "拆分至少要两行"),
        ("split", {"parts": "新建高标准农田\n别的话"}, "不在本行原文之中"),
        ("accept", {"deadline": "明年"}, "写法不对"),
        ("accept", {"text": "报告里没有的话"}, "找不到"),
        ("", {}, "没有选决定"),
    ],
)
def test_a_faulty_decision_is_told_and_not_kept(read: tuple[Site, int], decision: str, changed: dict[str, str], told: str) -> None:
    site, upload = read
    client = site.client("office")
    address = f"/uploads/{upload}/drafts/1/"
    answer = client.post(address, {**fields_of(client.get(address)), "decision": decision, **changed})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("报告.docx", b"\x7fELF\x02\x01\x01" + b"\0" * 60), ("报告.txt", b"")])
def test_a_file_that_is_no_report_is_refused_before_it_is_kept(site: Site, name: str, content: bytes) -> None:
    answer = site.client("office").post("/uploads/", {"file": SimpleUploadedFile(name, content), "year": "2026", "body": HOUSING})
    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_a_damaged_file_fails_with_its_reason(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "报告.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing of a PDF")
    upload = Upload.objects.create(name=path.name, year=2026, body=HOUSING, made_by=Account.objects.get(username="office"))
    read_upload(upload, path)
    assert upload.state == "failed"
    assert upload.fault
    assert not path.exists()
    assert upload.fault in unescape(site.client("office").get(f"/uploads/{upload.pk}/").content.decode())


def test_only_the_office_reviews(site: Site) -> None:
    for username in ("reporter", "verifier", "leader", "deputy", "admin"):
        assert site.client(username).post("/uploads/", {"year": "2026", "body": HOUSING}).status_code == 403
