"""Surface water 地表水: the class of each section, good and inferior shares, the grade of each basin.

Source: GB 3838-2002 table 1; 环办〔2011〕22号 (single factor, means before classes; recalled); 环办监测函〔2020〕82号 (the 21 items,
half the detection limit).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from sizhang.calculators.form.account import Account, Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Setting
from sizhang.calculators.form.judging import choose_year, judge_between
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value
from sizhang.calculators.form.rounding import HALF_EVEN, round_half_even, share_pct
from sizhang.calculators.form.schema import Column, Schema
from sizhang.calculators.form.tables import get_row, load_table
from sizhang.calculators.water import classes, grading
from sizhang.calculators.water.grading import CLASS_NAMES
from sizhang.calculators.water.sample import build_sample
from sizhang.charts.spec import Klass, Shares

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

LEVELS = {"国控": "national", "省控": "provincial", "市控": "municipal"}
# The items that every automatic station measures and the class needs; a section that lacks one has no class.
CORE_ITEMS = ("pH", "DO", "CODMn", "NH3-N", "TP")
MONTHS_MIN = 8
CLASSES = {
    name: Klass(f"{name}类", colour)
    for name, colour in zip(CLASS_NAMES, ("#2f6fb0", "#5aa0d8", "#4f9d5d", "#e2c044", "#e08a3c", "#c0392b"), strict=True)
}

SAMPLES = Schema(
    name="samples",
    title="断面水质监测值 Measured values at sections, one a row",
    columns=(
        Column("section", "text", "断面 Section"),
        Column("level", "text", "断面级别 Level", choices=tuple(LEVELS)),
        Column("basin", "text", "河流（流域） River or basin"),
        Column("water_body", "text", "水体类型 Water body", choices=("河流", "湖库")),
        Column("sampled_on", "date", "采样日期 Day of sampling"),
        Column("item", "text", "项目 Item", choices=classes.list_item_names(load_table("water_gb3838"))),
        Column("value", "number", "浓度 Value in the item's unit (mg/L)", decimals=9, low=0, non_detect=True),
    ),
    key=("section", "sampled_on", "item"),
)


class Section(NamedTuple):
    """A section and what was found there in a year; no class where core items are lacking."""

    name: str
    level: str
    basin: str
    class_number: int | None
    items: list[dict[str, Any]]
    lacking: list[str]


def compute_surface_water(data: Mapping[str, Checked], options: Options) -> Result:
    """Classes sections by their worst item, means first."""
    import narwhals as nw

    checked = data["samples"]
    year = choose_year(options, checked, "sampled_on")
    limits = classes.build_limits(checked.relation, load_table("water_gb3838"))
    prepared = classes.prepare_values(checked.frame, limits, year)
    refused = prepared.filter(~nw.col("rule").is_null()).collect().rows(named=True)
    monthly = classes.compute_monthly_means(prepared.filter(nw.col("rule").is_null()))
    by_month = classes.compute_section_classes(classes.classify_items(monthly, limits), CORE_ITEMS).collect().rows(named=True)
    yearly = classes.classify_items(classes.compute_yearly_means(monthly), limits).collect().rows(named=True)
    account = refuse_rows(checked, map(refuse, refused))
    return build_result(account, options, year, (build_sections(yearly), by_month))


def refuse(row: Mapping[str, Any]) -> Refusal:
    """A value that the schema let through and its item does not."""
    return Refusal(row, f"{row['name']} {Decimal(row['value']) / classes.STEPS}", row["rule"], "value")


def build_sections(yearly: Iterable[Mapping[str, Any]]) -> list[Section]:
    """Sections with their items of a year; a core item needs eight months."""
    grouped: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in yearly:
        grouped[row["section"], row["level"], row["basin"]].append(dict(row))
    sections = []
    for (name, level, basin), items in sorted(grouped.items()):
        months = {row["item"]: row["months"] for row in items}
        lacking = [item for item in CORE_ITEMS if months.get(item, 0) < MONTHS_MIN]
        worst = None if lacking else max(row["class_number"] for row in items)
        sections.append(Section(name, level, basin, worst, sorted(items, key=lambda row: row["item"]), lacking))
    return sections


def list_excesses(items: Iterable[Mapping[str, Any]]) -> list[grading.Excess]:
    """The items worse than class Ⅲ."""
    return [
        grading.Excess(row["item"], row["class_number"], Fraction(row["mean"] - row["limit_3"], row["limit_3"]) if row["counted"] else None)
        for row in items
        if row["class_number"] > grading.GOOD_CLASS_MAX
    ]


def describe_excess(excess: grading.Excess) -> str:
    """An item with its class and its multiple to two decimals: `TP (Ⅳ, 0.25)`."""
    multiple = "" if excess.multiple is None else f", {round_half_even(excess.multiple, 2)}"
    return f"{excess.item} ({CLASS_NAMES[excess.class_number - 1]}{multiple})"


def build_result(account: Account, options: Options, year: int, found: tuple[list[Section], list[dict[str, Any]]]) -> Result:
    """The result of a year from its sections and the classes by month."""
    sections, by_month = found
    table, shares = load_table("water_gb3838"), count_of(sections)
    missing = sum(section.class_number is None for section in sections)
    low, high = share_pct(shares.good, len(sections)), share_pct(shares.good + missing, len(sections))
    used = tuple(row for row in table if row["in_routine_class"] == "yes")
    return Result(
        calculator="surface_water",
        title=f"{year} 年地表水 Surface water",
        values=(*values_of("", sections), *(v for level in LEVELS for v in values_of(level, [s for s in sections if s.level == level]))),
        coverage=(
            account.coverage("监测值 measured values"),
            Coverage("断面 sections", len(sections), len(sections), len(sections) - missing),
        ),
        standards=(
            Standard("GB 3838-2002", "地表水环境质量标准", "table 1", "the only edition"),
            Standard("环办〔2011〕22号", "地表水环境质量评价办法（试行）", "", "recalled, not read"),
        ),
        verdict=judge_between(low, high, options, target="good_share_pct_min"),
        trace=(trace_bad(sections), trace_basins(sections)),
        tables=(*used, *load_table("water_basin_grade"), *load_table("water_section_grade")),
        notes=(
            "总氮、水温、粪大肠菌群不参加评价 Total nitrogen, water temperature and faecal coliforms take no part.",
            f"{', '.join(CORE_ITEMS)} 各需 {MONTHS_MIN} 个月 Each of these items needs {MONTHS_MIN} months at a section.",
            "先算月均值，再算年均值，再定类别 Monthly means, then the yearly mean, then the class.",
            "未检出按检出限一半 Half the detection limit stands for what was not detected.",
        ),
        rejections=account.rejections,
        detail=(trace_sections(sections),),
        charts=(chart_months(sections, by_month, year),),
    )


def count_of(sections: Iterable[Section]) -> grading.Shares:
    """Sections that have a class, by class."""
    return grading.count_shares(section.class_number for section in sections if section.class_number is not None)


def values_of(level: str, sections: list[Section]) -> tuple[Value, ...]:
    """Good and inferior shares of the sections of one level, or of all."""
    if level and not sections:
        return ()
    shares, key, said = count_of(sections), f"{LEVELS[level]}_" if level else "", f"{level}断面 " if level else "全部断面 "
    return (
        Value(f"{key}good_share_pct", f"{said}Ⅰ–Ⅲ类比例 Share of classes Ⅰ to Ⅲ", share_pct(shares.good, shares.total), "%", shares.good,
              shares.total, "断面 sections", HALF_EVEN),
        Value(f"{key}inferior_share_pct", f"{said}劣Ⅴ类比例 Share worse than class Ⅴ", share_pct(shares.inferior, shares.total), "%",
              shares.inferior, shares.total, "断面 sections", HALF_EVEN),
    )  # fmt: skip


def trace_bad(sections: Iterable[Section]) -> Trace:
    """The sections worse than class Ⅲ, with what they are polluted with, and those without a class."""
    rows = []
    for section in sections:
        if section.class_number is None:
            rows.append((section.name, section.level, section.basin, "无结论 no class", f"缺 lacking: {', '.join(section.lacking)}"))
        elif section.class_number > grading.GOOD_CLASS_MAX:
            main = "; ".join(map(describe_excess, grading.choose_main_items(list_excesses(section.items))))
            rows.append((section.name, section.level, section.basin, CLASS_NAMES[section.class_number - 1], main))
    columns = ("断面 section", "级别 level", "流域 basin", "类别 class", "主要污染指标 main items")
    return Trace("劣于Ⅲ类和无结论的断面 Sections worse than Ⅲ or without a class", columns, tuple(rows))


def trace_sections(sections: Iterable[Section]) -> Trace:
    rows = tuple((s.name, s.level, s.basin, None if s.class_number is None else CLASS_NAMES[s.class_number - 1]) for s in sections)
    return Trace("断面类别 Sections", ("section", "level", "basin", "class"), rows)


def trace_basins(sections: Iterable[Section]) -> Trace:
    """Grade of each basin: by shares from five sections on, else by its means as if it were one section."""
    basins: dict[str, list[Section]] = defaultdict(list)
    for section in sections:
        if section.class_number is not None:
            basins[section.basin].append(section)
    rows = []
    for basin, members in sorted(basins.items()):
        shares = count_of(members)
        rows.append((basin, shares.total, shares.good, shares.inferior, grade_of(members, shares) or "无 none"))
    return Trace("流域（河流）水质 Basins", ("流域", "断面数", "Ⅰ–Ⅲ", "劣Ⅴ", "水质状况 grade"), tuple(rows))


def grade_of(members: list[Section], shares: grading.Shares) -> str | None:
    """The basin's grade in Chinese, None where the table has no row for its shares."""
    if shares.total >= grading.SECTIONS_FOR_SHARES_MIN:
        return grading.find_basin_grade(shares, load_table("water_basin_grade"))
    items: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for section in members:
        for row in section.items:
            items[row["item"]].append(row)
    worst = max(classes.classify_mean(Fraction(sum(r["mean"] for r in rows), len(rows)), rows[0]) for rows in items.values())
    return get_row("water_section_grade", **{"class": (*classes.CLASS_COLUMNS, ">V")[worst - 1]})["grade_zh"]


def chart_months(sections: list[Section], by_month: list[dict[str, Any]], year: int) -> Shares:
    """Sections by class: the year, each level, each month."""
    rows: dict[str, Mapping[str, Decimal | int]] = {f"{year} 全部 all": named(count_of(sections))}
    for level in LEVELS:
        if chosen := [section for section in sections if section.level == level]:
            rows[f"{year} {level}"] = named(count_of(chosen))
    months: dict[str, Counter[int]] = defaultdict(Counter)
    for row in by_month:
        if row["core_items"] == len(CORE_ITEMS):
            months[row["month"]][row["class_number"]] += 1
    for month in sorted(months):
        rows[month] = {CLASS_NAMES[number - 1]: count for number, count in months[month].items()}
    shares = count_of(sections)
    counts = f"Ⅰ–Ⅲ类 {shares.good}/{shares.total}，劣Ⅴ类 {shares.inferior}/{shares.total}"
    summary = f"{counts} Of {shares.total} sections {shares.good} are good, {shares.inferior} inferior."
    return Shares("断面水质类别 Sections by class", "个 sections", rows, CLASSES, summary)


def named(shares: grading.Shares) -> dict[str, Decimal | int]:
    return dict(zip(CLASS_NAMES, shares.by_class, strict=True))


SURFACE_WATER = Calculator(
    name="surface_water",
    title="地表水断面类别与优良比例 Class of surface-water sections and good share",
    standards=("GB 3838-2002 table 1", "环办〔2011〕22号", "环办监测函〔2020〕82号"),
    inputs=(SAMPLES,),
    compute=compute_surface_water,
    sample=build_sample,
    settings=(Setting("good_share_pct_min", "Ⅰ–Ⅲ类比例目标 Target for the good share, %"),),
)
