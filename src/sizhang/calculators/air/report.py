"""The year's result: good days, evaluation items, ozone, and all of it without the days that dust storms made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.air.breakpoints import POLLUTANTS, find_category
from sizhang.calculators.air.days import NONE, Days, compute_city_days, compute_indices, compute_point_days
from sizhang.calculators.air.editions import Editions, choose_editions
from sizhang.calculators.air.evaluation import Item, evaluate_year, limit_row, longest_run
from sizhang.calculators.form.calculator import Options
from sizhang.calculators.form.result import Coverage, Result, Trace, Value, Verdict
from sizhang.calculators.form.rounding import HALF_EVEN, share_pct
from sizhang.calculators.form.tables import TableRow, rows_where
from sizhang.charts.spec import Bar, Bars, Calendar, Klass, Limit
from sizhang.core.errors import InputError, Words

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

GOOD_MAX: Final = 100
SHARE_MIN_PCT: Final = 75
_ROUNDING_NOTES: Final = {
    "HJ 633-2012": "2012 版未写明浓度先修约，按惯例先修约再算指数（未核对）。"
    " Concentrations are rounded before the index by practice; the 2012 text has no such clause (unverified).",
    "HJ 633-2026": "HJ 663-2026 全文未读：统计量修约和三年滑动平均未采用。"
    " HJ 663-2026 was not read in full: its own rounding and its three-year means are not applied.",
}
_STATISTICS: Final = {
    "annual mean": "年均值",
    "P98 of daily means": "日均值第98百分位数",
    "P95 of daily means": "日均值第95百分位数",
    "P90 of daily max 8h": "日最大8小时第90百分位数",
}
_ADJUSTED: Final = ("good_day_ratio_pct", "good_days", "pm10_annual", "pm10_p95", "pm25_annual", "pm25_p95")
_DUST_NOTE: Final = (
    "沙尘日剔除按国家惯例（未核对原文），原始值与扣沙值并列。"
    " Dust days are left out by national practice (unverified); raw and adjusted stand side by side."
)


@dataclass(frozen=True, slots=True)
class City:
    """The city's year as days: concentrations in report units and indices, None where there is no valid one."""

    concentrations: Mapping[str, Mapping[date, int]]
    iaqi: Mapping[str, Mapping[date, int]]
    aqi: Mapping[date, int]

    def primary(self, day: date) -> str:
        """The pollutants with the largest index when the AQI is above 50, all of them where they are equal."""
        if self.aqi[day] <= 50:
            return ""
        return ", ".join(p for p, found in self.iaqi.items() if p != "AQI" and found.get(day) == self.aqi[day])

    def without(self, left_out: set[date]) -> City:
        """The same year without some days."""

        def keep(days: Mapping[date, int]) -> dict[date, int]:
            return {day: value for day, value in days.items() if day not in left_out}

        return City({k: keep(v) for k, v in self.concentrations.items()}, {k: keep(v) for k, v in self.iaqi.items()}, keep(self.aqi))


def compute_air(inputs: Mapping[str, Checked], options: Options) -> Result:
    """The year's air: good-day ratio, evaluation against GB 3095, ozone, raw and dust-adjusted side by side."""
    hours = inputs["hours"]
    year = choose_year(hours, options.year)
    editions = choose_editions(options, year)
    relation = hours.relation.filter(f"year(hour_start_at) = {year}")
    stations = [name for (name,) in relation.select("station").distinct().order("station").fetchall()]
    count = int(options.find_number("points") or len(stations))
    o3 = limit_row(editions.limits, editions.on, "O3", "mda8")
    city = read_city(relation, editions, count, int(o3.number("grade2")))
    items = evaluate_year(city.concentrations, editions.limits, editions.on)
    dust = {row["dust_day"] for row in inputs["dust_days"].rows()} if "dust_days" in inputs else set()
    values = _values(city, items, o3)
    compared = _values(city.without(dust), evaluate_year(city.without(dust).concentrations, editions.limits, editions.on), o3)
    adjusted = [replace(v, name=f"adjusted_{v.name}", title=f"扣沙后 Dust-adjusted: {v.title}") for v in compared if v.name in _ADJUSTED]
    if dust:
        values += [Value("dust_days", "扣除的沙尘日 Dust days left out", len(dust), "天 days"), *adjusted]
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    coverage = [Coverage("站点小时 station-hours", count * length * 24, hours.present, hours.valid, hours.rejected)]
    coverage.append(Coverage("城市日 city days with an AQI", length, len(city.concentrations["PM2.5"]), len(city.aqi)))
    used = {row for item in items for row in item.rows} | {o3} | set(_validity_rows())
    return Result(
        calculator="air",
        title=f"{year} 年环境空气质量 Air quality of {year}",
        values=tuple(values),
        coverage=tuple(coverage),
        standards=editions.standards(),
        verdict=_verdict(items),
        trace=(_items_trace(items), *([_side_by_side(values, compared)] if dust else [])),
        tables=tuple(sorted(used, key=lambda row: (row.table, row.line))),
        notes=_notes(editions, stations, count, bool(dust)),
        rejections=hours.rejections,
        detail=(_days_trace(city),),
        charts=_charts(city, items, year),
    )


def choose_year(hours: Checked, wanted: int | None) -> int:
    """The year that is judged.

    Raises:
        InputError: the data have none, or several and none was asked for.
    """
    years = [int(y) for (y,) in hours.relation.select("year(hour_start_at) AS y").distinct().order("y").fetchall()]
    if wanted is None and len(years) == 1:
        return years[0]
    if wanted in years:
        return int(wanted or 0)
    if not years:
        raise InputError(
            Words("数据里没有一个有效小时。", "The data hold no valid hour."),
            remedy=Words("请看没有计入的各行。", "Look at the rejected rows."),
        )
    raise InputError(
        Words(f"数据里的年份：{'、'.join(map(str, years))}。", f"The data hold the years {', '.join(map(str, years))}."),
        remedy=Words("请用 --year 写出其中一年。", "Name one of them with --year."),
    )


def read_city(relation: Any, editions: Editions, count: int, o3_limit: int) -> City:
    """The city's days from its points' hours."""
    import narwhals as nw

    points = compute_point_days(nw.from_native(relation), o3_limit)
    days = compute_city_days(points, count, SHARE_MIN_PCT)
    indices = _by_day(compute_indices(days, editions.index))
    aqi = indices.pop("AQI")
    return City(_by_day(days), indices, aqi)


def _by_day(days: Days) -> dict[str, dict[date, int]]:
    return {
        name: {day: value for day, value in zip(days.day.tolist(), values.tolist(), strict=True) if value != NONE}
        for name, values in days.values.items()
    }


def _values(city: City, items: tuple[Item, ...], o3: TableRow) -> list[Value]:
    good = sum(aqi <= GOOD_MAX for aqi in city.aqi.values())
    heavy = sum(aqi > 200 for aqi in city.aqi.values())
    over = [day for day, value in city.concentrations["O3"].items() if value > o3.number("grade2")]
    ratio, tenth = share_pct(good, len(city.aqi)), f"{HALF_EVEN}, 0.1"
    out = [
        Value("good_day_ratio_pct", "优良天数比例 Good-day ratio", ratio, "%", good, len(city.aqi), "天 days", tenth),
        Value("good_days", "优良天数 Good days (AQI ≤ 100)", good, "天 days"),
        Value("heavy_days", "重度及以上污染天数 Days with AQI above 200", heavy, "天 days"),
        Value("o3_over_days", "臭氧超标天数 Days with O₃ (8 h) above the limit", len(over), "天 days"),
        Value("o3_longest_days", "臭氧连续超标最长天数 Longest run of such days", longest_run(over), "天 days"),
    ]
    for item in items:
        name = f"{item.pollutant.replace('.', '').lower()}_{item.statistic.split()[0].lower()}"
        step = "0.1" if item.pollutant == "CO" else "1"
        title = f"{item.pollutant} {_STATISTICS[item.statistic]} {item.statistic}"
        out.append(Value(name, title, item.value, item.unit, rounding=f"{HALF_EVEN}, {step}"))
    return out


def _side_by_side(raw: list[Value], adjusted: list[Value]) -> Trace:
    rows = tuple((r.title, r.number, a.number, r.unit) for r, a in zip(raw, adjusted, strict=False))
    return Trace("原始与扣沙 Raw and dust-adjusted, side by side", ("", "原始 raw", "扣沙 adjusted", "单位"), rows)


def _verdict(items: tuple[Item, ...]) -> Verdict:
    short = [f"{item.pollutant} {item.statistic}: {item.short or 'no valid day'}" for item in items if item.met is None]
    if short:
        return Verdict(
            "no verdict",
            f"数据不足 The data do not suffice: {short[0]}" + (f" (and {len(short) - 1} more items)" if short[1:] else "") + ".",
        )
    over = [f"{item.pollutant} {item.statistic} {item.value} > {item.limit} {item.unit}" for item in items if not item.met]
    if over:
        return Verdict("not met", f"超过二级限值 Above the second-grade limit: {'; '.join(over)}.")
    return Verdict("met", "十项全部达到二级 All ten items keep the second-grade limits.")


def _items_trace(items: tuple[Item, ...]) -> Trace:
    told = {True: "达标 met", False: "超标 above", None: "不评 no verdict"}
    rows = tuple((i.pollutant, i.statistic, i.value, i.limit, i.unit, i.days, told[i.met]) for i in items)
    return Trace(
        "年评价项目 Items of the yearly evaluation", ("污染物", "统计量", "值 value", "限值 limit", "单位", "有效天 days", "结果"), rows
    )


def _days_trace(city: City) -> Trace:
    days = sorted(set().union(*(set(v) for v in city.concentrations.values())))
    rows = []
    for day in days:
        values = [city.concentrations[p].get(day) for p in POLLUTANTS]
        shown = [Decimal(v).scaleb(-1) if p == "CO" and v is not None else v for p, v in zip(POLLUTANTS, values, strict=True)]
        aqi = city.aqi.get(day)
        rows.append(
            (day.isoformat(), aqi, "" if aqi is None else find_category(aqi)["category_zh"], city.primary(day) if aqi else "", *shown)
        )
    return Trace("逐日 Days", ("日 day", "AQI", "等级", "首要污染物 primary", *POLLUTANTS), tuple(rows))


def _validity_rows() -> tuple[TableRow, ...]:
    return tuple(
        row
        for row in rows_where("air_validity")
        if row["statistic"] in ("annual", "daily", "8h", "mda8", "annual P90", "annual percentile", "city scale")
    )


def _notes(editions: Editions, stations: list[str], count: int, dust: bool) -> tuple[str, ...]:
    notes = [
        f"城市值为 {count} 个点位日均值的算术平均，有效点位不少于 {SHARE_MIN_PCT} %；数据含 {len(stations)} 个点位。"
        f" The city's value is the mean over {count} points, of which {SHARE_MIN_PCT} % must be valid; the data hold {len(stations)}.",
        _ROUNDING_NOTES[editions.index],
    ]
    return (*notes, _DUST_NOTE) if dust else tuple(notes)


def _charts(city: City, items: tuple[Item, ...], year: int) -> tuple[Calendar | Bars, ...]:
    classes = {}
    for number, row in enumerate(rows_where("air_categories"), start=1):
        classes[str(number)] = Klass(
            f"{row['category_zh']} {row['aqi_lo']}–{row['aqi_hi']}", f"#{int(row['r']):02x}{int(row['g']):02x}{int(row['b']):02x}"
        )
    order = {row["category_zh"]: str(number) for number, row in enumerate(rows_where("air_categories"), start=1)}
    days = {}
    for day, aqi in city.aqi.items():
        grade = find_category(aqi)["category_zh"]
        days[day] = (order[grade], f"AQI {aqi} {grade} {city.primary(day)}".strip())
    counts = Counter(classes[key].name for key, _ in days.values())
    missing = (date(year + 1, 1, 1) - date(year, 1, 1)) // timedelta(days=1) - len(days)
    summary = "; ".join(f"{name}: {number}" for name, number in counts.most_common()) + f"; 无数据 no data: {missing}"
    bars = tuple(
        Bar(
            f"{i.pollutant} {i.statistic.split()[0]}",
            None if i.value is None else share_pct(i.value, i.limit),
            note=f"{i.value} / {i.limit} {i.unit}",
        )
        for i in items
    )
    text = "; ".join(f"{b.label} {b.value} %" for b in bars if b.value is not None)
    return (
        Calendar(f"{year} 年逐日空气质量 Air quality by day", year, days, classes, summary),
        Bars("各项占限值的比例 Items as a share of their limits", "%", bars, text, (Limit("限值 limit", Decimal(100)),)),
    )
