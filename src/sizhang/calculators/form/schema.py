"""What a table of data must look like: its columns, their units and ranges, and what makes two rows the same row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "number", "date", "instant"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: self-explaining, its unit last; the heading in a file.
        title: Chinese, then English.
        required: a row without it is rejected; an optional cell is only left out.
        decimals: a number is kept as whole steps of 10^-decimals, so that no limit is ever compared with a float. A number with more
            decimals is rounded to the nearest step.
        low, high: the range of what can be true, both included; outside it the row (or the optional cell) does not count.
        choices: the only texts allowed.
        non_detect: “<0.02” and “0.02L” are read as the detection limit 0.02, and `NAME_below` is true.
        other_names: other headings it may come under. For a number: by how many powers of ten their unit is smaller (`co_ug_m3`: 3 where
            the column is in mg/m³). For an instant: hours to add. For others 0.
    """

    name: str
    kind: Kind
    title: str
    required: bool = True
    decimals: int = 0
    low: Decimal | int | None = None
    high: Decimal | int | None = None
    choices: tuple[str, ...] = ()
    non_detect: bool = False
    other_names: Mapping[str, int] = field(default_factory=dict)

    def find_heading(self, headings: tuple[str, ...]) -> str | None:
        """The heading of a file under which this column stands."""
        return next((name for name in (self.name, *self.other_names) if name in headings), None)


@dataclass(frozen=True, slots=True)
class Lateness:
    """Rows that came too late do not count: `received` more than `hours` after `measured` (plus an hour's own length)."""

    measured: str
    received: str
    hours: int


@dataclass(frozen=True, slots=True)
class Schema:
    """One table of data that a calculator reads.

    Attributes:
        name: how it is called on the command line: `points=file.csv`.
        key: columns that name a row. The same key twice: rows that are alike count once, rows that differ count not at all.
        optional: the calculator can do without this table.
        one_of: at least one of these optional columns must stand in the file.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    late: Lateness | None = None
    optional: bool = False
    one_of: tuple[str, ...] = ()

    def fits(self, headings: tuple[str, ...]) -> bool:
        """Whether a file with these headings has every required column."""
        return not self.find_lacking(headings)

    def find_lacking(self, headings: tuple[str, ...]) -> tuple[str, ...]:
        """The required columns that the headings lack."""
        lacking = tuple(c.name for c in self.columns if c.required and c.find_heading(headings) is None)
        if self.one_of and not any(c.find_heading(headings) for c in self.columns if c.name in self.one_of):
            lacking += (" | ".join(self.one_of),)
        return lacking
