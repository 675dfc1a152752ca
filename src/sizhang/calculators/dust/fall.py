"""Dust fall 降尘: each sample normalised to 30 days, each month's mean over the points, against the region's yardstick."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, round_half_even
from sizhang.calculators.form.schema import Column, Schema
from sizhang.calculators.form.tables import TableRow, load_table
from sizhang.charts.spec import Bar, Bars, Limit
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

_UNIT: Final = "t/(km²·30 d)"
# From this month Shanxi's own yardstick stands in place of the wider region's.
_SHANXI_FROM: Final = "2021-10"
_CM2_G_TO_KM2_T: Final = 10_000

SAMPLES: Final = Schema(
    "samples",
    "降尘样品 dust-fall samples",
    (
        Column("point", "text", "点位 point"),
        Column("month", "text", "月份 month, as 2023-01"),
        Column("exposed_days", "number", "采样天数 days in the open, 30 ± 2", decimals=1, low=28, high=32),
        Column("dish_area_cm2", "number", "缸口面积 area of the dish's mouth", decimals=2, low=1, high=2000),
        Column("total_g", "number", "残渣与瓷坩埚总质量 residue with its crucible", decimals=5, low=0, high=1000),
        Column("crucible_g", "number", "瓷坩埚质量 the crucible alone", decimals=5, low=0, high=1000),
        Column("blank_g", "number", "空白 blank of the reagent", decimals=5, low=0, high=10),
    ),
    key=("point", "month"),
)


def compute_dust_fall(total_g: Decimal, crucible_g: Decimal, blank_g: Decimal, dish_area_cm2: Decimal, exposed_days: Decimal) -> Fraction:
    """Dust fall of one sample in t/(km²·30 d), exact; negative where the blank is heavier than the residue.

    Source: HJ 1221-2021, M = (W1 − Wa − Wc) / (S·n) × 30 × 10⁴ (recalled, unverified).
    """
    residue = Fraction(total_g) - Fraction(crucible_g) - Fraction(blank_g)
    return residue / (Fraction(dish_area_cm2) * Fraction(exposed_days)) * 30 * _CM2_G_TO_KM2_T


def limit_of(month: str) -> TableRow:
    """The yardstick of a month: 9.0 for the wider region, 7.0 in Shanxi since October 2021."""
    region, shanxi = load_table("dustfall_limits")
    return shanxi if month >= _SHANXI_FROM else region


def compute_fall(inputs: Mapping[str, Checked], options: Options) -> Result:
    """Monthly means against the yardstick; a month without a valid sample has no verdict."""
    checked = inputs["samples"]
    rows = [row for row in checked.rows() if options.year is None or row["month"].startswith(str(options.year))]
    years = sorted({row["month"][:4] for row in rows})
    if len(years) != 1:
        raise InputError(
            Words(f"样品分属 {len(years)} 年。", f"The samples are of {len(years)} years."),
            remedy=Words("请用 --year 写出数据里的一年。", "Name one of the data's years with --year."),
        )
    falls = _falls_of(rows)
    months = [f"{years[0]}-{n:02d}" for n in range(1, 13)]
    own = options.find_number("limit")
    limits = {month: own if own is not None else limit_of(month).number("limit") for month in months}
    means = {m: round_half_even(sum((f for _, f in falls[m]), Fraction(0)) / len(falls[m]), 1) for m in months if falls[m]}
    over = [m for m, mean in means.items() if mean > limits[m]]
    everything = [f for found in falls.values() for _, f in found]
    year_mean = round_half_even(sum(everything, Fraction(0)) / len(everything), 1) if everything else None
    coverage = _coverage(checked, len({row["point"] for row in rows}) * 12, len(rows) - len(everything))
    return Result(
        calculator="dust_fall",
        title=f"{years[0]} 年降尘量 Dust fall of {years[0]}",
        values=(
            Value("months_over", "超过标尺的月数 Months above the yardstick", len(over), "月 months"),
            Value("months_valid", "有数据的月数 Months with a valid sample", len(means), "月 months"),
            Value("year_mean", "全年样品平均 Mean of the year's samples", year_mean, _UNIT, rounding=f"{HALF_EVEN}, 0.1"),
        ),
        coverage=(coverage,),
        standards=(
            Standard(
                "HJ 1221-2021",
                "环境空气 降尘的测定 重量法 Determination of dust fall",
                "normalised to 30 days",
                "the method in force; recalled",
            ),
        ),
        verdict=_verdict(means, limits, over),
        trace=(_trace(months, means, limits, falls),),
        tables=() if own is not None else tuple(sorted({limit_of(m) for m in months}, key=lambda r: r.line)),
        notes=("公式按回忆录入，未对照原文。 The formula was recalled and not checked against the text.",),
        rejections=checked.rejections,
        charts=(_chart(months, means, limits),),
    )


def _falls_of(rows: list[dict[str, Any]]) -> dict[str, list[tuple[str, Fraction]]]:
    """Point and dust fall of each month's samples; one whose residue is below the blank is none."""
    falls: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    for row in rows:
        fall = compute_dust_fall(row["total_g"], row["crucible_g"], row["blank_g"], row["dish_area_cm2"], row["exposed_days"])
        if fall >= 0:
            falls[row["month"]].append((row["point"], fall))
    return falls


def _coverage(checked: Checked, expected: int, light: int) -> Coverage:
    whole = checked.coverage("样品 samples", expected)
    if not light:
        return whole
    return Coverage(whole.of, expected, whole.present, whole.valid - light, {**whole.rejected, "residue below the blank": light})


def _verdict(means: Mapping[str, Decimal], limits: Mapping[str, Decimal], over: list[str]) -> Verdict:
    if over:
        return Verdict(
            "not met", "超过标尺 Above the yardstick: " + "; ".join(f"{m}: {means[m]} > {limits[m]}" for m in over) + f" {_UNIT}."
        )
    if len(means) < len(limits):
        missing = ", ".join(m for m in limits if m not in means)
        return Verdict("no verdict", f"缺月 No valid sample in {missing}; the other months keep the yardstick.")
    return Verdict("met", "十二个月均未超过标尺 All twelve months keep the yardstick.")


def _trace(
    months: list[str], means: Mapping[str, Decimal], limits: Mapping[str, Decimal], falls: Mapping[str, list[tuple[str, Fraction]]]
) -> Trace:
    rows = []
    for month in months:
        found = falls.get(month, [])
        worst = max(found, key=lambda pair: pair[1], default=None)
        rows.append(
            (month, means.get(month), limits[month], len(found), "" if worst is None else f"{worst[0]} {round_half_even(worst[1], 1)}")
        )
    return Trace("逐月 Months", ("月 month", "均值 mean", "标尺 yardstick", "样品 samples", "最高点 highest point"), tuple(rows))


def _chart(months: list[str], means: Mapping[str, Decimal], limits: Mapping[str, Decimal]) -> Bars:
    marks = tuple(Limit("标尺 yardstick", value) for value in sorted(set(limits.values())))
    bars = tuple(Bar(month, means.get(month)) for month in months)
    summary = "; ".join(f"{month}: {means.get(month, 'no data')}" for month in months)
    return Bars("逐月降尘量 Dust fall by month", _UNIT, bars, summary, marks)


def make_sample(seed: int) -> Sample:
    """Eight points, twelve months; the fall of each is chosen first and the weights follow from it. Faults: a dish out too long, a weight
    that is no number, a sample twice."""
    random = Random(seed)  # noqa: S311 - data, no secret
    lines, over, everything = [], 0, []
    for month in range(1, 13):
        # Whole tenths whose mean over eight points is a whole tenth too: seven drawn, the last one makes the sum fit.
        level = random.randint(45, 85)
        tenths = [level + random.randint(-12, 12) for _ in range(7)]
        tenths.append(level * 8 - sum(tenths))
        over += level > 70
        everything += tenths
        for point, fall in enumerate(tenths, start=1):
            # 100 cm² for 30.0 days: a tenth of a t/km² is 0.001 g.
            lines.append(f"P{point:02d},2023-{month:02d},30.0,100,{Decimal(fall) / 1000 + Decimal('25.6')},25.5990,0.0010")
    lines.insert(5, lines[4])
    lines += ["P09,2023-01,35.0,100,25.7,25.6,0.001", "P09,2023-02,30.0,100,二十五,25.6,0.001"]
    heading = "point,month,exposed_days,dish_area_cm2,total_g,crucible_g,blank_g"
    truth: dict[str, Decimal | int | str | None] = {
        "months_over": over,
        "months_valid": 12,
        "year_mean": round_half_even(Fraction(sum(everything), 10 * len(everything)), 1),
    }
    return Sample({"dust_samples.csv": "\n".join([heading, *lines]) + "\n"}, truth, Options(year=2023))


DUST_FALL: Final[Calculator] = Calculator(
    name="dust_fall",
    title="降尘量 Dust fall by month against 9.0 or 7.0 t/(km²·30 d)",
    standards=("HJ 1221-2021", "国发〔2018〕22号: 9.0; Shanxi since 2021-10: 7.0"),
    inputs=(SAMPLES,),
    compute=compute_fall,
    sample=make_sample,
    settings=(Setting("limit", "自定标尺 another yardstick, t/(km²·30 d)"),),
)
