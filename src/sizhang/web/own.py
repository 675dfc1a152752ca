"""Which promises are a body's own: it leads them or supports them, or a part of them."""

from __future__ import annotations

from typing import Final

from sizhang.store.connection import Store

_LED_OR_SUPPORTED: Final = (
    "SELECT p.number FROM promise p JOIN body b ON b.id = p.body_id WHERE b.name = %s UNION "
    "SELECT p.number FROM supporter s JOIN promise p ON p.id = s.promise_id JOIN body b ON b.id = s.body_id WHERE b.name = %s"
)


def own_numbers(store: Store, body: str) -> frozenset[str]:
    """The numbers of a body's promises, and of what these are parts of."""
    out: set[str] = set()
    for (number,) in store.rows(_LED_OR_SUPPORTED, [body, body]):
        while number:
            out.add(number)
            number = number.rpartition(".")[0]
    return frozenset(out)


def names_evidence(store: Store, body: str, digest: str) -> bool:
    """Whether an entry of the body's promises, or of what stands on their pages, names a file of evidence."""
    tops = sorted({number.partition(".")[0] for number in own_numbers(store, body)})
    sql = "SELECT number, id FROM promise WHERE parent_id IS NULL AND number {among}"
    ids = [held for _number, held in store.rows_among(sql, tops)]
    found = ids
    while found:
        found = [held for (held,) in store.rows_among("SELECT id FROM promise WHERE parent_id {among}", found)]
        ids = ids + found
    named = store.rows_among("SELECT evidence FROM entry WHERE evidence <> '' AND promise_id {among}", ids)
    return any(digest in files.split() for (files,) in named)
