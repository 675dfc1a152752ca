"""The review sheet: one row a draft promise, to accept, edit, split, merge or reject."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from sizhang.core.errors import InputError, Words
from sizhang.core.promise import DOMAINS, KINDS, STRENGTHS
from sizhang.intake.output.labels import MISSING_LABELS, get_label, is_doubtful
from sizhang.intake.output.sheet import (
    CELL_LENGTH_MAX,
    COLUMNS,
    DECISIONS,
    EDITABLE,
    HEADERS,
    HIDDEN,
    SHEET_NAME,
    clean_cell,
    make_id,
    pack_promise,
    render_cells,
)

if TYPE_CHECKING:
    from sizhang.core.promise import DraftPromise
    from sizhang.intake.reading import Reading

_WIDTHS: Final = {"number": 6, "text": 46, "targets": 40, "decision": 13, "parts": 26, "note": 26}
_HELP: Final = (
    "怎样核对 How to review",
    "每行一条承诺草稿。在“决定”一列选一项；没有决定的行留空。One row is one draft promise; choose a decision, or leave it empty.",
    "接受 accept：原样立账，不改任何格。Take it as it stands.",
    "修改 edit：直接改原文、类型、领域、力度、期限、指标各格。Change the cells themselves.",
    "拆分 split：在“拆为 / 并入”一格逐行写出各条的原文（至少两行）。Write the words of each part, one a line (at least two).",
    "合并 merge：在“拆为 / 并入”一格写要并入的那一行的序号。Write the number (No.) of the row that it joins.",
    "退回 reject：不是承诺。It is no commitment.",
    "指标一行一个：原文｜条件 数值 单位｜口径｜对象，如 10万亩以上｜>= 100000 亩｜amount｜国土绿化。One a line.",
    "区间 a range：4.5%—5%｜range 4.5~5 %｜increase｜地区生产总值。",
    "条件 comparators：>= > <= < ~ range =；口径 basis：amount level increase decrease。",
    "隐藏的两列请勿改动。Leave the two hidden columns alone.",
)


def write_xlsx(reading: Reading) -> bytes:
    """Write the review sheet of a reading.

    Returns:
        The workbook's bytes: the sheet to fill in, and a second one that says how.

    Raises:
        InputError: a promise is too long for one cell of a workbook (32,767 characters).
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        doubtful = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "font_color": "#b3261e"})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 6, "bg_color": "#f3f0e6"})
        sheet = book.add_worksheet(SHEET_NAME)
        _set_columns(sheet, head)
        for row, promise in enumerate(reading.promises, start=1):
            cells = _cells(row, promise, reading.document.text)
            for column, name in enumerate(COLUMNS):
                sheet.write_string(row, column, cells[name], doubtful if name == "confidence" and is_doubtful(promise) else plain)
        _set_choices(sheet, len(reading.promises))
        _write_help(book, head, plain)
    return out.getvalue()


def _set_columns(sheet: Any, head: Any) -> None:
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 12), None, {"hidden": name in HIDDEN})
        sheet.write_string(0, column, HEADERS[name], head)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _set_choices(sheet: Any, count: int) -> None:
    last = max(count, 1)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    choices = {"decision": list(DECISIONS.values()), "kind": list(KINDS), "domain": list(DOMAINS), "strength": list(STRENGTHS)}
    for name, words in choices.items():
        column = COLUMNS.index(name)
        rule: dict[str, Any] = {"validate": "list", "source": words, "error_title": "不在单内", "error_message": "请从单中选一项。"}
        sheet.data_validation(1, column, last, column, rule)


def _write_help(book: Any, head: Any, plain: Any) -> None:
    sheet = book.add_worksheet("说明 Help")
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(_HELP):
        sheet.write_string(row, 0, line, plain if row else head)


def _cells(number: int, promise: DraftPromise, text: str) -> dict[str, str]:
    cells = dict.fromkeys(COLUMNS, "") | render_cells(promise)
    cells["number"] = str(number)
    cells["missing"] = clean_cell(" ".join(get_label(MISSING_LABELS, one)[0] for one in promise.missing))
    cells["confidence"] = f"{promise.confidence:.2f}"
    cells["id"] = make_id(promise)
    cells["original"] = pack_promise(promise, text)
    if len(cells["original"]) > CELL_LENGTH_MAX:
        raise InputError(
            Words(
                f"这条承诺打包后有 {len(cells['original'])} 字符，一格最多 {CELL_LENGTH_MAX}。",
                f"The promise takes {len(cells['original'])} characters, one cell holds {CELL_LENGTH_MAX}.",
            ),
            remedy=Words("请改用 --format jsonl。", "Use --format jsonl."),
            where=f"第 {number} 条 promise {number}",
        )
    assert set(EDITABLE) < set(cells)
    return cells
