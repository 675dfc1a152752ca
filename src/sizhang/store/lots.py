"""Lots: named things that are delivered, each counted once in the whole ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import STAGE_NAMES, VERBS, Entry, Stage
from sizhang.store.chain import day_of
from sizhang.store.connection import Store


class Standing(NamedTuple):
    """A lot that stands somewhere, and how many steps it counts."""

    identity: str
    steps: int


def standing_lots(store: Store, promise_id: int, stage: Stage) -> list[Standing]:
    """The lots of a promise at a stage, the first claimed first."""
    sql = "SELECT identity, steps FROM lot WHERE promise_id = %s AND stage = %s ORDER BY id"
    return [Standing(identity, int(steps)) for identity, steps in store.rows(sql, [promise_id, int(stage)])]


def _where(store: Store, identities: Iterable[str]) -> dict[str, tuple[str, Stage, int]]:
    """For each lot that the ledger knows the promise and the stage where it stands, and its steps."""
    sql = "SELECT l.identity, p.number, l.stage, l.steps FROM lot l JOIN promise p ON p.id = l.promise_id WHERE l.identity {among}"
    return {lot: (number, Stage(stage), int(steps)) for lot, number, stage, steps in store.rows_among(sql, sorted(identities))}


def check_lots(store: Store, entry: Entry) -> None:
    """Refuse lots that do not stand where the entry takes them from, whatever else the entry lacks.

    Raises:
        LedgerError: it names the lot, where it stands, and the entry that put it there.
    """
    held = _where(store, entry.lots)
    for lot in entry.lots:
        where = held.get(lot)
        free = where is None or where[1] == Stage.PROMISED
        if not (free if entry.verb == "claim" else where is not None and where[:2] == (entry.promise, entry.source)):
            raise _refusal(store, lot, entry, where)


def move_lots(store: Store, entries: Sequence[Entry], promises: dict[str, int]) -> None:
    """Move the lots that the entries name from their source stage to their target stage.

    A lot is entered by its first claim. Whoever claims it again, for this promise or another, this year or another, is refused with
    the place where it stands.

    Raises:
        LedgerError: a lot is claimed twice, or does not stand where the entry takes it from.
    """
    named = [entry for entry in entries if entry.lots]
    if not named:
        return
    held = _where(store, {lot for entry in named for lot in entry.lots})
    before = dict(held)
    for entry in named:
        for lot, steps in zip(entry.lots, _steps_of(entry, held), strict=True):
            where = held.get(lot)
            if entry.verb == "claim" and (where is None or where[1] == Stage.PROMISED):
                held[lot] = (entry.promise, Stage.CLAIMED, steps)
            elif where is None or (where[0], where[1]) != (entry.promise, entry.source):
                raise _refusal(store, lot, entry, where)
            else:
                held[lot] = (entry.promise, entry.target, where[2])
    new = [(lot, promises[number], steps, int(stage)) for lot, (number, stage, steps) in held.items() if lot not in before]
    if new:
        store.execute_many("INSERT INTO lot (identity, promise_id, steps, stage) VALUES (%s, %s, %s, %s)", new)
    moved = [
        (promises.get(number), steps, int(stage), lot)
        for lot, (number, stage, steps) in held.items()
        if lot in before and before[lot] != (number, stage, steps)
    ]
    if moved:
        store.execute_many("UPDATE lot SET promise_id = COALESCE(%s, promise_id), steps = %s, stage = %s WHERE identity = %s", moved)


def _steps_of(entry: Entry, held: dict[str, tuple[str, Stage, int]]) -> list[int]:
    """How much each lot of the entry counts: what it counted before, and for new ones equal parts of the entry."""
    if len(set(entry.lots)) != len(entry.lots):
        twice = next(lot for lot in entry.lots if entry.lots.count(lot) > 1)
        raise LedgerError(
            Words(f"批次 {twice} 在一笔里写了两次。", f"The lot {twice} stands twice in one entry."),
            where=entry.promise,
            remedy=Words("每个批次只写一次。", "Name each lot once."),
        )
    if entry.verb == "claim":
        if entry.steps % len(entry.lots):
            raise LedgerError(
                Words(
                    f"{entry.steps} 步不能平分给 {len(entry.lots)} 个批次。",
                    f"{entry.steps} steps do not divide over {len(entry.lots)} lots.",
                ),
                where=entry.promise,
                remedy=Words("大小相同的批次一起交，不同的分开交。", "Claim lots of one size together, others apart."),
            )
        return [entry.steps // len(entry.lots)] * len(entry.lots)
    steps = [held[lot][2] if lot in held else 0 for lot in entry.lots]
    if sum(steps) != entry.steps and all(steps):
        raise LedgerError(
            Words(
                f"{len(steps)} 个批次合计 {sum(steps)} 步，这一笔却是 {entry.steps} 步。",
                f"The {len(steps)} lots count {sum(steps)} steps, the entry {entry.steps}.",
            ),
            where=entry.promise,
            remedy=Words("请按批次合计数记。", "Book the number that the lots count."),
        )
    return steps


def _refusal(store: Store, lot: str, entry: Entry, where: tuple[str, Stage, int] | None) -> LedgerError:
    if where is None:
        return LedgerError(
            Words(
                f"批次 {lot} 没有交过账，不能{VERBS[entry.verb].chinese}。",
                f"The lot {lot} was never claimed, so {entry.verb} cannot move it.",
            ),
            where=entry.promise,
            remedy=Words("请先交账。", "Claim it first."),
        )
    moved = _last_move(store, lot, where[0])
    place = Words(
        f"{lot} 在 {where[0]} 的“{STAGE_NAMES[where[1]].zh}”{moved.zh}",
        f"{lot} stands at {STAGE_NAMES[where[1]].en} of {where[0]}{moved.en}",
    )
    if entry.verb == "claim":
        return LedgerError(
            Words(
                f"批次 {place.zh}；{entry.effective_on} 再交给 {entry.promise} 就重复了。",
                f"The lot {place.en}; claimed for {entry.promise} on {entry.effective_on} it would count twice.",
            ),
            where=entry.promise,
            remedy=Words(
                "一个批次只算一次：请在这里去掉，或先在那边退账。", "One lot counts once: leave it out here, or have it rejected there."
            ),
        )
    return LedgerError(
        Words(
            f"批次 {place.zh}，不在 {entry.promise} 的“{STAGE_NAMES[entry.source].zh}”。",
            f"The lot {place.en}, not at {entry.source.name.lower()} of {entry.promise}.",
        ),
        where=entry.promise,
        remedy=Words("请去掉它，或先办前一步。", "Leave it out, or book the step before it first."),
    )


def _last_move(store: Store, lot: str, promise: str) -> Words:
    """Which entry put a lot where it stands; empty where that entry is of this very batch, which the head does not know yet."""
    sql = (
        "SELECT e.seq, e.effective_on, e.lots FROM entry e JOIN promise p ON p.id = e.promise_id "
        "WHERE p.number = %s AND e.seq <= (SELECT seq FROM head WHERE id = 1) ORDER BY e.seq DESC"
    )
    for seq, day, lots in store.execute(sql, [promise]):
        if lot in str(lots).split("\x1e"):
            return Words(f"（{day_of(int(day))} 第 {seq} 笔）", f" (entry {seq} of {day_of(int(day))})")
    return Words("", "")
