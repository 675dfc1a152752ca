"""`plan` 计划: lay a promise over the 36 旬 of its year by a curve. A plan is appended; the last one is in force, closed 旬 stay closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from sizhang.app.booking import check_roles, get_clerk
from sizhang.app.cadence import load_calendar
from sizhang.cadence import curves
from sizhang.cadence.curves import Weights, Window, window_of
from sizhang.cadence.plan import Plan, make_plan
from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError, Words
from sizhang.core.period import Level, Period
from sizhang.core.period_words import parse_period_words
from sizhang.core.quantity import quantity_of
from sizhang.store.cadence_plans import PlanRow, insert_plan, load_plans, load_tracks, now_number, numbers_of, text_of
from sizhang.store.connection import Store
from sizhang.store.registers import PromiseRow, get_promise, load_promises, load_rules

_FAULTS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class PlanOrder:
    """How to plan.

    Attributes:
        promise: its number; empty for all of `year` that have no plan and no parts.
        curve: a name of `curves.CURVES`.
        start, end: first and last day of the work; None for the year, and for the promise's own deadline.
        reserve: steps that no period is asked for, in the promise's unit.
        shape: of an S-curve.
        rows: periods as typed, or dates, with numbers: for `stages` and `file`.
        seasons: the text of a file of seasons of your own.
        reason: why; needed to plan anew.
    """

    promise: str = ""
    year: int | None = None
    curve: str = "even"
    start: date | None = None
    end: date | None = None
    reserve: Decimal = Decimal(0)
    shape: tuple[int, int] = (2, 2)
    rows: tuple[tuple[str, Decimal], ...] = ()
    seasons: str | None = None
    reason: str = ""
    by: str = ""


class Planned(NamedTuple):
    """A plan that was recorded; the cells in steps."""

    promise: PromiseRow
    curve: str
    cells: tuple[int, ...]
    reserve: int


def plan(store: Store, order: PlanOrder) -> list[Planned]:
    """Plan one promise, or all of a year that have no plan yet.

    Raises:
        LedgerError: the promise has parts that are planned instead, the plan leaves the year, or it is planned before and no reason given.
    """
    with store.writing():
        person, _ = get_clerk(store, "amend", order.by, "")
        check_roles("amend", person, load_rules(store), order.promise)
        if order.promise:
            wanted = [get_promise(store, order.promise)]
        else:
            year = order.year or this_day().year
            planned = {row.number for row in load_tracks(store, year=year)}
            wanted = [one for one in load_promises(store, year) if one.number not in planned and -one.balance.pledge]
            if not wanted:
                raise LedgerError(
                    Words(f"{year} 年没有待做计划的承诺。", f"No promise of {year} waits for a plan."),
                    remedy=Words("请先建账，或按编号重做某一条的计划。", "Open promises first, or plan one anew by its number."),
                )
        weigh = _weigher(store, order)
        if order.promise:
            _check_again(store, wanted[0], order)
        out, faults = [], []
        for promise in wanted:
            try:
                made = _make(promise, order, weigh)
            except LedgerError as fault:
                faults.append((promise.number, fault))
                continue
            given = (order.curve, _settings(order), text_of(made.cells), text_of(made.weights), made.reserve, order.reason)
            row = PlanRow(0, *given, now_number())
            insert_plan(store, promise.id, row, person.id)
            out.append(Planned(promise, order.curve, made.cells, made.reserve))
        _refuse(faults, len(wanted))
        return out


def _make(promise: PromiseRow, order: PlanOrder, weigh: Callable[[PromiseRow], Weights]) -> Plan:
    reserve, steps = quantity_of(order.reserve, promise.unit).steps, -promise.balance.pledge
    if not 0 <= reserve <= steps:
        raise LedgerError(
            Words(
                f"机动数是 {order.reserve:f} {promise.symbol}，而承诺只有 {promise.show(steps)}。",
                f"A reserve of {order.reserve:f} {promise.symbol} of {promise.show(steps)} promised.",
            ),
            remedy=Words(f"机动数请在 0 至 {promise.show(steps)} 之间。", f"Keep between 0 and {promise.show(steps)} in reserve."),
        )
    return make_plan(promise.year, steps, weigh(promise), reserve)


def _refuse(faults: Sequence[tuple[str, LedgerError]], count: int) -> None:
    """Name every promise that cannot be planned so; then none is planned."""
    if not faults:
        return
    number, first = faults[0]
    if count == 1:
        raise LedgerError(first.what, where=number, remedy=first.remedy) from first
    shown, more = faults[:_FAULTS_SHOWN], len(faults) - _FAULTS_SHOWN
    zh = "".join(f"{number}：{fault.what.zh}" for number, fault in shown) + (f"另有 {more} 条。" if more > 0 else "")
    en = " ".join(f"{number}: {fault.what.en}" for number, fault in shown) + (f" And {more} more." if more > 0 else "")
    raise LedgerError(
        Words(
            f"{count} 条承诺中有 {len(faults)} 条不能这样做计划，一条也没有做：{zh}",
            f"{len(faults)} of {count} promises cannot be planned so, and none was: {en}",
        ),
        remedy=Words(
            "请先逐条给它们定曲线或日期，其余再用 --all。",
            "Plan these one by one with a curve or days of their own, then the rest with --all.",
        ),
    ) from first


def _check_again(store: Store, promise: PromiseRow, order: PlanOrder) -> None:
    if not promise.balance.pledge:
        raise LedgerError(
            Words("它本身没有承诺数。", "Nothing is promised on it itself."),
            where=promise.number,
            remedy=Words(f"请做各分项的计划：{promise.number}.01 等。", f"Plan its parts: {promise.number}.01 and so on."),
        )
    if load_plans(store, promise.id) and not order.reason.strip():
        raise LedgerError(
            Words("已经有计划，没有写重做的理由。", "Planned before, and no reason to plan it anew."),
            where=promise.number,
            remedy=Words("请写明：--reason TEXT。", "Give it: --reason TEXT."),
        )


def _weigher(store: Store, order: PlanOrder) -> Callable[[PromiseRow], Weights]:
    """Weights for a promise; promises with the same window share them."""
    held: dict[Window, Weights] = {}

    def weigh(promise: PromiseRow) -> Weights:
        end = order.end or _deadline(promise)
        window = window_of(promise.year, order.start, end)
        if order.curve == "fitted":
            return curves.fitted(window, _past(store, promise))
        if window not in held:
            held[window] = _weights(store, order, window)
        return held[window]

    return weigh


def _weights(store: Store, order: PlanOrder, window: Window) -> Weights:
    if order.curve == "even":
        return curves.even(window)
    if order.curve == "workdays":
        return curves.workdays(window, load_calendar(store))
    if order.curve == "s-curve":
        return curves.s_curve(window, *order.shape)
    if order.curve in ("stages", "file"):
        if not order.rows:
            raise LedgerError(
                Words(f"曲线 {order.curve} 没有给各期的数。", f"The curve {order.curve} has no rows."),
                remedy=Words("请给：--table CSV，或 --at PERIOD=NUMBER。", "Give them: --table CSV, or --at PERIOD=NUMBER."),
            )
        rows = {_one_period(text, window): Fraction(number) for text, number in order.rows}
        if len(rows) != len(order.rows):
            raise LedgerError(
                Words("表里有一期写了两次。", "A period stands twice in the table."), remedy=Words("每期只写一次。", "Give each once.")
            )
        if order.curve == "file":
            return curves.from_table(window, rows)
        return curves.stages(window, {period.end: number for period, number in rows.items()})
    return curves.seasonal(window, order.curve, order.seasons)


def _one_period(text: str, window: Window) -> Period:
    periods = parse_period_words(text, window.start)
    if len(periods) != 1:
        raise LedgerError(
            Words(f"“{text}”是 {len(periods)} 个期。", f"“{text}” is {len(periods)} periods."),
            remedy=Words(
                f"请分开写：{'、'.join(one.key for one in periods)}。", f"Write {' and '.join(one.key for one in periods)} apart."
            ),
        )
    return periods[0]


def _deadline(promise: PromiseRow) -> date | None:
    """The last day of the promise's own deadline, where it lies in the year."""
    if not promise.deadline:
        return None
    end = parse_period_words(promise.deadline, date(promise.year, 1, 1))[-1].end
    return end if end.year == promise.year else None


def _past(store: Store, promise: PromiseRow) -> list[tuple[int, ...]]:
    """What was delivered in each 旬 of the closed years of promises of the same domain and unit."""
    rows = load_tracks(store, year=promise.year, others=True)
    like = [row for row in rows if row.closed == 36 and (row.unit, row.domain) == (promise.symbol, promise.domain)]
    return [numbers_of(row.delivered) for row in like]


def _settings(order: PlanOrder) -> str:
    given: dict[str, Any] = {}
    if order.start or order.end:
        given |= {name: value.isoformat() for name, value in (("from", order.start), ("until", order.end)) if value}
    if order.curve == "s-curve":
        given["shape"] = list(order.shape)
    if order.rows:
        given["rows"] = [[text, f"{number:f}"] for text, number in order.rows]
    return json.dumps(given, ensure_ascii=False) if given else ""


def sums_of(cells: tuple[int, ...], level: Level) -> list[int]:
    """The cells summed to months, quarters or the year."""
    width = {Level.YEAR: 36, Level.QUARTER: 9, Level.MONTH: 3, Level.XUN: 1}[level]
    return [sum(cells[at : at + width]) for at in range(0, 36, width)]
