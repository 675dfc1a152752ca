"""`digest` 摘要: the one message that a person gets on a day: what is due, which errands wait, what was asked."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sizhang.app.cadence import load_calendar
from sizhang.app.due import compute_due, compute_lights
from sizhang.cadence.burden import week_of
from sizhang.cadence.clocks import NODE_STATES, status_of
from sizhang.cadence.pace import LIGHTS
from sizhang.store.cadence_errands import find_digest, insert_digest, load_errands, load_questions
from sizhang.store.cadence_plans import load_tracks
from sizhang.store.connection import Store
from sizhang.store.registers import get_person

_PROMISES_MAX = 20


class Sent(NamedTuple):
    """A digest; `again` where this person had it today already."""

    person: str
    on: date
    text: str
    again: bool


def make_digest(store: Store, person: str, on: date) -> Sent:
    """Make a person's digest of a day, or give back the one of that day.

    Raises:
        LedgerError: the person is unknown.
    """
    with store.writing():
        who = get_person(store, person)
        before = find_digest(store, who.id, on)
        if before is not None:
            return Sent(who.name, on, before, True)
        lines = [*_due_lines(store, who.body, on), *_errand_lines(store, who.body, on), *_question_lines(store, who.body, on)]
        text = "\n".join([f"{who.name}（{who.body}） {on}", *(lines or ["今日无事 Nothing waits today."])])
        insert_digest(store, who.id, on, text)
        return Sent(who.name, on, text, False)


def _due_lines(store: Store, body: str, on: date) -> list[str]:
    if not load_tracks(store, year=on.year, body=body):
        return []
    rows = [row for row in compute_due(store, on, body) if row.need_xun or row.owed]
    rows.sort(key=lambda row: ({"red": 0, "yellow": 1, "green": 2}[row.light], row.track.number))
    out = [
        f"{LIGHTS[lit.due.light]} {lit.due.track.number} {lit.due.track.title[:20]}：{lit.zh}"
        for lit in compute_lights(rows[:_PROMISES_MAX], on)
    ]
    if len(rows) > _PROMISES_MAX:
        out.append(f"…… 共 {len(rows)} 项 promises: sizhang due --body {body}")
    return out


def _errand_lines(store: Store, body: str, on: date) -> list[str]:
    calendar, out = load_calendar(store), []
    for errand in load_errands(store, body=body):
        if errand.closed is not None or errand.given_on > on:
            continue
        for status in status_of(errand, on, calendar):
            if status.answered_on is None:
                slip = f" {status.slip}" if status.slip else ""
                out.append(f"{errand.number} {errand.title[:20]}：{status.node.zh}，{status.due_on}，{NODE_STATES[status.state]}{slip}")
                break
    return out


def _question_lines(store: Store, body: str, on: date) -> list[str]:
    rows = [row for row in load_questions(store, week_of(on)[0], on, body) if not row.answer]
    return [f"问 {row.text}（约{row.minutes}分钟）" for row in rows]
