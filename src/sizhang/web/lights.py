"""Lights of promises, from the cadence: kept now, the state of all at once, and the reason only of those that are shown.

They are computed anew when something was booked, planned or closed, but at most once in two seconds by each process: while hundreds
report, a light may be two seconds older than the numbers beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Final

from django.utils.translation import get_language

from sizhang.app.cadence import load_day, track_of
from sizhang.app.due import DueRow, compute_due, numbers_shown
from sizhang.cadence.pace import compute_pace, reasons
from sizhang.core.day import this_day
from sizhang.core.quantity import format_number
from sizhang.store.cadence_plans import TrackRow, numbers_of
from sizhang.store.connection import Store

_KEPT_S: Final = 2.0
_STATES: Final = {"green": "kept", "yellow": "risk", "red": "broken"}
_held: dict[tuple[str, int, date], tuple[object, float, Mapping[str, Light]]] = {}


@dataclass(frozen=True)
class Light:
    """A light: `kept`, `risk`, `broken`, `recovered`, or empty where nothing is planned."""

    state: str = ""
    track: TrackRow | None = None
    on: date | None = None

    @property
    def reason(self) -> str:
        """Why, in the reader's language; empty where nothing is planned."""
        return self._said[1 if get_language() == "en" else 0]

    @property
    def pace(self) -> str:
        """What the 旬 that runs still needs, with its unit."""
        return self._said[2]

    @cached_property
    def _said(self) -> tuple[str, str, str]:
        if self.track is None or self.on is None:
            return "", "", ""
        track = track_of(self.track, self.on)
        pace = compute_pace(track)
        need = f"{Decimal(format_number(pace.need_xun, self.track.decimals)):,f} {self.track.unit}"
        return (*reasons(track, pace, numbers_shown(self.track, pace)), need)


def day_of_year(year: int) -> date:
    """The day on which a year is looked at: today, its last where it is over, its first where it has not begun."""
    return min(max(this_day(), date(year, 1, 1)), date(year, 12, 31))


def version_of(store: Store) -> tuple[object, ...]:
    """What changes with every entry, plan, closing and assignment; the number of the last entry comes first."""
    sql = (
        "SELECT h.seq, (SELECT COALESCE(MAX(id), 0) FROM plan), (SELECT COALESCE(MAX(id), 0) FROM closing), "
        "(SELECT COALESCE(MAX(id), 0) FROM assignment), (SELECT COUNT(*) FROM promise) FROM head h WHERE h.id = 1"
    )
    return tuple(store.rows(sql)[0])


def lights_of(store: Store, year: int, version: tuple[object, ...] | None = None) -> Mapping[str, Light]:
    """The lights of all planned promises of a year by number; `version` where it is known already."""
    on = day_of_year(year)
    key = (store.url, year, on)
    version, now = version or version_of(store), time.monotonic()
    held = _held.get(key)
    if held is not None and (held[0] == version or now - held[1] < _KEPT_S):
        return held[2]
    lights = compute_lights_of(store, on)
    if len(_held) > 8:
        _held.clear()
    _held[key] = (version, now, lights)
    return lights


def lights_of_years(store: Store, years: Iterable[int]) -> Mapping[str, Light]:
    """The lights of several years."""
    out: dict[str, Light] = {}
    for year in sorted(set(years)):
        out |= lights_of(store, year)
    return out


def compute_lights_of(store: Store, on: date) -> Mapping[str, Light]:
    """The lights of a day, computed now; empty where nothing is planned."""
    if not store.rows("SELECT 1 FROM track t JOIN promise p ON p.id = t.promise_id WHERE p.year = %s LIMIT 1", [on.year]):
        return {}
    return {row.track.number: Light(_state(row), row.track, on) for row in compute_due(store, on)}


def _state(row: DueRow) -> str:
    """Recovered is what owes nothing now and once did at the end of a 旬."""
    if row.light != "green":
        return _STATES[row.light]
    cells, delivered = numbers_of(row.track.cells), numbers_of(row.track.delivered)
    behind = accumulate(cell - done for cell, done in zip(cells, delivered, strict=False))
    return "recovered" if any(steps > 0 for steps in behind) else "kept"


def load_tracks_of(store: Store, number: str, year: int) -> dict[str, TrackRow]:
    """The tracks of a promise and its parts by number; empty where nothing is planned."""
    sql = "SELECT 1 FROM track t JOIN promise p ON p.id = t.promise_id WHERE p.number = %s OR p.number LIKE %s LIMIT 1"
    if not store.rows(sql, [number, f"{number}.%"]):
        return {}
    return {row.number: row for row in load_day(store, day_of_year(year), promise=number)}
