"""The journal as a table: every field of every entry, enough to recompute the chain and to book it all again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sizhang.core.quantity import format_number
from sizhang.store.chain import day_number, instant_number
from sizhang.store.connection import Store
from sizhang.store.reading import HistoryRow, read_entries, read_promises

# The first 17 are the fields of the chain in their order; the rest is for people and for taking the file in again.
COLUMNS: Final = (
    *("seq", "client_id", "promise", "unit", "decimals", "verb", "source", "target", "steps", "day", "instant", "person", "body", "text"),
    *("surplus", "evidence", "lots", "hash", "quantity", "on", "recorded_at"),
)
# With the full-width signs, which spreadsheets in Chinese take for the same.
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'")


def neutral(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula; `original` takes the apostrophe off again."""
    return f"'{cell}" if _is_formula(cell) else cell


def original(cell: str) -> str:
    """The cell before `neutral`."""
    return cell[1:] if cell[:1] == "'" and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    return cell.startswith(("\t", "\r", "\n")) or cell.lstrip().startswith(_FORMULA)


def journal_rows(store: Store) -> Iterator[tuple[str, ...]]:
    """Every entry in the order of `COLUMNS`, as text."""
    units = {promise.number: (promise.unit, promise.decimals) for promise in read_promises(store)}
    for entry in read_entries(store):
        yield _row(entry, *units[entry.promise])


def _row(entry: HistoryRow, unit: str, decimals: int) -> tuple[str, ...]:
    return (
        *(str(entry.seq), entry.client_id, entry.promise, unit, str(decimals), entry.verb, str(entry.source), str(entry.target)),
        *(str(entry.steps), str(day_number(entry.effective_on)), str(instant_number(entry.recorded_at)), entry.person, entry.body),
        *(entry.text, "1" if entry.surplus else "0", " ".join(entry.evidence), "\x1e".join(entry.lots), entry.hash),
        *(format_number(entry.steps, decimals), entry.effective_on.isoformat(), entry.recorded_at.isoformat()),
    )


def write_csv(store: Store, target: Path) -> None:
    """The journal as CSV in UTF-8 with a byte-order mark, so that every spreadsheet reads the Chinese."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in journal_rows(store):
            writer.writerow([neutral(cell) for cell in row])
