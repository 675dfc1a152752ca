"""Classes of GB 3838-2002 at their limits, and a million values against a second computation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest

from sizhang.calculators.form.tables import load_table
from sizhang.calculators.water.classes import STEPS, build_limits, classify_items, compute_monthly_means, compute_yearly_means

TABLE = load_table("water_gb3838")


def frames(rows: dict[str, Any]) -> tuple[Any, Any]:
    """The samples and the limits as lazy frames of one DuckDB connection."""
    import narwhals as nw
    import pyarrow as pa

    connection = duckdb.connect()
    connection.register("samples", pa.table(rows))
    relation = connection.table("samples")
    return nw.from_native(relation), build_limits(relation, TABLE)


def classes_of(values: list[str], *, item: str, body: str = "河流", months: list[str] | None = None) -> list[int]:
    """Class of one item at one section, by month or, where months are given, of the year."""
    count = len(values)
    rows = {
        "section": ["s"] * count if months else [f"s{n:02}" for n in range(count)],
        "level": ["国控"] * count,
        "basin": ["汾河"] * count,
        "water_body": [body] * count,
        "month": months or ["2023-01"] * count,
        "item": [item] * count,
        "steps": [int(Decimal(value) * STEPS) for value in values],
    }
    samples, limits = frames(rows)
    means = compute_monthly_means(samples)
    found = classify_items(compute_yearly_means(means) if months else means, limits).sort("section").collect()
    return [int(number) for number in found["class_number"]]


@pytest.mark.parametrize(
    ("item", "body", "values", "classes"),
    [
        ("DO", "河流", ["7.5", "7.499999999", "6", "5", "4.99", "3", "2", "1.99", "0"], [1, 2, 2, 3, 4, 4, 5, 6, 6]),
        ("pH", "河流", ["6", "9", "7.5", "5.99", "9.01", "14"], [1, 1, 1, 6, 6, 6]),
        ("NH3-N", "河流", ["0.15", "0.150000001", "0.5", "1", "1.5", "2", "2.01"], [1, 2, 2, 3, 4, 5, 6]),
        ("TP", "河流", ["0.02", "0.1", "0.2", "0.21", "0.4", "0.41"], [1, 2, 3, 4, 5, 6]),
        ("TP", "湖库", ["0.01", "0.02", "0.05", "0.051", "0.2", "0.41"], [1, 2, 3, 4, 5, 6]),
        ("COD", "河流", ["15", "15.1", "20", "40", "40.1"], [1, 3, 3, 5, 6]),
        ("Hg", "河流", ["0.00005", "0.00006", "0.0001", "0.0011"], [1, 3, 3, 6]),
        ("Zn", "河流", ["0.05", "1", "2", "2.1"], [1, 2, 4, 6]),
    ],
)
def test_values_at_the_limits(item: str, body: str, values: list[str], classes: list[int]) -> None:
    assert classes_of(values, item=item, body=body) == classes


@pytest.mark.parametrize("item", ["TN", "water temperature", "fecal coliform", "unknown"])
def test_items_outside_the_routine_class_give_none(item: str) -> None:
    assert classes_of(["99"], item=item, body="湖库") == []


def test_the_mean_is_classed_and_not_the_worst_sample() -> None:
    """Ten times 0.1 is 1 exactly, where binary fractions add up to a hair less or more."""
    months = [f"2023-{n:02}" for n in range(1, 11)]
    assert classes_of(["0.1", "0.2", "0.3", "0.4", "0.5", "1.5", "1.6", "1.7", "1.8", "1.9"], item="NH3-N", months=months) == [3]
    assert classes_of(["0.1", "0.2", "0.3", "0.4", "0.5", "1.5", "1.6", "1.7", "1.8", "1.90000001"], item="NH3-N", months=months) == [4]


def test_a_month_weighs_the_same_however_often_it_was_sampled() -> None:
    assert classes_of(["0.4", "1.8", "1.8", "1.8"], item="NH3-N", months=["2023-01", "2023-02", "2023-02", "2023-02"]) == [4]


def test_a_million_values_equal_a_second_computation() -> None:
    """Independent: numpy, integers of its own, limits read again from the table and searched, no join and no sum of comparisons."""
    random, count = np.random.default_rng(5), 1_000_000
    table = [row for row in TABLE if row["in_routine_class"] == "yes" and row["water_body"] in ("all", "river")]
    names = [row["name_en"] for row in table]
    item, section = random.integers(0, len(names), count), random.integers(0, 3_000, count)
    limits = np.array([[float(row[c].split("-")[-1]) for c in ("I", "II", "III", "IV", "V")] for row in table])
    steps = np.rint(limits[item, random.integers(0, 5, count)] * random.choice([0.5, 0.98, 1, 1, 1.02, 2], count) * 1e9).astype(np.int64)
    places = np.array([f"{n:05}" for n in range(3_000)])
    samples, frame = frames(
        {"section": places[section], "item": np.array(names)[item], "steps": steps}
        | {name: np.full(count, text) for name, text in (("level", "省控"), ("basin", "b"), ("water_body", "河流"), ("month", "2023-05"))}
    )
    ours = classify_items(compute_monthly_means(samples), frame).select("section", "item", "class_number").collect()
    group = section * len(names) + item
    total, number = np.zeros(3_000 * len(names), dtype=np.int64), np.bincount(group, minlength=3_000 * len(names))
    np.add.at(total, group, steps)
    expected = {}
    for key in np.flatnonzero(number):
        row, bounds = table[key % len(names)], limits[key % len(names)]
        mean = (2 * int(total[key]) + int(number[key])) // (2 * int(number[key]))
        steps_at = [round(bound * 10**9) for bound in bounds]
        if row["direction"] == "range":
            worse = 5 if not 6 * 10**9 <= mean <= 9 * 10**9 else 0
        elif row["direction"] == "ge":
            worse = next((k for k, bound in enumerate(steps_at) if mean >= bound), 5)
        else:
            worse = next((k for k, bound in enumerate(steps_at) if mean <= bound), 5)
        expected[places[key // len(names)], row["name_en"]] = worse + 1
    found = {(s, i): c for s, i, c in zip(ours["section"], ours["item"], ours["class_number"], strict=True)}
    assert {(str(s), str(i)): int(str(c)) for (s, i), c in found.items()} == expected
