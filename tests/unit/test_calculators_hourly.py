"""The real-time index: moving means of particles by the 2012 edition, hourly ones by the 2026 edition."""

from __future__ import annotations

import numpy as np
import pytest

from sizhang.calculators.air.breakpoints import POLLUTANTS
from sizhang.calculators.air.days import NONE
from sizhang.calculators.air.hourly import compute_hourly_indices, moving_means

CLOCK = np.datetime64("2023-01-01T00", "h") + np.arange(60).astype("timedelta64[h]")


def test_moving_means_told_again_hour_by_hour() -> None:
    random = np.random.default_rng(5)
    values = np.where(random.random(60) < 0.12, NONE, random.integers(0, 3000, 60))
    found = moving_means(values, np.zeros(60, int), CLOCK, 10)
    for row in range(60):
        held = [int(v) for v in values[max(0, row - 23) : row + 1] if v >= 0]
        # Python rounds a half to the even neighbour, as the standard does; sums are whole, so the quotient's half is exact.
        assert found[row] == (round(sum(held) / (len(held) * 10)) if len(held) >= 20 else NONE)


def test_a_moving_mean_looks_at_hours_and_not_at_rows() -> None:
    """Rows that are absent leave fewer than twenty of the last 24 hours."""
    gone = np.delete(np.arange(60), range(30, 35))
    found = moving_means(np.full(55, 300), np.zeros(55, int), CLOCK[gone], 10)
    assert found[gone.tolist().index(35)] == NONE
    assert found[gone.tolist().index(29)] == 30


def test_a_moving_mean_never_reaches_into_another_point() -> None:
    values = np.concatenate([np.full(30, 9000), np.full(30, 300)])
    found = moving_means(values, np.repeat([0, 1], 30), np.tile(CLOCK[:30], 2), 10)
    assert set(found[30:49]) == {NONE}
    assert set(found[49:]) == {30}


@pytest.mark.parametrize(("edition", "aqi"), [("HJ 633-2012", 102), ("HJ 633-2026", 115)])
def test_an_hour_of_particles_by_each_edition(edition: str, aqi: int) -> None:
    hours = {p: np.array([10]) for p in POLLUTANTS} | {"PM2.5": np.array([76])}
    assert compute_hourly_indices(hours, edition)["AQI"].tolist() == [aqi]


def test_an_hour_without_a_pollutant_has_an_index_only_above_100() -> None:
    hours = {p: np.array([10, 10]) for p in POLLUTANTS} | {"PM2.5": np.array([60, 61]), "SO2": np.array([NONE, NONE])}
    assert compute_hourly_indices(hours, "HJ 633-2026")["AQI"].tolist() == [NONE, 101]
