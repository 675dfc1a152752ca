"""The registers beside the journal: bodies, people, reports, promises, rule books; how they are entered and found.

Whoever enters something does it inside `Store.writing`, so that it is kept together with the entries or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sizhang.core.account import Measure
from sizhang.core.body import check_place
from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import Balance, Role
from sizhang.core.quantity import Unit, format_number, get_unit
from sizhang.core.rules import RuleBook, parse_rules
from sizhang.store.chain import instant_number
from sizhang.store.connection import Store
from sizhang.store.records import insert, write

ROLES: Final[tuple[Role, ...]] = ("recorder", "reporter", "verifier", "keeper")


class Body(NamedTuple):
    """A body of the ledger."""

    id: int
    name: str
    parent: str | None
    place: str


class Person(NamedTuple):
    """Somebody with an office."""

    id: int
    name: str
    body: str
    roles: frozenset[Role]


class PromiseRow(NamedTuple):
    """A promise with its balance now."""

    id: int
    number: str
    year: int
    title: str
    measure: Measure
    symbol: str
    decimals: int
    domain: str
    kind: str
    strength: str
    deadline: str
    terms: str
    body: str
    parent: str | None
    balance: Balance

    @property
    def unit(self) -> Unit:
        """Its unit, with the step that this promise has."""
        usual = get_unit(self.symbol)
        return Unit(usual.symbol, self.decimals, usual.dimension, usual.factor)

    def show(self, steps: int) -> str:
        """So many steps in plain digits."""
        return format_number(steps, self.decimals)


@dataclass(frozen=True, slots=True)
class NewPromise:
    """A promise that is to be entered."""

    number: str
    year: int
    title: str
    measure: str
    unit: str
    decimals: int
    domain: str
    kind: str
    strength: str
    deadline: str
    body: str
    parent: str | None
    report: str | None
    start: int | None
    end: int | None
    terms: str
    carried_from: str | None = None


def load_bodies(store: Store) -> dict[str, Body]:
    """Every body by name."""
    sql = "SELECT b.id, b.name, p.name, b.place FROM body b LEFT JOIN body p ON p.id = b.parent_id"
    return {row[1]: Body(*row) for row in store.rows(sql)}


def get_body(store: Store, name: str) -> Body:
    """The body of that name.

    Raises:
        LedgerError: there is none.
    """
    sql = "SELECT b.id, b.name, p.name, b.place FROM body b LEFT JOIN body p ON p.id = b.parent_id WHERE b.name = %s"
    found = store.rows(sql, [name])
    if not found:
        raise LedgerError(
            Words(f"账本里没有单位“{name or '（空）'}”。", f"{name or 'An empty name'} is no body of this ledger."),
            remedy=Words(f"请先添加：sizhang body add {name or 'NAME'}。", f"Add it: sizhang body add {name or 'NAME'}."),
        )
    return Body(*found[0])


def add_body(store: Store, name: str, parent: str | None, place: str) -> bool:
    """Enter a body; False where it stands there already, just so.

    Raises:
        LedgerError: the name is empty or taken by another, the parent is missing, or the place's code has not its form.
    """
    check_name(name, "body")
    if place:
        check_place(place)
    above = get_body(store, parent) if parent else None
    for body in load_bodies(store).values():
        if body.name == name:
            if (body.parent, body.place) == (parent, place):
                return False
            raise LedgerError(
                Words(
                    f"账本里已有单位{name}：上级{body.parent or '无'}，区划代码 {body.place or '无'}。",
                    f"{name} is in the ledger already, below {body.parent or 'nobody'}, place {body.place or 'none'}.",
                ),
                remedy=Words("请给另一个单位换个名称。", "Give the other body a name of its own."),
            )
    insert(store, "body", "name, parent_id, place", [(name, above.id if above else None, place)])
    return True


def check_name(name: str, what: str) -> None:
    """Refuse a name that is empty, too long, or holds a control character."""
    if not name.strip() or name != name.strip() or len(name) > 200 or any(ord(letter) < 32 for letter in name):
        raise LedgerError(
            Words(f"{name!r} 不能作{'单位' if what == 'body' else '人员'}的名称。", f"{name!r} is no name for a {what}."),
            remedy=Words(
                "请写 1 至 200 个字，首尾不留空格，不含控制字符。",
                "Give 1 to 200 characters, without blanks at its ends or control characters.",
            ),
        )


def find_person(store: Store, name: str) -> Person | None:
    """Somebody by name, or None."""
    found = store.rows("SELECT p.id, p.name, b.name, p.roles FROM person p JOIN body b ON b.id = p.body_id WHERE p.name = %s", [name])
    return Person(found[0][0], found[0][1], found[0][2], frozenset(found[0][3].split())) if found else None


def get_person(store: Store, name: str) -> Person:
    """Somebody by name.

    Raises:
        LedgerError: there is nobody of that name.
    """
    person = find_person(store, name)
    if person is None:
        raise LedgerError(
            Words(f"账本里没有人员“{name or '（空）'}”。", f"{name or 'Nobody'} is not a person of this ledger."),
            remedy=Words(
                f"请先登记：sizhang person add {name or 'NAME'} --body B --role ROLE。",
                f"Register the person: sizhang person add {name or 'NAME'} --body B --role ROLE.",
            ),
        )
    return person


def add_person(store: Store, name: str, body: str, roles: Iterable[Role]) -> Person:
    """Enter somebody, or give further roles to who is there.

    Raises:
        LedgerError: the name is empty, the body is missing, or the person belongs to another body.
    """
    check_name(name, "person")
    organisation = get_body(store, body)
    held = find_person(store, name)
    if held is None:
        text = " ".join(role for role in ROLES if role in set(roles))
        insert(store, "person", "name, body_id, roles", [(name, organisation.id, text)])
    elif held.body != body:
        raise LedgerError(
            Words(f"{name}已登记在{held.body}名下。", f"{name} is registered for {held.body} already."),
            remedy=Words(f"在{body}的任职请另起名称登记。", f"Register the office at {body} under a name of its own."),
        )
    else:
        text = " ".join(role for role in ROLES if role in set(roles) | held.roles)
        write(store, "person", "UPDATE person SET roles = %s WHERE id = %s", [text, held.id])
    return get_person(store, name)


_PROMISE: Final = (
    "SELECT p.id, p.number, p.year, p.title, p.measure, p.unit, p.decimals, p.domain, p.kind, p.strength, p.deadline, p.target, "
    "b.name, u.number, l.promised, l.claimed, l.verified, l.settled, l.surplus "
    "FROM promise p JOIN body b ON b.id = p.body_id JOIN balance l ON l.promise_id = p.id LEFT JOIN promise u ON u.id = p.parent_id "
)


def get_promise(store: Store, number: str) -> PromiseRow:
    """The promise of that number.

    Raises:
        LedgerError: there is none.
    """
    found = store.rows(_PROMISE + "WHERE p.number = %s", [number])
    if not found:
        raise LedgerError(
            Words(f"账本里没有承诺 {number}。", f"There is no promise {number} in the ledger."),
            remedy=Words("请查编号：sizhang balance。", "Look the number up: sizhang balance."),
        )
    return _promise(found[0])


def load_promises(store: Store, year: int) -> list[PromiseRow]:
    """All promises of a year, each parent before its children."""
    return [_promise(row) for row in store.rows(_PROMISE + "WHERE p.year = %s ORDER BY p.id", [year])]


def load_children(store: Store, parent_id: int) -> list[PromiseRow]:
    """The promises just below another, in the order of their opening."""
    return [_promise(row) for row in store.rows(_PROMISE + "WHERE p.parent_id = %s ORDER BY p.id", [parent_id])]


def _promise(row: Sequence[Any]) -> PromiseRow:
    return PromiseRow._make([*row[:14], Balance(*(int(value) for value in row[14:]))])


def next_number(store: Store, year: int) -> int:
    """The number after the last of that year's promises, from 1."""
    found = store.rows("SELECT number FROM promise WHERE year = %s AND parent_id IS NULL", [year])
    return 1 + max((int(number.split("-")[1].split(".")[0]) for (number,) in found), default=0)


def format_numbered(year: int, ordinal: int) -> str:
    """The number of a promise: 2026-017."""
    return f"{year}-{ordinal:03d}"


def next_child(store: Store, parent: PromiseRow) -> int:
    """The number after the last of a promise's children, from 1."""
    return 1 + max((int(child.number.rsplit(".", 1)[1]) for child in load_children(store, parent.id)), default=0)


def insert_promises(store: Store, promises: Sequence[NewPromise]) -> dict[str, str]:
    """Enter promises, each parent before its children; gives for each number the digest that its opening entry carries."""
    bodies = {name: body.id for name, body in load_bodies(store).items()}
    above = [one.parent for one in promises if one.parent] + [one.carried_from for one in promises if one.carried_from]
    ids: dict[str, int] = dict(store.rows_among("SELECT number, id FROM promise WHERE number {among}", sorted(set(above))))
    reports = dict(
        store.rows_among("SELECT sha256, id FROM report WHERE sha256 {among}", sorted({one.report for one in promises if one.report}))
    )
    digests = {number: digest_of_row(store, number) for number in sorted(set(above)) if number in ids}
    for depth in sorted({one.number.count(".") for one in promises}):
        batch = [one for one in promises if one.number.count(".") == depth]
        rows = insert(store, "promise", _PROMISE_COLUMNS, [_values(one, bodies, ids, reports) for one in batch])
        ids |= {row["number"]: row["id"] for row in rows}
        for one in batch:
            digests[one.number] = digest_of(one, digests.get(one.parent or "", ""))
    return digests


_PROMISE_COLUMNS: Final = (
    "number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, parent_id, report_id, source_start, "
    "source_end, target, carried_from_id"
)


def _values(one: NewPromise, bodies: dict[str, int], ids: dict[str, int], reports: dict[str, int]) -> tuple[object, ...]:
    return (
        *(one.number, one.year, one.title, one.measure, one.unit, one.decimals, one.domain, one.kind, one.strength, one.deadline),
        *(bodies[one.body], ids.get(one.parent or ""), reports.get(one.report or "")),
        *(one.start, one.end, one.terms, ids.get(one.carried_from or "")),
    )


def digest_of(promise: NewPromise, parent_digest: str) -> str:
    """SHA-256 over what never changes of a promise: its fields but the body, as JSON in fixed order, and the digest of its parent.

    The entry that opens the promise carries it, so the chain holds the promise's words too.
    """
    fields = asdict(promise)
    del fields["body"]
    fields["parent_digest"] = parent_digest
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + sha256(text.encode("utf-8")).hexdigest()


_WHOLE: Final = (
    "SELECT p.number, p.year, p.title, p.measure, p.unit, p.decimals, p.domain, p.kind, p.strength, p.deadline, b.name, u.number, "
    "r.sha256, p.source_start, p.source_end, p.target, c.number FROM promise p JOIN body b ON b.id = p.body_id "
    "LEFT JOIN promise u ON u.id = p.parent_id LEFT JOIN report r ON r.id = p.report_id LEFT JOIN promise c ON c.id = p.carried_from_id "
)


def get_new_promise(store: Store, number: str) -> NewPromise:
    """All fields of a promise that is in the ledger."""
    return NewPromise(*store.rows(_WHOLE + "WHERE p.number = %s", [number])[0])


def first_body_of(store: Store, number: str) -> str:
    """The body for which a promise was opened, whoever leads it now."""
    sql = (
        "SELECT r.content FROM record r JOIN promise p ON r.row_key = CAST(p.id AS VARCHAR(20)) "
        "WHERE p.number = %s AND r.register = 'promise' ORDER BY r.seq LIMIT 1"
    )
    first = json.loads(store.rows(sql, [number])[0][0])
    return str(store.rows("SELECT name FROM body WHERE id = %s", [first["body_id"]])[0][0])


def digest_of_row(store: Store, number: str) -> str:
    """The digest of a promise as it stands in the table now."""
    promise = get_new_promise(store, number)
    return digest_of(promise, digest_of_row(store, promise.parent) if promise.parent else "")


def check_promises(store: Store) -> list[str]:
    """The numbers of promises whose words are not those under which they were opened, in their order; empty when all is well."""
    digests: dict[str, str] = {}
    for row in store.rows(_WHOLE + "ORDER BY p.id"):
        promise = NewPromise(*row)
        digests[promise.number] = digest_of(promise, digests.get(promise.parent or "", ""))
    sql = "SELECT p.number, e.text FROM entry e JOIN promise p ON p.id = e.promise_id WHERE e.verb = 'open'"
    opened = {number: text for number, text in store.rows(sql) if text.startswith("sha256:")}
    return [number for number, digest in digests.items() if opened.get(number, digest) != digest]


def add_report(store: Store, name: str, text: str) -> str:
    """Keep the text of a report under its SHA-256, which is given back; once only."""
    digest = sha256(text.encode("utf-8")).hexdigest()
    if not store.rows("SELECT id FROM report WHERE sha256 = %s", [digest]):
        insert(store, "report", "sha256, name, text", [(digest, name, text)])
    return digest


def find_setting(store: Store, name: str) -> str | None:
    """What the ledger knows about itself under that name, or None."""
    found = store.rows("SELECT value FROM setting WHERE name = %s", [name])
    return str(found[0][0]) if found else None


def put_setting(store: Store, name: str, value: str) -> None:
    """Set it."""
    if find_setting(store, name) is None:
        insert(store, "setting", "name, value", [(name, value)])
    else:
        write(store, "setting", "UPDATE setting SET value = %s WHERE name = %s", [value, name])


def load_rules(store: Store) -> RuleBook:
    """The rule book in force: the last that was added, else the defaults."""
    found = store.rows("SELECT text FROM rulebook ORDER BY id DESC LIMIT 1")
    return parse_rules(found[0][0]) if found else RuleBook()


def add_rules(store: Store, text: str) -> str:
    """Add a version of the rule book, unless it is the one in force; gives its SHA-256."""
    parse_rules(text)
    digest = sha256(text.encode("utf-8")).hexdigest()
    last = store.rows("SELECT sha256 FROM rulebook ORDER BY id DESC LIMIT 1")
    if not last or last[0][0] != digest:
        now = instant_number(datetime.now(UTC))
        insert(store, "rulebook", "sha256, text, recorded_at", [(digest, text, now)])
    return digest
