"""The data of the air calculators: hours of monitoring points, and the days that dust storms made."""

from __future__ import annotations

from typing import Final

from sizhang.calculators.air.days import O3_UG_M3_MAX
from sizhang.calculators.form.schema import Column, Schema


def _gas(name: str, title: str, high: int) -> Column:
    return Column(name, "number", title, required=False, decimals=1, low=0, high=high)


_STATION: Final = Column("station", "text", "监测点 monitoring point")
_HOUR: Final = Column("hour_start_at", "instant", "小时起点 start of the hour, local time", other_names={"hour_end_at": -1})

HOURS: Final = Schema(
    "hours",
    "小时浓度 hourly means of monitoring points",
    (
        _STATION,
        _HOUR,
        _gas("so2_ug_m3", "二氧化硫 SO₂", 10_000),
        _gas("no2_ug_m3", "二氧化氮 NO₂", 10_000),
        Column("co_mg_m3", "number", "一氧化碳 CO", required=False, decimals=3, low=0, high=500, other_names={"co_ug_m3": 3}),
        _gas("o3_ug_m3", "臭氧 O₃", O3_UG_M3_MAX),
        _gas("pm10_ug_m3", "可吸入颗粒物 PM10", 10_000),
        _gas("pm25_ug_m3", "细颗粒物 PM2.5", 10_000),
    ),
    key=("station", "hour_start_at"),
    one_of=("so2_ug_m3", "no2_ug_m3", "co_mg_m3", "o3_ug_m3", "pm10_ug_m3", "pm25_ug_m3"),
)

DUST_DAYS: Final = Schema(
    "dust_days",
    "沙尘影响日 days that a dust storm made, as the province's centre confirmed them",
    (Column("dust_day", "date", "日期 day"), Column("document", "text", "文号 document that confirms it")),
    key=("dust_day",),
    optional=True,
)
