"""What a calculator answers: values with what they were made of, the data's coverage, the standard, and a verdict or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from sizhang.calculators.form.tables import TableRow
from sizhang.charts.spec import Chart

Outcome = Literal["met", "not met", "no verdict"]
Number = Decimal | int | str | None


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of a result.

    Attributes:
        name: the figure's key, its unit last: `good_day_ratio_pct`.
        title: Chinese, then English: “优良天数比例 Good-day ratio”.
        number: exact; text for a class (“Ⅲ”); None where the data allow no figure.
        numerator, denominator: what a ratio was made of, in `of` (“days”).
        rounding: how `number` was rounded; empty when it was not.
    """

    name: str
    title: str
    number: Number
    unit: str = ""
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    of: str = ""
    rounding: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row, or one cell of it, that was not counted, and the rule that it broke.

    Attributes:
        line: line of a CSV file (the heading is line 1), row of any other file from 1.
        column: the cell's column; empty where the whole row was rejected.
        text: what stood there.
    """

    file: str
    line: int
    column: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the data reach.

    Attributes:
        of: what is counted: “station-hours”, “samples”.
        expected: how many a complete set has; None where nothing says.
        present: rows (or cells) that the data hold.
        valid: those that counted.
        rejected: how many each rule rejected.
    """

    of: str
    expected: int | None
    present: int
    valid: int
    rejected: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard and the edition that was used.

    Attributes:
        chosen: why this edition: “in force on 2023-02-10, the day of the promise”.
    """

    code: str
    title: str
    clause: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Met, not met, or no verdict; always with the reason in words and numbers."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The rows that decided the result, as a small table of its own."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Number, ...], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of one calculator.

    Attributes:
        tables: rows of the standards' tables that the result used; the unverified ones are shown with it.
        notes: what a reader must know beside the figures, Chinese then English.
        rejections: rows that did not count, at most `REJECTIONS_SHOWN_MAX` of them; `coverage` has the whole counts.
        detail: figures a row that others may go on with (days, months, sections, outlets), whole; first column names the row.
    """

    calculator: str
    title: str
    values: tuple[Value, ...]
    coverage: tuple[Coverage, ...]
    standards: tuple[Standard, ...]
    verdict: Verdict
    trace: tuple[Trace, ...] = ()
    tables: tuple[TableRow, ...] = ()
    notes: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    detail: tuple[Trace, ...] = ()
    charts: tuple[Chart, ...] = ()

    @property
    def unverified(self) -> tuple[TableRow, ...]:
        """The table rows used that nobody has read in the standard's own text or cross-checked."""
        return tuple(row for row in self.tables if row.trust == "unverified")

    def get_value(self, name: str) -> Value:
        """The value of that name."""
        return next(value for value in self.values if value.name == name)


REJECTIONS_SHOWN_MAX = 200
