"""The report's own words around a promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sizhang.store.connection import Store

_AROUND: Final = 60


@dataclass(frozen=True)
class Quotation:
    """A promise's own words inside the report, with some of what stands around them.

    Attributes:
        id: of the report in the ledger.
        start: where the words begin in the report, in code points from 0.
    """

    id: int
    report: str
    before: str
    words: str
    after: str
    start: int


def find_quotation(store: Store, number: str) -> Quotation | None:
    """The sentence from which a promise was opened; None where it was written by hand."""
    sql = (
        "SELECT r.id, r.name, r.text, p.source_start, p.source_end FROM promise p JOIN report r ON r.id = p.report_id "
        "WHERE p.number = %s AND p.source_start IS NOT NULL"
    )
    found = store.rows(sql, [number])
    if not found:
        return None
    report, name, text, start, end = found[0]
    before = text[max(start - _AROUND, 0) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0]
    return Quotation(report, name, before, text[start:end], after, start)
