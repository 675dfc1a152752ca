"""Random ledgers: bodies, people and promises, and entries that the laws let pass."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random

from sizhang.core.errors import LedgerError
from sizhang.core.ledger import VERBS, Balance, Entry, Stage, Verb, book
from sizhang.store.connection import Store
from sizhang.store.records import insert
from sizhang.store.writing import append

UNITS = (("亩", 2), ("套", 0), ("公里", 4))
DOMAINS = ("ecology", "urban", "rural")
BODIES = (("农业局", "370101"), ("住建局", "370102"), ("审计局", ""))
PEOPLE = (("报账员", "reporter recorder keeper"), ("另一人", "keeper"), ("核查员", "verifier keeper"))
START = datetime(2026, 1, 1, 1, tzinfo=UTC)
VERB_NAMES: tuple[Verb, ...] = ("open", "claim", "verify", "reject", "settle", "amend", "reopen", "expire")


def register(store: Store, promises: int, children: int = 2) -> list[str]:
    """Register bodies, people and promises, with `children` of each second promise; gives the numbers."""
    with store.writing():
        for name, place in BODIES:
            insert(store, "body", "name, place", [(name, place)])
        for body, (person, roles) in enumerate(
            (("报账员", "reporter recorder keeper"), ("另一人", "keeper"), ("核查员", "verifier keeper")), 1
        ):
            insert(store, "person", "name, roles, body_id", [(person, roles, body)])
        numbers = []
        for at in range(1, promises + 1):
            number = f"2026-{at:03d}"
            parent = add_promise(store, number, at)
            numbers.append(number)
            for child in range(1, children + 1 if at % 2 else 1):
                numbers.append(f"{number}.{child:02d}")
                add_promise(store, numbers[-1], at, parent)
    return numbers


def add_promise(store: Store, number: str, at: int, parent: int | None = None) -> int:
    """Register one promise past the verbs of `app`; gives its id."""
    unit, decimals = UNITS[at % len(UNITS)]
    columns = "number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, parent_id, target"
    values = [number, 2026, f"承诺 {number}", "amount", unit, decimals, DOMAINS[at % 3], "", "plan", "", at % 2 + 1, parent, ""]
    return int(insert(store, "promise", columns, [values])[0]["id"])


def make_entry(client_id: str, promise: str, verb: Verb, steps: int, day: date, **more: object) -> Entry:
    """An entry by whoever may make it."""
    rule = VERBS[verb]
    person, body = {
        "verify": ("核查员", "审计局"),
        "reject": ("核查员", "审计局"),
        "settle": ("另一人", "住建局"),
        "reopen": ("另一人", "住建局"),
        "expire": ("", ""),
    }.get(verb, ("报账员", "农业局"))
    text = "依据某文件，核实属实" if verb in ("amend", "verify", "reject", "reopen") else ""
    given: dict[str, object] = {"text": text, "source": rule.source, "target": rule.target, "person": person, "body": body, **more}
    return Entry(client_id=client_id, promise=promise, verb=verb, steps=steps, effective_on=day, recorded_at=START, **given)  # type: ignore[arg-type]


def lawful(wanted: Iterable[tuple[str, Verb, int, date, bool]]) -> list[Entry]:
    """The entries of a wish list (number, verb, steps, day, flag) that the laws let pass; the flag turns an amendment down, or marks it."""
    balances: dict[str, Balance] = {}
    out = []
    for at, (number, verb, steps, day, flag) in enumerate(wanted):
        entry = make_entry(f"id{at}", number, verb, steps, day)
        if verb == "amend":
            entry = entry._replace(source=Stage.PROMISED, target=Stage.PLEDGE) if flag else entry._replace(surplus=steps % 2 == 0)
        try:
            balances[number] = book(balances.get(number, Balance()), entry)
        except LedgerError:
            continue
        out.append(entry)
    return out


def append_in_batches(store: Store, entries: list[Entry], size: int = 7) -> None:
    """Book them, each batch an hour after the one before."""
    for start in range(0, len(entries), size):
        instant = START + timedelta(hours=start)
        append(store, entries[start : start + size], lambda instant=instant: instant)  # type: ignore[misc]


def seeded(numbers: list[str], count: int, seed: int = 1) -> list[Entry]:
    """About `count` lawful entries of a seeded generator."""
    random = Random(seed)
    wanted = [(number, "open", random.randint(1, 10**6), date(2026, 1, 1), False) for number in numbers]
    for _ in range(2 * count):
        verb = random.choices(VERB_NAMES, (1, 8, 5, 1, 4, 1, 0.5, 0.3))[0]
        day = date(2026, 1, 1) + timedelta(days=random.randrange(365))
        wanted.append((random.choice(numbers), verb, random.randint(1, 3000), day, random.random() < 0.5))
    return lawful(wanted)[:count]  # type: ignore[arg-type]
