"""Deficits: where what was not done goes. 以日保旬、以旬保月、以月保季、以季保年.

A 旬 that closes short posts its deficit to the 旬 left in its month; what a month leaves undone goes to the months left in its quarter;
what a quarter leaves, to the quarters left in the year; each by the curve's own weights. What is done beyond the plan pays the debts in
the same order, the nearest first, and when none is left lightens the rest of the year. So three sums say everything: what is owed inside
the month, inside the quarter and inside the year; they depend on what was delivered until the beginning of the quarter, of the month, and
until now, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from sizhang.cadence.plan import XUN_OF_YEAR, Plan
from sizhang.core.apportion import split_by_share
from sizhang.core.errors import LedgerError, Words


@dataclass(frozen=True, slots=True)
class Carried:
    """What the open periods are asked for after some 旬 were closed.

    Attributes:
        closed: how many 旬 are closed.
        delivered: steps delivered in these.
        needs: steps asked of each open 旬, plan and posted deficits together.
        owed_month: deficit posted inside the month that is open.
        owed_quarter: deficit posted to the later months of its quarter.
        owed_year: deficit posted to the later quarters.
        unplaced: deficit that no open period can take: the curve has no work left.
        surplus: steps delivered beyond all that was planned for the year.
    """

    closed: int
    delivered: int
    needs: tuple[int, ...]
    owed_month: int
    owed_quarter: int
    owed_year: int
    unplaced: int
    surplus: int

    @property
    def deficit(self) -> int:
        """All that should be done by now and is not."""
        return self.owed_month + self.owed_quarter + self.owed_year + self.unplaced


def carry(plan: Plan, delivered: Sequence[int]) -> Carried:
    """What is asked of the open 旬.

    Args:
        delivered: steps delivered in each closed 旬, from the year's first; negative where more was taken back than done.

    Raises:
        LedgerError: more 旬 are closed than the year has.
    """
    closed = len(delivered)
    if closed > XUN_OF_YEAR:
        raise LedgerError(
            Words(
                f"已结的旬有 {closed} 个，一年只有 {XUN_OF_YEAR} 个。",
                f"{closed} ten-day periods are closed of a year that has {XUN_OF_YEAR}.",
            ),
            remedy=Words("每旬只结一次。", "Close each ten-day period once."),
        )
    behind = list(accumulate((cell - done for cell, done in zip(plan.cells, delivered, strict=False)), initial=0))
    debts, ahead = _debts(plan, behind, closed)
    needs = list(plan.cells[closed:])
    placed = [0, 0, 0]
    left = 0
    for at, (owed, start, end) in enumerate(debts):
        owed += left
        weights = plan.weights[start:end]
        left = 0 if any(weights) else owed
        if owed and not left:
            placed[at] = owed
            for place, part in enumerate(split_by_share(owed, weights), start=start - closed):
                needs[place] += part
    relief = min(ahead, sum(needs))
    if relief:
        needs = [need - part for need, part in zip(needs, split_by_share(relief, needs), strict=True)]
    month, quarter, year = placed
    return Carried(closed, sum(delivered), tuple(needs), month, quarter, year, left, ahead - relief)


def _debts(plan: Plan, behind: Sequence[int], closed: int) -> tuple[list[tuple[int, int, int]], int]:
    """The debts with the 旬 that are to take them, the nearest first, and how far the body is ahead when there are none.

    Args:
        behind: plan minus delivery, summed until the beginning of each 旬.
    """
    if closed == XUN_OF_YEAR:
        return [(max(behind[closed], 0), closed, closed)], max(-behind[closed], 0)
    quarter, month = closed - closed % 9, closed - closed % 3
    scopes = ((quarter, quarter + 9, XUN_OF_YEAR), (month, month + 3, quarter + 9))
    owed, before = 0, 0
    later = [0, 0]
    for at, (start, end, outer) in enumerate(scopes):
        owed += behind[start] - behind[before]
        owed = _pay(owed, later)
        if owed > 0:
            inner, rest = sum(plan.weights[start:end]), sum(plan.weights[end:outer])
            # All of it waits outside where neither has work; `carry` then hands it on.
            part = share(owed, inner, inner + rest) if inner + rest else 0
            later[at], owed = later[at] + owed - part, part
        before = start
    owed = _pay(owed + behind[closed] - behind[before], later)
    ends = (month + 3, quarter + 9, XUN_OF_YEAR)
    return [(max(owed, 0), closed, ends[0]), (later[1], ends[0], ends[1]), (later[0], ends[1], ends[2])], max(-owed, 0)


def _pay(owed: int, later: list[int]) -> int:
    """Pay debts of later periods, the nearest first, with what was done beyond the plan (`owed` under 0)."""
    for at in (1, 0):
        paid = min(max(-owed, 0), later[at])
        later[at] -= paid
        owed += paid
    return owed


def share(steps: int, weight: int, total: int) -> int:
    """The part of `steps` that `weight` of `total` gets, a half upward."""
    return (2 * steps * weight + total) // (2 * total)
