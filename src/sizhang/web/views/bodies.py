"""Bodies 单位: the statement of account of each, how far its claims proved true, and what it was asked. Nothing is ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

from sizhang.app.burden import Load, compute_burden, load_prices
from sizhang.core.day import this_day
from sizhang.store.cadence_errands import QuestionRow, load_questions
from sizhang.store.connection import Store
from sizhang.store.registers import get_body, load_bodies
from sizhang.web.access import WorkRequest, check_own_body, needs
from sizhang.web.ledger import get_ledger
from sizhang.web.overview import own_rows
from sizhang.web.paging import piece_of
from sizhang.web.rows import Row
from sizhang.web.telling import reader_language
from sizhang.web.views.ledger import tally

_QUESTIONS_MOST: Final = 20


def rows_by_body() -> dict[str, list[Row]]:
    """Every promise and part by its lead body."""
    out: dict[str, list[Row]] = {}
    for row in own_rows(get_ledger()):
        out.setdefault(row.promise.body, []).append(row)
    return out


@dataclass(frozen=True)
class Accuracy:
    """How far a body's claims proved true when somebody looked.

    Attributes:
        judged, rejected: findings on its claims, and those that sent something back.
        back_pct: of each promise that was looked at, by number: the share of what was looked at that went back, in per cent.
    """

    judged: int
    rejected: int
    back_pct: Mapping[str, Decimal]

    @property
    def middle_pct(self) -> Decimal:
        """The median over its promises: units are not added to one another. Only where something was looked at."""
        return Decimal(median(self.back_pct.values()))


def accuracy_of(body: str) -> Accuracy:
    """What the findings say about the claims of a body. Rounding: shares half up to a tenth of a per cent."""
    sql = (
        "SELECT p.number, e.verb, COUNT(*), SUM(e.steps) FROM entry e JOIN promise p ON p.id = e.promise_id "
        "JOIN body b ON b.id = p.body_id WHERE b.name = %s AND e.verb IN ('verify', 'reject') GROUP BY p.number, e.verb"
    )
    count, steps = Counter[str](), dict[str, Counter[str]]()
    for number, verb, entries, moved in get_ledger().rows(sql, [body]):
        count[verb] += int(entries)
        steps.setdefault(number, Counter())[verb] += int(moved)
    shares = {number: Decimal(100 * found["reject"]) / found.total() for number, found in steps.items()}
    return Accuracy(count.total(), count["reject"], {number: one.quantize(Decimal("0.1"), ROUND_HALF_UP) for number, one in shares.items()})


@dataclass(frozen=True)
class Asked:
    """What a body was asked in a year: the questions, the latest first, their minutes, and this week's against the cap."""

    year: int
    questions: Sequence[QuestionRow]
    minutes: int
    week: Load
    kinds: Mapping[str, str]

    @property
    def answered_here(self) -> int:
        """Questions that the ledger answered, so that nobody had to."""
        return sum(bool(one.answer) for one in self.questions)


def asked_of(store: Store, body: str, on: date) -> Asked:
    """The burden meter of one body on a day."""
    questions = load_questions(store, date(on.year, 1, 1), date(on.year, 12, 31), body)[::-1]
    kinds = load_prices(store).zh if reader_language() == "zh" else {}
    return Asked(on.year, questions, sum(one.minutes for one in questions), compute_burden(store, on, body)[0], kinds)


@needs("read")
def bodies(request: WorkRequest) -> HttpResponse:
    """All bodies by name, with what each has on its account; a reporter's own alone."""
    held = rows_by_body()
    if request.user.role == "reporter":
        held = {name: rows for name, rows in held.items() if name == request.user.body}
    listed = [(body, tally(held.get(name, []))) for name, body in sorted(load_bodies(get_ledger()).items()) if name in held]
    return render(request, "bodies.html", {"bodies": listed})


@needs("read")
def body(request: WorkRequest, name: str) -> HttpResponse:
    """The statement of one body."""
    found = get_body(get_ledger(), name)
    check_own_body(request.user, name)
    facts = {
        "body": found,
        "piece": piece_of(request, rows_by_body().get(name, [])),
        "accuracy": accuracy_of(name),
        "asked": asked_of(get_ledger(), name, this_day()),
        "shown_most": _QUESTIONS_MOST,
    }
    return render(request, "body.html", facts)
