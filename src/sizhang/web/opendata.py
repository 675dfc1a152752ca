"""Open data 开放数据: every promise and every entry as plain tables, straight from SQL, with numbers as exact decimal strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sizhang.core.quantity import format_number
from sizhang.store.chain import day_of, instant_of
from sizhang.store.connection import Store

# Column, type in the Data Package, what it means.
PROMISE_COLUMNS: Final = (
    ("number", "string", "The promise's number in the ledger; a part has its whole's number before the point."),
    ("year", "integer", "The year of the report."),
    ("title", "string", "What was promised."),
    ("domain", "string", "Domain, one of the ledger's own words; empty where none is given."),
    ("kind", "string", "quantity, milestone, coverage, action, or empty."),
    ("measure", "string", "How it is counted: amount, members, stages, level, cap, action."),
    ("strength", "string", "ensure 确保, strive 力争, or plan 安排."),
    ("deadline", "string", "ISO 8601 day; empty where the report names none."),
    ("body", "string", "The lead body."),
    ("place", "string", "GB/T 2260 code of the body's place; empty for the whole city."),
    ("parent", "string", "The number of the promise that this one is a part of."),
    ("unit", "string", "The unit of the six numbers that follow."),
    ("pledge", "number", "All that is promised now: owed, claimed, verified and settled together."),
    ("owed", "number", "Promised and not yet claimed."),
    ("claimed", "number", "Claimed by the body itself, not verified: not to be counted as done."),
    ("verified", "number", "Verified by somebody else, not yet settled."),
    ("settled", "number", "Settled: verified and written off."),
    ("surplus", "number", "The part of the promise that was raised above the report's own number."),
)
ENTRY_COLUMNS: Final = (
    ("seq", "integer", "The entry's number in the chain, without a gap."),
    ("client_id", "string", "The name under which it was booked once."),
    ("promise", "string", "The promise's number."),
    ("unit", "string", "The promise's unit."),
    ("decimals", "integer", "Decimal places of one step of the unit."),
    ("verb", "string", "open, claim, verify, reject, settle, amend, reopen, expire."),
    ("source", "integer", "The stage it leaves: 0 outside, 1 owed, 2 claimed, 3 verified, 4 settled."),
    ("target", "integer", "The stage it reaches."),
    ("steps", "integer", "How many steps are moved."),
    ("day", "integer", "The day it is about, days since 1970-01-01."),
    ("instant", "integer", "When it was recorded, microseconds since 1970-01-01T00:00Z."),
    ("person", "string", "Who booked it, by the name of the office or a pseudonym."),
    ("body", "string", "For which body."),
    ("text", "string", "Its reason or remark."),
    ("surplus", "integer", "1 where it raises the promise above the report's own number."),
    ("evidence", "string", "SHA-256 of each file of evidence, separated by blanks."),
    ("lots", "string", "The named things it moves, separated by U+001E."),
    ("hash", "string", "SHA-256 over the hash before it and this entry, hexadecimal."),
    ("quantity", "number", "The steps as a number in the unit."),
    ("on", "date", "The day it is about."),
    ("recorded_at", "datetime", "When it was recorded, UTC."),
)
_SELECT_PROMISES: Final = (
    "SELECT p.number, p.year, p.title, p.domain, p.kind, p.measure, p.strength, p.deadline, b.name, b.place, COALESCE(q.number, ''), "
    "p.unit, p.decimals, a.promised, a.claimed, a.verified, a.settled, a.surplus FROM promise p JOIN body b ON b.id = p.body_id "
    "JOIN balance a ON a.promise_id = p.id LEFT JOIN promise q ON q.id = p.parent_id"
)
_SELECT_ENTRIES: Final = (
    "SELECT e.seq, e.client_id, p.number, p.unit, p.decimals, e.verb, e.source, e.target, e.steps, e.effective_on, e.recorded_at, "
    "COALESCE(w.name, ''), COALESCE(b.name, ''), e.text, e.surplus, e.evidence, e.lots, e.hash FROM entry e "
    "JOIN promise p ON p.id = e.promise_id LEFT JOIN person w ON w.id = e.person_id LEFT JOIN body b ON b.id = e.body_id"
)


def names_of(columns: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """The first row of a table."""
    return tuple(name for name, _type, _meaning in columns)


def promise_records(store: Store, wanted: Mapping[str, object], limit: int, offset: int) -> list[dict[str, Any]]:
    """Promises by number.

    Args:
        wanted: values that the columns `year`, `domain`, `body` and `number` must have; an empty one is as if not given.
    """
    columns = {"year": "p.year", "domain": "p.domain", "body": "b.name", "number": "p.number"}
    held = {columns[name]: value for name, value in wanted.items() if value not in ("", None)}
    where = " AND ".join(f"{column} = %s" for column in held) or "1 = 1"
    order = 'p.number COLLATE "C"' if store.engine == "postgresql" else "p.number"
    sql = f"{_SELECT_PROMISES} WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s"
    names = names_of(PROMISE_COLUMNS)
    return [dict(zip(names, _promise_cells(row), strict=True)) for row in store.rows(sql, [*held.values(), limit, offset])]


def _promise_cells(row: Sequence[Any]) -> list[Any]:
    *first, decimals, promised, claimed, verified, settled, surplus = row
    stages = (promised + claimed + verified + settled, promised, claimed, verified, settled, surplus)
    return [*first, *(format_number(int(steps), decimals) for steps in stages)]


def entry_records(store: Store, after: int, limit: int, promise: str = "") -> list[dict[str, Any]]:
    """Entries in the order of the chain, those with a number after `after`; of one promise where it is given."""
    where, values = ("p.number = %s AND e.seq > %s", [promise, after]) if promise else ("e.seq > %s", [after])
    return _records(store.rows(f"{_SELECT_ENTRIES} WHERE {where} ORDER BY e.seq LIMIT %s", [*values, limit]))


def latest_records(store: Store, verbs: tuple[str, ...], limit: int) -> list[dict[str, Any]]:
    """The latest entries of some verbs, the last one first."""
    among = ", ".join(["%s"] * len(verbs))
    return _records(store.rows(f"{_SELECT_ENTRIES} WHERE e.verb IN ({among}) ORDER BY e.seq DESC LIMIT %s", [*verbs, limit]))


def _records(rows: Iterable[Any]) -> list[dict[str, Any]]:
    names = names_of(ENTRY_COLUMNS)
    out = []
    for *first, surplus, evidence, lots, digest in rows:
        steps, decimals, day, instant = int(first[8]), first[4], first[9], first[10]
        last = (int(surplus), evidence, lots, bytes(digest).hex(), format_number(steps, decimals))
        cells = (*first, *last, day_of(day).isoformat(), instant_of(instant).isoformat())
        out.append(dict(zip(names, cells, strict=True)))
    return out


def promise_table(store: Store) -> Iterator[tuple[str, ...]]:
    """Every promise as text."""
    for record in promise_records(store, {}, 2**31 - 1, 0):
        yield tuple(map(str, record.values()))


def data_package(title: str) -> dict[str, Any]:
    """The Data Package that describes the two tables. Source: Data Package v1, Tabular Data Resource."""

    def resource(name: str, columns: Sequence[tuple[str, str, str]], key: str, **more: object) -> dict[str, Any]:
        fields = [{"name": column, "type": kind, "description": meaning} for column, kind, meaning in columns]
        return {
            "name": name,
            "path": f"{name}.csv",
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {"fields": fields, "primaryKey": key, **more},
        }

    to_promises = {"fields": "promise", "reference": {"resource": "promises", "fields": "number"}}
    to_whole = {"fields": "parent", "reference": {"resource": "", "fields": "number"}}
    return {
        "profile": "tabular-data-package",
        "name": "sizhang-ledger",
        "title": title,
        "description": (
            "A cell that would begin a formula in a spreadsheet has an apostrophe before it; take it off before the chain is recomputed."
        ),
        "resources": [
            resource("promises", PROMISE_COLUMNS, "number", foreignKeys=[to_whole]),
            resource("entries", ENTRY_COLUMNS, "seq", foreignKeys=[to_promises]),
        ],
    }
