"""Sign-in elsewhere: away to the OpenID provider of the settings, and back. Without one there are no such pages.

The first is a link and no form: the content policy lets forms go to this site alone, also by way of a redirection.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sizhang.web.access import is_from_here


def _with_provider(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Where there is no provider there is no page; where it fails there is one that says so."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if settings.OIDC is None:
            raise Http404
        from allauth.socialaccount.providers.oauth2.client import OAuth2Error
        from requests import RequestException

        from sizhang.web.oidc import failed

        try:
            return view(request)
        except (OAuth2Error, RequestException) as fault:
            return failed(request, None, fault)

    return guarded


@never_cache
@require_GET
@_with_provider
def away(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider, when it comes from a page of this site or from nowhere."""
    if not is_from_here(request):
        return redirect("account_login")
    from allauth.account.utils import get_next_redirect_url

    from sizhang.web.oidc import SiteAdapter

    answer: HttpResponse = (
        SiteAdapter(request).get_provider(request).redirect(request, process="login", next_url=get_next_redirect_url(request))
    )
    return answer


@never_cache
@require_GET
@_with_provider
def back(request: HttpRequest) -> HttpResponse:
    """The browser comes back with the provider's answer."""
    from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView

    from sizhang.web.oidc import PROVIDER, Connection

    answer: HttpResponse = OAuth2CallbackView.adapter_view(Connection(request, PROVIDER))(request)
    return answer
