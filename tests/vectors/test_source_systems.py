"""Dust fall, sites, finance and stages on cases worked by hand, failing ones included."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from sizhang.calculators.climate_finance import find_obstacle
from sizhang.calculators.dust.fall import compute_dust_fall, limit_of
from sizhang.calculators.dust.sites import judge_site
from sizhang.calculators.stages import compute_earned_schedule, judge_stages, month_ends


def test_dust_fall_by_hand() -> None:
    """0.07 g in a mouth of 100 cm² over 30 days: 7 g/m², which is 7 t/km²."""
    fall = compute_dust_fall(Decimal("25.671"), Decimal("25.600"), Decimal("0.001"), Decimal(100), Decimal("30.0"))
    assert fall == 7


def test_dust_fall_of_other_lengths_is_normalised_to_thirty_days() -> None:
    amounts = (Decimal("25.671"), Decimal("25.600"), Decimal("0.001"), Decimal(100))
    assert compute_dust_fall(*amounts, Decimal("28.0")) == Fraction(7 * 30, 28)
    assert compute_dust_fall(*amounts, Decimal("32.0")) < 7


def test_a_blank_heavier_than_the_residue_is_negative_and_so_no_sample() -> None:
    assert compute_dust_fall(Decimal("25.6"), Decimal("25.6"), Decimal("0.001"), Decimal(100), Decimal(30)) < 0


@pytest.mark.parametrize(("month", "limit"), [("2020-05", "9.0"), ("2021-09", "9.0"), ("2021-10", "7.0"), ("2023-01", "7.0")])
def test_the_yardstick_is_the_months(month: str, limit: str) -> None:
    assert limit_of(month).number("limit") == Decimal(limit)


@pytest.mark.parametrize(
    ("latest", "state"),
    [
        ({"围挡": "到位", "覆盖": "到位"}, "c"),
        ({"围挡": "到位", "覆盖": "不到位"}, "f"),
        ({"围挡": "到位"}, "u"),
        ({"覆盖": "不到位"}, "f"),
        ({}, "u"),
        ({"围挡": "到位", "覆盖": "到位", "喷淋": "不到位"}, "c"),
    ],
)
def test_a_site_is_judged_by_the_measures_of_its_own_grade(latest: dict[str, str], state: str) -> None:
    assert judge_site({"围挡", "覆盖"}, latest) == state


def test_a_grade_without_rules_is_never_compliant() -> None:
    assert judge_site(set(), {"围挡": "到位"}) == "u"


def project(**changed: Any) -> dict[str, Any]:
    base = {
        "category": "工业节能",
        "approval": "批1",
        "method": "方法",
        "contract": "HT1",
        "signed_on": date(2023, 5, 1),
        "reduction_t": Decimal(1),
    }
    return {**base, **changed}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, ""),
        ({"category": "煤化工"}, "catalogue"),
        ({"approval": None}, "no approval"),
        ({"contract": None}, "no contract"),
        ({"signed_on": None}, "no day"),
        ({"signed_on": date(2022, 12, 31)}, "not signed in 2023"),
        ({"method": None}, "no method"),
        ({"reduction_t": None}, "no method or no amount"),
        ({"contract": "HT2"}, "several projects"),
    ],
)
def test_a_project_counts_only_with_all_its_papers(changed: dict[str, Any], says: str) -> None:
    found = find_obstacle(project(**changed), {"工业节能"}, 2023, Counter({"HT1": 1, "HT2": 2}))
    assert says in found
    assert bool(found) is bool(says)


@pytest.mark.parametrize(
    ("earned", "months"),
    [(0, "0"), (1, "1/2"), (2, "1"), (5, "2"), (7, "5/2"), (9, "3"), (10, "4")],
)
def test_earned_schedule_by_hand(earned: int, months: str) -> None:
    """Planned by the months' ends: 2, 5, 9, 10."""
    assert compute_earned_schedule([2, 5, 9, 10], earned) == Fraction(months)


def row(number: int, reached: date | None, document: str | None = "文", thing: str = "甲") -> dict[str, Any]:
    return {
        "thing": thing,
        "stage": str(number),
        "stage_number": Decimal(number),
        "planned_on": date(2023, 3, 1),
        "reached_on": reached,
        "document": document,
    }


def counted(rows: list[dict[str, Any]]) -> list[bool]:
    return [stage.counted_on is not None for stage in judge_stages(rows, date(2023, 6, 30))]


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([row(1, date(2023, 6, 30)), row(2, date(2023, 7, 1))], [True, False]),
        ([row(1, date(2023, 5, 1), None), row(2, date(2023, 6, 1))], [False, False]),
        ([row(1, None), row(2, date(2023, 6, 1))], [False, False]),
        ([row(2, date(2023, 6, 1)), row(1, date(2023, 5, 1))], [True, True]),
        ([row(1, None), row(1, date(2023, 5, 1), thing="乙")], [True, False]),
    ],
)
def test_a_stage_counts_only_when_reached_proved_and_in_order(rows: list[dict[str, Any]], counts: list[bool]) -> None:
    assert sorted(counted(rows), reverse=True) == counts


def test_month_ends_over_a_year_and_a_leap_february() -> None:
    assert month_ends(date(2023, 12, 5), date(2024, 2, 1)) == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]
