"""IAQI breakpoints by edition, in whole report units: µg/m³, and for CO tenths of mg/m³, as concentrations are rounded before the index."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Final, NamedTuple

from sizhang.calculators.form.tables import Edition, TableRow, rows_where

IAQI_MAX: Final = 500
EDITIONS: Final = ("HJ 633-2012", "HJ 633-2026")
POLLUTANTS: Final = ("SO2", "NO2", "CO", "O3", "PM10", "PM2.5")


class Segment(NamedTuple):
    """One straight piece of the index: both ends of it and of the concentration."""

    iaqi_low: int
    iaqi_high: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """The index of one pollutant and averaging time.

    Attributes:
        above: the index beyond the last segment; None where the edition says not to compute it there.
        rows: the table's rows that say so.
    """

    segments: tuple[Segment, ...]
    above: int | None
    rows: tuple[TableRow, ...]

    def compute_iaqi(self, concentration: int) -> int | None:
        """The index of a whole number of report units, not below nought.

        Source: HJ 633, formula (1). Rounding: up to a whole number.
        """
        for segment in self.segments:
            if concentration <= segment.high:
                slope = Fraction(segment.iaqi_high - segment.iaqi_low, segment.high - segment.low)
                return ceil(segment.iaqi_low + slope * (concentration - segment.low))
        return self.above


@cache
def get_breakpoints(edition: str, pollutant: str, averaging: str) -> Breakpoints:
    """The breakpoints of an edition; averaging is `1h`, `8h` or `24h`."""
    rows = rows_where("air_iaqi", standard=edition, pollutant=pollutant, averaging=averaging)
    assert rows, (edition, pollutant, averaging)
    segments = tuple(
        Segment(int(r["iaqi_lo"]), int(r["iaqi_hi"]), _report_units(r, "bp_lo"), _report_units(r, "bp_hi")) for r in rows if r["bp_hi"]
    )
    overflow = next((r for r in rows if not r["bp_hi"]), None)
    if overflow is None:
        above: int | None = IAQI_MAX
    else:
        above = segments[-1].iaqi_high if "fixed" in overflow["note"] else None
    return Breakpoints(segments, above, rows)


def has_breakpoints(edition: str, pollutant: str, averaging: str) -> bool:
    """Whether the edition grades that pollutant at that averaging time."""
    return bool(rows_where("air_iaqi", standard=edition, pollutant=pollutant, averaging=averaging))


def _report_units(row: TableRow, column: str) -> int:
    steps = row.number(column) * (10 if row["unit"] == "mg/m3" else 1)
    assert steps == steps.to_integral_value()
    return int(steps)


def in_report_units(pollutant: str, concentration: Decimal) -> Decimal:
    """A concentration in the table's unit as report units."""
    return concentration * 10 if pollutant == "CO" else concentration


def aqi_editions() -> tuple[Edition, ...]:
    """The editions of HJ 633 and when each is in force."""
    from datetime import date

    found = []
    for code in EDITIONS:
        row = rows_where("air_iaqi", standard=code)[0]
        found.append(Edition(code, date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"]) if row["valid_to"] else None))
    return tuple(found)


def find_category(aqi: int) -> TableRow:
    """The grade's row of the table of categories."""
    return next(row for row in rows_where("air_categories") if aqi <= int(row["aqi_hi"]))
