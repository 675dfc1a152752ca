"""A year of an invented city with three points, faults included; every truth follows from how the data are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import cos, pi
from random import Random
from typing import Final

from sizhang.calculators.form.calculator import Options, Sample
from sizhang.calculators.form.rounding import mean, share_pct

YEAR: Final = 2023
_POINTS: Final = (("晋源", -3), ("坞城", 0), ("南寨", 3))
_SILENT_DAYS: Final = 5
_DUST_DAYS: Final = 4
_HEADING: Final = "station,hour_end_at,so2_ug_m3,no2_ug_m3,co_mg_m3,o3_ug_m3,pm10_ug_m3,pm25_ug_m3"


@dataclass(frozen=True, slots=True)
class _Day:
    """What holds in every hour of a day: the city's means; the points lie 3 µg/m³ of PM2.5 below, at, and above it."""

    day: date
    pm25: int
    pm10: int
    o3: int
    silent: bool
    dust: bool

    @property
    def good(self) -> bool:
        return self.pm25 <= 75 and self.pm10 <= 150 and self.o3 <= 160


def make_sample(seed: int) -> Sample:
    """Hours of three points over a year, the dust days, and the truth.

    Faults: five days without a report, single hours missing, a row twice, rows out of range, a row cut short.
    """
    random = Random(seed)  # noqa: S311 - data, no secret
    days = _make_days(random)
    rows = [row for day in days if not day.silent for row in _rows_of(day, random)]
    rows.insert(100, rows[99])
    rows.insert(200, f"坞城,{YEAR}-02-30 08:00,10,30,0.8,60,70,40")
    rows.insert(300, "坞城,很早以前,10,30,0.8,60,70,40")
    rows.insert(400, f"坞城,{YEAR}-01-01 01:00")
    dust = [
        "dust_day,document",
        *(f"{d.day.isoformat()},例环测〔{YEAR}〕{number}号" for number, d in enumerate((d for d in days if d.dust), start=1)),
    ]
    files = {"air_hours.csv": "\n".join([_HEADING, *rows]) + "\n", "air_dust_days.csv": "\n".join(dust) + "\n"}
    heard = [d for d in days if not d.silent]
    kept = [d for d in heard if not d.dust]
    truth = {
        "good_days": sum(d.good for d in heard),
        "good_day_ratio_pct": share_pct(sum(d.good for d in heard), len(heard)),
        "o3_over_days": sum(d.o3 > 160 for d in heard),
        "pm25_annual": mean([d.pm25 for d in heard], 0),
        "pm10_annual": mean([d.pm10 for d in heard], 0),
        "dust_days": _DUST_DAYS,
        "adjusted_good_day_ratio_pct": share_pct(sum(d.good for d in kept), len(kept)),
        "adjusted_pm10_annual": mean([d.pm10 for d in kept], 0),
    }
    return Sample(files, truth, Options(year=YEAR, edition="2012"))


def _make_days(random: Random) -> list[_Day]:
    days = [date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)]
    silent = set(random.sample(days[40:], _SILENT_DAYS))
    dust = set(random.sample([d for d in days if d.month in (3, 4) and d not in silent], _DUST_DAYS))
    made = []
    for number, day in enumerate(days):
        winter = (1 + cos(2 * pi * number / 365)) / 2
        pm25 = max(4, int(18 + 42 * winter * random.lognormvariate(0, 0.45)))
        o3 = max(20, int(165 - 120 * winter + random.gauss(0, 22)))
        pm10 = random.randint(300, 600) if day in dust else pm25 + random.randint(20, 55)
        made.append(_Day(day, pm25, pm10, min(o3, 240), day in silent, day in dust))
    return made


def _rows_of(day: _Day, random: Random) -> list[str]:
    """The hours of a day; a point may miss up to three of them, between 1 and 7 o'clock, so that the day stays valid."""
    rows = []
    start = datetime(day.day.year, day.day.month, day.day.day)
    for point, offset in _POINTS:
        missing = set(random.sample(range(1, 7), random.choice((0, 0, 0, 1, 2))))
        for hour in range(24):
            if hour in missing:
                continue
            end = start + timedelta(hours=hour + 1)
            rows.append(f"{point},{end:%Y-%m-%d %H:%M},12,35,0.9,{day.o3},{day.pm10},{day.pm25 + offset}")
    return rows
