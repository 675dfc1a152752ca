"""Plots with outlines: which are sound, how much ground each counts, and who lies on whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from sizhang.calculators.form.account import Refusal
from sizhang.calculators.form.calculator import Options
from sizhang.calculators.form.result import Trace, Value
from sizhang.calculators.form.rounding import round_half_even
from sizhang.calculators.form.schema import Column
from sizhang.charts.spec import Bar, Bars, Klass, Outline, Outlines
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from sizhang.calculators.area.overlap import CountedAreas
    from sizhang.calculators.form.inputs import Checked

M2_PER_MU = Fraction(2000, 3)
ROUNDING = "0.01 亩, half to even, once, at the end"
OVERLAPS_SHOWN = 20
PLOTS_DRAWN_MAX = 400
GEOMETRY = Column(
    "geometry", "text", "图斑边界 Outline: WKT, GeoJSON or WKB, longitude and latitude", other_names={"wkt": 0, "geom": 0, "wkb": 0}
)


def plot_columns(kinds: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a register of plots."""
    return (
        Column("plot", "text", "图斑编号 Plot"),
        Column("county", "text", "县（市、区） County"),
        Column("kind", "text", "类型 Kind", choices=kinds),
        Column("year", "number", "年度 Year", low=1950, high=2100),
        Column("claimed_mu", "number", "申报面积 Claimed area, mu", required=False, decimals=4, low=0, high=10_000_000),
        GEOMETRY,
    )


class Plot(NamedTuple):
    """A plot whose outline is sound: its row, and its outline in metres in an equal-area projection."""

    row: Mapping[str, Any]
    shape: Any

    @property
    def year(self) -> int:
        return int(self.row["year"])


class Register(NamedTuple):
    """The plots of a register, those refused, and how far the projection may be trusted.

    Attributes:
        geodesic_difference: largest relative difference to areas on the ellipsoid, None without plots.
    """

    plots: list[Plot]
    refusals: list[Refusal]
    geodesic_difference: float | None


def read_register(checked: Checked) -> Register:
    """Reads and projects the outlines of a register, in the order of its key."""
    from sizhang.calculators.area.outlines import parse_outlines
    from sizhang.calculators.area.projection import compute_geodesic_difference, project

    rows = checked.rows()
    shapes, faults = parse_outlines([row["geometry"] for row in rows])
    refusals = [Refusal(row, name_of(row), fault, "geometry") for row, fault in zip(rows, faults, strict=True) if fault]
    sound = [(row, shape) for row, shape in zip(rows, shapes, strict=True) if shape is not None]
    degrees = [shape for _, shape in sound]
    metres: Any = project(degrees) if sound else []
    plots = [Plot(row, shape) for (row, _), shape in zip(sound, metres, strict=True)]
    return Register(plots, refusals, compute_geodesic_difference(degrees, metres) if sound else None)


def name_of(row: Mapping[str, Any]) -> str:
    """The row's own name, for people."""
    return str(row.get("plot") or row.get("park") or row.get("home"))


def count_areas(plots: Sequence[Plot]) -> CountedAreas:
    """Counts the ground of plots in their order."""
    from sizhang.calculators.area.overlap import compute_counted_areas

    return compute_counted_areas([plot.shape for plot in plots])


def to_mu(area_m2: float) -> Decimal:
    """Square metres in mu, to 0.01."""
    return round_half_even(Fraction(area_m2) / M2_PER_MU, 2)


def find_year(options: Options, plots: Sequence[Plot]) -> int:
    """The year that was asked for, else the newest in the data: earlier ones are there to be compared with.

    Raises:
        InputError: there is neither.
    """
    if options.year is None and not plots:
        raise InputError(
            Words("没有一个图斑的边界可用。", "No plot has a sound outline."),
            remedy=Words(
                "请检查边界：经纬度以度为单位，线要闭合。", "Look at the outlines: longitude and latitude in degrees, closed rings."
            ),
        )
    return options.year or max(plot.year for plot in plots)


def area_value(name: str, title: str, area_mu: Decimal) -> Value:
    """An area of the result."""
    return Value(name, title, area_mu, "亩 mu", rounding=ROUNDING)


def sum_claimed_mu(plots: Iterable[Plot]) -> Decimal:
    """The claimed areas added up; a plot without one claims nothing."""
    return round_half_even(sum((plot.row["claimed_mu"] or Decimal(0) for plot in plots), Decimal(0)), 2)


def trace_overlaps(plots: Sequence[Plot], counted: CountedAreas) -> tuple[Trace, Trace]:
    """Who lies on whom: the largest overlaps to show, and all of them."""
    overlaps = counted.overlaps
    rows = []
    for first, second, area_m2 in zip(overlaps.first.tolist(), overlaps.second.tolist(), overlaps.area_m2.tolist(), strict=True):
        before, after = plots[first].row, plots[second].row
        rows.append(
            (after["plot"], after["county"], int(after["year"]), before["plot"], before["county"], int(before["year"]), to_mu(area_m2))
        )
    columns = ("图斑 plot", "县 county", "年 year", "压占 lies on", "县 county", "年 year", "重叠亩 overlap mu")
    largest = sorted(rows, key=lambda row: (-row[-1], row[0], row[3]))[:OVERLAPS_SHOWN]
    title = f"重叠 Overlaps ({len(rows)})"
    return Trace(f"{title}, 最大的 the largest", columns, tuple(largest)), Trace(title, columns, tuple(rows))


def trace_plots(plots: Sequence[Plot], counted: CountedAreas) -> Trace:
    """Every plot with its claim, its outline's area and what it counts."""
    rows = tuple(
        (plot.row["plot"], plot.row["county"], plot.row["kind"], plot.year, plot.row["claimed_mu"], to_mu(whole), to_mu(own))
        for plot, whole, own in zip(plots, counted.whole_m2.tolist(), counted.counted_m2.tolist(), strict=True)
    )
    return Trace("图斑 Plots", ("plot", "county", "kind", "year", "claimed_mu", "outline_mu", "counted_mu"), rows)


def trace_overclaims(plots: Sequence[Plot], counted: CountedAreas) -> Trace:
    """Plots that claim more than their outlines hold, the worst first."""
    rows = []
    for plot, whole in zip(plots, counted.whole_m2.tolist(), strict=True):
        claimed, outline = plot.row["claimed_mu"], to_mu(whole)
        if claimed is not None and claimed > outline:
            rows.append((plot.row["plot"], plot.row["county"], claimed, outline, claimed - outline))
    rows.sort(key=lambda row: (-row[-1], row[0]))
    columns = ("图斑 plot", "县 county", "申报亩 claimed", "图上亩 outline", "多报亩 too much")
    return Trace(f"申报大于图斑 Claims above the outline ({len(rows)})", columns, tuple(rows[:OVERLAPS_SHOWN]))


def sum_by_county(plots: Sequence[Plot], areas_m2: Sequence[float]) -> dict[str, float]:
    """Area of each county's plots, square metres."""
    found: dict[str, float] = defaultdict(float)
    for plot, area_m2 in zip(plots, areas_m2, strict=True):
        found[plot.row["county"]] += area_m2
    return dict(sorted(found.items()))


def chart_counties(title: str, plots: Sequence[Plot], areas_m2: Sequence[float]) -> Bars:
    """Verified area by county, beside what was claimed."""
    claimed: dict[str, Decimal] = defaultdict(Decimal)
    for plot in plots:
        claimed[plot.row["county"]] += plot.row["claimed_mu"] or 0
    found = {county: to_mu(area_m2) for county, area_m2 in sum_by_county(plots, areas_m2).items()}
    bars = tuple(Bar(county, area, note=f"申报 claimed {claimed[county]}") for county, area in found.items())
    total = sum(found.values(), Decimal(0))
    return Bars(title, "亩 mu", bars, f"{len(found)} 个县共核实 {total} 亩 {total} mu verified in {len(found)} counties.")


def chart_map(title: str, plots: Sequence[Plot], counted: CountedAreas) -> tuple[Outlines, ...]:
    """The outlines by what they count; none above 400 plots, where a drawing shows nothing."""
    if not 0 < len(plots) <= PLOTS_DRAWN_MAX:
        return ()
    classes = {
        "whole": Klass("全部计入 all counts", "#4f9d5d"),
        "part": Klass("部分重叠 part", "#e2c044"),
        "none": Klass("全部重叠 none", "#c0392b"),
    }
    drawn = []
    for plot, whole, own in zip(plots, counted.whole_m2.tolist(), counted.counted_m2.tolist(), strict=True):
        klass = "whole" if own > whole * (1 - 1e-9) else "part" if own > whole * 1e-9 else "none"
        polygons = plot.shape.geoms if hasattr(plot.shape, "geoms") else [plot.shape]
        label = f"{plot.row['plot']} {plot.row['county']} {plot.year}: {to_mu(own)}/{to_mu(whole)} 亩"
        drawn += [Outline(label, tuple(polygon.exterior.coords), klass) for polygon in polygons]
    summary = f"{len(plots)} 个图斑，{len(counted.overlaps.first)} 处重叠 {len(plots)} plots, {len(counted.overlaps.first)} overlaps."
    return (Outlines(title, tuple(drawn), classes, summary),)
