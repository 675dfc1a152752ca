"""The standards' tables: each row with its edition, its source, and how far it can be trusted."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from sizhang.core.errors import InputError, Words

Trust = Literal["read", "cross-checked", "computed", "unverified"]

_TRUST: Final[Mapping[str, Trust]] = {
    "read in source": "read",
    "recalled, cross-checked with two sources": "cross-checked",
    "computed from rows read/cross-checked": "computed",
    "computed exactly": "computed",
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a standard's table.

    Attributes:
        table: the table's name, without its ending.
        line: its line in the file, the heading being 1.
        cells: every column as text, as in the file.
        trust: `unverified` unless the file says better; a result that used such a row shows it.
    """

    table: str
    line: int
    cells: Mapping[str, str]
    trust: Trust

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def __hash__(self) -> int:
        return hash((self.table, self.line))

    def number(self, column: str) -> Decimal:
        """The cell as an exact number."""
        return Decimal(self.cells[column])

    def find_number(self, column: str) -> Decimal | None:
        """The cell as an exact number; None where it is empty."""
        return Decimal(self.cells[column]) if self.cells[column] else None

    @property
    def source(self) -> str:
        return self.cells.get("source", "")

    def describe(self) -> str:
        """The row in one line, without its source."""
        return ", ".join(f"{key} {value}" for key, value in self.cells.items() if value and key not in ("confidence", "source", "note"))


@cache
def load_table(name: str) -> tuple[TableRow, ...]:
    """Read `tables/NAME.csv`; columns `confidence` and `source` say how far each row can be trusted."""
    text = (files("sizhang.calculators") / "tables" / f"{name}.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(TableRow(name, line, row, _TRUST.get(row["confidence"], "unverified")) for line, row in enumerate(rows, start=2))


def rows_where(name: str, **cells: str) -> tuple[TableRow, ...]:
    """The rows of a table whose cells are exactly these."""
    return tuple(row for row in load_table(name) if all(row[column] == value for column, value in cells.items()))


def get_row(name: str, **cells: str) -> TableRow:
    """The one row of a table whose cells are exactly these."""
    found = rows_where(name, **cells)
    assert len(found) == 1, (name, cells, len(found))
    return found[0]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a standard and the days on which it is in force, both included; open where None."""

    code: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def choose_edition(editions: Iterable[Edition], on: date | None, wanted: str | None) -> tuple[Edition, str]:
    """The edition to judge by, and why: the one that was asked for, else the one in force on the day the promise was made.

    Args:
        editions: oldest first.
        on: the day of the promise; None takes the newest that is in force without an end or, failing that, the last.
        wanted: a whole code (“HJ 633-2012”) or its year (“2012”).

    Raises:
        InputError: no edition is so called, or none was in force on that day.
    """
    known = tuple(editions)
    if wanted is not None:
        for edition in known:
            if wanted in (edition.code, edition.code.rsplit("-", 1)[-1]):
                return edition, f"asked for: {wanted}"
        raise InputError(
            Words(f"这里没有“{wanted}”这个版本的标准。", f"There is no edition “{wanted}” here."),
            remedy=Words(f"请写这些之一：{'、'.join(e.code for e in known)}。", f"Take one of: {', '.join(e.code for e in known)}."),
        )
    if on is None:
        return known[-1], "the newest one here: no day of a promise was given"
    for edition in known:
        if edition.holds_on(on):
            return edition, f"in force on {on.isoformat()}"
    first = known[0].valid_from
    raise InputError(
        Words(
            f"{on.isoformat()} 还没有这里的任何一版标准施行（最早的一版自 {first} 起）。",
            f"No edition here was in force on {on.isoformat()} (the oldest is from {first}).",
        ),
        remedy=Words("请用 --edition 指定一版。", "Name one with --edition."),
    )
