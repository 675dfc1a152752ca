"""Notices 公示: what was verified and is about to be written off; who objects, and what was answered."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sizhang.app.objection import answer_objection, object_to
from sizhang.core.day import this_day
from sizhang.store.objections import Objection, find_objection, load_objections
from sizhang.store.registers import get_promise
from sizhang.web.access import WorkRequest, check_own, needs
from sizhang.web.closing import load_notices
from sizhang.web.ledger import get_ledger
from sizhang.web.own import own_numbers
from sizhang.web.views.promise import bodies_of

_SHOWN_MOST: Final = 60


@needs("read")
def notices(request: WorkRequest) -> HttpResponse:
    """Everything that stands verified, with the end of its notice and the objections to it."""
    standing = load_notices(get_ledger())
    if request.user.role == "reporter":
        own = own_numbers(get_ledger(), request.user.body)
        standing = [one for one in standing if one[0].number in own]
    shown = standing[:_SHOWN_MOST]
    objections: dict[str, list[Objection]] = {}
    for one in load_objections(get_ledger())[::-1]:
        objections.setdefault(one.promise, []).append(one)
    return render(
        request, "notices.html", {"notices": shown, "objections": objections, "left": len(standing) - len(shown), "today": this_day()}
    )


@require_POST
@needs("read")
def objection(request: WorkRequest, number: str) -> HttpResponse:
    """Object to the write-off of a promise."""
    store = get_ledger()
    get_promise(store, number)
    check_own(request.user, bodies_of(store, number), number)
    object_to(store, number, request.user.username, request.POST.get("text", "").strip())
    messages.success(request, _("异议已记下。答复之前，这一项销不了账。"))
    return redirect("notices")


@require_POST
@needs("settle")
def answer(request: WorkRequest, objection_id: int) -> HttpResponse:
    """Answer an objection; what was answered stays."""
    store = get_ledger()
    found = find_objection(store, objection_id)
    if found is None or found.answered_at is not None:
        raise Http404
    answer_objection(store, objection_id, request.user.username, request.POST.get("answer", "").strip())
    return redirect("notices")
