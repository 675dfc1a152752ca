"""Parks 公园: how much residential ground lies within 500 m of a large park or 300 m of a small one, and park area a head.

Source: 国家园林城市 2022 (recalled, not read): within 500 m of parks from 5000 m², within 300 m of parks of 400 to 5000 m².
Distances are straight lines from the park's outline, not ways on foot from its gates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from sizhang.calculators.area import plots as register
from sizhang.calculators.area.plots import Plot
from sizhang.calculators.area.sample import build_parks_sample
from sizhang.calculators.form.account import Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Setting
from sizhang.calculators.form.judging import judge_between
from sizhang.calculators.form.result import Result, Standard, Trace, Value
from sizhang.calculators.form.rounding import HALF_EVEN, round_half_even
from sizhang.calculators.form.schema import Column, Schema
from sizhang.calculators.form.tables import get_row, rows_where
from sizhang.charts.spec import Bar, Bars

if TYPE_CHECKING:
    from sizhang.calculators.area.service import ServiceCoverage
    from sizhang.calculators.form.inputs import Checked

_COUNTY = Column("county", "text", "县（市、区） County")
PARKS = Schema("parks", "公园 Parks", (Column("park", "text", "公园 Park"), _COUNTY, register.GEOMETRY), ("park",))
HOMES = Schema(
    "homes", "居住用地 Residential ground", (Column("home", "text", "居住用地 Residential ground"), _COUNTY, register.GEOMETRY), ("home",)
)
RULES = ("park_large_min", "park_large_distance", "park_small_min", "park_small_distance")


def find_distance_m(area_m2: float) -> float | None:
    """How far a park serves, None where it is too small to serve."""
    large, far, small, near = (get_row("area_rules", rule=rule).number("value") for rule in RULES)
    if Decimal(area_m2) >= large:
        return float(far)
    return float(near) if Decimal(area_m2) >= small else None


def compute_parks(data: Mapping[str, Checked], options: Options) -> Result:
    """Measures the service of parks."""
    from sizhang.calculators.area.service import compute_service_coverage

    parks, homes = register.read_register(data["parks"]), register.read_register(data["homes"])
    distances = [find_distance_m(plot.shape.area) for plot in parks.plots]
    small = [plot for plot, distance in zip(parks.plots, distances, strict=True) if distance is None]
    refusals = [Refusal(p.row, register.name_of(p.row), f"below 400 m²: {p.shape.area:.0f} m²", "geometry") for p in small]
    serving = [(plot, distance) for plot, distance in zip(parks.plots, distances, strict=True) if distance is not None]
    served = compute_service_coverage([h.shape for h in homes.plots], [p.shape for p, _ in serving], [d for _, d in serving])
    park_m2 = register.count_areas([plot for plot, _ in serving]).union_m2
    park_account, home_account = refuse_rows(data["parks"], [*parks.refusals, *refusals]), refuse_rows(data["homes"], homes.refusals)
    share = round_half_even(Fraction(served.covered_m2) * 100 / Fraction(served.residential_m2), 1) if homes.plots else None
    return Result(
        calculator="parks",
        title="公园服务半径覆盖率 Parks in reach of homes",
        values=(
            Value("service_coverage_pct", "服务半径覆盖率 Residential ground in reach", share, "%", to_ha(served.covered_m2),
                  to_ha(served.residential_m2), "公顷 ha", HALF_EVEN),
            Value("park_area_ha", "公园面积 Park area", to_ha(park_m2), "公顷 ha", rounding="0.01 ha, half to even"),
            value_a_head(park_m2, options),
        ),
        coverage=(park_account.coverage("公园 parks"), home_account.coverage("居住用地 residential outlines")),
        standards=(Standard("国家园林城市 2022", "公园绿化活动场地服务半径覆盖率", "", "recalled, not read"),),
        verdict=judge_between(share, share, options, target="service_coverage_pct_min"),
        trace=(trace_homes(homes.plots, served),),
        tables=tuple(row for rule in RULES for row in rows_where("area_rules", rule=rule)),
        notes=("距离按公园边界的直线算 Distances are straight lines from the park's outline.",),
        rejections=(*park_account.rejections, *home_account.rejections),
        detail=(trace_homes(homes.plots, served, shown=None),),
        charts=(chart_counties(homes.plots, served),),
    )  # fmt: skip


def to_ha(area_m2: float) -> Decimal:
    """Square metres in hectares, to 0.01."""
    return round_half_even(Fraction(area_m2) / 10_000, 2)


def value_a_head(park_m2: float, options: Options) -> Value:
    """Park area a head, where the urban population was given."""
    people = options.find_number("urban_population")
    each = round_half_even(Fraction(park_m2) / Fraction(people), 2) if people else None
    title = "人均公园绿地面积 Park area a head"
    return Value("park_area_m2_a_head", title, each, "m²", round_half_even(Fraction(park_m2), 0), people, "m² / 人 people", HALF_EVEN)


def trace_homes(homes: Sequence[Plot], served: ServiceCoverage, shown: int | None = 20) -> Trace:
    """Residential ground, the least served first."""
    rows = [
        (home.row["home"], home.row["county"], to_ha(home.shape.area), round_half_even(Fraction(share) * 100, 1))
        for home, share in zip(homes, served.covered_share.tolist(), strict=True)
    ]
    rows.sort(key=lambda row: (row[-1], row[0]))
    title = "覆盖最少的居住用地 Homes least in reach" if shown else "居住用地 Homes"
    return Trace(title, ("居住用地 home", "县 county", "公顷 ha", "覆盖 % in reach"), tuple(rows[:shown]))


def chart_counties(homes: Sequence[Plot], served: ServiceCoverage) -> Bars:
    """Share in reach by county."""
    whole = register.sum_by_county(homes, [home.shape.area for home in homes])
    reached = register.sum_by_county(homes, [h.shape.area * share for h, share in zip(homes, served.covered_share.tolist(), strict=True)])
    bars = tuple(Bar(county, round_half_even(Fraction(reached[county]) * 100 / Fraction(area), 1)) for county, area in whole.items())
    summary = "; ".join(f"{bar.label} {bar.value} %" for bar in bars) or "没有居住用地 no homes"
    return Bars("各县公园服务覆盖 Parks in reach by county", "%", bars, summary)


PARK_SERVICE = Calculator(
    name="parks",
    title="公园服务半径覆盖率与人均公园面积 Parks in reach, park area a head",
    standards=("国家园林城市 2022",),
    inputs=(PARKS, HOMES),
    compute=compute_parks,
    sample=build_parks_sample,
    settings=(
        Setting("service_coverage_pct_min", "覆盖率目标 Target for the share in reach, %"),
        Setting("urban_population", "城区人口 Urban population"),
    ),
)
