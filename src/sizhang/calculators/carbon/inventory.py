"""City greenhouse-gas inventory 城市温室气体清单: fuels, electricity with its factor series named, heat, process, waste, with uncertainty.

Source: 省级温室气体清单编制指南（试行） 2011 and GPC for the families of sources (recalled); IPCC 2006 volume 1 chapter 3 for uncertainty.
Emission is activity times factor. What burns in the city is scope 1, bought electricity and heat are scope 2; they are never added up, for
a power station's coal would count again in the electricity it sells here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from sizhang.calculators.carbon.sample import build_inventory_sample
from sizhang.calculators.form.account import Account, Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Setting
from sizhang.calculators.form.judging import join_verdicts, judge_between
from sizhang.calculators.form.result import Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.rounding import round_half_even
from sizhang.calculators.form.schema import Column, Schema
from sizhang.calculators.form.tables import TableRow, get_row, rows_where
from sizhang.charts.spec import Bar, Bars

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

SECTORS = {"燃料": 1, "工业过程": 1, "废弃物": 1, "电力": 2, "热力": 2}
# Tonnes of gas for one unit of activity, for a factor of 1 in its own unit.
UNITS = {
    ("tCO2/t", "t"): "1",
    ("tCO2/10^4 Nm3", "万m³"): "1",
    ("tCO2/GJ", "GJ"): "1",
    ("kgCO2/kWh", "kWh"): "0.001",
    ("kgCO2/kWh", "万kWh"): "10",
    ("kgCO2/kWh", "MWh"): "1",
    ("tCO2/MWh", "kWh"): "0.001",
    ("tCO2/MWh", "万kWh"): "10",
    ("tCO2/MWh", "MWh"): "1",
    ("kgCO2/TJ", "TJ"): "0.001",
    ("kgCH4/TJ", "TJ"): "0.001",
    ("kgN2O/TJ", "TJ"): "0.001",
}
ROUNDING = "0.01 t, half to even, once for each sum"
ACTIVITIES = Schema(
    "activities",
    "活动水平 Activities",
    (
        Column("source", "text", "排放源 Source"),
        Column("sector", "text", "部门 Sector", choices=tuple(SECTORS)),
        Column("activity", "number", "活动水平 Activity", decimals=4, low=0, high=10_000_000_000),
        Column("unit", "text", "单位 Unit of the activity"),
        Column("factor", "text", "排放因子编号 Factor's id in emission_factors", required=False),
        Column("own_factor_t", "number", "自测因子 Own factor, t CO2e a unit", required=False, decimals=8, low=0, high=100_000),
        Column("own_factor_source", "text", "自测因子出处 Where the own factor comes from", required=False),
        Column(
            "activity_uncertainty_pct", "number", "活动水平不确定度 Half the 95 % interval, %", required=False, decimals=2, low=0, high=1000
        ),
        Column("factor_uncertainty_pct", "number", "因子不确定度 Half the 95 % interval, %", required=False, decimals=2, low=0, high=1000),
    ),
    ("source", "sector", "factor"),
)


class Line(NamedTuple):
    """One source with its emission.

    Attributes:
        factor: name of the factor, which lines may share.
        series: which of the electricity series it comes from; empty for other factors.
        tonnes: exact, t CO2e.
        table_row: the row the factor came from, None for an own one.
    """

    row: Mapping[str, Any]
    factor: str
    series: str
    tonnes: Decimal
    table_row: TableRow | None

    @property
    def scope(self) -> int:
        return SECTORS[self.row["sector"]]


def compute_line(row: Mapping[str, Any], gwp: str) -> Line | str:
    """The emission of one line, or the rule that it breaks.

    Args:
        row: a row of activities.
        gwp: AR5 or AR6, whose warming potentials turn methane and nitrous oxide into CO2.
    """
    if row["own_factor_t"] is not None:
        if not row["own_factor_source"]:
            return "own factor without its source"
        return Line(row, f"{row['source']}: {row['own_factor_source']}", "", row["activity"] * row["own_factor_t"], None)
    found = rows_where("emission_factors", id=row["factor"]) if row["factor"] else ()
    if not found or found[0]["scope"] == "gwp":
        return f"no such factor: {row['factor'] or 'none given'}"
    factor = found[0]
    value, unit = factor.find_number("value"), UNITS.get((factor["unit"], row["unit"]))
    if value is None:
        return f"the factor has no value here: {factor['id']} ({factor['note']})"
    if unit is None:
        return f"unit does not fit the factor: {row['unit']} for {factor['unit']}"
    if (factor["scope"] == "scope2") != (SECTORS[row["sector"]] == 2):
        return f"factor of another scope: {factor['id']} for {row['sector']}"
    warming = get_row("emission_factors", id=f"gwp100_{factor['gas']}_{gwp}").number("value")
    series = f"{factor['name_zh']} {factor['year']} {factor['edition']}" if row["sector"] == "电力" else ""
    return Line(row, factor["id"], series, row["activity"] * value * Decimal(unit) * warming, factor)


def compute_inventory(data: Mapping[str, Checked], options: Options) -> Result:
    """Adds up a city's emissions by scope and sector."""
    checked, lines, refusals = data["activities"], [], []
    for row in checked.rows():
        found = compute_line(row, "AR6" if options.settings.get("gwp") == "AR6" else "AR5")
        if isinstance(found, str):
            refusals.append(Refusal(row, row["source"], found, "factor"))
        else:
            lines.append(found)
    return build_result(refuse_rows(checked, refusals), options, lines)


def build_result(account: Account, options: Options, lines: list[Line]) -> Result:
    """The result from the lines."""
    series = sorted({line.series for line in lines if line.series})
    totals = {scope: sum_tonnes(line for line in lines if line.scope == scope) for scope in (1, 2)}
    sectors = {name: sum_tonnes(line for line in lines if line.row["sector"] == name) for name in SECTORS}
    used = sorted({line.table_row for line in lines if line.table_row}, key=lambda row: row.line)
    verdict = join_verdicts(
        options,
        {
            f"scope{scope}_t_max": judge_between(
                totals[scope], totals[scope], options, target=f"scope{scope}_t_max", unit="t", at_least=False
            )
            for scope in (1, 2)
        },
    )
    if len(series) > 1:
        verdict = Verdict("no verdict", f"电力因子混用 Several series of electricity factors: {'; '.join(series)}")
    elif account.rejections and verdict.outcome == "met":
        verdict = Verdict("no verdict", f"{verdict.reason}; 有排放源没有计入 sources are missing: {account.present - account.valid}")
    return Result(
        calculator="city_carbon",
        title="城市温室气体清单 City greenhouse-gas inventory",
        values=tuple(value for scope in (1, 2) for value in values_of(scope, [line for line in lines if line.scope == scope])),
        coverage=(account.coverage("排放源 sources"),),
        standards=(
            Standard("IPCC 2006", "国家温室气体清单指南", "volume 1 chapter 3, volume 2", ""),
            Standard("省级温室气体清单编制指南（试行）", "2011", "", "recalled, not read"),
        ),
        verdict=verdict,
        trace=(trace_lines(lines),),
        tables=tuple(used),
        notes=(
            f"电力因子系列 Series of electricity factors: {'; '.join(series) or '无 none'}",
            "范围一与范围二不相加 Scopes 1 and 2 are not added up.",
            f"增温潜势 Warming potentials: {options.settings.get('gwp', 'AR5')}",
        ),
        rejections=account.rejections,
        detail=(trace_lines(lines),),
        charts=(chart_sectors(sectors),),
    )


def sum_tonnes(lines: Iterable[Line]) -> Decimal:
    """Emissions added up exactly, then rounded to 0.01 t."""
    return round_half_even(sum((line.tonnes for line in lines), Decimal(0)), 2)


def values_of(scope: int, lines: list[Line]) -> tuple[Value, ...]:
    """A scope's emission, its uncertainty by formula, and by simulation; none where a line has no uncertainty."""
    from sizhang.calculators.carbon.uncertainty import compute_propagated_pct, compute_simulated_pct

    said = f"范围{'一二'[scope - 1]}排放 Scope {scope}"
    known = bool(lines) and all(
        line.row[name] is not None for line in lines for name in ("activity_uncertainty_pct", "factor_uncertainty_pct")
    )
    shares: dict[str, Decimal | None] = {"uncertainty_pct": None, "simulated_below_pct": None, "simulated_above_pct": None}
    if known:
        tonnes, factors = [float(line.tonnes) for line in lines], [line.factor for line in lines]
        activity = [float(line.row["activity_uncertainty_pct"]) for line in lines]
        factor = [float(line.row["factor_uncertainty_pct"]) for line in lines]
        below, above = compute_simulated_pct(tonnes, activity, factor, factors)
        figures = (compute_propagated_pct(tonnes, activity, factor, factors), below, above)
        shares = {name: round_half_even(Decimal(repr(figure)), 1) for name, figure in zip(shares, figures, strict=True)}
    titles = ("不确定度（误差传递） uncertainty, propagated", "下限（模拟） simulated, below", "上限（模拟） simulated, above")
    return (
        Value(f"scope{scope}_t", said, sum_tonnes(lines), "t CO2e", rounding=ROUNDING),
        *(
            Value(f"scope{scope}_{name}", f"{said} {title}", share, "%", rounding="0.1 %, half to even")
            for (name, share), title in zip(shares.items(), titles, strict=True)
        ),
    )


def trace_lines(lines: Iterable[Line]) -> Trace:
    """Every line, the largest first."""
    rows = [
        (
            line.row["source"],
            line.row["sector"],
            line.row["activity"],
            line.row["unit"],
            line.factor,
            line.series,
            round_half_even(line.tonnes, 2),
        )
        for line in sorted(lines, key=lambda line: (-line.tonnes, line.row["source"]))
    ]
    columns = ("排放源 source", "部门 sector", "活动水平 activity", "单位 unit", "因子 factor", "系列 series", "t CO2e")
    return Trace("排放源 Sources", columns, tuple(rows))


def chart_sectors(sectors: Mapping[str, Decimal]) -> Bars:
    """Emissions by sector."""
    bars = tuple(Bar(name, tonnes, note=f"范围 scope {SECTORS[name]}") for name, tonnes in sectors.items())
    return Bars("各部门排放 Emissions by sector", "t CO2e", bars, "; ".join(f"{bar.label} {bar.value} t" for bar in bars))


CITY_CARBON = Calculator(
    name="city_carbon",
    title="城市温室气体清单 City greenhouse-gas inventory",
    standards=("IPCC 2006", "省级温室气体清单编制指南（试行）"),
    inputs=(ACTIVITIES,),
    compute=compute_inventory,
    sample=build_inventory_sample,
    settings=(
        Setting("scope1_t_max", "范围一上限 Cap of scope 1, t"),
        Setting("scope2_t_max", "范围二上限 Cap of scope 2, t"),
        Setting("gwp", "增温潜势 Warming potentials: AR5 or AR6", "AR5"),
    ),
)
