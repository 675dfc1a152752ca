"""Clues 线索: what somebody saw that differs from the books; moderated by the office, and answered on the promise's page."""

from __future__ import annotations

from typing import Final

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sizhang.core.errors import LedgerError
from sizhang.store.reading import read_promises
from sizhang.web.access import needs
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Clue, note_public_change

TEXT_MOST: Final = 2_000
A_DAY_MOST: Final = int(settings.ACCOUNT_RATE_LIMITS["clue"].partition("/")[0])


@require_http_methods(["GET", "POST"])
def clue(request: HttpRequest) -> HttpResponse:
    """The form for everybody; five a day from one address."""
    number = (request.POST if request.method == "POST" else request.GET).get("number", "").strip()[:40]
    if request.method == "GET":
        return render(request, "public/clue.html", {"number": number, "text": "", "fault": ""})
    text = request.POST.get("text", "").strip()
    fault = _fault(request, number, text)
    if fault:
        return render(request, "public/clue.html", {"number": number, "text": text, "fault": fault}, status=422)
    Clue.objects.create(promise=number, text=text)
    messages.success(request, _("收到了。督查室看过以后，处理结果写在这一项承诺的页面上。"))
    return redirect("public_promise", number)


def _fault(request: HttpRequest, number: str, text: str) -> str:
    if not number or not read_promises(get_ledger(), number):
        return _("没有编号是“%(number)s”的承诺。请从承诺的页面进来，或先查一查编号。") % {"number": number}
    if not 10 <= len(text) <= TEXT_MOST:
        return _("请写 10 到 %(most)s 个字：在哪里、什么时候、看到了什么。") % {"most": TEXT_MOST}
    if not ratelimit.consume(request, action="clue"):
        return _("今天从这里来的线索已有 %(most)s 条，请明天再写。") % {"most": A_DAY_MOST}
    return ""


@needs("moderate")
def clues(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the oldest first, and what was answered last."""
    waiting = list(Clue.objects.filter(answered_at=None).order_by("made_at")[:200])
    answered = list(Clue.objects.exclude(answered_at=None).order_by("-answered_at")[:50])
    return render(request, "clues.html", {"waiting": waiting, "answered": answered})


@require_POST
@needs("moderate")
def answer(request: HttpRequest, clue_id: int) -> HttpResponse:
    """Answer a clue; whether its own words are shown is decided here."""
    found = Clue.objects.filter(pk=clue_id, answered_at=None).first()
    if found is None:
        raise Http404
    text = request.POST.get("answer", "").strip()
    if not text:
        raise LedgerError(_("答复是空的。"), remedy=_("写明查了什么、结果怎样。"))
    found.answer, found.shown, found.answered_at = text[:TEXT_MOST], request.POST.get("shown") == "1", timezone.now()
    found.save()
    note_public_change()
    return redirect("clues")
