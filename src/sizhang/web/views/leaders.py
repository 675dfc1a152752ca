"""For leaders and deputies: what is broken or at risk with its reason, and nothing else; and the packet before the session."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sizhang.core.day import this_day
from sizhang.web.access import needs
from sizhang.web.packet import make_packet, write_docx, write_pdf
from sizhang.web.paging import piece_of
from sizhang.web.views.files import as_file
from sizhang.web.views.public import rows_of, year_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs("oversee")
def exceptions(request: HttpRequest) -> HttpResponse:
    """Broken first, then at risk, each with its reason; all else is left out."""
    years, rows = rows_of(year_of(request))
    shown = sorted((row for row in rows if row.light.state in ("broken", "risk")), key=lambda row: (row.light_order, row.promise.number))
    year = request.GET.get("year", "")
    piece = piece_of(request, shown, {"year": year} if year else {})
    planned = sum(bool(row.light.state) for row in rows)
    return render(request, "exceptions.html", {"piece": piece, "years": years, "all": len(rows), "planned": planned})


@needs("oversee")
def packet(request: HttpRequest, form: str) -> HttpResponse:
    """The packet as docx or PDF."""
    writers = {"docx": (write_docx, DOCX), "pdf": (write_pdf, "application/pdf")}
    if form not in writers:
        raise Http404
    _years, rows = rows_of(year_of(request))
    made = make_packet(rows, settings.CITY, this_day(), lambda number: request.build_absolute_uri(reverse("public_promise", args=[number])))
    write, media_type = writers[form]
    return as_file(write(made), media_type, f"packet-{this_day():%Y%m%d}.{form}")
