"""`body add`: enter an organisation."""

from __future__ import annotations

from sizhang.store.connection import Store
from sizhang.store.registers import Body, get_body
from sizhang.store.registers import add_body as enter


def add_body(store: Store, name: str, parent: str | None = None, place: str = "") -> tuple[Body, bool]:
    """Enter a body; gives it, and whether it is new.

    Args:
        parent: the body above it.
        place: its GB/T 2260 code.

    Raises:
        LedgerError: see `store.registers.add_body`.
    """
    with store.writing():
        new = enter(store, name, parent, place)
        return get_body(store, name), new
