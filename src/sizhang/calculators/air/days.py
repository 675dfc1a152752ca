"""From station-hours to the air quality index of each day.

The grouping of hours into days is one relational definition, the same for DuckDB here and for Spark beyond one machine; what follows
works on the days' few numbers as arrays. All arithmetic is in whole numbers. An hourly value is in steps (0.1 µg/m³; CO 0.001 mg/m³).
A mean is kept exact as a multiple of 1/SCALE of a step, since every number of hours that a valid mean can rest on divides SCALE. It is
rounded once, to the report unit (µg/m³; CO 0.1 mg/m³), half to even.

The eight-hour means need each hour of a day beside the others. Four hours share one 64-bit number (16 bits each, the value plus one, so
that nought means absent): six sums then carry the whole day through one grouping, in place of a window over every hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import lcm
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sizhang.calculators.air.breakpoints import POLLUTANTS, get_breakpoints

if TYPE_CHECKING:
    import narwhals as nw
    import numpy as np

Whole: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

COLUMN: Final = {"SO2": "so2_ug_m3", "NO2": "no2_ug_m3", "CO": "co_mg_m3", "O3": "o3_ug_m3", "PM10": "pm10_ug_m3", "PM2.5": "pm25_ug_m3"}
# Steps of an hourly value in one report unit.
STEPS: Final = {"SO2": 10, "NO2": 10, "CO": 100, "O3": 10, "PM10": 10, "PM2.5": 10}
MEANS: Final = tuple(p for p in POLLUTANTS if p != "O3")
O3_HOUR: Final = "O3 1h"
HOURS_MIN: Final = 20
WINDOW: Final = 8
WINDOW_HOURS_MIN: Final = 6
WINDOWS_MIN: Final = 14
SCALE: Final = lcm(*range(HOURS_MIN, 25), *range(WINDOW_HOURS_MIN, WINDOW + 1))
O3_UG_M3_MAX: Final = 2000
NONE: Final = -1
_BITS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Days:
    """Days of points, or of the city, as arrays of one length.

    Attributes:
        station: the point's name; the city's days have one name.
        day: `datetime64[D]`.
        values: by pollutant and `O3 1h`; what the values are says the function that made them; NONE where there is no valid one.
    """

    station: Any
    day: Any
    values: Mapping[str, Whole]


def group_hours(hours: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Sums and counts of each point and day: the relational part.

    Args:
        hours: `station`, `hour_start_at`, and the columns of `COLUMN` in steps; a station has an hour at most once, O₃ at most 2000 µg/m³.
    """
    import narwhals as nw

    hour = nw.col("hour_start_at").dt.hour().cast(nw.Int64)
    place = hour % 4
    factor = nw.when(place == 0).then(1).when(place == 1).then(_BITS).when(place == 2).then(_BITS**2).otherwise(_BITS**3)
    sums = [nw.col(COLUMN[p]).sum().cast(nw.Int64).alias(f"sum_{COLUMN[p]}") for p in MEANS]
    counts = [nw.col(COLUMN[p]).count().cast(nw.Int64).alias(f"n_{COLUMN[p]}") for p in MEANS]
    words = [nw.when(nw.col("quarter") == k).then(nw.col("packed")).sum().cast(nw.Int64).alias(f"word_{k}") for k in range(6)]
    prepared = hours.with_columns(
        nw.col("hour_start_at").cast(nw.Date).alias("day"),
        (hour // 4).alias("quarter"),
        ((nw.col("o3_ug_m3").cast(nw.Int64) + 1) * factor.cast(nw.Int64)).alias("packed"),
    )
    return prepared.group_by("station", "day").agg(*sums, *counts, *words)


def compute_point_days(hours: nw.LazyFrame[Any], o3_limit_ug_m3: int) -> Days:
    """Exact means of each point and day in 1/SCALE steps; O₃ is the largest eight-hour mean, `O3 1h` the largest hour.

    Args:
        o3_limit_ug_m3: with fewer than 14 valid eight-hour means a day counts only when their largest exceeds it.

    Source: GB 3095 table 4 (20 hours a day, 6 of 8 hours), HJ 663 6.1.2 (14 eight-hour means that end from 8 to 24 o'clock).
    """
    import numpy as np

    table = group_hours(hours).collect(backend="pyarrow").to_native()
    column = {name: table[name].combine_chunks() for name in table.column_names}
    numbers = {name: column[name].fill_null(0).to_numpy(zero_copy_only=False) for name in column if name not in ("station", "day")}
    values: dict[str, Whole] = {}
    for pollutant in MEANS:
        count = numbers[f"n_{COLUMN[pollutant]}"]
        values[pollutant] = np.where(count >= HOURS_MIN, numbers[f"sum_{COLUMN[pollutant]}"] * (SCALE // np.maximum(count, 1)), NONE)
    words = np.stack([numbers[f"word_{k}"] for k in range(6)], axis=1)
    values["O3"], values[O3_HOUR] = compute_mda8(words.astype("<i8", copy=False).view("<u2").astype(np.int32) - 1, o3_limit_ug_m3)
    return Days(column["station"], column["day"].to_numpy(zero_copy_only=False), values)


def compute_mda8(hours: Whole, o3_limit_ug_m3: int) -> tuple[Whole, Whole]:
    """The largest eight-hour mean and the largest hour of each day, in 1/SCALE steps.

    Args:
        hours: one row of 24 values in steps a day, NONE where an hour is absent.
    """
    import numpy as np

    highest = hours.max(axis=1).astype(np.int64)
    highest = np.where(highest >= 0, highest * SCALE, NONE)
    gaps = hours.min(axis=1) < 0
    # A day without a gap needs no counting, and most days have none.
    largest = np.asarray(_window_sums(hours).max(axis=1), np.int64) * (SCALE // WINDOW)
    there = hours[gaps] >= 0
    counts = _window_sums(there)
    valid = counts >= WINDOW_HOURS_MIN
    sums = _window_sums(np.where(there, hours[gaps], 0)).astype(np.int64)
    found = np.where(valid, sums * (SCALE // np.maximum(counts, 1)), NONE).max(axis=1, initial=NONE)
    enough = (valid.sum(axis=1) >= WINDOWS_MIN) | (found > o3_limit_ug_m3 * STEPS["O3"] * SCALE)
    largest[gaps] = np.where(enough, found, NONE)
    return largest, highest


def _window_sums(hours: Whole) -> Whole:
    """Sums over each eight hours of a row that end within it."""
    import numpy as np

    sums = np.cumsum(hours, axis=1, dtype=np.int32)
    sums[:, WINDOW:] -= sums[:, :-WINDOW].copy()
    return sums[:, WINDOW - 1 :]


def compute_concentrations(days: Days) -> Days:
    """The means in whole report units, rounded this once (GB/T 8170, half to even)."""
    return Days(days.station, days.day, {name: round_half_even(value, _divisor(name)) for name, value in days.values.items()})


def compute_city_days(points: Days, point_count: int, share_min_pct: int) -> Days:
    """The city's days in whole report units: the mean of its points' exact daily means, rounded this once.

    A pollutant is valid on a day on which at least `share_min_pct` of the points are.
    Source: HJ 663-2013, city scale (recalled, unverified: see the table `air_validity`).
    """
    import numpy as np

    day, place = np.unique(points.day, return_inverse=True)
    values: dict[str, Whole] = {}
    for name, value in points.values.items():
        total, count = np.zeros(len(day), np.int64), np.zeros(len(day), np.int64)
        valid = value >= 0
        np.add.at(total, place[valid], value[valid])
        np.add.at(count, place[valid], 1)
        enough = (count > 0) & (count * 100 >= point_count * share_min_pct)
        values[name] = np.where(enough, round_half_even(total, _divisor(name) * np.maximum(count, 1)), NONE)
    return Days(np.full(len(day), "city"), day, values)


def _divisor(name: str) -> int:
    return STEPS[name.split()[0]] * SCALE


def round_half_even(value: Whole, divisor: Any) -> Whole:
    """Whole numbers divided and rounded once, a half to the even neighbour (GB/T 8170); NONE stays."""
    import numpy as np

    whole, twice = value // divisor, value % divisor * 2
    up = (twice > divisor) | ((twice == divisor) & (whole % 2 == 1))
    return np.where(value >= 0, whole + up, NONE)


def compute_iaqi(concentration: Whole, edition: str, pollutant: str, averaging: str) -> Whole:
    """The index of whole report units, through the exact index of every whole concentration."""
    import numpy as np

    table = _index_table(edition, pollutant, averaging)
    return table[np.minimum(concentration, len(table) - 2)]


@cache
def _index_table(edition: str, pollutant: str, averaging: str) -> Whole:
    """The index of each whole concentration; the last entry answers for NONE, the one before it for all beyond the breakpoints."""
    import numpy as np

    points = get_breakpoints(edition, pollutant, averaging)
    exact = [points.compute_iaqi(c) for c in range(points.segments[-1].high + 2)]
    return np.array([NONE if index is None else index for index in exact] + [NONE], np.int16)


def compute_indices(days: Days, edition: str) -> Days:
    """IAQI of each pollutant of days in whole report units, and `AQI`.

    A pollutant without a valid day is left out; the index is then given only if it is above 100 all the same (HJ 633-2026, 5.3.1; the 2012
    edition has no such clause, and the same is done). The 2012 edition also grades the largest hour of O₃.
    """
    import numpy as np

    found = {p: compute_iaqi(days.values[p], edition, p, "8h" if p == "O3" else "24h") for p in POLLUTANTS}
    complete = np.all([days.values[p] >= 0 for p in POLLUTANTS], axis=0)
    if edition == "HJ 633-2012":
        found[O3_HOUR] = compute_iaqi(days.values[O3_HOUR], edition, "O3", "1h")
    largest = np.max(list(found.values()), axis=0)
    return Days(days.station, days.day, {**found, "AQI": np.where(complete | (largest > 100), largest, NONE)})
