"""Speed of the calculators against the usual ways, in one run; `--write` puts the table into docs/figures-calculators.md.

Every way reads the same Parquet file and must give the same sum of indices; one that does not is shown with its difference.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sizhang.calculators.air.breakpoints import POLLUTANTS, get_breakpoints
from sizhang.calculators.air.days import COLUMN, STEPS, compute_concentrations, compute_indices, compute_point_days
from sizhang.calculators.air.hourly import compute_hourly_indices

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/figures-calculators.md"
HOURS = 8760
EDITION = "HJ 633-2026"
O3_LIMIT = 160
MEDIANS = {"SO2": 12, "NO2": 35, "CO": 9, "O3": 90, "PM10": 80, "PM2.5": 40}
ROWS_OF_SLOW = 100_080


def write_hours(path: Path, stations: int) -> int:
    """A year of whole station-hours in whole report units, as data portals give them; gives the number of rows."""
    random, rows = np.random.default_rng(2026), stations * HOURS
    names = pa.DictionaryArray.from_arrays(np.repeat(np.arange(stations, dtype=np.int32), HOURS), [f"S{n:05d}" for n in range(stations)])
    instants = np.datetime64("2023-01-01T00", "us") + np.arange(HOURS).astype("timedelta64[h]")
    table = {"station": names, "hour_start_at": np.tile(instants, stations)}
    for pollutant, column in COLUMN.items():
        table[column] = np.minimum(random.gamma(2, MEDIANS[pollutant] / 2, rows), 900).astype(np.uint16)
    pq.write_table(pa.table(table), path)
    return rows


def ours(path: Path) -> int:
    """The calculator's own definition."""
    steps = ", ".join(f"{column}::INTEGER * {STEPS[pollutant]} AS {column}" for pollutant, column in COLUMN.items())
    hours = duckdb.connect().sql(f"SELECT station, hour_start_at, {steps} FROM '{path}'")
    days = compute_concentrations(compute_point_days(nw.from_native(hours), O3_LIMIT))
    return int(compute_indices(days, EDITION).values["AQI"].sum())


def index_sql(value: str, pollutant: str) -> str:
    """The index as an expression in doubles, as it is usually written."""
    points = get_breakpoints(EDITION, pollutant, "8h" if pollutant == "O3" else "24h")
    cases = [
        f"WHEN {value} <= {s.high} THEN ceil({s.iaqi_low} + ({value} - {s.low}) * {s.iaqi_high - s.iaqi_low} / {s.high - s.low}.0)"
        for s in points.segments
    ]
    return f"CASE {' '.join(cases)} ELSE {points.above} END"


def plain_sql(path: Path) -> int:
    """One statement over DuckDB: means, a window of eight hours, the index."""
    means = ", ".join(f"round_even(avg({c}), 0) AS {c}" for p, c in COLUMN.items() if p != "O3")
    indices = ", ".join(index_sql(c, p) for p, c in COLUMN.items())
    query = f"""
        WITH hours AS (
            SELECT *, hour(hour_start_at) AS h, avg(o3_ug_m3) OVER (PARTITION BY station ORDER BY hour_start_at ROWS 7 PRECEDING) AS o3_8h
            FROM '{path}'
        ), days AS (
            SELECT station, hour_start_at::DATE AS day, {means}, round_even(max(o3_8h) FILTER (h >= 7), 0) AS o3_ug_m3
            FROM hours GROUP BY 1, 2
        ) SELECT sum(greatest({indices}))::BIGINT FROM days
    """
    return int(duckdb.connect().execute(query).fetchall()[0][0])


def with_polars(path: Path) -> int:
    """Polars: group, rolling mean, interpolation by conditions."""
    import polars as pl

    def index(column: str, pollutant: str) -> pl.Expr:
        points = get_breakpoints(EDITION, pollutant, "8h" if pollutant == "O3" else "24h")
        chain = pl.lit(float(points.above or 0))
        for s in reversed(points.segments):
            value = s.iaqi_low + (pl.col(column) - s.low) * (s.iaqi_high - s.iaqi_low) / (s.high - s.low)
            chain = pl.when(pl.col(column) <= s.high).then(value).otherwise(chain)
        return chain.ceil()

    o3 = pl.col("o3_ug_m3").cast(pl.Float64).rolling_mean(8).over("station").alias("o3_8h")
    means = [pl.col(c).cast(pl.Float64).mean().round(0, mode="half_to_even") for p, c in COLUMN.items() if p != "O3"]
    largest = pl.col("o3_8h").filter(pl.col("hour_start_at").dt.hour() >= 7).max().round(0, mode="half_to_even").alias("o3_ug_m3")
    days = pl.scan_parquet(path).with_columns(o3).group_by("station", pl.col("hour_start_at").dt.date().alias("day")).agg(*means, largest)
    return int(days.select(pl.max_horizontal(*(index(c, p) for p, c in COLUMN.items())).sum()).collect().item())


def with_pandas(path: Path, rows: int) -> tuple[float, int]:
    """pandas groupby-apply over the first rows; seconds as they would be for all of them, and the sum of those rows."""
    import pandas as pd

    frame = pq.read_table(path).slice(0, min(rows, ROWS_OF_SLOW)).to_pandas()
    frame["day"] = frame["hour_start_at"].dt.date

    def index(day: pd.DataFrame) -> int:
        found = []
        for pollutant, column in COLUMN.items():
            value = day[column].rolling(8).mean().max() if pollutant == "O3" else day[column].mean()
            found.append(get_breakpoints(EDITION, pollutant, "8h" if pollutant == "O3" else "24h").compute_iaqi(round(value)) or 0)
        return max(found)

    start = time.perf_counter()
    total = frame.groupby(["station", "day"], observed=True)[list(COLUMN.values())].apply(index).sum()
    return (time.perf_counter() - start) * rows / len(frame), int(total)


def by_fractions(path: Path, days: int) -> list[int]:
    """The first days' indices by fractions, hour by hour: what every other way is held against."""
    hours = pq.read_table(path).slice(0, days * 24)
    values = {p: hours[c].to_pylist() for p, c in COLUMN.items()}
    found = []
    for day in range(days):
        index = []
        for p in POLLUTANTS:
            held = values[p][day * 24 : day * 24 + 24]
            exact = max(Fraction(sum(held[n : n + 8]), 8) for n in range(17)) if p == "O3" else Fraction(sum(held), 24)
            index.append(get_breakpoints(EDITION, p, "8h" if p == "O3" else "24h").compute_iaqi(round(exact)) or 0)
        found.append(max(index))
    return found


def hourly_pass(hours: dict[str, np.ndarray]) -> int:
    """What NumPy needs at least: one interpolation of each pollutant, rounded up, and the largest."""
    largest = np.zeros(len(hours["SO2"]))
    for pollutant, value in hours.items():
        segments = get_breakpoints(EDITION, pollutant, "1h").segments
        ends, indices = [0, *(s.high for s in segments)], [0, *(s.iaqi_high for s in segments)]
        np.maximum(largest, np.ceil(np.interp(value, ends, indices)), out=largest)
    return int(largest.sum())


def measure(work: Callable[[], int], repeats: int) -> tuple[float, int]:
    """The median of the times, and what came out."""
    times, result = [], 0
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return statistics.median(times), result


def daily_rows(path: Path, rows: int, repeats: int) -> list[tuple[str, float, str]]:
    """Name, seconds for all rows, and remark of each way."""
    seconds, total = measure(lambda: ours(path), repeats)
    found = [("`air` (this project)", seconds, f"sum of indices {total:,}")]
    ways: list[tuple[str, Callable[[], int]]] = [("DuckDB, plain SQL in doubles", lambda: plain_sql(path))]
    if importlib.util.find_spec("polars"):
        ways.append(("Polars, lazy, in doubles", lambda: with_polars(path)))
    for name, work in ways:
        seconds, other = measure(work, repeats)
        found.append((name, seconds, "the same sum" if other == total else f"sum differs by {other - total:+,}"))
    if importlib.util.find_spec("pandas"):
        seconds, _ = with_pandas(path, rows)
        found.append(("pandas, groupby-apply", seconds, f"extrapolated from {min(rows, ROWS_OF_SLOW):,} rows"))
    return found


def hourly_rows(path: Path, repeats: int) -> list[tuple[str, float, str]]:
    table = pq.read_table(path, columns=list(COLUMN.values()))
    hours = {p: table[c].to_numpy() for p, c in COLUMN.items()}
    theirs, plain = measure(lambda: hourly_pass(hours), repeats)
    seconds, total = measure(lambda: int(compute_hourly_indices(hours, EDITION)["AQI"].sum()), repeats)
    remark = "the same sum" if total == plain else f"sum differs by {total - plain:+,} (doubles rounded up)"
    return [
        ("`air_hourly` (this project), in memory", seconds, f"sum of indices {total:,}"),
        ("NumPy, one `interp` a pollutant", theirs, remark),
    ]


def table_of(title: str, rows: list[tuple[str, float, str]]) -> str:
    lines = [f"### {title}", "", "| way | seconds | of ours | remark |", "| --- | ---: | ---: | --- |"]
    lines += [f"| {name} | {seconds:.2f} | {seconds / rows[0][1]:.1f} | {remark} |" for name, seconds, remark in rows]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, nargs="+", default=[114, 1142], help="points with a year of hours each")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for stations in given.stations:
            path = Path(folder) / f"{stations}.parquet"
            rows = write_hours(path, stations)
            exact = by_fractions(path, 200)
            assert [int(v) for v in first_days(path, 200)] == exact, "not exact"
            parts.append(table_of(f"Daily AQI from Parquet, {rows:,} station-hours", daily_rows(path, rows, given.repeats)))
            parts.append(table_of(f"Hourly AQI, {rows:,} station-hours", hourly_rows(path, given.repeats)))
            print("\n\n".join(parts[-2:]), flush=True)
    if given.write:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        machine = f"{platform.system()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, {date.today():%B %Y}"
        machine += f"; most memory of the run {memory:,.0f} MB"
        begin, end = "<!-- air: made by make bench-calculators -->", "<!-- air: end -->"
        made = (
            f"{begin}\n\n## Air\n\n{machine}. Ours is exact: 200 days are told again in fractions before each table.\n\n"
            + "\n\n".join(parts)
            + f"\n\n{end}"
        )
        old = PAGE.read_text("utf-8") if PAGE.exists() else "# Figures of the calculators\n"
        page = old[: old.index(begin)] + made + old[old.index(end) + len(end) :] if begin in old else f"{old.rstrip()}\n\n{made}\n"
        PAGE.write_text(page, "utf-8")


def first_days(path: Path, days: int) -> list[int]:
    """Our indices of the first point's days, in order."""
    table = pq.read_table(path).slice(0, days * 24)
    steps = {c: pa.array(table[c].to_numpy().astype(np.int64) * STEPS[p]) for p, c in COLUMN.items()}
    hours = duckdb.connect().from_arrow(
        pa.table({"station": table["station"].cast("string"), "hour_start_at": table["hour_start_at"], **steps})
    )
    found = compute_indices(compute_concentrations(compute_point_days(nw.from_native(hours), O3_LIMIT)), EDITION)
    return [int(found.values["AQI"][n]) for n in np.argsort(found.day)]


if __name__ == "__main__":
    main()
