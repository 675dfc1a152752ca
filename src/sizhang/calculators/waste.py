"""Household waste 生活垃圾: mass balance from weighbridge records, shares of recovery, incineration and landfill, coverage of sorting.

Source: 回收利用率 = recovered ÷ generated, where recovered is what entered neither incineration nor landfill (read in a notice that
quotes the common method); the coefficients of 资源化利用率 were not found, so that rate is not computed. 原生垃圾零填埋 means raw waste
only: residue of incineration may be landfilled.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sizhang.calculators.form.account import Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.judging import choose_year, join_verdicts, judge_between
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Klass, Shares

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

RECOVERY, INCINERATION, LANDFILL, OTHER = "回收利用", "焚烧", "填埋", "其他处理"
CLASSES = {
    RECOVERY: Klass("回收利用 recovery", "#4f9d5d"),
    INCINERATION: Klass("焚烧 incineration", "#e08a3c"),
    LANDFILL: Klass("填埋 landfill", "#c0392b"),
    OTHER: Klass("其他 other", "#8a8f98"),
}
# Where a load ends. A transfer station is no end: the same waste is weighed again behind it.
TRANSFER, RESIDUE = "转运站", "焚烧残渣"
TICKETS = Schema(
    "tickets",
    "地磅记录 Weighbridge tickets",
    (
        Column("ticket", "text", "磅单号 Ticket"),
        Column("weighed_on", "date", "日期 Day"),
        Column("county", "text", "县（市、区） County"),
        Column("material", "text", "种类 Material", choices=("可回收物", "厨余垃圾", "有害垃圾", "其他垃圾", RESIDUE)),
        Column("destination", "text", "去向 Destination", choices=(RECOVERY, INCINERATION, LANDFILL, OTHER, TRANSFER)),
        Column("gross_t", "number", "毛重 Gross, t", decimals=3, low=0, high=100),
        Column("tare_t", "number", "皮重 Tare, t", decimals=3, low=0, high=100),
    ),
    ("ticket",),
)
ESTATES = Schema(
    "estates",
    "小区和村 Estates and villages",
    (
        Column("estate", "text", "小区（村） Estate"),
        Column("county", "text", "县（市、区） County"),
        Column("sorted_collection", "text", "分类收运 Sorted collection", choices=("是", "否")),
    ),
    ("county", "estate"),
    optional=True,
)


def compute_waste(data: Mapping[str, Checked], options: Options) -> Result:
    """Where a year's household waste went."""
    checked = data["tickets"]
    year = choose_year(options, checked, "weighed_on")
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    residue, transfer, days, refusals = Decimal(0), Decimal(0), set(), []
    for row in checked.rows():
        net = row["gross_t"] - row["tare_t"]
        if net <= 0:
            refusals.append(Refusal(row, f"{row['ticket']} {row['gross_t']} - {row['tare_t']}", "no net weight", "gross_t"))
        elif row["weighed_on"].year != year:
            continue
        elif row["destination"] == TRANSFER:
            transfer += net
        elif row["material"] == RESIDUE:
            residue += net
        else:
            sums[row["county"], row["destination"]] += net
            days.add(row["weighed_on"])
    account = refuse_rows(checked, refusals)
    by_destination = {name: sum((t for (_, d), t in sums.items() if d == name), Decimal(0)) for name in CLASSES}
    whole, expected = sum(by_destination.values(), Decimal(0)), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    sides = (residue, transfer)
    estates = data["estates"].rows() if "estates" in data else []
    return Result(
        calculator="household_waste",
        title=f"{year} 年生活垃圾 Household waste",
        values=(*mass_values(by_destination, whole, sides), coverage_value(estates)),
        coverage=(
            account.coverage("磅单 tickets"),
            Coverage("有磅单的天 days with tickets", expected, len(days), len(days)),
            *([data["estates"].coverage("小区和村 estates")] if "estates" in data else []),
        ),
        standards=(Standard("", "生活垃圾回收利用率的通用算法 The common method", "", "read in a notice that quotes it"),),
        verdict=judge_waste(by_destination, estates, options, complete=len(days) == expected),
        trace=(trace_counties(sums),),
        notes=(
            "转运站的磅单不重复计入 Tickets of transfer stations are not counted again.",
            "焚烧残渣填埋不算原生垃圾 Residue of incineration is no raw waste.",
            "资源化利用率的系数没有找到，不计算 The coefficients of the resource-use rate were not found; it is not computed.",
            *(["有的天没有磅单，零填埋不能证明 Some days have no ticket: no landfill is not proven."] if len(days) < expected else []),
        ),
        rejections=(*account.rejections, *(data["estates"].rejections if "estates" in data else ())),
        detail=(trace_counties(sums),),
        charts=(chart_counties(sums, by_destination, year),),
    )


def mass_values(by_destination: Mapping[str, Decimal], whole: Decimal, sides: tuple[Decimal, Decimal]) -> tuple[Value, ...]:
    """The shares of where waste ended, and the masses that are in none of them."""
    shares = {"recovery_pct": RECOVERY, "incineration_pct": INCINERATION, "landfill_pct": LANDFILL, "other_treatment_pct": OTHER}
    burnt = by_destination[INCINERATION] + by_destination[LANDFILL] + by_destination[OTHER]
    return (
        Value("collected_t", "收运总量 Collected", whole, "t"),
        *(
            Value(name, f"{place}占比 Share", share_pct(by_destination[place], whole), "%", by_destination[place], whole, "t", HALF_EVEN)
            for name, place in shares.items()
        ),
        Value("incineration_of_disposal_pct", "焚烧占处理 Incineration of disposal", share_pct(by_destination[INCINERATION], burnt), "%",
              by_destination[INCINERATION], burnt, "t", HALF_EVEN),
        Value("raw_landfill_t", "原生垃圾填埋量 Raw waste landfilled", by_destination[LANDFILL], "t"),
        Value("residue_t", "焚烧残渣 Residue", sides[0], "t"),
        Value("transfer_t", "经转运站 Through transfer stations", sides[1], "t"),
    )  # fmt: skip


def coverage_value(estates: Sequence[Mapping[str, Any]]) -> Value:
    """Estates with sorted collection of all estates."""
    covered = sum(row["sorted_collection"] == "是" for row in estates)
    return Value("sorting_coverage_pct", "分类收运覆盖率 Estates with sorted collection", share_pct(covered, len(estates)), "%", covered,
                 len(estates), "个 estates", HALF_EVEN)  # fmt: skip


def judge_waste(
    by_destination: Mapping[str, Decimal], estates: Sequence[Mapping[str, Any]], options: Options, *, complete: bool
) -> Verdict:
    """Each target that was given; that nothing was landfilled is shown only by tickets of every day."""
    recovery = share_pct(by_destination[RECOVERY], sum(by_destination.values(), Decimal(0)))
    raw = by_destination[LANDFILL]
    landfill = judge_between(raw, raw, options, target="raw_landfill_t_max", unit="t", at_least=False)
    if landfill.outcome == "met" and not complete:
        landfill = Verdict("no verdict", f"{landfill.reason}; 有的天没有磅单 some days have no ticket")
    coverage = coverage_value(estates).number
    assert coverage is None or isinstance(coverage, Decimal)
    return join_verdicts(
        options,
        {
            "recovery_pct_min": judge_between(recovery, recovery, options, target="recovery_pct_min"),
            "raw_landfill_t_max": landfill,
            "sorting_coverage_pct_min": judge_between(coverage, coverage, options, target="sorting_coverage_pct_min"),
        },
    )


def trace_counties(sums: Mapping[tuple[str, str], Decimal]) -> Trace:
    """Tonnes of each county by destination."""
    counties = sorted({county for county, _ in sums})
    rows: tuple[tuple[str | Decimal, ...], ...] = tuple(
        (county, *(sums.get((county, name), Decimal(0)) for name in CLASSES)) for county in counties
    )
    return Trace("各县去向 Counties", ("县 county", *(f"{name} t" for name in CLASSES)), rows)


def chart_counties(sums: Mapping[tuple[str, str], Decimal], total: Mapping[str, Decimal], year: int) -> Shares:
    """Waste by destination: the city and each county."""
    rows: dict[str, Mapping[str, Decimal | int]] = {f"{year} 全市 city": dict(total)}
    for county in sorted({county for county, _ in sums}):
        rows[county] = {name: sums.get((county, name), Decimal(0)) for name in CLASSES}
    return Shares(
        "生活垃圾去向 Where household waste went", "t", rows, CLASSES, "; ".join(f"{name} {mass} t" for name, mass in total.items())
    )


def build_sample(seed: int) -> Sample:
    """A year of tickets of two counties with known tonnes, transfers, residue, bad tickets, and forty estates."""
    source, lines = random.Random(seed), []  # noqa: S311 - invented data, not a secret
    kinds = (
        ("可回收物", RECOVERY, 4),
        ("厨余垃圾", RECOVERY, 6),
        ("其他垃圾", INCINERATION, 14),
        ("其他垃圾", TRANSFER, 9),
        (RESIDUE, LANDFILL, 2),
    )
    for day in range(365):
        when = date(2023, 1, 1) + timedelta(day)
        for county in ("东县", "西县"):
            for number, (material, place, net) in enumerate(kinds):
                tare = Decimal(source.randint(8000, 12000)) / 1000
                lines.append(f"{county}{day:03}{number},{when},{county},{material},{place},{tare + net},{tare}")
    lines += ["坏1,2023-05-01,东县,其他垃圾,焚烧,9,9", "坏2,2023-05-01,东县,其他垃圾,焚烧,8,9", "坏3,2023-05-01,东县,其他垃圾,河里,18,9"]
    lines += ["坏4,2023-05-01,东县,其他垃圾,焚烧,180,9", "坏5,五月一日,东县,其他垃圾,焚烧,18,9", "坏6,2023-05-01,东县,其他垃圾,焚烧,,9"]
    estates = [f"小区{n},{'东县' if n % 2 else '西县'},{'是' if n < 38 else '否'}" for n in range(40)]
    truth: dict[str, Decimal | int | str | None] = {
        "collected_t": Decimal("17520.000"),
        "recovery_pct": Decimal("41.7"),
        "incineration_pct": Decimal("58.3"),
        "raw_landfill_t": Decimal("0"),
        "residue_t": Decimal("1460.000"),
        "sorting_coverage_pct": Decimal("95.0"),
    }
    files = {
        "tickets.csv": "\n".join(["ticket,weighed_on,county,material,destination,gross_t,tare_t", *lines]) + "\n",
        "estates.csv": "\n".join(["estate,county,sorted_collection", *estates]) + "\n",
    }
    return Sample(files, truth, Options(year=2023, settings={"recovery_pct_min": "35", "raw_landfill_t_max": "0"}))


CALCULATORS = (
    Calculator(
        name="household_waste",
        title="生活垃圾去向与分类覆盖 Household waste: mass balance and sorting",
        standards=("回收利用率通用算法 the common method",),
        inputs=(TICKETS, ESTATES),
        compute=compute_waste,
        sample=build_sample,
        settings=(
            Setting("recovery_pct_min", "回收利用率目标 Target for recovery, %"),
            Setting("raw_landfill_t_max", "原生垃圾填埋上限（零填埋为 0） Most raw waste landfilled, t"),
            Setting("sorting_coverage_pct_min", "覆盖率目标 Target for sorted collection, %"),
        ),
    ),
)
