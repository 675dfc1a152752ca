"""`settle` 销账: a keeper writes off what was verified, when the closing rules hold."""

from __future__ import annotations

from datetime import date, timedelta

from sizhang.app.booking import Case, book_order
from sizhang.app.lots import move_entries
from sizhang.app.objection import check_no_objection
from sizhang.app.order import Order, Receipt
from sizhang.core.account import SINGLE
from sizhang.core.errors import LedgerError, Words
from sizhang.core.ledger import Entry, Stage
from sizhang.store.chain import day_number
from sizhang.store.connection import Store
from sizhang.store.registers import load_children


def settle(store: Store, order: Order) -> Receipt:
    """Book the write-off: verified → settled, in part or whole.

    Raises:
        LedgerError: more than was verified, its notice still runs, an objection waits for its answer, a cap before its year is over,
            or a whole before its parts.
    """
    return book_order(store, "settle", order, _entries)


def _entries(case: Case) -> list[Entry]:
    check_no_objection(case.store, case.promise.number)
    entries = move_entries(case)
    _check_cap(case)
    _check_parts(case)
    _check_notice(case, entries)
    return entries


def _check_cap(case: Case) -> None:
    last = date(case.promise.year, 12, 31)
    if case.promise.measure == "cap" and case.on < last:
        raise LedgerError(
            Words(f"上限要守到年底，{case.on} 还不到 {last}。", f"A cap must hold until the year ends, and {case.on} is before {last}."),
            where=case.promise.number,
            remedy=Words(f"请在 {last} 或之后销账。", f"Settle it on {last} or later."),
        )


def _check_parts(case: Case) -> None:
    """A whole is kept when all its parts are; an amount that was split over bodies has its own remainder, which stands alone."""
    if case.promise.measure not in SINGLE | {"stages", "members"}:
        return
    open_parts = [child.number for child in load_children(case.store, case.promise.id) if child.balance.owed]
    if open_parts:
        raise LedgerError(
            Words(
                f"有 {len(open_parts)} 个分项没有销账：{'、'.join(open_parts[:5])}。",
                f"{len(open_parts)} of its parts are not settled: {', '.join(open_parts[:5])}.",
            ),
            where=case.promise.number,
            remedy=Words("请先销各分项，或凭文件调账。", "Settle the parts first, or amend them with the deciding document."),
        )


def _check_notice(case: Case, entries: list[Entry]) -> None:
    days = case.rules.notice_days
    if not days:
        return
    cutoff = day_number(case.on - timedelta(days=days))
    sql = "SELECT COALESCE(SUM(steps), 0) FROM entry WHERE promise_id = %s AND target = %s AND effective_on <= %s"
    arrived = int(case.store.rows(sql, [case.promise.id, int(Stage.VERIFIED), cutoff])[0][0])
    sql = "SELECT COALESCE(SUM(steps), 0) FROM entry WHERE promise_id = %s AND source = %s"
    gone = int(case.store.rows(sql, [case.promise.id, int(Stage.VERIFIED)])[0][0])
    asked, free = sum(entry.steps for entry in entries), max(arrived - gone, 0)
    if asked > free:
        show, unit = case.promise.show, case.promise.symbol
        raise LedgerError(
            Words(
                f"公示未满：核账满 {days} 天的只有 {show(free)} {unit}，不够 {show(asked)} {unit}。",
                f"Only {show(free)} {unit} were verified {days} days ago or earlier, not {show(asked)}: the notice still runs.",
            ),
            where=case.promise.number,
            remedy=Words(f"其余请在核账满 {days} 天后再销。", f"Settle the rest when {days} days have passed since its verification."),
        )
