"""Uncertainty of a sum of products, by formula and by seeded simulation.

Source: IPCC 2006 Guidelines, Volume 1, Chapter 3: approach 1 (error propagation) and approach 2 (Monte Carlo).
Two lines with the same factor are wrong together, so a factor's uncertainty is added over its lines before it is squared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# An uncertainty in percent is half the 95 % interval, which is 1.96 standard deviations of a normal variable.
DEVIATIONS_95 = 1.959963984540054


def compute_propagated_pct(
    emissions: Sequence[float], activity_pct: Sequence[float], factor_pct: Sequence[float], factors: Sequence[str]
) -> float:
    """Half the 95 % interval of the total in percent of the total, first order.

    Args:
        emissions: emission of each line.
        activity_pct: half the 95 % interval of each line's activity, percent.
        factor_pct: half the 95 % interval of each line's factor, percent.
        factors: name of each line's factor; lines that share a name share its error.
    """
    emission = np.asarray(emissions, dtype=float)
    if emission.sum() == 0:
        return 0.0
    _, group = np.unique(np.asarray(factors, dtype=str), return_inverse=True)
    by_factor = np.bincount(group, emission * np.asarray(factor_pct, dtype=float))
    variance = np.sum((emission * np.asarray(activity_pct, dtype=float)) ** 2) + np.sum(by_factor**2)
    return float(np.sqrt(variance) / abs(emission.sum()))


def compute_simulated_pct(
    emissions: Sequence[float],
    activity_pct: Sequence[float],
    factor_pct: Sequence[float],
    factors: Sequence[str],
    *,
    draws: int = 20_000,
    seed: int = 2026,
) -> tuple[float, float]:
    """The 95 % interval of the total in percent below and above it, from normal draws of every activity and every factor.

    Args:
        emissions, activity_pct, factor_pct, factors: as for `compute_propagated_pct`.
        draws: number of simulated inventories.
        seed: seed of the generator; the same seed gives the same interval.
    """
    emission = np.asarray(emissions, dtype=float)
    if emission.sum() == 0:
        return 0.0, 0.0
    random = np.random.default_rng(seed)
    names, group = np.unique(np.asarray(factors, dtype=str), return_inverse=True)
    factor_error = random.standard_normal((draws, len(names)))[:, group] * np.asarray(factor_pct, dtype=float)
    activity_error = random.standard_normal((draws, len(emission))) * np.asarray(activity_pct, dtype=float)
    per_deviation = 100 * DEVIATIONS_95
    totals = ((1 + activity_error / per_deviation) * (1 + factor_error / per_deviation)) @ emission
    low, high = np.quantile(totals, [0.025, 0.975]) / emission.sum()
    return float(100 * (1 - low)), float(100 * (high - 1))
