"""Pollution sources 污染源: online monitoring by outlet: completeness, transmission, hours above the permit's limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, share_pct
from sizhang.calculators.form.schema import Column, Lateness, Schema
from sizhang.charts.spec import Bar, Bars, Limit
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    import narwhals as nw

    from sizhang.calculators.form.inputs import Checked

_DECIMALS: Final = 3
_STATES: Final = ("正常", "停运", "校准", "故障")
LATE_HOURS: Final = 24

HOURS: Final = Schema(
    "hours",
    "小时数据 hourly means of outlets",
    (
        Column("outlet", "text", "排放口 outlet"),
        Column("pollutant", "text", "污染物 pollutant"),
        Column("hour_start_at", "instant", "小时起点 start of the hour", other_names={"hour_end_at": -1}),
        Column("state", "text", "标记 state: 正常 running, 停运 stopped, 校准 calibrating, 故障 faulty", choices=_STATES),
        Column("mean_mg_m3", "number", "小时均值（折算） hourly mean", required=False, decimals=_DECIMALS, low=0, high=1_000_000),
        Column("received_at", "instant", "收到时间 received by the platform", required=False),
    ),
    key=("outlet", "pollutant", "hour_start_at"),
    late=Lateness("hour_start_at", "received_at", LATE_HOURS),
)
LIMITS: Final = Schema(
    "limits",
    "许可限值 limits of the permits",
    (
        Column("outlet", "text", "排放口 outlet"),
        Column("pollutant", "text", "污染物 pollutant"),
        Column("limit_mg_m3", "number", "限值 limit", decimals=_DECIMALS, low=0, high=1_000_000),
        Column("document", "text", "许可证或标准 permit or standard"),
    ),
    key=("outlet", "pollutant"),
)


def count_hours(hours: nw.LazyFrame[Any], limits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Hours of each outlet and pollutant: stopped, received with a mean, above the limit. One definition for DuckDB and Spark.

    Only hours in which the source ran normally can exceed; a calibrating or faulty monitor says nothing about the source.
    """
    import narwhals as nw

    running, measured = nw.col("state") == "正常", ~nw.col("mean_mg_m3").is_null()

    def count(condition: nw.Expr, name: str) -> nw.Expr:
        return nw.when(condition).then(1).otherwise(0).sum().cast(nw.Int64).alias(name)

    joined = hours.join(limits.select("outlet", "pollutant", "limit_mg_m3"), on=["outlet", "pollutant"], how="left")
    return joined.group_by("outlet", "pollutant").agg(
        count(nw.col("state") == "停运", "stopped"),
        count(running & measured, "valid"),
        count(running & measured & (nw.col("mean_mg_m3") > nw.col("limit_mg_m3")), "over"),
        nw.col("limit_mg_m3").max().alias("limit_steps"),
        nw.col("mean_mg_m3").max().alias("highest_steps"),
    )


def compute_sources(inputs: Mapping[str, Checked], options: Options) -> Result:
    """Transmission and exceedance of every outlet over the days of the data."""
    hours = inputs["hours"]
    span = hours.relation.aggregate("min(hour_start_at)::DATE AS first, max(hour_start_at)::DATE AS last").fetchall()[0]
    if span[0] is None:
        raise InputError(
            Words("数据里没有一个有效小时。", "The data hold no valid hour."),
            remedy=Words(
                "请看没有计入的各行；各列的写法见 `sizhang calc --list sources`。",
                "Look at the rejected rows: the columns' forms are in `sizhang calc --list sources`.",
            ),
        )
    length = ((span[1] - span[0]).days + 1) * 24
    table = count_hours(hours.frame, inputs["limits"].frame).collect(backend="pyarrow").to_native().to_pylist()
    table.sort(key=lambda row: (row["outlet"], row["pollutant"]))
    due = {id(row): length - row["stopped"] for row in table}
    rates = [share_pct(row["valid"], due[id(row)]) for row in table]
    valid, expected, over = sum(r["valid"] for r in table), sum(due.values()), sum(r["over"] for r in table)
    unlimited = [f"{r['outlet']} {r['pollutant']}" for r in table if r["limit_steps"] is None]
    rows = tuple(
        (r["outlet"], r["pollutant"], due[id(r)], r["valid"], rate, r["over"], _exact(r["highest_steps"]), _exact(r["limit_steps"]))
        for r, rate in zip(table, rates, strict=True)
    )
    columns = ("排放口 outlet", "污染物", "应有小时 due", "有效 valid", "传输率 %", "超标 over", "最高 highest mg/m³", "限值 limit mg/m³")
    bars = tuple(Bar(f"{r[0]} {r[1]}", r[4], note=f"超标 over {r[5]} h") for r in rows)
    wanted = options.find_number("target_pct")
    return Result(
        calculator="sources",
        title=f"污染源在线监测 Online monitoring of sources, {span[0]} – {span[1]}",
        values=_values(table, valid, expected, over),
        coverage=(
            Coverage("排放口小时 outlet-hours", expected, hours.present, valid, hours.rejected),
            inputs["limits"].coverage("限值 limits"),
        ),
        standards=(Standard("许可限值 limits of the permits", "由数据给出 given with the data", "table limits", "no limit is assumed"),),
        verdict=_verdict(valid, expected, over, unlimited, wanted),
        trace=(Trace("排放口 Outlets", columns, rows),),
        notes=(
            f"晚于 {LATE_HOURS} 小时收到的不计；停运小时不计入应有小时。"
            f" Hours received after {LATE_HOURS} h do not count; stopped hours are not due.",
        ),
        rejections=(*hours.rejections, *inputs["limits"].rejections),
        charts=(
            Bars(
                "各排放口传输有效率 Transmission by outlet",
                "%",
                bars,
                f"{len(rows)} outlets and pollutants, {over} hours over",
                (Limit("目标 target", wanted),) if wanted else (),
            ),
        ),
    )


def _values(table: list[dict[str, Any]], valid: int, expected: int, over: int) -> tuple[Value, ...]:
    return (
        Value(
            "transmission_pct",
            "传输有效率 Valid hours received in time",
            share_pct(valid, expected),
            "%",
            valid,
            expected,
            "小时 hours",
            f"{HALF_EVEN}, 0.1",
        ),
        Value("over_hours", "超标小时 Hours above the limit", over, "小时 hours"),
        Value("over_outlets", "有超标的排放口 Outlets with such an hour", len({r["outlet"] for r in table if r["over"]}), "个 outlets"),
        Value("outlets", "排放口 Outlets", len({r["outlet"] for r in table}), "个 outlets"),
    )


def _exact(steps: int | None) -> Decimal | None:
    return None if steps is None else Decimal(steps).scaleb(-_DECIMALS)


def _verdict(valid: int, due: int, over: int, unlimited: list[str], wanted: Decimal | None) -> Verdict:
    if over:
        return Verdict("not met", f"超标 {over} 小时 hours above the limits.")
    if unlimited:
        return Verdict(
            "no verdict", f"没有限值 No limit for {unlimited[0]}" + (f" and {len(unlimited) - 1} more." if unlimited[1:] else ".")
        )
    if wanted is None:
        return Verdict(
            "no verdict", "未超标；未给传输率目标 No hour above the limits; no target of transmission was given (--set target_pct=…)."
        )
    if valid * 100 < wanted * due:
        return Verdict("not met", f"传输有效率 {valid} / {due} 小时 hours, below {wanted} %.")
    return Verdict("met", f"未超标，传输有效率不低于 {wanted} % No hour above the limits; {valid} of {due} hours were received.")


def make_sample(seed: int) -> Sample:
    """Six outlets, thirty days, two pollutants; which hours exceed, stop, fail or come late is drawn first."""
    random = Random(seed)  # noqa: S311 - data, no secret
    lines, limits = ["outlet,pollutant,hour_start_at,state,mean_mg_m3,received_at"], ["outlet,pollutant,limit_mg_m3,document"]
    start, valid, due, over, outlets = datetime(2023, 4, 1), 0, 0, 0, set()
    for outlet in (f"DA{n:03d}" for n in range(1, 7)):
        for pollutant, limit in (("SO2", 35), ("NOx", 50)):
            limits.append(f"{outlet},{pollutant},{limit},示例许可证")
            for number in range(30 * 24):
                hour = start + timedelta(hours=number)
                fate = random.choices(("fine", "over", "stop", "fault", "late", "lost"), (940, 4, 20, 10, 10, 16))[0]
                due += fate != "stop"
                if fate == "lost":
                    continue
                state = {"stop": "停运", "fault": "故障"}.get(fate, "正常")
                mean = f"{limit}.{random.randint(1, 9)}" if fate == "over" else f"{limit - random.randint(0, 20)}"
                got = hour + timedelta(hours=30 if fate == "late" else 1, minutes=random.randint(2, 50))
                lines.append(f"{outlet},{pollutant},{hour:%Y-%m-%d %H:%M},{state},{'' if fate == 'stop' else mean},{got:%Y-%m-%d %H:%M}")
                valid += fate in ("fine", "over")
                over += fate == "over"
                outlets |= {outlet} if fate == "over" else set()
    lines.append("DA001,SO2,2023-04-31 08:00,正常,20,2023-05-01 09:00")
    truth = {"transmission_pct": share_pct(valid, due), "over_hours": over, "over_outlets": len(outlets), "outlets": 6}
    files = {"source_hours.csv": "\n".join(lines) + "\n", "source_limits.csv": "\n".join(limits) + "\n"}
    return Sample(files, truth, Options(settings={"target_pct": "90"}))


CALCULATORS = (
    Calculator(
        name="sources",
        title="污染源在线监测 Online monitoring of outlets: transmission, hours above the limit",
        standards=("许可证或排放标准的限值 limits of the permits, given with the data",),
        inputs=(HOURS, LIMITS),
        compute=compute_sources,
        sample=make_sample,
        settings=(Setting("target_pct", "传输有效率目标 transmission that is wanted, %"),),
    ),
)
