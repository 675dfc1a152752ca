"""Lights of promises, from the cadence: the state of many at once, and the reason only of those that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Final

from sizhang.app.cadence import counts_of, load_day, track_of
from sizhang.app.due import DueRow, compute_due, due_of_tracks, numbers_shown
from sizhang.cadence.pace import compute_pace, reasons
from sizhang.core.day import this_day
from sizhang.core.errors import LANGUAGES
from sizhang.core.quantity import format_number
from sizhang.store.cadence_plans import TrackRow, load_tracks_among, numbers_of
from sizhang.store.connection import Store
from sizhang.web.telling import reader_language

_STATES: Final = {"green": "kept", "yellow": "risk", "red": "broken"}


@dataclass(frozen=True)
class Light:
    """A light: `kept`, `risk`, `broken`, `recovered`, or empty where nothing is planned."""

    state: str = ""
    track: TrackRow | None = None
    on: date | None = None

    @property
    def reason(self) -> str:
        """Why, in the reader's language; empty where nothing is planned."""
        return self._said[LANGUAGES.index(reader_language())]

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


def compute_lights_of(store: Store, on: date) -> Mapping[str, Light]:
    """The lights of a day, computed now; empty where nothing is planned."""
    if not store.rows("SELECT 1 FROM track t JOIN promise p ON p.id = t.promise_id WHERE p.year = %s LIMIT 1", [on.year]):
        return {}
    return _lights(compute_due(store, on), on)


def compute_lights_among(store: Store, on: date, promise_ids: Sequence[int]) -> Mapping[str, Light]:
    """The lights of some promises of a day's year by what stands now."""
    return _lights(due_of_tracks(load_tracks_among(store, promise_ids, counts_of(store)), on), on)


def _lights(rows: Iterable[DueRow], on: date) -> dict[str, Light]:
    return {row.track.number: Light(_state(row), row.track, on) for row in rows}


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
