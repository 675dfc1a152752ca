"""`pace` 进度: one promise on one day, each figure with the rows from which it came."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from sizhang.app.cadence import counts_of, load_day, track_of
from sizhang.app.due import numbers_shown
from sizhang.cadence.pace import Track, compute_pace, compute_scores, reasons, states_of
from sizhang.cadence.plan import xun_of
from sizhang.core.quantity import format_number
from sizhang.store.cadence_plans import TrackRow, closing_rows, entries_counted, load_plans
from sizhang.store.chain import day_of
from sizhang.store.connection import Store


def compute_paces(store: Store, promise: str, on: date, *, explain: bool = False) -> list[dict[str, Any]]:
    """How a promise and its parts stand; numbers as decimal strings in the promise's unit.

    Raises:
        LedgerError: it is not planned.
    """
    out = []
    for row in load_day(store, on, promise=promise):
        track = track_of(row, on)
        found = _figures(row, track, on)
        if explain:
            found["explain"] = _explain(store, row, on)
        out.append(found)
    return out


def _figures(row: TrackRow, track: Track, on: date) -> dict[str, Any]:
    pace = compute_pace(track)
    zh, en = reasons(track, pace, numbers_shown(row, pace))
    planned = planned_until(row, on)
    scores = compute_scores(planned, row.total)
    shown = {
        "promised": row.promised,
        "planned": track.plan.planned,
        "reserve": row.promised - track.plan.planned,
        "planned_until": planned,
        "delivered": row.total,
        "owed": pace.due,
        "owed_month": pace.carried.owed_month,
        "owed_quarter": pace.carried.owed_quarter,
        "owed_year": pace.carried.owed_year,
        "unplaced": pace.carried.unplaced,
        "remaining": pace.remaining,
        "need_day": pace.need_day,
        "need_xun": pace.need_xun,
        "need_month": pace.need_month,
        "capacity": pace.capacity,
    }
    names = {"promise": row.number, "title": row.title, "unit": row.unit, "body": row.body, "on": on.isoformat(), "light": pace.light}
    return {
        **names,
        "reason": {"zh": zh, "en": en},
        **{name: format_number(steps, row.decimals) for name, steps in shown.items()},
        "best_xun": format_number(pace.best_xun, row.decimals) if pace.best_xun is not None else None,
        "last_start": pace.last_start.isoformat() if pace.last_start else None,
        "scores": {"uncapped": percent(scores.uncapped), "capped": percent(scores.capped), "passed": scores.passed},
        "states": {key: state for key, state in states_of(track).items() if state != "open"},
    }


def planned_until(row: TrackRow, on: date) -> int:
    """Steps planned until the end of a day: whole 旬, and of the one that runs its share of days, rounded down."""
    cells, total = map(int, row.cells.split(",")), 0
    for cell, period in zip(cells, xun_of(row.year), strict=True):
        if period.start > on:
            break
        total += cell * ((min(on, period.end) - period.start).days + 1) // period.days
    return total


def percent(ratio: Fraction | None) -> str | None:
    """As per cent with one decimal. Rounding: half to even."""
    if ratio is None:
        return None
    return str((Decimal(ratio.numerator) * 100 / Decimal(ratio.denominator)).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def _explain(store: Store, row: TrackRow, on: date) -> dict[str, Any]:
    """The plan, the closings and the entries behind the figures."""

    def show(steps: int) -> str:
        return format_number(steps, row.decimals)

    counts = counts_of(store)
    plan = load_plans(store, row.promise_id)[-1]
    keys = [period.key for period in xun_of(row.year)]
    entries = [(seq, verb, steps, day_of(day)) for seq, verb, steps, day in entries_counted(store, row.promise_id, counts)]
    return {
        "counts": counts,
        "plan": {"id": plan.id, "curve": plan.curve, "settings": plan.settings, "reason": plan.reason},
        "cells": {key: show(int(cell)) for key, cell in zip(keys, plan.cells.split(","), strict=True)},
        "closings": [
            {"period": period, "delivered": show(steps), "entries_until": seq}
            for period, steps, seq in closing_rows(store, row.promise_id)[: row.closed]
        ],
        "entries": [
            {"seq": seq, "verb": verb, "quantity": show(steps), "on": day.isoformat()} for seq, verb, steps, day in entries if day <= on
        ],
    }
