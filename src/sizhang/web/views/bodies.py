"""Bodies 单位: the statement of account of each, and how far its claims proved accurate. Nothing is ranked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from sizhang.store.reading import read_promises
from sizhang.store.registers import get_body, load_bodies
from sizhang.web.access import WorkRequest, check_own_body, needs
from sizhang.web.ledger import get_ledger
from sizhang.web.lights import lights_of_years
from sizhang.web.rows import Row, balances_of, make_rows
from sizhang.web.views.ledger import tally


def rows_by_body() -> dict[str, list[Row]]:
    """Every promise and part by its lead body."""
    store = get_ledger()
    balances = balances_of(store)
    out: dict[str, list[Row]] = {}
    promises = read_promises(store)
    lights = lights_of_years(store, (one.year for one in promises))
    for promise in promises:
        for row in make_rows([promise], balances, lights):
            out.setdefault(promise.body, []).append(row)
    return out


def accuracy_of(body: str) -> tuple[int, int]:
    """How many entries of this body's claims were judged, and how many of these were rejected."""
    sql = (
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN e.verb = 'reject' THEN 1 ELSE 0 END), 0) "
        "FROM entry e JOIN promise p ON p.id = e.promise_id "
        "JOIN body b ON b.id = p.body_id WHERE b.name = %s AND e.verb IN ('verify', 'reject')"
    )
    judged, rejected = get_ledger().rows(sql, [body])[0]
    return int(judged), int(rejected)


@needs("read")
def bodies(request: WorkRequest) -> HttpResponse:
    """All bodies by name, with what each has on its account; a reporter's own alone."""
    held = rows_by_body()
    if request.user.role == "reporter":
        held = {name: rows for name, rows in held.items() if name == request.user.body}
    listed = [(body, tally(held.get(name, []))) for name, body in sorted(load_bodies(get_ledger()).items()) if name in held]
    return render(request, "bodies.html", {"bodies": listed})


@needs("read")
def body(request: WorkRequest, name: str) -> HttpResponse:
    """The statement of one body."""
    found = get_body(get_ledger(), name)
    check_own_body(request.user, name)
    judged, rejected = accuracy_of(name)
    facts = {"body": found, "rows": rows_by_body().get(name, []), "judged": judged, "rejected": rejected}
    return render(request, "body.html", facts)
