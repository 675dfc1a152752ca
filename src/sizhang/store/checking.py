"""Replay the whole ledger from its entries, and compare all that the database says with what comes out.

Everything is computed again from the rows of `entry` and the registers alone: laws, balances, lots, claimants, hashes. Neither the
balances nor the columns beside the ledger are believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sizhang.core.errors import LedgerError, Words, reason_of
from sizhang.core.ledger import STAGE_NAMES, VERBS, Stage
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
        what: one sentence, with both values, in both languages.
    """

    seq: int
    where: str
    what: Words


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
        if seq != self.seq + 1:
            raise _broken(f"编号是 {seq}，前一笔是 {self.seq}", f"its number is {seq}, the one before is {self.seq}")
        if not lawful or (way.needs_text and not text.strip()):
            told = f"{verb} of {steps} steps, surplus {surplus}, “{text[:40]}”, is unlawful"
            raise _broken(f"{VERBS[verb].chinese} {steps} 步、超额 {surplus}、“{text[:40]}”，不合账法", told)
        if instant < self.instant:
            raise _broken("记账时刻早于前一笔", "it was recorded before the entry before it")
        self._move(promise, source, target, steps, surplus)
        self._claim(promise, verb, person, body)
        names = lots.split("\x1e") if lots else []
        self._move_lots(promise, verb, source, target, (steps, names))
        who, whom = self.people[person] if person is not None else "", self.bodies[body] if body is not None else ""
        mark = "1" if surplus else "0"
        fields = (str(seq), client_id, chained, way.chained, str(steps), str(day), str(instant), who, whom, text, mark, evidence, lots)
        expected = link(self.digest, canonical_of(fields, len(names)))
        if expected != bytes(digest):
            raise _wrong_hash(bytes(digest), expected)
        for file in evidence.split():
            self.files.setdefault(file, seq)
        self.seq, self.digest, self.instant = seq, expected, instant

    def _move(self, promise: int, source: int, target: int, steps: int, surplus: int) -> None:
        stages = self.balances[promise]
        if source:
            if stages[source] < steps:
                raise _too_little(Stage(source), steps, stages[source])
            stages[source] -= steps
        if target:
            stages[target] += steps
        if surplus:
            stages[5] += steps

    def _claim(self, promise: int, verb: str, person: int, body: int) -> None:
        if verb == "claim":
            self.claimants.setdefault(promise, set()).add((person, body))
        elif verb in _CHECKS and any(w == person or (b == body and verb != "settle") for w, b in self.claimants.get(promise, ())):
            raise _broken("交账的人或单位自己核自己", "whoever claimed checks his own claim")

    def _move_lots(self, promise: int, verb: str, source: int, target: int, named: tuple[int, list[str]]) -> None:
        steps, names = named
        for lot in names:
            held = self.lots.get(lot)
            if verb == "claim":
                if held is not None and held[1] != Stage.PROMISED:
                    raise _broken(f"批次 {lot} 交了两次", f"the lot {lot} is claimed twice")
                self.lots[lot] = (promise, target, steps // len(names))
            else:
                if held is None or held[:2] != (promise, source):
                    raise _broken(f"批次 {lot} 不在它转出的地方", f"the lot {lot} does not stand where it is taken from")
                self.lots[lot] = (promise, target, held[2])


def _broken(zh: str, en: str) -> LedgerError:
    return LedgerError(Words(zh, en), remedy=Words("", ""))


def _wrong_hash(stands: bytes, expected: bytes) -> LedgerError:
    return _broken(
        f"哈希是 {stands.hex()}，按内容和前一笔的哈希应为 {expected.hex()}",
        f"its hash is {stands.hex()}, its content and the hash before it give {expected.hex()}",
    )


def _too_little(stage: Stage, steps: int, held: int) -> LedgerError:
    zh, en = STAGE_NAMES[stage]
    return _broken(f"从“{zh}”转出 {steps} 步，那里只有 {held} 步", f"it takes {steps} steps from {en}, which holds {held}")


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
                number = replay.promises.get(row[2], ("?", ""))[0]
                return Checked(replay.seq, 0, replay.digest.hex(), *records, (Finding(int(row[0]), number, _unfit(row[0], fault)),))
        progress(replay.seq, total)
    findings = (
        *(*_compare_head(store, replay), *_compare_registers(store, replayed), *_compare_words(store)),
        *(*_compare_balances(store, replay), *_compare_rest(store, replay)),
    )
    files, faults = _check_files(store, replay)
    return Checked(replay.seq, files, replay.digest.hex(), *records, (*findings, *faults))


def _unfit(seq: int, fault: Exception) -> Words:
    """Why an entry does not fit: a law that it breaks, or what is wrong with its row."""
    malformed = Words(f"所指的不存在或写法有误：{fault!r}", f"it names what is not there or is malformed: {fault!r}")
    zh, en = fault.what if isinstance(fault, LedgerError) else malformed
    return Words(f"第 {seq} 笔不符：{zh}。", f"Entry {seq} does not fit: {en}.")


def _pages(store: Store) -> Iterator[list[Any]]:
    last = -(2**62)
    while rows := store.rows(_ENTRIES, [last, _PAGE]):
        yield rows
        last = rows[-1][0]


def _compare_head(store: Store, replay: _Replay) -> Iterator[Finding]:
    held = [(int(row), int(seq), bytes(digest)) for row, seq, digest in store.rows("SELECT id, seq, hash FROM head")]
    if held != [(1, replay.seq, replay.digest)]:
        zh = "、".join(f"第 {seq} 笔 {digest.hex()}" for _, seq, digest in held) or "空"
        en = ", ".join(f"entry {seq} {digest.hex()}" for _, seq, digest in held) or "nothing"
        yield Finding(
            replay.seq,
            "head",
            Words(
                f"链尾记的是 {zh}，分录止于第 {replay.seq} 笔 {replay.digest.hex()}。",
                f"The head says {en}, the chain ends with entry {replay.seq} {replay.digest.hex()}.",
            ),
        )


def _compare_words(store: Store) -> Iterator[Finding]:
    for number in check_promises(store):
        yield Finding(
            0,
            number,
            Words(
                "它的文字、计量单位、年份、期限或原文位置，与建账时不同。",
                "Its words, unit, year, deadline or place in the report are not those under which it was opened.",
            ),
        )


def _compare_registers(store: Store, replayed: Replayed) -> Iterator[Finding]:
    if replayed.fault:
        yield Finding(0, "record", replayed.fault)
    else:
        for where, what in (*compare_registers(store, replayed), *compare_tracks(store)):
            yield Finding(0, where, what)


def _compare_balances(store: Store, replay: _Replay) -> Iterator[Finding]:
    held = {row[0]: tuple(row[1:]) for row in store.rows("SELECT promise_id, promised, claimed, verified, settled, surplus FROM balance")}
    names = [STAGE_NAMES[Stage(n)] for n in range(1, 5)] + [Words("超额", "surplus")]
    for row, (number, _) in replay.promises.items():
        expected = replay.balances[row][1:]
        for name, kept, true in zip(names, held.get(row, (None,) * 5), expected, strict=True):
            if kept != true:
                yield Finding(
                    0,
                    number,
                    Words(
                        f"余额里“{name.zh}”是 {kept} 步，按分录应为 {true} 步。",
                        f"The balance says {name.en} {kept} steps, the entries give {true}.",
                    ),
                )
    for row in held.keys() - replay.promises.keys():
        yield Finding(0, str(row), Words("有余额，没有承诺。", "There is a balance without a promise."))


def _compare_rest(store: Store, replay: _Replay) -> Iterator[Finding]:
    claimants = {tuple(row) for row in store.rows("SELECT promise_id, person_id, body_id FROM claimant")}
    replayed = {(promise, *pair) for promise, pairs in replay.claimants.items() for pair in pairs}
    for promise, person, _ in sorted(claimants ^ replayed):
        number = replay.promises.get(promise, ("?", ""))[0]
        yield Finding(
            0,
            number,
            Words(
                f"交账人名单与分录不符：{replay.people.get(person)}。",
                f"The list of claimants and the entries differ about {replay.people.get(person)}.",
            ),
        )
    lots = {row[0]: tuple(row[1:]) for row in store.rows("SELECT identity, promise_id, stage, steps FROM lot")}
    for lot in sorted(lots.keys() | replay.lots.keys()):
        if lots.get(lot) != replay.lots.get(lot):
            yield Finding(0, lot, _lot_differs(lots.get(lot), replay.lots.get(lot)))


def _check_files(store: Store, replay: _Replay) -> tuple[int, list[Finding]]:
    """Read every file of evidence that an entry names, and those that stand in the register without one."""
    registered = {digest for (digest,) in store.rows("SELECT sha256 FROM evidence")}
    findings = []
    files = replay.files | dict.fromkeys(sorted(registered - replay.files.keys()), 0)
    for digest, seq in files.items():
        path = path_of(store, digest)
        if digest not in registered:
            findings.append(
                Finding(
                    seq,
                    digest,
                    Words(f"第 {seq} 笔的佐证 {digest} 没有登记。", f"Entry {seq} names evidence {digest} that is not in the register."),
                )
            )
        try:
            found = _digest_of(path)
        except OSError as fault:
            findings.append(
                Finding(
                    seq,
                    str(path),
                    Words(
                        f"{_of(seq).zh}佐证 {digest} 读不了：{reason_of(fault).zh}。",
                        f"The evidence {digest} of {_of(seq).en} cannot be read: {reason_of(fault).en}.",
                    ),
                )
            )
            continue
        if found != digest:
            findings.append(
                Finding(
                    seq,
                    str(path),
                    Words(
                        f"{_of(seq).zh}佐证被改过：SHA-256 应为 {digest}，现在是 {found}。",
                        f"The evidence of {_of(seq).en} was changed: its SHA-256 is {found}, not {digest}.",
                    ),
                )
            )
    return len(files), findings


def _lot_differs(held: tuple[int, ...] | None, expected: tuple[int, ...] | None) -> Words:
    return Words(
        f"批次记在 {held}，按分录应为 {expected}（承诺、环节、步数）。",
        f"The lot stands at {held}, the entries give {expected} (promise, stage, steps).",
    )


def _of(seq: int) -> Words:
    return Words(f"第 {seq} 笔的", f"entry {seq}") if seq else Words("没有分录用到的", "no entry")


def _digest_of(path: Any) -> str:
    whole = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            whole.update(block)
    return whole.hexdigest()
