"""`burden` 负担: what bodies are asked for. What the ledger knows is answered from it, and costs the body nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sizhang.app.booking import get_clerk
from sizhang.cadence.burden import Prices, check_cap, parse_prices, week_of
from sizhang.core.errors import LedgerError, Words
from sizhang.store.cadence_errands import QuestionRow, insert_question, load_questions
from sizhang.store.connection import Store
from sizhang.store.registers import find_setting, get_body, get_promise, put_setting

PRICES: Final = "cadence_prices"
FIELDS: Final = ("promised", "claimed", "verified", "settled", "owed", "need_xun", "light")


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to a body.

    Attributes:
        kind: a kind that has a price.
        promise, field: what figure it is about, where it is about one: see `FIELDS`.
    """

    body: str
    kind: str
    text: str
    on: date
    promise: str = ""
    field: str = ""
    by: str = ""


class Load(NamedTuple):
    """What a body is asked for in a week, in minutes."""

    body: str
    questions: int
    minutes: int
    cap: int
    answered_here: int


def load_prices(store: Store) -> Prices:
    """The price list in force."""
    return parse_prices(find_setting(store, PRICES))


def keep_prices(store: Store, text: str) -> None:
    """Put a price list in force."""
    parse_prices(text)
    put_setting(store, PRICES, text)


def ask(store: Store, asking: Asking) -> QuestionRow:
    """Put a question to a body, or answer it from the ledger.

    Raises:
        LedgerError: the body, the kind or the figure is unknown, or the body was asked for as much as it may be this week.
    """
    with store.writing():
        person, _ = get_clerk(store, "open", asking.by, "")
        body = get_body(store, asking.body)
        prices = load_prices(store)
        minutes, answer = prices.price_of(asking.kind), ""
        if asking.promise:
            answer, minutes = answer_from_ledger(store, asking), 0
        else:
            week = load_questions(store, *week_of(asking.on), body.name)
            check_cap(prices, body.name, [row.minutes for row in week], minutes, asking.on)
        row = QuestionRow(body.name, asking.kind, minutes, asking.text, answer, asking.on)
        insert_question(store, body.id, row, person.id)
        return row


def answer_from_ledger(store: Store, asking: Asking) -> str:
    """The figure that is asked for, as the ledger holds it."""
    from sizhang.app.due import compute_due

    if asking.field not in FIELDS:
        raise LedgerError(
            Words(f"账上没有“{asking.field}”这个数。", f"The ledger has no figure “{asking.field}”."),
            where=asking.promise,
            remedy=Words(f"可用的有：{'、'.join(FIELDS)}。", f"Name one of {', '.join(FIELDS)}."),
        )
    promise = get_promise(store, asking.promise)
    if asking.field in promise.balance._fields:
        return f"{promise.show(getattr(promise.balance, asking.field))} {promise.symbol}"
    rows = {row.track.number: row for row in compute_due(store, asking.on, promise=promise.number)}
    if promise.number not in rows:
        raise LedgerError(
            Words("它本身没有计划，计划在各分项上。", "It is not planned itself, only its parts are."),
            where=promise.number,
            remedy=Words("请问某个分项。", "Ask about a part."),
        )
    found = getattr(rows[promise.number], asking.field)
    return found if isinstance(found, str) else f"{promise.show(found)} {promise.symbol}"


def compute_burden(store: Store, on: date, body: str = "") -> list[Load]:
    """What each body that was asked anything was asked for in the week of a day, by name."""
    if body:
        get_body(store, body)
    cap = load_prices(store).cap_minutes
    rows: dict[str, list[QuestionRow]] = {body: []} if body else {}
    for row in load_questions(store, *week_of(on), body):
        rows.setdefault(row.body, []).append(row)
    return [
        Load(name, len(own), sum(row.minutes for row in own), cap, sum(bool(row.answer) for row in own))
        for name, own in sorted(rows.items())
    ]
