"""Carbon monitoring 碳监测: CO2 above the background, a box estimate, and an inversion against the inventory.

Source: standard formulas; the pilot guides of the national station (2022) name the methods, their exact choices were not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

from sizhang.calculators.carbon.sample import build_enhancement_sample, build_inversion_sample
from sizhang.calculators.form.account import Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Setting
from sizhang.calculators.form.result import Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, round_half_even
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Bar, Bars, Line, Lines
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from sizhang.calculators.carbon.inversion import Inversion
    from sizhang.calculators.form.inputs import Checked

# Local hours in which the air over a city is well mixed.
HOURS = range(12, 17)
PILOT = Standard("环办监测函〔2021〕435号", "碳监测评估试点工作方案", "", "names the method; the guides' own choices were not read")
HOURLY = Schema(
    "hours",
    "CO2 小时均值 Hourly CO2",
    (
        Column("station", "text", "站点 Station"),
        Column("role", "text", "作用 Role", choices=("城区", "背景")),
        Column("measured_at", "instant", "时间（当地） Hour, local"),
        Column("co2_ppm", "number", "CO2, ppm", decimals=3, low=350, high=900),
        Column("wind_m_s", "number", "风速 Wind, m/s", required=False, decimals=2, low=0, high=60),
        Column("mixing_height_m", "number", "混合层高度 Mixing height, m", required=False, decimals=1, low=10, high=6000),
    ),
    ("station", "measured_at"),
)


def rounded(value: float, decimals: int) -> Decimal:
    """A computed figure for people."""
    return round_half_even(Decimal(repr(value)), decimals)


def compute_enhancement(data: Mapping[str, Checked], options: Options) -> Result:
    """CO2 above the background of the same hour, well-mixed hours only, and the box estimate of the city's emission."""
    from sizhang.calculators.carbon.inversion import compute_box_emission_t_h

    checked, width = data["hours"], options.find_number("width_m")
    by_hour: dict[Any, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: {"城区": [], "背景": []})
    for row in checked.rows():
        if row["measured_at"].hour in HOURS:
            by_hour[row["measured_at"]][row["role"]].append(row)
    unpaired = [row for roles in by_hour.values() if not roles["背景"] for row in roles["城区"]]
    account = refuse_rows(checked, [Refusal(row, row["station"], "no background in the same hour", "co2_ppm") for row in unpaired])
    daily, boxes = defaultdict(list), []
    for hour, roles in sorted(by_hour.items()):
        if not (roles["背景"] and roles["城区"]):
            continue
        background = fmean(float(row["co2_ppm"]) for row in roles["背景"])
        enhancement = fmean(float(row["co2_ppm"]) for row in roles["城区"]) - background
        daily[hour.date().isoformat()].append(enhancement)
        winds = [row for row in roles["城区"] if row["wind_m_s"] is not None and row["mixing_height_m"] is not None]
        if winds and width:
            wind, height = (fmean(float(row[name]) for row in winds) for name in ("wind_m_s", "mixing_height_m"))
            boxes.append(compute_box_emission_t_h(enhancement, wind_m_s=wind, mixing_height_m=height, width_m=float(width)))
    found = [enhancement for day in daily.values() for enhancement in day]
    days = tuple(daily)
    means = tuple(rounded(fmean(daily[day]), 2) for day in days)
    return Result(
        calculator="co2_enhancement",
        title="CO2 浓度增量与箱式估算 CO2 enhancement and box estimate",
        values=(
            Value(
                "enhancement_ppm", "平均浓度增量 Mean enhancement", rounded(fmean(found), 2) if found else None, "ppm", rounding=HALF_EVEN
            ),
            Value("enhancement_sd_ppm", "小时标准差 Hourly deviation", rounded(stdev(found), 2) if len(found) > 1 else None, "ppm"),
            Value("hours_used", "参加计算的小时 Hours used", len(found), "h"),
            Value(
                "box_t_h", "箱式估算排放 Box estimate", rounded(fmean(boxes), 1) if boxes else None, "t CO2/h", rounding="0.1, half to even"
            ),
        ),
        coverage=(account.coverage("小时值 hourly values"),),
        standards=(PILOT,),
        verdict=Verdict("no verdict", "监测不设目标 Monitoring has no target."),
        notes=(
            f"只用 {HOURS.start}–{HOURS.stop - 1} 时 Only the hours from {HOURS.start} to {HOURS.stop - 1}.",
            "箱式估算只给数量级 The box gives an order of magnitude."
            if width
            else "没有给出箱宽 No width was given: --set width_m=NUMBER.",
        ),
        rejections=account.rejections,
        detail=(Trace("每日增量 Daily enhancement", ("day", "enhancement_ppm"), tuple(zip(days, means, strict=True))),),
        charts=(Lines("每日 CO2 增量 Daily CO2 enhancement", "ppm", days, (Line("增量 enhancement", means),), f"{len(days)} 天 days"),),
    )


SOURCES = Schema(
    "sources",
    "先验排放 Emissions before the measurements",
    (
        Column("source", "text", "排放源 Source"),
        Column("prior_t_h", "number", "先验 Prior, t/h", decimals=4, low=0, high=10_000_000),
        Column("prior_sd_t_h", "number", "先验标准差 Its deviation, t/h", decimals=4, low=Decimal("0.0001"), high=10_000_000),
    ),
    ("source",),
)
OBSERVATIONS = Schema(
    "observations",
    "浓度增量 Enhancements",
    (
        Column("observation", "text", "观测编号 Observation"),
        Column("enhancement_ppm", "number", "增量 Enhancement, ppm", decimals=4, low=-500, high=500),
        Column("error_ppm", "number", "误差标准差 Error of measurement and transport, ppm", decimals=4, low=Decimal("0.0001"), high=500),
    ),
    ("observation",),
)
SENSITIVITIES = Schema(
    "sensitivities",
    "敏感性 Sensitivities, from a transport model",
    (
        Column("observation", "text", "观测编号 Observation"),
        Column("source", "text", "排放源 Source"),
        Column("ppm_per_t_h", "number", "每吨每小时的增量 ppm for 1 t/h", decimals=9, low=0, high=1000),
    ),
    ("observation", "source"),
)


def compute_co2_inversion(data: Mapping[str, Checked], options: Options) -> Result:
    """What the enhancements say about the inventory: posterior, what was learnt, and whether the stated errors are honest."""
    import numpy as np

    from sizhang.calculators.carbon.inversion import compute_inversion

    sources, observations = data["sources"].rows(), data["observations"].rows()
    if not sources or not observations:
        raise InputError(
            Words("反演至少要一个排放源和一次观测。", "An inversion needs at least one source and one observation."),
            remedy=Words("请看没有计入的各行。", "Look at the rejected rows."),
        )
    place = {row["source"]: number for number, row in enumerate(sources)}
    line = {row["observation"]: number for number, row in enumerate(observations)}
    matrix, strangers = np.zeros((len(line), len(place))), []
    for row in data["sensitivities"].rows():
        if row["source"] in place and row["observation"] in line:
            matrix[line[row["observation"]], place[row["source"]]] = float(row["ppm_per_t_h"])
        else:
            strangers.append(Refusal(row, f"{row['observation']} {row['source']}", "no such source or observation", "source"))
    prior, deviation = ([float(row[name]) for row in sources] for name in ("prior_t_h", "prior_sd_t_h"))
    measured, error = ([float(row[name]) for row in observations] for name in ("enhancement_ppm", "error_ppm"))
    found = compute_inversion(np.array(prior), np.diag(np.square(deviation)), matrix, np.array(measured), np.diag(np.square(error)))
    account = refuse_rows(data["sensitivities"], strangers)
    accounts = (
        data["sources"].coverage("排放源 sources"),
        data["observations"].coverage("观测 observations"),
        account.coverage("敏感性 sensitivities"),
    )
    names = [row["source"] for row in sources]
    return Result(
        calculator="co2_inversion",
        title="CO2 同化反演 CO2 inversion",
        values=inversion_values(sum(prior), found),
        coverage=accounts,
        standards=(PILOT,),
        verdict=judge_inversion(sum(prior), found),
        trace=(trace_sources(names, prior, found),),
        notes=("区间内的差异不是清单有误的证据 A difference inside the interval is no evidence against the inventory.",),
        rejections=(*data["sources"].rejections, *data["observations"].rejections, *account.rejections),
        detail=(trace_sources(names, prior, found),),
        charts=(chart_sources(names, prior, found),),
    )


def total_interval(found: Inversion) -> tuple[float, float]:
    """The posterior total and half its 95 % interval."""
    return float(found.posterior.sum()), 1.96 * float(found.posterior_covariance.sum()) ** 0.5


def inversion_values(prior: float, found: Inversion) -> tuple[Value, ...]:
    """Totals and diagnostics."""
    total, half = total_interval(found)
    return (
        Value("prior_t_h", "清单排放 Inventory", rounded(prior, 1), "t/h"),
        Value("posterior_t_h", "反演排放 Inversion", rounded(total, 1), "t/h", rounding=HALF_EVEN),
        Value("posterior_half_interval_t_h", "95% 区间半宽 Half the 95 % interval", rounded(half, 1), "t/h", rounding=HALF_EVEN),
        Value("degrees_of_freedom", "信号自由度 Degrees of freedom for signal", rounded(found.degrees_of_freedom, 2)),
        Value("reduced_chi_square", "约化卡方 Reduced chi-square", rounded(found.reduced_chi_square, 2)),
        Value("averaging_kernel_min", "最小平均核 Least averaging kernel", rounded(float(found.averaging_kernel.diagonal().min()), 3)),
    )


def judge_inversion(prior: float, found: Inversion) -> Verdict:
    """Whether inventory and measurements agree; no verdict where the inversion itself is not sound."""
    from sizhang.calculators.carbon.inversion import DISAGREEMENT_MAX

    total, half = total_interval(found)
    chi = f"χ² {found.reduced_chi_square:.2f}"
    if found.disagreement > DISAGREEMENT_MAX:
        return Verdict("no verdict", f"两种算法相差 Two computations differ by {found.disagreement:.1e} deviations.")
    if not 0.5 <= found.reduced_chi_square <= 2:
        return Verdict("no verdict", f"{chi}: 误差估计不可信 the stated errors do not fit the data.")
    reason = f"清单 inventory {prior:.1f}, 反演 inversion {total:.1f} ± {half:.1f} t/h; {chi}"
    return Verdict("met" if abs(prior - total) <= half else "not met", reason)


def trace_sources(names: Sequence[str], prior: Sequence[float], found: Inversion) -> Trace:
    """Each source before and after."""
    spread, kernel = found.posterior_covariance.diagonal() ** 0.5, found.averaging_kernel.diagonal()
    rows = tuple(
        (name, rounded(before, 2), rounded(float(after), 2), rounded(float(sd), 2), rounded(float(own), 3))
        for name, before, after, sd, own in zip(names, prior, found.posterior, spread, kernel, strict=True)
    )
    columns = ("排放源 source", "先验 prior t/h", "后验 posterior t/h", "后验标准差 deviation", "平均核 averaging kernel")
    return Trace("各排放源 Sources", columns, rows)


def chart_sources(names: Sequence[str], prior: Sequence[float], found: Inversion) -> Bars:
    """Posterior of each source, the prior in words."""
    bars = tuple(
        Bar(name, rounded(float(after), 1), note=f"清单 inventory {before:.1f}")
        for name, before, after in zip(names, prior, found.posterior, strict=True)
    )
    return Bars("反演排放 Emissions after the measurements", "t/h", bars, "; ".join(f"{b.label} {b.value} ({b.note})" for b in bars))


CO2_ENHANCEMENT = Calculator(
    name="co2_enhancement",
    title="CO2 浓度增量与箱式估算 CO2 enhancement and box estimate",
    standards=("环办监测函〔2021〕435号",),
    inputs=(HOURLY,),
    compute=compute_enhancement,
    sample=build_enhancement_sample,
    settings=(Setting("width_m", "城区横风宽度 Width of the city across the wind, m"),),
)
CO2_INVERSION = Calculator(
    name="co2_inversion",
    title="CO2 同化反演 CO2 inversion against the inventory",
    standards=("环办监测函〔2021〕435号",),
    inputs=(SOURCES, OBSERVATIONS, SENSITIVITIES),
    compute=compute_co2_inversion,
    sample=build_inversion_sample,
)
