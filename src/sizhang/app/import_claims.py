"""Take claims in from a table, CSV or a workbook: all of them or none, each once however often the file comes.

A row without an id of its own gets one from its content, and from how many equal rows stand above it: so the same file taken in a second
time books nothing, and two equal rows of one file are two claims. A journal that `sizhang export --format csv` wrote comes in again as it
is, every verb of it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from sizhang.app.claim import claim
from sizhang.app.order import NamedLot, Order
from sizhang.app.tables import unreadable
from sizhang.core.errors import GIVE_OVER_ZERO, LANGUAGES, WRITE_DAY, InputError, LedgerError, SizhangError, Words
from sizhang.core.ledger import UNRECORDED, Entry, Stage
from sizhang.core.quantity import parse_number
from sizhang.store.connection import Store
from sizhang.store.exporting.csv import COLUMNS, original
from sizhang.store.writing import append

Progress = Callable[[int, int], None]
_NAMES: Final[dict[str, frozenset[str]]] = {
    "promise": frozenset({"promise", "number", "承诺", "承诺编号", "编号"}),
    "quantity": frozenset({"quantity", "amount", "数量", "完成数", "完成量"}),
    "unit": frozenset({"unit", "计量单位"}),
    "on": frozenset({"on", "date", "day", "日期", "业务日期"}),
    "by": frozenset({"by", "person", "经办", "经办人", "报送人"}),
    "body": frozenset({"body", "单位", "代表单位", "责任单位"}),
    "id": frozenset({"id", "client_id", "自定编号", "流水号"}),
    "text": frozenset({"text", "note", "说明", "备注"}),
    "lots": frozenset({"lots", "lot", "批次"}),
    "evidence": frozenset({"evidence", "佐证"}),
}
_NEEDED: Final = ("promise", "quantity", "on", "by")
_FAULTS_SHOWN: Final = 50
_BATCH: Final = 10_000


class Imported(NamedTuple):
    """What came of a file: how many rows were booked, and how many stood in the ledger already."""

    booked: int
    again: int


def import_claims(store: Store, path: Path, progress: Progress = lambda done, total: None) -> Imported:
    """Book every row of a table of claims, or none.

    Args:
        progress: is told how many rows of how many are done.

    Raises:
        InputError: the file cannot be read, or rows are faulty; each is named with its reason.
    """
    heading, rows = _read(path)
    if heading[: len(COLUMNS)] == list(COLUMNS):
        return _import_journal(store, path, rows, progress)
    columns = _find_columns(heading, path)
    faults: list[Words] = []
    booked = again = 0
    seen: Counter[tuple[str, ...]] = Counter()
    with store.writing():
        for at, (line, cells) in enumerate(rows, start=1):
            values = {name: _cell(cells, column) for name, column in columns.items()}
            key = tuple(values.get(name, "") for name in _NAMES)
            seen[key] += 1
            try:
                receipt = claim(store, _order(values, _identity(key, seen[key]), path.parent))
            except SizhangError as fault:
                faults.append(_in_row(line, fault.placed()))
            else:
                again += receipt.again
                booked += not receipt.again
            progress(at, len(rows))
        _refuse(faults, len(rows), path)
    return Imported(booked, again)


def _in_row(line: int, fault: Words) -> Words:
    return Words(f"第 {line} 行：{fault.zh}", f"row {line}: {fault.en}")


def _refuse(faults: Sequence[Words], count: int, path: Path) -> None:
    if faults:
        told, more = faults[:_FAULTS_SHOWN], len(faults) - _FAULTS_SHOWN
        if more > 0:
            told = [*told, Words(f"…… 另有 {more} 行", f"… and {more} more")]
        zh, en = ("\n".join(one.said(language) for one in told) for language in LANGUAGES)
        raise InputError(
            Words(
                f"{count} 行中有 {len(faults)} 行有错，一行也没有入账：\n{zh}\n",
                f"{len(faults)} of {count} rows are faulty, nothing was booked:\n{en}\n",
            ),
            where=str(path),
            remedy=Words("请改正这些行，再导入一次。", "Mend these rows and take the file in again."),
        )


def _identity(key: tuple[str, ...], occurrence: int) -> str:
    return "import-" + sha256("\x1f".join((*key, str(occurrence))).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _order(values: dict[str, str], identity: str, folder: Path) -> Order:
    missing = [name for name in _NEEDED if not values.get(name)]
    if missing:
        raise LedgerError(
            Words(f"有空格没有填：{'、'.join(missing)}。", f"The cells {', '.join(missing)} are empty."),
            remedy=Words("请填上。", "Fill them in."),
        )
    number, unit = parse_number(values["quantity"])
    if number <= 0:
        raise LedgerError(
            Words(f"数量 {values['quantity']}，等于没有记。", f"{values['quantity']} moves nothing."),
            where=values["promise"],
            remedy=GIVE_OVER_ZERO,
        )
    return Order(
        values["promise"],
        number,
        unit or values.get("unit", ""),
        values["by"],
        values.get("body", ""),
        parse_day(values["on"]),
        values.get("text", ""),
        values.get("id") or identity,
        tuple(NamedLot(name) for name in parse_parts(values.get("lots", ""))),
        evidence=tuple(folder / name for name in parse_parts(values.get("evidence", ""))),
    )


def parse_parts(cell: str) -> list[str]:
    """The names of a cell, between which stands a semicolon or a new line."""
    for mark in ("；", "\n", "\x1e"):
        cell = cell.replace(mark, ";")
    return [part.strip() for part in cell.split(";") if part.strip()]


def parse_day(text: str) -> date:
    """A day as spreadsheets write it: 2026-07-08, 2026/7/8, 2026.7.8 or 2026年7月8日; a time behind it is passed over.

    Raises:
        LedgerError: it is none.
    """
    plain = text.split(" ")[0].split("T")[0]
    for mark in ("年", "月", "/", "."):
        plain = plain.replace(mark, "-")
    try:
        year, month, day = (int(part) for part in plain.removesuffix("日").split("-"))
        return date(year, month, day)
    except ValueError as fault:
        raise LedgerError(Words(f"“{text[:20]}”不是日期。", f"“{text[:20]}” is no day."), remedy=WRITE_DAY) from fault


def _find_columns(heading: list[str], path: Path) -> dict[str, int]:
    names = [cell.strip().lower() for cell in heading]
    found = {name: names.index(word) for name, words in _NAMES.items() for word in names if word in words}
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        raise InputError(
            Words(
                f"表头缺少列 {'、'.join(missing)}，现有 {'、'.join(heading[:12])}。",
                f"The heading has no column {', '.join(missing)}: {', '.join(heading[:12])}.",
            ),
            where=str(path),
            remedy=Words(
                "列名请写：承诺、数量、日期、经办人；可加 单位、id、说明、批次。",
                "Name the columns promise, quantity, on, by; and if wanted body, id, note, lots.",
            ),
        )
    return found


def _cell(cells: list[str], column: int) -> str:
    return original(cells[column].strip()) if column < len(cells) else ""


def _read(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The heading, and the rows that are not empty with their numbers in the file."""
    grid = _grid_of_workbook(path) if _is_zip(path) else _grid_of_csv(path)
    rows = [(line, row) for line, row in enumerate(grid, start=1) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise InputError(
            Words("表头下面没有内容。", "The table has no row below its heading."),
            where=str(path),
            remedy=Words("每笔交账请写一行。", "Give one row for each claim."),
        )
    return rows[0][1], rows[1:]


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError as fault:
        raise unreadable(path, fault) from fault


def _grid_of_workbook(path: Path) -> list[list[str]]:
    from sizhang.intake.output.workbook import cell_text, read_grid

    return [[cell_text(cell) for cell in row] for row in read_grid(path, None)]


def _grid_of_csv(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error as fault:
            raise InputError(
                Words(f"CSV 格式有误：{fault}。", f"The table is no sound CSV: {fault}."),
                where=str(path),
                remedy=Words("请重新导出为 CSV。", "Export it again as CSV."),
            ) from fault
    raise InputError(
        Words("表格既不是 UTF-8，也不是 GB18030 编码。", "The table is neither UTF-8 nor GB18030."),
        where=str(path),
        remedy=Words("请另存为 UTF-8 编码的 CSV。", "Save it as CSV in UTF-8."),
    )


def _import_journal(store: Store, path: Path, rows: list[tuple[int, list[str]]], progress: Progress) -> Imported:
    """Book the entries of an exported journal; those that the ledger has already stay as they are."""
    booked = 0
    entries = list(_entries(path, rows))
    with store.writing():
        for start in range(0, len(entries), _BATCH):
            done = append(store, entries[start : start + _BATCH])
            booked += sum(not row.again for row in done)
            progress(start + len(done), len(entries))
    return Imported(booked, len(entries) - booked)


def _entries(path: Path, rows: list[tuple[int, list[str]]]) -> Iterator[Entry]:
    at = {name: place for place, name in enumerate(COLUMNS)}
    faults: list[Words] = []
    for line, cells in rows:
        cell = {name: original(cells[place]) if place < len(cells) else "" for name, place in at.items()}
        try:
            yield Entry(
                *(cell["client_id"], cell["promise"], cell["verb"], Stage(int(cell["source"])), Stage(int(cell["target"]))),  # type: ignore[arg-type]
                *(int(cell["steps"]), date.fromisoformat(cell["on"]), UNRECORDED, cell["person"], cell["body"]),
                *(cell["text"], cell["surplus"] == "1", tuple(cell["evidence"].split())),
                tuple(cell["lots"].split("\x1e")) if cell["lots"] else (),
            )
        except ValueError as fault:
            faults.append(_in_row(line, Words(f"写法不对（{fault}）。", str(fault))))
    _refuse(faults, len(rows), path)
