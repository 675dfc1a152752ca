"""The read API: what the public pages show, as JSON. Numbers are decimal strings, lists have a limit, nothing can be written."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query, Schema

from sizhang.web.keeping import let_keep
from sizhang.web.ledger import get_ledger
from sizhang.web.opendata import entry_records, promise_records

_MOST: Final = 1_000
_SEQ_MOST: Final = 2**53 - 1
Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many to leave out first.")]
After = Annotated[int, Query(ge=0, le=_SEQ_MOST, description="Only entries with a greater number.")]
Year = Annotated[int | None, Query(ge=1949, le=9999, description="The report's year.")]
Word = Annotated[str, Query(max_length=200, pattern="^[^\\x00]*$")]
Number = Annotated[str, Path(max_length=40, pattern="^[^\\x00]+$", description="The promise's number.")]


class PromiseRecord(Schema):
    """A promise with what stands at each stage; numbers are decimal strings in its unit."""

    number: str
    year: int
    title: str
    domain: str
    kind: str
    measure: str
    strength: str
    deadline: str
    body: str
    place: str
    parent: str
    unit: str
    pledge: str
    owed: str
    claimed: str
    verified: str
    settled: str
    surplus: str


class EntryRecord(Schema):
    """An entry with every field that its hash covers."""

    seq: int
    client_id: str
    promise: str
    unit: str
    decimals: int
    verb: str
    source: int
    target: int
    steps: int
    day: int
    instant: int
    person: str
    body: str
    text: str
    surplus: int
    evidence: str
    lots: str
    hash: str
    quantity: str
    on: str
    recorded_at: str


api = NinjaAPI(title="Sizhang 四账", version="1", description=__doc__, docs_url=None, urls_namespace="api")


def as_json(content: Any) -> HttpResponse:
    """An answer as it is; Chinese stays readable."""
    return HttpResponse(json.dumps(content, ensure_ascii=False, separators=(",", ":")), content_type="application/json; charset=utf-8")


def _answer(request: HttpRequest, content: Any) -> HttpResponse:
    let_keep(request)
    return as_json(content)


@api.get("/promises", response=list[PromiseRecord], summary="承诺，按编号 Promises by number")
def promises(
    request: HttpRequest, year: Year = None, domain: Word = "", body: Word = "", limit: Limit = 100, offset: Offset = 0
) -> HttpResponse:
    """Promises, those of a year, a domain or a lead body where these are given."""
    return _answer(request, promise_records(get_ledger(), {"year": year, "domain": domain, "body": body}, limit, offset))


@api.get("/promises/{number}", response=PromiseRecord, summary="一项承诺 One promise")
def promise(request: HttpRequest, number: Number) -> HttpResponse:
    """One promise; 404 where the ledger has none of that number."""
    found = promise_records(get_ledger(), {"number": number}, 1, 0)
    if not found:
        raise Http404
    return _answer(request, found[0])


@api.get("/promises/{number}/entries", response=list[EntryRecord], summary="一项承诺的流水 The history of one promise")
def promise_entries(request: HttpRequest, number: Number, after: After = 0, limit: Limit = 100) -> HttpResponse:
    """The entries of a promise in the order of the chain."""
    if not promise_records(get_ledger(), {"number": number}, 1, 0):
        raise Http404
    return _answer(request, entry_records(get_ledger(), after, limit, number))


@api.get("/entries", response=list[EntryRecord], summary="全部流水 All entries")
def entries(request: HttpRequest, after: After = 0, limit: Limit = 100) -> HttpResponse:
    """The whole ledger in the order of the chain: ask again with the last number until the answer is empty."""
    return _answer(request, entry_records(get_ledger(), after, limit))
