"""`reject` 退账: a verifier found that it was not done; the claim goes back to promised."""

from __future__ import annotations

from sizhang.app.booking import Case, book_order
from sizhang.app.lots import move_entries
from sizhang.app.order import Order, Receipt
from sizhang.app.verify import check_claimants
from sizhang.core.ledger import Entry
from sizhang.store.connection import Store


def reject(store: Store, order: Order) -> Receipt:
    """Book what was found wanting: claimed → promised, in part or whole. `order.text` is the finding.

    Raises:
        LedgerError: the verifier is the claimant or of the claimant's body, or more is rejected than was claimed.
    """
    return book_order(store, "reject", order, _entries)


def _entries(case: Case) -> list[Entry]:
    check_claimants(case)
    return move_entries(case)
