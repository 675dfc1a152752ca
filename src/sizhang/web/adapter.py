"""Nobody signs up by himself: the administrator makes the accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sizhang.web.access import RefusedError
from sizhang.web.models import Account


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in for the accounts that exist."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:
        """Nothing is said of a sign-in that succeeded: the page that follows says whose it is."""
        if message_template != "account/messages/logged_in.txt":
            super().add_message(request, level, message_template, *args, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        fault = RefusedError(_("账户 %(name)s 已停用。") % {"name": user.username}, remedy=_("要恢复，请找管理员。"))
        return render(request, "refused.html", {"fault": fault, "status": 403}, status=403)
