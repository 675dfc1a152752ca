"""`claim` 交账: the responsible body says what was done, with evidence. A reporter books it; it counts for nothing until it is verified."""

from __future__ import annotations

from sizhang.app.booking import Case, book_order
from sizhang.app.lots import claim_entries
from sizhang.app.order import Order, Receipt
from sizhang.core.body import belongs_to
from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import Entry
from sizhang.store.connection import Store
from sizhang.store.registers import load_bodies


def claim(store: Store, order: Order) -> Receipt:
    """Book what was delivered: promised → claimed.

    Raises:
        LedgerError: the claimant may not claim, more is claimed than is promised, or a lot was claimed before; nothing is booked.
        InputError: a file of evidence cannot be kept; nothing is booked.
    """
    return book_order(store, "claim", order, _entries)


def _entries(case: Case) -> list[Entry]:
    if case.rules.claims_by_responsible_only:
        _check_responsible(case)
    return claim_entries(case)


def _check_responsible(case: Case) -> None:
    sql = "SELECT b.name FROM supporter s JOIN body b ON b.id = s.body_id WHERE s.promise_id = %s"
    responsible = [case.promise.body, *(name for (name,) in case.store.rows(sql, [case.promise.id]))]
    parents = {name: body.parent for name, body in load_bodies(case.store).items()}
    if not any(belongs_to(case.body, above, parents) for above in responsible):
        raise LedgerError(
            Words(
                f"{case.body}不是这条承诺的责任单位，责任单位是{'、'.join(responsible)}。",
                f"{case.body} is not responsible for this promise: {', '.join(responsible)} is.",
            ),
            where=case.promise.number,
            remedy=Words(
                f"请由{responsible[0]}交账，或列它为配合单位：sizhang assign {case.promise.number} --support {case.body}。",
                f"Let {responsible[0]} claim, or assign the body: sizhang assign {case.promise.number} --support {case.body}.",
            ),
        )
