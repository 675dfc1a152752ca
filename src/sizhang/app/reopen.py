"""`reopen` 回账: what was settled turned out not to be kept; it is owed again."""

from __future__ import annotations

from sizhang.app.booking import book_entries, find_booked, open_case
from sizhang.app.lots import move_entries
from sizhang.app.order import Order, Receipt
from sizhang.store.connection import Store


def reopen(store: Store, order: Order) -> Receipt:
    """Book it back: settled → promised, in part or whole. `order.text` is the finding that broke it.

    Raises:
        LedgerError: there is no finding, or more is reopened than was settled.
    """
    with store.writing():
        before = find_booked(store, "reopen", order)
        if before is not None:
            return before
        case = open_case(store, "reopen", order)
        return book_entries(case, move_entries(case))
