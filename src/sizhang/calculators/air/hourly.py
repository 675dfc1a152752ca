"""The index of every hour, as the real-time report gives it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sizhang.calculators.air.breakpoints import POLLUTANTS, find_category
from sizhang.calculators.air.days import COLUMN, NONE, STEPS, Whole, compute_iaqi, round_half_even
from sizhang.calculators.air.editions import choose_editions
from sizhang.calculators.form.calculator import Options, Sample
from sizhang.calculators.form.result import Coverage, Result, Trace, Value, Verdict
from sizhang.calculators.form.tables import rows_where
from sizhang.charts.spec import Klass, Shares

if TYPE_CHECKING:
    from sizhang.calculators.form.inputs import Checked

PARTICLES: Final = ("PM10", "PM2.5")
MOVING_HOURS: Final = 24
MOVING_HOURS_MIN: Final = 20


def compute_hourly_indices(hours: Mapping[str, Whole], edition: str) -> dict[str, Whole]:
    """IAQI of each pollutant and `AQI` of rows of whole report units; NONE where there is none.

    Args:
        hours: hourly means of the gases; of the particles hourly means (2026) or 24-hour moving means (2012).
    """
    import numpy as np

    found = {}
    for pollutant in POLLUTANTS:
        averaging = "24h" if pollutant in PARTICLES and edition == "HJ 633-2012" else "1h"
        found[pollutant] = compute_iaqi(hours[pollutant], edition, pollutant, averaging)
    largest, least = found["SO2"].copy(), hours["SO2"]
    for pollutant, index in found.items():
        np.maximum(largest, index, out=largest)
        least = np.minimum(least, hours[pollutant])
    largest[(least < 0) & (largest <= 100)] = NONE
    return {**found, "AQI": largest}


def moving_means(hours: Whole, station: Any, instant: Any, steps: int) -> Whole:
    """Means over the 24 hours that end with each row's hour, in whole report units; NONE with fewer than 20 of them.

    Args:
        hours: in steps, NONE where absent; rows in the order of station and hour.
    """
    import numpy as np

    there = hours >= 0
    sums, counts = np.concatenate([[0], np.cumsum(np.where(there, hours, 0))]), np.concatenate([[0], np.cumsum(there)])
    # One rising number for station and hour, so that one search finds where each row's 24 hours begin.
    clock = np.asarray(station, np.int64) * 2**40 + np.asarray(instant, "datetime64[h]").astype(np.int64)
    first = np.searchsorted(clock, clock - (MOVING_HOURS - 1))
    rows = np.arange(1, len(hours) + 1)
    total, count = sums[rows] - sums[first], counts[rows] - counts[first]
    return np.where(count >= MOVING_HOURS_MIN, round_half_even(total, np.maximum(count, 1) * steps), NONE)


def compute_hourly(inputs: Mapping[str, Checked], options: Options) -> Result:
    """Hours by grade at each point, and the worst of them."""
    import numpy as np

    checked = inputs["hours"]
    relation = checked.relation if options.year is None else checked.relation.filter(f"year(hour_start_at) = {options.year}")
    table = relation.order("station, hour_start_at").to_arrow_table()
    instants = table["hour_start_at"].to_numpy()
    year = options.year or (instants.max().astype("datetime64[Y]").astype(int) + 1970 if len(instants) else date.today().year)
    editions = choose_editions(options, int(year))
    names, codes = np.unique(table["station"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True)
    values = {}
    for pollutant, column in COLUMN.items():
        steps = table[column].fill_null(NONE).to_numpy()
        moving = pollutant in PARTICLES and editions.index == "HJ 633-2012"
        values[pollutant] = moving_means(steps, codes, instants, STEPS[pollutant]) if moving else round_half_even(steps, STEPS[pollutant])
    indices = compute_hourly_indices(values, editions.index)
    aqi = indices["AQI"]
    grades = [int(row["aqi_hi"]) for row in rows_where("air_categories")]
    classes = {
        str(n): Klass(row["category_zh"], f"#{int(row['r']):02x}{int(row['g']):02x}{int(row['b']):02x}")
        for n, row in enumerate(rows_where("air_categories"), start=1)
    }
    grade = np.searchsorted(grades, aqi)
    counts = {
        str(name): {str(n + 1): int(((codes == place) & (aqi >= 0) & (grade == n)).sum()) for n in range(len(grades))}
        for place, name in enumerate(names)
    }
    good, valid = int(((aqi >= 0) & (aqi <= 100)).sum()), int((aqi >= 0).sum())
    summary = "; ".join(f"{name}: {sum(v for k, v in c.items() if k in '12')} of {sum(c.values())} h" for name, c in counts.items())
    return Result(
        calculator="air_hourly",
        title="逐小时空气质量指数 AQI of every hour",
        values=(
            Value("good_hours", "优良小时 Hours with AQI ≤ 100", good, "站点小时 station-hours", good, valid, "站点小时 station-hours"),
            Value("highest_aqi", "最高 AQI Highest AQI", int(aqi.max(initial=NONE)) if valid else None),
        ),
        coverage=(Coverage("站点小时 station-hours", None, checked.present, valid, checked.rejected),),
        standards=editions.standards()[:1],
        verdict=Verdict("no verdict", "小时指数不作年度判断 The hourly index judges no year: use `air`."),
        trace=(_worst(indices, names[codes], instants),),
        rejections=checked.rejections,
        charts=(Shares("各点位小时等级 Hours by grade at each point", "小时 h", counts, classes, summary),),
    )


def _worst(indices: Mapping[str, Whole], stations: Any, instants: Any) -> Trace:
    import numpy as np

    aqi = indices["AQI"]
    rows = []
    for row in np.argsort(-aqi, kind="stable")[:20]:
        if aqi[row] == NONE:
            break
        primary = ", ".join(p for p in POLLUTANTS if aqi[row] > 50 and indices[p][row] == aqi[row])
        hour: datetime = instants[row].astype("datetime64[s]").item()
        rows.append((str(stations[row]), f"{hour:%Y-%m-%d %H:00}", int(aqi[row]), find_category(int(aqi[row]))["category_zh"], primary))
    return Trace("最差的小时 The worst hours", ("监测点 point", "小时起点 hour", "AQI", "等级", "首要污染物 primary"), tuple(rows))


def make_hourly_sample(seed: int) -> Sample:
    """The hours of the year's sample: every hour of a day is like the others, so the highest index is known from the worst hour."""
    from sizhang.calculators.air.breakpoints import get_breakpoints
    from sizhang.calculators.air.sample import YEAR, make_sample

    text = make_sample(seed).files["air_hours.csv"]
    worst = 0
    for line in text.splitlines()[1:]:
        cells = line.split(",")
        if len(cells) == 8 and cells[1][:4] == str(YEAR) and cells[1][5:10] != "02-30":
            for pollutant, cell in (("O3", cells[5]), ("PM10", cells[6]), ("PM2.5", cells[7])):
                worst = max(worst, get_breakpoints("HJ 633-2026", pollutant, "1h").compute_iaqi(int(cell)) or 0)
    return Sample({"air_hours.csv": text}, {"highest_aqi": worst}, Options(edition="2026"))
