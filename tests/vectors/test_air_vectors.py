"""The index against worked values of both editions, and the standard's own limits as fixed points."""

from __future__ import annotations

import csv
from calendar import monthrange
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path

import pytest

from sizhang.calculators.air.breakpoints import (
    EDITIONS,
    POLLUTANTS,
    aqi_editions,
    find_category,
    get_breakpoints,
    has_breakpoints,
    in_report_units,
)
from sizhang.calculators.air.evaluation import compute_percentile, find_shortage, limit_row, longest_run
from sizhang.calculators.form.tables import choose_edition, load_table
from sizhang.core.errors import InputError

VECTORS = list(csv.DictReader((Path(__file__).parent / "air_test_vectors.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("row", VECTORS, ids=lambda r: f"{r['pollutant']} {r['concentration']}")
def test_every_vector_in_both_editions(row: dict[str, str]) -> None:
    for edition, column in (("HJ 633-2012", "iaqi_2012"), ("HJ 633-2026", "iaqi_2026")):
        concentration = in_report_units(row["pollutant"], Decimal(row["concentration"]))
        assert get_breakpoints(edition, row["pollutant"], row["averaging"]).compute_iaqi(int(concentration)) == int(row[column])


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("pollutant", POLLUTANTS)
@pytest.mark.parametrize("averaging", ["1h", "8h", "24h"])
def test_every_index_is_the_formula_in_fractions_and_never_falls(edition: str, pollutant: str, averaging: str) -> None:
    if not has_breakpoints(edition, pollutant, averaging):
        pytest.skip("the edition has no such index")
    points = get_breakpoints(edition, pollutant, averaging)
    before = 0
    for concentration in range(points.segments[-1].high + 1):
        index = points.compute_iaqi(concentration)
        low, high, bottom, top = next(s for s in points.segments if concentration <= s.high)
        assert index == ceil(Fraction(high - low, top - bottom) * (concentration - bottom) + low)
        assert index >= before
        before = index


@pytest.mark.parametrize(
    ("edition", "pollutant", "averaging", "concentration", "index"),
    [
        ("HJ 633-2012", "SO2", "1h", 801, None),
        ("HJ 633-2026", "SO2", "1h", 801, 200),
        ("HJ 633-2012", "O3", "8h", 801, None),
        ("HJ 633-2026", "O3", "8h", 801, 300),
        ("HJ 633-2012", "PM2.5", "24h", 9999, 500),
        ("HJ 633-2026", "PM10", "1h", 121, 101),
        ("HJ 633-2012", "CO", "24h", 41, 101),
    ],
)
def test_beyond_the_last_breakpoint_each_edition_has_its_own_rule(
    edition: str, pollutant: str, averaging: str, concentration: int, index: int | None
) -> None:
    assert get_breakpoints(edition, pollutant, averaging).compute_iaqi(concentration) == index


def test_the_2012_edition_grades_no_hour_of_particles() -> None:
    assert not has_breakpoints("HJ 633-2012", "PM2.5", "1h")
    assert has_breakpoints("HJ 633-2026", "PM2.5", "1h")


def test_an_index_of_100_is_the_second_grade_daily_limit_of_the_edition() -> None:
    for edition, limits, on in (("HJ 633-2012", "GB 3095-2012", date(2023, 1, 1)), ("HJ 633-2026", "GB 3095-2026", date(2026, 3, 1))):
        for pollutant in POLLUTANTS:
            basis, averaging = ("mda8", "8h") if pollutant == "O3" else ("24h", "24h")
            limit = in_report_units(pollutant, limit_row(limits, on, pollutant, basis).number("grade2"))
            assert get_breakpoints(edition, pollutant, averaging).compute_iaqi(int(limit)) == 100, (edition, pollutant)


@pytest.mark.parametrize(
    ("aqi", "category"),
    [(0, "优"), (50, "优"), (51, "良"), (100, "良"), (101, "轻度污染"), (201, "重度污染"), (301, "严重污染"), (500, "严重污染")],
)
def test_grades_at_their_edges(aqi: int, category: str) -> None:
    assert find_category(aqi)["category_zh"] == category


@pytest.mark.parametrize(
    ("on", "code", "pm25"),
    [
        (date(2023, 2, 10), "HJ 633-2012", 35),
        (date(2026, 2, 28), "HJ 633-2012", 35),
        (date(2026, 3, 1), "HJ 633-2026", 30),
        (date(2031, 1, 1), "HJ 633-2026", 25),
    ],
)
def test_the_edition_and_the_limits_are_those_of_the_promises_day(on: date, code: str, pm25: int) -> None:
    edition, why = choose_edition(aqi_editions(), on, None)
    assert (edition.code, on.isoformat() in why) == (code, True)
    assert limit_row(code.replace("HJ 633", "GB 3095"), on, "PM2.5", "annual").number("grade2") == pm25


def test_an_unknown_edition_and_a_day_before_all_are_refused_in_words() -> None:
    with pytest.raises(InputError, match="HJ 633-2012, HJ 633-2026"):
        choose_edition(aqi_editions(), None, "1996")
    with pytest.raises(InputError, match="oldest"):
        choose_edition(aqi_editions(), date(2000, 1, 1), None)


def test_percentile_between_neighbours_is_exact() -> None:
    assert compute_percentile(list(range(1, 11)), 95) == Fraction("9.55")
    assert compute_percentile([7], 90) == 7
    assert compute_percentile([10, 20], 90) == 19


@pytest.mark.parametrize(
    ("left_out", "says"),
    [(0, ""), (41, ""), (42, "323 valid days of 324")],
)
def test_a_year_needs_its_days(left_out: int, says: str) -> None:
    # Of each month as many days as it can spare, so that only the year's count can fall short.
    days = [date.fromordinal(date(2023, 1, 1).toordinal() + n) for n in range(365)]
    gone = [d for d in days if d.day <= monthrange(2023, d.month)[1] - (25 if d.month == 2 else 27)][:left_out]
    assert find_shortage([d for d in days if d not in gone]) == says


def test_a_month_needs_its_days() -> None:
    days = [date.fromordinal(date(2023, 1, 1).toordinal() + n) for n in range(365)]
    assert find_shortage([d for d in days if not (d.month == 2 and d.day <= 3)]) == ""
    assert "months 2 below" in find_shortage([d for d in days if not (d.month == 2 and d.day <= 4)])
    assert "months 7 below" in find_shortage([d for d in days if not (d.month == 7 and d.day <= 5)])


def test_runs_of_days_over_a_month_end() -> None:
    assert longest_run([date(2023, 6, 29), date(2023, 6, 30), date(2023, 7, 1), date(2023, 7, 3)]) == 3
    assert longest_run([]) == 0


def test_every_row_of_the_tables_says_how_far_it_can_be_trusted() -> None:
    for name in ("air_iaqi", "air_limits", "air_categories", "air_validity", "dustfall_limits"):
        for row in load_table(name):
            assert row.source, (name, row.line)
    assert any(row.trust == "unverified" for row in load_table("air_validity"))
