"""The ledger 总账: every promise as one row with its bar, its light and the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sizhang.core.period import Level, parse_period, period_of
from sizhang.core.promise import DOMAINS, KINDS
from sizhang.store.reading import PromiseInfo
from sizhang.web.access import WorkRequest, needs
from sizhang.web.kept import kept_piece
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Account
from sizhang.web.overview import overview_of, rows_of_year
from sizhang.web.own import own_numbers
from sizhang.web.paging import ROWS_A_PAGE, page_of
from sizhang.web.rows import LIGHTS, Row, domain_name, place_name

SORTS: Final[dict[str, Callable[[Row], Any]]] = {
    "number": lambda row: row.promise.number,
    "title": lambda row: row.promise.title,
    "body": lambda row: (row.promise.body, row.promise.number),
    "owed": lambda row: (row.owed_share, row.promise.number),
    "light": lambda row: (row.light_order, row.promise.number),
}


@dataclass(frozen=True)
class Choice:
    """What the reader asked for; unknown values are as if not given."""

    year: int
    text: str = ""
    domain: str = ""
    kind: str = ""
    body: str = ""
    place: str = ""
    period: str = ""
    light: str = ""
    group: str = ""
    sort: str = "number"
    down: bool = False
    page: int = 0

    def shows(self, row: Row) -> bool:
        """Whether a row is among what was asked for."""
        promise = row.promise
        wanted = ((self.domain, promise.domain), (self.kind, promise.kind), (self.body, promise.body), (self.place, promise.place))
        if any(value and value != held for value, held in wanted) or (self.period and due_quarter(promise) != self.period):
            return False
        if self.light and row.light.state not in self.light.split("+"):
            return False
        return not self.text or self.text.lower() in row.searched

    def query(self, **changed: object) -> str:
        """The address of this choice with something changed."""
        fields = {name: value for name, value in vars(self).items() if value not in ("", False, 0)} | changed
        return "?" + urlencode({name: int(value) if isinstance(value, bool) else value for name, value in fields.items()})


def due_quarter(promise: PromiseInfo) -> str:
    """The quarter in which a promise is due: by its deadline where it has one, else by its year's end."""
    if not promise.deadline:
        return f"{promise.year}-Q4"
    return period_of(parse_period(promise.deadline).end, Level.QUARTER).key


def parse_choice(request: HttpRequest, years: list[int]) -> Choice:
    """Read the query of the address."""
    given = request.GET
    year = int(given["year"]) if given.get("year", "").isdecimal() and int(given["year"]) in years else (years[0] if years else 0)
    return Choice(
        year=year,
        text=given.get("text", "").strip()[:100],
        domain=given.get("domain", "") if given.get("domain") in DOMAINS else "",
        kind=given.get("kind", "") if given.get("kind") in KINDS else "",
        body=given.get("body", "")[:200],
        place=given.get("place", "")[:12],
        period=given.get("period", "") if given.get("period") in {f"{year}-Q{quarter}" for quarter in range(1, 5)} else "",
        light="+".join(one for one in given.get("light", "").replace(" ", "+").split("+") if one and one in LIGHTS),
        group=given.get("group", "") if given.get("group") in ("domain", "body", "place") else "",
        sort=given.get("sort", "") if given.get("sort") in SORTS else "number",
        down=given.get("down") == "1",
        page=page_of(request),
    )


@needs("read")
def ledger(request: WorkRequest) -> HttpResponse:
    """The page, or the next hundred rows of it when the browser asks for more."""
    store, account = get_ledger(), request.user
    overview = overview_of(store)
    years = overview.years
    choice = parse_choice(request, years)
    template = "parts/ledger_main.html"
    if request.htmx:
        template = "parts/ledger_rows.html" if choice.page else "parts/ledger_table.html"
    scope = ("own", account.body) if account.role == "reporter" else ("all",)
    piece = kept_piece(store, template, (choice, scope, overview.version), lambda: _facts(account, choice, years))
    return HttpResponse(piece) if request.htmx else render(request, "ledger.html", {"piece": piece})


def _facts(account: Account, choice: Choice, years: list[int]) -> dict[str, Any]:
    mine, shown = chosen_rows(account, choice)
    first = choice.page * ROWS_A_PAGE
    return {
        "choice": choice,
        "years": years,
        "rows": shown[first : first + ROWS_A_PAGE],
        "found": len(shown),
        "more": choice.query(page=choice.page + 1) if len(shown) > first + ROWS_A_PAGE else "",
        "group_before": getattr(shown[first - 1].promise, choice.group) if choice.group and 0 < first <= len(shown) else None,
        "group_name": {"domain": domain_name, "place": place_name}.get(choice.group, str),
        "tally": tally(mine),
        "domains": sorted({row.promise.domain for row in mine}),
        "quarters": sorted({due_quarter(row.promise) for row in mine} & {f"{choice.year}-Q{quarter}" for quarter in range(1, 5)}),
        "kinds": sorted({row.promise.kind for row in mine}),
        "bodies": sorted({row.promise.body for row in mine}),
        "places": sorted({row.promise.place for row in mine}),
    }


def chosen_rows(account: Account, choice: Choice) -> tuple[list[Row], list[Row]]:
    """All rows that the account may see of the year, and those of them that were asked for, in order."""
    store = get_ledger()
    rows = rows_of_year(store, choice.year) if choice.year else []
    own = own_numbers(store, account.body) if account.role == "reporter" else None
    mine = rows if own is None else [row for row in rows if row.promise.number in own]
    shown = sorted(filter(choice.shows, mine), key=SORTS[choice.sort], reverse=choice.down)
    if choice.group:
        shown.sort(key=lambda row: getattr(row.promise, choice.group))
    return mine, shown


def tally(rows: list[Row]) -> dict[str, int]:
    """How many promises are settled, verified in part, at risk and broken; only what was verified counts as done."""
    return {
        "all": len(rows),
        "settled": sum(row.balance.owed == 0 for row in rows),
        "verified": sum(row.balance.verified > 0 for row in rows),
        "risk": sum(row.light.state == "risk" for row in rows),
        "broken": sum(row.light.state == "broken" for row in rows),
    }
