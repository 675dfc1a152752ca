"""The statement of account of a body: what was owed, claimed, verified, settled, and what is outstanding, like a bank's."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import Balance
from sizhang.store.chain import day_number
from sizhang.store.connection import Store
from sizhang.store.reading import HISTORY_SQL, HistoryRow, PromiseInfo, history_rows, read_promises


class StatementLine(NamedTuple):
    """One promise over the period of the statement, in steps.

    Attributes:
        opening: owed before the period: promised and not settled.
        promised: opened and amended in the period, up less down.
        claimed: claimed, less what was rejected or ran out.
        verified: verified.
        settled: settled, less what was reopened.
        outstanding: opening and promised, less settled.
        standing: what stands at each stage at the end.
    """

    promise: PromiseInfo
    opening: int
    promised: int
    claimed: int
    verified: int
    settled: int
    outstanding: int
    standing: Balance


class Statement(NamedTuple):
    """The account of a body and of the bodies below it, from one day to another, both included.

    Attributes:
        lines: every promise of which they are the lead, by number.
        entries: what was booked about days of the period, by day.
    """

    body: str
    since: date
    until: date
    lines: tuple[StatementLine, ...]
    entries: tuple[HistoryRow, ...]


def read_statement(store: Store, body: str, since: date, until: date) -> Statement:
    """The statement of a body; the bodies below it are part of it.

    Raises:
        LedgerError: there is no such body, or the period ends before it begins.
    """
    if until < since:
        raise LedgerError(
            Words(f"止日 {until} 早于起日 {since}。", f"The period ends on {until}, before it begins on {since}."),
            remedy=Words("请把两个日期对调。", "Turn the two days round."),
        )
    names = _below(store, body)
    promises = [promise for promise in read_promises(store) if promise.body in names]
    ids = [promise.id for promise in promises]
    rows = list(store.rows_among(f"{HISTORY_SQL} WHERE e.effective_on <= {day_number(until)} AND e.promise_id {{among}}", ids))
    entries = sorted(history_rows(rows), key=lambda entry: (entry.effective_on, entry.seq))
    by_promise: dict[str, list[HistoryRow]] = {}
    for entry in entries:
        by_promise.setdefault(entry.promise, []).append(entry)
    lines = tuple(_line(promise, by_promise[promise.number], since) for promise in promises if promise.number in by_promise)
    return Statement(body, since, until, lines, tuple(entry for entry in entries if entry.effective_on >= since))


def _below(store: Store, body: str) -> set[str]:
    """The body and all below it."""
    rows = store.rows("SELECT b.name, p.name FROM body b LEFT JOIN body p ON p.id = b.parent_id")
    if body not in {name for name, _ in rows}:
        raise LedgerError(
            Words(f"账本里没有单位“{body}”。", f"{body} is no body of this ledger."),
            remedy=Words("请查单位：sizhang balance --by body。", "See the bodies: sizhang balance --by body."),
        )
    names = {body}
    while more := {name for name, parent in rows if parent in names} - names:
        names |= more
    return names


def _line(promise: PromiseInfo, entries: list[HistoryRow], since: date) -> StatementLine:
    before = _sums([entry for entry in entries if entry.effective_on < since])
    all_ = _sums(entries)
    opening = before["promised"] - before["settled"]
    promised, claimed, verified, settled = (all_[name] - before[name] for name in ("promised", "claimed", "verified", "settled"))
    stages = [0, 0, 0, 0, 0]
    for entry in entries:
        stages[entry.source] -= entry.steps
        stages[entry.target] += entry.steps
    _, one, two, three, four = stages
    standing = Balance(one, two, three, four, sum(entry.steps for entry in entries if entry.surplus))
    return StatementLine(promise, opening, promised, claimed, verified, settled, opening + promised - settled, standing)


def _sums(entries: list[HistoryRow]) -> dict[str, int]:
    sums = {"promised": 0, "claimed": 0, "verified": 0, "settled": 0}
    for entry in entries:
        name, sign = {
            "open": ("promised", 1),
            "claim": ("claimed", 1),
            "reject": ("claimed", -1),
            "expire": ("claimed", -1),
            "verify": ("verified", 1),
            "settle": ("settled", 1),
            "reopen": ("settled", -1),
            "amend": ("promised", 1 if entry.target else -1),
        }[entry.verb]
        sums[name] += sign * entry.steps
    return sums
