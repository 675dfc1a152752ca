"""Open a workbook that somebody else wrote, after checking that it is of a reasonable size.

The library lays a sheet out in full before it can be asked for its size, so one stray cell in the last corner would ask for 17 thousand
million cells: the sizes are taken from the file's own parts first.
"""

from __future__ import annotations

import re
import zlib
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sizhang.core.errors import InputError, Words, reason_of

if TYPE_CHECKING:
    from pathlib import Path

UNPACKED_BYTES_MAX: Final = 200_000_000
ROW_COUNT_MAX: Final = 100_000
COLUMN_COUNT_MAX: Final = 200

_CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")


def cell_text(cell: Any) -> str:
    """A cell of a workbook as text; its numbers are floats, whose shortest form is what was typed."""
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}".removesuffix(".0")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def read_grid(path: Path, sheet_name: str | None) -> list[list[Any]]:
    """Read one sheet as rows of cells, from its row 1 and its column 1; the first sheet where no name is given.

    Raises:
        InputError: the file cannot be opened, is no xlsx workbook, is too large, or has no sheet of that name.
    """
    from zipfile import BadZipFile

    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with path.open("rb") as file:
            _check_size(file, path.name)
            file.seek(0)
            book = CalamineWorkbook.from_filelike(file)
            sheet_name = sheet_name or book.sheet_names[0]
            if sheet_name not in book.sheet_names:
                raise InputError(
                    Words(f"没有名为“{sheet_name}”的工作表。", f"There is no sheet “{sheet_name}”."),
                    remedy=Words("请用 sizhang read --format xlsx 导出的表。", "Use the sheet that sizhang read --format xlsx writes."),
                    where=path.name,
                )
            return book.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(
            Words(f"打不开文件：{reason.zh}。", f"The file cannot be opened: {reason.en}."),
            remedy=Words("请检查路径与权限。", "Check the path and your permission."),
            where=str(path),
        ) from fault
    except (BadZipFile, CalamineError, KeyError, EOFError, NotImplementedError, RuntimeError, zlib.error) as fault:
        raise InputError(
            Words("不是完好的 xlsx 工作簿。", "Not a sound xlsx workbook."),
            remedy=Words("请用 Excel 或 WPS 另存为 xlsx。", "Save it as xlsx with Excel or WPS."),
            where=path.name,
        ) from fault


def _check_size(file: Any, source: str) -> None:
    from zipfile import ZipFile

    with ZipFile(file) as archive:
        archive.getinfo("xl/workbook.xml")
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > UNPACKED_BYTES_MAX:
            raise InputError(
                Words(
                    f"解压后有 {unpacked} 字节，最多 {UNPACKED_BYTES_MAX}。",
                    f"The workbook unpacks to {unpacked} bytes, at most {UNPACKED_BYTES_MAX} are read.",
                ),
                remedy=Words("请用导出的原表。", "Use the sheet that was exported."),
                where=source,
            )
        for name in filter(_SHEET_PART.fullmatch, archive.namelist()):
            cells = [(int(row), _column(letters)) for letters, row in _CELL.findall(archive.read(name))]
            height, width = max((row for row, _ in cells), default=0), max((column for _, column in cells), default=0)
            if height > ROW_COUNT_MAX or width > COLUMN_COUNT_MAX:
                raise InputError(
                    Words(
                        f"表太大：{height} 行 {width} 列，最多 {ROW_COUNT_MAX} 行 {COLUMN_COUNT_MAX} 列。",
                        f"The sheet has {height} rows and {width} columns; {ROW_COUNT_MAX} rows and {COLUMN_COUNT_MAX} columns are read.",
                    ),
                    remedy=Words("请删去表外的格子。", "Delete the stray cells outside the table."),
                    where=source,
                )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
