"""`errand` 交办: give an errand, answer its nodes, extend, close. Who answers is of the body that was told; who decides is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sizhang.app.booking import check_printable, check_roles, get_clerk
from sizhang.app.cadence import load_calendar
from sizhang.cadence.clocks import Errand, Event, Source, check_event, load_rule_set, parse_rule_set
from sizhang.core.errors import LedgerError, Words
from sizhang.core.period import check_day
from sizhang.store.cadence_errands import NewErrand, get_errand, insert_errand, insert_event, next_errand
from sizhang.store.connection import Store
from sizhang.store.registers import get_body, get_promise, load_rules


@dataclass(frozen=True, slots=True)
class ErrandOrder:
    """An errand that is to be given.

    Attributes:
        rules: a shipped rule set, or the text of a file.
        promise: the promise that it is about; may be empty.
    """

    title: str
    body: str
    source: Source
    on: date
    hard: bool = False
    rules: str = "13710"
    promise: str = ""
    by: str = ""


def open_errand(store: Store, order: ErrandOrder) -> Errand:
    """Give a body an errand.

    Raises:
        LedgerError: the body, the promise or the rule set is unknown, the title is empty, or the day lies outside the ledger's years.
    """
    check_printable(order.title)
    check_day(order.on)
    if not order.title.strip():
        raise LedgerError(
            Words("交办没有写内容。", "An errand without words."), remedy=Words("请写明要办什么。", "Say what is to be done.")
        )
    text = order.rules if "\n" in order.rules else load_rule_set(order.rules)
    parse_rule_set(text)
    with store.writing():
        person, _ = get_clerk(store, "open", order.by, "")
        check_roles("open", person, load_rules(store), order.body)
        body = get_body(store, order.body)
        promise = get_promise(store, order.promise).id if order.promise else None
        number = next_errand(store, order.on.year)
        insert_errand(store, NewErrand(number, order.source, order.title, body.id, promise, order.hard, text, order.on, person.id))
        return get_errand(store, number)


def act(store: Store, number: str, event: Event, by: str) -> Errand:
    """Book what happened to an errand.

    Raises:
        LedgerError: the clock refuses it, or the person may not do it.
    """
    check_day(event.on)
    with store.writing():
        errand = get_errand(store, number)
        if event.kind in ("answer", "request"):
            person, _ = get_clerk(store, "claim", by, errand.body)
        else:
            person, body = get_clerk(store, "settle", by, "")
            check_roles("settle", person, load_rules(store), number)
            if event.kind != "letter" and body == errand.body:
                raise LedgerError(
                    Words(f"{person.name}是{body}的人，而{body}是承办单位。", f"{person.name} belongs to {body}, which was told to do it."),
                    where=number,
                    remedy=Words("请由其他单位的管账人决定。", "Let a keeper of another body decide."),
                )
        check_event(errand, event, load_calendar(store))
        insert_event(store, number, event, person.id)
        return get_errand(store, number)
