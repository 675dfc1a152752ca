"""The chain over the registers: whatever is entered, changed or taken out beside the journal leaves a record, in the same transaction.

A record says which row of which register, when, and all that stood in it then; its hash covers it and, through the hash before it, every
record before it. See docs/chain.md, from which a stranger can recompute it. `check` compares each row with its newest record.

Registers are written through `write` and `insert` alone. What can be computed again from entries, plans and closings (balances,
claimants, lots, tracks) has no records: `check` computes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple

from sizhang.store.chain import START, instant_number, link
from sizhang.store.connection import Store

Act = Literal["added", "changed", "removed", "taken over"]
# Each with its key.
REGISTERS: Final = {
    **dict.fromkeys(("body", "person", "report", "promise", "supporter", "assignment", "evidence", "rulebook"), "id"),
    "setting": "name",
    **dict.fromkeys(("plan", "closing", "errand", "errand_event", "question", "digest", "raised_objection"), "id"),
}
# A longer text stands in a record by its SHA-256.
TEXT_MAX: Final = 1000
_ACTS: Final[dict[str, Act]] = {"INSERT": "added", "UPDATE": "changed", "DELETE": "removed"}
_PARAMETERS_MOST: Final = 30_000
_PAGE: Final = 5_000


class Record(NamedTuple):
    """What was written in one row of a register; `content` is empty where the row was taken out."""

    seq: int
    recorded_at: int
    act: str
    register: str
    key: str
    content: str
    hash: bytes


def content_of(row: dict[str, Any]) -> str:
    """All that stands in a row, as JSON: names sorted, no blanks, truth as 1 and 0; the same on both engines."""
    cells = {name: _cell(value) for name, value in row.items()}
    return json.dumps(cells, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and len(value) > TEXT_MAX:
        return {"sha256": sha256(value.encode("utf-8", "surrogatepass")).hexdigest()}
    return value


def canonical_of(seq: int, recorded_at: int, act: str, register: str, key: str, content: str) -> bytes:
    """The bytes of a record that are chained: its fields as UTF-8, separated by U+001F."""
    return "\x1f".join((str(seq), str(recorded_at), act, register, key, content)).encode("utf-8", "surrogatepass")


def write(store: Store, register: str, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
    """Run an INSERT, UPDATE or DELETE of rows of a register, and record what stands there now; gives the rows.

    It belongs inside `Store.writing`.
    """
    rows = _rows(store, f"{sql} RETURNING *", values)
    _append(store, _ACTS[sql.split(maxsplit=1)[0]], register, rows)
    return rows


def insert(store: Store, register: str, columns: str, rows: Sequence[Sequence[object]]) -> list[dict[str, Any]]:
    """Enter many rows, each a tuple of the columns' values; gives them as they stand."""
    out: list[dict[str, Any]] = []
    marks = f"({', '.join(['%s'] * len(columns.split(',')))})"
    step = _PARAMETERS_MOST // marks.count("%s")
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        sql = f"INSERT INTO {register} ({columns}) VALUES {', '.join([marks] * len(part))}"
        out += write(store, register, sql, [value for row in part for value in row])
    return out


def take_over(store: Store, registers: Iterable[str] = tuple(REGISTERS)) -> None:
    """Record whatever stands in the registers without any record: once for a ledger that is older than this chain."""
    for register in registers:
        key = REGISTERS[register]
        recorded = {name for (name,) in store.rows("SELECT DISTINCT row_key FROM record WHERE register = %s", [register])}
        rows = (row for row in read_register(store, register) if str(row[key]) not in recorded)
        _append(store, "taken over", register, rows)


def read_register(store: Store, register: str) -> list[dict[str, Any]]:
    """All rows of a register, by key."""
    return _rows(store, f"SELECT * FROM {register} ORDER BY 1")


def read_records(store: Store) -> Iterator[Record]:
    """All records in the order of the chain."""
    last = -(2**62)
    sql = "SELECT seq, recorded_at, act, register, row_key, content, hash FROM record WHERE seq > %s ORDER BY seq LIMIT %s"
    while rows := store.rows(sql, [last, _PAGE]):
        for *fields, digest in rows:
            yield Record._make((*fields, bytes(digest)))
        last = rows[-1][0]


def newest_record(store: Store) -> tuple[int, bytes]:
    """The end of the chain: number and hash of its last record."""
    found = store.rows("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1")
    return (int(found[0][0]), bytes(found[0][1])) if found else (0, START)


def _rows(store: Store, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
    cursor = store.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _append(store: Store, act: Act, register: str, rows: Iterable[dict[str, Any]]) -> None:
    seq, digest = newest_record(store)
    now = instant_number(datetime.now(UTC))
    key = REGISTERS[register]
    records = []
    # Neither engine promises an order of the rows that it gives back.
    for row in sorted(rows, key=lambda row: row[key]):
        seq += 1
        content = "" if act == "removed" else content_of(row)
        fields = (seq, now, act, register, str(row[key]), content)
        digest = link(digest, canonical_of(*fields))
        records.append((*fields, digest))
    if records:
        sql = "INSERT INTO record (seq, recorded_at, act, register, row_key, content, hash) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        store.execute_many(sql, records)
