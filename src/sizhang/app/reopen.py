"""`reopen` 回账: what was settled turned out not to be kept; it is owed again."""

from __future__ import annotations

from sizhang.app.booking import book_order
from sizhang.app.lots import move_entries
from sizhang.app.order import Order, Receipt
from sizhang.store.connection import Store


def reopen(store: Store, order: Order) -> Receipt:
    """Book it back: settled → promised, in part or whole. `order.text` is the finding that broke it.

    Raises:
        LedgerError: there is no finding, or more is reopened than was settled.
    """
    return book_order(store, "reopen", order, move_entries)
