"""Periods of five levels that tile exactly: year, quarter, month, 旬 (ten days), day.

Their keys sort as text in the order of time within a level: `2026`, `2026-Q1`, `2026-03`, `2026-03-X1`, `2026-03-21`.
A month has three 旬: the days 1 to 10, 11 to 20, and 21 to its end.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from sizhang.core.errors import WRITE_DAY, LedgerError, Words

YEAR_MIN: Final = 1949
YEAR_MAX: Final = 2199


class Level(IntEnum):
    """How long a period is, the longest first."""

    YEAR = 0
    QUARTER = 1
    MONTH = 2
    XUN = 3
    DAY = 4


LEVEL_NAMES: Final = {Level.YEAR: "年", Level.QUARTER: "季", Level.MONTH: "月", Level.XUN: "旬", Level.DAY: "日"}
_KEY: Final = re.compile(r"(?P<y>\d{4})(?:-Q(?P<q>[1-4])|-(?P<m>\d{2})(?:-X(?P<x>[123])|-(?P<d>\d{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` to `end`, both included."""

    start: date
    end: date
    level: Level

    @property
    def key(self) -> str:
        """Its text form."""
        year, month = f"{self.start.year:04d}", f"{self.start.year:04d}-{self.start.month:02d}"
        return {
            Level.YEAR: year,
            Level.QUARTER: f"{year}-Q{(self.start.month + 2) // 3}",
            Level.MONTH: month,
            Level.XUN: f"{month}-X{min((self.start.day - 1) // 10, 2) + 1}",
            Level.DAY: self.start.isoformat(),
        }[self.level]

    @property
    def days(self) -> int:
        """How many days it has, from 1 to 366."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.key

    def parts(self, level: Level) -> tuple[Period, ...]:
        """The periods of `level` that tile this one, in order; itself where the level is its own."""
        if level < self.level:
            raise LedgerError(
                Words(f"{self.key} 里没有完整的{LEVEL_NAMES[level]}。", f"{self.key} holds no whole {level.name.lower()}."),
                remedy=Words("请用同级的期，或更短的。", "Ask for its own level or a shorter one."),
            )
        out = []
        day = self.start
        while day <= self.end:
            part = period_of(day, level)
            out.append(part)
            day = part.end + timedelta(days=1)
        return tuple(out)

    def within(self, level: Level) -> Period:
        """The period of a longer level that holds this one."""
        if level > self.level:
            raise LedgerError(
                Words(f"{self.key} 不在同一个{LEVEL_NAMES[level]}里。", f"{self.key} lies in no single {level.name.lower()}."),
                remedy=Words("请用更长的期。", "Ask for a longer level."),
            )
        return period_of(self.start, level)


def period_of(day: date, level: Level) -> Period:
    """The period of `level` that holds `day`."""
    year, month = day.year, day.month
    last = monthrange(year, month)[1]
    if level == Level.YEAR:
        return Period(date(year, 1, 1), date(year, 12, 31), level)
    if level == Level.QUARTER:
        first = 3 * ((month - 1) // 3) + 1
        return Period(date(year, first, 1), date(year, first + 2, monthrange(year, first + 2)[1]), level)
    if level == Level.MONTH:
        return Period(date(year, month, 1), date(year, month, last), level)
    if level == Level.XUN:
        tens = min((day.day - 1) // 10, 2)
        return Period(date(year, month, 10 * tens + 1), date(year, month, last if tens == 2 else 10 * tens + 10), level)
    return Period(day, day, level)


def check_day(day: date) -> None:
    """Refuse a day that no ledger reaches, before it is kept and later breaks what counts days from it.

    Raises:
        LedgerError: its year lies outside `YEAR_MIN` to `YEAR_MAX`.
    """
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise LedgerError(
            Words(f"日期 {day} 不在 {YEAR_MIN} 至 {YEAR_MAX} 年之内。", f"The day {day} lies outside {YEAR_MIN} to {YEAR_MAX}."),
            remedy=WRITE_DAY,
        )


def parse_period(key: str) -> Period:
    """Read a key.

    Raises:
        LedgerError: it is no key, or names a day, month or year that does not exist.
    """
    found = _KEY.fullmatch(key.strip())
    remedy = Words(
        "年写 2026，季写 2026-Q1，月写 2026-03，旬写 2026-03-X1，日写 2026-03-21。",
        "Write a year 2026, a quarter 2026-Q1, a month 2026-03, ten days 2026-03-X1, or a day 2026-03-21.",
    )
    if found is None:
        raise LedgerError(Words(f"“{key}”不是期。", f"“{key}” is no period."), remedy=remedy)
    year = int(found["y"])
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise LedgerError(
            Words(f"{year} 年不在 {YEAR_MIN} 至 {YEAR_MAX} 年之内。", f"The year {year} lies outside {YEAR_MIN} to {YEAR_MAX}."),
            remedy=remedy,
        )
    try:
        if found["q"]:
            return period_of(date(year, 3 * int(found["q"]), 1), Level.QUARTER)
        if found["x"]:
            return period_of(date(year, int(found["m"]), 10 * int(found["x"]) - 5), Level.XUN)
        if found["d"]:
            return period_of(date(year, int(found["m"]), int(found["d"])), Level.DAY)
        if found["m"]:
            return period_of(date(year, int(found["m"]), 1), Level.MONTH)
    except ValueError as fault:
        raise LedgerError(Words(f"“{key}”写的日期不存在。", f"“{key}” names a day that does not exist."), remedy=remedy) from fault
    return period_of(date(year, 1, 1), Level.YEAR)
