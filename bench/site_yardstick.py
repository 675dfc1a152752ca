"""The yardsticks of bench/site.py: Django with nothing of ours, an empty answer and a page of its own templates with a hundred rows."""

from __future__ import annotations

import os
import secrets

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

SECRET_KEY = secrets.token_urlsafe(64)
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "site_yardstick"
DATABASES: dict[str, object] = {}
USE_TZ = True

PAGE = Engine().from_string(
    "<html><body><table>{% for row in rows %}<tr>{% for cell in row %}<td class='num'>{{ cell }}</td>{% endfor %}</tr>"
    "{% endfor %}"
    "</table></body></html>"
)
NUMBERS = range(6)
ROWS = [[f"2026-{line:03d}", "新建高标准农田", "市农业农村局", *(f"{line * 1000 + at:,}" for at in NUMBERS)] for line in range(100)]


def plain(request: HttpRequest) -> HttpResponse:
    """A hundred rows of nine columns."""
    return HttpResponse(PAGE.render(Context({"rows": ROWS})))


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing."""
    return HttpResponse()


urlpatterns = [path("plain/", plain), path("empty/", empty), path("", empty)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_yardstick")
application = get_wsgi_application()
