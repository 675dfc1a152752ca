"""Append to the ledger: all entries of a batch in one transaction, or none.

Only the verbs of `app` call this. The laws are checked here to say clearly what is wrong, and once more by the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sizhang.core.errors import LedgerError
from sizhang.core.ledger import Balance, Entry, Role, book, check_entry, check_independent, check_role
from sizhang.store.chain import canonical_bytes, day_number, instant_number, instant_of, link
from sizhang.store.connection import Store
from sizhang.store.lots import move_lots

_COLUMNS: Final = (
    "seq, client_id, promise_id, verb, source, target, steps, effective_on, recorded_at, person_id, body_id, text, surplus, evidence, "
    "lots, hash"
)
_MARKS: Final = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_INSERT: Final = f"INSERT INTO entry ({_COLUMNS}) VALUES "
# Below this many rows a COPY costs more than it saves.
_COPY_FROM: Final = 20


class Booked(NamedTuple):
    """What became of an entry: its number in the chain, its hash, the balance after it, and whether it stood there already."""

    entry: Entry
    seq: int
    hash: bytes
    balance: Balance
    again: bool


class _Account(NamedTuple):
    id: int
    balance: Balance


class _Person(NamedTuple):
    id: int
    roles: frozenset[Role]


def append(store: Store, entries: Sequence[Entry], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> list[Booked]:
    """Book entries in their order, all or none; one whose client id is known already is not booked again.

    `recorded_at` is set here: the clock's instant, never before that of the last entry.

    Raises:
        LedgerError: an entry breaks a law, names what is not in the ledger, or repeats a client id with another content.
    """
    with store.writing() as (last_seq, last_hash):
        known = _find_known(store, entries)
        new = [entry for entry in _once(entries) if entry.client_id not in known]
        accounts = _load_accounts(store, entries)
        recorded_at = _instant(store, last_seq, now)
        booked = _chain(store, new, accounts, (last_seq, last_hash), recorded_at)
        _check_people(store, new)
        if booked:
            _insert(store, booked, accounts)
            move_lots(store, [row.entry for row in booked], {number: account.id for number, account in accounts.items()})
            store.execute("UPDATE head SET seq = %s, hash = %s WHERE id = 1", [booked[-1].seq, booked[-1].hash])
    by_id = {row.entry.client_id: row for row in booked}
    out = []
    for entry in entries:
        first = by_id.pop(entry.client_id, None)
        out.append(first or Booked(entry, *known.get(entry.client_id, (0, b"")), accounts[entry.promise].balance, True))
    return out


def _once(entries: Iterable[Entry]) -> list[Entry]:
    seen: dict[str, Entry] = {}
    for entry in entries:
        before = seen.setdefault(entry.client_id, entry)
        if before is not entry and _content(before) != _content(entry):
            raise _other_content(entry)
    return list(seen.values())


def _content(entry: Entry) -> tuple[object, ...]:
    return (entry.promise, entry.verb, int(entry.source), int(entry.target), entry.steps, entry.effective_on, entry.person)


def _other_content(entry: Entry) -> LedgerError:
    return LedgerError(
        f"The id {entry.client_id} was booked already with another content.",
        where=entry.promise,
        remedy="Give a new id to a new entry; repeat an old one unchanged.",
    )


def _find_known(store: Store, entries: Sequence[Entry]) -> dict[str, tuple[int, bytes]]:
    """Entries of the batch that the ledger has already."""
    by_id = {entry.client_id: entry for entry in entries}
    sql = (
        "SELECT e.client_id, e.seq, e.hash, p.number, e.verb, e.source, e.target, e.steps, e.effective_on, COALESCE(w.name, '') "
        "FROM entry e JOIN promise p ON p.id = e.promise_id LEFT JOIN person w ON w.id = e.person_id WHERE e.client_id {among}"
    )
    out = {}
    for client_id, seq, digest, *content in store.rows_among(sql, list(by_id)):
        entry = by_id[client_id]
        given = (entry.promise, entry.verb, int(entry.source), int(entry.target), entry.steps, day_number(entry.effective_on), entry.person)
        if given != tuple(content):
            raise _other_content(entry)
        out[client_id] = (int(seq), bytes(digest))
    return out


def _load_accounts(store: Store, entries: Sequence[Entry]) -> dict[str, _Account]:
    numbers = list({entry.promise for entry in entries})
    sql = (
        "SELECT p.number, p.id, b.promised, b.claimed, b.verified, b.settled, b.surplus "
        "FROM promise p JOIN balance b ON b.promise_id = p.id WHERE p.number {among}"
    )
    found = {row[0]: _Account(row[1], Balance(*row[2:])) for row in store.rows_among(sql, numbers)}
    missing = [number for number in numbers if number not in found]
    if missing:
        raise LedgerError(
            f"{len(missing)} promise(s) are not in the ledger: {', '.join(sorted(missing)[:5])}.",
            remedy="Look the numbers up: sizhang balance.",
        )
    return found


def _instant(store: Store, last_seq: int, now: Callable[[], datetime]) -> datetime:
    """The clock's instant; where the clock was set back, the instant of the last entry."""
    instant = now()
    found = store.execute("SELECT recorded_at FROM entry WHERE seq = %s", [last_seq]).fetchone()
    return max(instant, instant_of(int(found[0]))) if found else instant


def _chain(
    store: Store, entries: Sequence[Entry], accounts: dict[str, _Account], head: tuple[int, bytes], recorded_at: datetime
) -> list[Booked]:
    """Check the laws entry by entry, move the balances in memory, and link the hashes."""
    seq, digest = head
    out = []
    balances = {number: account.balance for number, account in accounts.items()}
    for entry in entries:
        check_entry(entry)
        entry = entry._replace(recorded_at=recorded_at)
        balance = balances[entry.promise] = book(balances[entry.promise], entry)
        seq += 1
        digest = link(digest, canonical_bytes(seq, entry))
        out.append(Booked(entry, seq, digest, balance, False))
    for number, balance in balances.items():
        accounts[number] = accounts[number]._replace(balance=balance)
    return out


def _check_people(store: Store, entries: Sequence[Entry]) -> None:
    """Who books may do it, and nobody checks his own claim, claims of this batch included."""
    people = load_people(store)
    checking = [entry.promise for entry in entries if entry.verb in ("verify", "reject", "settle")]
    persons: dict[str, set[str]] = {}
    bodies: dict[str, set[str]] = {}
    sql = (
        "SELECT p.number, w.name, b.name FROM claimant c JOIN promise p ON p.id = c.promise_id JOIN person w ON w.id = c.person_id "
        "JOIN body b ON b.id = c.body_id WHERE p.number {among}"
    )
    for number, person, body in store.rows_among(sql, list(set(checking))):
        persons.setdefault(number, set()).add(person)
        bodies.setdefault(number, set()).add(body)
    for entry in entries:
        if entry.verb == "expire":
            continue
        if entry.person not in people:
            raise LedgerError(
                f"{entry.person or 'Nobody'} is not a person of this ledger.",
                where=entry.promise,
                remedy="Register the person: sizhang person add NAME --body B --role ROLE.",
            )
        check_role(entry, people[entry.person].roles)
        if entry.verb == "claim":
            persons.setdefault(entry.promise, set()).add(entry.person)
            bodies.setdefault(entry.promise, set()).add(entry.body)
        elif entry.verb in ("verify", "reject", "settle"):
            check_independent(entry, frozenset(persons.get(entry.promise, ())), frozenset(bodies.get(entry.promise, ())))


def load_people(store: Store) -> dict[str, _Person]:
    """Everybody in the ledger by name, with their roles."""
    return {name: _Person(number, frozenset(roles.split())) for name, number, roles in store.rows("SELECT name, id, roles FROM person")}


def _insert(store: Store, booked: Sequence[Booked], accounts: dict[str, _Account]) -> None:
    people = {name: person.id for name, person in load_people(store).items()}
    bodies = dict(store.rows("SELECT name, id FROM body"))
    unknown = sorted({row.entry.body for row in booked if row.entry.body and row.entry.body not in bodies})
    if unknown:
        raise LedgerError(f"{', '.join(unknown)}: no body of this ledger.", remedy="Add it: sizhang body add NAME.")
    postgres = store.engine == "postgresql"
    rows = [
        (
            row.seq,
            entry.client_id,
            accounts[entry.promise].id,
            entry.verb,
            int(entry.source),
            int(entry.target),
            entry.steps,
            day_number(entry.effective_on),
            instant_number(entry.recorded_at),
            people.get(entry.person),
            bodies.get(entry.body),
            entry.text,
            entry.surplus if postgres else int(entry.surplus),
            " ".join(entry.evidence),
            "\x1e".join(entry.lots),
            row.hash,
        )
        for row in booked
        for entry in (row.entry,)
    ]
    if postgres and len(rows) >= _COPY_FROM:
        with store.raw.cursor().copy(f"COPY entry ({_COLUMNS}) FROM STDIN") as copy:
            for values in rows:
                copy.write_row(values)
    elif len(rows) == 1 or postgres:
        # One statement for the batch, since PostgreSQL checks the numbering statement by statement.
        store.execute(_INSERT + ", ".join([_MARKS] * len(rows)), [value for values in rows for value in values])
    else:
        store.execute_many(_INSERT + _MARKS, rows)
