"""Verify 核账: the queue, and the form for the field, which works without network and books once when the network returns."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sizhang.app.expire import oldest_claims
from sizhang.core.errors import LedgerError, SizhangError
from sizhang.core.ledger import Stage
from sizhang.store.connection import Store
from sizhang.store.registers import PromiseRow, get_promise, load_promises, load_rules
from sizhang.web.access import WorkRequest, needs
from sizhang.web.drawing import draw_lots
from sizhang.web.ledger import get_ledger
from sizhang.web.overview import overview_of
from sizhang.web.paging import piece_of
from sizhang.web.telling import told
from sizhang.web.views.verbs import PAGES, Typed, order_of

_TASKS_MOST = 200
_LOTS_MOST = 500
_ACCURACY_M_MOST = 20_100_000


def claimed_promises(store: Store) -> list[PromiseRow]:
    """Promises of which something stands claimed, by number."""
    years = sorted(overview_of(store).years)
    return [promise for year in years for promise in load_promises(store, year) if promise.balance.claimed]


def claimed_lots(store: Store, number: str = "") -> dict[str, list[str]]:
    """The lots that stand claimed, by promise, the first claimed first."""
    one, values = ("AND p.number = %s", [number]) if number else ("", [])
    sql = f"SELECT p.number, l.identity FROM lot l JOIN promise p ON p.id = l.promise_id WHERE l.stage = %s {one} ORDER BY l.id"
    out: dict[str, list[str]] = {}
    for held, identity in store.rows(sql, [int(Stage.CLAIMED), *values]):
        out.setdefault(held, []).append(identity)
    return out


def last_claims(store: Store, promises: Sequence[PromiseRow]) -> dict[str, str]:
    """The hash of the last claim of each of these promises."""
    sql = (
        "SELECT p.number, e.hash FROM entry e JOIN promise p ON p.id = e.promise_id WHERE e.seq IN (SELECT MAX(c.seq) FROM entry c "
        "WHERE c.verb = 'claim' AND c.promise_id {among} GROUP BY c.promise_id)"
    )
    return {number: bytes(digest).hex() for number, digest in store.rows_among(sql, [one.id for one in promises])}


def bare(lot: str, promise: PromiseRow) -> str:
    """A lot's own name: a member or a stage stands in the books below its promise's number."""
    return lot.removeprefix(f"{promise.number}/")


@needs("verify")
def queue(request: WorkRequest) -> HttpResponse:
    """What waits to be verified, the claim that runs out first coming first."""
    store = get_ledger()
    first, rules = oldest_claims(store), load_rules(store)
    lots = {number: len(held) for number, held in claimed_lots(store).items()}
    waiting = [
        (promise, first[promise.number], rules.last_day_to_verify(first[promise.number]), lots.get(promise.number, 0))
        for promise in claimed_promises(store)
        if promise.number in first
    ]
    waiting.sort(key=lambda one: (one[2], one[0].number))
    return render(request, "verify_queue.html", {"piece": piece_of(request, waiting)})


@needs("verify")
def field(request: WorkRequest) -> HttpResponse:
    """The form for the field. It is kept on the device; what it shows comes from `tasks`, and is kept there too."""
    return render(request, "field.html")


@needs("verify")
def tasks(request: WorkRequest) -> HttpResponse:
    """What may be verified, for the device: each promise with the lots that were drawn first and then the others."""
    store = get_ledger()
    promises = claimed_promises(store)[:_TASKS_MOST]
    lots, seeds = claimed_lots(store), last_claims(store, promises)
    out: list[dict[str, Any]] = []
    for promise in promises:
        held = lots.get(promise.number, [])
        draw = draw_lots(held, seeds.get(promise.number, ""))
        drawn = list(draw.lots) if draw else []
        rest = [lot for lot in held if lot not in set(drawn)][: _LOTS_MOST - len(drawn)]
        facts = {
            "number": promise.number,
            "title": promise.title,
            "unit": promise.symbol,
            "standing": promise.show(promise.balance.claimed),
        }
        named = {"drawn": [bare(lot, promise) for lot in drawn], "lots": [bare(lot, promise) for lot in rest]}
        out.append({**facts, **named, "seed": draw.seed if draw else "", "amount": promise.measure == "amount"})
    response = JsonResponse({"account": request.user.username, "csrf": get_token(request), "tasks": out})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@needs("verify")
def send(request: WorkRequest) -> HttpResponse:
    """Book one finding of the queue of a device; sent again under its id, it is not booked again."""
    typed = Typed({key: str(value) for key, value in request.POST.items()})
    name = "reject" if typed.verb == "reject" else "verify"
    store = get_ledger()
    try:
        if not typed.client_id:
            raise LedgerError(_("这一笔没有编号。"), remedy=_("在外勤页上重新记下。"))
        if typed.account != request.user.username:
            raise LedgerError(_("这一笔是 %(name)s 记下的。") % {"name": typed.account or "—"}, remedy=_("由记下的人登录后再发。"))
        promise = get_promise(store, typed.promise)
        typed.fields["text"] = typed.text.strip() + where_and_when(typed)
        with tempfile.TemporaryDirectory(prefix="sizhang-") as folder:
            receipt = PAGES[name].verb(store, order_of(request, promise, typed, Path(folder)))
    except SizhangError as fault:
        return JsonResponse({"what": told(fault.what), "remedy": told(fault.remedy)}, status=422)
    return JsonResponse({"seq": receipt.lines[0].seq, "again": receipt.again})


def where_and_when(typed: Typed) -> str:
    """What the device knew when the finding was written, as a part of the finding.

    Raises:
        LedgerError: what it sent is no place.
    """
    when = typed.found_at[:25]
    if not typed.latitude or not typed.longitude:
        return f" [{when}]" if when else ""
    try:
        latitude, longitude = Decimal(typed.latitude), Decimal(typed.longitude)
        # Compared before it is rounded: "NaN" raises here, and no exponent is written out.
        accuracy = Decimal(typed.accuracy_m or "0")
        there = abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= accuracy <= _ACCURACY_M_MOST
    except InvalidOperation as fault:
        raise LedgerError(_("位置读不出来。"), remedy=_("关掉定位再记一次。")) from fault
    if not there:
        raise LedgerError(_("位置 %(place)s 不在地球上。") % {"place": f"{latitude},{longitude}"}, remedy=_("关掉定位再记一次。"))
    return f" [{when} {latitude:.6f},{longitude:.6f} ±{int(accuracy)} m]"


def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, whose scope is the field form alone."""
    shell = [reverse("field"), reverse("field_manifest"), *(static(f"sizhang/{name}") for name in ("site.css", "field.js", "mark.svg"))]
    response = render(request, "field_worker.js", {"shell": shell}, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone needs to install the field form."""
    icon = {"src": static("sizhang/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    facts = {
        "name": _("四账外勤核账"),
        "short_name": _("外勤核账"),
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "lang": "zh-CN",
    }
    more = {"display": "standalone", "background_color": "#fbfaf6", "theme_color": "#b3261e", "icons": [icon]}
    return JsonResponse(facts | more, content_type="application/manifest+json")
