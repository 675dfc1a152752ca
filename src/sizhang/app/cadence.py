"""What the verbs of cadence have in common: the ledger's calendar, what counts as delivered, and tracks as plans and as columns."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from sizhang.cadence.pace import Track
from sizhang.cadence.plan import Plan, xun_of
from sizhang.cadence.workdays import WorkCalendar, parse_calendar
from sizhang.core.day import this_day
from sizhang.core.errors import InputError, LedgerError, Words, reason_of
from sizhang.core.ledger import STAGE_NAMES, Stage
from sizhang.store.cadence_plans import COUNTS, STAGES_COUNTED, TrackRow, load_tracks, numbers_of, totals_until
from sizhang.store.connection import Store
from sizhang.store.registers import find_setting, get_body, get_promise, put_setting

CALENDAR: Final = "cadence_calendar"


def load_calendar(store: Store) -> WorkCalendar:
    """The working calendar, with the years that the ledger was given."""
    return parse_calendar(find_setting(store, CALENDAR) or "")


def keep_calendar(store: Store, text: str) -> None:
    """Keep a rule file of the working calendar in the ledger."""
    parse_calendar(text)
    put_setting(store, CALENDAR, text)


def counts_of(store: Store) -> str:
    """What counts as delivered: `claimed`, the default, or `verified`."""
    return find_setting(store, COUNTS) or "claimed"


def keep_counts(store: Store, counts: str) -> None:
    """Decide what counts as delivered, before anything is closed.

    Raises:
        LedgerError: something else counted for periods that are closed.
    """
    assert counts in STAGES_COUNTED
    if counts != counts_of(store) and store.rows("SELECT 1 FROM closing LIMIT 1"):
        held = STAGE_NAMES[Stage[counts_of(store).upper()]]
        raise LedgerError(
            Words(f"已有按“{held.zh}”结过的期。", f"Periods are closed already by what was {held.en}."),
            remedy=Words(f"请继续按“{held.zh}”算，或另建账本。", f"Keep to {held.en}, or make a new ledger."),
        )
    put_setting(store, COUNTS, counts)


def read_text(path: Path) -> str:
    """The text of a small file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_text("utf-8-sig")
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(
            Words(f"文件读不了：{reason.zh}。", f"The file cannot be read: {reason.en}."),
            where=str(path),
            remedy=Words("请核对文件名。", "Check the file's name."),
        ) from fault
    except UnicodeDecodeError as fault:
        raise InputError(
            Words("文件不是 UTF-8 编码。", "The file is not UTF-8."),
            where=str(path),
            remedy=Words("请另存为 UTF-8 的文本文件。", "Save it as a text file in UTF-8."),
        ) from fault


def plan_of(row: TrackRow) -> Plan:
    """The plan in force of a track."""
    cells = numbers_of(row.cells)
    return Plan(row.year, cells, numbers_of(row.weights), max(row.promised - sum(cells), 0))


def load_day(store: Store, on: date, body: str = "", promise: str = "") -> list[TrackRow]:
    """Tracks of the year of a day as they stood at its end.

    Raises:
        LedgerError: the body or the promise is unknown, or nothing is planned.
    """
    if body:
        get_body(store, body)
    if promise:
        get_promise(store, promise)
    counts = counts_of(store)
    rows = load_tracks(store, year=on.year, body=body, promise=promise, counts=counts)
    if not rows:
        whose = Words(body or promise, f" for {body or promise}") if body or promise else Words("", "")
        raise LedgerError(
            Words(f"{on.year} 年{whose.zh}没有计划。", f"Nothing is planned in {on.year}{whose.en}."),
            remedy=Words("请先做计划：sizhang plan --all --curve even。", "Plan first: sizhang plan --all --curve even."),
        )
    if on < this_day():
        totals = totals_until(store, on, counts)
        ended = sum(period.end <= on for period in xun_of(on.year))
        rows = [_as_of(row, totals.get(row.promise_id, 0), ended) for row in rows]
    return rows


def _as_of(row: TrackRow, total: int, ended: int) -> TrackRow:
    closed = min(row.closed, ended)
    if closed == row.closed and total == row.total:
        return row
    delivered = ",".join(row.delivered.split(",")[:closed]) if closed else ""
    return row._replace(total=total, closed=closed, delivered=delivered)


def track_of(row: TrackRow, on: date) -> Track:
    """A track for the arithmetic of one."""
    delivered = numbers_of(row.delivered)
    return Track(plan_of(row), delivered, row.total - sum(delivered), max(on, _first_open(row.year, row.closed)))


def _first_open(year: int, closed: int) -> date:
    """The first day of the 旬 that is open, or the year's last where all are closed."""
    return xun_of(year)[closed].start if closed < len(xun_of(year)) else date(year, 12, 31)
