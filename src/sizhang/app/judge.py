"""Hold a calculator's result against a promise: the edition of the promise's day, and the promise's own target."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sizhang.calculators.form.result import Result, Value, Verdict
from sizhang.core.account import parse_terms
from sizhang.core.criterion import Criterion, is_met
from sizhang.core.errors import LedgerError, Words
from sizhang.store.registers import PromiseRow, get_promise, load_children

if TYPE_CHECKING:
    from sizhang.store.connection import Store


def read_question(store: Store, number: str) -> tuple[date, Criterion]:
    """The day on which a promise was made, and its target.

    Raises:
        LedgerError: there is no such promise, nothing is booked for it, or it has no target in numbers.
    """
    from sizhang.app.booking import days_of

    promise = get_promise(store, number)
    made_on, _ = days_of(store, promise.id)
    criterion = parse_terms(promise.terms).criterion
    if criterion is None and promise.measure == "amount":
        criterion = Criterion(">=", Decimal(promise.show(_promised(store, promise))), promise.symbol, "amount")
    if made_on == date.min:
        raise LedgerError(
            Words("这条承诺还没有入账。", "Nothing is booked for this promise."),
            where=number,
            remedy=Words("请先建账：sizhang open。", "Open it first: sizhang open."),
        )
    if criterion is None:
        raise LedgerError(
            Words("这条承诺没有数字目标。", "This promise has no target in numbers."),
            where=number,
            remedy=Words("请去掉 --promise，直接看各数。", "Leave --promise out, and read the figures."),
        )
    return made_on, criterion


def _promised(store: Store, promise: PromiseRow) -> int:
    """Steps promised on it and on its parts, whatever was done of them."""
    return -promise.balance.pledge + sum(_promised(store, child) for child in load_children(store, promise.id))


def judge_result(result: Result, criterion: Criterion, wanted: str | None) -> Result:
    """The result with the promise's verdict in place of its own; the calculator's own goes into the notes.

    Args:
        wanted: name of the value to compare; else the first one in the target's unit.
    """
    value = _find_value(result, criterion, wanted)
    own = f"算法自身的结论 The calculator's own verdict: {result.verdict.outcome}. {result.verdict.reason}"
    return replace(result, verdict=_verdict(result, criterion, value), notes=(*result.notes, own))


def _find_value(result: Result, criterion: Criterion, wanted: str | None) -> Value | None:
    if wanted is not None:
        found = next((value for value in result.values if value.name == wanted), None)
        if found is None:
            names = ", ".join(value.name for value in result.values)
            raise LedgerError(
                Words(f"结果里没有“{wanted}”这个数。", f"The result has no value “{wanted}”."),
                where=result.calculator,
                remedy=Words(f"可用的有：{names}。", f"Take one of: {names}."),
            )
        return found
    return next((value for value in result.values if criterion.unit in value.unit.split()), None)


def _verdict(result: Result, criterion: Criterion, value: Value | None) -> Verdict:
    if value is None:
        return Verdict(
            "no verdict", f"结果中没有以 {criterion.unit} 计的数 No value is in the target's unit {criterion.unit}: name one with --value."
        )
    shown = f"{value.title} {value.number} {value.unit}; 目标 target {criterion}"
    if not isinstance(value.number, Decimal | int):
        return Verdict("no verdict", f"{shown}: 没有可比的数 no number to compare")
    if criterion.basis in ("increase", "decrease"):
        return Verdict("no verdict", f"{shown}: 目标是变化量，需要基数 the target is a change and needs its base")
    if result.verdict.outcome == "no verdict" and "不足" in result.verdict.reason:
        return Verdict("no verdict", f"{shown}: {result.verdict.reason}")
    return Verdict("met" if is_met(criterion, Decimal(value.number)) else "not met", shown)
