"""Tables that people paste from a spreadsheet: a heading, rows, and for every cell what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from sizhang.core.errors import InputError, SizhangError
from sizhang.web.telling import told_fault

ROWS_MOST: Final = 2_000
CELL_MOST: Final = 4_000
_SHOWN_MOST: Final = 100


@dataclass
class PastedRow:
    """A row; `line` counts as the spreadsheet does, the heading being line 1. The fault of the whole row has the empty name."""

    line: int
    cells: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    def check(self, name: str, check: Callable[[str], Any]) -> None:
        """Mark a cell with what a check says against it; an empty cell is not checked."""
        if not self.cells.get(name) or name in self.faults:
            return
        try:
            check(self.cells[name])
        except SizhangError as fault:
            self.faults[name] = told_fault(fault)


@dataclass
class Table:
    """A pasted table: which of the known columns it has, and its rows."""

    columns: tuple[str, ...]
    rows: list[PastedRow]

    @property
    def faulty(self) -> bool:
        """Whether any cell or row has a fault."""
        return any(row.faults for row in self.rows)

    @property
    def shown(self) -> list[PastedRow]:
        """The faulty rows where there are any, else the first of all."""
        return [row for row in self.rows if row.faults][:_SHOWN_MOST] or self.rows[:_SHOWN_MOST]

    @property
    def fault_count(self) -> int:
        """How many cells and rows have one."""
        return sum(len(row.faults) for row in self.rows)


def read_table(text: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Table:
    """Read what was pasted: tabs between cells as spreadsheets give it, or commas.

    Args:
        columns: for each column the words by which a heading may call it.
        needed: columns that must be there, and whose cells must not be empty.

    Raises:
        InputError: there is no row, there are too many, or a needed column is missing.
    """
    return check_grid(split_cells(text), columns, needed)


def split_cells(text: str) -> list[list[str]]:
    """The lines of a text as cells."""
    first = text.partition("\n")[0]
    delimiter = "\t" if "\t" in first else "," if "," in first else "，"
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text.replace("\r\n", "\n")), delimiter=delimiter)]


def check_grid(grid: Sequence[Sequence[str]], columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Table:
    """The rows below a heading, with a fault for each needed cell that is empty."""
    filled = [(line, row) for line, row in enumerate(grid, start=1) if any(row)]
    if len(filled) < 2:
        raise InputError(_("表里没有一行数据。"), remedy=_("连表头一起复制，再粘贴到这里。"))
    if len(filled) > ROWS_MOST + 1:
        raise InputError(
            _("有 %(count)s 行，一次最多 %(most)s 行。") % {"count": len(filled) - 1, "most": ROWS_MOST}, remedy=_("分几次粘贴。")
        )
    heading = [cell.lower() for cell in filled[0][1]]
    at = {name: heading.index(word) for name, words in columns.items() for word in words if word in heading}
    missing = [columns[name][0] for name in needed if name not in at]
    if missing:
        raise InputError(
            _("表头缺少：%(missing)s。") % {"missing": "、".join(missing)},
            remedy=_("第一行写列名：") + "、".join(one[0] for one in columns.values()),
        )
    rows = []
    for line, cells in filled[1:]:
        row = PastedRow(line, {name: cells[place][:CELL_MOST] if place < len(cells) else "" for name, place in at.items()})
        row.faults = {name: _("不能空着。") for name in needed if not row.cells[name]}
        rows.append(row)
    return Table(tuple(name for name in columns if name in at), rows)
