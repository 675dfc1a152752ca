"""The pages for everybody 公开: the year's statement, the happiness list, each promise, search, data, and how it is verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sizhang.store.reading import PromiseInfo, read_history, read_promises
from sizhang.web.exhibits import shown_exhibits
from sizhang.web.keeping import keep
from sizhang.web.ledger import get_ledger
from sizhang.web.lights import day_of_year
from sizhang.web.models import Clue
from sizhang.web.overview import lights_of, overview_of, rows_of_year
from sizhang.web.paging import page_of, piece_of
from sizhang.web.quality import describe_quality
from sizhang.web.rows import Row, balances_of, make_rows
from sizhang.web.sentences import find_quotation
from sizhang.web.views.ledger import tally

ENTRIES_A_PAGE: Final = 50


def rows_of(year: int) -> tuple[list[int], list[Row]]:
    """The years of the ledger, and the rows of one of them; of the latest where it is 0."""
    store = get_ledger()
    overview = overview_of(store)
    years = overview.years
    year = year if year in years else (years[0] if years else 0)
    return years, rows_of_year(store, year, overview.version) if year else []


def year_of(request: HttpRequest) -> int:
    """The year that the address names; 0 where it names none."""
    given = request.GET.get("year", "")
    return int(given) if given.isdecimal() and len(given) == 4 else 0


@keep
def public(request: HttpRequest) -> HttpResponse:
    """The year's statement on one page."""
    years, rows = rows_of(year_of(request))
    by_domain: dict[str, list[Row]] = {}
    for row in rows:
        by_domain.setdefault(row.promise.domain, []).append(row)
    facts = {
        "years": years,
        "year": rows[0].promise.year if rows else None,
        "tally": tally(rows),
        "shares": mean_shares(rows),
        "on": day_of_year(rows[0].promise.year) if rows else None,
        "livelihood": [row for row in rows if is_livelihood(row)][:12],
        "domains": {domain: (tally(held), held) for domain, held in by_domain.items()},
    }
    return render(request, "public/statement.html", facts)


def mean_shares(rows: Sequence[Row]) -> tuple[int, int, int, int]:
    """How much of a promise is owed, claimed, verified and settled on the average, each promise counting alike, in per cent.

    Rounding: down to whole per cent; what that leaves is owed, so that the four make 100.
    """
    counted = [row.balance for row in rows if row.balance.pledge]
    if not counted:
        return 0, 0, 0, 0
    stages = [[Fraction(getattr(one, stage), -one.pledge) for one in counted] for stage in ("claimed", "verified", "settled")]
    claimed, verified, settled = (int(100 * sum(shares) / len(counted)) for shares in stages)
    return 100 - claimed - verified - settled, claimed, verified, settled


def is_livelihood(row: Row) -> bool:
    """Whether a promise is one of the things that people use: a countable delivery in housing, care, jobs, schools, health or streets."""
    return row.promise.measure in ("amount", "members") and row.promise.domain in ("urban", "education", "health", "employment", "culture")


@keep
def happiness(request: HttpRequest) -> HttpResponse:
    """The people's-livelihood items as a list."""
    _years, rows = rows_of(year_of(request))
    year = request.GET.get("year", "")
    piece = piece_of(request, [row for row in rows if is_livelihood(row)], {"year": year} if year else {})
    return render(request, "public/happiness.html", {"piece": piece})


@keep
def search(request: HttpRequest) -> HttpResponse:
    """Find promises by a word, a number, a domain or a body; all of them where nothing is asked for."""
    given = request.GET
    asked = {"text": given.get("text", "").strip()[:100], "domain": given.get("domain", "")[:20], "body": given.get("body", "")[:200]}
    _years, rows = rows_of(year_of(request))
    found = [row for row in rows if _is_asked(row.promise, asked) and asked["text"].lower() in row.searched]
    facts = {
        **asked,
        "piece": piece_of(request, found, {name: value for name, value in asked.items() if value}),
        "domains": sorted({row.promise.domain for row in rows}),
        "bodies": sorted({row.promise.body for row in rows}),
    }
    return render(request, "public/search.html", facts)


def _is_asked(promise: PromiseInfo, asked: Mapping[str, str]) -> bool:
    return asked["domain"] in ("", promise.domain or "none") and asked["body"] in ("", promise.body)


@keep
def method(request: HttpRequest) -> HttpResponse:
    """How promises are verified, in plain words."""
    return render(request, "public/method.html")


@keep
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One promise: its sentence, its five numbers, how good they are, what may be seen of its evidence, and its history."""
    store = get_ledger()
    family = read_promises(store, number)
    if not family or family[0].number != number:
        raise Http404
    rows = make_rows(family, balances_of(store, number), lights_of(store, family[0].year))
    history = read_history(store, number)
    quotation = find_quotation(store, number)
    page = page_of(request)
    latest, first = history[::-1], page * ENTRIES_A_PAGE
    facts = {
        "promise": family[0],
        "row": next((row for row in rows if row.promise.number == number), None),
        "others": [row for row in rows if row.promise.number != number],
        "quotation": quotation,
        "quality": describe_quality(family, history, quotation.report if quotation else ""),
        "history": latest[first : first + ENTRIES_A_PAGE],
        "entries": len(history),
        "page": page,
        "more": len(history) > first + ENTRIES_A_PAGE,
        "exhibits": shown_exhibits(store, history),
        "clues": list(Clue.objects.filter(promise=number).exclude(answered_at=None).order_by("-answered_at")[:20]),
    }
    return render(request, "public/promise.html", facts)
