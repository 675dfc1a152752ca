"""One promise 条目: its sentence, its account, its history, and what the reader may do."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sizhang.store.connection import Store
from sizhang.store.reading import get_promise, read_history, read_promises
from sizhang.web.access import WorkRequest, check_own, needs
from sizhang.web.ledger import get_ledger
from sizhang.web.rows import balances_of, make_rows
from sizhang.web.sentences import find_quotation


def bodies_of(store: Store, number: str) -> frozenset[str]:
    """The lead body of a promise and of its parts."""
    return frozenset(one.body for one in read_promises(store, number))


@needs("read")
def promise(request: WorkRequest, number: str) -> HttpResponse:
    """The page of one promise."""
    store = get_ledger()
    info = get_promise(store, number)
    check_own(request.user, bodies_of(store, number), number)
    family = read_promises(store, number)
    balances = balances_of(store, number)
    rows = make_rows(family, balances, {})
    facts = {
        "promise": info,
        "row": next((row for row in rows if row.promise.number == number), None),
        "others": [row for row in rows if row.promise.number != number],
        "parts": [(one, balances[one.number]) for one in family if one.parent == number],
        "quotation": find_quotation(store, number),
        "outlook": None,
        "chart": "",
        "actions": actions_of(request.user.role),
        "history": list(reversed(read_history(store, number))),
    }
    return render(request, "promise.html", facts)


def actions_of(role: str) -> list[tuple[str, str]]:
    """The verbs that a role is offered on a promise, the first one first."""
    offered = {
        "reporter": [("claim", _("交账"))],
        "verifier": [("verify", _("核账")), ("reopen", _("回账"))],
        "office": [("settle", _("销账")), ("amend", _("调账")), ("reopen", _("回账"))],
    }
    return offered.get(role, [])
