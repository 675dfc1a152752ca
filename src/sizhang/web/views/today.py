"""Today 今日: what I must do, in order; nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sizhang.app.burden import compute_burden
from sizhang.core.day import this_day
from sizhang.store.objections import open_objections
from sizhang.web.access import WorkRequest, needs
from sizhang.web.closing import load_free
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Account
from sizhang.web.overview import own_rows
from sizhang.web.rows import Row
from sizhang.web.views.errands import running

_SHOWN_MOST = 30


@dataclass(frozen=True)
class Task:
    """A heap of like things to do: its verb, the page it is done on, and the promises, the most urgent first."""

    verb: str
    title: str
    done: str
    rows: list[Row]

    @property
    def shown(self) -> list[Row]:
        """The first of them."""
        return self.rows[:_SHOWN_MOST]


@needs("read")
def today(request: WorkRequest) -> HttpResponse:
    """The page; who only reads is led to the exceptions."""
    account = request.user
    if account.role in ("leader", "deputy"):
        return redirect("exceptions")
    if account.role == "admin":
        return redirect("administration")
    body = account.body if account.role == "reporter" else ""
    store = get_ledger()
    loads = compute_burden(store, this_day(), body) if body else []
    facts = {
        "tasks": tasks_of(account),
        "running": running(store, body) if account.role != "verifier" else [],
        "load": loads[0] if loads else None,
        "objections": len(open_objections(get_ledger())) if account.role == "office" else 0,
    }
    return render(request, "today.html", facts)


def tasks_of(account: Account) -> list[Task]:
    """What waits for this account."""
    store = get_ledger()
    # Work is done promise by promise, so that parts are rows of their own here.
    rows = sorted(own_rows(store), key=lambda row: (row.light_order, row.promise.number))
    if account.role == "reporter":
        mine = [row for row in rows if row.promise.body == account.body and row.balance.promised > row.balance.surplus]
        return [Task("claim", _("可以交账"), _("本单位没有待交的承诺。"), mine)]
    if account.role == "verifier":
        return [Task("verify", _("等待核账"), _("没有待核的账。"), [row for row in rows if row.balance.claimed])]
    free = load_free(store)
    return [
        Task("settle", _("可以销账"), _("没有可销的账：核实并公示期满才销。"), [row for row in rows if row.promise.number in free]),
        Task("", _("等待核账"), _("没有待核的账。"), [row for row in rows if row.balance.claimed]),
    ]
