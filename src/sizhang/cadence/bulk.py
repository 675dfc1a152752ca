"""The arithmetic of `carry` and `pace` for many plans at once, in 64-bit integers, exact and equal to the plain form.

Products of steps and weights do not fit into 64 bits. A quotient is therefore guessed in floating point and put right by its remainder,
which is small and comes out exact although the products wrap around. This holds while no number exceeds `STEPS_MAX`; larger ones are
refused here and are for the plain form.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sizhang.cadence.pace import STRETCH_PCT
from sizhang.cadence.plan import XUN_OF_YEAR
from sizhang.core.errors import LedgerError, Words

Array = Any  # numpy's arrays of int64, one row a plan
STEPS_MAX: Final = 2**48


class CarriedMany(NamedTuple):
    """As `Carried`, one row a plan; `owed` has the columns month, quarter, year."""

    needs: Array
    owed: Array
    unplaced: Array
    surplus: Array


class PaceMany(NamedTuple):
    """As `Pace`, one row a plan; `light` is 0 green, 1 yellow, 2 red; `best` is 0 where nothing was delivered."""

    light: Array
    due: Array
    remaining: Array
    need_xun: Array
    need_month: Array
    best: Array
    capacity: Array


def divide(steps: Array, weights: Array, total: Array) -> tuple[Array, Array]:
    """Quotient and remainder of steps·weights ÷ total, all at least 0 and total over 0; exact."""
    quotient = np.floor(steps.astype(np.float64) * weights / total).astype(np.int64)
    remainder = steps * weights - quotient * total
    for _ in range(2):
        low, high = remainder < 0, remainder >= total
        quotient += high.astype(np.int64) - low
        remainder += np.where(low, total, 0) - np.where(high, total, 0)
    return quotient, remainder


def split_many(steps: Array, weights: Array) -> Array:
    """Largest remainder row by row; a row without steps or without weight gets nothing."""
    total = weights.sum(axis=1, keepdims=True)
    parts, remainder = divide(np.broadcast_to(steps[:, None], weights.shape), weights, np.maximum(total, 1))
    left = np.where(total[:, 0] > 0, steps - parts.sum(axis=1), 0)
    rows = np.flatnonzero(left)
    if rows.size:
        order = np.argsort(-remainder[rows], axis=1, kind="stable")
        ones = (np.arange(weights.shape[1]) < left[rows, None]).astype(np.int64)
        extra = np.zeros_like(ones)
        np.put_along_axis(extra, order, ones, axis=1)
        parts[rows] += extra
    return parts


def carry_many(cells: Array, weights: Array, delivered: Array) -> CarriedMany:
    """As `carry`, for plans of which the same 旬 are closed.

    Args:
        cells, weights: 36 columns.
        delivered: a column for each closed 旬.

    Raises:
        LedgerError: a number is too large for this form.
    """
    closed = delivered.shape[1]
    largest = max((int(np.abs(table).max(initial=0)) for table in (cells, weights, delivered)), default=0)
    if largest * XUN_OF_YEAR > STEPS_MAX:
        raise LedgerError(
            Words(f"{largest} 步太多，快速算法算不了。", f"{largest} steps are too many for the fast form."),
            remedy=Words("请用逐项的算法。", "Use the plain form."),
        )
    behind = np.zeros((len(cells), closed + 1), dtype=np.int64)
    np.cumsum(cells[:, :closed] - delivered, axis=1, out=behind[:, 1:])
    debts, ahead = _debts_many(weights, behind, closed)
    needs = cells[:, closed:].copy()
    owed = np.zeros((len(cells), 3), dtype=np.int64)
    left = np.zeros(len(cells), dtype=np.int64)
    for at, (posted, start, end) in enumerate(debts):
        debt = posted + left
        window = weights[:, start:end]
        works = window.any(axis=1)
        left = np.where(works, 0, debt)
        owed[:, at] = debt - left
        rows = np.flatnonzero(owed[:, at])
        if rows.size:
            needs[rows, start - closed : end - closed] += split_many(owed[rows, at], window[rows])
    relief = np.minimum(ahead, needs.sum(axis=1))
    rows = np.flatnonzero(relief)
    if rows.size:
        needs[rows] -= split_many(relief[rows], needs[rows])
    return CarriedMany(needs, owed, left, ahead - relief)


def _debts_many(weights: Array, behind: Array, closed: int) -> tuple[list[tuple[Array, int, int]], Array]:
    part: Array
    now = behind[:, closed]
    if closed == XUN_OF_YEAR:
        return [(np.maximum(now, 0), closed, closed)], np.maximum(-now, 0)
    quarter, month = closed - closed % 9, closed - closed % 3
    later = np.zeros((2, len(weights)), dtype=np.int64)
    owed: Array = np.zeros(len(weights), dtype=np.int64)
    before = 0
    for at, (start, end, outer) in enumerate(((quarter, quarter + 9, XUN_OF_YEAR), (month, month + 3, quarter + 9))):
        owed = _pay_many(owed + behind[:, start] - behind[:, before], later)
        inner, rest = weights[:, start:end].sum(axis=1), weights[:, end:outer].sum(axis=1)
        total, debt = inner + rest, np.maximum(owed, 0)
        part, remainder = divide(debt, inner, np.maximum(total, 1))
        part += 2 * remainder >= np.maximum(total, 1)
        later[at] += debt - part
        owed = np.where(owed > 0, part, owed)
        before = start
    owed = _pay_many(owed + now - behind[:, before], later)
    ends = (month + 3, quarter + 9, XUN_OF_YEAR)
    debts = [(np.maximum(owed, 0), closed, ends[0]), (later[1], ends[0], ends[1]), (later[0], ends[1], ends[2])]
    return debts, np.maximum(-owed, 0)


def _pay_many(owed: Array, later: Array) -> Array:
    for at in (1, 0):
        paid = np.minimum(np.maximum(-owed, 0), later[at])
        later[at] -= paid
        owed = owed + paid
    return owed


def pace_many(cells: Array, weights: Array, delivered: Array, so_far: Array, left: tuple[int, int]) -> PaceMany:
    """As `compute_pace`.

    Args:
        so_far: steps in the open 旬 until now.
        left: days left of the open 旬, and its days; the same for all.
    """
    closed = delivered.shape[1]
    carried = carry_many(cells, weights, delivered)
    done = delivered.sum(axis=1) + so_far
    best = delivered.max(axis=1, initial=0)
    reached = np.where(best > 0, best, cells.max(axis=1))[:, None]
    caps = np.where(weights > 0, np.maximum(reached, cells - (-cells * STRETCH_PCT // 100)), cells)[:, closed:]
    if closed < XUN_OF_YEAR:
        caps[:, 0] = caps[:, 0] * min(max(left[0], 0), left[1]) // left[1]
    due = np.maximum(cells[:, :closed].sum(axis=1) - done, 0)
    remaining = np.maximum(cells.sum(axis=1) - done, 0)
    capacity = caps.sum(axis=1)
    month = closed - closed % 3 + 3 - closed
    need_xun = np.maximum(carried.needs[:, :1].sum(axis=1) - so_far, 0)
    need_month = np.maximum(carried.needs[:, :month].sum(axis=1) - so_far, 0)
    light = np.where(due == 0, 0, np.where(remaining <= capacity, 1, 2))
    return PaceMany(light, due, remaining, need_xun, need_month, np.maximum(best, 0), capacity)
