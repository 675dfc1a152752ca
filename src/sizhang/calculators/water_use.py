"""Water-saving city 节水型城市: leakage of the public network, industrial reuse, and any other ratio the city reports.

Source: 2021-12 opinion of four ministries (leakage ≤ 9 % and reclaimed water ≥ 25 % in water-short cities, about 30 % on the middle
and lower Yellow River, by 2025; read in a copy); the formulas of GB/T 51083-2015 and 建城〔2022〕15号 were recalled, not read, so leakage
is the plain difference without the corrections of CJJ 92.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.judging import join_verdicts, judge_between
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value
from sizhang.calculators.form.rounding import HALF_EVEN, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Bar, Bars
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

SUPPLY, REGISTERED = "供水总量", "注册用户用水量"
RECYCLED, FRESH = "工业重复用水量", "工业新水量"
RECLAIMED, TREATED = "再生水用量", "污水处理量"
VOLUMES = Schema(
    "volumes",
    "年水量 Volumes of a year",
    (
        Column("year", "number", "年度 Year", low=1950, high=2100),
        Column("item", "text", "项目 Item", choices=(SUPPLY, REGISTERED, RECYCLED, FRESH, RECLAIMED, TREATED)),
        Column("area", "text", "区域 Area"),
        Column("volume_m3", "number", "水量 Volume, m³", low=0, high=1_000_000_000_000),
    ),
    ("year", "item", "area"),
)
# Name of the ratio, title, setting, whether the target is a floor.
RATIOS = {
    "leakage_pct": ("公共供水管网漏损率 Leakage of the public network", "leakage_pct_max", False),
    "industrial_reuse_pct": ("工业用水重复利用率 Industrial reuse", "industrial_reuse_pct_min", True),
    "reclaimed_rate_pct": ("再生水利用率 Reclaimed-water rate", "reclaimed_rate_pct_min", True),
}


def find_parts(volumes: Mapping[str, Decimal]) -> dict[str, tuple[Decimal, Decimal] | str]:
    """Numerator and denominator of each ratio, or why it has none."""
    found: dict[str, tuple[Decimal, Decimal] | str] = {}
    needed = {"leakage_pct": (SUPPLY, REGISTERED), "industrial_reuse_pct": (RECYCLED, FRESH), "reclaimed_rate_pct": (RECLAIMED, TREATED)}
    for name, (first, second) in needed.items():
        lacking = [item for item in (first, second) if item not in volumes]
        if lacking:
            found[name] = f"缺 lacking: {', '.join(lacking)}"
        elif name == "leakage_pct":
            more = volumes[second] > volumes[first]
            found[name] = f"{second} > {first}" if more else (volumes[first] - volumes[second], volumes[first])
        elif name == "industrial_reuse_pct":
            found[name] = (volumes[first], volumes[first] + volumes[second])
        else:
            found[name] = (volumes[first], volumes[second])
    return found


def compute_water_use(data: Mapping[str, Checked], options: Options) -> Result:
    """The ratios of a year; areas are added up item by item, and an area that lacks an item leaves the ratio without a verdict."""
    rows = data["volumes"].rows()
    year = options.year or (max(int(row["year"]) for row in rows) if rows else None)
    if year is None:
        raise InputError(
            Words("没有一个有效的水量。", "No volume is valid."), remedy=Words("请看没有计入的各行。", "Look at the rejected rows.")
        )
    chosen = [row for row in rows if row["year"] == year]
    volumes: dict[str, Decimal] = {}
    areas: dict[str, set[str]] = {}
    for row in chosen:
        volumes[row["item"]] = volumes.get(row["item"], Decimal(0)) + row["volume_m3"]
        areas.setdefault(row["item"], set()).add(row["area"])
    parts = find_parts(volumes)
    for name, (first, second) in (("leakage_pct", (SUPPLY, REGISTERED)), ("industrial_reuse_pct", (RECYCLED, FRESH))):
        if areas.get(first) != areas.get(second) and not isinstance(parts[name], str):
            parts[name] = f"区域不一致 different areas: {first}, {second}"
    shares = {name: None if isinstance(part, str) else share_pct(*part) for name, part in parts.items()}
    found = [name for name, share in shares.items() if share is not None]
    return Result(
        calculator="water_saving",
        title=f"{year} 年节水型城市指标 Water-saving city",
        values=tuple(
            Value(name, title, shares[name], "%", None if isinstance(part, str) else part[0], None if isinstance(part, str) else part[1],
                  "m³", HALF_EVEN)
            for (name, part), (title, _, _) in zip(parts.items(), RATIOS.values(), strict=True)
        ),
        coverage=(data["volumes"].coverage("水量 volumes"), Coverage("指标 ratios", len(RATIOS), len(found), len(found))),
        standards=(
            Standard("GB/T 51083-2015", "城市节水评价标准", "", "recalled, not read"),
            Standard("建城〔2022〕15号", "国家节水型城市", "", "recalled, not read"),
        ),
        verdict=join_verdicts(
            options,
            {
                setting: judge_between(shares[name], shares[name], options, target=setting, at_least=floor)
                for name, (_, setting, floor) in RATIOS.items()
            },
        ),
        trace=(Trace("水量 Volumes", ("项目 item", "m³"), tuple(sorted(volumes.items()))),),
        notes=(
            "漏损率未作 CJJ 92 的修正 Leakage without the corrections of CJJ 92.",
            *(f"{RATIOS[name][0]}: {part}" for name, part in parts.items() if isinstance(part, str)),
        ),
        rejections=data["volumes"].rejections,
        charts=(
            Bars("节水指标 Ratios", "%", tuple(Bar(RATIOS[n][0], share) for n, share in shares.items()),
                 "; ".join(f"{RATIOS[n][0]} {share} %" for n, share in shares.items() if share is not None) or "没有数据 no data"),
        ),
    )  # fmt: skip


def build_sample(seed: int) -> Sample:
    """Two areas with leakage of 8 %, reuse of 90 % and reclaimed water of 26 %; and rows that must not count."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    lines = ["year,item,area,volume_m3"]
    for area in ("城区", "新区"):
        base = source.randint(10, 99) * 1_000_000
        volumes = {SUPPLY: 100, REGISTERED: 92, RECYCLED: 270, FRESH: 30, RECLAIMED: 13, TREATED: 50}
        lines += [f"2023,{item},{area},{base * share // 100}" for item, share in volumes.items()]
    lines += ["2022,供水总量,城区,5", "2023,供水总量,郊区,不详", "2023,自备井,城区,5", "2023,供水总量,山区,-5"]
    truth: dict[str, Decimal | int | str | None] = {
        "leakage_pct": Decimal("8.0"),
        "industrial_reuse_pct": Decimal("90.0"),
        "reclaimed_rate_pct": Decimal("26.0"),
    }
    settings = {"leakage_pct_max": "9", "industrial_reuse_pct_min": "83", "reclaimed_rate_pct_min": "25"}
    return Sample({"volumes.csv": "\n".join(lines) + "\n"}, truth, Options(year=2023, settings=settings))


CALCULATORS = (
    Calculator(
        name="water_saving",
        title="节水型城市指标 Ratios of a water-saving city",
        standards=("GB/T 51083-2015", "建城〔2022〕15号"),
        inputs=(VOLUMES,),
        compute=compute_water_use,
        sample=build_sample,
        settings=tuple(Setting(setting, f"{title} 目标 target, %") for title, setting, _ in RATIOS.values()),
    ),
)
