"""The year's rhythm: a plan for every number, each ten days closed, and the errands of the supervision office."""

from __future__ import annotations

from datetime import date, timedelta

from demo_year.city import RECORDER, department_of, reporter_of
from demo_year.year import LAST_DAY, OVERREPORTING, TODAY, YEAR
from sizhang.app.burden import Asking, ask
from sizhang.app.close_period import close_period
from sizhang.app.errand import ErrandOrder, act, open_errand
from sizhang.app.plan import PlanOrder, plan
from sizhang.cadence.clocks import Event
from sizhang.core.period import Level, Period, period_of
from sizhang.store.connection import Store
from sizhang.store.registers import PromiseRow, load_promises

# Words of a promise, and the curve on which such work goes.
CURVES = {
    **dict.fromkeys(("林", "行道树"), "planting"),
    **dict.fromkeys(("管网", "公路", "改造"), "no-winter"),
    **dict.fromkeys(("建设", "新建"), "s-curve"),
}
FLOOD_SEASON = date(YEAR, 5, 31)


def plan_year(store: Store) -> None:
    """Plan every amount that a body holds, on the curve of its work."""
    with store.writing():
        for promise in load_promises(store, YEAR):
            if promise.measure == "amount" and promise.balance.promised:
                plan(store, PlanOrder(promise.number, curve=curve_of(promise), end=end_of(promise), by=RECORDER))


def curve_of(promise: PromiseRow) -> str:
    """The curve of a promise's work."""
    return next((curve for word, curve in CURVES.items() if word in promise.title), "workdays")


def end_of(promise: PromiseRow) -> date | None:
    """What must stand before the rains ends with May; the rest with its own deadline or the year."""
    return FLOOD_SEASON if "汛" in promise.title else None


def close_year(store: Store) -> None:
    """Close each ten days of the year until the last day played."""
    months: list[Period] = [period_of(date(YEAR, month, 1), Level.MONTH) for month in range(1, LAST_DAY.month + 1)]
    close_period(store, [ten for month in months for ten in month.parts(Level.XUN)], by=RECORDER)


def give_errands(store: Store) -> None:
    """A few errands on the 13710 clock: one overdue, two due today; and what one county was asked, with its price in minutes."""
    flood = next(one for one in load_promises(store, YEAR) if "易涝点" in one.title)
    body = department_of(flood.title, flood.domain)
    title = "易涝点排水出口汛前未打通，限期说明"
    late = open_errand(store, ErrandOrder(title, body, "inspection", date(YEAR, 6, 3), promise=flood.number, by=RECORDER))
    first = "责任人：局分管负责人；措施：成立专班，逐处排水"
    act(store, late.number, Event("answer", date(YEAR, 6, 3), "1", text=first), reporter_of(body))
    asked_on = TODAY - timedelta(days=3)
    heat = open_errand(store, ErrandOrder("市民反映北山区供热管网改造路面未恢复", "北山区", "citizen", asked_on, by=RECORDER))
    first = "责任人：区住建分管负责人；措施：夜间恢复路面"
    act(store, heat.number, Event("answer", asked_on, "1", text=first), reporter_of("北山区"))
    open_errand(store, ErrandOrder("专题会议议定：再生水计量口径当月厘清", "水务局", "meeting", TODAY, hard=True, by=RECORDER))
    ask(store, Asking(OVERREPORTING, "explanation", "上报数比现场多三成，请逐项说明", date(YEAR, 9, 15), by=RECORDER))
    village = next(one for one in load_promises(store, YEAR) if "空心村" in one.title and one.body == OVERREPORTING)
    ask(store, Asking(OVERREPORTING, "figure", "空心村整治核实了多少", TODAY, village.number, "verified", by=RECORDER))
    ask(store, Asking(OVERREPORTING, "explanation", "两项承诺用了同一张照片，请说明", TODAY, by=RECORDER))
