"""Plan curves: what share of the year's work falls on each day, as whole numbers.

A curve is a weight for each day of the year. Weights are exact integers, so that parts made of them sum to the whole at every level.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from math import comb, lcm
from typing import Any, Final

from sizhang.cadence.workdays import WorkCalendar
from sizhang.core.errors import LedgerError, Words
from sizhang.core.period import Level, Period, period_of

Weights = tuple[int, ...]
CURVES: Final = {
    "even": "均衡（日历日） even over calendar days",
    "workdays": "均衡（工作日） even over working days",
    "planting": "春秋植树季 spring and autumn planting",
    "spring": "春季植树 spring planting",
    "autumn": "秋季植树 autumn planting",
    "no-winter": "冬季停工 no concrete in winter",
    "s-curve": "S形（工程） S-curve of construction",
    "stages": "节点日期 stage dates",
    "file": "自定表 from a table",
    "fitted": "按往年 fitted to past years",
}


@dataclass(frozen=True, slots=True)
class Window:
    """The days of one year on which work is planned, both included."""

    year: int
    start: date
    end: date

    def __post_init__(self) -> None:
        if not date(self.year, 1, 1) <= self.start <= self.end <= date(self.year, 12, 31):
            raise LedgerError(
                Words(
                    f"计划的起止 {self.start} 至 {self.end} 不在 {self.year} 年之内。",
                    f"A plan from {self.start} to {self.end} does not lie within {self.year}.",
                ),
                remedy=Words(
                    f"请在 {self.year}-01-01 至 {self.year}-12-31 之间计划；做不完的用结转（carry-forward）转入下一年。",
                    f"Plan between {self.year}-01-01 and {self.year}-12-31; what is left goes into the next year by carry-forward.",
                ),
            )

    @property
    def days(self) -> list[date]:
        """All days of the year."""
        first = date(self.year, 1, 1)
        return [first + timedelta(days=at) for at in range((date(self.year + 1, 1, 1) - first).days)]

    def cut(self, weights: Sequence[int | Fraction]) -> Weights:
        """Whole weights for the days of the year, none outside the window.

        Raises:
            LedgerError: a weight is negative, or nothing is left.
        """
        days = self.days
        if len(weights) != len(days):
            raise LedgerError(
                Words(
                    f"{self.year} 年有 {len(days)} 天，给了 {len(weights)} 个权重。",
                    f"{len(weights)} weights for {len(days)} days of {self.year}.",
                ),
                remedy=Words("请给一年中的每一天一个权重。", "Give one for each day of the year."),
            )
        if min(weights) < 0:
            at = min(range(len(days)), key=lambda place: weights[place])
            raise LedgerError(
                Words(f"{days[at]} 的权重是负数：{weights[at]}。", f"The weight of {days[at]} is negative: {weights[at]}."),
                remedy=Words("权重请填 0 或更大的数。", "Give weights of 0 or more."),
            )
        cut = [Fraction(w) if self.start <= day <= self.end else Fraction(0) for day, w in zip(days, weights, strict=True)]
        if not any(cut):
            raise LedgerError(
                Words(
                    f"这条曲线在 {self.start} 至 {self.end} 之间没有工作量。",
                    f"The curve has no work between {self.start} and {self.end}.",
                ),
                remedy=Words("请换一条曲线，或换起止日期。", "Choose another curve or other days."),
            )
        scale = lcm(*{w.denominator for w in cut})
        return tuple(int(w * scale) for w in cut)


def window_of(year: int, start: date | None = None, end: date | None = None) -> Window:
    """A window of the year, all of it where nothing is given."""
    return Window(year, start or date(year, 1, 1), end or date(year, 12, 31))


def even(window: Window) -> Weights:
    """The same every calendar day."""
    return window.cut([1] * len(window.days))


def workdays(window: Window, calendar: WorkCalendar) -> Weights:
    """The same every working day."""
    return window.cut([int(calendar.is_working(day)) for day in window.days])


def seasonal(window: Window, name: str, text: str | None = None) -> Weights:
    """By the seasons of a rule file; the shipped one where none is given.

    Raises:
        LedgerError: the file has no such seasons.
    """
    table = parse_seasons(text or (files("sizhang.cadence") / "rules" / "seasons.toml").read_text("utf-8"))
    if name not in table:
        raise LedgerError(
            Words(f"没有名为“{name}”的季节表。", f"There are no seasons “{name}”."),
            remedy=Words(f"请写 {'、'.join(table)} 之一。", f"Name one of {', '.join(table)}."),
        )
    out = [0] * len(window.days)
    for at, day in enumerate(window.days):
        for first, last, weight in table[name]:
            if first <= f"{day:%m-%d}" <= last:
                out[at] = weight
    return window.cut(out)


def parse_seasons(text: str) -> dict[str, list[tuple[str, str, int]]]:
    """Read a rule file of seasons: for each name the first day, the last day (`03-05`) and the weight of each season.

    Raises:
        LedgerError: it is no TOML, or a season is none.
    """
    remedy = Words(
        '请写 [planting]，下面写 seasons = [["03-05", "05-05", 3]]。', 'Write [planting] and below it seasons = [["03-05", "05-05", 3]].'
    )
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise LedgerError(Words(f"季节文件不是 TOML：{fault}。", f"The file of seasons is no TOML: {fault}."), remedy=remedy) from fault
    out: dict[str, list[tuple[str, str, int]]] = {}
    for name, table in given.items():
        rows: Any = table.get("seasons") if isinstance(table, dict) else None
        for row in rows if isinstance(rows, list) and rows else [rows]:
            if not _is_season(row):
                raise LedgerError(
                    Words(f"季节表“{name}”里的 {row!r} 不是一个季节。", f"The seasons “{name}” hold {row!r}, which is no season."),
                    remedy=remedy,
                )
            out.setdefault(name, []).append((row[0], row[1], row[2]))
    return out


def _is_season(row: Any) -> bool:
    if not isinstance(row, list) or len(row) != 3 or not isinstance(row[2], int) or row[2] < 0:
        return False
    return all(re.fullmatch(r"[01]\d-[0-3]\d", str(day)) for day in row[:2]) and str(row[0]) <= str(row[1])


def s_curve(window: Window, a: int = 2, b: int = 2) -> Weights:
    """Slow at both ends: differences of the Beta(a, b) distribution function over the window, in exact integers.

    Args:
        a, b: shape, whole numbers from 1 to 9; (1, 1) is even, the larger the steeper; a > b starts late.
    """
    if not (1 <= a <= 9 and 1 <= b <= 9):
        raise LedgerError(
            Words(f"S 形曲线的形状写的是 {a}、{b}。", f"An S-curve of shape {a}, {b}."),
            remedy=Words("请填两个 1 至 9 的整数。", "Give two whole numbers from 1 to 9."),
        )
    length = (window.end - window.start).days + 1
    order = a + b - 1

    def below(day: int) -> int:
        """The distribution function at day/length, times length to the power of `order`."""
        return sum(comb(order, j) * day**j * (length - day) ** (order - j) for j in range(a, order + 1))

    out = [0] * len(window.days)
    first = (window.start - date(window.year, 1, 1)).days
    for day in range(length):
        out[first + day] = below(day + 1) - below(day)
    return window.cut(out)


def stages(window: Window, dates: Mapping[date, int | Fraction]) -> Weights:
    """All on the days of the stages, each with its weight.

    Raises:
        LedgerError: a stage lies outside the window.
    """
    outside = [day for day in dates if not window.start <= day <= window.end]
    if outside:
        raise LedgerError(
            Words(
                f"{min(outside)} 的节点不在 {window.start} 至 {window.end} 之内。",
                f"The stage of {min(outside)} lies outside {window.start} to {window.end}.",
            ),
            remedy=Words("请移动节点，或放宽起止日期。", "Move the stage, or plan for longer."),
        )
    return window.cut([dates.get(day, 0) for day in window.days])


def from_table(window: Window, rows: Mapping[Period, int | Fraction]) -> Weights:
    """From numbers for periods of any level, each even over its days.

    Raises:
        LedgerError: a period lies outside the window, two overlap, or a number is negative.
    """
    periods = sorted(rows)
    for period in periods:
        if not window.start <= period.start <= period.end <= window.end:
            raise LedgerError(
                Words(
                    f"{period.key} 不在 {window.start} 至 {window.end} 之内。",
                    f"{period.key} lies outside {window.start} to {window.end}.",
                ),
                remedy=Words("请在这段时间内计划；做不完的结转下一年。", "Plan within it; the rest is carried forward."),
            )
        if rows[period] < 0:
            raise LedgerError(
                Words(f"{period.key} 的数是负数：{rows[period]}。", f"{period.key} has the negative number {rows[period]}."),
                remedy=Words("请填 0 或更大的数。", "Give 0 or more."),
            )
    for before, after in pairwise(periods):
        if after.start <= before.end:
            raise LedgerError(
                Words(f"{before.key} 与 {after.key} 重叠。", f"{before.key} and {after.key} overlap."),
                remedy=Words("每一天只能归入一个数。", "Give each day one number only."),
            )
    out: list[int | Fraction] = [0] * len(window.days)
    first = date(window.year, 1, 1)
    for period, weight in rows.items():
        for at in range(period.days):
            out[(period.start - first).days + at] = Fraction(weight) / period.days
    return window.cut(out)


def fitted(window: Window, past: Sequence[Sequence[int]]) -> Weights:
    """The mean share of each 旬 over past years, each year counting the same; what was taken back counts as nothing.

    Args:
        past: for each past year what was delivered in each of its 36 旬.

    Raises:
        LedgerError: no past year has anything delivered.
    """
    kept = [[max(one, 0) for one in year] for year in past if sum(max(one, 0) for one in year)]
    if not kept:
        raise LedgerError(
            Words("往年都没有完成数。", "No past year has anything delivered."),
            remedy=Words("第一年请用别的曲线。", "Plan by another curve in the first year."),
        )
    xun = period_of(date(window.year, 1, 1), Level.YEAR).parts(Level.XUN)
    means = [sum((Fraction(year[at], sum(year)) for year in kept), Fraction(0)) / len(kept) for at in range(len(xun))]
    whole = dict(zip(xun, means, strict=True))
    out = [whole[period_of(day, Level.XUN)] / period_of(day, Level.XUN).days for day in window.days]
    return window.cut(out)
