"""Open data 开放数据: the page, and the files that it offers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _

from sizhang.core.errors import LANGUAGES
from sizhang.store.exporting.csv import journal_rows, neutral
from sizhang.store.reading import read_promises
from sizhang.web import opendata
from sizhang.web.api import api, as_json
from sizhang.web.jinja import render_number
from sizhang.web.keeping import keep
from sizhang.web.ledger import get_ledger, release
from sizhang.web.telling import reader_language
from sizhang.web.views.public import rows_of
from sizhang.web.words import verb_name

TABLES: Final = {"promises": (opendata.PROMISE_COLUMNS, opendata.promise_table), "entries": (opendata.ENTRY_COLUMNS, journal_rows)}
FORMS: Final = ("csv", "json")
_NEWS: Final = 50
_ROWS_AT_ONCE: Final = 500


@keep
def data(request: HttpRequest) -> HttpResponse:
    """What there is, what each column means, and how to ask the API."""
    paths, mine = api.get_openapi_schema()["paths"], LANGUAGES.index(reader_language())
    calls = [
        # A summary is its Chinese, a space and its English.
        {"path": path, "summary": call["summary"].split(" ", 1)[mine], "parameters": [one["name"] for one in call.get("parameters", [])]}
        for path, calls in paths.items()
        for call in calls.values()
    ]
    tables = {name: columns for name, (columns, _rows) in TABLES.items()}
    return render(request, "public/data.html", {"calls": calls, "tables": tables})


def table(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """A whole table, sent while it is read."""
    columns, rows = TABLES[name]

    def read() -> Iterator[tuple[str, ...]]:
        try:
            yield from rows(get_ledger())
        finally:
            release()

    heading = opendata.names_of(columns)
    parts, media = (csv_parts(heading, read()), "text/csv") if form == "csv" else (json_parts(heading, read()), "application/json")
    response = StreamingHttpResponse(parts, content_type=f"{media}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def csv_parts(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[bytes]:
    """CSV in UTF-8 with a byte-order mark, with nothing in it that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(heading)
    for number, row in enumerate(rows):
        writer.writerow([neutral(cell) for cell in row])
        if number % _ROWS_AT_ONCE == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def json_parts(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[bytes]:
    """A list of records, one a line; every value is a string, so that no digit is lost."""
    yield b"["
    before = "\n"
    for row in rows:
        yield (before + json.dumps(dict(zip(heading, row, strict=True)), ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]\n"


@keep
def package(request: HttpRequest) -> HttpResponse:
    """The Data Package; its paths lead to the tables beside it."""
    return as_json(opendata.data_package(settings.CITY or "Sizhang 四账"))


@keep
def feed(request: HttpRequest) -> HttpResponse:
    """What was settled or reopened last, and what is broken now."""
    news = Rss201rev2Feed(
        title=f"{settings.CITY} {_('账单')}".strip(),
        link=request.build_absolute_uri(reverse("public")),
        description=_("只有核实过的才算数。"),
        language={"zh": "zh-CN", "en": "en"}[reader_language()],
        feed_url=request.build_absolute_uri(),
    )
    for item in [*_broken(), *_booked()]:
        news.add_item(**{**item, "link": request.build_absolute_uri(item["link"])})
    return HttpResponse(news.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _broken() -> Iterator[dict[str, Any]]:
    years, rows = rows_of(0)
    for row in islice((row for row in rows if row.light.state == "broken"), _NEWS):
        number = row.promise.number
        yield {
            "title": _("失守：%(title)s") % {"title": row.promise.title},
            "link": reverse("public_promise", args=[number]),
            "description": row.light.reason,
            "unique_id": f"{number} broken {years[0]}",
            "unique_id_is_permalink": False,
        }


def _booked() -> Iterator[dict[str, Any]]:
    store = get_ledger()
    titles = {promise.number: promise.title for promise in read_promises(store)}
    for entry in opendata.latest_records(store, ("settle", "reopen"), _NEWS):
        yield {
            "title": f"{verb_name(entry['verb'])} {render_number(entry['quantity'])} {entry['unit']}{_('：')}{titles[entry['promise']]}",
            "link": reverse("public_promise", args=[entry["promise"]]),
            "description": entry["text"],
            "unique_id": entry["hash"],
            "unique_id_is_permalink": False,
            "pubdate": datetime.fromisoformat(entry["recorded_at"]),
        }
