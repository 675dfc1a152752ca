"""The pages for everybody 公开: the year's statement, the happiness list, each promise, search, data, and how it is verified."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sizhang.core.errors import LedgerError
from sizhang.store.reading import read_history, read_promises
from sizhang.web.ledger import get_ledger
from sizhang.web.lights import lights_of
from sizhang.web.rows import Row, balances_of, make_rows
from sizhang.web.sentences import find_quotation
from sizhang.web.views.ledger import tally

_FOUND_MOST = 100


def rows_of(year: int) -> tuple[list[int], list[Row]]:
    """The years of the ledger, and the rows of one of them; of the latest where it is 0."""
    promises = read_promises(get_ledger())
    years = sorted({promise.year for promise in promises}, reverse=True)
    year = year if year in years else (years[0] if years else 0)
    lights = lights_of(get_ledger(), year) if year else {}
    return years, make_rows((one for one in promises if one.year == year), balances_of(get_ledger()), lights)


def _year(request: HttpRequest) -> int:
    given = request.GET.get("year", "")
    return int(given) if given.isdecimal() and len(given) == 4 else 0


def public(request: HttpRequest) -> HttpResponse:
    """The year's statement on one page."""
    years, rows = rows_of(_year(request))
    by_domain: dict[str, list[Row]] = {}
    for row in rows:
        by_domain.setdefault(row.promise.domain, []).append(row)
    facts = {
        "years": years,
        "year": rows[0].promise.year if rows else None,
        "tally": tally(rows),
        "livelihood": [row for row in rows if is_livelihood(row)][:12],
        "domains": {domain: (tally(held), held) for domain, held in by_domain.items()},
    }
    return render(request, "public/statement.html", facts)


def is_livelihood(row: Row) -> bool:
    """Whether a promise is one of the things that people use: a countable delivery in housing, care, jobs, schools, health or streets."""
    return row.promise.measure in ("amount", "members") and row.promise.domain in ("urban", "education", "health", "employment", "culture")


def happiness(request: HttpRequest) -> HttpResponse:
    """The people's-livelihood items as a list."""
    _years, rows = rows_of(_year(request))
    return render(request, "public/happiness.html", {"rows": [row for row in rows if is_livelihood(row)]})


def search(request: HttpRequest) -> HttpResponse:
    """Find promises by a word, a number or a body."""
    text = request.GET.get("text", "").strip()[:100]
    _years, rows = rows_of(_year(request))
    found = [row for row in rows if text.lower() in row.searched] if text else []
    return render(request, "public/search.html", {"text": text, "rows": found[:_FOUND_MOST], "found": len(found)})


def one(request: HttpRequest, number: str) -> HttpResponse:
    """One promise: its sentence, its five numbers, how good they are, and its history."""
    store = get_ledger()
    family = read_promises(store, number)
    if not family:
        raise Http404
    rows = make_rows(family, balances_of(store, number), lights_of(store, family[0].year))
    try:
        history = read_history(store, number)
    except LedgerError as fault:
        raise Http404 from fault
    facts = {
        "promise": family[0],
        "row": next((row for row in rows if row.promise.number == number), None),
        "others": [row for row in rows if row.promise.number != number],
        "quotation": find_quotation(store, number),
        "history": list(reversed(history)),
        "verified": [entry for entry in history if entry.verb == "verify"],
    }
    return render(request, "public/promise.html", facts)
