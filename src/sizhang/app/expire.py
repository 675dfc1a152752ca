"""`expire` 逾期退账: a claim that nobody verified within the rule book's days goes back to promised by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sizhang.app.booking import receipt_of
from sizhang.app.order import Receipt
from sizhang.core.day import this_day
from sizhang.core.ledger import UNRECORDED, Entry, Stage
from sizhang.store.chain import day_number, day_of
from sizhang.store.connection import Store
from sizhang.store.lots import standing_lots
from sizhang.store.registers import PromiseRow, get_promise, load_rules
from sizhang.store.writing import append


@dataclass(slots=True)
class _Queue:
    """Claims without lots in the order of their days; whoever takes from them takes from the oldest."""

    claims: list[list[int]] = field(default_factory=list)

    def take(self, steps: int) -> None:
        while steps and self.claims:
            taken = min(steps, self.claims[0][1])
            steps -= taken
            self.claims[0][1] -= taken
            if not self.claims[0][1]:
                self.claims.pop(0)


def expire(store: Store, on: date | None = None) -> Receipt:
    """Take back every claim whose days are over on the day `on`, today where it is None; a second run on that day finds nothing.

    A claim of 1 March with 60 days stands until 30 April and goes back on 1 May, which is the day of the entry. Of claims without
    lots the oldest are verified first.
    """
    day = on or this_day()
    with store.writing():
        rules = load_rules(store)
        # The last day whose claims have run out.
        cutoff = day_number(day - timedelta(days=rules.claim_expires_days + 1))
        sql = (
            "SELECT DISTINCT p.number FROM promise p JOIN balance b ON b.promise_id = p.id JOIN entry e ON e.promise_id = p.id "
            "WHERE b.claimed > 0 AND e.verb = 'claim' AND e.effective_on <= %s ORDER BY p.number"
        )
        promises = [get_promise(store, number) for (number,) in store.rows(sql, [cutoff])]
        entries = [entry for promise in promises for entry in _expired(store, promise, cutoff, rules.claim_expires_days)]
        return receipt_of(append(store, entries) if entries else [], promises if entries else [])


def oldest_claims(store: Store) -> dict[str, date]:
    """The day of the oldest claim that still stands, of every promise of which something stands claimed, by number.

    Of claims without lots the oldest are verified first, as `expire` has it.
    """
    plain = (
        "SELECT p.number, MIN(c.effective_on) FROM (SELECT e.promise_id, e.effective_on, "
        "SUM(e.steps) OVER (PARTITION BY e.promise_id ORDER BY e.effective_on, e.seq) AS upto FROM entry e "
        "JOIN balance b ON b.promise_id = e.promise_id WHERE b.claimed > 0 AND e.target = %s AND e.lots = '') c "
        "LEFT JOIN (SELECT promise_id, SUM(steps) AS gone FROM entry WHERE source = %s AND lots = '' GROUP BY promise_id) t "
        "ON t.promise_id = c.promise_id JOIN promise p ON p.id = c.promise_id WHERE c.upto > COALESCE(t.gone, 0) GROUP BY p.number"
    )
    out = {number: day_of(int(on)) for number, on in store.rows(plain, [int(Stage.CLAIMED), int(Stage.CLAIMED)])}
    named = (
        "SELECT p.number, e.effective_on, e.lots FROM entry e JOIN promise p ON p.id = e.promise_id WHERE e.target = %s "
        "AND e.lots <> '' AND e.promise_id IN (SELECT promise_id FROM lot WHERE stage = %s) ORDER BY e.seq"
    )
    claimed_on: dict[tuple[str, str], date] = {}
    for number, on, lots in store.rows(named, [int(Stage.CLAIMED), int(Stage.CLAIMED)]):
        claimed_on |= dict.fromkeys(((number, lot) for lot in str(lots).split("\x1e")), day_of(int(on)))
    standing = "SELECT p.number, l.identity FROM lot l JOIN promise p ON p.id = l.promise_id WHERE l.stage = %s"
    for number, lot in store.rows(standing, [int(Stage.CLAIMED)]):
        day = claimed_on[number, lot]
        out[number] = min(out.get(number, day), day)
    return out


def _expired(store: Store, promise: PromiseRow, cutoff: int, days: int) -> list[Entry]:
    queue, last = _Queue(), 0
    claimed_on: dict[str, int] = {}
    sql = "SELECT seq, source, target, steps, effective_on, lots FROM entry WHERE promise_id = %s ORDER BY effective_on, seq"
    for seq, source, target, steps, on, lots in store.rows(sql, [promise.id]):
        last = max(last, int(seq))
        if target == Stage.CLAIMED:
            claimed_on |= dict.fromkeys(str(lots).split("\x1e"), int(on)) if lots else {}
            if not lots:
                queue.claims.append([int(on), int(steps)])
        elif source == Stage.CLAIMED and not lots:
            queue.take(int(steps))
    gone: dict[int, tuple[int, list[str]]] = {}
    for on, steps in queue.claims:
        if on <= cutoff:
            gone[on] = (gone.get(on, (0, []))[0] + steps, [])
    entries = [_entry(promise, (on, steps, ()), last, days) for on, (steps, _) in gone.items()]
    named: dict[int, list[tuple[str, int]]] = {}
    for lot in standing_lots(store, promise.id, Stage.CLAIMED):
        if claimed_on.get(lot.identity, cutoff + 1) <= cutoff:
            named.setdefault(claimed_on[lot.identity], []).append(lot)
    for on, lots in named.items():
        entries.append(_entry(promise, (on, sum(steps for _, steps in lots), [name for name, _ in lots]), last, days))
    return entries


def _entry(promise: PromiseRow, gone: tuple[int, int, Sequence[str]], last: int, days: int) -> Entry:
    claimed_on, steps, lots = gone
    kind = "lots" if lots else "plain"
    return Entry(
        f"expire:{promise.number}:{claimed_on}:{last}:{kind}",
        promise.number,
        "expire",
        Stage.CLAIMED,
        Stage.PROMISED,
        steps,
        day_of(claimed_on) + timedelta(days=days + 1),
        UNRECORDED,
        "",
        "",
        f"claimed on {day_of(claimed_on)}, not verified within {days} days",
        lots=tuple(lots),
    )
