"""What the frame of every page needs: language, type size, theme, the way around, who is signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sizhang.core.day import is_pinned, this_day
from sizhang.web.access import MAY, Action, role_name
from sizhang.web.models import Account

WORKBENCH: tuple[tuple[str, str | Promise, Action], ...] = (
    ("today", _("今日"), "work"),
    ("ledger", _("总账"), "read"),
    ("reports", _("报告"), "read"),
    ("verify_queue", _("核账"), "verify"),
    ("notices", _("公示"), "read"),
    ("cadence", _("节奏"), "read"),
    ("errands", _("交办"), "read"),
    ("bodies", _("单位"), "read"),
    ("exceptions", _("例外"), "oversee"),
    ("inquiries", _("询问"), "read"),
    ("administration", _("管理"), "administer"),
)
PUBLIC = (
    ("public", _("账单")),
    ("happiness", _("幸福清单")),
    ("search", _("查一查")),
    ("method", _("怎么核的")),
    ("data", _("数据")),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Names every template may use."""
    user = getattr(request, "user", None)
    account = user if isinstance(user, Account) else None
    large = request.COOKIES.get("type") == "large"
    theme = request.COOKIES.get("theme", "auto")
    return {
        "language": get_language() or "zh-hans",
        "large": large,
        "theme": theme if theme in ("light", "dark") else "auto",
        "city": settings.CITY,
        "elsewhere": settings.OIDC.name if settings.OIDC else "",
        "pinned_on": this_day() if is_pinned() else None,
        "shown_on": this_day(),
        "account": account,
        "role": role_name(account.role) if account else "",
        "may": {action: account is not None and account.role in roles for action, roles in MAY.items()},
        "workbench": [(name, title) for name, title, action in WORKBENCH if account and account.role in MAY[action]],
        "public_pages": PUBLIC,
        "published": getattr(request, "published", False),
        "here": getattr(request.resolver_match, "url_name", "") if request.resolver_match else "",
    }
