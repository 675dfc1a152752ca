"""`forecast` 预测: the chance that each promise's year is met, and how such forecasts did over the years that are closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sizhang.app.cadence import counts_of, load_day
from sizhang.store.cadence_plans import TrackRow, load_tracks
from sizhang.store.connection import Store

# Below this many closed years of its own a ledger compares with simulated ones as well.
OWN_YEARS_ENOUGH: Final = 400
_SIMULATED: Final = 1200
_SEED: Final = 20_260_101


class ForecastRow(NamedTuple):
    """A promise's forecast.

    Attributes:
        chance: that the plan of the year is met, 0 to 1; None where nothing can be said.
        ends: the year's end as shares of the plan at 2.5, 10, 50, 90 and 97.5 %.
        why_not: why nothing can be said.
    """

    track: TrackRow
    chance: float | None
    ends: tuple[float, ...]
    why_not: str


class Basis(NamedTuple):
    """What the forecasts rest on: closed years of this ledger, and simulated ones."""

    own: int
    simulated: int


def _library(store: Store, year: int, domain: str = "") -> tuple[Any, Basis]:
    """Completed years to compare with: the ledger's own, of the domain where there are enough, else with the simulated ones."""
    import numpy as np

    from sizhang.cadence.simulate import Years

    own = [row for row in load_tracks(store, year=year, others=True, counts=counts_of(store)) if row.closed == 36]
    own = [row for row in own if row.year < year and any(map(int, row.cells.split(",")))]
    like = [row for row in own if row.domain == domain]
    chosen = like if len(like) >= OWN_YEARS_ENOUGH else own
    years = years_of(chosen)
    if len(chosen) >= OWN_YEARS_ENOUGH:
        return years, Basis(len(chosen), 0)
    more = _simulated()
    if not chosen:
        return more, Basis(0, _SIMULATED)
    return Years(*(np.concatenate(pair) for pair in zip(years, more, strict=True))), Basis(len(chosen), _SIMULATED)


@lru_cache(maxsize=1)
def _simulated() -> Any:
    from sizhang.cadence.simulate import simulate_years

    return simulate_years(_SIMULATED, _SEED)


def years_of(rows: Sequence[TrackRow]) -> Any:
    """Closed years as columns."""
    import numpy as np

    from sizhang.cadence.simulate import Years

    cells = np.array([row.cells.split(",") for row in rows], dtype=np.int64).reshape(len(rows), 36)
    delivered = np.array([row.delivered.split(",") for row in rows], dtype=np.int64).reshape(len(rows), 36)
    return Years(cells, delivered, np.array([row.total for row in rows], dtype=np.int64))


def compute_forecasts(store: Store, on: date, body: str = "", promise: str = "") -> tuple[list[ForecastRow], Basis]:
    """Forecast every planned promise of the day's year from its closed 旬.

    Raises:
        LedgerError: the body is unknown, or nothing is planned.
    """
    import numpy as np

    from sizhang.cadence.forecast import check_forecast, forecast

    tracks = load_day(store, on, body, promise)
    library, basis = _library(store, on.year, tracks[0].domain if promise else "")
    out, groups = [], dict[int, list[TrackRow]]()
    for track in tracks:
        planned = sum(map(int, track.cells.split(",")[: track.closed]))
        why_not = check_forecast(track.closed, planned, basis.own + basis.simulated)
        if why_not:
            out.append(ForecastRow(track, None, (), why_not))
        else:
            groups.setdefault(track.closed, []).append(track)
    for rows in groups.values():
        cells, delivered = (np.array([getattr(row, name).split(",") for row in rows], dtype=np.int64) for name in ("cells", "delivered"))
        found = forecast(library, cells, delivered)
        for row, chance, ends in zip(rows, found.chance.tolist(), found.ends.tolist(), strict=True):
            out.append(ForecastRow(row, chance, tuple(ends), ""))
    return sorted(out, key=lambda row: row.track.number), basis


def compute_calibration(store: Store, year: int) -> dict[str, Any]:
    """How forecasts would have done over the ledger's closed years, each judged only by the other half of them.

    Raises:
        LedgerError: fewer closed years than a comparison needs.
    """
    from sizhang.cadence.calibration import calibrate_halves

    rows = [row for row in load_tracks(store, year=year, others=True, counts=counts_of(store)) if row.closed == 36 and row.year < year]
    return calibrate_halves(years_of(rows))
