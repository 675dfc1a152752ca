"""Claims pasted for many, errands on their clocks, and the page of today."""

from __future__ import annotations

import io
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sites import FARMING, HOUSING, Site, fields_of
from sizhang.app.import_claims import parse_day

DAY = date.today().isoformat()


def text_of(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def test_a_pasted_table_is_previewed_then_booked_once(site: Site) -> None:
    one, two = site.open("新建高标准农田"), site.open("改造梯田")
    text = f"编号\t数量\t日期\t说明\n{one}\t1.5百\t{DAY}\t东坡\n{two}\t40\t{DAY}\t\n{two}\t40\t{DAY}\t\n"
    text = text.replace("1.5百", "150")
    client = site.client("reporter")
    before = site.entries()
    assert "3 行都对" in text_of(client.post("/claims/", {"text": text, "rehearse": "1"}))
    assert site.entries() == before
    assert client.post("/claims/", {"text": text}).status_code == 302
    assert (site.standing(one)[1], site.standing(two)[1]) == (15_000, 8_000), "two equal rows are two claims"
    assert client.post("/claims/", {"text": text}).status_code == 302
    assert site.entries() == before + 3, "the same table again books nothing"


def test_each_faulty_cell_is_marked_and_nothing_is_booked(site: Site) -> None:
    own, foreign = site.open("新建高标准农田"), site.open("改造小区", "20", "个", HOUSING)
    lines = [
        "编号\t数量\t日期",
        f"{own}\t10\t{DAY}",
        f"{foreign}\t1\t{DAY}",
        f"{own}\t很多\t{DAY}",
        f"{own}\t1\t2026-02-30",
        f"2026-999\t1\t{DAY}",
    ]
    before = site.entries()
    answer = site.client("reporter").post("/claims/", {"text": "\n".join(lines)})
    assert answer.status_code == 422
    page = text_of(answer)
    assert page.count('class="wrong"') == 4
    assert "不是市农业农村局的承诺" in page
    assert site.entries() == before
    assert "2026-02-30" in fields_of(answer)["text"], "what was pasted is still there to be mended"


def test_a_row_that_the_ledger_refuses_is_marked_and_nothing_is_booked(site: Site) -> None:
    number = site.open("新建高标准农田", "100")
    text = f"编号\t数量\t日期\n{number}\t60\t{DAY}\n{number}\t60\t{DAY}\n"
    before = site.entries()
    answer = site.client("reporter").post("/claims/", {"text": text})
    assert answer.status_code == 422
    assert "1 处不对" in text_of(answer)
    assert site.entries() == before
    assert site.standing(number) == (10_000, 0, 0, 0)


def test_a_workbook_and_a_csv_are_read_as_they_are(site: Site) -> None:
    import xlsxwriter

    number = site.open("新建高标准农田")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([["编号", "数量", "日期", "批次"], [number, 12.35, DAY, ""]]):
            sheet.write_row(line, 0, row)
    client = site.client("reporter")
    assert client.post("/claims/", {"file": SimpleUploadedFile("账.xlsx", out.getvalue())}).status_code == 302
    csv = f"编号,数量,日期,批次\n{number},2,{DAY},甲地;乙地\n".encode("gb18030")
    assert client.post("/claims/", {"file": SimpleUploadedFile("账.csv", csv)}).status_code == 302
    assert site.standing(number)[1] == 1_435
    assert site.store.rows("SELECT identity FROM lot ORDER BY identity") == [("乙地",), ("甲地",)]


@pytest.mark.parametrize(
    ("given", "told"),
    [({"text": ""}, "没有一行数据"), ({"text": "编号\t日期\n1\t2\n"}, "表头缺少：数量"), ({"file": b"\x00\xff\x00\xfe\x80"}, "没有")],
)
def test_what_is_no_table_is_told(site: Site, given: dict[str, object], told: str) -> None:
    if isinstance(given.get("file"), bytes):
        given = {"file": SimpleUploadedFile("x.xlsx", given["file"])}  # type: ignore[arg-type]
    answer = site.client("reporter").post("/claims/", given)
    assert answer.status_code == 422
    assert told in text_of(answer)


@pytest.mark.parametrize("text", ["2026-07-08", "2026/7/8", "2026.7.8", "2026年7月8日", "2026-07-08 00:00:00"])
def test_days_as_spreadsheets_write_them(text: str) -> None:
    assert parse_day(text) == date(2026, 7, 8)


def test_an_errand_runs_on_its_clock(site: Site) -> None:
    office, reporter = site.client("office"), site.client("reporter")
    given = {"title": "查清东坡道路未修的原因", "body": FARMING, "source": "meeting"}
    address = office.post("/errands/", given)["Location"]
    assert "查清东坡道路未修的原因" in text_of(reporter.get("/today/"))
    assert "查清东坡道路未修的原因" not in text_of(site.client("other").get("/today/"))
    assert site.client("other").get(address).status_code == 403
    node = fields_of(reporter.get(address))["node"]
    bad = reporter.post(address, {"kind": "answer", "node": node, "text": "知道了"})
    assert bad.status_code == 422, "the answer lacks who is responsible"
    assert "知道了" in text_of(bad)
    assert reporter.post(address, {"kind": "answer", "node": node, "text": "责任人：张科\n措施：现场查"}).status_code == 302
    assert reporter.post(address, {"kind": "close", "grade": "优秀"}).status_code == 403
    assert office.post(address, {"kind": "close", "grade": "优秀"}).status_code == 422, "none is left over"
    for answer in ("进展：查了两处\n问题：没有", "结果：十月修完\n佐证：照片"):
        node = fields_of(reporter.get(address))["node"]
        assert reporter.post(address, {"kind": "answer", "node": node, "text": answer}).status_code == 302
    assert office.post(address, {"kind": "close", "grade": "优秀"}).status_code == 302
    assert "优秀" in text_of(office.get("/errands/"))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_out_of_reach_is_refused_before_it_is_kept(site: Site, day: str) -> None:
    from sizhang.app.errand import ErrandOrder, open_errand
    from sizhang.core.errors import LedgerError

    with pytest.raises(LedgerError, match="1949"):
        open_errand(site.store, ErrandOrder("查清原因", FARMING, "meeting", date.fromisoformat(day), by="督查一"))
    office = site.client("office")
    assert office.get("/errands/").status_code == 200
    number = site.open("新建高标准农田")
    refused = site.client("reporter").post(f"/ledger/{number}/claim/", {"number": "1", "on": day})
    assert refused.status_code == 422


def test_the_office_sees_objections_first(site: Site) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "100")
    site.verify(number, "100")
    assert site.client("deputy").post(f"/notices/{number}/objections/", {"text": "东坡没有修路"}).status_code == 302
    page = text_of(site.client("office").get("/today/"))
    assert page.index("等待答复的异议") < page.index("可以销账")
