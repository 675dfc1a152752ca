"""Objections 异议 to a write-off, as rows: who objects and why, and what was answered; each with its records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sizhang.store.chain import instant_number, instant_of
from sizhang.store.connection import Store
from sizhang.store.records import insert, write

_ALL: Final = (
    "SELECT o.id, p.number, o.made_by, o.text, o.recorded_at, o.answer, o.answered_by, o.answered_at "
    "FROM raised_objection o JOIN promise p ON p.id = o.promise_id WHERE {among} ORDER BY o.id"
)


class Objection(NamedTuple):
    """An objection; nobody has answered it where `answered_at` is None.

    Attributes:
        made_by: the name under which somebody objected: an account of the site.
    """

    id: int
    promise: str
    made_by: str
    text: str
    made_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


def load_objections(store: Store, number: str = "") -> list[Objection]:
    """The objections to a promise, or to all, the oldest first."""
    sql = _ALL.format(among="p.number = %s" if number else "1 = 1")
    return [_objection(row) for row in store.rows(sql, [number] if number else [])]


def open_objections(store: Store, number: str = "") -> list[Objection]:
    """Those that nobody has answered."""
    sql = _ALL.format(among="o.answered_at IS NULL AND (%s = '' OR p.number = %s)")
    return [_objection(row) for row in store.rows(sql, [number, number])]


def find_objection(store: Store, objection_id: int) -> Objection | None:
    """One objection."""
    rows = store.rows(_ALL.format(among="o.id = %s"), [objection_id])
    return _objection(rows[0]) if rows else None


def insert_objection(store: Store, promise_id: int, made_by: str, text: str) -> int:
    """Enter an objection; gives its id."""
    values = (promise_id, made_by, text, instant_number(datetime.now(UTC)), "", "")
    return int(insert(store, "raised_objection", "promise_id, made_by, text, recorded_at, answer, answered_by", [values])[0]["id"])


def take_in(store: Store, rows: Sequence[Sequence[object]]) -> None:
    """Enter objections with their answers, as a site of an older version held them.

    Args:
        rows: promise id, who, text, instant, answer, by whom, its instant or None.
    """
    insert(store, "raised_objection", "promise_id, made_by, text, recorded_at, answer, answered_by, answered_at", rows)


def answer_row(store: Store, objection_id: int, answered_by: str, answer: str) -> bool:
    """Enter the answer to an objection; False where it has one already."""
    sql = "UPDATE raised_objection SET answer = %s, answered_by = %s, answered_at = %s WHERE id = %s AND answered_at IS NULL"
    values = [answer, answered_by, instant_number(datetime.now(UTC)), objection_id]
    return bool(write(store, "raised_objection", sql, values))


def _objection(row: Sequence[Any]) -> Objection:
    number, promise, made_by, text, made_at, answer, answered_by, answered_at = row
    ended = None if answered_at is None else instant_of(answered_at)
    return Objection(int(number), promise, made_by, text, instant_of(made_at), answer, answered_by, ended)
