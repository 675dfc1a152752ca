"""`due` 应办 and `lights` 亮灯: what every planned promise asks for on a day, computed for all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sizhang.app.cadence import load_day, track_of
from sizhang.cadence.pace import Light, Pace, compute_pace, reasons
from sizhang.cadence.plan import xun_of
from sizhang.core.quantity import format_number
from sizhang.store.cadence_plans import TrackRow
from sizhang.store.connection import Store

_LIGHTS: tuple[Light, ...] = ("green", "yellow", "red")


class DueRow(NamedTuple):
    """What a promise asks for; in steps.

    Attributes:
        period: the 旬 that is open.
        owed: what should be done by now and is not.
        need_xun, need_month: from now until the end of the 旬 and of its month.
        need_day: a day, until the end of the 旬.
    """

    track: TrackRow
    period: str
    light: Light
    owed: int
    need_day: int
    need_xun: int
    need_month: int
    remaining: int


def compute_due(store: Store, on: date, body: str = "", promise: str = "") -> list[DueRow]:
    """What each planned promise of the day's year asks for, by number.

    Raises:
        LedgerError: the body is unknown, or nothing is planned.
    """
    return due_of_tracks(load_day(store, on, body, promise), on)


def due_of_tracks(tracks: Sequence[TrackRow], on: date) -> list[DueRow]:
    """What each of these tracks asks for on a day of their year, by number."""
    out: list[DueRow] = []
    for closed in sorted({track.closed for track in tracks}):
        out += _due_of([track for track in tracks if track.closed == closed], closed, on)
    out.sort(key=lambda row: row.track.number)
    return out


def _due_of(tracks: Sequence[TrackRow], closed: int, on: date) -> Iterable[DueRow]:
    """Promises of which the same 旬 are closed, as columns; too large ones one by one."""
    import numpy as np

    from sizhang.cadence.bulk import STEPS_MAX, pace_many

    cells, weights, delivered = (_columns([getattr(track, name) for track in tracks]) for name in ("cells", "weights", "delivered"))
    period = xun_of(on.year)[min(closed, 35)]
    key, days = period.key, (period.end - max(on, period.start)).days + 1
    if max(int(np.abs(cells).max()), int(np.abs(delivered).max(initial=0)), int(weights.max())) * 36 > STEPS_MAX:
        for track in tracks:
            pace = compute_pace(track_of(track, on))
            yield _row(track, key, pace.light, [pace.due, pace.need_xun, pace.need_month, pace.remaining], days)
        return
    so_far = np.array([track.total for track in tracks], dtype=np.int64) - delivered.sum(axis=1)
    found = pace_many(cells, weights, delivered, so_far, (days, period.days))
    columns = (found.light, found.due, found.need_xun, found.need_month, found.remaining)
    for track, light, *numbers in zip(tracks, *(column.tolist() for column in columns), strict=True):
        yield _row(track, key, _LIGHTS[light], numbers, days)


def _row(track: TrackRow, period: str, light: Light, numbers: Sequence[int], days: int) -> DueRow:
    owed, need_xun, need_month, remaining = numbers
    return DueRow(track, period, light, owed, -(-need_xun // max(days, 1)), need_xun, need_month, remaining)


def _columns(texts: Sequence[str]) -> Any:
    """Rows of numbers as one table of 64-bit integers."""
    import numpy as np

    width = texts[0].count(",") + 1 if texts[0] else 0
    if not width:
        return np.zeros((len(texts), 0), dtype=np.int64)
    return np.fromstring(",".join(texts), dtype=np.int64, sep=",").reshape(len(texts), width)


class Lit(NamedTuple):
    """A promise's light with its reason in Chinese and English."""

    due: DueRow
    zh: str
    en: str


def compute_lights(rows: Iterable[DueRow], on: date) -> list[Lit]:
    """Why each light is what it is."""
    out = []
    for row in rows:
        track = track_of(row.track, on)
        pace = compute_pace(track)
        out.append(Lit(row, *reasons(track, pace, numbers_shown(row.track, pace))))
    return out


def numbers_shown(row: TrackRow, pace: Pace) -> list[str]:
    """The numbers of a reason as text with unit: owed, need, plan and best of a 旬."""
    cells = tuple(map(int, row.cells.split(",")))
    planned = cells[row.closed] if row.closed < len(cells) else 0
    best = pace.best_xun if pace.best_xun is not None else max(cells)
    return [f"{Decimal(format_number(steps, row.decimals)):,f} {row.unit}" for steps in (pace.due, pace.need_xun, planned, best)]
