"""Rivers and springs 河流复流与泉水出流: days with flow, the water level against the outlet, and the longest dry spell.

Source: none found; the least flow that counts is a setting, the outlet's elevation comes with the data. A day without a reading is no day
with flow and no dry day: the verdict must hold whichever it was.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from sizhang.calculators.form.account import Refusal, refuse_rows
from sizhang.calculators.form.calculator import Calculator, Options, Sample, Setting
from sizhang.calculators.form.judging import choose_year, judge_between
from sizhang.calculators.form.result import Coverage, Result, Standard, Trace, Value, Verdict
from sizhang.calculators.form.schema import Column, Schema
from sizhang.charts.spec import Line, Lines

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

READINGS = Schema(
    "readings",
    "逐日流量或水位 Daily flow or level",
    (
        Column("place", "text", "断面或泉 Section or spring"),
        Column("measured_on", "date", "日期 Day"),
        Column("flow_m3_s", "number", "流量 Flow, m³/s", required=False, decimals=4, low=0, high=100_000),
        Column("level_m", "number", "水位 Level, m", required=False, decimals=3, low=-500, high=9000),
        Column("outlet_m", "number", "出流口高程 Outlet, m", required=False, decimals=3, low=-500, high=9000),
    ),
    ("place", "measured_on"),
    one_of=("flow_m3_s", "level_m"),
)


class Place(NamedTuple):
    """A place's year.

    Attributes:
        flowing: whether it flowed, for each day that has a reading.
        levels: level over the outlet in metres, for each day that has one.
    """

    name: str
    flowing: dict[date, bool]
    levels: dict[date, Decimal]

    @property
    def days_with_flow(self) -> int:
        return sum(self.flowing.values())

    def longest_dry(self) -> int:
        """Most days on end that were read as dry; a day without a reading ends the spell."""
        longest = run = 0
        before: date | None = None
        for day, flows in sorted(self.flowing.items()):
            run = 0 if flows else run + 1 if before == day - timedelta(1) else 1
            longest, before = max(longest, run), day
        return longest


def find_flow(row: Mapping[str, Any], least_m3_s: Decimal) -> bool | None:
    """Whether a place flowed on a day: by its flow, else by its level at or above the outlet; None where neither is known."""
    if row["flow_m3_s"] is not None:
        return bool(row["flow_m3_s"] > least_m3_s)
    if row["level_m"] is not None and row["outlet_m"] is not None:
        return bool(row["level_m"] >= row["outlet_m"])
    return None


def compute_flow_days(data: Mapping[str, Checked], options: Options) -> Result:
    """Days with flow of each place in a year."""
    checked, least = data["readings"], options.find_number("flow_m3_s_min") or Decimal(0)
    year = choose_year(options, checked, "measured_on")
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    flowing: dict[str, dict[date, bool]] = defaultdict(dict)
    levels: dict[str, dict[date, Decimal]] = defaultdict(dict)
    refusals = []
    for row in checked.rows():
        flows = find_flow(row, least)
        if flows is None:
            refusals.append(Refusal(row, f"{row['place']} {row['measured_on']}", "neither flow nor level with its outlet"))
        elif row["measured_on"].year == year:
            flowing[row["place"]][row["measured_on"]] = flows
            if row["level_m"] is not None and row["outlet_m"] is not None:
                levels[row["place"]][row["measured_on"]] = row["level_m"] - row["outlet_m"]
    places = [Place(name, flowing[name], levels[name]) for name in sorted(flowing)]
    read = sum(len(place.flowing) for place in places)
    account = refuse_rows(checked, refusals)
    worst = min(places, key=lambda place: place.days_with_flow, default=None)
    rows = tuple((p.name, p.days_with_flow, len(p.flowing), days - len(p.flowing), p.longest_dry()) for p in places)
    return Result(
        calculator="flow_days",
        title=f"{year} 年有水天数 Days with flow",
        values=(
            Value("days_with_flow_min", "有水天数最少的 Fewest days with flow", worst.days_with_flow if worst else None, "天 days"),
            Value(
                "places_flowing_all_read_days", "读数日全部有水的 Always flowing", sum(all(p.flowing.values()) for p in places), "个 places"
            ),
            Value("longest_dry_days", "最长断流 Longest dry spell", max((p.longest_dry() for p in places), default=None), "天 days"),
        ),
        coverage=(account.coverage("读数 readings"), Coverage("日 place-days", days * len(places), read, read)),
        standards=(Standard("", "没有找到标准 No standard was found", "", "the least flow is a setting"),),
        verdict=judge_days(places, days, options),
        trace=(Trace("各处 Places", ("断面或泉 place", "有水 flowing", "有读数 read", "缺测 missing", "最长断流 longest dry"), rows),),
        notes=(f"流量大于 {least} m³/s 算有水 A flow above {least} m³/s counts.",),
        rejections=account.rejections,
        detail=(Trace("各处 Places", ("place", "days_with_flow", "days_read", "days_missing", "longest_dry_days"), rows),),
        charts=(chart_months(places, year),),
    )


def judge_days(places: list[Place], days: int, options: Options) -> Verdict:
    """Every place must reach the target: missing days count as dry for the lower bound and as flowing for the upper."""
    low = min((Decimal(place.days_with_flow) for place in places), default=None)
    high = min((Decimal(place.days_with_flow + days - len(place.flowing)) for place in places), default=None)
    return judge_between(low, high, options, target="days_with_flow_min", unit="天 days")


def chart_months(places: list[Place], year: int) -> Lines:
    """Days with flow by month; a month without a reading breaks the line."""
    labels = tuple(f"{year}-{month:02}" for month in range(1, 13))
    lines = []
    for place in places:
        months: list[Decimal | int | None] = []
        for month in range(1, 13):
            read = [flows for day, flows in place.flowing.items() if day.month == month]
            months.append(sum(read) if read else None)
        lines.append(Line(place.name, tuple(months)))
    summary = "; ".join(f"{place.name} {place.days_with_flow} 天 days" for place in places) or "没有读数 no reading"
    return Lines("每月有水天数 Days with flow by month", "天 days", labels, tuple(lines), summary)


def build_sample(seed: int) -> Sample:
    """A spring that flows from April on by its level, a river that dries for thirty days, ten days unread, and bad rows."""
    source, lines = random.Random(seed), ["place,measured_on,flow_m3_s,level_m,outlet_m"]  # noqa: S311 - invented data, not a secret
    for number in range(365):
        day = date(2023, 1, 1) + timedelta(number)
        over = Decimal(source.randint(0, 300)) / 100 if day >= date(2023, 4, 1) else -Decimal(source.randint(1, 300)) / 100
        lines.append(f"泉,{day},,{Decimal('802.59') + over},802.59")
        if not 200 <= number < 210:
            lines.append(f"河,{day},{0 if 100 <= number < 130 else Decimal(source.randint(1, 500)) / 100},,")
    lines += ["泉,2023-13-01,,803,802.59", "河,2023-07-21,干,,", "河,2023-07-22,-1,,", "河,2023-07-23,,,"]
    truth: dict[str, Decimal | int | str | None] = {"days_with_flow_min": 275, "longest_dry_days": 90}
    return Sample({"readings.csv": "\n".join(lines) + "\n"}, truth, Options(year=2023, settings={"days_with_flow_min": "270"}))


CALCULATORS = (
    Calculator(
        name="flow_days",
        title="河流复流与泉水出流天数 Days with flow of rivers and springs",
        standards=(),
        inputs=(READINGS,),
        compute=compute_flow_days,
        sample=build_sample,
        settings=(
            Setting("flow_m3_s_min", "大于它才算有水 Flow above which it counts, m³/s", "0"),
            Setting("days_with_flow_min", "有水天数目标 Target of days with flow"),
        ),
    ),
)
