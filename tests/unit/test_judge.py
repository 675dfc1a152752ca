"""A result held against a promise's target."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sizhang.app.judge import judge_result
from sizhang.calculators.form.result import Result, Value, Verdict
from sizhang.core.criterion import Criterion
from sizhang.core.errors import LedgerError

VALUES = (
    Value("ratio_pct", "比例 Ratio", Decimal("81.1"), "%"),
    Value("good", "天数 Days", 292, "天 days"),
    Value("grade", "类 Class", "Ⅲ", "类"),
)


def judged(criterion: Criterion, wanted: str | None = None, own: Verdict | None = None) -> Verdict:
    own = own or Verdict("met", "all items")
    result = judge_result(Result("air", "空气 Air", VALUES, (), (), own), criterion, wanted)
    assert own.reason in result.notes[-1]
    return result.verdict


def target(op: str, value: str, unit: str, basis: str = "level") -> Criterion:
    return Criterion(op, Decimal(value), unit, basis)  # type: ignore[arg-type]


@pytest.mark.parametrize(("number", "outcome"), [("81.1", "met"), ("81.2", "not met")])
def test_the_promises_target_decides_to_the_last_step(number: str, outcome: str) -> None:
    assert judged(target(">=", number, "%")).outcome == outcome


def test_the_value_is_the_one_in_the_targets_unit_or_the_one_that_was_named() -> None:
    assert judged(target(">=", "292", "天")).outcome == "met"
    assert judged(target(">", "292", "天"), "good").outcome == "not met"
    with pytest.raises(LedgerError, match=r"ratio_pct, good, grade"):
        judged(target(">=", "1", "%"), "unknown")


@pytest.mark.parametrize(
    ("criterion", "own"),
    [
        (target(">=", "5", "吨"), None),
        (target("<=", "3", "类"), None),
        (target(">=", "5", "%", "increase"), None),
        (target(">=", "5", "%"), Verdict("no verdict", "数据不足 The data do not suffice")),
    ],
)
def test_what_cannot_be_compared_has_no_verdict(criterion: Criterion, own: Verdict | None) -> None:
    assert judged(criterion, own=own).outcome == "no verdict"
