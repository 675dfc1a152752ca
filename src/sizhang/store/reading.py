"""Read the ledger: one promise, all balances, as of any day, as known at any instant.

`--on` counts the entries about that day or earlier (`effective_on`), `--known-at` those recorded until that instant (`recorded_at`).
What stands now is read from the balances that the database keeps with each entry; a past state of some promises from their entries by
an index; whole tables over the past from the columns of `store.books`. All are exact and equal; the tests hold them against plain SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from operator import mul
from typing import Any, Final, Literal, NamedTuple

from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import Balance
from sizhang.store.chain import day_number, day_of, instant_number, instant_of
from sizhang.store.connection import Store

By = Literal["domain", "body", "place", "promise"]
BYS: Final[tuple[By, ...]] = ("domain", "body", "place", "promise")
# The time of China has had no summer time since 1991: a bare day ends at 16:00 UTC.
CHINA: Final = timezone(timedelta(hours=8))
_STAGES: Final = ", ".join(
    f"COALESCE(SUM(CASE WHEN e.target = {n} THEN e.steps WHEN e.source = {n} THEN -e.steps ELSE 0 END), 0)" for n in (1, 2, 3, 4)
)
_SUMS: Final = f"{_STAGES}, COALESCE(SUM(CASE WHEN e.surplus THEN e.steps ELSE 0 END), 0)"


class PromiseInfo(NamedTuple):
    """A promise as it is registered now.

    Attributes:
        id: in the database.
        decimals: decimal places of one step of the unit.
        body: the lead body; `place` is its GB/T 2260 code.
        parent: the number of the promise it was split from, or empty.
    """

    id: int
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
    place: str
    parent: str


class Line(NamedTuple):
    """What stands for a promise, or for a group of them with one unit.

    Attributes:
        key: the promise's number, or the name of the group.
        title: the promise's title; empty for a group.
        balance: in steps; any size for a group.
    """

    key: str
    title: str
    unit: str
    decimals: int
    balance: Balance

    def number(self, stage: str) -> Decimal:
        """The exact number in the unit that stands at a stage, `promised` to `surplus`."""
        return number_of(getattr(self.balance, stage), self.decimals)


class HistoryRow(NamedTuple):
    """One entry with all that it holds; `hash` in hexadecimal, `evidence` the SHA-256 of its files."""

    seq: int
    client_id: str
    promise: str
    verb: str
    source: int
    target: int
    steps: int
    effective_on: date
    recorded_at: datetime
    person: str
    body: str
    text: str
    surplus: bool
    evidence: tuple[str, ...]
    lots: tuple[str, ...]
    hash: str


_PROMISES: Final = (
    "SELECT p.id, p.number, p.year, p.title, p.measure, p.unit, p.decimals, p.domain, p.kind, p.strength, p.deadline, b.name, b.place, "
    "COALESCE(q.number, '') FROM promise p JOIN body b ON b.id = p.body_id LEFT JOIN promise q ON q.id = p.parent_id"
)
HISTORY_SQL: Final = (
    "SELECT e.seq, e.client_id, p.number, e.verb, e.source, e.target, e.steps, e.effective_on, e.recorded_at, COALESCE(w.name, ''), "
    "COALESCE(b.name, ''), e.text, e.surplus, e.evidence, e.lots, e.hash FROM entry e JOIN promise p ON p.id = e.promise_id "
    "LEFT JOIN person w ON w.id = e.person_id LEFT JOIN body b ON b.id = e.body_id"
)


def number_of(steps: int, decimals: int) -> Decimal:
    """Steps as the exact number in their unit."""
    return Decimal(steps).scaleb(-decimals)


def instant_at(known_at: date | datetime) -> datetime:
    """The instant that `--known-at` means: a bare day means its end in China."""
    if isinstance(known_at, datetime):
        return known_at if known_at.tzinfo else known_at.replace(tzinfo=CHINA)
    return datetime.combine(known_at, time.max, CHINA)


def read_promises(store: Store, number: str = "") -> list[PromiseInfo]:
    """All promises by number; those of `number` and its children where it is given."""
    where, values = _of_number(store, number)
    return sorted((PromiseInfo(*row) for row in store.rows(f"{_PROMISES} WHERE {where}", values)), key=by_number)


def get_promise(store: Store, number: str) -> PromiseInfo:
    """One promise.

    Raises:
        LedgerError: the ledger has no such number.
    """
    found = store.rows(f"{_PROMISES} WHERE p.number = %s", [number])
    if not found:
        raise LedgerError(
            Words(f"账本里没有承诺 {number}。", f"There is no promise {number} in the ledger."),
            remedy=Words("请查编号：sizhang balance。", "Look the numbers up: sizhang balance."),
        )
    return PromiseInfo(*found[0])


def _of_number(store: Store, number: str) -> tuple[str, list[object]]:
    """The condition for a promise and its children; for all where the number is empty."""
    if not number:
        return "1 = 1", []
    # By code points on both engines, whatever language the server sorts by.
    column = 'p.number COLLATE "C"' if store.engine == "postgresql" else "p.number"
    # One range from the number to the sign behind the full stop, so that an index serves it; what else lies in it is left out.
    wanted = f"{column} >= %s AND {column} < %s AND ({column} = %s OR {column} >= %s)"
    return f"({wanted})", [number, f"{number}/", number, f"{number}."]


def read_balances(store: Store, number: str = "", *, on: date | None = None, known_at: date | datetime | None = None) -> list[Line]:
    """What stands for each promise, by number.

    Args:
        number: only this promise and its children; all where it is empty.
        on: the state at the end of that day; a promise without an entry until then is left out.
        known_at: only what was recorded until then.
    """
    if on is None and known_at is None:
        where, values = _of_number(store, number)
        sql = (
            "SELECT p.number, p.title, p.unit, p.decimals, b.promised, b.claimed, b.verified, b.settled, b.surplus "
            f"FROM promise p JOIN balance b ON b.promise_id = p.id WHERE {where}"
        )
        return sorted(_lines(store.rows(sql, values)))
    if number:
        return _at(store, number, on, known_at)
    from sizhang.store.books import Books

    return Books(store).balances(on=on, known_at=known_at)


def _at(store: Store, number: str, on: date | None, known_at: date | datetime | None) -> list[Line]:
    """A past state of a promise and its children, from their entries."""
    where, values = _of_number(store, number)
    until, limits = _until(on, known_at)
    sql = (
        f"SELECT p.number, p.title, p.unit, p.decimals, {_SUMS} FROM promise p JOIN entry e ON e.promise_id = p.id "
        f"WHERE {where} AND {until} GROUP BY p.id, p.number, p.title, p.unit, p.decimals"
    )
    return sorted(_lines(store.rows(sql, [*values, *limits])))


def _lines(rows: Iterable[Any]) -> Iterator[Line]:
    for number, title, unit, decimals, *stages in rows:
        yield Line(number, title, unit, decimals, Balance(*map(int, stages)))


def _until(on: date | None, known_at: date | datetime | None) -> tuple[str, list[object]]:
    parts, values = ["1 = 1"], list[object]()
    if on is not None:
        parts.append("e.effective_on <= %s")
        values.append(day_number(on))
    if known_at is not None:
        parts.append("e.recorded_at <= %s")
        values.append(instant_number(instant_at(known_at)))
    return " AND ".join(parts), values


def group_key(promise: PromiseInfo, by: By) -> str:
    """The name of the group of a promise; a promise by itself is grouped under the number it was split from."""
    if by == "promise":
        return promise.number.split(".", 1)[0]
    return str(getattr(promise, by))


def group_balances(store: Store, by: By, *, on: date | None = None, known_at: date | datetime | None = None) -> list[Line]:
    """What stands for each group and unit, by name of the group; in the finest step that a promise of the group has."""
    promises = {promise.number: promise for promise in read_promises(store)}
    parts: dict[tuple[str, str], list[Line]] = {}
    for line in read_balances(store, on=on, known_at=known_at):
        parts.setdefault((group_key(promises[line.key], by), line.unit), []).append(line)
    return [_sum_of(key, unit, lines) for (key, unit), lines in sorted(parts.items())]


def _sum_of(key: str, unit: str, lines: Sequence[Line]) -> Line:
    decimals = max(line.decimals for line in lines)
    factors = [10 ** (decimals - line.decimals) for line in lines]
    stages = zip(*(line.balance for line in lines), strict=True)
    sums = (sum(map(mul, steps, factors)) for steps in stages)
    return Line(key, "", unit, decimals, Balance(*sums))


def read_history(store: Store, number: str) -> list[HistoryRow]:
    """Every entry of a promise and its children, in the order of the chain.

    Raises:
        LedgerError: the ledger has no such number.
    """
    get_promise(store, number)
    where, values = _of_number(store, number)
    return list(history_rows(store.execute(f"{HISTORY_SQL} WHERE {where} ORDER BY e.seq", values)))


def read_latest(store: Store, person: str, most: int) -> list[HistoryRow]:
    """The latest entries, the last one first; those of one person where `person` is not empty."""
    where, values = ("w.name = %s", [person]) if person else ("1 = 1", list[object]())
    return list(history_rows(store.execute(f"{HISTORY_SQL} WHERE {where} ORDER BY e.seq DESC LIMIT %s", [*values, most])))


def read_entries(store: Store, after: int = 0, until: int | None = None) -> Iterator[HistoryRow]:
    """All entries in the order of the chain, those with a number after `after` until `until`."""
    last = until if until is not None else int(store.rows("SELECT seq FROM head WHERE id = 1")[0][0])
    step = 10_000
    for start in range(after, last, step):
        sql = f"{HISTORY_SQL} WHERE e.seq > %s AND e.seq <= %s ORDER BY e.seq"
        yield from history_rows(store.rows(sql, [start, min(start + step, last)]))


def history_rows(rows: Iterable[Any]) -> Iterator[HistoryRow]:
    """Rows of the database as they are read by people."""
    for *first, day, instant, person, body, text, surplus, evidence, lots, digest in rows:
        named = tuple(lots.split("\x1e")) if lots else ()
        last = (bool(surplus), tuple(evidence.split()), named, bytes(digest).hex())
        yield HistoryRow._make((*first, day_of(day), instant_of(instant), person, body, text, *last))


def by_number(promise: PromiseInfo) -> str:
    """To sort promises by."""
    return promise.number


def read_details(store: Store, number: str) -> dict[str, Any]:
    """All that the registers hold about one promise, with the words of the report from which it was opened.

    Raises:
        LedgerError: the ledger has no such number.
    """
    promise = get_promise(store, number)
    sql = (
        "SELECT p.target, p.source_start, p.source_end, r.name, r.text "
        "FROM promise p LEFT JOIN report r ON r.id = p.report_id WHERE p.id = %s"
    )
    target, start, end, report, text = store.rows(sql, [promise.id])[0]
    supporters = store.rows("SELECT b.name FROM supporter s JOIN body b ON b.id = s.body_id WHERE s.promise_id = %s", [promise.id])
    entries = store.rows("SELECT COUNT(*) FROM entry WHERE promise_id = %s", [promise.id])[0][0]
    return {
        "promise": number,
        **{name: getattr(promise, name) for name in PromiseInfo._fields if name not in ("id", "number")},
        "supporters": sorted(name for (name,) in supporters),
        "target": target,
        "source": text[start:end] if text is not None and start is not None else "",
        "report": report or "",
        "entries": int(entries),
    }
