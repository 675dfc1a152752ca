"""`close-period` 结期: close 旬 after 旬, so that what was not done is posted to what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sizhang.app.booking import check_roles, get_clerk
from sizhang.app.cadence import counts_of
from sizhang.cadence.plan import cell_of, xun_of
from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError, Words
from sizhang.core.period import Level, Period
from sizhang.store.cadence_plans import TrackRow, insert_closings, load_tracks, numbers_of, totals_until
from sizhang.store.connection import Store
from sizhang.store.registers import get_body, get_promise, load_rules


class Closed(NamedTuple):
    """A 旬 that was closed.

    Attributes:
        promises: how many promises.
        short: how many delivered less than their plan asked, by its own cells.
    """

    period: str
    promises: int
    short: int


def close_period(store: Store, periods: Sequence[Period], by: str = "", body: str = "", promise: str = "") -> list[Closed]:
    """Close the 旬 of the periods, for all planned promises of the year, or of one body, or one promise with its parts.

    What is recorded later about a closed 旬 counts in the 旬 that is closed next. A promise for which the 旬 is closed is passed over.

    Raises:
        LedgerError: a period is not over, is shorter than a 旬, is closed for all, or an earlier one is not closed.
    """
    cells = _cells(periods)
    with store.writing():
        person, _ = get_clerk(store, "settle", by, "")
        check_roles("settle", person, load_rules(store), "")
        if body:
            get_body(store, body)
        if promise:
            get_promise(store, promise)
        counts = counts_of(store)
        tracks = load_tracks(store, year=cells[0].start.year, body=body, promise=promise, counts=counts)
        waiting = [track for track in tracks if track.closed <= cell_of(cells[-1].start)]
        if not waiting:
            raise _nothing_open(cells[0], bool(tracks))
        _check_order(waiting, cells[0])
        out = []
        for cell in cells:
            place = cell_of(cell.start)
            due = [track for track in waiting if track.closed == place]
            totals = totals_until(store, cell.end, counts)
            rows = [(track, totals.get(track.promise_id, 0) - sum(numbers_of(track.delivered))) for track in due]
            insert_closings(store, cell.key, rows, person.id)
            short = sum(steps < numbers_of(track.cells)[place] for track, steps in rows)
            out.append(Closed(cell.key, len(rows), short))
            moved = {track.promise_id: _moved(track, steps) for track, steps in rows}
            waiting = [moved.get(track.promise_id, track) for track in waiting]
        return out


def _nothing_open(cell: Period, planned: bool) -> LedgerError:
    why = Words("都结过了", "all are closed already") if planned else Words("都没有计划", "none is planned")
    return LedgerError(
        Words(f"没有承诺可结 {cell.key}：{why.zh}。", f"No promise has {cell.key} open: {why.en}."),
        remedy=Words("请结下一期，或先做计划。", "Plan, or close the next."),
    )


def _moved(track: TrackRow, steps: int) -> TrackRow:
    return track._replace(closed=track.closed + 1, delivered=",".join(filter(None, (track.delivered, str(steps)))))


def _cells(periods: Sequence[Period]) -> tuple[Period, ...]:
    if any(period.level == Level.DAY for period in periods):
        raise LedgerError(
            Words("不能单独结某一天。", "A day is not closed by itself."),
            remedy=Words(
                "请结它所在的旬：1 至 10 日、11 至 20 日、21 日至月末。", "Close its 旬: days 1 to 10, 11 to 20, 21 to the month's end."
            ),
        )
    cells = tuple(cell for period in periods for cell in period.parts(Level.XUN))
    if cells[-1].end >= this_day():
        raise LedgerError(
            Words(f"{cells[-1].key} 到 {cells[-1].end} 才结束。", f"{cells[-1].key} runs until {cells[-1].end}."),
            remedy=Words("请到期后再结。", "Close it when it is over."),
        )
    return cells


def _check_order(waiting: Sequence[TrackRow], first: Period) -> None:
    place = cell_of(first.start)
    behind = [track for track in waiting if track.closed < place]
    if behind:
        track = min(behind, key=lambda one: (one.closed, one.number))
        before = xun_of(first.start.year)[track.closed].key
        raise LedgerError(
            Words(
                f"还不能结 {first.key}：有 {len(behind)} 条承诺前面的旬没有结，如 {track.number} 的 {before}。",
                f"{first.key} cannot be closed: for {len(behind)} promises an earlier 旬 is open, for {track.number} {before}.",
            ),
            remedy=Words(f"请先结 {before}，或按整月、整季结。", f"Close {before} first, or the whole month or quarter."),
        )
