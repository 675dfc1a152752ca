"""A plan: the promised steps of one promise over the 36 旬 of its year, with what is held in reserve.

The 旬 is the grain that is kept; months, quarters and the year are its sums, days are parts of it. Steps go from the year to its quarters,
months, 旬 and days by largest remainder at each level, so that every level sums to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import gcd
from typing import Final

from sizhang.core.apportion import split_by_share
from sizhang.core.errors import LedgerError, Words
from sizhang.core.period import Level, Period, period_of

XUN_OF_YEAR: Final = 36
_WEIGHT_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done when.

    Attributes:
        year: the year that it fills.
        cells: steps for each of the 36 旬; with `reserve` they are all that is promised.
        weights: the curve's own weight of each 旬, by which deficits are posted; 0 where no work can be done.
        reserve: steps that no period is asked for.
    """

    year: int
    cells: tuple[int, ...]
    weights: tuple[int, ...]
    reserve: int = 0

    @property
    def planned(self) -> int:
        """The steps that the periods are asked for."""
        return sum(self.cells)

    @property
    def promised(self) -> int:
        """Planned and reserve."""
        return self.planned + self.reserve

    def steps_of(self, period: Period) -> int:
        """What the plan asks of a 旬, month, quarter or the year."""
        first, last = cells_of(period)
        return sum(self.cells[first:last])


@lru_cache(maxsize=64)
def xun_of(year: int) -> tuple[Period, ...]:
    """The 36 旬 of a year."""
    return period_of(date(year, 1, 1), Level.YEAR).parts(Level.XUN)


def cell_of(day: date) -> int:
    """The place of a day's 旬 in its year, from 0 to 35."""
    return 3 * (day.month - 1) + min((day.day - 1) // 10, 2)


def cells_of(period: Period) -> tuple[int, int]:
    """The places of a period's 旬 in its year, the end exclusive."""
    return cell_of(period.start), cell_of(period.end) + 1


def make_plan(year: int, promised: int, day_weights: Sequence[int], reserve: int = 0) -> Plan:
    """Plan so many steps by a curve's weights for the days.

    Rounding: largest remainder from the year to its quarters, from each quarter to its months, from each month to its 旬.

    Raises:
        LedgerError: the reserve is negative or more than is promised.
    """
    if not 0 <= reserve <= promised:
        raise LedgerError(
            Words(f"机动数是 {reserve} 步，承诺的只有 {promised} 步。", f"A reserve of {reserve} steps of {promised} promised."),
            remedy=Words("机动数请填 0 至承诺数之间的数。", "Keep between 0 and what is promised in reserve."),
        )
    exact = _by_xun(year, day_weights)
    cells = [promised - reserve]
    for parts in (4, 3, 3):
        width = XUN_OF_YEAR // (len(cells) * parts)
        out: list[int] = []
        for at, steps in enumerate(cells):
            sums = [sum(exact[(at * parts + part) * width : (at * parts + part + 1) * width]) for part in range(parts)]
            out += split_by_share(steps, sums) if steps else [0] * parts
        cells = out
    return Plan(year, tuple(cells), _short(exact), reserve)


def day_steps(period: Period, steps: int, day_weights: Sequence[int]) -> list[int]:
    """Steps of a 旬 over its days by the curve's weights; where these are all 0, evenly."""
    first = (period.start - date(period.start.year, 1, 1)).days
    weights = day_weights[first : first + period.days]
    return split_by_share(steps, weights if any(weights) else [1] * period.days)


def _by_xun(year: int, day_weights: Sequence[int]) -> list[int]:
    days = sum(period.days for period in xun_of(year))
    if len(day_weights) != days or min(day_weights) < 0 or not any(day_weights):
        raise LedgerError(
            Words(
                f"{year} 年有 {days} 天，给了 {len(day_weights)} 个权重，或有权重小于 0、全部为 0。",
                f"{len(day_weights)} weights for {days} days of {year}, or one under 0, or all 0.",
            ),
            remedy=Words("请给每天一个不小于 0 的权重，不能全为 0。", "Give each day 0 or more, and not 0 to all."),
        )
    out, at = [], 0
    for period in xun_of(year):
        out.append(sum(day_weights[at : at + period.days]))
        at += period.days
    return out


def _short(exact: Sequence[int]) -> tuple[int, ...]:
    """The weights in their smallest whole numbers; of very long ones, a millionth of the year each, and none that was over 0 becomes 0."""
    common = gcd(*exact)
    if max(exact) // common <= _WEIGHT_MAX:
        return tuple(weight // common for weight in exact)
    return tuple(max(part, int(weight > 0)) for part, weight in zip(split_by_share(_WEIGHT_MAX, exact), exact, strict=True))
