"""What a reading is written as, and the review sheet on its way back."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sizhang.cli.review import review
from sizhang.core.errors import InputError
from sizhang.core.promise import DraftPromise, Target
from sizhang.intake.document import document_of_lines
from sizhang.intake.output import write_csv, write_html, write_jsonl, write_table, write_xlsx
from sizhang.intake.output.review import ReviewError, merge_reviews, read_review
from sizhang.intake.output.sheet import COLUMNS, HEADERS, SHEET_NAME
from sizhang.intake.reading import Reading
from sizhang.intake.sections import Section

TEXT = "去年造林3万亩。\n今年安排\n造林10万亩以上，财政收入增长4.5%—5%。\n推动清河水库\n开工，<b>加强</b>监测。\n谢谢大家"


def make_target(text: str, value: str, unit: str, **more: Any) -> Target:
    start = TEXT.index(text)
    whole: dict[str, Any] = {"op": ">=", "basis": "amount", "object": "造林"} | more
    return Target(start, start + len(text), text, Decimal(value), unit, **whole)


def make_promise(text: str, kind: Any = "action", targets: tuple[Target, ...] = (), confidence: float = 0.9, **more: Any) -> DraftPromise:
    start = TEXT.index(text)
    whole: dict[str, Any] = {"domain": "ecology", "strength": "plan", "deadline": None, "missing": ()} | more
    return DraftPromise(start, start + len(text), text, kind, targets=targets, confidence=confidence, **whole)


@pytest.fixture
def reading() -> Reading:
    growth = make_target("4.5%—5%", "4.5", "%", op="range", basis="increase", object="财政收入", value_max=Decimal("5.0"))
    promises = (
        make_promise("造林10万亩以上", "quantity", (make_target("10万亩以上", "1E+5", "亩"),)),
        make_promise("财政收入增长4.5%—5%", "quantity", (growth,), domain="economy", strength="ensure", deadline="2026-06"),
        make_promise("推动清河水库\n开工", "milestone", domain="urban"),
        make_promise("<b>加强</b>监测", confidence=0.4, missing=("number", "object")),
    )
    sections = (Section(1, 1, "review"), Section(2, 5, "plan"), Section(6, 6, "other"))
    return Reading(document_of_lines(TEXT, "report.txt"), 2026, sections, promises)


def edit_sheet(content: bytes, path: Path, changes: dict[tuple[int, str], str]) -> Path:
    """Write the sheet again, as a spreadsheet program would, with `changes` by (row, column)."""
    from python_calamine import CalamineWorkbook
    from xlsxwriter import Workbook

    grid = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(SHEET_NAME).to_python(skip_empty_area=False)
    with Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(SHEET_NAME)
        for row, line in enumerate(grid, start=1):
            for column, cell in enumerate(line):
                name = COLUMNS[column]
                sheet.write_string(row - 1, column, changes.get((row, name), str(cell)))
    return path


def fault_reasons(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(ReviewError) as caught:
        read_review(path)
    return [(fault.row, fault.reason.zh) for fault in caught.value.faults]


def test_jsonl_is_the_guides_file_form(reading: Reading) -> None:
    lines = write_jsonl(reading).splitlines()
    assert len(lines) == 4
    assert lines[0] == (
        '{"start": 14, "end": 22, "text": "造林10万亩以上", "kind": "quantity", "domain": "ecology", "strength": "plan", "deadline": null, '
        '"targets": [{"text": "10万亩以上", "value": 100000, "unit": "亩", "op": ">=", "basis": "amount", "object": "造林"}]}'
    )
    ranged = json.loads(lines[1])["targets"][0]
    assert (ranged["value"], ranged["value_max"], list(ranged)[:3]) == (4.5, 5, ["text", "value", "value_max"])


def test_jsonl_keeps_every_digit_of_an_exact_number(reading: Reading) -> None:
    exact = replace(reading.promises[0].targets[0], value=Decimal("12345678901234567890.123456789"))
    written = write_jsonl(replace(reading, promises=(replace(reading.promises[0], targets=(exact,)),)))
    assert '"value": 12345678901234567890.123456789,' in written


def test_no_promises_is_no_lines_and_a_page_all_the_same(reading: Reading) -> None:
    empty = replace(reading, promises=())
    assert write_jsonl(empty) == ""
    assert "承诺 0" in write_table(empty)
    assert "<mark" not in write_html(empty)


def test_csv_has_a_row_a_promise_and_no_formula(reading: Reading) -> None:
    risky = replace(reading.promises[0], text="=HYPERLINK(1)", targets=())
    rows = list(csv.DictReader(io.StringIO(write_csv(replace(reading, promises=(risky, *reading.promises[1:]))).lstrip("\ufeff"))))
    assert len(rows) == 4
    assert rows[0]["text"] == "'=HYPERLINK(1)"
    assert rows[1]["targets"] == "4.5%—5%|range|4.5~5|%|increase|财政收入"
    assert (rows[2]["line"], rows[2]["text"]) == ("4", "推动清河水库开工")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_csv_neutralises_each_start_of_a_formula(reading: Reading, start: str) -> None:
    risky = replace(reading.promises[0], text=f"{start}1")
    assert f",'{start}1," in write_csv(replace(reading, promises=(risky,)))


def test_table_counts_by_domain_and_shows_square_brackets_as_they_are(reading: Reading) -> None:
    odd = replace(reading.promises[3], text="推进[red]工作[/red]")
    table = write_table(replace(reading, promises=(*reading.promises[:3], odd)))
    assert re.search(r"生态 ecology\s+1\s+·\s+·\s+1\s+2", table)
    assert "[red]" in table
    assert "≥ 100,000 亩" in table
    assert "存疑 1" in table


def test_page_is_self_contained_and_escaped(reading: Reading) -> None:
    page = write_html(reading)
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)|url\(|@import|fetch\(|https?:""", page)
    assert "<b>加强" not in page
    assert "&lt;b&gt;加强&lt;/b&gt;监测" in page
    assert "default-src 'none'" in page
    assert "{{" not in page


def test_page_leaves_braces_and_scripts_of_a_report_as_words(reading: Reading) -> None:
    text = "{{script}}</script><script>alert(1)</script>\n" + TEXT
    page = write_html(replace(reading, document=document_of_lines(text, "<i>.txt"), promises=()))
    assert "{{script}}&lt;/script&gt;&lt;script&gt;" in page
    assert page.count("<script") == 1
    assert "<i>.txt" not in page


def test_page_marks_kinds_numbers_sections_and_doubts(reading: Reading) -> None:
    page = write_html(reading)
    assert re.search(r'<mark id="p1" class="quantity"[^>]*>造林<span class="n" tabindex="0" data-zh="造林\n≥ 100,000 亩 · 交付量"', page)
    assert re.search(r'id="p3" class="milestone"[^>]*>推动清河水库</mark></p><p><mark class="milestone" data-p="3"[^>]*>开工</mark>', page)
    assert [re.search(f'<section id="s{n}" class="{name}">', page) is None for n, name in ((1, "review"), (2, "plan"), (3, "other"))] == [
        False
    ] * 3
    assert 'data-doubtful="1"' in page
    assert "缺数字、对象" in page


def test_page_shows_every_character_of_the_report_outside_blank_lines(reading: Reading) -> None:
    from html import unescape

    body = write_html(reading).split('<article id="report">')[1].split("</article>")[0]
    body = re.sub(r'<h2>.*?</h2>|<span class="(?:say|flag)".*?</span>', "", body, flags=re.DOTALL)
    lines = [unescape(re.sub(r"<[^>]+>", "", line)) for line in re.findall(r"<p[^>]*>(.*?)</p>", body, flags=re.DOTALL)]
    assert lines == TEXT.split("\n")


def test_sheet_unchanged_comes_back_undecided_and_equal(reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(write_xlsx(reading))
    rows = read_review(path)
    assert tuple(row.promise for row in rows) == reading.promises
    assert {row.decision for row in rows} == {None}
    assert [row.row for row in rows] == [2, 3, 4, 5]


def test_each_decision_is_read(reading: Reading, tmp_path: Path) -> None:
    changes = {
        (2, "decision"): "修改 edit",
        (2, "targets"): "10万亩以上｜>= 100000 亩｜level｜造林面积",
        (3, "decision"): "拆分",
        (3, "parts"): "财政收入\n增长4.5%—5%",
        (4, "decision"): "reject",
        (5, "decision"): "合并 merge",
        (5, "parts"): "3",
    }
    rows = read_review(edit_sheet(write_xlsx(reading), tmp_path / "s.xlsx", changes))
    assert [row.decision for row in rows] == ["edit", "split", "reject", "merge"]
    old = reading.promises[0].targets[0]
    assert rows[0].promise.targets == (replace(old, basis="level", object="造林面积"),)
    assert rows[1].parts == ("财政收入", "增长4.5%—5%")
    assert rows[3].joins == rows[2].id


def test_an_edited_span_is_found_again_in_the_report(reading: Reading, tmp_path: Path) -> None:
    changes = {(4, "decision"): "修改 edit", (4, "text"): "清河水库\n开工"}
    promise = read_review(edit_sheet(write_xlsx(reading), tmp_path / "s.xlsx", changes))[2].promise
    assert TEXT[promise.start : promise.end] == promise.text == "清河水库\n开工"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"decision": "也许"}, "不在单内"),
        ({"decision": "接受 accept", "kind": "action"}, "却改了类型"),
        ({"kind": "action"}, "却没有决定"),
        ({"decision": "修改 edit"}, "没有改动"),
        ({"decision": "修改 edit", "kind": "dream"}, "“dream”不在单内"),
        ({"decision": "修改 edit", "domain": "sea"}, "“sea”不在单内"),
        ({"decision": "修改 edit", "deadline": "2026-13"}, "“2026-13”写法不对"),
        ({"decision": "修改 edit", "text": "种树一百万亩"}, "找不到"),
        ({"decision": "修改 edit", "text": ""}, "找不到"),
        ({"decision": "修改 edit", "targets": "10万亩以上｜>= 100000 亩｜level"}, "应有 4 段，这里有 3 段"),
        ({"decision": "修改 edit", "targets": "20万亩｜= 200000 亩｜level｜造林"}, "不在本行承诺之中"),
        ({"decision": "修改 edit", "targets": "10万亩｜about 100000 亩｜level｜造林"}, "读不出条件和数值"),
        ({"decision": "修改 edit", "targets": "10万亩｜range 100000 亩｜level｜造林"}, "区间写法不对"),
        ({"decision": "修改 edit", "targets": "10万亩｜range 9~8 亩｜level｜造林"}, "上限 8 小于下限 9"),
        ({"decision": "修改 edit", "targets": "10万亩｜= 100000 亩｜wish｜造林"}, "口径“wish”"),
        ({"decision": "拆分 split", "parts": "造林"}, "至少要两行，这里有 1 行"),
        ({"decision": "拆分 split", "parts": "造林\n种草"}, "“种草”不在本行原文之中"),
        ({"decision": "合并 merge", "parts": "1"}, "不是另一行的序号"),
        ({"decision": "合并 merge", "parts": "99"}, "序号“99”"),
        ({"id": "p0-1"}, "隐藏列 id"),
        ({"original": ""}, "隐藏列已被改动"),
        ({"original": '{"window": 1}'}, "隐藏列已被改动"),
    ],
)
def test_a_faulty_row_is_named_with_its_reason(reading: Reading, tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    path = edit_sheet(write_xlsx(reading), tmp_path / "s.xlsx", {(2, name): cell for name, cell in changes.items()})
    reasons = fault_reasons(path)
    assert {row for row, _ in reasons} == {2}
    assert reason in " ".join(words for _, words in reasons)


def test_command_lists_all_faulty_rows_of_both_sheets_and_exits_2(reading: Reading, tmp_path: Path) -> None:
    first = edit_sheet(write_xlsx(reading), tmp_path / "a.xlsx", {(2, "decision"): "也许", (4, "decision"): "修改 edit"})
    second = edit_sheet(write_xlsx(reading), tmp_path / "b.xlsx", {(5, "decision"): "?"})
    result = CliRunner().invoke(review, [str(first), str(second)])
    assert result.exit_code == 2
    assert [f"第 {row} 行" in result.output for row in (2, 3, 4, 5)] == [True, False, True, True]


def test_two_reviewers_agree_and_differ(reading: Reading, tmp_path: Path) -> None:
    content = write_xlsx(reading)
    accept = {(row, "decision"): "接受 accept" for row in (2, 3, 4)}
    first = edit_sheet(content, tmp_path / "a.xlsx", accept)
    second = edit_sheet(content, tmp_path / "b.xlsx", accept | {(3, "decision"): "退回 reject", (5, "decision"): "接受 accept"})
    merged = merge_reviews(read_review(first), read_review(second))
    assert merged.agreement_share == 2 / 3
    assert [(one.first.row, one.columns) for one in merged.disagreements] == [(3, ("decision",))]
    assert [row.row for row in merged.undecided] == [5]
    result = CliRunner().invoke(review, [str(first), str(second)])
    assert result.exit_code == 0
    assert "66.7%" in result.output
    assert "接受 accept ≠ 退回 reject" in result.output


def test_two_edits_that_differ_are_a_disagreement_in_their_column(reading: Reading, tmp_path: Path) -> None:
    content = write_xlsx(reading)
    paths = [edit_sheet(content, tmp_path / f"{name}.xlsx", {(2, "decision"): "修改", (2, "domain"): name}) for name in ("rural", "urban")]
    merged = merge_reviews(*map(read_review, paths))
    assert merged.disagreements[0].columns == ("domain",)
    assert merged.agreement_share == 0


def test_sheets_of_different_readings_are_refused(reading: Reading, tmp_path: Path) -> None:
    for name, one in (("a", reading), ("b", replace(reading, promises=reading.promises[:2]))):
        (tmp_path / f"{name}.xlsx").write_bytes(write_xlsx(one))
    with pytest.raises(InputError, match="4 条与 2 条"):
        merge_reviews(read_review(tmp_path / "a.xlsx"), read_review(tmp_path / "b.xlsx"))
    result = CliRunner().invoke(review, [str(tmp_path / "a.xlsx"), str(tmp_path / "b.xlsx")])
    assert isinstance(result.exception, InputError)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", "承诺".encode()])
def test_what_is_no_workbook_is_refused_without_a_traceback(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(content)
    result = CliRunner().invoke(review, [str(path)])
    assert (result.exit_code, "s.xlsx" in result.output) == (2, True)
    assert isinstance(result.exception, SystemExit)


def test_missing_file_directory_and_missing_column_are_refused(reading: Reading, tmp_path: Path) -> None:
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(InputError, match="打不开"):
            read_review(path)
    path = edit_sheet(write_xlsx(reading), tmp_path / "s.xlsx", {(1, "decision"): "其他"})
    with pytest.raises(InputError, match=HEADERS["decision"]):
        read_review(path)


def test_a_sheet_with_a_cell_in_the_far_corner_is_refused(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    with Workbook(tmp_path / "s.xlsx") as book:
        sheet = book.add_worksheet(SHEET_NAME)
        sheet.write_string(0, 0, "序号")
        sheet.write_string(1_048_575, 16_383, "x")
    with pytest.raises(InputError, match="表太大：1048576 行 16384 列"):
        read_review(tmp_path / "s.xlsx")


def test_a_copied_row_is_a_fault(reading: Reading, tmp_path: Path) -> None:
    twice = replace(reading, promises=(*reading.promises, reading.promises[0]))
    path = tmp_path / "s.xlsx"
    path.write_bytes(write_xlsx(twice))
    assert fault_reasons(path) == [(6, "与第 2 行是同一条（p14-22）；请删去一行")]


def test_a_promise_too_long_for_a_cell_is_refused(reading: Reading) -> None:
    with pytest.raises(InputError, match="32767"):
        write_xlsx(replace(reading, promises=(replace(reading.promises[0], text="长" * 40000),)))
