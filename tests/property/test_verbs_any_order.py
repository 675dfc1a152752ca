"""Whatever is asked in whatever order: the balances are those of the entries on every day, and what is refused leaves no trace."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from sizhang.app.amend import amend
from sizhang.app.body import add_body
from sizhang.app.claim import claim
from sizhang.app.expire import expire
from sizhang.app.init import equip
from sizhang.app.open import ByHand, Opening, open_by_hand
from sizhang.app.order import NamedLot, Order
from sizhang.app.person import add_person
from sizhang.app.reject import reject
from sizhang.app.reopen import reopen
from sizhang.app.settle import settle
from sizhang.app.verify import verify
from sizhang.core.errors import LedgerError
from sizhang.core.ledger import Stage
from sizhang.store.connection import Store, open_store

VERBS = {"claim": claim, "verify": verify, "reject": reject, "settle": settle, "amend": amend, "reopen": reopen}
NUMBER = "2026-001"
LOTS = ("甲", "乙", "丙")
RIGHT = {"claim": "林", "verify": "审", "reject": "审", "settle": "管", "amend": "管", "reopen": "管", "expire": ""}


def random_order(random: Random, verb: str) -> Order:
    """Mostly lawful, so that the books fill: the right person, small numbers, days that go forward more often than back."""
    by = RIGHT[verb] if random.random() < 0.95 else random.choice("林审管")
    number = random.choice([None, *range(1, 25)]) if verb != "amend" else random.choice([*range(-9, 0), *range(1, 10)])
    on = date(2026, 1, 1) + timedelta(days=random.choice([random.randrange(5), random.randrange(5), random.randrange(60, 66)]))
    lots = random.sample(LOTS, random.choice([0, 0, 0, 1, 2]))
    return Order(NUMBER, None if number is None else Decimal(number), by=by, on=on, text="因", lots=tuple(map(NamedLot, lots)))


def ask(store: Store, verb: str, order: Order) -> None:
    if verb == "expire":
        expire(store, order.on)
    else:
        VERBS[verb](store, order)


def state(store: Store) -> list[list[object]]:
    return [store.rows(f"SELECT * FROM {table}") for table in ("entry", "balance", "lot", "claimant", "head")]


@pytest.mark.parametrize("seed", range(12))
def test_any_order(seed: int, sqlite_url: str) -> None:
    random = Random(seed)
    booked: Counter[str] = Counter()
    with open_store(sqlite_url) as store:
        equip(store)
        for body, role in (("林", "reporter"), ("审", "verifier"), ("管", "keeper")):
            add_body(store, body)
            add_person(store, body, body, [role])  # type: ignore[list-item]
        open_by_hand(store, ByHand("植树", Decimal(300), "棵"), Opening(2026, "林"))
        for _ in range(60):
            verb = random.choice([*VERBS, "claim", "verify", "expire"])
            order, before = random_order(random, verb), state(store)
            try:
                if random.random() < 0.2:
                    with store.rehearsal():
                        ask(store, verb, order)
                    assert state(store) == before
                else:
                    ask(store, verb, order)
                    booked[verb] += 1
            except LedgerError:
                assert state(store) == before
            check_books(store)
    assert sum(booked.values()) >= 5, booked


def check_books(store: Store) -> None:
    entries = store.rows("SELECT source, target, steps, effective_on, lots, verb FROM entry ORDER BY effective_on, seq")
    stages: Counter[int] = Counter()
    for place, (source, target, steps, day, *_) in enumerate(entries):
        stages[source] -= steps
        stages[target] += steps
        last_of_day = place + 1 == len(entries) or entries[place + 1][3] != day
        if last_of_day:
            assert min(stages[stage] for stage in (Stage.CLAIMED, Stage.VERIFIED, Stage.SETTLED)) >= 0, entries
    (balance,) = store.rows("SELECT promised, claimed, verified, settled FROM balance")
    assert tuple(stages[stage] for stage in list(Stage)[1:]) == tuple(balance)
    assert min(balance) >= 0
    held: Counter[int] = Counter()
    for stage, steps in store.rows("SELECT stage, steps FROM lot"):
        held[stage] += steps
    assert all(held[stage] <= stages[stage] for stage in (Stage.CLAIMED, Stage.VERIFIED, Stage.SETTLED))
