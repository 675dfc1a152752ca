"""`split` 分解: divide a promise over bodies. The parts and what stays in reserve make up the whole to the last step.

The quantity moves from the promise to its children `2026-017.01`: amended away here, opened there. What is kept in reserve stays on the
promise itself. Split again, the parts are amended to their new numbers, with the document that decided it. A promise that is one item, or
counts members or stages, is not divided: each body gets one like it, and the whole is settled after its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sizhang.app.booking import check_roles, days_of, get_clerk, receipt_of
from sizhang.app.open import Opening, open_promises
from sizhang.app.order import Receipt, join_receipts
from sizhang.app.tables import Part
from sizhang.core.account import MEASURES, Account
from sizhang.core.apportion import split_by_share
from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import UNRECORDED, Entry, Stage
from sizhang.core.quantity import quantity_of
from sizhang.store.connection import Store
from sizhang.store.registers import (
    NewPromise,
    Person,
    PromiseRow,
    get_new_promise,
    get_promise,
    load_bodies,
    load_children,
    load_rules,
    next_child,
)
from sizhang.store.writing import append


@dataclass(frozen=True, slots=True)
class Division:
    """How a promise is to be divided.

    Attributes:
        parts: the bodies, all with numbers, all with shares, or for a promise that is not divided neither.
        reserve: how much stays on the promise itself, in its unit.
        document: why; needed where the promise was split before.
        on: None for the day on which the promise was opened, and for a later splitting today.
    """

    promise: str
    parts: tuple[Part, ...]
    reserve: Decimal = Decimal(0)
    document: str = ""
    by: str = ""
    on: date | None = None


def split(store: Store, division: Division) -> Receipt:
    """Divide a promise over bodies, or divide it anew.

    Raises:
        LedgerError: the parts do not make up the whole, a body is unknown or stands twice, or a part is to become less than was done on it.
    """
    with store.writing():
        promise = get_promise(store, division.promise)
        clerk, _ = get_clerk(store, "amend", division.by, "")
        rules = load_rules(store)
        for verb in ("open", "amend"):
            check_roles(verb, clerk, rules, promise.number)
        held = {child.body: child for child in load_children(store, promise.id)}
        if held and not division.document.strip():
            raise LedgerError(
                Words("已经分解过，没有写重新分解的依据。", "Split before, and no reason to split it anew."),
                where=promise.number,
                remedy=Words("请写明：--document TEXT。", "Name it: --document TEXT."),
            )
        wanted = _wanted(store, promise, held, division)
        run = _Run(store, promise, clerk, _day(store, promise, division, bool(held)), division.document or "分解 split")
        opened = _open_children(run, {body: steps for body, steps in wanted.items() if body not in held and steps})
        changes = {child.number: wanted.get(body, 0) - _whole_of(child) for body, child in held.items()}
        if promise.measure == "amount":
            changes[promise.number] = -sum(changes.values()) - sum(line.steps for line in opened.lines)
        _check_done(promise, held, changes)
        concerned = [get_promise(store, one) for one in (promise.number, *(child.number for child in held.values()))]
        booked = append(store, [run.amend(number, change) for number, change in changes.items() if change])
        return join_receipts([receipt_of(booked, concerned), opened])


@dataclass(frozen=True, slots=True)
class _Run:
    store: Store
    promise: PromiseRow
    clerk: Person
    on: date
    text: str

    def amend(self, number: str, change: int) -> Entry:
        """An amendment of one of the promises."""
        way = (Stage.PLEDGE, Stage.PROMISED) if change > 0 else (Stage.PROMISED, Stage.PLEDGE)
        last = self.store.rows("SELECT seq FROM head WHERE id = 1")[0][0]
        who = (self.clerk.name, self.clerk.body)
        return Entry(f"split:{number}:{last}", number, "amend", *way, abs(change), self.on, UNRECORDED, *who, self.text)


def _day(store: Store, promise: PromiseRow, division: Division, again: bool) -> date:
    if division.on:
        return division.on
    first, last = days_of(store, promise.id)
    return max(this_day(), last) if again else max(first, date(promise.year, 1, 1))


def _whole_of(promise: PromiseRow) -> int:
    """All that was ever promised on it and not taken back."""
    return -promise.balance.pledge


def _wanted(store: Store, promise: PromiseRow, held: dict[str, PromiseRow], division: Division) -> dict[str, int]:
    """How many steps each body is to have."""
    bodies = _bodies_of(store, promise, division.parts)
    if promise.measure != "amount":
        if any(part.number is not None or part.share is not None for part in division.parts) or division.reserve:
            raise LedgerError(
                Words(
                    f"“{MEASURES[promise.measure].zh}”类承诺不能拆数：每个单位各一条。",
                    f"A promise of the measure {promise.measure} is not divided: each body gets one like it.",
                ),
                where=promise.number,
                remedy=Words("请只写单位，不写数量。", "Name the bodies without numbers."),
            )
        return dict.fromkeys(bodies, _whole_of(promise))
    whole = promise.balance.promised + sum(map(_whole_of, held.values()))
    reserve = quantity_of(division.reserve, promise.unit).steps
    numbers = [part.number for part in division.parts if part.number is not None]
    shares = [part.share for part in division.parts if part.share is not None]
    if len(shares) == len(bodies) and not numbers:
        if not 0 <= reserve <= whole:
            raise LedgerError(
                Words(
                    f"机动数是 {division.reserve}，而总数只有 {promise.show(whole)}。",
                    f"A reserve of {division.reserve} of {promise.show(whole)}.",
                ),
                where=promise.number,
                remedy=Words("请少留一些。", "Keep less."),
            )
        return dict(zip(bodies, split_by_share(whole - reserve, shares), strict=True))
    if len(numbers) != len(bodies):
        raise LedgerError(
            Words("有的部分写了数量，有的没有。", "Some parts have a number and some have none."),
            where=promise.number,
            remedy=Words("请都写数量，或都写份额。", "Give all numbers, or all shares."),
        )
    steps = [quantity_of(number, promise.unit).steps for number in numbers]
    if min(steps) < 0 or reserve < 0:
        raise LedgerError(
            Words("有的部分小于 0。", "A part is less than nothing."),
            where=promise.number,
            remedy=Words("请填 0 或以上的数。", "Give numbers of 0 or more."),
        )
    if sum(steps) + reserve != whole:
        raise _not_the_whole(promise, sum(steps), reserve, whole)
    return dict(zip(bodies, steps, strict=True))


def _not_the_whole(promise: PromiseRow, steps: int, reserve: int, whole: int) -> LedgerError:
    """The parts and the reserve count another number than what is to be divided."""
    show, unit, left = promise.show, promise.symbol, whole - steps - reserve
    return LedgerError(
        Words(
            f"各部分合计 {show(steps)} {unit}，机动数 {show(reserve)}；要分的是 {show(whole)}。",
            f"The parts count {show(steps)} {unit} and the reserve {show(reserve)}; to be divided are {show(whole)}.",
        ),
        where=promise.number,
        remedy=Words(f"余数请留作机动数：--reserve {show(left + reserve)}。", f"Keep the rest: --reserve {show(left + reserve)}.")
        if left > 0
        else Words(f"各部分请减去 {show(-left)}。", f"Take {show(-left)} out of the parts."),
    )


def _bodies_of(store: Store, promise: PromiseRow, parts: Sequence[Part]) -> list[str]:
    bodies = load_bodies(store)
    places = {body.place: body.name for body in bodies.values() if body.place}
    names = [part.body or places.get(part.place, "") for part in parts]
    unknown = [part.body or part.place for part, name in zip(parts, names, strict=True) if name not in bodies]
    if unknown or not parts:
        raise LedgerError(
            Words(f"账本里没有单位{'、'.join(unknown[:5])}。", f"{', '.join(unknown[:5])}: no body of this ledger.")
            if unknown
            else Words("没有写分给谁。", "No part is named."),
            where=promise.number,
            remedy=Words("请先添加：sizhang body add NAME。", "Add it: sizhang body add NAME.")
            if unknown
            else Words("请用表格或 --part 写明各部分。", "Name the parts in a table, or with --part."),
        )
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise LedgerError(
            Words(f"{twice}写了两次。", f"{twice} stands twice among the parts."),
            where=promise.number,
            remedy=Words("每个单位只写一次。", "Name each body once."),
        )
    return names


def _check_done(promise: PromiseRow, held: dict[str, PromiseRow], changes: dict[str, int]) -> None:
    for one in (promise, *held.values()):
        taken = -changes.get(one.number, 0)
        if taken > one.balance.promised:
            done = _whole_of(one) - one.balance.promised
            raise LedgerError(
                Words(
                    f"{one.body}的 {one.number} 已交或已办 {one.show(done)} {one.symbol}，在账只剩 {one.show(one.balance.promised)}，"
                    f"不够减 {one.show(taken)}。",
                    f"{one.number} of {one.body} has {one.show(done)} {one.symbol} claimed or done, and only "
                    f"{one.show(one.balance.promised)} still promised, of which {one.show(taken)} are to go.",
                ),
                where=promise.number,
                remedy=Words("请给各分项留足已办的数。", "Leave each part what was done on it."),
            )


def _open_children(run: _Run, wanted: dict[str, int]) -> Receipt:
    if not wanted:
        return Receipt((), ())
    whole = get_new_promise(run.store, run.promise.number)
    first = next_child(run.store, run.promise)
    rows: list[tuple[NewPromise, Account]] = []
    for child, (body, steps) in enumerate(wanted.items(), start=first):
        number = f"{run.promise.number}.{child:02d}"
        row = replace(whole, number=number, title=f"{whole.title}（{body}）", body=body, parent=run.promise.number, carried_from=None)
        rows.append((row, Account(row.title, run.promise.measure, run.promise.unit, steps)))
    return open_promises(run.store, rows, Opening(run.promise.year, "", run.clerk.name, run.on), run.clerk)
