"""A million random station-hours: the calculator's whole numbers against a second computation in doubles, written apart from it.

With whole report units as input the doubles are exact where it matters: a mean is a sum of whole numbers divided once, and a half is a
double.
"""

from __future__ import annotations

import csv
from importlib.resources import files

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest

from sizhang.calculators.air.breakpoints import EDITIONS
from sizhang.calculators.air.days import COLUMN, STEPS, compute_concentrations, compute_indices, compute_point_days
from sizhang.calculators.air.hourly import compute_hourly_indices

DAYS = 41_700


def segments(edition: str, pollutant: str, averaging: str) -> list[tuple[int, int, int, int]]:
    """The table's own rows, read here again; CO in tenths of mg/m³."""
    text = (files("sizhang.calculators") / "tables/air_iaqi.csv").read_text("utf-8")
    rows = [
        r for r in csv.DictReader(text.splitlines()) if (r["standard"], r["pollutant"], r["averaging"]) == (edition, pollutant, averaging)
    ]
    factor = 10 if pollutant == "CO" else 1
    return [
        (int(r["iaqi_lo"]), int(r["iaqi_hi"]), int(float(r["bp_lo"]) * factor), int(float(r["bp_hi"]) * factor)) for r in rows if r["bp_hi"]
    ]


def index(values: np.ndarray, edition: str, pollutant: str, averaging: str) -> np.ndarray:
    """The formula, piece by piece; beyond the pieces by the edition's rule."""
    pieces = segments(edition, pollutant, averaging)
    beyond = {("O3", "8h"): {"HJ 633-2012": -1, "HJ 633-2026": 300}, ("SO2", "1h"): {"HJ 633-2012": -1, "HJ 633-2026": 200}}
    found = np.full(len(values), float(beyond.get((pollutant, averaging), {}).get(edition, 500)))
    for low, high, bottom, top in reversed(pieces):
        here = values <= top
        found[here] = np.ceil((high - low) * (values[here] - bottom) / (top - bottom) + low)
    return found.astype(int)


@pytest.fixture(scope="module")
def hours() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1_000_000)
    scale = {"SO2": 40, "NO2": 60, "CO": 15, "O3": 130, "PM10": 140, "PM2.5": 70}
    return {p: np.minimum(random.gamma(1.2, scale[p], DAYS * 24), 1900).astype(int) for p in COLUMN}


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_million_hours_by_day(hours: dict[str, np.ndarray], edition: str) -> None:
    table = {
        "station": pa.array(["S"] * (DAYS * 24)),
        "hour_start_at": np.datetime64("1900-01-01T00", "us") + np.arange(DAYS * 24).astype("timedelta64[h]"),
    }
    table |= {COLUMN[p]: pa.array(v * STEPS[p]) for p, v in hours.items()}
    days = compute_indices(compute_concentrations(compute_point_days(nw.from_native(duckdb.from_arrow(pa.table(table))), 160)), edition)
    wanted = []
    for pollutant, values in hours.items():
        by_day = values.reshape(-1, 24)
        if pollutant == "O3":
            windows = np.lib.stride_tricks.sliding_window_view(by_day, 8, axis=1).sum(axis=2)
            wanted.append(index(np.rint(windows.max(axis=1) / 8), edition, "O3", "8h"))
            if edition == "HJ 633-2012":
                wanted.append(index(by_day.max(axis=1), edition, "O3", "1h"))
        else:
            wanted.append(index(np.rint(by_day.sum(axis=1) / 24), edition, pollutant, "24h"))
    assert np.array_equal(days.values["AQI"][np.argsort(days.day)], np.max(wanted, axis=0))


def test_a_million_hours_by_hour(hours: dict[str, np.ndarray]) -> None:
    found = compute_hourly_indices(hours, "HJ 633-2026")["AQI"]
    wanted = np.max([index(v, "HJ 633-2026", p, "1h") for p, v in hours.items()], axis=0)
    assert np.array_equal(found, wanted)
