"""Notices 公示: what was verified and is about to be written off; who objects, and what was answered."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError
from sizhang.store.registers import get_promise
from sizhang.web.access import WorkRequest, check_own, needs
from sizhang.web.closing import load_notices
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Objection
from sizhang.web.own import own_numbers
from sizhang.web.views.promise import bodies_of

TEXT_MOST: Final = 2_000
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
    for one in Objection.objects.select_related("account", "answered_by").order_by("-made_at")[:500]:
        objections.setdefault(one.promise, []).append(one)
    return render(
        request, "notices.html", {"notices": shown, "objections": objections, "left": len(standing) - len(shown), "today": this_day()}
    )


@require_POST
@needs("read")
def objection(request: WorkRequest, number: str) -> HttpResponse:
    """Object to the write-off of a promise."""
    store = get_ledger()
    promise = get_promise(store, number)
    check_own(request.user, bodies_of(store, number), number)
    text = request.POST.get("text", "").strip()
    if not promise.balance.verified:
        raise LedgerError(_("%(number)s 现在没有公示中的数量。") % {"number": number}, remedy=_("对已销的账有疑问，请附结论回账。"))
    if not 5 <= len(text) <= TEXT_MOST:
        raise LedgerError(_("请写 5 到 %(most)s 个字。") % {"most": TEXT_MOST}, remedy=_("写明哪里不属实、凭什么这样说。"))
    Objection.objects.get_or_create(promise=number, account=request.user, text=text, answered_at=None)
    messages.success(request, _("异议已记下。答复之前，这一项销不了账。"))
    return redirect("notices")


@require_POST
@needs("settle")
def answer(request: WorkRequest, objection_id: int) -> HttpResponse:
    """Answer an objection; what was answered stays."""
    found = get_object_or_404(Objection, pk=objection_id, answered_at=None)
    text = request.POST.get("answer", "").strip()
    if not text or len(text) > TEXT_MOST:
        raise LedgerError(_("答复是空的，或超过 %(most)s 个字。") % {"most": TEXT_MOST}, remedy=_("写明查了什么、结果怎样。"))
    found.answer, found.answered_by, found.answered_at = text, request.user, timezone.now()
    found.save()
    return redirect("notices")
