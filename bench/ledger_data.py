"""The seeded ledger of the benchmark: 20,000 promises over 400 bodies, 40 units and one year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from sizhang.core.ledger import VERBS, Entry, Verb
from sizhang.store.connection import Store
from sizhang.store.records import insert
from sizhang.store.writing import append

PROMISES, BODIES, UNITS, DAYS, BATCH = 20_000, 400, 40, 365, 10_000
NONE = datetime(1970, 1, 1, tzinfo=UTC)
START = date(2026, 1, 1)
CLERKS: dict[Verb, tuple[str, str]] = {
    "open": ("keeper", "body 0"),
    "claim": ("reporter", "body 1"),
    "verify": ("verifier", "body 2"),
    "reject": ("verifier", "body 2"),
    "settle": ("keeper", "body 0"),
    "reopen": ("keeper", "body 0"),
}


def enter_promises(store: Store) -> list[str]:
    """Enter bodies, people and promises; gives the numbers."""
    numbers = [f"2026-{at // 10:04d}.{at % 10:02d}" for at in range(PROMISES)]
    with store.writing():
        insert(store, "body", "name, place", [(f"body {at}", "") for at in range(BODIES)])
        people = [("reporter", "reporter", 2), ("verifier", "verifier", 3), ("keeper", "keeper recorder", 1)]
        insert(store, "person", "name, roles, body_id", people)
        columns = "number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, target"
        fixed = (2026, "a promise", "amount")
        rows = [
            (number, *fixed, f"unit {at // 10 % UNITS}", 2, "", "", "plan", "", at % BODIES + 1, "") for at, number in enumerate(numbers)
        ]
        insert(store, "promise", columns, rows)
    return numbers


def make(client_id: str, number: str, verb: Verb, steps: int, day: date) -> Entry:
    """One entry by whoever may make it."""
    rule = VERBS[verb]
    text = "seen" if verb in ("verify", "reject", "reopen") else ""
    return Entry(client_id, number, verb, rule.source, rule.target, steps, day, NONE, *CLERKS[verb], text)


def opened(numbers: list[str]) -> list[Entry]:
    """Every promise opened with more than is ever claimed."""
    return [make(f"open {number}", number, "open", 10**12, START) for number in numbers]


def bulk_claims(numbers: list[str], count: int, name: str = "claim") -> Iterator[list[Entry]]:
    """Batches of claims on random promises, in the order of days."""
    # Each time other promises, and every time the same ones for the same name.
    random = Random(name)
    for start in range(0, count, BATCH):
        days = [START + timedelta(days=at * DAYS // count) for at in range(start, min(start + BATCH, count))]
        yield [make(f"{name} {start + at}", random.choice(numbers), "claim", random.randrange(1, 1000), day) for at, day in enumerate(days)]


def entry_rows(numbers: list[str], count: int, last: int) -> list[tuple[Any, ...]]:
    """The rows of such claims as they stand in the table after entry number `last`, with a hash each."""
    rows = []
    place = {number: at for at, number in enumerate(numbers, start=1)}
    epoch = date(1970, 1, 1).toordinal()
    for batch in bulk_claims(numbers, count, f"claim {last}"):
        for entry in batch:
            seq = last + len(rows) + 1
            day = entry.effective_on.toordinal() - epoch
            moved = (seq, entry.client_id, place[entry.promise], "claim", 1, 2, entry.steps, day, 1_780_000_000_000_000)
            rows.append((*moved, 1, 2, "", 0, "", "", sha256(str(seq).encode()).digest()))
    return rows


def fill(store: Store, count: int) -> None:
    """A whole year of every verb: `count` lawful entries of a seeded generator, in batches."""
    numbers = enter_promises(store)
    chosen = numbers[: max(count // 50, 1)]
    random = Random(11)
    held = {number: [0, 0, 0, 0, 0] for number in chosen}
    batch: list[Entry] = []
    for at in range(count):
        number = chosen[at] if at < len(chosen) else random.choice(chosen)
        stages = held[number]
        verb = _verb(stages, random)
        rule = VERBS[verb]
        steps = random.randrange(10**5, 10**7) if verb == "open" else random.randrange(1, min(stages[rule.source], 5000) + 1)
        stages[rule.source] -= steps
        stages[rule.target] += steps
        batch.append(make(str(at), number, verb, steps, START + timedelta(days=at * DAYS // count)))
        if len(batch) == BATCH:
            append(store, batch)
            batch = []
    if batch:
        append(store, batch)


def _verb(stages: list[int], random: Random) -> Verb:
    possible: list[Verb] = [
        verb
        for verb in ("claim", "claim", "verify", "settle", "reject", "reopen")
        if stages[VERBS[verb].source] > 0  # type: ignore[index]
    ]
    if not possible or (not stages[1] and random.random() < 0.2):
        return "open"
    return random.choice(possible)
