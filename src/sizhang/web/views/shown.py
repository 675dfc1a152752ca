"""Which evidence everybody may see: decided by the office, file by file; what is not chosen is not shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sizhang.store.reading import get_promise, read_history
from sizhang.web.access import WorkRequest, needs
from sizhang.web.exhibits import load_exhibits
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Shown, note_public_change


@needs("moderate")
def choose(request: WorkRequest, number: str) -> HttpResponse:
    """The files of a promise, with a tick for each that is shown."""
    store = get_ledger()
    promise = get_promise(store, number)
    exhibits = load_exhibits(store, read_history(store, number))
    digests = [one.digest for one in exhibits]
    if request.method != "POST":
        shown = set(Shown.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
        return render(request, "shown.html", {"promise": promise, "exhibits": exhibits, "shown": shown})
    chosen = set(request.POST.getlist("shown")) & set(digests)
    Shown.objects.filter(sha256__in=set(digests) - chosen).delete()
    for digest in chosen:
        Shown.objects.get_or_create(sha256=digest, defaults={"account": request.user})
    note_public_change()
    messages.success(request, _("公开的佐证有 %(count)s 件。") % {"count": len(chosen)})
    return redirect("public_promise", number)
