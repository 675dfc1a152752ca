"""Small tables that people hand in: lots, and the parts of a promise. CSV, in UTF-8 or GB18030, with or without a heading."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from sizhang.app.order import NamedLot
from sizhang.core.errors import InputError, LedgerError, Words, listed, reason_of
from sizhang.core.quantity import parse_number

_IDENTITY: Final = frozenset({"lot", "lots", "id", "identity", "lot_id", "name", "批", "批次", "编号", "标识", "名称", "地块", "对象"})
_NUMBER: Final = frozenset({"number", "quantity", "amount", "steps", "count", "qty", "数量", "面积", "数", "数额"})
_BODY: Final = frozenset({"body", "单位", "牵头单位", "责任单位", "县区", "地区"})
_PLACE: Final = frozenset({"place", "code", "代码", "区划代码"})
_FAULTS_SHOWN: Final = 10
_ONE_ROW_EACH: Final = Words("请每项写一行。", "Give one row for each.")
_SHARE: Final = frozenset({"share", "weight", "比例", "份额", "权重"})


class Part(NamedTuple):
    """A row of a table of parts: a body or a place's code, with its number or its share."""

    body: str
    place: str
    number: Decimal | None
    share: Decimal | None


def load_lots(path: Path) -> tuple[NamedLot, ...]:
    """The lots of a file, one a row: the identity, and where there is a column for it, the number that the lot counts.

    Raises:
        InputError: the file cannot be read or holds no lot, or a row has no identity or no number where others have; all are named.
    """
    rows = _rows(path)
    columns = _columns(rows[0][1], (_IDENTITY, _NUMBER))
    if columns is None:
        numbered = len(rows) > 1 and all(len(row) > 1 and _is_number(row[1]) for _, row in rows[1:])
        if numbered and not (len(rows[0][1]) > 1 and _is_number(rows[0][1][1])):
            # A heading in words of its own above a column of numbers.
            rows = rows[1:]
        columns = (0, 1 if len(rows[0][1]) > 1 and _is_number(rows[0][1][1]) else None)
    else:
        rows = rows[1:]
    at_identity, at_number = columns
    out, faults = [], []
    for line, row in rows:
        identity = _cell(row, at_identity or 0)
        number = _cell(row, at_number) if at_number is not None else ""
        if not identity:
            faults.append(Words(f"第 {line} 行没有编号", f"row {line} has no identity"))
        elif at_number is not None and number and not _is_number(number):
            faults.append(Words(f"第 {line} 行的数量是“{number}”", f"row {line} has “{number}” for a number"))
        else:
            out.append(NamedLot(identity, parse_number(number)[0] if number else None))
    _refuse(path, faults, out, Words("批次", "lot"))
    return tuple(out)


def load_parts(path: Path) -> tuple[Part, ...]:
    """The parts of a file, one a row: a body or a place, and a number or a share. Without a heading: body, number.

    Raises:
        InputError: the file cannot be read or holds no part, or a row is faulty; all are named.
    """
    rows = _rows(path)
    columns = _columns(rows[0][1], (_BODY | {"name", "名称"}, _PLACE, _NUMBER, _SHARE))
    if columns is None:
        columns = (0, None, 1, None)
    else:
        rows = rows[1:]
    out, faults = [], []
    for line, row in rows:
        body, place, number, share = ("" if column is None else _cell(row, column) for column in columns)
        if not body and not place:
            faults.append(Words(f"第 {line} 行没有写单位或区划代码", f"row {line} names neither a body nor a place"))
        elif not all(_is_number(text) for text in (number, share) if text):
            faults.append(Words(f"第 {line} 行的“{number or share}”不是数", f"row {line} has no number: “{number or share}”"))
        else:
            out.append(Part(body, place, parse_number(number)[0] if number else None, parse_number(share)[0] if share else None))
    _refuse(path, faults, out, Words("部分", "part"))
    return tuple(out)


def load_periods(path: Path) -> tuple[tuple[str, Decimal], ...]:
    """The rows of a plan's table: a period as it is typed, and its number or weight; a heading is left out.

    Raises:
        InputError: the file cannot be read, or a row has no number; all are named.
    """
    rows = _rows(path)
    if not _is_number(_cell(rows[0][1], 1)):
        rows = rows[1:]
    faults = [
        Words(f"第 {line} 行的“{_cell(row, 1)}”不是数", f"row {line} has no number: “{_cell(row, 1)}”")
        for line, row in rows
        if not _is_number(_cell(row, 1))
    ]
    out = tuple((row[0], parse_number(row[1])[0]) for _, row in rows if _is_number(_cell(row, 1)))
    _refuse(path, faults, out, Words("期", "period"))
    return out


def unreadable(path: Path, fault: OSError) -> InputError:
    """The machine does not give the file."""
    reason = reason_of(fault)
    return InputError(
        Words(f"表格读不了：{reason.zh}。", f"The table cannot be read: {reason.en}."),
        where=str(path),
        remedy=Words("请核对文件名。", "Check the file's name."),
    )


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers from 1."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise unreadable(path, fault) from fault
    if content.startswith(b"PK\x03\x04"):
        raise InputError(
            Words("这是 Excel 工作簿，不是 CSV。", "The table is a workbook, not CSV."),
            where=str(path),
            remedy=Words("请在表格软件里另存为 CSV。", "Save it as CSV in the spreadsheet program."),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as fault:
            raise InputError(
                Words("表格既不是 UTF-8，也不是 GB18030 编码。", "The table is neither UTF-8 nor GB18030."),
                where=str(path),
                remedy=Words("请另存为 UTF-8 编码的 CSV。", "Save it as CSV in UTF-8."),
            ) from fault
    rows = [(line, [cell.strip() for cell in row]) for line, row in enumerate(csv.reader(text.splitlines()), start=1)]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise InputError(Words("表格是空的。", "The table is empty."), where=str(path), remedy=_ONE_ROW_EACH)
    return rows


def _columns(first: list[str], wanted: Sequence[frozenset[str]]) -> tuple[int | None, ...] | None:
    """Where each wanted column stands; None where the first row is no heading."""
    names = [cell.lower() for cell in first]
    found = tuple(
        next((place for place, name in enumerate(names) if name in words or (words is _IDENTITY and name.endswith("_id"))), None)
        for words in wanted
    )
    if all(place is None for place in found) or any(_is_number(cell) for cell in first):
        return None
    return found


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _is_number(text: str) -> bool:
    try:
        return not parse_number(text)[1]
    except LedgerError:
        return False


def _refuse(path: Path, faults: list[Words], kept: Sequence[object], what: Words) -> None:
    if faults:
        told = listed(faults, _FAULTS_SHOWN)
        raise InputError(
            Words(f"{len(faults)} 行有错：{told.zh}。", f"{len(faults)} rows are faulty: {told.en}."),
            where=str(path),
            remedy=Words("没有入账，请改正后重试。", "Mend them; nothing was booked."),
        )
    if not kept:
        raise InputError(
            Words(f"表格只有表头，没有{what.zh}。", f"The table has a heading and no {what.en}."), where=str(path), remedy=_ONE_ROW_EACH
        )
