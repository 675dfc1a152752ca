"""The pace now needed, whether it was ever reached, the last day on which recovery is feasible, the light, and the state of each period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal

from sizhang.cadence.carry import Carried, carry
from sizhang.cadence.plan import Plan, cells_of, xun_of
from sizhang.core.period import Level, Period, period_of

Light = Literal["green", "yellow", "red"]
State = Literal["kept", "at_risk", "broken", "recovered", "open"]
LIGHTS: Final[dict[Light, str]] = {"green": "绿", "yellow": "黄", "red": "红"}
STATES: Final[dict[State, str]] = {"kept": "已保", "at_risk": "有险", "broken": "未保", "recovered": "已补", "open": "未到"}
# A pace up to a tenth above the plan is held to be feasible for whoever has not shown more.
STRETCH_PCT: Final = 10


@dataclass(frozen=True, slots=True)
class Track:
    """One promise of one body on a day.

    Attributes:
        delivered: steps in each closed 旬.
        so_far: steps in the open 旬 until now.
        on: the day; not before the open 旬.
    """

    plan: Plan
    delivered: tuple[int, ...]
    so_far: int
    on: date

    @property
    def done(self) -> int:
        """All steps delivered until now."""
        return sum(self.delivered) + self.so_far


@dataclass(frozen=True, slots=True)
class Pace:
    """What the figures say.

    Attributes:
        due: what should be done at the last closing and is not yet, in steps.
        remaining: what the year still asks for.
        need_day, need_xun, need_month: steps needed per day in the open 旬, in the open 旬, in the rest of its month, from now.
        best_xun: the most that was ever delivered in one 旬; None where nothing was.
        capacity: what can be delivered until the year's end at the best pace.
        last_start: the last day on which working at the best pace still reaches the year's plan, even if nothing is done before; None where
            it is too late, or nothing remains.
    """

    light: Light
    due: int
    remaining: int
    need_day: int
    need_xun: int
    need_month: int
    best_xun: int | None
    capacity: int
    last_start: date | None
    carried: Carried


def capacities(plan: Plan, delivered: Sequence[int]) -> list[int]:
    """What each 旬 of the year can take: the best that was reached, or a tenth more than its plan, and nothing where the curve has no work.

    Where nothing was ever delivered, the largest 旬 of the plan stands for the best. Rounding: the tenth is rounded up.
    """
    best = max(delivered, default=0)
    if best <= 0:
        best = max(plan.cells)
    return [
        max(best, cell + -(-cell * STRETCH_PCT // 100)) if weight else cell for cell, weight in zip(plan.cells, plan.weights, strict=True)
    ]


def compute_pace(track: Track) -> Pace:
    """The pace of one promise and body on one day."""
    plan, closed = track.plan, len(track.delivered)
    carried = carry(plan, track.delivered)
    remaining = max(plan.planned - track.done, 0)
    due = max(sum(plan.cells[:closed]) - track.done, 0)
    caps = open_capacities(track)
    capacity = sum(caps)
    best = max(track.delivered, default=0)
    need_xun = max(carried.needs[0] - track.so_far, 0) if carried.needs else 0
    month_end = closed - closed % 3 + 3
    need_month = max(sum(carried.needs[: month_end - closed]) - track.so_far, 0)
    days = (xun_of(plan.year)[closed].end - track.on).days + 1 if carried.needs else 1
    return Pace(
        light="green" if due == 0 else "yellow" if remaining <= capacity else "red",
        due=due,
        remaining=remaining,
        need_day=-(-need_xun // max(days, 1)),
        need_xun=need_xun,
        need_month=need_month,
        best_xun=best if best > 0 else None,
        capacity=capacity,
        last_start=last_start(track, caps, remaining),
        carried=carried,
    )


def open_capacities(track: Track) -> list[int]:
    """What each open 旬 can still take; of the one that runs, the part of its days that is left, rounded down."""
    closed = len(track.delivered)
    caps = capacities(track.plan, track.delivered)[closed:]
    if caps:
        period = xun_of(track.plan.year)[closed]
        left = min(max((period.end - track.on).days + 1, 0), period.days)
        caps[0] = caps[0] * left // period.days
    return caps


def last_start(track: Track, caps: Sequence[int], remaining: int) -> date | None:
    """See `Pace.last_start`. The capacity of a 旬 lies evenly on its days."""
    closed, reach = len(track.delivered), Fraction(0)
    if not remaining:
        return None
    for place in range(len(caps) - 1, -1, -1):
        period = xun_of(track.plan.year)[closed + place]
        first = max(period.start, track.on) if place == 0 else period.start
        days = (period.end - first).days + 1
        if reach + caps[place] >= remaining and days > 0:
            needed = (remaining - reach) * days / caps[place] if caps[place] else 0
            return period.end - timedelta(days=max(-(-needed // 1), 1) - 1)
        reach += caps[place]
    return None


def reasons(track: Track, pace: Pace, show_number: Sequence[str]) -> tuple[str, str]:
    """Why the light is what it is, in Chinese and in English.

    Args:
        show_number: what is due, the need of the 旬, the plan of the 旬, the best 旬, as text with unit.
    """
    due, need, planned, best = show_number
    if pace.light == "green":
        if not pace.remaining:
            return "全年计划已完成。", "All that was planned for the year is done."
        if not pace.need_xun:
            return "进度不欠账，本旬不必再办。", "Nothing is owed, and nothing more is asked of these ten days."
        return f"进度不欠账，本旬还需 {need}。", f"Nothing is owed; these ten days still ask for {need}."
    if pace.need_xun:
        asked_zh, asked_en = f"本旬需 {need}（计划 {planned}）", f"these ten days ask for {need} (planned {planned})"
    else:
        asked_zh, asked_en = "本旬没有安排", "nothing is planned for these ten days"
    if pace.best_xun is None:
        reached_zh = f"尚无完成记录，以计划最高旬 {best} 为准"
        reached_en = f"nothing delivered yet, so the plan's best ten days ({best}) count"
    else:
        reached_zh, reached_en = f"曾达到的最高旬为 {best}", f"the best ten days so far brought {best}"
    if pace.light == "red":
        end_zh, end_en = "，按此到年底已完不成", ", too little to keep the year"
    elif pace.last_start is None:
        end_zh = end_en = ""
    else:
        day = pace.last_start
        end_zh = f"，最迟 {day.month}月{day.day}日起按最好的一旬干，仍可完成"
        end_en = f"; at the best pace it can still be kept if that starts by {day.day} {day:%b}"
    return f"欠 {due}，{asked_zh}，{reached_zh}{end_zh}。", f"{due} behind: {asked_en}; {reached_en}{end_en}."


def state_of(track: Track, period: Period) -> State:
    """How a 旬, month, quarter or the year stands.

    Kept: it closed with all that was asked of it when it began, or with nothing owed. Broken: it closed short. Recovered: it closed short,
    and later nothing was owed any more. At risk: it is not closed and what it is asked for exceeds what can be delivered until its end.
    """
    first, last = cells_of(period)
    closed = len(track.delivered)
    if closed < last:
        caps = open_capacities(track)
        needs = carry(track.plan, track.delivered).needs
        span = slice(max(first - closed, 0), last - closed)
        asked = sum(needs[span]) - (track.so_far if first <= closed else 0)
        return "at_risk" if asked > sum(caps[span]) else "open"
    asked = sum(carry(track.plan, track.delivered[:first]).needs[: last - first])
    behind = [sum(track.plan.cells[:at]) - sum(track.delivered[:at]) for at in range(closed + 1)]
    if sum(track.delivered[first:last]) >= asked or behind[last] <= 0:
        return "kept"
    caught_up = any(one <= 0 for one in behind[last + 1 :]) or behind[closed] - track.so_far <= 0
    return "recovered" if caught_up else "broken"


def states_of(track: Track) -> dict[str, State]:
    """The state of every 旬, month, quarter and the year, by key."""
    year = period_of(date(track.plan.year, 1, 1), Level.YEAR)
    levels = (Level.YEAR, Level.QUARTER, Level.MONTH, Level.XUN)
    return {period.key: state_of(track, period) for level in levels for period in year.parts(level)}


@dataclass(frozen=True, slots=True)
class Scores:
    """Three ways to count, side by side; shares of the plan until the day, 1 being the plan.

    Attributes:
        uncapped: delivered over planned; None where nothing was planned yet.
        capped: the same, at most 1.
        passed: whether all that was planned is delivered.
    """

    uncapped: Fraction | None
    capped: Fraction | None
    passed: bool


def compute_scores(planned: int, delivered: int) -> Scores:
    """Scores of one promise; over-delivery here never makes up for another's shortfall in the capped one."""
    if planned <= 0:
        return Scores(None, None, True)
    ratio = Fraction(max(delivered, 0), planned)
    return Scores(ratio, min(ratio, Fraction(1)), delivered >= planned)
