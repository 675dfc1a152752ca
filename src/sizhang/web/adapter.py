"""Nobody signs up by himself: the administrator makes the accounts."""

from __future__ import annotations

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

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        fault = RefusedError(_("账户 %(name)s 已停用。") % {"name": user.username}, remedy=_("要恢复，请找管理员。"))
        return render(request, "refused.html", {"fault": fault, "status": 403}, status=403)
