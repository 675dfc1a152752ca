"""Replay the whole ledger from its entries, and compare all that the database says with what comes out.

Everything is computed again from the rows of `entry` and the registers alone: laws, balances, lots, claimants, hashes. Neither the
balances nor the columns beside the ledger are believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sizhang.core.errors import LedgerError
from sizhang.core.ledger import STAGE_NAMES, Stage
from sizhang.store.chain import START, canonical_of, link
from sizhang.store.checking_registers import Replayed, compare_registers, compare_tracks, replay_records
from sizhang.store.connection import Store
from sizhang.store.evidence import path_of
from sizhang.store.registers import check_promises
from sizhang.store.writing import WAYS

_PAGE: Final = 20_000
_BLOCK_BYTES: Final = 1 << 20
_CHECKS: Final = frozenset({"verify", "reject", "settle"})
_ENTRIES: Final = (
    "SELECT seq, client_id, promise_id, verb, source, target, steps, effective_on, recorded_at, person_id, body_id, text, surplus, "
    "evidence, lots, hash FROM entry WHERE seq > %s ORDER BY seq LIMIT %s"
)


class Finding(NamedTuple):
    """Something that does not fit.

    Attributes:
        seq: the number of the entry; 0 where it is no entry.
        where: the promise, lot or file.
        what: one sentence, with both values.
    """

    seq: int
    where: str
    what: str


class Checked(NamedTuple):
    """The outcome.

    Attributes:
        entries, files, records: how many were replayed or read.
        head: the end of the chain of entries.
        record_head: the end of the chain of records of the registers.
        findings: what does not fit, the first first.
    """

    entries: int
    files: int
    head: str
    records: int
    record_head: str
    findings: tuple[Finding, ...]


class _Replay:
    """The ledger as it follows from its entries."""

    def __init__(self, store: Store) -> None:
        self.promises = {
            int(row): (number, f"{number}\x1f{unit}\x1f{decimals}")
            for row, number, unit, decimals in store.rows("SELECT id, number, unit, decimals FROM promise")
        }
        self.people = dict(store.rows("SELECT id, name FROM person"))
        self.bodies = dict(store.rows("SELECT id, name FROM body"))
        self.balances = {row: [0, 0, 0, 0, 0, 0] for row in self.promises}
        self.claimants: dict[int, set[tuple[int, int]]] = {}
        self.lots: dict[str, tuple[int, int, int]] = {}
        self.files: dict[str, int] = {}
        self.seq = 0
        self.digest = START
        self.instant = 0

    def take(self, row: Any) -> None:
        """Replay one entry.

        Raises:
            LedgerError: it does not fit; or any other error of a row that is not even of the right form.
        """
        seq, client_id, promise, verb, source, target, steps, day, instant, person, body, text, surplus, evidence, lots, digest = row
        _, chained = self.promises[promise]
        way = WAYS[verb, source, target]
        lawful = type(steps) is int and steps > 0 and surplus in (0, 1) and (not surplus or (verb == "amend" and target == 1))
        _must(seq == self.seq + 1, f"its number is {seq}, the one before is {self.seq}")
        _must(
            lawful and bool(text.strip() or not way.needs_text),
            f"{verb} of {steps} steps, surplus {surplus}, “{text[:40]}”, is unlawful",
        )
        _must(instant >= self.instant, "it was recorded before the entry before it")
        self._move(promise, source, target, steps, surplus)
        self._claim(promise, verb, person, body)
        names = lots.split("\x1e") if lots else []
        self._move_lots(promise, verb, source, target, (steps, names))
        who, whom = self.people[person] if person is not None else "", self.bodies[body] if body is not None else ""
        mark = "1" if surplus else "0"
        fields = (str(seq), client_id, chained, way.chained, str(steps), str(day), str(instant), who, whom, text, mark, evidence, lots)
        expected = link(self.digest, canonical_of(fields, len(names)))
        _must(expected == bytes(digest), f"its hash is {bytes(digest).hex()}, its content and the hash before it give {expected.hex()}")
        for file in evidence.split():
            self.files.setdefault(file, seq)
        self.seq, self.digest, self.instant = seq, expected, instant

    def _move(self, promise: int, source: int, target: int, steps: int, surplus: int) -> None:
        stages = self.balances[promise]
        if source:
            _must(stages[source] >= steps, f"it takes {steps} steps from {Stage(source).name.lower()}, which holds {stages[source]}")
            stages[source] -= steps
        if target:
            stages[target] += steps
        if surplus:
            stages[5] += steps

    def _claim(self, promise: int, verb: str, person: int, body: int) -> None:
        if verb == "claim":
            self.claimants.setdefault(promise, set()).add((person, body))
        elif verb in _CHECKS:
            own = any(w == person or (b == body and verb != "settle") for w, b in self.claimants.get(promise, ()))
            _must(not own, "whoever claimed checks his own claim")

    def _move_lots(self, promise: int, verb: str, source: int, target: int, named: tuple[int, list[str]]) -> None:
        steps, names = named
        for lot in names:
            held = self.lots.get(lot)
            if verb == "claim":
                _must(held is None or held[1] == Stage.PROMISED, f"the lot {lot} is claimed twice")
                self.lots[lot] = (promise, target, steps // len(names))
            else:
                _must(held is not None and held[:2] == (promise, source), f"the lot {lot} does not stand where it is taken from")
                assert held is not None
                self.lots[lot] = (promise, target, held[2])


def _must(fits: bool, what: str) -> None:
    if not fits:
        raise LedgerError(what, remedy="")


def check_ledger(store: Store, progress: Callable[[int, int], None] = lambda done, total: None) -> Checked:
    """Replay every entry and every record, and compare balances, lots, claimants, registers, the head and the evidence with the outcome.

    Args:
        progress: is told how many entries of how many are done.
    """
    replayed = replay_records(store)
    records = (replayed.records, replayed.head.hex())
    total = int(store.rows("SELECT COUNT(*) FROM entry")[0][0])
    replay = _Replay(store)
    for rows in _pages(store):
        for row in rows:
            try:
                replay.take(row)
            except (LedgerError, KeyError, TypeError, ValueError, AttributeError) as fault:
                what = fault.what.en if isinstance(fault, LedgerError) else f"it names what is not there or is malformed: {fault!r}"
                number = replay.promises.get(row[2], ("?", ""))[0]
                finding = Finding(int(row[0]), number, f"Entry {row[0]} does not fit: {what}.")
                return Checked(replay.seq, 0, replay.digest.hex(), *records, (finding,))
        progress(replay.seq, total)
    findings = (
        *(*_compare_head(store, replay), *_compare_registers(store, replayed), *_compare_words(store)),
        *(*_compare_balances(store, replay), *_compare_rest(store, replay)),
    )
    files, faults = _check_files(store, replay)
    return Checked(replay.seq, files, replay.digest.hex(), *records, (*findings, *faults))


def _pages(store: Store) -> Iterator[list[Any]]:
    last = -(2**62)
    while rows := store.rows(_ENTRIES, [last, _PAGE]):
        yield rows
        last = rows[-1][0]


def _compare_head(store: Store, replay: _Replay) -> Iterator[Finding]:
    held = [(int(row), int(seq), bytes(digest)) for row, seq, digest in store.rows("SELECT id, seq, hash FROM head")]
    if held != [(1, replay.seq, replay.digest)]:
        told = ", ".join(f"entry {seq} {digest.hex()}" for _, seq, digest in held) or "nothing"
        yield Finding(replay.seq, "head", f"The head says {told}, the chain ends with entry {replay.seq} {replay.digest.hex()}.")


def _compare_words(store: Store) -> Iterator[Finding]:
    for number in check_promises(store):
        yield Finding(0, number, "Its words, unit, year, deadline or place in the report are not those under which it was opened.")


def _compare_registers(store: Store, replayed: Replayed) -> Iterator[Finding]:
    if replayed.fault:
        yield Finding(0, "record", replayed.fault)
    else:
        for where, what in (*compare_registers(store, replayed), *compare_tracks(store)):
            yield Finding(0, where, what)


def _compare_balances(store: Store, replay: _Replay) -> Iterator[Finding]:
    held = {row[0]: tuple(row[1:]) for row in store.rows("SELECT promise_id, promised, claimed, verified, settled, surplus FROM balance")}
    names = [STAGE_NAMES[Stage(n)][1] for n in range(1, 5)] + ["surplus"]
    for row, (number, _) in replay.promises.items():
        expected = replay.balances[row][1:]
        for name, kept, true in zip(names, held.get(row, (None,) * 5), expected, strict=True):
            if kept != true:
                yield Finding(0, number, f"The balance says {name} {kept} steps, the entries give {true}.")
    for row in held.keys() - replay.promises.keys():
        yield Finding(0, str(row), "There is a balance without a promise.")


def _compare_rest(store: Store, replay: _Replay) -> Iterator[Finding]:
    claimants = {tuple(row) for row in store.rows("SELECT promise_id, person_id, body_id FROM claimant")}
    replayed = {(promise, *pair) for promise, pairs in replay.claimants.items() for pair in pairs}
    for promise, person, _ in sorted(claimants ^ replayed):
        number = replay.promises.get(promise, ("?", ""))[0]
        yield Finding(0, number, f"The list of claimants and the entries differ about {replay.people.get(person)}.")
    lots = {row[0]: tuple(row[1:]) for row in store.rows("SELECT identity, promise_id, stage, steps FROM lot")}
    for lot in sorted(lots.keys() | replay.lots.keys()):
        if lots.get(lot) != replay.lots.get(lot):
            yield Finding(0, lot, f"The lot stands at {lots.get(lot)}, the entries give {replay.lots.get(lot)} (promise, stage, steps).")


def _check_files(store: Store, replay: _Replay) -> tuple[int, list[Finding]]:
    """Read every file of evidence that an entry names, and those that stand in the register without one."""
    registered = {digest for (digest,) in store.rows("SELECT sha256 FROM evidence")}
    findings = []
    files = replay.files | dict.fromkeys(sorted(registered - replay.files.keys()), 0)
    for digest, seq in files.items():
        path = path_of(store, digest)
        if digest not in registered:
            findings.append(Finding(seq, digest, f"Entry {seq} names evidence {digest} that is not in the register."))
        try:
            found = _digest_of(path)
        except OSError as fault:
            findings.append(Finding(seq, str(path), f"The evidence {digest} of {_of(seq)} cannot be read: {fault.strerror}."))
            continue
        if found != digest:
            findings.append(Finding(seq, str(path), f"The evidence of {_of(seq)} was changed: its SHA-256 is {found}, not {digest}."))
    return len(files), findings


def _of(seq: int) -> str:
    return f"entry {seq}" if seq else "no entry"


def _digest_of(path: Any) -> str:
    whole = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            whole.update(block)
    return whole.hexdigest()
