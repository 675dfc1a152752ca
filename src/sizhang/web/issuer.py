"""Who else may say who somebody is: an OpenID provider, named by the environment. Nothing is asked of it until somebody signs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from sizhang.core.errors import InputError, Words

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Issuer:
    """An OpenID provider that this site trusts.

    Attributes:
        url: its issuer identifier, exactly as it calls itself.
        client_id, client_secret: this site's registration with it.
        name: as the sign-in page calls it.
        claim: which of its claims is the name of an account here.
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = ""
    claim: str = "preferred_username"

    @property
    def about(self) -> str:
        """Where it describes itself: OpenID Connect Discovery 1.0, section 4."""
        return f"{self.url.rstrip('/')}/.well-known/openid-configuration"


def read_issuer(environment: Mapping[str, str]) -> Issuer | None:
    """The provider that the environment names; None where it names none.

    Raises:
        InputError: it is named by half, or without TLS on another machine.
    """
    given = {
        name: environment.get(f"SIZHANG_OIDC_{name}", "").strip() for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "CLAIM")
    }
    needed = [f"SIZHANG_OIDC_{name}" for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET") if not given[name]]
    if len(needed) == 3:
        return None
    if needed:
        missing = ", ".join(needed)
        raise InputError(
            Words(f"统一身份登录没有配全，缺 {missing}。", f"Sign-in by OpenID Connect is set by half: {missing} missing."),
            remedy=Words("补齐，或把 SIZHANG_OIDC_ 开头的变量都去掉。", "Set them, or unset all variables of SIZHANG_OIDC_."),
        )
    address = urlsplit(given["ISSUER"])
    if not address.hostname or not (address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOCAL)):
        raise InputError(
            Words(
                f"SIZHANG_OIDC_ISSUER 是 {given['ISSUER']}，不是 https 地址。",
                f"SIZHANG_OIDC_ISSUER is {given['ISSUER']}, not an https address.",
            ),
            remedy=Words("写签发方自己公布的 https 地址。", "Give the https address by which the issuer calls itself."),
        )
    return Issuer(
        given["ISSUER"],
        given["CLIENT_ID"],
        given["CLIENT_SECRET"],
        given["NAME"] or address.hostname,
        given["CLAIM"] or "preferred_username",
    )
