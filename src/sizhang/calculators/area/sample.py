"""Invented plots with known areas: rectangles of 30 亩 (200 m by 100 m) laid out in metres, then written in degrees."""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal

from sizhang.calculators.form.calculator import Options, Sample

COUNTIES = ("东县", "西县", "北区")
WIDTH_M, HEIGHT_M, PITCH_M = 200, 100, 400
PLOT_MU, HALF_MU = Decimal("30.00"), Decimal("15.00")
# A place in the hills of northern China, in metres on Albers' cone.
_WEST_M, _SOUTH_M = 650_000, 4_150_000
HEAD = "plot,county,kind,year,claimed_mu,survival_pct,annual_rain_mm,geometry"
_BAD_OUTLINES = (
    '"POLYGON ((112.5 37.8, 112.6 37.9, 112.6 37.8, 112.5 37.9, 112.5 37.8))"',
    '"POLYGON ((37.8 112.5, 37.9 112.5, 37.9 112.6, 37.8 112.5))"',
    '"POINT (112.5 37.8)"',
    "见附图",
)


def outline(column: int, row: int, *, shift_m: int = 0, size_m: tuple[int, int] = (WIDTH_M, HEIGHT_M)) -> str:
    """WKT in degrees of the rectangle at a place of the grid, shifted eastwards."""
    west, south = _WEST_M + column * PITCH_M + shift_m, _SOUTH_M + row * PITCH_M
    corners = ((0, 0), (size_m[0], 0), size_m, (0, size_m[1]), (0, 0))
    return f'"POLYGON (({", ".join(_to_degrees(west + x, south + y) for x, y in corners)}))"'


def _to_degrees(x_m: float, y_m: float) -> str:
    from pyproj import Transformer

    from sizhang.calculators.area.projection import ALBERS_CHINA

    longitude, latitude = Transformer.from_crs(ALBERS_CHINA, "EPSG:4490", always_xy=True).transform(x_m, y_m)
    return f"{longitude:.12f} {latitude:.12f}"


def _csv(head: str, lines: Iterable[str]) -> str:
    return "\n".join([head, *lines]) + "\n"


def _plots(seed: int) -> list[str]:
    """Forty sound plots of the year, every eighth with a twin half on it; then those that must not count, or only in part."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    lines = []
    for number in range(40):
        county, survival = COUNTIES[number % 3], source.randint(85, 99)
        lines.append(f"Z{number:03},{county},造林,2023,{PLOT_MU},{survival},480,{outline(number % 10, number // 10)}")
        if number % 8 == 0:
            lines.append(f"Z{number:03}b,{county},造林,2023,33,90,480,{outline(number % 10, number // 10, shift_m=100)}")
    for number in range(3):
        lines.append(f"Y{number},东县,造林,2021,{PLOT_MU},,480,{outline(number, 10)}")
        lines.append(f"Z9{number},东县,造林,2023,{PLOT_MU},91,480,{outline(number, 10, shift_m=100)}")
    lines.append(f"Z80,北区,造林,2023,{PLOT_MU},72,350,{outline(0, 12)}")
    for number, rate in enumerate(("84.9", "62", "38", "")):
        lines.append(f"Z7{number},西县,造林,2023,{PLOT_MU},{rate},480,{outline(number, 14)}")
    lines += [f"Z6{number},西县,造林,2023,{PLOT_MU},90,480,{bad}" for number, bad in enumerate(_BAD_OUTLINES)]
    lines.append(f"B01,西县,补植,2023,{PLOT_MU},90,480,{outline(0, 16)}")
    lines += [f"F{number},西县,森林抚育,2023,{PLOT_MU},,,{outline(number, 18)}" for number in range(6)]
    lines.append(f"F9,西县,退化林修复,2023,{PLOT_MU},,,{outline(0, 18, shift_m=100)}")
    source.shuffle(lines)
    return lines


def build_greening_sample(seed: int) -> Sample:
    """Plots of greening with overlaps, failures and earlier years."""
    truth: dict[str, Decimal | int | str | None] = {
        "verified_area_mu": 41 * PLOT_MU + 8 * HALF_MU,
        # Outlines that cannot be read claim nothing that could be checked.
        "claimed_area_mu": 48 * PLOT_MU + 5 * 33,
        "outline_area_mu": 49 * PLOT_MU,
        "overlap_within_mu": 5 * HALF_MU,
        "overlap_earlier_mu": 3 * HALF_MU,
    }
    return Sample({"plots.csv": _csv(HEAD, _plots(seed))}, truth, Options(year=2023, settings={"area_mu_min": "1500"}))


def build_quality_sample(seed: int) -> Sample:
    """The same register; tending and repair in it."""
    truth: dict[str, Decimal | int | str | None] = {"verified_area_mu": 6 * PLOT_MU + HALF_MU, "claimed_area_mu": 7 * PLOT_MU}
    return Sample({"plots.csv": _csv(HEAD, _plots(seed))}, truth, Options(year=2023))


def build_farmland_sample(seed: int) -> Sample:
    """Twenty earlier plots; new build, some of it half on them; upgrades, some half beside them."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    lines = [f"G{n:02},{COUNTIES[n % 3]},新建,{2017 + n % 5},{PLOT_MU},{outline(n % 10, n // 10)}" for n in range(20)]
    lines += [f"N{n:02},{COUNTIES[n % 3]},新建,2023,{PLOT_MU},{outline(n % 10, 3 + n // 10)}" for n in range(15)]
    lines += [f"N9{n},{COUNTIES[n]},新建,2023,{PLOT_MU},{outline(n, 0, shift_m=100)}" for n in range(3)]
    lines += [f"U{n},{COUNTIES[n % 3]},改造提升,2023,{PLOT_MU},{outline(n, 1)}" for n in range(6)]
    lines += [f"U9{n},{COUNTIES[n]},改造提升,2023,{PLOT_MU},{outline(6 + n, 1, shift_m=100)}" for n in range(2)]
    lines += [f"X{n},西县,新建,2023,{PLOT_MU},{bad}" for n, bad in enumerate(_BAD_OUTLINES)]
    source.shuffle(lines)
    truth: dict[str, Decimal | int | str | None] = {
        "new_build_mu": 15 * PLOT_MU + 3 * HALF_MU,
        "new_build_overlap_mu": 3 * HALF_MU,
        "upgrade_mu": 6 * PLOT_MU + 2 * HALF_MU,
        "upgrade_outside_mu": 2 * HALF_MU,
    }
    options = Options(year=2023, settings={"new_build_mu_min": "480", "upgrade_mu_min": "200"})
    return Sample({"plots.csv": _csv("plot,county,kind,year,claimed_mu,geometry", lines)}, truth, options)


def build_parks_sample(seed: int) -> Sample:
    """Homes touching a large park, homes in reach of a small one, homes out of reach, and a green spot too small to serve."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    parks = [
        f"中央公园,东县,{outline(0, 0)}",
        f"口袋公园,东县,{outline(10, 0, size_m=(40, 50))}",
        f"路边绿地,东县,{outline(20, 0, size_m=(10, 20))}",
        "画错的公园,东县,见附图",
    ]
    homes = [
        f"一村,东县,{outline(0, 0, shift_m=200)}",
        f"二村,东县,{outline(10, 0, shift_m=40)}",
        f"三村,西县,{outline(20, 0, shift_m=10)}",
        f"四村,西县,{outline(40, 0)}",
    ]
    source.shuffle(parks)
    source.shuffle(homes)
    truth: dict[str, Decimal | int | str | None] = {"service_coverage_pct": Decimal("50.0"), "park_area_ha": Decimal("2.20")}
    files = {"parks.csv": _csv("park,county,geometry", parks), "homes.csv": _csv("home,county,geometry", homes)}
    return Sample(files, truth, Options(settings={"service_coverage_pct_min": "85", "urban_population": "2000"}))
