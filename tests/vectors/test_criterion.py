"""When a target is met: each comparator with values on, beside and across its line, and each way of telling a change."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sizhang.core.criterion import Criterion, better_side, is_met, parse_class
from sizhang.core.errors import LedgerError

D = Decimal

# comparator, value, top of a range, better side, measured, met
LEVELS = [
    (">=", "25", None, "more", "25", True),
    (">=", "25", None, "more", "24.999999", False),
    (">", "25", None, "more", "25", False),
    (">", "25", None, "more", "25.000001", True),
    ("<=", "5.5", None, "less", "5.5", True),
    ("<=", "5.5", None, "less", "5.500001", False),
    ("<", "5.5", None, "less", "5.5", False),
    ("<", "5.5", None, "less", "5.49", True),
    ("=", "1000", None, "more", "1000", True),
    ("=", "1000", None, "more", "1001", True),
    ("=", "1000", None, "more", "999.99", False),
    ("=", "3", None, "less", "2", True),
    ("=", "3", None, "less", "4", False),
    ("=", "0", None, "less", "0", True),
    ("=", "0", None, "less", "0.01", False),
    ("range", "4.5", "5.5", "more", "4.5", True),
    ("range", "4.5", "5.5", "more", "5.5", True),
    ("range", "4.5", "5.5", "more", "5.51", False),
    ("range", "4.5", "5.5", "more", "4.49", False),
    ("~", "5.2", None, "more", "4.94", True),
    ("~", "5.2", None, "more", "4.9399", False),
    ("~", "5.2", None, "more", "9", True),
    ("~", "3", None, "less", "3.15", True),
    ("~", "3", None, "less", "3.16", False),
    ("~", "0", None, "less", "0.1", False),
]


@pytest.mark.parametrize("case", LEVELS, ids=lambda case: f"{case[4]} {case[0]} {case[1]} {case[3]}")
def test_levels(case: tuple[str, str, str | None, str, str, bool]) -> None:
    op, value, top, better, measured, met = case
    criterion = Criterion(op, D(value), "%", "level", better, D(top) if top else None, D(5))  # type: ignore[arg-type]
    assert is_met(criterion, D(measured)) is met


# comparator, value, unit, basis, base, measured, met
CHANGES = [
    (">=", "6", "%", "increase", "200", "212", True),
    (">=", "6", "%", "increase", "200", "211.99", False),
    ("=", "3", "%", "decrease", "30", "29.1", True),
    ("=", "3", "%", "decrease", "30", "29.2", False),
    ("=", "3", "%", "decrease", "30", "31", False),
    ("=", "1.5", "个百分点", "increase", "60", "61.5", True),
    ("=", "1.5", "个百分点", "increase", "60", "61.4", False),
    ("=", "500", "人", "increase", "1000", "1500", True),
    ("=", "1", "倍", "increase", "50", "100", True),
    ("=", "1", "倍", "increase", "50", "99", False),
    ("=", "2", "番", "increase", "10", "40", True),
    ("=", "2", "番", "increase", "10", "39.9", False),
    ("=", "6", "%", "increase", None, "6", True),
    ("=", "6", "%", "increase", None, "5.9", False),
    # A third of a third is told exactly, where a binary fraction would miss the line.
    (">=", "10", "%", "increase", "0.1", "0.11", True),
]


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: f"{case[3]} {case[1]}{case[2]} from {case[4]} to {case[5]}")
def test_changes(case: tuple[str, str, str, str, str | None, str, bool]) -> None:
    op, value, unit, basis, base, measured, met = case
    criterion = Criterion(op, D(value), unit, basis)  # type: ignore[arg-type]
    assert is_met(criterion, D(measured), D(base) if base else None) is met


@pytest.mark.parametrize("base", ["0", "-1"])
def test_no_relative_change_from_nothing(base: str) -> None:
    with pytest.raises(LedgerError, match="cannot be told"):
        is_met(Criterion("=", D(6), "%", "increase"), D(1), D(base))


def test_which_side_is_better() -> None:
    assert better_side("<=", "level", "%", D(5)) == "less"
    assert better_side("=", "level", "类", D(3)) == "less"
    assert better_side("=", "level", "起", D(0)) == "less"
    assert better_side("=", "level", "%", D(95)) == "more"
    assert better_side("=", "decrease", "%", D(3)) == "more"
    assert better_side("=", "amount", "亩", D(10)) == "more"


def test_a_cleaner_class_meets_a_worse_one() -> None:
    criterion = Criterion("=", parse_class("Ⅲ类"), "类", "level", "less")
    assert [is_met(criterion, parse_class(name)) for name in ("Ⅱ", "III", "4", "Ⅴ类")] == [True, True, False, False]
    for wrong in ("", "零", "IIII", "0", "-1"):
        with pytest.raises(LedgerError, match="is no class"):
            parse_class(wrong)
