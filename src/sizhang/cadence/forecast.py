"""Forecast: the chance that the year is met, and an interval for its end, with the calibration beside it.

A promise is compared with completed promise-years that stood alike when as many 旬 were closed: by what was delivered against the plan,
by its rate of late, by how unsteady it was, and by what the plan still asks for. How those years ended is how this one may end. The
nearest weigh most. The intervals are then widened or narrowed so that over the completed years themselves, each left out in its turn, they
hold as often as they say (split-conformal calibration of the quantile levels). Nothing of the year's own future enters.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from typing import Any, Final, NamedTuple

import numpy as np

from sizhang.cadence.plan import XUN_OF_YEAR
from sizhang.cadence.simulate import Years
from sizhang.core.errors import LedgerError, Words

Array = Any
CLOSED_MIN: Final = 3
YEARS_MIN: Final = 100
_NEAREST: Final = 120
_ROWS: Final = 256
_LIBRARIES_HELD: Final = 16
_LEVELS: Final = (0.025, 0.1, 0.5, 0.9, 0.975)
# Each feature's unit of distance: what counts as one step apart.
_SCALES: Final = np.array([0.04, 0.12, 0.25, 0.3, 0.5, 0.08])


class Forecasts(NamedTuple):
    """One row a promise.

    Attributes:
        chance: that all that is planned is delivered by the year's end, 0 to 1.
        ends: the year's end as a share of the plan at the levels 2.5, 10, 50, 90 and 97.5 %.
        alike: how many completed years it was compared with.
    """

    chance: Array
    ends: Array
    alike: int


def check_forecast(closed: int, planned: Array, completed: int) -> str | None:
    """Why nothing can be said, in Chinese and English; None where something can."""
    why_not = _why_not(closed, planned, completed)
    return None if why_not is None else f"{why_not.zh} {why_not.en}"


def _why_not(closed: int, planned: Array, completed: int) -> Words | None:
    if closed < CLOSED_MIN:
        return Words(f"只结了{closed}个旬，至少要{CLOSED_MIN}个", f"only {closed} 旬 are closed, at least {CLOSED_MIN} are needed")
    if closed >= XUN_OF_YEAR:
        return Words("全年已结，无需预测", "the year is closed")
    if completed < YEARS_MIN:
        return Words(
            f"可比的完整年度只有{completed}个，至少要{YEARS_MIN}个",
            f"only {completed} completed years to compare with, {YEARS_MIN} are needed",
        )
    return None if planned else Words("至今计划为零，无从比较", "nothing was planned so far")


def features(cells: Array, delivered: Array, closed: int) -> Array:
    """Where a promise stands after so many 旬: gap, rate, rate of late, unsteadiness, stillness of late, plan left."""
    whole = np.maximum(cells.sum(axis=1), 1).astype(np.float64)
    plan, done = cells[:, :closed] / whole[:, None], delivered[:, :closed] / whole[:, None]
    asked, given = plan.sum(axis=1), done.sum(axis=1)
    # Three per cent of the year are added to both sides: a rate of the first days says little.
    rate = np.log((np.maximum(given, 0) + 0.03) / (asked + 0.03))
    late = slice(max(closed - 4, 0), closed)
    of_late = np.log((np.maximum(done[:, late].sum(axis=1), 0) + 0.02) / (plan[:, late].sum(axis=1) + 0.02))
    apart = np.log((np.maximum(done, 0) + 0.005) / (plan + 0.005))
    still = ((done[:, late] <= 0) & (plan[:, late] > 0)).mean(axis=1)
    return np.stack([given - asked, rate, of_late, apart.std(axis=1), still, 1 - asked], axis=1) / _SCALES


def forecast(completed: Years, cells: Array, delivered: Array) -> Forecasts:
    """Forecast promises of which the same 旬 are closed.

    Args:
        completed: years to compare with.
        cells: planned steps, 36 columns.
        delivered: steps delivered, a column for each closed 旬.

    Raises:
        LedgerError: nothing can be said, see `check_forecast`.
    """
    closed = delivered.shape[1]
    why_not = _why_not(closed, 1, len(completed.cells))
    if why_not:
        raise LedgerError(
            Words(f"不能预测：{why_not.zh}。", f"No forecast: {why_not.en}."),
            remedy=Words("请多结几期，或等有了同类承诺的完整年度。", "Close more periods, or wait for a year of like promises."),
        )
    known = features(completed.cells, completed.reported, closed)
    wholes = np.maximum(completed.cells.sum(axis=1), 1)
    outcome = completed.final / wholes
    given = completed.reported[:, :closed].sum(axis=1) / wholes
    levels = _calibrated(known, outcome, given)
    at = features(cells, delivered, closed)
    now = delivered.sum(axis=1) / np.maximum(cells.sum(axis=1), 1)
    chance, ends = np.empty(len(cells)), np.empty((len(cells), len(_LEVELS)))
    for start in range(0, len(cells), _ROWS):
        rows = slice(start, start + _ROWS)
        nearest, weight = _nearest(known, at[rows])
        met = (weight * (outcome[nearest] >= 1)).sum(axis=1)
        size = 1 / (weight**2).sum(axis=1)
        chance[rows] = (met * size + 0.5 * outcome_share(outcome)) / (size + 0.5)
        ends[rows] = _quantiles(_ends(outcome, given, nearest, now[rows]), weight, levels)
    # What is done already when everything asked for is done cannot be undone by a forecast.
    return Forecasts(np.where(now >= 1, np.maximum(chance, 0.99), chance), ends, len(completed.cells))


def outcome_share(outcome: Array) -> float:
    """The share of completed years that were met."""
    return float((outcome >= 1).mean())


def _ends(outcome: Array, given: Array, nearest: Array, now: Array) -> Array:
    """The ends of the nearest years, moved by half of what they stood apart from this one."""
    return outcome[nearest] + 0.5 * (now[:, None] - given[nearest])


def _nearest(known: Array, at: Array, skip: Array | None = None) -> tuple[Array, Array]:
    """The nearest completed years of each row with their weights, which sum to 1; `skip` leaves one out in each row."""
    distance = ((at[:, None, :] - known[None, :, :]) ** 2).sum(axis=2)
    if skip is not None:
        distance[np.arange(len(at)), skip] = np.inf
    count = min(_NEAREST, len(known) // 4)
    nearest = np.argpartition(distance, count, axis=1)[:, : count + 1]
    close = np.sqrt(np.take_along_axis(distance, nearest, axis=1))
    reach = close.max(axis=1, keepdims=True)
    weight = np.maximum(1 - (close / np.maximum(reach, 1e-9)) ** 2, 1e-6)
    return nearest, weight / weight.sum(axis=1, keepdims=True)


def _quantiles(values: Array, weight: Array, levels: Array) -> Array:
    """Weighted quantiles row by row."""
    order = np.argsort(values, axis=1)
    values, summed = np.take_along_axis(values, order, axis=1), np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    places = np.stack([(summed < level).sum(axis=1) for level in levels], axis=1)
    return np.take_along_axis(values, np.minimum(places, values.shape[1] - 1), axis=1)


_levels_held: OrderedDict[bytes, Array] = OrderedDict()


def _calibrated(known: Array, outcome: Array, given: Array) -> Array:
    """The calibration, kept for the last few libraries: every promise that is compared with the same years has the same."""
    digest = sha256(known.shape[0].to_bytes(8) + known.tobytes() + outcome.tobytes() + given.tobytes()).digest()
    levels = _levels_held.get(digest)
    if levels is None:
        levels = _levels_held[digest] = _calibrate(known, outcome, given)
        while len(_levels_held) > _LIBRARIES_HELD:
            _levels_held.popitem(last=False)
    return levels


def _calibrate(known: Array, outcome: Array, given: Array) -> Array:
    """The quantile levels between which the completed years, each left out in its turn, fall as often as an interval says.

    Many years end exactly at their target, so an interval that ends there holds more than its levels say; the levels are therefore sought
    by how often the closed interval held.
    """
    below, upto = np.empty(len(known)), np.empty(len(known))
    for start in range(0, len(known), _ROWS):
        rows = np.arange(start, min(start + _ROWS, len(known)))
        nearest, weight = _nearest(known, known[rows], skip=rows)
        ends, own = _ends(outcome, given, nearest, given[rows]), outcome[rows, None]
        below[rows], upto[rows] = (weight * (ends < own)).sum(axis=1), (weight * (ends <= own)).sum(axis=1)
    middle = (below + upto) / 2
    sought = []
    for interval in (0.95, 0.8):
        tails = np.linspace(0.2, 2, 91) * (1 - interval) / 2
        low, high = np.quantile(middle, tails), np.quantile(middle, 1 - tails)
        held = ((upto >= low[:, None]) & (below < high[:, None])).mean(axis=1)
        best = int(np.argmin(np.abs(held - interval)))
        sought.append((low[best], high[best]))
    (low95, high95), (low80, high80) = sought
    return np.array([low95, low80, np.quantile(middle, 0.5), high80, high95])
