"""Public pages kept in memory: made once for each language, type size and theme, and made anew when the books or the day have changed.

Only pages for readers who have not signed in are kept, and only those whose view says so. Each process keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from sizhang.core.day import this_day
from sizhang.store.connection import Store
from sizhang.web.ledger import get_ledger, release

_PAGES_MOST: Final = 400
_ADDRESS_MOST: Final = 300
# What makes a page somebody's own.
_PERSONAL: Final = (settings.SESSION_COOKIE_NAME, "messages")
_VERSION: Final = (
    "SELECT h.seq, (SELECT COALESCE(MAX(id), 0) FROM plan), (SELECT COALESCE(MAX(id), 0) FROM closing), "
    "(SELECT COALESCE(MAX(id), 0) FROM assignment), (SELECT COALESCE(SUM(seq), 0) FROM mark WHERE name = 'public'), "
    "(SELECT COUNT(*) FROM promise) FROM head h WHERE h.id = 1"
)


@dataclass(frozen=True)
class Kept:
    """A page as it was sent."""

    version: tuple[object, ...]
    content: bytes
    headers: dict[str, str]


def let_keep(request: HttpRequest) -> None:
    """Let the answer to this request be kept."""
    request.may_be_kept = True  # type: ignore[attr-defined]


def keep(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the answers of a view be kept: it shows everybody the same."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        let_keep(request)
        return view(request, *args, **kwargs)

    return marked


def version_of(store: Store) -> tuple[object, ...]:
    """What changes whenever a public page may: with each entry, plan, closing, assignment, with what the office shows, and the day."""
    return (*store.rows(_VERSION)[0], this_day())


def current_version(store: Store) -> tuple[object, ...]:
    """The version, asked outside a transaction: on PostgreSQL one way there and back instead of three."""
    if store.engine != "postgresql":
        return version_of(store)
    store.raw.autocommit = True
    try:
        return version_of(store)
    finally:
        store.raw.autocommit = False


def find_version() -> tuple[object, ...] | None:
    """The version of the settings' ledger; None where it cannot be asked, which the page then tells."""
    try:
        return current_version(get_ledger())
    except Exception:
        release()
        return None


class KeepingMiddleware:
    """Answers from memory what has not changed; stands before all other middleware, so that a kept page costs one question."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages: dict[tuple[object, ...], Kept] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.get_full_path()
        static = address.startswith(f"/{settings.STATIC_URL.lstrip('/')}")
        if request.method != "GET" or static or len(address) > _ADDRESS_MOST or any(name in request.COOKIES for name in _PERSONAL):
            return self.get_response(request)
        key = self._key(request, address)
        version = find_version()
        if version is None:
            return self.get_response(request)
        kept = self.pages.get(key)
        if kept is not None and kept.version == version:
            return HttpResponse(kept.content, headers=kept.headers)
        response = self.get_response(request)
        if getattr(request, "may_be_kept", False) and response.status_code == 200 and not (response.cookies or response.streaming):
            if len(self.pages) >= _PAGES_MOST:
                self.pages.clear()
            self.pages[key] = Kept(version, response.content, dict(response.headers))
        return response

    def _key(self, request: HttpRequest, address: str) -> tuple[object, ...]:
        cookies = request.COOKIES
        how = (get_language_from_request(request), cookies.get("type") == "large", cookies.get("theme", ""))
        return settings.LEDGER, request.scheme, request.META.get("HTTP_HOST", ""), address, *how
