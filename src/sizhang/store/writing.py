"""Append to the ledger: all entries of a batch in one transaction, or none.

Only the verbs of `app` call this. What an entry alone must have is checked here; balances, claimants and numbering are held by the
database, and where it refuses a batch, the core goes through it once more to say which entry breaks which law. A batch asks the database
a fixed number of questions, however many entries it has; what is done for each entry is kept to the least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, repeat
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import VERBS, Balance, Entry, Role, Verb, book, check_entry, check_independent, check_role
from sizhang.core.quantity import STEPS_MAX
from sizhang.store.chain import FIELD, ITEM, canonical_of, day_number, instant_number, instant_of, link_all
from sizhang.store.connection import Store
from sizhang.store.inserting import insert_entries
from sizhang.store.laws import words_of
from sizhang.store.lots import move_lots

_NEEDS_TEXT: Final = frozenset[Verb]({"verify", "reject", "amend", "reopen"})

_KNOWN: Final = (
    "SELECT e.client_id, e.seq, e.hash, p.number, e.verb, e.source, e.target, e.steps, e.effective_on, COALESCE(w.name, '') "
    "FROM entry e JOIN promise p ON p.id = e.promise_id LEFT JOIN person w ON w.id = e.person_id WHERE e.client_id {among}"
)
_PROMISES: Final = "SELECT number, id, unit, decimals FROM promise WHERE number {among}"
_BALANCES: Final = (
    "SELECT p.number, b.promised, b.claimed, b.verified, b.settled, b.surplus "
    "FROM promise p JOIN balance b ON b.promise_id = p.id WHERE p.number {among}"
)
_CLAIMANTS: Final = (
    "SELECT p.number, w.name, b.name FROM claimant c JOIN promise p ON p.id = c.promise_id JOIN person w ON w.id = c.person_id "
    "JOIN body b ON b.id = c.body_id WHERE p.number {among}"
)


class Booked(NamedTuple):
    """What became of an entry: its number in the chain, its hash, and whether it stood there already."""

    entry: Entry
    seq: int
    hash: bytes
    again: bool


class Way(NamedTuple):
    """A lawful move, and how it is written: in the chain, and in the table."""

    chained: str
    source: int
    target: int
    needs_text: bool


class _Kind(NamedTuple):
    """What is the same for all entries of one verb by one person for one body.

    Attributes:
        way: the move.
        person: the row of the person; None for what the ledger does by itself.
        body: the row of the body; None where there is none.
        clerk: both, as the chain names them.
    """

    way: Way
    person: int | None
    body: int | None
    clerk: str


class _Person(NamedTuple):
    id: int
    roles: frozenset[Role]


class _Scene(NamedTuple):
    """What the ledger knows about all that a batch names, read after the lock was taken."""

    known: dict[str, tuple[int, bytes]]
    people: dict[str, _Person]
    bodies: dict[str, int]
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

    The instant of recording is set here: the clock's, never before that of the last entry.

    Raises:
        LedgerError: an entry breaks a law, names what is not in the ledger, or repeats a client id with another content.
    """
    with store.writing() as head:
        scene = _load(store, entries, head[0], now)
        unique = _once(entries)
        new = [entry for entry in unique if entry.client_id not in scene.known] if scene.known else unique
        hashes = _append(store, new, scene, head) if new else []
    booked = list(map(Booked, new, count(head[0] + 1), hashes, repeat(False)))
    if len(new) < len(entries):
        return list(_in_order(entries, booked, scene.known))
    return booked


def _in_order(entries: Sequence[Entry], new: Sequence[Booked], known: dict[str, tuple[int, bytes]]) -> Iterator[Booked]:
    """What became of each entry, where some stood there already or stand twice in the batch."""
    first = {row.entry.client_id: row for row in new}
    places = known | {name: (row.seq, row.hash) for name, row in first.items()}
    for entry in entries:
        yield first.pop(entry.client_id) if entry.client_id in first else Booked(entry, *places[entry.client_id], True)


def _once(entries: Sequence[Entry]) -> Sequence[Entry]:
    if len(set(map(attrgetter("client_id"), entries))) == len(entries):
        return entries
    first: dict[str, Entry] = {}
    for entry in entries:
        if _content(first.setdefault(entry.client_id, entry)) != _content(entry):
            raise _other_content(entry)
    return list(first.values())


def _content(entry: Entry) -> tuple[object, ...]:
    return (entry.promise, entry.verb, int(entry.source), int(entry.target), entry.steps, entry.effective_on, entry.person)


def _other_content(entry: Entry) -> LedgerError:
    return LedgerError(
        Words(f"编号 {entry.client_id} 已经入过账，内容不同。", f"The id {entry.client_id} was booked already with another content."),
        where=entry.promise,
        remedy=Words("新的分录请用新编号；重发旧的请照原样。", "Give a new id to a new entry; repeat an old one unchanged."),
    )


def _load(store: Store, entries: Sequence[Entry], last_seq: int, now: Callable[[], datetime]) -> _Scene:
    """Ask all that the batch needs to know, in one go."""
    by_id = {entry.client_id: entry for entry in entries}
    numbers = set(map(attrgetter("promise"), entries))
    known, promises, people, bodies, last = store.ask(
        (_KNOWN, list(by_id)),
        (_PROMISES, [number for number in numbers if number not in store.promises]),
        ("SELECT name, id, roles FROM person WHERE name {among}", list(set(map(attrgetter("person"), entries)))),
        ("SELECT name, id FROM body WHERE name {among}", list(set(map(attrgetter("body"), entries)))),
        ("SELECT recorded_at FROM entry WHERE seq = %s", [last_seq]),
    )
    for number, row, unit, decimals in promises:
        store.promises[number] = int(row), f"{number}\x1f{unit}\x1f{decimals}"
    missing = sorted(number for number in numbers if number not in store.promises)
    if missing:
        raise LedgerError(
            Words(
                f"账本里没有这 {len(missing)} 项承诺：{'、'.join(missing[:5])}。",
                f"{len(missing)} promise(s) are not in the ledger: {', '.join(missing[:5])}.",
            ),
            remedy=Words("请查编号：sizhang balance。", "Look the numbers up: sizhang balance."),
        )
    # Where the clock was set back, the instant of the last entry.
    instant = max(now(), instant_of(int(last[0][0]))) if last else now()
    roles = {name: _Person(number, frozenset(words.split())) for name, number, words in people}
    return _Scene(dict(_known(known, by_id)), roles, dict(bodies), instant)


def _known(rows: Iterable[Sequence[object]], by_id: dict[str, Entry]) -> Iterable[tuple[str, tuple[int, bytes]]]:
    """Entries of the batch that the ledger has already; their content must be the same."""
    for client_id, seq, digest, *content in rows:
        entry = by_id[str(client_id)]
        given = (entry.promise, entry.verb, int(entry.source), int(entry.target), entry.steps, day_number(entry.effective_on), entry.person)
        if given != tuple(content):
            raise _other_content(entry)
        yield str(client_id), (int(str(seq)), bytes(digest))  # type: ignore[call-overload]


def _append(store: Store, entries: Sequence[Entry], scene: _Scene, head: tuple[int, bytes]) -> list[bytes]:
    """Check the entries, link them to the chain, and write them; gives their hashes."""
    kinds = _check(entries, scene)
    client_ids, promises, verbs, steps, days = _columns(entries, "client_id", "promise", "verb", "steps", "effective_on")
    texts, surplus, evidence, lots = _columns(entries, "text", "surplus", "evidence", "lots")
    accounts = [store.promises[number] for number in promises]
    first, instant = head[0] + 1, instant_number(scene.recorded_at)
    numbers = range(first, first + len(entries))
    dates = [day_number(day) for day in days]
    files = [" ".join(one) if one else "" for one in evidence]
    named = [ITEM.join(one) if one else "" for one in lots]
    lines = [
        f"{seq}\x1f{name}\x1f{account[1]}\x1f{kind.way.chained}\x1f{step}\x1f{day}\x1f{instant}\x1f{kind.clerk}\x1f{text}"
        f"\x1f{'1' if more else '0'}\x1f{file}\x1f{lot}"
        for seq, name, account, kind, step, day, text, more, file, lot in zip(
            numbers, client_ids, accounts, kinds, steps, dates, texts, surplus, files, named, strict=True
        )
    ]
    try:
        hashes = link_all(head[1], lines, sum(len(one) - 1 for one in lots if one))
    except ValueError:
        _refuse_text(store, entries)
        raise
    columns = (
        *(numbers, client_ids, [account[0] for account in accounts], verbs),
        *([kind.way.source for kind in kinds], [kind.way.target for kind in kinds], steps, dates, [instant] * len(entries)),
        *([kind.person for kind in kinds], [kind.body for kind in kinds], texts, surplus, files, named, hashes),
    )
    try:
        insert_entries(store, columns)
    except store.refusals as fault:
        raise _explain(store, entries, fault) from fault
    if any(lots):
        move_lots(store, entries, {number: store.promises[number][0] for number in set(promises)})
    return hashes


def _columns(entries: Sequence[Entry], *names: str) -> list[list[Any]]:
    """Fields of the entries by column; unlike `zip` it makes no object for each entry, of which the garbage collector would take note."""
    return [list(map(attrgetter(name), entries)) for name in names]


def _check(entries: Sequence[Entry], scene: _Scene) -> list[_Kind]:
    """Refuse what is unlawful by itself, and find how each entry moves and who books it."""
    by_kind = _columns(entries, "verb", "source", "target", "person", "body")
    # The first entry of each kind stands for all of them.
    first = dict(zip(zip(*map(reversed, by_kind), strict=True), reversed(entries), strict=True))
    kinds = {key: _kind(entry, scene) for key, entry in first.items()}
    steps, surplus = _columns(entries, "steps", "surplus")
    if min(steps) <= 0 or any(surplus) or not _NEEDS_TEXT.isdisjoint(by_kind[0]):
        for entry in entries:
            check_entry(entry)
    return list(map(kinds.__getitem__, zip(*by_kind, strict=True)))


def _kind(entry: Entry, scene: _Scene) -> _Kind:
    """How such entries move and who books them, where this is lawful."""
    way = WAYS.get((entry.verb, entry.source, entry.target))
    if way is None:
        check_entry(entry)
    assert way is not None
    return _Kind(way, *_clerk(entry, scene), f"{entry.person}\x1f{entry.body}")


def _refuse_text(store: Store, entries: Sequence[Entry]) -> None:
    """Say which text holds a character that may not stand in the chain."""
    for entry in entries:
        fields = ("", entry.client_id, store.promises[entry.promise][1], FIELD * 2, "", "", "", entry.person, entry.body)
        canonical_of((*fields, entry.text, "", " ".join(entry.evidence), ITEM.join(entry.lots)), len(entry.lots))


def _explain(store: Store, entries: Sequence[Entry], fault: Exception) -> LedgerError:
    """Which law an entry breaks that the database has refused: the core goes through the batch once more, entry by entry."""
    numbers = list({entry.promise for entry in entries})
    balances, claimants = store.ask((_BALANCES, numbers), (_CLAIMANTS, numbers))
    standing = {number: Balance(*stages) for number, *stages in balances}
    claimed: dict[str, set[tuple[str, str]]] = {number: set() for number in numbers}
    for number, person, body in claimants:
        claimed[number].add((person, body))
    try:
        for entry in entries:
            pairs = claimed[entry.promise]
            check_independent(entry, frozenset(person for person, _ in pairs), frozenset(body for _, body in pairs))
            if entry.verb == "claim":
                pairs.add((entry.person, entry.body))
            standing[entry.promise] = _book(standing[entry.promise], entry)
    except LedgerError as told:
        return told
    zh, en = words_of(fault)
    return LedgerError(
        Words(f"数据库拒绝了这一批：{zh}。", f"The database refuses the batch: {en}."),
        remedy=Words("请查哪里不符：sizhang check。", "See what does not fit: sizhang check."),
    )


def _book(balance: Balance, entry: Entry) -> Balance:
    """Book it as the core does; a stage holds no more than a database's number."""
    after = book(balance, entry)
    if max(after) > STEPS_MAX:
        held = balance[entry.target - 1]
        raise LedgerError(
            Words(
                f"该环节已有 {held} 步，再加 {entry.steps} 步，账本容不下：至多 {STEPS_MAX} 步。",
                f"{entry.steps} steps more than the {held} that stand there do not fit into a ledger: at most {STEPS_MAX}.",
            ),
            where=entry.promise,
            remedy=Words("请改用更大的计量单位。", "Book it in a larger unit."),
        )
    return after


def _clerk(entry: Entry, scene: _Scene) -> tuple[int | None, int | None]:
    """The rows of the person and the body that book, where they may."""
    body = scene.bodies.get(entry.body)
    if body is None and entry.body:
        raise LedgerError(
            Words(f"账本里没有单位{entry.body}。", f"{entry.body}: no body of this ledger."),
            where=entry.promise,
            remedy=Words("请先添加：sizhang body add NAME。", "Add it: sizhang body add NAME."),
        )
    if entry.verb == "expire" and not entry.person:
        return None, body
    person = scene.people.get(entry.person)
    if person is None:
        raise LedgerError(
            Words(f"账本里没有人员{entry.person or '（空）'}。", f"{entry.person or 'Nobody'} is not a person of this ledger."),
            where=entry.promise,
            remedy=Words(
                "请先登记：sizhang person add NAME --body B --role ROLE。",
                "Register the person: sizhang person add NAME --body B --role ROLE.",
            ),
        )
    check_role(entry, person.roles)
    return person.id, body
