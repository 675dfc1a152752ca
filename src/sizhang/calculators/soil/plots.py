"""Soil 土壤: samples against screening and control values, worst sample first, by plot.

Source: GB 36600-2018 tables 1, 2, clause 5.3 (use unclear: class 1; As, Co, V at or below background are not managed as
contaminated); GB 15618-2018 tables 1 to 3. A plot is as bad as its worst sample; the formal farmland classes (优先保护, 安全利用,
严格管控) also use crops.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from sizhang.calculators.form.account import Account, Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Setting
from sizhang.calculators.form.judging import judge_between
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value
from sizhang.calculators.form.rounding import HALF_EVEN, round_half_even, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.calculators.form.tables import load_table
from sizhang.calculators.soil.judging import BELOW, Limits, compute_level, find_construction_limits, find_farmland_limits
from sizhang.calculators.soil.sample import build_construction_sample, build_farmland_sample
from sizhang.charts.spec import Klass, Shares

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

USES = {"第一类": 1, "第二类": 2, "不明": 1}
LEVELS = {
    "construction": ("不超筛选值 at or below screening", "超筛选值 above screening", "超管制值 above control"),
    "farmland": ("优先保护 priority protection", "安全利用 safe use", "严格管控 strict control"),
}
NOTES = {
    "construction": ("用途不明按第一类 Use unclear: class 1.", "锌等没有限值 Zinc, for one, has no limit here."),
    "farmland": ("正式划分还要看农产品 The formal classes also need crop samples.",),
}
COLOURS = ("#4f9d5d", "#e2c044", "#c0392b")
_POINT = (
    Column("plot", "text", "地块 Plot"),
    Column("county", "text", "县（市、区） County"),
    Column("point", "text", "点位 Point"),
    Column("depth_m", "number", "深度 Depth, m", required=False, decimals=2, low=0, high=100),
)
_VALUE = (
    Column("item", "text", "项目 Item: name, symbol or CAS"),
    Column("value_mg_kg", "number", "含量 Content, mg/kg", decimals=9, low=0, high=1_000_000, non_detect=True),
)
CONSTRUCTION_SAMPLES = Schema(
    "samples",
    "建设用地土壤样品 Samples of construction land",
    (
        *_POINT,
        Column("use", "text", "用地类别 Class of use", choices=tuple(USES)),
        *_VALUE,
        Column("background_mg_kg", "number", "背景值 Background, mg/kg", required=False, decimals=9, low=0, high=1_000_000),
    ),
    ("plot", "point", "depth_m", "item"),
)
FARMLAND_SAMPLES = Schema(
    "samples",
    "农用地土壤样品 Samples of farmland",
    (
        *_POINT,
        Column("land", "text", "农用地类型 Kind of field", choices=("水田", "果园", "其他")),
        Column("ph", "number", "pH", decimals=2, low=0, high=14),
        *_VALUE,
    ),
    ("plot", "point", "depth_m", "item"),
)


class Judged(NamedTuple):
    """A sample with its limits and its level: 0 at or below screening, 1 above screening, 2 above control."""

    row: Mapping[str, Any]
    limits: Limits
    level: int


def plain(value: Decimal) -> Decimal:
    """A number without the zeros of its column's steps."""
    return Decimal(f"{value.normalize():f}")


def judge_sample(row: Mapping[str, Any], land: str) -> Judged | str:
    """The level of one sample, or the rule that it breaks.

    A value below a detection limit is at or below screening only if the limit itself is.
    """
    value, background = row["value_mg_kg"], row.get("background_mg_kg")
    if land == "construction":
        limits = find_construction_limits(row["item"], USES[row["use"]], load_table("soil_gb36600"))
    else:
        limits = find_farmland_limits(row["item"], row["land"], row["ph"], load_table("soil_gb15618"))
    if limits is None:
        return f"no limit in the standard: {row['item']}"
    level = compute_level(value, limits)
    if row["value_mg_kg_below"]:
        return Judged(row, limits, BELOW) if level == BELOW else f"detection limit above screening: {plain(value)}"
    if level and background is not None and value <= background and limits.row.cells.get("background_exception") == "yes":
        level = BELOW
    return Judged(row, limits, level)


def compute_soil(data: Mapping[str, Checked], options: Options, *, land: str) -> Result:
    """Judges every sample, then every plot by its worst."""
    checked = data["samples"]
    judged, refusals = [], []
    for row in checked.rows():
        found = judge_sample(row, land)
        if isinstance(found, str):
            refusals.append(Refusal(row, f"{row['item']} {plain(row['value_mg_kg'])}", found, "value_mg_kg"))
        else:
            judged.append(found)
    plots: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for sample in judged:
        plots[sample.row["county"], sample.row["plot"]].append(sample)
    return build_result(land, options, refuse_rows(checked, refusals), dict(sorted(plots.items())))


def build_result(land: str, options: Options, account: Account, plots: Mapping[tuple[str, str], list[Judged]]) -> Result:
    """The result from the plots' samples."""
    levels = {name: max(sample.level for sample in samples) for name, samples in plots.items()}
    counts, total = Counter(levels.values()), len(plots)
    clean = share_pct(counts[BELOW], total)
    safe = share_pct(total - counts[2], total)
    names, code = LEVELS[land], "GB 36600-2018" if land == "construction" else "GB 15618-2018"
    used = {sample.limits.row for samples in plots.values() for sample in samples}
    return Result(
        calculator=f"soil_{land}",
        title="建设用地土壤 Soil of construction land" if land == "construction" else "农用地土壤 Soil of farmland",
        values=(
            Value("plots_below_screening_pct", f"{names[0]}的地块 Plots at or below screening", clean, "%", counts[0], total, "地块 plots",
                  HALF_EVEN),
            Value("plots_not_above_control_pct", "不超管制值的地块 Plots not above control", safe, "%", total - counts[2], total,
                  "地块 plots", HALF_EVEN),
            Value("plots_above_screening", names[1], counts[1], "地块 plots"),
            Value("plots_above_control", names[2], counts[2], "地块 plots"),
        ),
        coverage=(account.coverage("样品项目 values"), Coverage("地块 plots", None, total, total)),
        standards=(Standard(code, "土壤污染风险管控标准", "tables 1, 2" if land == "construction" else "tables 1–3", "the only edition"),),
        verdict=judge_between(clean, clean, options, target="plots_below_screening_pct_min"),
        trace=(trace_worst(plots),),
        tables=tuple(sorted(used, key=lambda row: row.line)),
        notes=("没有测的项目不评价 Items that were not sampled are not judged.", *NOTES[land]),
        rejections=account.rejections,
        detail=(Trace("地块 Plots", ("county", "plot", "level"), tuple((c, p, names[level]) for (c, p), level in levels.items())),),
        charts=(chart_counties(levels, names),),
    )  # fmt: skip


def trace_worst(plots: Mapping[tuple[str, str], list[Judged]]) -> Trace:
    """Samples above their limits, the highest control exceedance first."""
    rows = []
    for (county, plot), samples in plots.items():
        for sample in samples:
            if sample.level:
                value, limits = sample.row["value_mg_kg"], sample.limits
                multiple = round_half_even((value - limits.screening) / limits.screening, 2)
                name = f"{sample.row['item']} {sample.row['point']}"
                rows.append((county, plot, name, plain(value), limits.screening, limits.control, multiple, sample.level))
    rows.sort(key=lambda row: (-row[-1], -row[-2], row[0], row[1], row[2]))
    columns = (
        "县 county",
        "地块 plot",
        "项目 点位 item point",
        "mg/kg",
        "筛选值 screening",
        "管制值 control",
        "超筛选倍数 multiple",
        "级 level",
    )
    return Trace(f"超标样品 Samples above a limit ({len(rows)})", columns, tuple(rows[:50]))


def chart_counties(levels: Mapping[tuple[str, str], int], names: tuple[str, ...]) -> Shares:
    """Plots of each county by level."""
    counties: dict[str, Counter[str]] = defaultdict(Counter)
    for (county, _), level in levels.items():
        counties[county][names[level]] += 1
    rows: dict[str, Mapping[str, Decimal | int]] = {county: dict(found) for county, found in sorted(counties.items())}
    classes = {name: Klass(name, colour) for name, colour in zip(names, COLOURS, strict=True)}
    counts = Counter(levels.values())
    return Shares("各县地块 Plots by county", "地块 plots", rows, classes, "; ".join(f"{names[k]} {counts[k]}" for k in range(3)))


def _calculator(land: str) -> Calculator:
    construction = land == "construction"
    return Calculator(
        name=f"soil_{land}",
        title="建设用地土壤筛选与管制 Construction land: screening and control"
        if construction
        else "农用地土壤筛选与管制 Farmland: screening and control",
        standards=("GB 36600-2018 tables 1, 2" if construction else "GB 15618-2018 tables 1–3",),
        inputs=(CONSTRUCTION_SAMPLES if construction else FARMLAND_SAMPLES,),
        compute=partial(compute_soil, land=land),
        sample=build_construction_sample if construction else build_farmland_sample,
        settings=(Setting("plots_below_screening_pct_min", "不超筛选值地块比例目标 Target for plots at or below screening, %"),),
    )


SOIL_CONSTRUCTION, SOIL_FARMLAND = _calculator("construction"), _calculator("farmland")
