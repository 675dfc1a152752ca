"""Greening 造林绿化 and forest quality 森林质量: ground that was planted and lives, each piece once, never twice over the years.

Source: GB/T 15776-2016 and -2023 (afforestation): survival from 85 % (70 % where less than 400 mm of rain falls a year); replanting and
tending are no new area. The clauses were not read; `area_rules` says how far each figure can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sizhang.calculators.area import plots as register
from sizhang.calculators.area.plots import Plot, area_value, to_mu
from sizhang.calculators.area.sample import build_greening_sample, build_quality_sample
from sizhang.calculators.form.account import Account, Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Setting
from sizhang.calculators.form.judging import judge_between
from sizhang.calculators.form.result import Result, Standard, Value
from sizhang.calculators.form.rounding import HALF_EVEN, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.calculators.form.tables import Edition, choose_edition, get_row, load_table

if TYPE_CHECKING:
    from sizhang.calculators.area.overlap import CountedAreas
    from sizhang.calculators.form.inputs import Checked

NEW_KINDS = ("造林", "新建绿地")
QUALITY_KINDS = ("森林抚育", "退化林修复")
NEVER_KINDS = ("补植",)
EDITIONS = (Edition("GB/T 15776-2016", None, date(2023, 5, 22)), Edition("GB/T 15776-2023", date(2023, 5, 23)))
PLOTS = Schema(
    name="plots",
    title="造林绿化图斑，含往年 Plots, earlier years among them",
    columns=(
        *register.plot_columns((*NEW_KINDS, *QUALITY_KINDS, *NEVER_KINDS)),
        Column("survival_pct", "number", "成活率 Survival, %", required=False, decimals=1, low=0, high=100),
        Column("annual_rain_mm", "number", "年均降水 Mean yearly rain, mm", required=False, low=0, high=5000),
    ),
    key=("plot", "year", "kind"),
)


class Counted(NamedTuple):
    """This year's plots and the earlier ones before them, in counting order."""

    plots: list[Plot]
    areas: CountedAreas
    earlier: int


def survival_rule(plot: Plot) -> str:
    """The survival rule that a plot breaks, empty where it keeps it."""
    survival, rain = plot.row["survival_pct"], plot.row["annual_rain_mm"]
    dry = rain is not None and rain < get_row("area_rules", rule="dry_rain_below").number("value")
    needed = get_row("area_rules", rule="survival_min_dry" if dry else "survival_min").number("value")
    if survival is None:
        return "no survival rate: only what was inspected counts"
    if survival >= needed:
        return ""
    redo = survival <= get_row("area_rules", rule="survival_redo_max").number("value")
    return f"survival below {needed} %: {survival} %, {'重造 plant anew' if redo else '补植 replant'}"


def compute_greening(data: Mapping[str, Checked], options: Options) -> Result:
    """Verifies the area planted in a year."""
    checked, found = data["plots"], register.read_register(data["plots"])
    year = register.find_year(options, found.plots)
    refusals, chosen = list(found.refusals), []
    for plot in found.plots:
        if plot.row["kind"] not in NEW_KINDS or plot.year > year:
            continue
        # An earlier plot without a rate was counted then; one that failed then may be planted and counted now.
        rule = "" if plot.year < year and plot.row["survival_pct"] is None else survival_rule(plot)
        if rule:
            refusals.append(Refusal(plot.row, register.name_of(plot.row), rule, "survival_pct"))
        else:
            chosen.append(plot)
    counted = count_in_order(chosen, year)
    claimed = [p for p in found.plots if p.row["kind"] in NEW_KINDS and p.year == year]
    account = refuse_rows(checked, refusals)
    edition, why = choose_edition(EDITIONS, options.promised_on, options.edition)
    standard = Standard(edition.code, "造林技术规程", "检查验收 acceptance", why)
    return build_result("greening", (f"{year} 年新增造林绿化 New greening", standard), (account, options), counted, (claimed, found))


def compute_forest_quality(data: Mapping[str, Checked], options: Options) -> Result:
    """Verifies the area tended or repaired in a year; the same ground may be tended again in another year."""
    found = register.read_register(data["plots"])
    year = register.find_year(options, found.plots)
    chosen = [plot for plot in found.plots if plot.row["kind"] in QUALITY_KINDS and plot.year == year]
    account = refuse_rows(data["plots"], found.refusals)
    standard = Standard("GB/T 15776", "抚育、修复不是新增面积 Tending and repair are no new area", "", "not read")
    return build_result(
        "forest_quality",
        (f"{year} 年森林抚育与退化林修复 Forest quality", standard),
        (account, options),
        count_in_order(chosen, year),
        (chosen, found),
    )


def count_in_order(plots: list[Plot], year: int) -> Counted:
    """Earlier years first, then this one; inside a year by the plot's name."""
    ordered = sorted(plots, key=lambda plot: (plot.year, plot.row["plot"]))
    return Counted(ordered, register.count_areas(ordered), sum(plot.year < year for plot in ordered))


def build_result(
    name: str,
    said: tuple[str, Standard],
    asked: tuple[Account, Options],
    counted: Counted,
    claims: tuple[list[Plot], register.Register],
) -> Result:
    """The result of a year's plots."""
    (title, standard), (account, options), (claimed, found) = said, asked, claims
    this_year, areas = counted.plots[counted.earlier :], counted.areas
    own_m2, whole_m2 = areas.counted_m2[counted.earlier :], areas.whole_m2[counted.earlier :]
    verified, claimed_mu = to_mu(float(own_m2.sum())), register.sum_claimed_mu(claimed)
    within = register.count_areas(this_year).union_m2
    shown, all_overlaps = register.trace_overlaps(counted.plots, areas)
    difference = found.geodesic_difference
    return Result(
        calculator=name,
        title=title,
        values=(
            area_value("verified_area_mu", "核实面积 Verified area", verified),
            area_value("claimed_area_mu", "申报面积 Claimed area", claimed_mu),
            Value("verified_share_pct", "核实率 Verified share of the claim", share_pct(verified, claimed_mu), "%", verified, claimed_mu,
                  "亩 mu", HALF_EVEN),
            area_value("outline_area_mu", "合格图斑面积之和 Accepted outlines simply added up", to_mu(float(whole_m2.sum()))),
            area_value("overlap_within_mu", "年内重叠 Counted twice within the year", to_mu(float(whole_m2.sum()) - within)),
            area_value("overlap_earlier_mu", "与往年重叠 On plots of earlier years", to_mu(within - float(own_m2.sum()))),
        ),
        coverage=(account.coverage("图斑 plots"),),
        standards=(standard,),
        verdict=judge_between(verified, verified, options, target="area_mu_min", unit="亩 mu"),
        trace=(shown, register.trace_overclaims(claimed, register.count_areas(claimed))),
        tables=tuple(row for row in load_table("area_rules") if not row["rule"].startswith("park")) if name == "greening" else (),
        notes=(
            "Albers 等积投影（CGCS2000 椭球，105°E，25°/47°N） Albers' equal-area cone.",
            f"与椭球面积最大相差 Largest difference to the ellipsoid: {0 if difference is None else difference:.1e}.",
            "重叠只计一次，先往年、后本年 Overlaps count once, earlier years first.",
        ),
        rejections=account.rejections,
        detail=(register.trace_plots(counted.plots, areas), all_overlaps),
        charts=(
            register.chart_counties("各县核实面积 Verified area by county", this_year, own_m2.tolist()),
            *register.chart_map("图斑 Plots", counted.plots, areas),
        ),
    )  # fmt: skip


GREENING = Calculator(
    name="greening",
    title="新增造林绿化核实面积 Verified area of new greening",
    standards=("GB/T 15776-2016", "GB/T 15776-2023"),
    inputs=(PLOTS,),
    compute=compute_greening,
    sample=build_greening_sample,
    settings=(Setting("area_mu_min", "面积目标 Target area, mu"),),
)
FOREST_QUALITY = Calculator(
    name="forest_quality",
    title="森林抚育与退化林修复核实面积 Verified area of forest tending and repair",
    standards=("GB/T 15776",),
    inputs=(PLOTS,),
    compute=compute_forest_quality,
    sample=build_quality_sample,
    settings=(Setting("area_mu_min", "面积目标 Target area, mu"),),
)
