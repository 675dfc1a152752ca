"""One promise 条目: its sentence, its account, its year, its evidence and its history, and what the reader may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sizhang.core.ledger import Stage
from sizhang.store.connection import Store
from sizhang.store.reading import HistoryRow, PromiseInfo, get_promise, read_history, read_promises
from sizhang.web.access import WorkRequest, check_own, needs
from sizhang.web.exhibits import load_exhibits
from sizhang.web.ledger import get_ledger
from sizhang.web.lights import lights_of, load_tracks_of
from sizhang.web.outlooks import draw_outlook, forecast_of, outlook_of
from sizhang.web.rows import balances_of, make_rows
from sizhang.web.sentences import find_quotation
from sizhang.web.words import stage_name

_LOTS_SHOWN = 200
_EXHIBITS_SHOWN = 60


def bodies_of(store: Store, number: str) -> frozenset[str]:
    """The bodies that lead or support a promise or a part of it."""
    family = read_promises(store, number)
    sql = "SELECT b.name FROM supporter s JOIN body b ON b.id = s.body_id WHERE s.promise_id {among}"
    return frozenset([one.body for one in family] + [name for (name,) in store.rows_among(sql, [one.id for one in family])])


@needs("read")
def promise(request: WorkRequest, number: str) -> HttpResponse:
    """The page of one promise."""
    store = get_ledger()
    info = get_promise(store, number)
    family = read_promises(store, number)
    check_own(request.user, bodies_of(store, number), number)
    balances = balances_of(store, number)
    rows = make_rows(family, balances, lights_of(store, info.year))
    history = read_history(store, number)
    lots, more_lots = lots_of(store, info)
    facts = {
        "promise": info,
        "row": next((row for row in rows if row.promise.number == number), None),
        "others": [row for row in rows if row.promise.number != number],
        "parts": [(one, balances[one.number]) for one in family if one.parent == number],
        "quotation": find_quotation(store, number),
        "actions": actions_of(request.user.role),
        "history": list(reversed(history)),
        "all_history": request.GET.get("history") == "all",
        "findings": [entry for entry in history if entry.verb in ("verify", "reject", "reopen")][::-1],
        "exhibits": load_exhibits(store, history)[:_EXHIBITS_SHOWN],
        "lots": lots,
        "more_lots": more_lots,
        **_year_of(store, info, history, wait=False),
    }
    return render(request, "promise.html", facts)


@needs("read")
def outlook(request: WorkRequest, number: str) -> HttpResponse:
    """The year of a promise with its forecast, which may take a moment: the page asks for it once it is shown."""
    store = get_ledger()
    info = get_promise(store, number)
    check_own(request.user, bodies_of(store, number), number)
    facts = _year_of(store, info, read_history(store, number), wait=True)
    return render(request, "parts/outlook.html", {"promise": info, **facts})


def _year_of(store: Store, info: PromiseInfo, history: list[HistoryRow], *, wait: bool) -> dict[str, Any]:
    track = load_tracks_of(store, info.number, info.year).get(info.number)
    forecast = forecast_of(store, track, wait=wait) if track is not None else None
    drawn = any(entry.promise == info.number for entry in history) and info.measure in ("amount", "members", "stages")
    return {
        "outlook": outlook_of(track) if track is not None else None,
        "forecast": forecast,
        "chart": draw_outlook(info, history, track, forecast) if drawn else "",
    }


def lots_of(store: Store, info: PromiseInfo) -> tuple[list[tuple[str, int, str]], int]:
    """The lots of a promise with what each counts and where it stands, the first two hundred; and how many more there are."""
    sql = "SELECT identity, steps, stage FROM lot WHERE promise_id = %s ORDER BY id LIMIT %s"
    rows = store.rows(sql, [info.id, _LOTS_SHOWN])
    shown = [(identity.removeprefix(f"{info.number}/"), int(steps), stage_name(Stage(stage))) for identity, steps, stage in rows]
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
