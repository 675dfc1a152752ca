"""A fault that a user can mend is a page with what is wrong and the remedy, never a traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sizhang.core.errors import SizhangError
from sizhang.web.access import RefusedError
from sizhang.web.ledger import release


class RequestSizeMiddleware:
    """Refuses a request that is too large before a byte of it is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.REQUEST_MB_MOST * 10**6:
            from sizhang.web.views.faults import too_large

            return too_large(request)
        return self.get_response(request)


class RefusalMiddleware:
    """Turns a refusal into a page, 403 where a right is missing and 422 where the input is at fault, and gives the ledger back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            release()

    def process_view(self, request: HttpRequest, view: object, args: object, named: object) -> HttpResponse | None:
        """400 for a NUL in the address or a field: nobody types one, and PostgreSQL keeps none."""
        if "\0" not in request.path and not any("\0" in value for _name, values in request.POST.lists() for value in values):
            return None
        from sizhang.web.views.faults import bad_request

        return bad_request(request, ValueError("NUL"))

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page for a fault that has a remedy; others stay what they are."""
        if not isinstance(fault, SizhangError):
            return None
        status = 403 if isinstance(fault, RefusedError) else 422
        return render(request, "refused.html", {"fault": fault, "status": status}, status=status)
