"""Sign-in through an OpenID provider (OpenID Connect Core 1.0, code flow), for accounts that the administrator has opened here.

allauth keeps the state, sends the proof key and takes the code; the identity token is checked here, whole: signature, issuer,
audience, time and nonce. What the provider says of somebody is never kept: the claim names the account anew each time.
"""

from __future__ import annotations

import logging
from functools import cached_property
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sizhang.core.errors import SizhangError
from sizhang.web.access import RefusedError
from sizhang.web.issuer import Issuer
from sizhang.web.models import Account

PROVIDER: Final = "oidc"
# What a provider may sign with: only with a key of its own, never with a secret that the site shares or with nothing.
_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_CLOCKS_APART_S: Final = 30
_log = logging.getLogger(__name__)


class UntrustedError(OAuth2Error):  # type: ignore[misc]
    """What the provider sent is not what it must be."""


def trusted() -> Issuer:
    """The provider of the settings; the pages ask for it only where there is one."""
    issuer = settings.OIDC
    assert issuer is not None
    return issuer


def nonce_of(code_verifier: str) -> str:
    """The nonce of a sign-in: it follows from the secret that only this browser's session holds (OpenID Connect Core, 15.5.2)."""
    return sha256(f"nonce {code_verifier}".encode("ascii")).hexdigest()


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """The one provider of the settings; it is asked for what the settings say and never for what an address asks."""

    pkce_enabled_default = True

    def get_pkce_params(self) -> dict[str, str]:
        """The proof key, and the nonce that follows from it."""
        made: dict[str, str] = super().get_pkce_params()
        return {**made, "nonce": nonce_of(made["code_verifier"])}

    def get_oauth2_adapter(self, request: HttpRequest) -> Connection:
        return Connection(request, PROVIDER)


class Connection(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The talk with the provider."""

    nonce = ""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("elsewhere_back"))

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; it must call itself as the settings do."""
        said = self._fetch(trusted().about)
        if said.get("issuer") != trusted().url:
            raise UntrustedError(f"the issuer calls itself {said.get('issuer')!r}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", *({"userinfo_endpoint"} & said.keys())):
            if not str(said.get(name, "")).startswith(("https://", trusted().url.rstrip("/") + "/")):
                raise UntrustedError(f"no {name} over TLS")
        return said

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Take the code to the provider; without the proof key there is no sign-in."""
        if not pkce_code_verifier:
            raise UntrustedError("a state without its proof key")
        self.nonce = nonce_of(pkce_code_verifier)
        try:
            found = super().get_access_token_data(request, app, client, pkce_code_verifier)
            return {"access_token": str(found["access_token"]), "id_token": str(found.get("id_token", ""))}
        except requests.RequestException:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise UntrustedError(f"the answer to the code: {fault}") from fault

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Who the provider says it is."""
        claims = self._checked(kwargs["response"]["id_token"])
        if trusted().claim not in claims and "userinfo_endpoint" in self.openid_config:
            more = self._fetch(self.profile_url, {"Authorization": f"Bearer {token.token}"})
            # OpenID Connect Core, 5.3.2: what is said of another subject must not be used.
            if more.get("sub") != claims["sub"]:
                raise UntrustedError("userinfo is of another subject")
            claims = {**more, **claims}
        account = SocialAccount(provider=PROVIDER, uid=str(claims["sub"]), extra_data=claims)
        return SocialLogin(account=account, provider=self.get_provider())

    def _checked(self, id_token: str) -> dict[str, Any]:
        """The claims of an identity token (OpenID Connect Core, 3.1.3.7).

        Raises:
            UntrustedError: it is not signed by the issuer, not for this site, not of this sign-in, or too old.
        """
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key_of(id_token),
                algorithms=_ALGORITHMS,
                issuer=trusted().url,
                audience=trusted().client_id,
                leeway=_CLOCKS_APART_S,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, TypeError, ValueError, AttributeError) as fault:
            raise UntrustedError(f"the identity token: {fault}") from fault
        if not compare_digest(str(claims.get("nonce", "")).encode(), self.nonce.encode()):
            raise UntrustedError("the identity token: it is of another sign-in")
        if claims.get("azp", trusted().client_id) != trusted().client_id:
            raise UntrustedError("the identity token: it was made for another party")
        return claims

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        """The issuer's key that the token names; where it names none, the only one."""
        keys = jwt.PyJWKSet.from_dict(self._fetch(self.openid_config["jwks_uri"])).keys
        named = jwt.get_unverified_header(id_token).get("kid")
        found = [key for key in keys if key.public_key_use in (None, "sig") and (named is None or key.key_id == named)]
        if len(found) != 1:
            raise UntrustedError(f"{len(found)} keys of the issuer answer to {named!r}")
        return found[0]

    def _fetch(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        with SiteAdapter().get_requests_session() as session:
            answer = session.get(address, headers=headers)
            answer.raise_for_status()
            said = answer.json()
        if not isinstance(said, dict):
            raise UntrustedError(f"{address} is no object")
        return said


class SiteAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Leads who comes from the provider to his account here. Nobody gets an account by coming."""

    def get_provider(self, request: HttpRequest, provider: str = PROVIDER, client_id: str | None = None) -> Provider:
        issuer = trusted()
        app = SocialApp(provider="openid_connect", provider_id=PROVIDER, name=issuer.name, client_id=issuer.client_id)
        app.secret, app.settings = issuer.client_secret, {"server_url": issuer.about, "oauth_pkce_enabled": True}
        return Provider(request, app=app)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account that the claim names."""
        claims, claim = sociallogin.account.extra_data, trusted().claim
        named = claims.get(claim)
        known = isinstance(named, str) and bool(named) and (claim != "email" or claims.get("email_verified") is True)
        account = Account.objects.filter(username=named).first() if known else None
        if account is None:
            _log.warning("OpenID: no account for %s %r", claim, named)
            raise ImmediateHttpResponse(_refused(request, _unknown(named if known else ""), 403))
        sociallogin.user = account

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Exception | None = None, extra_context: Any = None
    ) -> None:
        """The page for a sign-in that came to nothing."""
        raise ImmediateHttpResponse(failed(request, error, exception))


def failed(request: HttpRequest, error: Any, exception: Exception | None) -> HttpResponse:
    """The page for a sign-in that came to nothing; the log has the reason."""
    _log.warning("OpenID: %s %.300s", error, exception)
    name = trusted().name
    if error == AuthError.CANCELLED or request.GET.get("error") == "access_denied":
        return _refused(request, RefusedError(_("在%(name)s取消了登录。") % {"name": name}, remedy=_("要登录，请重新来过。")), 403)
    if isinstance(exception, requests.RequestException):
        what = _("%(name)s没有应答，现在登录不了。") % {"name": name}
        return _refused(request, RefusedError(what, remedy=_("稍后再试，或用账户和口令登录；一直这样，请告诉管理员。")), 502)
    what = _("%(name)s送来的登录结果核对不上，没有登录。") % {"name": name}
    return _refused(request, RefusedError(what, remedy=_("从登录页重新来过；一直这样，请告诉管理员。")), 403)


def _unknown(named: str) -> SizhangError:
    who = _("您在%(name)s的身份是“%(named)s”，这里没有这个账户。") if named else _("%(name)s没有说明您是谁，或说明的还没有核实。")
    return RefusedError(
        who % {"name": trusted().name, "named": named[:60]}, remedy=_("账户由管理员开立，账户名要和那里的一致；请找管理员。")
    )


def _refused(request: HttpRequest, fault: SizhangError, status: int) -> HttpResponse:
    return render(request, "sign_in_failed.html", {"fault": fault}, status=status)
