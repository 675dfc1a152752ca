"""Append to the ledger: all entries of a batch in one transaction, or none.

Only the verbs of `app` call this. The laws are checked here to say clearly what is wrong, and once more by the database. A batch asks the
database a fixed number of questions, however many entries it has; what is done for each entry is kept to the least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from sizhang.core.errors import LedgerError
from sizhang.core.ledger import VERBS, Balance, Entry, Role, Verb, book, check_entry, check_independent, check_role
from sizhang.core.quantity import STEPS_MAX
from sizhang.store.chain import canonical_of, day_number, instant_number, instant_of, link
from sizhang.store.connection import Store
from sizhang.store.lots import move_lots

_COLUMNS: Final = (
    "seq, client_id, promise_id, verb, source, target, steps, effective_on, recorded_at, person_id, body_id, text, surplus, evidence, "
    "lots, hash"
)
_MARKS: Final = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_INSERT: Final = f"INSERT INTO entry ({_COLUMNS}) VALUES "
_MOVE_HEAD: Final = "UPDATE head SET seq = %s, hash = %s WHERE id = 1"
# Below this many rows a COPY costs more than it saves.
_COPY_FROM: Final = 20
_CHECKS: Final = frozenset[Verb]({"verify", "reject", "settle"})
_NEEDS_TEXT: Final = frozenset[Verb]({"verify", "reject", "amend", "reopen"})

_KNOWN: Final = (
    "SELECT e.client_id, e.seq, e.hash, p.number, e.verb, e.source, e.target, e.steps, e.effective_on, COALESCE(w.name, '') "
    "FROM entry e JOIN promise p ON p.id = e.promise_id LEFT JOIN person w ON w.id = e.person_id WHERE e.client_id {among}"
)
_ACCOUNTS: Final = (
    "SELECT p.number, p.unit, p.decimals, p.id, b.promised, b.claimed, b.verified, b.settled, b.surplus "
    "FROM promise p JOIN balance b ON b.promise_id = p.id WHERE p.number {among}"
)
_CLAIMANTS: Final = (
    "SELECT p.number, w.name, b.name FROM claimant c JOIN promise p ON p.id = c.promise_id JOIN person w ON w.id = c.person_id "
    "JOIN body b ON b.id = c.body_id WHERE p.number {among}"
)


class Booked(NamedTuple):
    """What became of an entry: its number in the chain, its hash, the balance after it, and whether it stood there already."""

    entry: Entry
    seq: int
    hash: bytes
    balance: Balance
    again: bool


class Way(NamedTuple):
    """A lawful move, and how it is written: in the chain, and in the table."""

    chained: str
    source: int
    target: int
    needs_text: bool


class _Account:
    """A promise's row, what the chain says of it, and its stages from `pledge` to `settled`, moved as entries are booked."""

    __slots__ = ("chained", "id", "stages", "surplus")

    def __init__(self, number: str, unit: str, decimals: int, row: int, *balance: int) -> None:
        self.chained = f"{number}\x1f{unit}\x1f{decimals}"
        self.id = row
        self.stages = [0, *balance[:4]]
        self.surplus = balance[4]

    @property
    def balance(self) -> Balance:
        """As it stands now."""
        _, promised, claimed, verified, settled = self.stages
        return Balance(promised, claimed, verified, settled, self.surplus)


class _Person(NamedTuple):
    id: int
    roles: frozenset[Role]


class _Scene(NamedTuple):
    """What the ledger knows about all that a batch names, read after the lock was taken."""

    known: dict[str, tuple[int, bytes]]
    accounts: dict[str, _Account]
    people: dict[str, _Person]
    bodies: dict[str, int]
    claimants: dict[str, tuple[set[str], set[str]]]
    recorded_at: datetime


def _ways() -> dict[tuple[Verb, int, int], Way]:
    out = {}
    for verb, rule in VERBS.items():
        source, target = int(rule.source), int(rule.target)
        for way in {(source, target), (target, source)} if verb == "amend" else {(source, target)}:
            out[verb, *way] = Way(f"{verb}\x1f{way[0]}\x1f{way[1]}", *way, verb in _NEEDS_TEXT)
    return out


WAYS: Final = _ways()


def append(store: Store, entries: Sequence[Entry], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> list[Booked]:
    """Book entries in their order, all or none; one whose client id is known already is not booked again.

    `recorded_at` is set here: the clock's instant, never before that of the last entry.

    Raises:
        LedgerError: an entry breaks a law, names what is not in the ledger, or repeats a client id with another content.
    """
    with store.writing() as head:
        scene = _load(store, entries, head[0], now)
        unique = _once(entries)
        new = [entry for entry in unique if entry.client_id not in scene.known] if scene.known else unique
        booked, rows = _chain(new, scene, head)
        if booked:
            _insert(store, rows)
            move_lots(store, [row.entry for row in booked], {number: account.id for number, account in scene.accounts.items()})
    if len(booked) == len(entries):
        return booked
    by_id = {row.entry.client_id: row for row in booked}
    out = []
    for entry in entries:
        first = by_id.pop(entry.client_id, None)
        out.append(first or Booked(entry, *scene.known.get(entry.client_id, (0, b"")), scene.accounts[entry.promise].balance, True))
    return out


def _once(entries: Sequence[Entry]) -> Sequence[Entry]:
    seen = {entry.client_id: entry for entry in reversed(entries)}
    if len(seen) == len(entries):
        return entries
    for entry in entries:
        if _content(seen[entry.client_id]) != _content(entry):
            raise _other_content(entry)
    return [entry for entry in entries if seen[entry.client_id] is entry]


def _content(entry: Entry) -> tuple[object, ...]:
    return (entry.promise, entry.verb, int(entry.source), int(entry.target), entry.steps, entry.effective_on, entry.person)


def _other_content(entry: Entry) -> LedgerError:
    return LedgerError(
        f"The id {entry.client_id} was booked already with another content.",
        where=entry.promise,
        remedy="Give a new id to a new entry; repeat an old one unchanged.",
    )


def _load(store: Store, entries: Sequence[Entry], last_seq: int, now: Callable[[], datetime]) -> _Scene:
    """Ask all that the batch needs to know, in one go."""
    by_id = {entry.client_id: entry for entry in entries}
    numbers = list({entry.promise for entry in entries})
    known, accounts, people, bodies, claimants, last = store.ask(
        (_KNOWN, list(by_id)),
        (_ACCOUNTS, numbers),
        ("SELECT name, id, roles FROM person WHERE name {among}", list({entry.person for entry in entries})),
        ("SELECT name, id FROM body WHERE name {among}", list({entry.body for entry in entries})),
        (_CLAIMANTS, list({entry.promise for entry in entries if entry.verb in _CHECKS})),
        ("SELECT recorded_at FROM entry WHERE seq = %s", [last_seq]),
    )
    found = {row[0]: _Account(*row) for row in accounts}
    missing = sorted(number for number in numbers if number not in found)
    if missing:
        raise LedgerError(
            f"{len(missing)} promise(s) are not in the ledger: {', '.join(missing[:5])}.", remedy="Look the numbers up: sizhang balance."
        )
    claimed: dict[str, tuple[set[str], set[str]]] = {entry.promise: (set(), set()) for entry in entries if entry.verb in _CHECKS}
    for number, person, body in claimants:
        claimed[number][0].add(person)
        claimed[number][1].add(body)
    # Where the clock was set back, the instant of the last entry.
    instant = max(now(), instant_of(int(last[0][0]))) if last else now()
    roles = {name: _Person(number, frozenset(words.split())) for name, number, words in people}
    return _Scene(dict(_known(known, by_id)), found, roles, dict(bodies), claimed, instant)


def _known(rows: Iterable[Sequence[object]], by_id: dict[str, Entry]) -> Iterable[tuple[str, tuple[int, bytes]]]:
    """Entries of the batch that the ledger has already; their content must be the same."""
    for client_id, seq, digest, *content in rows:
        entry = by_id[str(client_id)]
        given = (entry.promise, entry.verb, int(entry.source), int(entry.target), entry.steps, day_number(entry.effective_on), entry.person)
        if given != tuple(content):
            raise _other_content(entry)
        yield str(client_id), (int(str(seq)), bytes(digest))  # type: ignore[call-overload]


def _chain(entries: Sequence[Entry], scene: _Scene, head: tuple[int, bytes]) -> tuple[list[Booked], list[tuple[object, ...]]]:
    """Check the laws entry by entry, move the balances in memory, and link the hashes; gives the rows of the table beside them."""
    seq, digest = head
    booked: list[Booked] = []
    rows: list[tuple[object, ...]] = []
    instant = instant_number(scene.recorded_at)
    written = str(instant)
    days: dict[date, tuple[int, str]] = {}
    clerks: dict[tuple[str, str, Verb], tuple[int | None, int | None]] = {}
    for entry in entries:
        client_id, number, verb, source, target, steps, day, _, person, body, text, surplus, evidence, lots = entry
        way = WAYS.get((verb, source, target))
        if way is None or steps <= 0 or surplus or (way.needs_text and not text.strip()):
            check_entry(entry)
        assert way is not None
        account = scene.accounts[number]
        _move(account, entry)
        if (clerk := clerks.get((person, body, verb))) is None:
            clerk = clerks[person, body, verb] = _clerk(entry, scene)
        if scene.claimants:
            _check_claimants(entry, scene)
        if (told := days.get(day)) is None:
            told = days[day] = (day_number(day), str(day_number(day)))
        seq += 1
        files, named = " ".join(evidence), "\x1e".join(lots)
        mark = "1" if surplus else "0"
        fields = (str(seq), client_id, account.chained, way.chained, str(steps), told[1], written, person, body, text, mark, files, named)
        digest = link(digest, canonical_of(fields, len(lots)))
        booked.append(Booked(Entry._make((*entry[:7], scene.recorded_at, *entry[8:])), seq, digest, account.balance, False))
        row = (
            seq,
            client_id,
            account.id,
            verb,
            way.source,
            way.target,
            steps,
            told[0],
            instant,
            *clerk,
            text,
            surplus,
            files,
            named,
            digest,
        )
        rows.append(row)
    return booked, rows


def _move(account: _Account, entry: Entry) -> None:
    """Move the steps as `core.ledger.book` does, in place; what it refuses is refused by it, with its words."""
    stages, source, target, steps = account.stages, entry.source, entry.target, entry.steps
    if source:
        left = stages[source] - steps
        if left < 0:
            book(account.balance, entry)
        stages[source] = left
    if target:
        held = stages[target] + steps
        if held > STEPS_MAX:
            raise LedgerError(
                f"{steps} steps more than the {stages[target]} that stand there do not fit into a ledger: at most {STEPS_MAX}.",
                where=entry.promise,
                remedy="Book it in a larger unit.",
            )
        stages[target] = held
    if entry.surplus:
        account.surplus += steps


def _clerk(entry: Entry, scene: _Scene) -> tuple[int | None, int | None]:
    """The rows of the person and the body that book, where they may."""
    body = scene.bodies.get(entry.body)
    if body is None and entry.body:
        raise LedgerError(f"{entry.body}: no body of this ledger.", where=entry.promise, remedy="Add it: sizhang body add NAME.")
    if entry.verb == "expire" and not entry.person:
        return None, body
    person = scene.people.get(entry.person)
    if person is None:
        raise LedgerError(
            f"{entry.person or 'Nobody'} is not a person of this ledger.",
            where=entry.promise,
            remedy="Register the person: sizhang person add NAME --body B --role ROLE.",
        )
    check_role(entry, person.roles)
    return person.id, body


def _check_claimants(entry: Entry, scene: _Scene) -> None:
    """Nobody checks his own claim, claims of this batch included."""
    claimed = scene.claimants.get(entry.promise)
    if claimed is None:
        return
    if entry.verb == "claim":
        claimed[0].add(entry.person)
        claimed[1].add(entry.body)
    elif entry.verb in _CHECKS:
        check_independent(entry, frozenset(claimed[0]), frozenset(claimed[1]))


def _insert(store: Store, rows: Sequence[tuple[object, ...]]) -> None:
    """Write the rows, and the new head of the chain."""
    head = [rows[-1][0], rows[-1][-1]]
    if store.engine == "sqlite":
        store.execute_many(_INSERT + _MARKS, rows)
        store.execute(_MOVE_HEAD, head)
    elif len(rows) >= _COPY_FROM:
        with store.raw.cursor().copy(f"COPY entry ({_COLUMNS}) FROM STDIN") as copy:
            for values in rows:
                copy.write_row(values)
        store.execute(_MOVE_HEAD, head)
    else:
        # One statement for the batch, since PostgreSQL checks the numbering statement by statement.
        insert = _INSERT + ", ".join([_MARKS] * len(rows))
        store.tell((insert, [value for values in rows for value in values]), (_MOVE_HEAD, head))
