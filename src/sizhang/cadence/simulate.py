"""Years of known truth: promises delivered under a plan with the troubles that years have. For back-tests, and for a ledger's first year.

Every number is an assumption of this project, not a measurement: how well bodies keep to their plans differs from city to city. A ledger
with completed years of its own learns from these and leaves the simulated ones out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from sizhang.cadence.curves import even, from_table, s_curve, seasonal, stages, window_of, workdays
from sizhang.cadence.plan import XUN_OF_YEAR, make_plan, xun_of
from sizhang.cadence.workdays import WorkCalendar

Array = Any


class Years(NamedTuple):
    """Promise-years, one a row.

    Attributes:
        cells: planned steps of each 旬.
        reported: steps reported in each 旬, after the lag.
        final: steps really delivered until the year's end.
    """

    cells: Array
    reported: Array
    final: Array


@dataclass(frozen=True, slots=True)
class Population:
    """How bodies behave.

    Attributes:
        level, level_spread: mean and spread of the logarithm of a body's rate against its plan.
        noise, memory: spread of the logarithm from 旬 to 旬, and its correlation with the 旬 before.
        stop: chance that work stands still for 2 to 8 旬 in a year.
        push: chance of a late jump: in the last 3 to 6 旬 half to all of the gap is made up.
        content: chance that a body stops at its target.
        lag: chances that reports come 0, 1, 2 or 3 旬 late.
    """

    level: float = -0.05
    level_spread: float = 0.22
    noise: float = 0.4
    memory: float = 0.6
    stop: float = 0.25
    push: float = 0.3
    content: float = 0.5
    lag: tuple[float, float, float, float] = (0.5, 0.25, 0.15, 0.1)


@lru_cache(maxsize=4)
def _curves(year: int) -> tuple[tuple[int, ...], ...]:
    window, quarters = window_of(year), xun_of(year)
    return (
        even(window),
        workdays(window, WorkCalendar()),
        seasonal(window, "planting"),
        seasonal(window, "spring"),
        seasonal(window, "no-winter"),
        s_curve(window),
        s_curve(window, 4, 2),
        s_curve(window, 2, 4),
        stages(window, {quarters[at].end: weight for at, weight in ((8, 2), (17, 3), (26, 3), (34, 2))}),
        from_table(window, {period: 1 + at % 3 for at, period in enumerate(quarters)}),
    )


def simulate_years(count: int, seed: int, population: Population | None = None, year: int = 2025) -> Years:
    """So many promise-years; the same seed gives the same years."""
    population = population or Population()
    rng = np.random.default_rng(seed)
    plans = np.array([make_plan(year, 100_000, curve).cells for curve in _curves(year)], dtype=np.float64) / 100_000
    promised = np.rint(10 ** rng.uniform(1.5, 5, count)).astype(np.int64)
    shares = plans[rng.integers(0, len(plans), count)]
    cells = _whole(shares * promised[:, None])
    rates = _rates(rng, count, population)
    truth = _push(rng, shares * rates, population)
    content = rng.random(count) < population.content
    summed = np.cumsum(truth, axis=1)
    summed = np.where(content[:, None], np.minimum(summed, 1.0), summed)
    real = np.rint(summed * promised[:, None]).astype(np.int64)
    lag = rng.choice(4, count, p=population.lag)
    places = np.arange(XUN_OF_YEAR)[None, :] - lag[:, None]
    known = np.where(places >= 0, np.take_along_axis(real, np.maximum(places, 0), axis=1), 0)
    return Years(cells, np.diff(known, axis=1, prepend=0), real[:, -1])


def _whole(steps: Array) -> Array:
    """Cumulative rounding, so that each row sums to its whole."""
    return np.diff(np.rint(np.cumsum(steps, axis=1)).astype(np.int64), axis=1, prepend=0)


def _rates(rng: np.random.Generator, count: int, population: Population) -> Array:
    """Each body's rate against its plan in each 旬."""
    shocks = rng.normal(0, population.noise, (count, XUN_OF_YEAR))
    noise = np.empty_like(shocks)
    noise[:, 0] = shocks[:, 0]
    for at in range(1, XUN_OF_YEAR):
        noise[:, at] = population.memory * noise[:, at - 1] + np.sqrt(1 - population.memory**2) * shocks[:, at]
    level = rng.normal(population.level, population.level_spread, (count, 1))
    rates = np.exp(level + noise - population.noise**2 / 2)
    stops = rng.random(count) < population.stop
    start, length = rng.integers(0, XUN_OF_YEAR, count), rng.integers(2, 9, count)
    places = np.arange(XUN_OF_YEAR)[None, :]
    still = stops[:, None] & (places >= start[:, None]) & (places < (start + length)[:, None])
    return np.where(still, 0.0, rates)


def _push(rng: np.random.Generator, truth: Array, population: Population) -> Array:
    """Late jumps: some make up for the gap in the last 旬, evenly."""
    count = len(truth)
    pushes, length = rng.random(count) < population.push, rng.integers(3, 7, count)
    gap = np.maximum(1.0 - truth.sum(axis=1), 0.0) * np.minimum(rng.uniform(0.5, 1.2, count), 1.0)
    late = np.arange(XUN_OF_YEAR)[None, :] >= (XUN_OF_YEAR - length)[:, None]
    return truth + np.where(late & pushes[:, None], (gap / length)[:, None], 0.0)
