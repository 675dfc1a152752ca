"""A day's values from its hours, the city's from its points', and the whole calculation on data with known truth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest

from sizhang.calculators.air.breakpoints import EDITIONS, POLLUTANTS, get_breakpoints
from sizhang.calculators.air.days import (
    COLUMN,
    NONE,
    O3_HOUR,
    STEPS,
    compute_city_days,
    compute_concentrations,
    compute_indices,
    compute_point_days,
)


def hours_of(values: Mapping[str, np.ndarray], stations: int) -> nw.LazyFrame[Any]:
    """A table of whole days from 1 January 2023; −1 is an absent value."""
    rows = len(next(iter(values.values())))
    instants = np.datetime64("2023-01-01T00", "us") + np.arange(rows // stations).astype("timedelta64[h]")
    table = {
        "station": np.repeat([f"S{n}" for n in range(stations)], rows // stations).tolist(),
        "hour_start_at": np.tile(instants, stations),
    }
    table |= {COLUMN[p]: pa.array(v, pa.int64(), mask=v < 0) for p, v in values.items()}
    return nw.from_native(duckdb.from_arrow(pa.table(table)))


def random_hours(seed: int, days: int) -> dict[str, np.ndarray]:
    """Steps up to the top of what is accepted; whole days without gaps, and days with few to many."""
    random = np.random.default_rng(seed)
    gaps = random.choice([0, 0.05, 0.2, 0.5], days).repeat(24)
    return {p: np.where(random.random(days * 24) < gaps, NONE, random.gamma(2, 400, days * 24).astype(int) % 20_001) for p in POLLUTANTS}


def by_fractions(pollutant: str, hours: np.ndarray, o3_limit: int) -> int:
    """One day's concentration, told again: fractions, one window after the other."""
    there = hours[hours >= 0].tolist()
    if pollutant == O3_HOUR:
        return round(Fraction(max(there), 10)) if there else NONE
    if pollutant != "O3":
        return round(Fraction(sum(there), len(there) * STEPS[pollutant])) if len(there) >= 20 else NONE
    windows = [hours[end - 8 : end][hours[end - 8 : end] >= 0].tolist() for end in range(8, 25)]
    means = [Fraction(sum(w), len(w) * 10) for w in windows if len(w) >= 6]
    return round(max(means)) if means and (len(means) >= 14 or max(means) > o3_limit) else NONE


@pytest.mark.parametrize("edition", EDITIONS)
def test_days_of_random_hours_with_gaps_agree_with_fractions(edition: str) -> None:
    values = random_hours(7, 600)
    found = compute_concentrations(compute_point_days(hours_of(values, 2), 160))
    indices = compute_indices(found, edition)
    for row, (station, day) in enumerate(zip(found.station.to_pylist(), found.day.tolist(), strict=True)):
        start = ((station == "S1") * 300 + (day - date(2023, 1, 1)).days) * 24
        wanted = {p: by_fractions(p, values[p.split()[0]][start : start + 24], 160) for p in (*POLLUTANTS, O3_HOUR)}
        assert {p: int(v[row]) for p, v in found.values.items()} == wanted
        index = {p: get_breakpoints(edition, p, "8h" if p == "O3" else "24h").compute_iaqi(wanted[p]) for p in POLLUTANTS if wanted[p] >= 0}
        if edition == "HJ 633-2012" and wanted[O3_HOUR] >= 0:
            index[O3_HOUR] = get_breakpoints(edition, "O3", "1h").compute_iaqi(wanted[O3_HOUR])
        largest = max((i for i in index.values() if i is not None), default=NONE)
        complete = all(wanted[p] >= 0 for p in POLLUTANTS)
        assert int(indices.values["AQI"][row]) == (largest if complete or largest > 100 else NONE)


def steady(**changed: np.ndarray) -> dict[str, np.ndarray]:
    return {p: changed.get(p.replace(".", ""), np.full(24, 300)) for p in POLLUTANTS}


def one_day(**changed: np.ndarray) -> dict[str, int]:
    days = compute_concentrations(compute_point_days(hours_of(steady(**changed), 1), 160))
    return {p: int(v[0]) for p, v in days.values.items()}


@pytest.mark.parametrize(("absent", "valid"), [(4, True), (5, False)])
def test_a_daily_mean_needs_twenty_hours(absent: int, valid: bool) -> None:
    hours = np.full(24, 300)
    hours[:absent] = NONE
    assert (one_day(PM25=hours)["PM2.5"] == 30) is valid


@pytest.mark.parametrize(("steps", "mean"), [(304, 30), (305, 30), (306, 31), (315, 32)])
def test_a_half_goes_to_the_even_neighbour(steps: int, mean: int) -> None:
    assert one_day(PM25=np.full(24, steps))["PM2.5"] == mean


@pytest.mark.parametrize(("level", "valid"), [(1600, False), (1601, True)])
def test_ozone_with_too_few_means_counts_only_above_the_limit(level: int, valid: bool) -> None:
    hours = np.full(24, level)
    hours[:8] = NONE
    assert (one_day(O3=hours)["O3"] != NONE) is valid


@pytest.mark.parametrize(("points", "valid"), [(3, True), (4, True), (5, False)])
def test_the_city_needs_three_quarters_of_its_points(points: int, valid: bool) -> None:
    values = {p: np.concatenate([np.full(24, 300), np.full(24, 310), np.full(24, 325)]) for p in POLLUTANTS}
    city = compute_city_days(compute_point_days(hours_of(values, 3), 160), points, 75)
    assert (int(city.values["PM2.5"][0]) == 31) is valid


def test_the_city_is_rounded_once_from_the_exact_means() -> None:
    """30.5 and 31.4 average to 30.95, 31; rounded first they would be 30 and 31, and 30.5 would go to 30."""
    values = {p: np.concatenate([np.full(24, 305), np.full(24, 314)]) for p in POLLUTANTS}
    city = compute_city_days(compute_point_days(hours_of(values, 2), 160), 2, 75)
    assert int(city.values["PM2.5"][0]) == 31


def test_a_missing_pollutant_leaves_an_index_only_above_100() -> None:
    absent = np.full(24, NONE)
    for level, aqi in ((750, NONE), (760, 102)):
        days = compute_concentrations(compute_point_days(hours_of(steady(PM25=np.full(24, level), SO2=absent), 1), 160))
        assert int(compute_indices(days, "HJ 633-2012").values["AQI"][0]) == aqi
