"""A year's evaluation: means and percentiles against the limits, validity by days and months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from sizhang.calculators.form.rounding import round_half_even
from sizhang.calculators.form.tables import TableRow, rows_where

DAYS_MIN: Final = 324
MONTH_DAYS_MIN: Final = 27
FEBRUARY_DAYS_MIN: Final = 25


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the yearly evaluation.

    Attributes:
        value: in the limit's unit, rounded as reported; None where no day is valid.
        short: why the days do not suffice; empty when they do.
    """

    pollutant: str
    statistic: str
    value: Decimal | None
    limit: Decimal
    unit: str
    days: int
    short: str
    rows: tuple[TableRow, ...]

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None where the data do not suffice."""
        return None if self.value is None or self.short else self.value <= self.limit


def limit_row(standard: str, on: date, pollutant: str, averaging: str) -> TableRow:
    """The limit of an edition on a day; GB 3095-2026 has stricter ones from 2031."""
    rows = rows_where("air_limits", standard=standard, item_group="basic", pollutant=pollutant, averaging=averaging)
    held = [r for r in rows if r["valid_from"] <= on.isoformat() and (not r["valid_to"] or on.isoformat() <= r["valid_to"])]
    # An edition that was asked for outside its time: its first phase.
    return held[0] if held else rows[0]


def compute_percentile(values: list[int], percent: int) -> Fraction:
    """The percentile of whole numbers: k = 1 + (n − 1)·p, and straight between the neighbours.

    Source: HJ 663-2013, annex A; the same as numpy's default method.
    """
    ordered = sorted(values)
    place = Fraction((len(ordered) - 1) * percent, 100)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def find_shortage(days: list[date]) -> str:
    """What the valid days of a year lack; empty when they suffice.

    Source: GB 3095 table 4: 324 days a year, 27 a month, 25 in February.
    """
    months = Counter(day.month for day in days)
    short = [m for m in range(1, 13) if months[m] < (FEBRUARY_DAYS_MIN if m == 2 else MONTH_DAYS_MIN)]
    parts = [f"{len(days)} valid days of {DAYS_MIN}"] if len(days) < DAYS_MIN else []
    parts += [f"months {', '.join(map(str, short))} below {MONTH_DAYS_MIN} days (February {FEBRUARY_DAYS_MIN})"] if short else []
    return "; ".join(parts)


def evaluate_year(concentrations: Mapping[str, Mapping[date, int]], standard: str, on: date) -> tuple[Item, ...]:
    """Every item of the yearly evaluation from the city's daily concentrations in report units.

    Rounding: the statistic once, half to even, to µg/m³ and for CO to 0.1 mg/m³.
    Source: HJ 663-2013 table 1.
    """
    return tuple(_evaluate(row, concentrations[row["pollutant"]], standard, on) for row in rows_where("air_eval_items"))


def _evaluate(row: TableRow, days: Mapping[date, int], standard: str, on: date) -> Item:
    pollutant = row["pollutant"]
    limit = limit_row(standard, on, pollutant, row["limit_basis"])
    values = list(days.values())
    if not values:
        exact = None
    elif row["kind"] == "mean":
        exact = Fraction(sum(values), len(values))
    else:
        exact = compute_percentile(values, int(row["percentile"]))
    value = None if exact is None else round_half_even(exact)
    if value is not None and pollutant == "CO":
        value = value.scaleb(-1)
    return Item(
        pollutant, row["statistic"], value, limit.number("grade2"), limit["unit"], len(values), find_shortage(list(days)), (row, limit)
    )


def longest_run(days: list[date]) -> int:
    """The largest number of days in a row."""
    best = run = 0
    before: date | None = None
    for day in sorted(days):
        run = run + 1 if before is not None and (day - before).days == 1 else 1
        best, before = max(best, run), day
    return best
