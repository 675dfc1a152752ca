"""What belongs to the frame of every page: language, type size and theme; the reader's own log."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sizhang.store.reading import read_latest
from sizhang.web.access import RefusedError, WorkRequest, is_from_here, needs
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Act

LOG_ROWS = 200
_COOKIE_AGE_S = 365 * 24 * 3600


@csrf_exempt
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what the reader chose in cookies of this browser, and go back to the page it was chosen on.

    The form has no token, so that a page is the same for everybody and can be kept; a form on another site is refused by the browser's
    own word of where it comes from.
    """
    if not is_from_here(request):
        raise RefusedError(_("这个选择不是在本站的页面上作的。"), remedy=_("请在本站页脚里选。"))
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if safe else "/")
    chosen = {
        settings.LANGUAGE_COOKIE_NAME: (request.POST.get("language", ""), check_for_language),
        "type": (request.POST.get("type", ""), ("large", "normal").__contains__),
        "theme": (request.POST.get("theme", ""), ("auto", "light", "dark").__contains__),
    }
    for name, (value, is_known) in chosen.items():
        if value and is_known(value):
            response.set_cookie(name, value, max_age=_COOKIE_AGE_S, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


@needs("read")
def log(request: WorkRequest) -> HttpResponse:
    """What the reader has booked and done, and for the office what everybody has, the latest first."""
    account = request.user
    everybody = account.role in ("office", "admin")
    person = account.person.name if account.person else ""
    entries = read_latest(get_ledger(), "" if everybody else person, LOG_ROWS) if everybody or person else []
    acts = Act.objects.select_related("account").order_by("-pk")
    shown = acts[:LOG_ROWS] if everybody else acts.filter(account=account)[:LOG_ROWS]
    return render(request, "log.html", {"entries": entries, "acts": list(shown), "everybody": everybody})
