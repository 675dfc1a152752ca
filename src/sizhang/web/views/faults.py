"""What is shown where there is no page: a wrong address, a missing right, a request that cannot be answered. Never a traceback.

These pages ask nothing of the database, the session or the ledger, one of which may be what failed.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.translation import gettext as _


def _page(status: int, what: str, remedy: str) -> HttpResponse:
    return HttpResponse(get_template("fault.html").render({"status": status, "what": what, "remedy": remedy}), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request is malformed, or asks for a host under which this site does not answer."""
    return _page(400, _("这个请求读不懂。"), _("回到首页，从页面上的链接进来。"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 without a reason of our own."""
    return _page(403, _("这里不归您看，或不归您办"), _("换有这个权限的账户登录，或找管理员。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form does not come from a page of this site, or the page is too old."""
    what = _("这张表不是从本站的页面上交来的，或页面放得太久了。什么也没有记。")
    return _page(403, what, _("回到那一页，重新打开后再交；浏览器要允许 Cookie。"))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _page(404, _("没有这一页"), _("看看地址有没有写错，或从首页进来，用“查一查”找。"))


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than the site takes at once."""
    most = settings.REQUEST_MB_MOST
    return _page(413, _("交来的东西超过 %(most)s MB，没有收。") % {"most": most}, _("分几次交，或把照片和文件缩小。"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of the program; the log has it."""
    return _page(500, _("网站出了错，账上没有任何变动"), _("稍后再试；还是这样，请把时间和地址告诉管理员。"))
