"""Who may see and do what on the site: one table, asked by every page, with the reason of each refusal.

The ledger holds its own laws below this: a claimant never verifies, a keeper settles. Here stands what a role sees and is offered, and
which promises are its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, Literal

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from sizhang.core.errors import SizhangError

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from sizhang.web.models import Account

Action = Literal[
    "work", "read", "oversee", "open", "claim", "verify", "settle", "amend", "reopen", "review", "answer", "ask", "moderate", "administer"
]

OFFICE: Final = frozenset({"office"})
EVERYBODY: Final = frozenset({"office", "reporter", "verifier", "leader", "deputy", "admin"})
MAY: Final[dict[Action, frozenset[str]]] = {
    "work": frozenset({"office", "reporter", "verifier"}),
    "read": EVERYBODY,
    "oversee": EVERYBODY - {"reporter"},
    "open": OFFICE,
    "review": OFFICE,
    "amend": OFFICE,
    "settle": OFFICE,
    "reopen": frozenset({"office", "verifier"}),
    "claim": frozenset({"reporter"}),
    "answer": frozenset({"reporter", "office"}),
    "verify": frozenset({"verifier"}),
    "ask": frozenset({"deputy"}),
    "moderate": OFFICE,
    "administer": frozenset({"admin"}),
}


class WorkRequest(HttpRequest):
    """A request that has come past `needs`: somebody has signed in."""

    user: Account
    htmx: HtmxDetails


class RefusedError(SizhangError):
    """A page or a verb that this account may not have."""


def check_may(account: Account, action: Action) -> None:
    """Refuse an action to a role that has it not.

    Raises:
        RefusedError: with the roles that have it.
    """
    if account.role not in MAY[action]:
        named = "、".join(role_name(role) for role in sorted(MAY[action]))
        raise RefusedError(
            _("您的身份是%(role)s，这一步不归您办。") % {"role": role_name(account.role)},
            remedy=_("由%(roles)s办理。") % {"roles": named},
        )


def check_own(account: Account, bodies: frozenset[str], number: str) -> None:
    """A reporter sees and reports only the promises of its own body.

    Args:
        bodies: the lead and the supporting bodies of the promise.

    Raises:
        RefusedError: the account's body is none of them.
    """
    if account.role == "reporter" and account.body not in bodies:
        raise RefusedError(
            _("%(number)s 不是%(body)s的承诺。") % {"number": number, "body": account.body},
            remedy=_("只能看和报本单位牵头或配合的承诺；如应由您办，请督查室改派。"),
        )


def check_own_body(account: Account, body: str) -> None:
    """A reporter sees the statement of its own body.

    Raises:
        RefusedError: it is another body's.
    """
    if account.role == "reporter" and account.body != body:
        raise RefusedError(
            _("%(body)s的账不是%(own)s的。") % {"body": body, "own": account.body},
            remedy=_("看本单位的；各单位的承诺和完成情况，公开页上都有。"),
        )


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site asks, or its user himself; one that says nothing is believed."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def role_name(role: str) -> str:
    """The role as the pages call it."""
    return {
        "office": _("督查室"),
        "reporter": _("填报人"),
        "verifier": _("核查人"),
        "leader": _("领导"),
        "deputy": _("代表"),
        "admin": _("管理员"),
    }[role]


def needs(action: Action) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let a view be reached only by an account that may do `action`; others sign in first, or are told why not."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            assert not isinstance(request.user, AnonymousUser)
            check_may(request.user, action)
            return view(request, *args, **kwargs)

        guarded.needed_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate
