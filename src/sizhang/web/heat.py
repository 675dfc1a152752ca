"""The heat map's cells: a year's 36 旬 as shapes in one row, each shape the one of its light."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from sizhang.app.cadence import track_of
from sizhang.cadence.pace import state_of
from sizhang.cadence.plan import XUN_OF_YEAR, xun_of
from sizhang.store.cadence_plans import TrackRow, numbers_of
from sizhang.web.rows import light_name

_CELL: Final = 10
_SHAPES: Final = {
    "kept": '<circle class="cell kept" cx="{x}" cy="6" r="3.4"/>',
    "risk": '<path class="cell risk" d="M{x} 2.2l4 7.2h-8z"/>',
    "broken": '<rect class="cell broken" x="{left}" y="2.6" width="6.8" height="6.8"/>',
    "recovered": '<path class="cell recovered" d="M{x} 1.6l4.4 4.4-4.4 4.4-4.4-4.4z"/>',
    "open": '<circle class="cell open" cx="{x}" cy="6" r="1.3"/>',
}


@lru_cache(maxsize=4_096)
def states_of_year(row: TrackRow, on: date) -> tuple[str, ...]:
    """The state of each of the 36 旬: `kept`, `risk`, `broken`, `recovered`, `open`, or empty where nothing was asked and nothing done."""
    track = track_of(row, on)
    cells, delivered = numbers_of(row.cells), numbers_of(row.delivered)
    out = []
    for place, period in enumerate(xun_of(row.year)):
        state = state_of(track, period).replace("at_risk", "risk")
        idle = not cells[place] and (place >= len(delivered) or not delivered[place])
        out.append("" if idle and state in ("kept", "open") else state)
    return tuple(out)


def draw_heat(states: Sequence[str]) -> Markup:
    """One row of the map. Its label counts the shapes, so that it says the same to those who do not see it."""
    parts = []
    for place, state in enumerate(states):
        if state:
            x = place * _CELL + _CELL / 2
            parts.append(_SHAPES[state].format(x=f"{x:g}", left=f"{x - 3.4:g}"))
    for month in range(1, 12):
        x = 3 * month * _CELL
        parts.append(f'<path class="{"strong" if month % 3 == 0 else "thin"}" d="M{x} 0v12"/>')
    counts = Counter(state for state in states if state and state != "open")
    label = "，".join(f"{light_name(state)} {count}" for state, count in sorted(counts.items()))
    box = f"0 0 {XUN_OF_YEAR * _CELL} 12"
    head = f'<svg class="heat" viewBox="{box}" role="img" aria-label="{escape(label or "—")}">'
    return Markup(f"{head}{''.join(parts)}</svg>")  # noqa: S704 - shapes and numbers, and a label that is escaped
