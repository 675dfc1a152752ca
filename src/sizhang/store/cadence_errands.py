"""Errands, questions and digests as rows."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sizhang.cadence.clocks import Errand, Event, RuleSet, parse_rule_set
from sizhang.core.errors import LedgerError, Words
from sizhang.store.cadence_plans import now_number
from sizhang.store.chain import day_number, day_of
from sizhang.store.connection import Store
from sizhang.store.records import insert


class NewErrand(NamedTuple):
    """An errand that is to be entered."""

    number: str
    source: str
    title: str
    body_id: int
    promise_id: int | None
    hard: bool
    rules: str
    given_on: date
    person_id: int


class QuestionRow(NamedTuple):
    """A question that was put."""

    body: str
    kind: str
    minutes: int
    text: str
    answer: str
    on: date


def next_errand(store: Store, year: int) -> str:
    """The next free number, `E2026-001`."""
    head = f"E{year}-"
    taken = [int(number.removeprefix(head)) for (number,) in store.rows("SELECT number FROM errand WHERE number LIKE %s", [f"{head}%"])]
    return f"{head}{max(taken, default=0) + 1:03d}"


def insert_errand(store: Store, new: NewErrand) -> None:
    """Enter an errand."""
    columns = "number, source, title, body_id, promise_id, hard, rules, given_on, person_id, recorded_at"
    row = (
        *(new.number, new.source, new.title, new.body_id, new.promise_id),
        new.hard if store.engine == "postgresql" else int(new.hard),
        *(new.rules, day_number(new.given_on), new.person_id, now_number()),
    )
    insert(store, "errand", columns, [row])


def insert_event(store: Store, number: str, event: Event, person_id: int) -> None:
    """Append what happened to an errand."""
    errand = store.rows("SELECT id FROM errand WHERE number = %s", [number])[0][0]
    columns = "errand_id, kind, node, on_day, until, text, grade, person_id, recorded_at"
    until = day_number(event.until) if event.until else None
    row = (errand, event.kind, event.node, day_number(event.on), until, event.text, event.grade, person_id, now_number())
    insert(store, "errand_event", columns, [row])


def load_errands(store: Store, number: str = "", body: str = "") -> list[Errand]:
    """Errands with their events, by number; one, those of a body, or all."""
    where, values = "1 = 1", list[object]()
    if number:
        where, values = "e.number = %s", [number]
    elif body:
        where, values = "b.name = %s", [body]
    join = "errand e JOIN body b ON b.id = e.body_id"
    events: dict[str, list[Event]] = {}
    sql = f"SELECT e.number, v.kind, v.on_day, v.node, v.until, v.text, v.grade FROM {join} JOIN errand_event v ON v.errand_id = e.id"
    for one, kind, on, node, until, text, grade in store.rows(f"{sql} WHERE {where} ORDER BY v.id", values):
        event = Event(kind, day_of(on), node, day_of(until) if until is not None else None, text, grade)
        events.setdefault(one, []).append(event)
    rows = store.rows(f"SELECT e.number, e.source, e.title, b.name, e.given_on, e.hard, e.rules FROM {join} WHERE {where}", values)
    return sorted(
        (
            Errand(one, source, title, name, day_of(given), bool(hard), _rules(rules), tuple(events.get(one, ())))
            for one, source, title, name, given, hard, rules in rows
        ),
        key=lambda errand: errand.number,
    )


@lru_cache(maxsize=32)
def _rules(text: str) -> RuleSet:
    return parse_rule_set(text)


def get_errand(store: Store, number: str) -> Errand:
    """One errand.

    Raises:
        LedgerError: the ledger has none of that number.
    """
    found = load_errands(store, number)
    if not found:
        raise LedgerError(
            Words(f"账本里没有交办 {number}。", f"There is no errand {number} in the ledger."),
            remedy=Words("请查编号：sizhang errand list。", "Look the numbers up: sizhang errand list."),
        )
    return found[0]


def insert_question(store: Store, body_id: int, question: QuestionRow, person_id: int) -> None:
    """Record a question."""
    columns = "body_id, kind, minutes, text, answer, on_day, person_id, recorded_at"
    what = (question.kind, question.minutes, question.text, question.answer, day_number(question.on))
    insert(store, "question", columns, [(body_id, *what, person_id, now_number())])


def load_questions(store: Store, start: date, end: date, body: str = "") -> list[QuestionRow]:
    """The questions put from `start` to `end`."""
    sql = (
        "SELECT b.name, q.kind, q.minutes, q.text, q.answer, q.on_day FROM question q JOIN body b ON b.id = q.body_id "
        "WHERE q.on_day BETWEEN %s AND %s AND (%s = '' OR b.name = %s) ORDER BY q.id"
    )
    rows = store.rows(sql, [day_number(start), day_number(end), body, body])
    return [QuestionRow(name, kind, int(minutes), text, answer, day_of(on)) for name, kind, minutes, text, answer, on in rows]


def find_digest(store: Store, person_id: int, on: date) -> str | None:
    """The digest that a person got on a day."""
    found = store.rows("SELECT text FROM digest WHERE person_id = %s AND on_day = %s", [person_id, day_number(on)])
    return found[0][0] if found else None


def insert_digest(store: Store, person_id: int, on: date, text: str) -> None:
    """Record a digest; the database refuses a second one on a day."""
    insert(store, "digest", "person_id, on_day, text, recorded_at", [(person_id, day_number(on), text, now_number())])
