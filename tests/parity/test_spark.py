"""The relational definitions give the same on Spark (`local[2]`) as on DuckDB, to the last digit.

Needs Java and pyspark (`make test-spark`); elsewhere it is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: make test-spark")

import duckdb  # noqa: E402
import narwhals as nw  # noqa: E402
import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from sizhang.calculators import sources  # noqa: E402
from sizhang.calculators.air.days import COLUMN, compute_concentrations, compute_indices, compute_point_days, group_hours  # noqa: E402
from sizhang.calculators.form.tables import load_table  # noqa: E402
from sizhang.calculators.water import classes  # noqa: E402

Frame = nw.LazyFrame[Any]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("sizhang").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.session.timeZone", "UTC").config("spark.sql.shuffle.partitions", "4").getOrCreate()
    yield session
    session.stop()


def air_hours(folder: Path) -> Path:
    """Forty station-days of random hours with gaps."""
    random, rows = np.random.default_rng(11), 2 * 20 * 24
    table: dict[str, Any] = {"station": ["甲"] * (rows // 2) + ["乙"] * (rows // 2)}
    table["hour_start_at"] = np.tile(np.datetime64("2023-02-20T00", "us") + np.arange(rows // 2).astype("timedelta64[h]"), 2)
    gaps = random.choice([0.0, 0.1, 0.4], rows // 24).repeat(24)
    for column in COLUMN.values():
        table[column] = pa.array(random.integers(0, 20_001, rows), mask=random.random(rows) < gaps)
    pq.write_table(pa.table(table), folder / "air.parquet")
    return folder / "air.parquet"


def both(path: Path, spark: Any, definition: Callable[[Frame], Frame], order: list[str]) -> tuple[list[Any], list[Any]]:
    """The rows of the definition on each engine, in one order."""
    here = definition(nw.from_native(duckdb.connect().read_parquet(str(path))))
    there = definition(nw.from_native(spark.read.parquet(str(path))))
    return rows_of(here, order), rows_of(there, order)


def rows_of(frame: Frame, order: list[str]) -> list[Any]:
    table = frame.select(*sorted(frame.collect_schema().names())).collect(backend="pyarrow").to_native()
    return sorted(table.to_pylist(), key=lambda row: [str(row[name]) for name in order])


def test_station_days(spark: Any, tmp_path: Path) -> None:
    here, there = both(air_hours(tmp_path), spark, group_hours, ["station", "day"])
    assert len(here) == 40
    assert here == there


@pytest.mark.parametrize("edition", ["HJ 633-2012", "HJ 633-2026"])
def test_the_index_of_station_days(spark: Any, tmp_path: Path, edition: str) -> None:
    path = air_hours(tmp_path)
    found = []
    for frame in (nw.from_native(duckdb.connect().read_parquet(str(path))), nw.from_native(spark.read.parquet(str(path)))):
        days = compute_indices(compute_concentrations(compute_point_days(frame, 160)), edition)
        rows = zip(days.station.to_pylist(), days.day.tolist(), *(values.tolist() for values in days.values.values()), strict=True)
        found.append(sorted(rows))
    assert found[0] == found[1]


def test_hours_of_outlets(spark: Any, tmp_path: Path) -> None:
    random, rows = np.random.default_rng(12), 500
    hours = {
        "outlet": random.choice(["DA001", "DA002", "DA003"], rows).tolist(),
        "pollutant": random.choice(["SO2", "NOx"], rows).tolist(),
        "hour_start_at": (np.datetime64("2023-04-01T00", "us") + np.arange(rows).astype("timedelta64[h]")),
        "state": random.choice(["正常", "停运", "故障"], rows, p=[0.8, 0.1, 0.1]).tolist(),
        "mean_mg_m3": pa.array(random.integers(0, 60_000, rows), mask=random.random(rows) < 0.05),
    }
    limits = {"outlet": ["DA001", "DA001", "DA002"], "pollutant": ["SO2", "NOx", "SO2"], "limit_mg_m3": [35_000, 50_000, 35_000]}
    for name, table in (("hours", hours), ("limits", limits)):
        pq.write_table(pa.table(table), tmp_path / f"{name}.parquet")
    connection = duckdb.connect()
    here = sources.count_hours(*(nw.from_native(connection.read_parquet(str(tmp_path / f"{n}.parquet"))) for n in ("hours", "limits")))
    there = sources.count_hours(*(nw.from_native(spark.read.parquet(str(tmp_path / f"{n}.parquet"))) for n in ("hours", "limits")))
    order = ["outlet", "pollutant"]
    assert rows_of(here, order) == rows_of(there, order)
    assert len(rows_of(here, order)) == 6


def test_classes_of_water(spark: Any, tmp_path: Path) -> None:
    """Values at and beside the limits, non-detects, months sampled once to four times: the same class and the same mean."""
    random, count, rows = np.random.default_rng(13), 4_000, classes.build_limit_rows(load_table("water_gb3838"))
    limits = [row for row in rows if row["water_body"] == "河流" and row["name"] == row["item"]]
    chosen = random.integers(0, len(limits), count)
    value = [
        abs(limits[n][f"limit_{k}"]) + int(s)
        for n, k, s in zip(chosen, random.integers(1, 6, count), random.integers(-1, 2, count), strict=True)
    ]
    section = random.integers(0, 30, count).astype(str)
    table = {"section": section, "level": ["省控"] * count, "basin": ["甲河"] * count, "water_body": ["河流"] * count}
    table["sampled_on"] = np.datetime64("2023-01-01") + random.integers(0, 365, count).astype("timedelta64[D]")
    table |= {"item": [limits[n]["name"] for n in chosen], "value": value, "value_below": random.random(count) < 0.1}
    pq.write_table(pa.table(table), tmp_path / "samples.parquet")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "limits.parquet")
    connection, found = duckdb.connect(), []
    for read in (lambda path: connection.read_parquet(str(path)), lambda path: spark.read.parquet(str(path))):
        samples, bounds = (nw.from_native(read(tmp_path / f"{name}.parquet")) for name in ("samples", "limits"))
        prepared = classes.prepare_values(samples, bounds, 2023)
        monthly = classes.compute_monthly_means(prepared.filter(nw.col("rule").is_null()))
        yearly = classes.classify_items(classes.compute_yearly_means(monthly), bounds)
        found.append(rows_of(yearly.select("section", "item", "months", "mean", "class_number"), ["section", "item"]))
    assert len(found[0]) > 100
    assert found[0] == found[1]
