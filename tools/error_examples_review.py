"""The review sheets of `examples/errors`: sheets that a reviewer, or a spreadsheet program, has spoiled."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sizhang.core.promise import DraftPromise, Target
from sizhang.intake.output.sheet import COLUMNS, HEADERS, SHEET_NAME, make_id, pack_promise, render_cells

TEXT: Final = "今年建设十件实事。新建公园12个以上，改造老旧小区30个，新增就业2万人。"
_PARK: Final = "新建公园12个以上"
# One change a row, in the order of the sheet; the first number is row 2.
CHANGES: Final[tuple[dict[str, str], ...]] = (
    {"original": ""},
    {"id": "p1-2"},
    {"decision": "也许"},
    {"decision": "edit", "kind": "数量"},
    {"decision": "edit", "domain": "公园"},
    {"decision": "edit", "strength": "一定"},
    {"decision": "edit", "deadline": "年底"},
    {"decision": "edit", "text": "新建花园12个以上"},
    {"decision": "accept", "deadline": "2026-06"},
    {"deadline": "2026-06"},
    {"decision": "edit"},
    {"decision": "split", "parts": "新建公园"},
    {"decision": "split", "parts": "新建公园\n改造小区"},
    {"decision": "merge", "parts": "99"},
    {"decision": "edit", "targets": "12个以上"},
    {"decision": "edit", "targets": "13个｜>= 13 个｜amount｜公园"},
    {"decision": "edit", "targets": "12个以上｜不少于12个｜amount｜公园"},
    {"decision": "edit", "targets": "12个以上｜range 12 个｜amount｜公园"},
    {"decision": "edit", "targets": "12个以上｜range 15~12 个｜amount｜公园"},
    {"decision": "edit", "targets": "12个以上｜>= 12 个｜总数｜公园"},
)


def make_promise(shift: int) -> DraftPromise:
    """The park promise as if it stood `shift` characters later, so that each row has a name of its own."""
    start = TEXT.index(_PARK) + shift
    target = Target(start + 4, start + 9, "12个以上", Decimal(12), "个", ">=", "amount", "公园")
    return DraftPromise(start, start + len(_PARK), _PARK, "quantity", "urban", "plan", None, (target,), (), 0.9)


def make_rows(count: int) -> list[dict[str, str]]:
    """As many rows of a sound sheet."""
    rows = []
    for number in range(count):
        promise = make_promise(100 * number)
        text = " " * (100 * number) + TEXT
        own = {"number": str(number + 1), "id": make_id(promise), "original": pack_promise(promise, text)}
        rows.append(dict.fromkeys(COLUMNS, "") | render_cells(promise) | own)
    return rows


def make_sheet(rows: list[dict[str, str]], *, name: str = SHEET_NAME, leave_out: str = "", far_cell: bool = False) -> bytes:
    """A workbook of these rows, the same at each call."""
    import xlsxwriter

    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1)})
    sheet = book.add_worksheet(name)
    columns = [column for column in COLUMNS if column != leave_out]
    for row, cells in enumerate([HEADERS, *rows]):
        for place, column in enumerate(columns):
            sheet.write_string(row, place, cells[column])
    if far_cell:
        sheet.write_string(1_048_575, 16_383, "x")
    book.close()
    return out.getvalue()


def make_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        for name, size in (("xl/workbook.xml", 1), ("xl/media/image1.bin", 210_000_000)):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_BZIP2
            archive.writestr(info, bytes(size))
    return out.getvalue()


def make_review_files() -> dict[str, bytes]:
    """A sound sheet for comparison, and the spoiled ones."""
    sound = make_sheet(make_rows(2))
    spoiled = [row | change for row, change in zip(make_rows(len(CHANGES)), CHANGES, strict=True)]
    copied = make_rows(2)
    return {
        "review-sound.xlsx": sound,
        "review-rows.xlsx": make_sheet([*spoiled, *copied[1:], copied[1]]),
        "review-other-reading.xlsx": make_sheet(make_rows(3)),
        "review-no-sheet.xlsx": make_sheet(make_rows(2), name="Sheet1"),
        "review-no-column.xlsx": make_sheet(make_rows(2), leave_out="decision"),
        "review-far-cell.xlsx": make_sheet(make_rows(2), far_cell=True),
        "review-cut.xlsx": sound[: len(sound) // 2],
        "review-bomb.xlsx": make_bomb(),
    }
