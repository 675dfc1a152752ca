"""`verify` 核账: somebody else than the claimant, of another body, found that it was done."""

from __future__ import annotations

from sizhang.app.booking import Case, book_order
from sizhang.app.lots import move_entries
from sizhang.app.order import Order, Receipt
from sizhang.core.account import MEASURES, parse_terms
from sizhang.core.criterion import is_met
from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import Entry
from sizhang.store.connection import Store


def verify(store: Store, order: Order) -> Receipt:
    """Book what was found true: claimed → verified, in part or whole. `order.text` is the finding.

    Where a value was measured, it must meet the promise's target; the finding then carries it.

    Raises:
        LedgerError: the verifier is the claimant or of the claimant's body, more is verified than was claimed, or the target is not met.
    """
    return book_order(store, "verify", order, _entries)


def _entries(case: Case) -> list[Entry]:
    check_claimants(case)
    words = _check_measured(case)
    return [entry._replace(text=entry.text + words) for entry in move_entries(case)]


def check_claimants(case: Case) -> None:
    """Refuse a verifier of a body to which somebody belongs who claimed, whichever body he claimed for.

    The law of the store compares the bodies that the entries name; this one the claimants' own.
    """
    sql = (
        "SELECT w.name, b.name FROM claimant c JOIN person w ON w.id = c.person_id JOIN body b ON b.id = w.body_id "
        "WHERE c.promise_id = %s ORDER BY c.id"
    )
    for claimant, body in case.store.rows(sql, [case.promise.id]):
        if body == case.person.body and claimant != case.person.name:
            raise LedgerError(
                Words(
                    f"{body}的{claimant}在这条承诺上交过账，{body}不能来核。",
                    f"{claimant} of {body} has claimed on this promise, so {body} cannot check it.",
                ),
                where=case.promise.number,
                remedy=Words("请由其他单位的核查人核账。", "Let a verifier of another body check it."),
            )


def _check_measured(case: Case) -> str:
    """The measured value in words, once it is known to meet the target."""
    promise, order = case.promise, case.order
    criterion = parse_terms(promise.terms).criterion
    if order.measured is None:
        if case.rules.level_needs_value and promise.measure in ("level", "cap"):
            raise LedgerError(
                Words(
                    f"这条承诺是“{MEASURES[promise.measure].zh}”类，核账要有实测值，现在没有。",
                    f"A {promise.measure} is verified by its measured value, and none is given.",
                ),
                where=promise.number,
                remedy=Words("请填：--measured VALUE。", "Give it: --measured VALUE."),
            )
        return ""
    if criterion is None:
        raise LedgerError(
            Words("这条承诺没有目标可比，不用实测值。", "This promise has no target to compare a measured value with."),
            where=promise.number,
            remedy=Words("请去掉 --measured。", "Leave --measured out."),
        )
    base = f", base {order.base:f}" if order.base is not None else ""
    words = f"measured {order.measured:f} {criterion.unit}{base}; target {criterion}"
    told = f"实测 {order.measured:f} {criterion.unit}{base and f'，上年 {order.base:f}'}；目标 {criterion.in_chinese()}"
    # What is delivered piece by piece is verified piece by piece: only the whole is compared with the target.
    if promise.measure != "amount" and not is_met(criterion, order.measured, order.base):
        raise LedgerError(
            Words(f"没有达到目标：{told}。", f"The target is not met: {words}."),
            where=promise.number,
            remedy=Words(
                f"请退账：sizhang reject {promise.number} 1 --finding TEXT。",
                f"Reject the claim: sizhang reject {promise.number} 1 --finding TEXT.",
            ),
        )
    return f" [{words}]"
