"""High-standard farmland 高标准农田 and facility vegetables 设施蔬菜: new build and upgrade kept apart, each piece of ground once.

Source: GB/T 30600-2022 8.2 (acceptance), plots on the map; that new build and upgrade must not overlap was recalled, not read.
New build counts ground that no plot of an earlier year covers. Upgrade counts only ground that one does.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sizhang.calculators.area import plots as register
from sizhang.calculators.area.plots import Plot
from sizhang.calculators.area.sample import build_farmland_sample
from sizhang.calculators.form.account import refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Setting
from sizhang.calculators.form.judging import join_verdicts, judge_between
from sizhang.calculators.form.result import Result, Standard, Verdict
from sizhang.calculators.form.schema import Schema

if TYPE_CHECKING:
    from sizhang.calculators.area.overlap import CountedAreas
    from sizhang.calculators.form.inputs import Checked

NEW, UPGRADE = "新建", "改造提升"
TITLES = {"farmland": "高标准农田 High-standard farmland", "facility_vegetables": "设施蔬菜 Facility vegetables"}


class Split(NamedTuple):
    """A year's ground by kind.

    Attributes:
        plots: earlier plots, then new build, then upgrade, in counting order.
        areas: what each counts in that order.
        new_m2: ground of each new plot that nothing before it covers.
        upgrade_m2: ground of each upgrade that a plot of an earlier year covers and no other upgrade before it.
        upgrade_outside_m2: ground under upgrades that no earlier plot covers.
    """

    plots: list[Plot]
    areas: CountedAreas
    new: list[Plot]
    new_m2: list[float]
    upgrade: list[Plot]
    upgrade_m2: list[float]
    upgrade_outside_m2: float


def split_ground(plots: list[Plot], year: int) -> Split:
    """Splits the ground of a year's plots into new build and upgrade."""
    ordered = sorted(plots, key=lambda plot: (plot.year, plot.row["plot"]))
    earlier = [plot for plot in ordered if plot.year < year]
    new = [plot for plot in ordered if plot.year == year and plot.row["kind"] == NEW]
    upgrade = [plot for plot in ordered if plot.year == year and plot.row["kind"] == UPGRADE]
    areas = register.count_areas([*earlier, *new, *upgrade])
    alone = register.count_areas(upgrade).counted_m2
    outside = register.count_areas([*earlier, *upgrade]).counted_m2[len(earlier) :]
    return Split(
        plots=[*earlier, *new, *upgrade],
        areas=areas,
        new=new,
        new_m2=areas.counted_m2[len(earlier) : len(earlier) + len(new)].tolist(),
        upgrade=upgrade,
        upgrade_m2=(alone - outside).clip(min=0).tolist(),
        upgrade_outside_m2=float(outside.sum()),
    )


def compute_farmland(data: Mapping[str, Checked], options: Options, *, name: str) -> Result:
    """Verifies new build and upgrade of a year."""
    found = register.read_register(data["plots"])
    year = register.find_year(options, found.plots)
    split = split_ground([plot for plot in found.plots if plot.year <= year], year)
    account = refuse_rows(data["plots"], found.refusals)
    new, upgrade = register.to_mu(sum(split.new_m2)), register.to_mu(sum(split.upgrade_m2))
    whole_new = float(sum(plot.shape.area for plot in split.new))
    shown, all_overlaps = register.trace_overlaps(split.plots, split.areas)
    difference = found.geodesic_difference
    # Upgrades lie on earlier plots by their nature: on a map of overlaps they would all look wrong.
    ground = [plot for plot in split.plots if plot.year < year or plot.row["kind"] == NEW]
    return Result(
        calculator=name,
        title=f"{year} 年{TITLES[name]}",
        values=(
            register.area_value("new_build_mu", "新建核实面积 New build, verified", new),
            register.area_value("new_build_claimed_mu", "新建申报面积 New build, claimed", register.sum_claimed_mu(split.new)),
            register.area_value(
                "new_build_overlap_mu", "新建中重复的面积 New build counted before", register.to_mu(whole_new - sum(split.new_m2))
            ),
            register.area_value("upgrade_mu", "改造提升核实面积 Upgrade, verified", upgrade),
            register.area_value("upgrade_claimed_mu", "改造提升申报面积 Upgrade, claimed", register.sum_claimed_mu(split.upgrade)),
            register.area_value(
                "upgrade_outside_mu", "不在往年图斑上的改造 Upgrade where nothing was built", register.to_mu(split.upgrade_outside_m2)
            ),
        ),
        coverage=(account.coverage("图斑 plots"),),
        standards=(
            Standard("GB/T 30600-2022", "高标准农田建设 通则", "8.2", "in force from 2022-10-01; clauses not read")
            if name == "farmland"
            else Standard("", "没有面积统计标准 No standard for the area was found", "", "the same count as for farmland"),
        ),
        verdict=judge_kinds(new, upgrade, options),
        trace=(shown, register.trace_overclaims([*split.new, *split.upgrade], register.count_areas([*split.new, *split.upgrade]))),
        notes=(
            "新建只算往年没有的，改造只算往年已有的 New build counts only new ground, upgrade only built ground.",
            f"与椭球面积最大相差 Largest difference to the ellipsoid: {0 if difference is None else difference:.1e}.",
        ),
        rejections=account.rejections,
        detail=(register.trace_plots(split.plots, split.areas), all_overlaps),
        charts=(
            register.chart_counties("各县新建 New build by county", split.new, split.new_m2),
            register.chart_counties("各县改造提升 Upgrade by county", split.upgrade, split.upgrade_m2),
            *register.chart_map("往年与新建图斑 Earlier plots and new build", ground, register.count_areas(ground)),
        ),
    )


def judge_kinds(new: Decimal, upgrade: Decimal, options: Options) -> Verdict:
    """Each kind against its own target; more of one never makes up for the other."""
    return join_verdicts(
        options,
        {
            "new_build_mu_min": judge_between(new, new, options, target="new_build_mu_min", unit="亩 mu"),
            "upgrade_mu_min": judge_between(upgrade, upgrade, options, target="upgrade_mu_min", unit="亩 mu"),
        },
    )


def _calculator(name: str) -> Calculator:
    return Calculator(
        name=name,
        title=f"{TITLES[name]} 新建与改造核实面积 Verified new build and upgrade",
        standards=("GB/T 30600-2022",) if name == "farmland" else (),
        inputs=(
            Schema(
                "plots", "图斑，含往年 Plots, earlier years among them", register.plot_columns((NEW, UPGRADE)), ("plot", "year", "kind")
            ),
        ),
        compute=partial(compute_farmland, name=name),
        sample=build_farmland_sample,
        settings=(
            Setting("new_build_mu_min", "新建目标 Target of new build, mu"),
            Setting("upgrade_mu_min", "改造提升目标 Target of upgrade, mu"),
        ),
    )


FARMLAND = _calculator("farmland")
FACILITY_VEGETABLES = _calculator("facility_vegetables")
