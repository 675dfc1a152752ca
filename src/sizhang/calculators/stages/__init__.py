"""Stage registers 节点台账: named things, named stages, a document and a day for each; and progress as earned schedule."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, round_half_even, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Line, Lines, Steps
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

REGISTER: Final = Schema(
    "register",
    "节点台账 register of stages",
    (
        Column("thing", "text", "对象 named thing"),
        Column("stage", "text", "节点 named stage"),
        Column("stage_number", "number", "节点次序 place of the stage in the order", low=1, high=99),
        Column("planned_on", "date", "计划日 planned day"),
        Column("reached_on", "date", "到达日 day on which it was reached", required=False),
        Column("document", "text", "文号 document that proves it", required=False),
    ),
    key=("thing", "stage"),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of one thing; `counted_on` is None where it is not reached, not proved, or another before it is not."""

    thing: str
    stage: str
    number: int
    planned_on: date
    counted_on: date | None
    doubt: str


def judge_stages(rows: list[dict[str, Any]], as_of: date) -> list[Stage]:
    """Which stages count on a day: reached by then, with a document, and no earlier stage of the same thing left open."""
    judged: list[Stage] = []
    open_thing = ""
    for row in sorted(rows, key=lambda r: (r["thing"], r["stage_number"])):
        reached = row["reached_on"]
        doubt = ""
        if reached is not None and reached > as_of:
            reached = None
        elif reached is not None and row["document"] is None:
            reached, doubt = None, "无文号 no document"
        elif reached is not None and open_thing == row["thing"]:
            reached, doubt = None, "前一节点未到 an earlier stage is not reached"
        if reached is None:
            open_thing = row["thing"]
        judged.append(Stage(row["thing"], row["stage"], int(row["stage_number"]), row["planned_on"], reached, doubt))
    return judged


def month_ends(first: date, last: date) -> list[date]:
    """The last day of each month from the one of `first` to the one of `last`."""
    found, year, month = [], first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append(date(year, month, monthrange(year, month)[1]))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def compute_earned_schedule(planned: list[int], earned: int) -> Fraction:
    """The time, in months from the start, at which as much was planned as has been earned.

    Args:
        planned: how many stages were planned by the end of each month, never falling.

    Source: Lipke, earned schedule: ES = C + (EV − PV_C) / (PV_{C+1} − PV_C), C whole months with PV_C ≤ EV.
    """
    whole = sum(1 for value in planned if value <= earned)
    if whole == len(planned):
        return Fraction(whole)
    before = planned[whole - 1] if whole else 0
    return whole + Fraction(earned - before, planned[whole] - before)


def compute_stages(inputs: Mapping[str, Checked], options: Options) -> Result:
    """How far each thing has come, and the schedule that was earned by the day of the question."""
    checked = inputs["register"]
    rows = checked.rows()
    if not rows:
        raise InputError(
            Words("台账里没有一行有效。", "The register holds no valid row."),
            remedy=Words(
                "请看没有计入的各行；各列的写法见 `sizhang calc --list stages`。",
                "Look at the rejected rows: the columns' forms are in `sizhang calc --list stages`.",
            ),
        )
    as_of = _as_of(rows, options)
    stages = judge_stages(rows, as_of)
    ends = month_ends(min(s.planned_on for s in stages), max(max(s.planned_on for s in stages), as_of))
    planned = [sum(s.planned_on <= end for s in stages) for end in ends]
    earned_by = [
        sum(s.counted_on is not None and s.counted_on <= end for s in stages) if end <= month_ends(as_of, as_of)[0] else None
        for end in ends
    ]
    due = sum(s.planned_on <= as_of for s in stages)
    late = tuple((s.thing, s.stage, s.planned_on.isoformat(), s.doubt) for s in stages if s.counted_on is None and s.planned_on <= as_of)
    doubts = sum(bool(s.doubt) for s in stages)
    coverage = Coverage(
        "节点 stages",
        len(stages),
        checked.present,
        checked.valid - doubts,
        {**checked.rejected, **({"reached but not counted": doubts} if doubts else {})},
    )
    outcome = (
        Verdict("not met", f"{len(late)} 个应到节点未到 stages due by {as_of} are not reached.")
        if late
        else Verdict("met", f"应到的 {due} 个节点全部到达 All stages due by {as_of} are reached.")
    )
    return Result(
        calculator="stages",
        title=f"节点台账 Stages as of {as_of}",
        values=_values(stages, as_of, ends, planned),
        coverage=(coverage,),
        standards=(Standard("Earned schedule (Lipke 2003)", "挣得进度法", "ES = C + I", f"months counted from {ends[0].replace(day=1)}"),),
        verdict=outcome,
        trace=(Trace("应到未到 Due and not reached", ("对象 thing", "节点 stage", "计划日 planned", "疑点 doubt"), late),),
        rejections=checked.rejections,
        detail=(_detail(stages),),
        charts=_charts(stages, ends, planned, earned_by),
    )


def _values(stages: list[Stage], as_of: date, ends: list[date], planned: list[int]) -> tuple[Value, ...]:
    earned, due = sum(s.counted_on is not None for s in stages), sum(s.planned_on <= as_of for s in stages)
    actual = Fraction(sum(end <= as_of for end in ends)) + _part_of_month(as_of)
    schedule = compute_earned_schedule(planned, earned)
    things = {s.thing for s in stages}
    done = sum(all(s.counted_on for s in stages if s.thing == thing) for thing in things)
    return (
        Value("stages_reached", "已到节点 Stages reached", earned, "个 stages", earned, len(stages), "个 stages"),
        Value("stages_due", "应到节点 Stages due", due, "个 stages"),
        Value(
            "progress_pct",
            "节点进度 Stages reached of all",
            share_pct(earned, len(stages)),
            "%",
            earned,
            len(stages),
            "个 stages",
            f"{HALF_EVEN}, 0.1",
        ),
        Value("things_done", "全部完成的对象 Things with every stage", done, "个 things", done, len(things), "个 things"),
        Value(
            "earned_schedule_months", "挣得进度 Earned schedule", round_half_even(schedule, 2), "月 months", rounding=f"{HALF_EVEN}, 0.01"
        ),
        Value("spi_t", "进度绩效指数 SPI(t)", round_half_even(schedule / actual, 2) if actual else None, "", rounding=f"{HALF_EVEN}, 0.01"),
    )


def _as_of(rows: list[dict[str, Any]], options: Options) -> date:
    text = options.settings.get("as_of")
    if text is None:
        return (
            date(options.year, 12, 31)
            if options.year
            else max([r["reached_on"] for r in rows if r["reached_on"]], default=rows[0]["planned_on"])
        )
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            Words(f"as_of 写的是“{text}”，不是日期。", f"as_of is “{text}”, which is no day."),
            remedy=Words("日期请写成 2023-06-30。", "Write it as 2023-06-30."),
        ) from error


def _part_of_month(day: date) -> Fraction:
    """The part of the month that has passed; nothing on its last day, since that month is counted whole."""
    length = monthrange(day.year, day.month)[1]
    return Fraction(day.day % length, length)


def _detail(stages: list[Stage]) -> Trace:
    rows = tuple(
        (s.thing, s.number, s.stage, s.planned_on.isoformat(), s.counted_on.isoformat() if s.counted_on else "", s.doubt) for s in stages
    )
    return Trace("全部节点 All stages", ("对象 thing", "次序", "节点 stage", "计划日 planned", "到达日 reached", "疑点 doubt"), rows)


def _charts(stages: list[Stage], ends: list[date], planned: list[int], earned: list[int | None]) -> tuple[Steps | Lines, ...]:
    names = list(dict.fromkeys(s.stage for s in sorted(stages, key=lambda s: s.number)))
    things = {
        thing: tuple(next((s.counted_on for s in stages if s.thing == thing and s.stage == n), None) for n in names)
        for thing in dict.fromkeys(s.thing for s in stages)
    }
    told = f"{sum(s.counted_on is not None for s in stages)} of {len(stages)} stages of {len(things)} things are reached"
    lines = (Line("计划 planned", tuple(planned)), Line("到达 reached", tuple(earned)))
    return (
        Steps("各对象节点 Stages of each thing", tuple(names), things, told),
        Lines("计划与到达 Planned and reached", "个", tuple(f"{e:%Y-%m}" for e in ends), lines, told),
    )


def make_sample(seed: int) -> Sample:
    """Ten hospitals with four stages over 2023; how far each has come is drawn first. Faults: a stage without a document, one reached
    before the stage ahead of it, a row twice, a day that is none."""
    random = Random(seed)  # noqa: S311 - data, no secret
    names = ("开工", "主体完工", "竣工", "投用")
    lines, reached, due, done = ["thing,stage,stage_number,planned_on,reached_on,document"], 0, 0, 0
    as_of = date(2023, 9, 30)
    for number in range(1, 11):
        start = date(2023, 1, 10) + timedelta(days=random.randint(0, 60))
        come = random.randint(0, 3) if number > 2 else 4
        for place, stage in enumerate(names, start=1):
            planned = start + timedelta(days=90 * (place - 1))
            if number <= 2:
                planned = date(2023, 2 * place, 15)
            here = place <= come
            day = min(planned + timedelta(days=random.randint(-5, 20)), as_of)
            proof, shown = (f"示例〔2023〕{number}-{place}" if here else ""), (day.isoformat() if here else "")
            if number == 3 and place == come + 1:
                shown = day.isoformat()
            if number == 4 and place == come + 2:
                shown, proof = day.isoformat(), "示例"
            lines.append(f"医院{number:02d},{stage},{place},{planned},{shown},{proof}")
            reached, due = reached + here, due + (planned <= as_of)
        done += come == 4
    lines += [lines[1], "医院11,开工,1,2023-02-30,,"]
    truth: dict[str, Decimal | int | str | None] = {
        "stages_reached": reached,
        "stages_due": due,
        "things_done": done,
        "progress_pct": share_pct(reached, 40),
    }
    return Sample({"register.csv": "\n".join(lines) + "\n"}, truth, Options(settings={"as_of": as_of.isoformat()}))


CALCULATORS = (
    Calculator(
        name="stages",
        title="节点台账 Stage register: named stages with documents, earned schedule",
        standards=("Earned schedule (Lipke 2003)",),
        inputs=(REGISTER,),
        compute=compute_stages,
        sample=make_sample,
        settings=(Setting("as_of", "截至日 the day of the question, as 2023-06-30; else the year's end or the last day of the data"),),
    ),
)
