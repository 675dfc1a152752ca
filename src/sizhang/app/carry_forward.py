"""`carry-forward` 结转: at the year's end, what is still promised goes on in the books of the next year.

On the old promise an amendment takes it back, naming the new promise; on the new one it is opened, linked to the old. So nothing disappears
and nothing counts twice. What was claimed or verified stays in the old year until it is decided there; what is then rejected goes on
with the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sizhang.app.booking import check_roles, days_of, get_clerk, receipt_of
from sizhang.app.open import Opening, open_promises
from sizhang.app.order import Receipt, join_receipts
from sizhang.core.account import Account, parse_terms
from sizhang.core.ledger import UNRECORDED, Entry, Stage
from sizhang.store.connection import Store
from sizhang.store.lots import standing_lots
from sizhang.store.records import write
from sizhang.store.registers import (
    NewPromise,
    Person,
    PromiseRow,
    format_numbered,
    get_new_promise,
    get_promise,
    load_promises,
    load_rules,
    next_number,
)
from sizhang.store.writing import append

_COPY_SUPPORTERS: Final = (
    "INSERT INTO supporter (promise_id, body_id) SELECT n.id, s.body_id FROM promise n "
    "JOIN supporter s ON s.promise_id = n.carried_from_id WHERE n.number = %s"
)


@dataclass(slots=True)
class _Carry:
    """A run half way.

    Attributes:
        heirs: the number in the next year for each promise that has one.
        new: the promises to be opened.
        ordinal: the next free number of the next year.
    """

    store: Store
    year: int
    clerk: Person
    ordinal: int
    heirs: dict[str, str]
    old: dict[str, PromiseRow]
    new: list[tuple[NewPromise, Account]] = field(default_factory=list)


def carry_forward(store: Store, year: int, by: str = "") -> Receipt:
    """Carry what is still promised in `year` into the next; run again, it carries only what has come back since.

    Raises:
        LedgerError: who books it may neither open nor amend.
    """
    with store.writing():
        clerk, _ = get_clerk(store, "amend", by, "")
        rules = load_rules(store)
        for verb in ("open", "amend"):
            check_roles(verb, clerk, rules, str(year))
        promises = load_promises(store, year)
        heirs = _load_heirs(store, year)
        before = set(heirs.values())
        run = _Carry(store, year, clerk, next_number(store, year + 1), heirs, {one.number: one for one in promises})
        carried = [one for one in promises if one.balance.promised]
        for promise in carried:
            _give_heir(run, promise, promise.balance.promised)
        receipts = [open_promises(store, run.new, Opening(year + 1, "", clerk.name), clerk)] if run.new else []
        for row, _ in run.new:
            write(store, "supporter", _COPY_SUPPORTERS, [row.number])
        entries = [entry for promise in carried for entry in _entries(run, promise, run.heirs[promise.number] in before)]
        concerned = [get_promise(store, number) for one in carried for number in (one.number, run.heirs[one.number])]
        receipts += [receipt_of(append(store, entries), concerned)] if entries else []
        return join_receipts([*receipts, Receipt((), (), _notes(promises, len(carried), year))])


def _load_heirs(store: Store, year: int) -> dict[str, str]:
    sql = "SELECT o.number, n.number FROM promise n JOIN promise o ON o.id = n.carried_from_id WHERE o.year = %s"
    return dict(store.rows(sql, [year]))


def _give_heir(run: _Carry, promise: PromiseRow, steps: int) -> str:
    """The promise's number in the next year, made where there is none yet; its parent is made before it, as a heading at least."""
    if promise.number in run.heirs:
        return run.heirs[promise.number]
    parent = None
    if promise.parent:
        above = run.old[promise.parent]
        parent = _give_heir(run, above, above.balance.promised)
        number = f"{parent}.{promise.number.rsplit('.', 1)[1]}"
    else:
        number = format_numbered(run.year + 1, run.ordinal)
        run.ordinal += 1
    run.heirs[promise.number] = number
    terms = parse_terms(promise.terms)
    if terms.names:
        gone = {lot.identity for stage in list(Stage)[2:] for lot in standing_lots(run.store, promise.id, stage)}
        terms = replace(terms, names=tuple(name for name in terms.names if f"{promise.number}/{name}" not in gone))
    row = replace(
        get_new_promise(run.store, promise.number),
        number=number,
        year=run.year + 1,
        parent=parent,
        terms=terms.to_text(),
        carried_from=promise.number,
    )
    run.new.append((row, Account(promise.title, promise.measure, promise.unit, steps)))
    return number


def _entries(run: _Carry, promise: PromiseRow, heir_stood: bool) -> list[Entry]:
    """Take it back from the old promise; add it to the new one where that was opened by an earlier run."""
    heir = run.heirs[promise.number]
    closed_on = max(date(run.year, 12, 31), days_of(run.store, promise.id)[1])
    back = _amend(run, promise.number, (promise.balance.promised, False), closed_on, f"结转至 carried forward to {heir}")
    if not heir_stood:
        return [back]
    opened_on = max(closed_on, date(run.year + 1, 1, 1))
    return [back, _amend(run, heir, (promise.balance.promised, True), opened_on, f"结转自 carried forward from {promise.number}")]


def _amend(run: _Carry, number: str, moved: tuple[int, bool], on: date, text: str) -> Entry:
    steps, upward = moved
    way = (Stage.PLEDGE, Stage.PROMISED) if upward else (Stage.PROMISED, Stage.PLEDGE)
    last = run.store.rows("SELECT seq FROM head WHERE id = 1")[0][0]
    client_id = f"carry:{number}:{last}"
    return Entry(client_id, number, "amend", *way, steps, on, UNRECORDED, run.clerk.name, run.clerk.body, text)


def _notes(promises: Sequence[PromiseRow], carried: int, year: int) -> tuple[str, ...]:
    waiting = [one.number for one in promises if one.balance.claimed or one.balance.verified]
    notes = [f"结转 {carried} 项 promises carried forward from {year}"]
    if waiting:
        shown = ", ".join(waiting[:5]) + (" …" if len(waiting) > 5 else "")
        notes.append(
            f"{len(waiting)} 项尚有已交或已核未销，仍在 {year} 年账上 still have claimed or verified quantities in {year}: {shown}"
        )
    return tuple(notes)
