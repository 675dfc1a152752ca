"""The log of what is done on the site beside the journal: signing in and out, accounts, registers, reports, answers.

What is booked has its log in the entries themselves; here stands every other write by somebody who is signed in. It is appended only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from sizhang.web.models import Account, Act

ABOUT_MOST: Final = 200
SIGNED_IN, SIGNED_OUT = "signed_in", "signed_out"
# The fields of a form that say what it is about; none of them holds a secret.
_NAMED_BY: Final = ("username", "name", "title", "number", "year")
_DONE: Final = range(300, 400)
# What was done, as the log says it; a form that has no words here is not logged.
ACTS: Final[dict[str, Any]] = {
    SIGNED_IN: _("登录"),
    SIGNED_OUT: _("退出"),
    "account_change_password": _("改自己的口令"),
    "mfa_activate_totp": _("启用两步验证"),
    "mfa_deactivate_totp": _("停用两步验证"),
    "mfa_generate_recovery_codes": _("换恢复码"),
    "admin_bodies": _("登记单位"),
    "admin_people": _("登记人员"),
    "admin_accounts": _("开立账户"),
    "admin_account": _("改账户"),
    "admin_rules": _("改规则"),
    "admin_calendar": _("改日历"),
    "admin_years": _("结转或录入往年"),
    "upload_new": _("上传报告"),
    "draft": _("审核草稿"),
    "upload_open": _("按报告建账"),
    "shown": _("定佐证是否公开"),
    "clue_answer": _("答复线索"),
    "inquiries": _("询问"),
    "inquiry_answer": _("答复询问"),
    "objection": _("提异议"),
    "objection_answer": _("答复异议"),
    "errands": _("交办"),
    "errand": _("办理交办"),
}


class ActMiddleware:
    """Logs a form that was taken: whatever is refused or only rehearsed shows its page again and does not lead on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and response.status_code in _DONE and match and request.user.is_authenticated:
            name = match.url_name or ""
            if name in ACTS:
                log_act(request.user, name, _about(name, request, match.kwargs))
        return response


def log_act(account: Any, name: str, about: str = "") -> None:
    """Append a line."""
    Act.objects.create(account=account, name=name, about=about[:ABOUT_MOST])


def _about(name: str, request: HttpRequest, kwargs: dict[str, Any]) -> str:
    """What a form was about: the account, the promise or the number in its address, else what it is named by; a file by its name."""
    if name == "admin_account":
        changed = Account.objects.filter(pk=kwargs["account_id"]).values_list("username", "is_active").first()
        what = _("口令") if request.POST.get("password") else (_("启用") if changed and changed[1] else _("停用"))
        return f"{changed[0] if changed else ''} {what}"
    named = [str(value) for value in kwargs.values()] or [request.POST[field] for field in _NAMED_BY if request.POST.get(field)][:1]
    return " ".join([*named, *(str(file.name) for field in request.FILES for file in request.FILES.getlist(field))])


def log_signing(sender: Any, user: Any, **more: Any) -> None:
    """Somebody has signed in or out, in whatever way."""
    if user is not None:
        log_act(user, SIGNED_IN if more["signal"] is user_logged_in else SIGNED_OUT)


def listen() -> None:
    """From now on signing in and out is logged."""
    for signal in (user_logged_in, user_logged_out):
        signal.connect(log_signing, dispatch_uid="log of the site")
