"""Inquiries 询问: what deputies ask, and what the office answers; everybody who has signed in reads both."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizhang.core.errors import LedgerError
from sizhang.store.reading import get_promise
from sizhang.web.access import OFFICE, RefusedError, WorkRequest, check_may, needs, role_name
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Inquiry

TEXT_MOST: Final = 2_000


@require_http_methods(["GET", "POST"])
@needs("read")
def inquiries(request: WorkRequest) -> HttpResponse:
    """What was asked, the unanswered first; deputies ask here."""
    if request.method == "POST":
        check_may(request.user, "ask")
        number, text = request.POST.get("number", "").strip()[:40], request.POST.get("text", "").strip()
        if number:
            get_promise(get_ledger(), number)
        if not 5 <= len(text) <= TEXT_MOST:
            raise LedgerError(
                _("询问有 %(count)s 个字。") % {"count": len(text)}, remedy=_("写 5 到 %(most)s 个字。") % {"most": TEXT_MOST}
            )
        Inquiry.objects.get_or_create(promise=number, text=text, account=request.user, answered_at=None)
        return redirect("inquiries")
    waiting = list(Inquiry.objects.filter(answered_at=None).order_by("made_at")[:200])
    answered = list(Inquiry.objects.exclude(answered_at=None).select_related("answered_by__person").order_by("-answered_at")[:100])
    return render(request, "inquiries.html", {"waiting": waiting, "answered": answered, "number": request.GET.get("number", "")[:40]})


@require_POST
@needs("answer")
def answer(request: WorkRequest, inquiry_id: int) -> HttpResponse:
    """Answer an inquiry, once."""
    if request.user.role not in OFFICE:
        raise RefusedError(_("询问由督查室统一答复。"), remedy=_("由%(roles)s办理。") % {"roles": role_name("office")})
    text = request.POST.get("answer", "").strip()[:TEXT_MOST]
    if not text:
        raise LedgerError(_("答复是空的。"), remedy=_("写明查了什么、结果怎样。"))
    waiting = Inquiry.objects.filter(pk=inquiry_id, answered_at=None)
    if not waiting.update(answer=text, answered_by=request.user, answered_at=timezone.now()):
        raise Http404
    return redirect("inquiries")
