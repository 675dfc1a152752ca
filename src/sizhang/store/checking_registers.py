"""Replay the records of the registers, and compare every row with its newest record; see `records`.

Tracks have no records: they follow from plans and closings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from sizhang.store.chain import START, link
from sizhang.store.connection import Store
from sizhang.store.records import REGISTERS, Record, canonical_of, content_of, read_records, read_register


class Latest(NamedTuple):
    """The newest record of a row: its number, and the SHA-256 of its content; None where the row was taken out."""

    seq: int
    digest: bytes | None


class Replayed(NamedTuple):
    """The chain of records as it was read.

    Attributes:
        records: how many fit.
        head: the hash of the last one that fits.
        latest: by register and key.
        fault: the first that does not fit; empty where all do.
    """

    records: int
    head: bytes
    latest: dict[str, dict[str, Latest]]
    fault: str


def replay_records(store: Store) -> Replayed:
    """Read every record, and compute its hash again, until one does not fit."""
    latest: dict[str, dict[str, Latest]] = {register: {} for register in REGISTERS}
    seq, head = 0, START
    for record in read_records(store):
        expected = link(head, canonical_of(*record[:6]))
        fault = _fault(record, seq, expected)
        if fault:
            return Replayed(seq, head, latest, fault)
        digest = _digest(record.content) if record.content else None
        latest[record.register][record.key] = Latest(record.seq, digest)
        seq, head = record.seq, expected
    return Replayed(seq, head, latest, "")


def _fault(record: Record, before: int, expected: bytes) -> str:
    if record.seq != before + 1:
        return f"Record {record.seq} stands behind record {before}."
    if record.register not in REGISTERS:
        return f"Record {record.seq} is of {record.register}, which is no register."
    if record.hash != expected:
        return (
            f"Record {record.seq} does not fit: its hash is {record.hash.hex()}, its content and the hash before it give {expected.hex()}."
        )
    return ""


def _digest(content: str) -> bytes:
    return sha256(content.encode("utf-8", "surrogatepass")).digest()


def compare_registers(store: Store, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Rows that are not as they were recorded: what is concerned, and one sentence; register by register, by key."""
    for register, key in REGISTERS.items():
        waiting = {name: latest for name, latest in replayed.latest[register].items() if latest.digest is not None}
        for row in read_register(store, register):
            latest = waiting.pop(str(row[key]), None)
            if latest is None:
                yield _where(register, row), "It stands there without a record: it did not come in through the ledger's own commands."
            elif _digest(content_of(row)) != latest.digest:
                yield _where(register, row), _difference(_content(store, latest.seq), row, latest.seq)
        for latest in waiting.values():
            yield _where(register, _content(store, latest.seq)), f"Record {latest.seq} says that it stands there, and it is gone."


def _where(register: str, row: dict[str, Any]) -> str:
    """The register and the name of a row, as its readers know it."""
    key = REGISTERS[register]
    name = row.get("number") or row.get("name") or row.get("sha256") or row.get(key)
    return str(name) if register == "promise" else f"{register} {name}"


def _content(store: Store, seq: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(store.rows("SELECT content FROM record WHERE seq = %s", [seq])[0][0])
    return found


def _difference(recorded: dict[str, Any], row: dict[str, Any], seq: int) -> str:
    stands = json.loads(content_of(row))
    names = [name for name in sorted(recorded.keys() | stands.keys()) if recorded.get(name) != stands.get(name)]
    told = "; ".join(f"{name} is {_told(stands.get(name))}, record {seq} says {_told(recorded.get(name))}" for name in names)
    return f"It was changed: {told}."


def _told(value: Any) -> str:
    text = f"a text with the SHA-256 {value['sha256']}" if isinstance(value, dict) else repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def compare_tracks(store: Store) -> Iterator[tuple[str, str]]:
    """Tracks that are not what the newest plan and the closings of their promise give; and plans without a track."""
    numbers = dict(store.rows("SELECT id, number FROM promise"))
    plans = {row[0]: tuple(row[1:]) for row in store.rows("SELECT promise_id, id, cells, weights FROM plan ORDER BY id")}
    closings: dict[int, list[int]] = {}
    for promise, delivered in store.rows("SELECT promise_id, delivered FROM closing ORDER BY promise_id, period"):
        closings.setdefault(promise, []).append(delivered)
    expected = {}
    for promise, plan in plans.items():
        delivered = closings.get(promise, [])
        expected[promise] = (*plan, ",".join(map(str, delivered)), len(delivered))
    held = {row[0]: tuple(row[1:]) for row in store.rows("SELECT promise_id, plan_id, cells, weights, delivered, closed FROM track")}
    for promise in sorted(expected.keys() | held.keys()):
        if held.get(promise) != expected.get(promise):
            what = f"Its track is {held.get(promise)}, its newest plan and its closings give {expected.get(promise)}."
            yield numbers.get(promise, str(promise)), what
