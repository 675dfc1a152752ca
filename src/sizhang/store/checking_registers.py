"""Replay the records of the registers, and compare every row with its newest record; see `records`.

Tracks have no records: they follow from plans and closings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from sizhang.core.errors import Words
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
        fault: the first that does not fit; None where all do.
    """

    records: int
    head: bytes
    latest: dict[str, dict[str, Latest]]
    fault: Words | None


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
    return Replayed(seq, head, latest, None)


def _fault(record: Record, before: int, expected: bytes) -> Words | None:
    if record.seq != before + 1:
        return Words(f"第 {record.seq} 条登记接在第 {before} 条之后，编号不连。", f"Record {record.seq} stands behind record {before}.")
    if record.register not in REGISTERS:
        return Words(
            f"第 {record.seq} 条登记属于 {record.register}，没有这种登记。",
            f"Record {record.seq} is of {record.register}, which is no register.",
        )
    if record.hash != expected:
        return Words(
            f"第 {record.seq} 条登记不符：哈希是 {record.hash.hex()}，按内容和前一条的哈希应为 {expected.hex()}。",
            f"Record {record.seq} does not fit: its hash is {record.hash.hex()}, its content and the hash before it give {expected.hex()}.",
        )
    return None


def _digest(content: str) -> bytes:
    return sha256(content.encode("utf-8", "surrogatepass")).digest()


def compare_registers(store: Store, replayed: Replayed) -> Iterator[tuple[str, Words]]:
    """Rows that are not as they were recorded: what is concerned, and one sentence; register by register, by key."""
    for register, key in REGISTERS.items():
        waiting = {name: latest for name, latest in replayed.latest[register].items() if latest.digest is not None}
        for row in read_register(store, register):
            latest = waiting.pop(str(row[key]), None)
            if latest is None:
                yield (
                    _where(register, row),
                    Words(
                        "没有登记记录，不是用账本的命令添加的。",
                        "It stands there without a record: it did not come in through the ledger's own commands.",
                    ),
                )
            elif _digest(content_of(row)) != latest.digest:
                yield _where(register, row), _difference(_content(store, latest.seq), row, latest.seq)
        for latest in waiting.values():
            yield (
                _where(register, _content(store, latest.seq)),
                Words(f"第 {latest.seq} 条登记里有它，现在没有了。", f"Record {latest.seq} says that it stands there, and it is gone."),
            )


def _where(register: str, row: dict[str, Any]) -> str:
    """The register and the name of a row, as its readers know it."""
    key = REGISTERS[register]
    name = row.get("number") or row.get("name") or row.get("sha256") or row.get(key)
    return str(name) if register == "promise" else f"{register} {name}"


def _content(store: Store, seq: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(store.rows("SELECT content FROM record WHERE seq = %s", [seq])[0][0])
    return found


def _difference(recorded: dict[str, Any], row: dict[str, Any], seq: int) -> Words:
    stands = json.loads(content_of(row))
    names = [name for name in sorted(recorded.keys() | stands.keys()) if recorded.get(name) != stands.get(name)]
    pairs = [(name, _told(stands.get(name)), _told(recorded.get(name))) for name in names]
    zh = "；".join(f"{name} 现在是 {now.zh}，第 {seq} 条登记是 {then.zh}" for name, now, then in pairs)
    en = "; ".join(f"{name} is {now.en}, record {seq} says {then.en}" for name, now, then in pairs)
    return Words(f"被改过：{zh}。", f"It was changed: {en}.")


def _told(value: Any) -> Words:
    if isinstance(value, dict):
        return Words(f"SHA-256 为 {value['sha256']} 的文字", f"a text with the SHA-256 {value['sha256']}")
    text = repr(value)
    return Words.alike(text if len(text) <= 200 else f"{text[:200]}…")


def compare_tracks(store: Store) -> Iterator[tuple[str, Words]]:
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
            what = Words(
                f"计划进度是 {held.get(promise)}，按最新计划和结期应为 {expected.get(promise)}。",
                f"Its track is {held.get(promise)}, its newest plan and its closings give {expected.get(promise)}.",
            )
            yield numbers.get(promise, str(promise)), what
