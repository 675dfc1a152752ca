"""Long lists in pieces of a hundred, so that no page grows with the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest

ROWS_A_PAGE: Final = 100


@dataclass(frozen=True)
class Piece:
    """The rows of one page of a list.

    Attributes:
        found: how many there are on all pages.
        before, after: the questions of the addresses beside it; empty at the ends.
    """

    rows: Sequence[Any]
    found: int
    before: str
    after: str


def piece_of(request: HttpRequest, rows: Sequence[Any], asked: Mapping[str, str] | None = None) -> Piece:
    """The piece that the address names; `asked` stays in the addresses beside it."""
    page = page_of(request)
    first = page * ROWS_A_PAGE

    def question(number: int) -> str:
        return f"?{urlencode({**(asked or {}), 'page': number})}"

    after = question(page + 1) if len(rows) > first + ROWS_A_PAGE else ""
    return Piece(rows[first : first + ROWS_A_PAGE], len(rows), question(page - 1) if page else "", after)


def page_of(request: HttpRequest) -> int:
    """The page that the address names, from 0."""
    given = request.GET.get("page", "")
    return int(given) if given.isdecimal() and len(given) < 6 else 0
