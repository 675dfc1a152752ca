"""Air 大气: the index of hours and days, and a year's evaluation."""

from __future__ import annotations

from sizhang.calculators.air.hourly import compute_hourly, make_hourly_sample
from sizhang.calculators.air.inputs import DUST_DAYS, HOURS
from sizhang.calculators.air.report import compute_air
from sizhang.calculators.air.sample import make_sample
from sizhang.calculators.form.calculator import Calculator, Setting

CALCULATORS = (
    Calculator(
        name="air",
        title="环境空气质量年评价 Air quality of a year: AQI by day, good-day ratio, evaluation",
        standards=("HJ 633-2012 | HJ 633-2026", "GB 3095-2012 | GB 3095-2026", "HJ 663-2013 (6, table 1)"),
        inputs=(HOURS, DUST_DAYS),
        compute=compute_air,
        sample=make_sample,
        settings=(Setting("points", "城市应有点位数 number of points that the city must have; else those of the data"),),
    ),
    Calculator(
        name="air_hourly",
        title="逐小时空气质量指数 AQI of every hour: the real-time report",
        standards=("HJ 633-2012 | HJ 633-2026",),
        inputs=(HOURS,),
        compute=compute_hourly,
        sample=make_hourly_sample,
    ),
)
