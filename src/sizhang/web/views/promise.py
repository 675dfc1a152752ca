"""One promise 条目: its sentence, its account, its year, its evidence and its history, and what the reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from markupsafe import Markup

from sizhang.core.ledger import Balance, Stage
from sizhang.store.connection import Store
from sizhang.store.reading import HistoryRow, PromiseInfo, get_promise, read_history, read_promises
from sizhang.web.access import WorkRequest, check_own, needs
from sizhang.web.exhibits import load_exhibits
from sizhang.web.kept import kept_piece
from sizhang.web.ledger import get_ledger
from sizhang.web.lights import load_tracks_of
from sizhang.web.maps import draw_map
from sizhang.web.outlooks import draw_outlook, forecast_of, has_forecast, outlook_of
from sizhang.web.overview import Version, lights_of, overview_of, quotation_of, version_of
from sizhang.web.paging import page_of, piece_of
from sizhang.web.rows import Row, make_rows
from sizhang.web.words import stage_name

_LOTS_SHOWN: Final = 200
_EXHIBITS_SHOWN: Final = 60


@dataclass(frozen=True)
class Family:
    """A promise with its parts, what stands on each, and the rows that the pages show of them."""

    info: PromiseInfo
    members: list[PromiseInfo]
    balances: dict[str, Balance]
    rows: list[Row]

    @property
    def row(self) -> Row | None:
        """The promise's own row; None where it only heads others."""
        return next((row for row in self.rows if row.promise.number == self.info.number), None)


def bodies_of(store: Store, number: str) -> frozenset[str]:
    """The bodies that lead or support a promise or a part of it."""
    family = read_promises(store, number)
    sql = "SELECT b.name FROM supporter s JOIN body b ON b.id = s.body_id WHERE s.promise_id {among}"
    return frozenset([one.body for one in family] + [name for (name,) in store.rows_among(sql, [one.id for one in family])])


def reporting_bodies(store: Store, number: str) -> frozenset[str]:
    """The bodies that report a promise: those that lead or support it itself. Who has a part of it reports the part, not what is left."""
    sql = "SELECT b.name FROM supporter s JOIN promise p ON p.id = s.promise_id JOIN body b ON b.id = s.body_id WHERE p.number = %s"
    return frozenset([get_promise(store, number).body] + [name for (name,) in store.rows(sql, [number])])


@needs("read")
def promise(request: WorkRequest, number: str) -> HttpResponse:
    """The page of one promise."""
    store = get_ledger()
    overview = overview_of(store)
    info = overview.promises.get(number) or get_promise(store, number)
    members = overview.with_parts(number)
    if request.user.role == "reporter":
        check_own(request.user, bodies_of(store, number), number)
    balances, version = {one.number: overview.balances[one.number] for one in members}, overview.version
    rows = make_rows(members, balances, lights_of(store, info.year, version))
    family = Family(info, members, balances, rows)
    facts = {
        "promise": info,
        "row": family.row,
        "quotation": quotation_of(store, overview, number),
        "actions": actions_of(request.user.role),
        "below": _below(store, family, version, request),
    }
    return render(request, "promise.html", facts)


def _below(store: Store, family: Family, version: Version, request: WorkRequest) -> Markup:
    """What is the same for every reader, kept until something of this promise is booked, planned or closed."""
    marked = "(SELECT seq FROM mark WHERE name = 'photos')"
    sql = f"SELECT MAX(seq), {marked} FROM entry WHERE promise_id {{among}}"
    last, mark = max(store.rows_among(sql, [one.id for one in family.members]), key=lambda row: row[0] or 0)
    number, year = family.info.number, family.info.year
    whole = request.GET.get("history") == "all"
    what = (number, last, version.rest, mark, whole, page_of(request), has_forecast(store, number, year, version))

    def make() -> dict[str, Any]:
        facts = _facts_below(store, family, version)
        return facts | {"piece": piece_of(request, facts["history"], {"history": "all"}) if whole else None}

    return kept_piece(store, "parts/promise_body.html", what, make)


def _facts_below(store: Store, family: Family, version: Version) -> dict[str, Any]:
    info = family.info
    history = read_history(store, info.number)
    exhibits = load_exhibits(store, history)[:_EXHIBITS_SHOWN]
    lots, more_lots = lots_of(store, info)
    return {
        "promise": info,
        "row": family.row,
        "others": [row for row in family.rows if row.promise.number != info.number],
        "parts": [(one, family.balances[one.number]) for one in family.members if one.parent == info.number],
        "history": list(reversed(history)),
        "findings": [entry for entry in history if entry.verb in ("verify", "reject", "reopen")][::-1],
        "exhibits": exhibits,
        "lots": [(name, steps, stage_name(stage)) for name, steps, stage in lots],
        "more_lots": more_lots,
        "map": draw_map(store, exhibits, {name: stage for name, _steps, stage in lots}),
        **_year_of(store, info, history, version),
    }


@needs("read")
def outlook(request: WorkRequest, number: str) -> HttpResponse:
    """The year of a promise with its forecast, which may take a moment: the page asks for it once it is shown."""
    store = get_ledger()
    info = get_promise(store, number)
    check_own(request.user, bodies_of(store, number), number)
    facts = _year_of(store, info, read_history(store, number), version_of(store), wait=True)
    return render(request, "parts/outlook.html", {"promise": info, **facts})


def _year_of(store: Store, info: PromiseInfo, history: list[HistoryRow], version: Version, *, wait: bool = False) -> dict[str, Any]:
    tracks = load_tracks_of(store, info.number, info.year)
    track = tracks.pop(info.number, None)
    parts = [part for part in tracks.values() if part.unit == info.unit and info.measure == "amount"]
    forecast = forecast_of(store, track, version, wait=wait) if track is not None else None
    drawn = any(entry.promise == info.number for entry in history) and info.measure in ("amount", "members", "stages")
    return {
        "outlook": outlook_of(track) if track is not None else None,
        "forecast": forecast,
        "planned_parts": len(parts),
        "chart": draw_outlook(info, history, track, forecast, parts) if drawn else "",
    }


def lots_of(store: Store, info: PromiseInfo) -> tuple[list[tuple[str, int, Stage]], int]:
    """The lots of a promise with what each counts and where it stands, the first two hundred; and how many more there are."""
    sql = "SELECT identity, steps, stage FROM lot WHERE promise_id = %s ORDER BY id LIMIT %s"
    rows = store.rows(sql, [info.id, _LOTS_SHOWN])
    shown = [(identity.removeprefix(f"{info.number}/"), int(steps), Stage(stage)) for identity, steps, stage in rows]
    if len(rows) < _LOTS_SHOWN:
        return shown, 0
    return shown, int(store.rows("SELECT COUNT(*) FROM lot WHERE promise_id = %s", [info.id])[0][0]) - len(rows)


def actions_of(role: str) -> list[tuple[str, str]]:
    """The verbs that a role is offered on a promise, the first one first."""
    offered = {
        "reporter": [("claim", _("交账"))],
        "verifier": [("verify", _("核账")), ("reopen", _("回账"))],
        "office": [("settle", _("销账")), ("amend", _("调账")), ("reopen", _("回账"))],
    }
    return offered.get(role, [])
