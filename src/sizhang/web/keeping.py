"""Public pages kept in memory: made once for each language, type size and theme, and made anew when the books or the day have changed.

Only pages for readers who have not signed in are kept, and only those whose view says so. Each process keeps its own. Whether they
still hold is asked of the database: on SQLite for each page, on PostgreSQL at most four times a second by each process, so that a public
page shows what was booked no more than a quarter of a second later; what was sent to the process itself, at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from sizhang.core.day import this_day
from sizhang.web.ledger import get_ledger, release
from sizhang.web.overview import version_of

_PAGES_MOST: Final = 400
_ADDRESS_MOST: Final = 300
# What makes a page somebody's own.
_PERSONAL: Final = (settings.SESSION_COOKIE_NAME, "messages")
_ASKED_AGAIN_S: Final = 0.25
# What an answer says that has nothing new to show.
_UNCHANGED: Final = ("ETag", "Cache-Control", "Vary", "Content-Security-Policy")


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


class KeepingMiddleware:
    """Answers from memory what has not changed; stands before all other middleware, so that a kept page costs next to nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages: dict[tuple[object, ...], Kept] = {}
        self.asked: tuple[str, float, tuple[object, ...]] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            try:
                return self.get_response(request)
            finally:
                self.asked = None
        address = request.get_full_path()
        static = address.startswith(f"/{settings.STATIC_URL.lstrip('/')}")
        if request.method != "GET" or static or len(address) > _ADDRESS_MOST or any(name in request.COOKIES for name in _PERSONAL):
            return self.get_response(request)
        key = self._key(request, address)
        version = self._version()
        if version is None:
            return self.get_response(request)
        kept = self.pages.get(key)
        if kept is None or kept.version != version:
            response = self.get_response(request)
            if not getattr(request, "may_be_kept", False) or response.status_code != 200 or response.cookies or response.streaming:
                return response
            kept = self._keep(key, version, response)
        if request.headers.get("If-None-Match") == kept.headers["ETag"]:
            return HttpResponseNotModified(headers={name: kept.headers[name] for name in _UNCHANGED if name in kept.headers})
        return HttpResponse(kept.content, headers=kept.headers)

    def _keep(self, key: tuple[object, ...], version: tuple[object, ...], response: HttpResponse) -> Kept:
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        # Browsers ask each time whether it has changed; it is sent again only then.
        response.headers.setdefault("Cache-Control", "no-cache")
        response.headers["ETag"] = f'"{sha256(response.content).hexdigest()[:32]}"'
        if len(self.pages) >= _PAGES_MOST:
            self.pages.clear()
        kept = self.pages[key] = Kept(version, response.content, dict(response.headers))
        return kept

    def _version(self) -> tuple[object, ...] | None:
        """The version of the settings' ledger; None where it cannot be asked, which the page then tells."""
        now = time.monotonic()
        if self.asked is not None and self.asked[0] == settings.LEDGER and now - self.asked[1] < _ASKED_AGAIN_S:
            return self.asked[2]
        try:
            store = get_ledger()
            version = (version_of(store), this_day())
        except Exception:
            return None
        finally:
            release()
        if store.engine == "postgresql":
            self.asked = (settings.LEDGER, now, version)
        return version

    def _key(self, request: HttpRequest, address: str) -> tuple[object, ...]:
        cookies = request.COOKIES
        how = (get_language_from_request(request), cookies.get("type") == "large", cookies.get("theme", ""))
        return settings.LEDGER, request.scheme, request.META.get("HTTP_HOST", ""), address, *how
