"""Errands 交办: what a body was told to do, on its clock; an extension never moves the date of the rule, and both stay visible."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sizhang.app.cadence import load_calendar
from sizhang.app.errand import ErrandOrder, act, open_errand
from sizhang.cadence.clocks import SOURCES, Errand, Event, NodeStatus, find_pending, status_of
from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError, SizhangError
from sizhang.store.cadence_errands import get_errand, load_errands
from sizhang.store.connection import Store
from sizhang.store.registers import load_bodies
from sizhang.web.access import RefusedError, WorkRequest, check_may, needs
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Account

_ACTS: Final = {"answer": "answer", "request": "answer", "approve": "settle", "refuse": "settle", "close": "settle"}


def running(store: Store, body: str = "") -> list[tuple[Errand, NodeStatus]]:
    """Errands that are not closed with the node that must be answered next, the first due coming first; of one body, or all."""
    calendar, today = load_calendar(store), this_day()
    out = []
    for errand in load_errands(store, body=body):
        if errand.closed is None:
            waiting = [status for status in status_of(errand, today, calendar) if status.answered_on is None]
            statuses = waiting or status_of(errand, today, calendar)[-1:]
            out.append((errand, statuses[0]))
    return sorted(out, key=lambda one: (one[1].answered_on is not None, one[1].due_on, one[0].number))


def check_errand(account: Account, errand: Errand) -> None:
    """A reporter sees only what its own body was told to do.

    Raises:
        RefusedError: it is another body's.
    """
    if account.role == "reporter" and errand.body != account.body:
        raise RefusedError(
            _("%(number)s 交给的是%(body)s。") % {"number": errand.number, "body": errand.body}, remedy=_("只能看本单位的交办。")
        )


@needs("read")
def errands(request: WorkRequest) -> HttpResponse:
    """What runs, and what was closed last; the office gives new ones here."""
    store, fault = get_ledger(), None
    if request.method == "POST":
        try:
            check_may(request.user, "settle")
            made = _give(request, store)
            messages.success(request, _("已交办 %(number)s") % {"number": made.number})
            return redirect("errand", made.number)
        except RefusedError:
            raise
        except SizhangError as refused:
            fault = refused
    body = request.user.body if request.user.role == "reporter" else ""
    closed = [errand for errand in load_errands(store, body=body) if errand.closed is not None][::-1][:50]
    facts = {
        "running": running(store, body),
        "closed": closed,
        "bodies": sorted(load_bodies(store)),
        "sources": list(SOURCES),
        "fault": fault,
    }
    return render(request, "errands.html", facts | {"today": this_day(), "typed": request.POST}, status=422 if fault else 200)


def _give(request: WorkRequest, store: Store) -> Errand:
    given = request.POST
    source: Any = given.get("source", "")
    if source not in SOURCES:
        raise LedgerError(_("没有选来源。"), remedy=_("选一个来源。"))
    order = ErrandOrder(
        *(given.get("title", "").strip()[:400], given.get("body", ""), source, this_day()),
        hard=given.get("hard") == "1",
        promise=given.get("promise", "").strip(),
        by=request.user.person.name if request.user.person else "",
    )
    return open_errand(store, order)


@needs("read")
def errand(request: WorkRequest, number: str) -> HttpResponse:
    """One errand: its nodes, what happened, and what may be done now."""
    store, fault = get_ledger(), None
    found = get_errand(store, number)
    check_errand(request.user, found)
    if request.method == "POST":
        try:
            _act(request, store, found)
            return redirect("errand", number)
        except RefusedError:
            raise
        except SizhangError as refused:
            fault = refused
    statuses = status_of(found, this_day(), load_calendar(store))
    facts = {
        "errand": found,
        "statuses": statuses,
        "waiting": next((status for status in statuses if status.answered_on is None), None),
        "pending": [status for status in statuses if find_pending(found, status.node.key)],
        "own": request.user.role == "reporter" and request.user.body == found.body,
        "fault": fault,
        "text": request.POST.get("text", "") if fault else "",
    }
    return render(request, "errand.html", facts, status=422 if fault else 200)


def _act(request: WorkRequest, store: Store, found: Errand) -> None:
    given = request.POST
    kind: Any = given.get("kind", "")
    if kind not in _ACTS:
        raise LedgerError(_("没有选要做什么。"), remedy=_("回复、申请延期、同意、不同意、办结，选一个。"))
    action: Any = _ACTS[kind]
    check_may(request.user, action)
    try:
        until = date.fromisoformat(given["until"]) if given.get("until") else None
    except ValueError as fault:
        raise LedgerError(_("“%(text)s”不是日期。") % {"text": given["until"][:20]}, remedy=_("按年-月-日写，例如 2026-07-08。")) from fault
    event = Event(kind, this_day(), given.get("node", ""), until, given.get("text", "").strip()[:4_000], given.get("grade", ""))
    act(store, found.number, event, request.user.person.name if request.user.person else "")
    messages.success(request, _("已记下。"))
