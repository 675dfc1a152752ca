"""What the year of one promise looks like: plan, claims and verifications over its 36 旬, deficits as they are carried, the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import accumulate
from typing import Any, Final

from django.core.cache import caches

from sizhang.app.cadence import track_of
from sizhang.cadence.pace import compute_pace
from sizhang.cadence.plan import XUN_OF_YEAR, cell_of
from sizhang.core.day import this_day
from sizhang.core.ledger import Stage
from sizhang.core.quantity import format_number
from sizhang.store.cadence_plans import TrackRow, numbers_of
from sizhang.store.connection import Store
from sizhang.store.reading import HistoryRow, PromiseInfo, number_of
from sizhang.web.charts import YearChart, draw_year
from sizhang.web.lights import day_of_year
from sizhang.web.overview import Version

_FORECAST_KEPT_S: Final = 3_600


@dataclass(frozen=True)
class Forecast:
    """The year's end, in the promise's unit.

    Attributes:
        chance_pct: whole per cent that the year's plan is met.
        low, high: between which the year ends in eight of ten such years.
        own, simulated: closed years of this ledger and simulated ones on which it rests.
        why_not: why nothing can be said; the rest is then empty.
    """

    chance_pct: int
    low: Decimal
    high: Decimal
    own: int
    simulated: int
    why_not: str = ""


@dataclass(frozen=True)
class Outlook:
    """What the pace says, as text in the promise's unit."""

    need_xun: str
    best_xun: str
    owed: str
    owed_month: str
    owed_quarter: str
    owed_year: str
    unplaced: str
    last_start: date | None
    closed: int


def outlook_of(track: TrackRow) -> Outlook:
    """The pace of a promise on the day on which its year is looked at."""
    pace = compute_pace(track_of(track, day_of_year(track.year)))

    def show(steps: int | None) -> str:
        return format_number(steps, track.decimals) if steps is not None else ""

    carried = pace.carried
    owed = (show(pace.due), show(carried.owed_month), show(carried.owed_quarter), show(carried.owed_year), show(carried.unplaced))
    return Outlook(show(pace.need_xun), show(pace.best_xun), *owed, pace.last_start, track.closed)


def forecast_of(store: Store, track: TrackRow, version: Version, *, wait: bool) -> Forecast | None:
    """The forecast of a promise, which rests on what is closed; None where it was not computed since then and `wait` is not set."""
    key = _key(store, track.number, track.year, version)
    held: Forecast | None = caches["pages"].get(key)
    if held is None and wait:
        held = _forecast(store, track)
        caches["pages"].set(key, held, _FORECAST_KEPT_S)
    return held


def has_forecast(store: Store, number: str, year: int, version: Version) -> bool:
    """Whether the forecast of a promise has been computed since the last closing."""
    return caches["pages"].get(_key(store, number, year, version)) is not None


def _key(store: Store, number: str, year: int, version: Version) -> str:
    told = (store.url, number, day_of_year(year), version.rest)
    return "forecast:" + sha256(repr(told).encode()).hexdigest()


def _forecast(store: Store, track: TrackRow) -> Forecast:
    from sizhang.app.forecast import compute_forecasts

    rows, basis = compute_forecasts(store, day_of_year(track.year), promise=track.number)
    row = next(row for row in rows if row.track.number == track.number)
    if row.chance is None:
        return Forecast(0, Decimal(0), Decimal(0), basis.own, basis.simulated, row.why_not)
    planned = number_of(sum(numbers_of(track.cells)), track.decimals)
    step = Decimal(1).scaleb(-track.decimals)
    low, high = ((planned * Decimal(row.ends[place]).quantize(Decimal("0.0001"))).quantize(step) for place in (1, 3))
    return Forecast(round(row.chance * 100), low, high, basis.own, basis.simulated)


def draw_outlook(
    info: PromiseInfo,
    history: Sequence[HistoryRow],
    track: TrackRow | None,
    forecast: Forecast | None,
    parts: Sequence[TrackRow] = (),
) -> Any:
    """The year's chart, with the fan where there is a forecast; a promise that was divided is drawn as the sum of its parts."""
    counted = {info.number, *(part.number for part in parts)}
    own = [entry for entry in history if entry.promise in counted]
    now = cell_of(min(this_day(), date(info.year, 12, 31))) + 1 if this_day().year >= info.year else 0
    claimed = _cumulative(own, (Stage.CLAIMED, Stage.VERIFIED, Stage.SETTLED), info, now)
    verified = _cumulative(own, (Stage.VERIFIED, Stage.SETTLED), info, now)
    promised = number_of(sum(_moved(entry, (1, 2, 3, 4)) for entry in own), info.decimals)
    plan: list[Decimal] = []
    low: list[Decimal] = []
    high: list[Decimal] = []
    planned = [numbers_of(one.cells) for one in ((track, *parts) if track is not None else parts)]
    if planned:
        plan = [number_of(steps, info.decimals) for steps in accumulate(map(sum, zip(*planned, strict=True)))]
        if forecast is not None and not forecast.why_not and 0 < now < XUN_OF_YEAR:
            start = claimed[-1] if claimed else Decimal(0)
            low, high = _fan(plan, now, start, forecast.low), _fan(plan, now, start, forecast.high)
            # The fan begins where the deliveries end, which are what was forecast.
            verified = verified[:now]
    return draw_year(YearChart(info.unit, promised, plan, claimed, verified, low, high))


def _fan(plan: Sequence[Decimal], now: int, start: Decimal, end: Decimal) -> list[Decimal]:
    """From what is delivered to the year's end, laid over the 旬 left as the plan lays its own; evenly where it plans nothing more."""
    left, steps = plan[-1] - plan[now - 1], XUN_OF_YEAR - now
    shares = [(plan[place] - plan[now - 1]) / left if left else Decimal(place + 1 - now) / steps for place in range(now - 1, XUN_OF_YEAR)]
    return [start + (end - start) * share for share in shares]


def _cumulative(own: Sequence[HistoryRow], stages: tuple[int, ...], info: PromiseInfo, now: int) -> list[Decimal]:
    """What stood at some stages at the end of each 旬 until now."""
    moved = [0] * XUN_OF_YEAR
    for entry in own:
        if entry.effective_on.year <= info.year:
            place = cell_of(entry.effective_on) if entry.effective_on.year == info.year else 0
            moved[place] += _moved(entry, stages)
    return [number_of(steps, info.decimals) for steps in list(accumulate(moved))[:now]]


def _moved(entry: HistoryRow, stages: tuple[int, ...]) -> int:
    return entry.steps * ((entry.target in stages) - (entry.source in stages))
