"""Cadence 节奏: the 36 旬 of every planned promise as a heat map, down to the days of one; deficits as they are carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render

from sizhang.app.cadence import counts_of, load_calendar
from sizhang.cadence.carry import carry
from sizhang.cadence.plan import XUN_OF_YEAR, Plan, cell_of, xun_of
from sizhang.cadence.workdays import WorkCalendar
from sizhang.core.apportion import split_by_share
from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError
from sizhang.core.period import Period
from sizhang.store.cadence_plans import STAGES_COUNTED, TrackRow, load_tracks, numbers_of
from sizhang.store.chain import day_number, day_of
from sizhang.store.connection import Store
from sizhang.store.reading import get_promise, number_of
from sizhang.web.access import WorkRequest, check_own, needs
from sizhang.web.heat import draw_heat, states_of_year
from sizhang.web.ledger import get_ledger
from sizhang.web.lights import day_of_year, load_tracks_of
from sizhang.web.outlooks import outlook_of
from sizhang.web.overview import lights_of, overview_of
from sizhang.web.rows import LIGHTS
from sizhang.web.views.ledger import parse_choice
from sizhang.web.views.promise import bodies_of

ROWS_A_PAGE: Final = 50


@dataclass(frozen=True)
class XunRow:
    """One 旬 of a promise, in its unit.

    Attributes:
        asked: plan and posted deficits together, when the 旬 began; None while it has not begun.
        delivered: None while it is not closed.
        owed: behind the plan at its end; negative where ahead; None while it is not closed.
    """

    period: Period
    state: str
    plan: Decimal
    asked: Decimal | None
    delivered: Decimal | None
    owed: Decimal | None


@needs("read")
def cadence(request: WorkRequest) -> HttpResponse:
    """The map of a year, the worst light first, or by number; fifty promises a page."""
    store = get_ledger()
    years = overview_of(store).years
    choice = parse_choice(request, years)
    counts = counts_of(store)
    tracks = load_tracks(store, year=choice.year, counts=counts) if choice.year else []
    lights = lights_of(store, choice.year) if tracks else {}
    if request.user.role == "reporter":
        tracks = [track for track in tracks if track.body == request.user.body]
    shown = [track for track in tracks if _is_chosen(track, choice.text, choice.body, choice.domain)]
    if choice.light:
        shown = [track for track in shown if track.number in lights and lights[track.number].state in choice.light.split("+")]
    if choice.sort == "light":
        shown.sort(key=lambda track: (LIGHTS.index(lights[track.number].state), track.number))
    first = choice.page * ROWS_A_PAGE
    on = day_of_year(choice.year) if choice.year else this_day()
    page = shown[first : first + ROWS_A_PAGE]
    facts = {
        "choice": choice,
        "years": years,
        "rows": [(track, lights[track.number], draw_heat(states_of_year(track, on))) for track in page if track.number in lights],
        "found": len(shown),
        "before": choice.query(page=choice.page - 1) if choice.page else "",
        "more": choice.query(page=choice.page + 1) if len(shown) > first + ROWS_A_PAGE else "",
        "domains": sorted({track.domain for track in tracks}),
        "bodies": sorted({track.body for track in tracks}),
        "planned": bool(tracks),
        "counts": counts,
    }
    return render(request, "cadence.html", facts)


def _is_chosen(track: TrackRow, text: str, body: str, domain: str) -> bool:
    words = f"{track.number} {track.title} {track.body}".lower()
    return text.lower() in words and body in ("", track.body) and domain in ("", track.domain)


@needs("read")
def one(request: WorkRequest, number: str) -> HttpResponse:
    """The 36 旬 of one promise, and the days of the one that was chosen."""
    store = get_ledger()
    info = get_promise(store, number)
    check_own(request.user, bodies_of(store, number), number)
    track = load_tracks_of(store, number, info.year).get(number)
    if track is None:
        raise Http404
    chosen = next((period for period in xun_of(info.year) if period.key == request.GET.get("xun")), None)
    facts = {
        "promise": info,
        "rows": xun_rows(track),
        "heat": draw_heat(states_of_year(track, day_of_year(info.year))),
        "light": lights_of(store, info.year)[number],
        "outlook": outlook_of(track),
        "chosen": chosen,
        "days": days_of(store, track, chosen) if chosen else [],
    }
    return render(request, "cadence_one.html", facts)


def xun_rows(track: TrackRow) -> list[XunRow]:
    """What each 旬 was asked for, what it delivered, and what was owed at its end."""
    cells, delivered = numbers_of(track.cells), numbers_of(track.delivered)
    plan = Plan(track.year, cells, numbers_of(track.weights), max(track.promised - sum(cells), 0))
    states = states_of_year(track, day_of_year(track.year))
    behind = list(accumulate(cell - done for cell, done in zip(cells, delivered, strict=False)))
    open_needs = carry(plan, delivered).needs

    def show(steps: int) -> Decimal:
        return number_of(steps, track.decimals)

    out = []
    for place, period in enumerate(xun_of(track.year)):
        closed = place < len(delivered)
        asked = carry(plan, delivered[:place]).needs[0] if closed else open_needs[place - len(delivered)]
        done, owed = (show(delivered[place]), show(behind[place])) if closed else (None, None)
        out.append(XunRow(period, states[place], show(cells[place]), show(asked), done, owed))
    assert len(out) == XUN_OF_YEAR
    return out


def working_days(calendar: WorkCalendar, days: Sequence[date]) -> list[bool]:
    """Which of the days are worked; all of them where the holidays of their year are not known yet."""
    try:
        return [calendar.is_working(day) for day in days]
    except LedgerError:
        return [True] * len(days)


def days_of(store: Store, track: TrackRow, period: Period) -> list[tuple[date, bool, Decimal, Decimal]]:
    """The days of a 旬: whether it is a working day, what the plan asks of it by working days, what was delivered on it."""
    days = [period.start + timedelta(days=place) for place in range(period.days)]
    working = working_days(load_calendar(store), days)
    weights = [int(one) for one in working] if any(working) else [1] * len(days)
    cell = numbers_of(track.cells)[cell_of(period.start)]
    planned = split_by_share(cell, weights)
    stages = STAGES_COUNTED[counts_of(store)]
    sql = "SELECT effective_on, source, target, steps FROM entry WHERE promise_id = %s AND effective_on BETWEEN %s AND %s"
    done: dict[date, int] = {}
    for day, source, target, steps in store.rows(sql, [track.promise_id, day_number(period.start), day_number(period.end)]):
        moved = int(steps) * ((target in stages) - (source in stages))
        done[day_of(int(day))] = done.get(day_of(int(day)), 0) + moved
    return [
        (day, at_work, number_of(steps, track.decimals), number_of(done.get(day, 0), track.decimals))
        for day, at_work, steps in zip(days, working, planned, strict=True)
    ]
