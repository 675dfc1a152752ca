"""What is said of a section, a river, a basin."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sizhang.calculators.form.tables import load_table
from sizhang.calculators.water.grading import Excess, Shares, choose_main_items, count_shares, find_basin_grade

GRADES = load_table("water_basin_grade")


@pytest.mark.parametrize(
    ("good", "middle", "inferior", "grade"),
    [
        (9, 1, 0, "优"),
        (899, 101, 0, "良好"),
        (3, 1, 1, "中度污染"),
        (15, 5, 0, "良好"),
        (14, 3, 3, "轻度污染"),
        (14, 2, 4, "中度污染"),
        (10, 3, 7, "中度污染"),
        (11, 1, 8, "重度污染"),
        (12, 0, 8, None),
        (0, 0, 5, "重度污染"),
        (4, 0, 0, None),
    ],
)
def test_basin_grades_at_their_bounds(good: int, middle: int, inferior: int, grade: str | None) -> None:
    """Exactly 60 % good with 40 % worse than Ⅴ fits no row of the table; fewer than five sections have no share."""
    assert find_basin_grade(Shares((0, 0, good, middle, 0, inferior)), GRADES) == grade


def test_shares_count_each_class() -> None:
    shares = count_shares([1, 2, 2, 3, 4, 6, 6])
    assert (shares.total, shares.good, shares.inferior) == (7, 4, 2)


def test_main_items_worst_class_first_then_the_larger_multiple_then_at_most_three() -> None:
    found = choose_main_items(
        [Excess("COD", 4, Fraction(3, 10)), Excess("TP", 5, Fraction(1, 2)), Excess("NH3-N", 4, Fraction(2, 5)), Excess("DO", 4, None)]
    )
    assert [excess.item for excess in found] == ["TP", "NH3-N", "COD"]


def test_a_heavy_metal_is_named_before_a_worse_item() -> None:
    assert [e.item for e in choose_main_items([Excess("TP", 6, Fraction(4)), Excess("Hg", 4, Fraction(1, 10))])] == ["Hg", "TP"]
