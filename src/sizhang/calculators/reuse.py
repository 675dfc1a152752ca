"""Reclaimed water 再生水: volume used over wastewater treated, metered volumes of the right quality only.

Source: 再生水利用率 = reclaimed water used ÷ wastewater treated (recalled; 建城〔2022〕15号 and GB/T 51083-2015 were not read).
A plant's capacity is no volume used; water for rivers counts only where it is metered and meets the quality for its use.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sizhang.calculators.form.account import Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.judging import choose_year, judge_between
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value
from sizhang.calculators.form.rounding import HALF_EVEN, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Line, Lines

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

USES = ("工业", "城市杂用", "河湖生态补水", "农业", "其他")
_MONTH = (Column("plant", "text", "污水处理厂 Plant"), Column("month", "date", "月份（某日） A day of the month"))
TREATED = Schema(
    "treated",
    "污水处理量 Wastewater treated",
    (*_MONTH, Column("treated_m3", "number", "处理水量 Volume treated, m³", low=0, high=10_000_000_000)),
    ("plant", "month"),
)
REUSED = Schema(
    "reused",
    "再生水用量 Reclaimed water used",
    (
        *_MONTH,
        Column("use", "text", "用途 Use", choices=USES),
        Column("used_m3", "number", "用量 Volume used, m³", low=0, high=10_000_000_000),
        Column("metered", "text", "有计量 Metered", choices=("是", "否")),
        Column("quality_met", "text", "水质达标 Quality met", choices=("是", "否")),
    ),
    ("plant", "month", "use"),
)


def compute_reuse(data: Mapping[str, Checked], options: Options) -> Result:
    """The reclaimed-water rate of a year."""
    year = choose_year(options, data["treated"], "month")
    treated: dict[int, Decimal] = defaultdict(Decimal)
    plants: dict[str, set[int]] = defaultdict(set)
    for row in data["treated"].rows():
        if row["month"].year == year:
            treated[row["month"].month] += row["treated_m3"]
            plants[row["plant"]].add(row["month"].month)
    used: dict[int, Decimal] = defaultdict(Decimal)
    uses: dict[str, Decimal] = dict.fromkeys(USES, Decimal(0))
    refusals = []
    for row in data["reused"].rows():
        if row["month"].year != year:
            continue
        if rule := refuse_use(row, plants):
            refusals.append(Refusal(row, f"{row['plant']} {row['month']} {row['use']}", rule, "used_m3"))
        else:
            used[row["month"].month] += row["used_m3"]
            uses[row["use"]] += row["used_m3"]
    account, whole = refuse_rows(data["reused"], refusals), sum(treated.values(), Decimal(0))
    total, complete = sum(used.values(), Decimal(0)), all(len(months) == 12 for months in plants.values())
    rate = share_pct(total, whole)
    months = sum(len(months) for months in plants.values())
    return Result(
        calculator="reclaimed_water",
        title=f"{year} 年再生水利用率 Reclaimed-water rate",
        values=(
            Value("reclaimed_rate_pct", "再生水利用率 Reclaimed-water rate", rate, "%", total, whole, "m³", HALF_EVEN),
            Value("reclaimed_m3", "再生水用量 Reclaimed water used", total, "m³"),
            Value("treated_m3", "污水处理量 Wastewater treated", whole, "m³"),
        ),
        coverage=(
            data["treated"].coverage("处理量 rows treated"),
            account.coverage("用量 rows used"),
            Coverage("厂月 plant-months", 12 * len(plants), months, months),
        ),
        standards=(Standard("建城〔2022〕15号", "国家节水型城市", "再生水利用率", "recalled, not read"),),
        # A month without a volume treated would lower the rate: no verdict for the promise until it is there.
        verdict=judge_between(rate if complete else Decimal(0), rate, options, target="reclaimed_rate_pct_min"),
        trace=(Trace("用途 Uses", ("用途 use", "m³"), tuple(uses.items())),),
        notes=(
            "没有计量或水质不达标的不算 Volumes without a meter or of lower quality do not count.",
            "能力不是用量 A capacity is no volume.",
        ),
        rejections=(*data["treated"].rejections, *account.rejections),
        detail=(Trace("月份 Months", ("month", "used_m3", "treated_m3"), tuple((m, used[m], treated[m]) for m in range(1, 13))),),
        charts=(chart_months(used, treated, year),),
    )


def refuse_use(row: Mapping[str, Any], plants: Mapping[str, set[int]]) -> str:
    """The rule that a volume used breaks, empty where it counts."""
    if row["metered"] == "否":
        return "not metered"
    if row["quality_met"] == "否":
        return "quality not met"
    return "" if row["month"].month in plants.get(row["plant"], ()) else "no volume treated for that plant and month"


def chart_months(used: Mapping[int, Decimal], treated: Mapping[int, Decimal], year: int) -> Lines:
    """The rate by month; a month without data breaks the line."""
    rates = tuple(share_pct(used.get(month, Decimal(0)), treated.get(month, Decimal(0))) for month in range(1, 13))
    labels = tuple(f"{year}-{month:02}" for month in range(1, 13))
    known = [rate for rate in rates if rate is not None]
    summary = f"{min(known)} – {max(known)} %" if known else "没有数据 no data"
    return Lines("每月再生水利用率 Reclaimed-water rate by month", "%", labels, (Line("利用率 rate", rates),), summary)


def build_sample(seed: int) -> Sample:
    """Three plants over a year at 27 %; unmetered, bad-quality and unreadable volumes beside."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    treated, reused = ["plant,month,treated_m3"], ["plant,month,use,used_m3,metered,quality_met"]
    for plant in ("一厂", "二厂", "三厂"):
        for month in range(1, 13):
            base, day = source.randint(10, 90) * 10_000, f"2023-{month:02}-01"
            treated.append(f"{plant},{day},{base}")
            reused += [f"{plant},{day},工业,{base * 12 // 100},是,是", f"{plant},{day},河湖生态补水,{base * 15 // 100},是,是"]
    reused += ["一厂,2023-03-01,农业,999999,否,是", "一厂,2023-04-01,农业,999999,是,否", "四厂,2023-04-01,农业,999999,是,是"]
    reused += ["一厂,2023-05-01,农业,很多,是,是", "一厂,2023-05-01,绿化,5,是,是", "一厂,,农业,5,是,是"]
    files = {"treated.csv": "\n".join(treated) + "\n", "reused.csv": "\n".join(reused) + "\n"}
    return Sample(files, {"reclaimed_rate_pct": Decimal("27.0")}, Options(year=2023, settings={"reclaimed_rate_pct_min": "25"}))


CALCULATORS = (
    Calculator(
        name="reclaimed_water",
        title="再生水利用率 Reclaimed-water rate",
        standards=("建城〔2022〕15号",),
        inputs=(TREATED, REUSED),
        compute=compute_reuse,
        sample=build_sample,
        settings=(Setting("reclaimed_rate_pct_min", "利用率目标 Target for the rate, %"),),
    ),
)
