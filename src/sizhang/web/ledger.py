"""The ledger's connection of a request: one for each thread, kept open between requests."""

from __future__ import annotations

import threading

from django.conf import settings

from sizhang.store.connection import Store, open_store

_held = threading.local()


def get_ledger() -> Store:
    """The ledger of the settings, on this thread's own connection."""
    store: Store | None = getattr(_held, "store", None)
    if store is None or store.url != settings.LEDGER:
        store = _held.store = open_store(settings.LEDGER)
    return store


def check_ledger() -> None:
    """See that the ledger of the settings is there.

    Raises:
        SizhangError: there is none, or it cannot be opened; with how to make one.
    """
    open_store(settings.LEDGER).close()


def release() -> None:
    """End what the request only read, so that the next one sees what has been booked since; a broken connection is dropped."""
    store: Store | None = getattr(_held, "store", None)
    if store is None:
        return
    try:
        store.raw.rollback()
    except Exception:
        drop()


def drop() -> None:
    """Close this thread's connection."""
    store: Store | None = getattr(_held, "store", None)
    if store is not None:
        _held.store = None
        store.close()
