"""The yardsticks of bench/site.py: Django with nothing of ours, as a new project has it.

`/plain/` is the page that an ordinary project would make: a hundred rows of nine columns, read by the ORM from a table of 100,000 rows and
rendered by a Django template. `/constants/` is the same template over objects that are made once, without a table. `/empty/` answers
nothing behind the project's middleware; with `SIZHANG_YARDSTICK=bare` behind none at all.
"""

from __future__ import annotations

import os
import secrets
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, Final

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from sizhang.store.schema import settings_of

ROWS: Final = 100_000
SHOWN: Final = 100
TEMPLATE: Final = """<!doctype html>
<html><head><title>Promises</title></head><body><h1>Promises</h1><table>
<tr><th>Number</th><th>Title</th><th>Domain</th><th>Body</th><th>Place</th><th>Deadline</th><th>Promised</th><th>Verified</th><th>Unit</th></tr>
{% for row in rows %}<tr><td><a href="{% url 'detail' row.pk %}">{{ row.number }}</a></td><td>{{ row.title }}</td><td>{{ row.domain }}</td>\
<td>{{ row.body }}</td><td>{{ row.place }}</td><td>{{ row.deadline|date:"Y-m-d" }}</td><td>{{ row.promised }}</td>\
<td>{{ row.verified }}</td><td>{{ row.unit }}</td></tr>
{% endfor %}</table></body></html>"""
# What `startproject` writes.
MIDDLEWARE: Final = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
CONTEXT: Final = ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]

settings.configure(
    SECRET_KEY=secrets.token_urlsafe(64),
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {**settings_of(os.environ["SIZHANG_LEDGER"]), "CONN_MAX_AGE": 60}},
    INSTALLED_APPS=[
        *("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"),
        *("django.contrib.messages", "django.contrib.staticfiles"),
    ],
    MIDDLEWARE=[] if os.environ.get("SIZHANG_YARDSTICK") == "bare" else MIDDLEWARE,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"context_processors": [*CONTEXT, "django.contrib.messages.context_processors.messages"]},
        }
    ],
    LANGUAGE_CODE="zh-hans",
    TIME_ZONE="Asia/Shanghai",
    USE_I18N=True,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
PAGE: Final = engines["django"].from_string(TEMPLATE)


class Promise(models.Model):
    """A promise as an ordinary project would keep it."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    domain = models.CharField(max_length=20)
    body = models.CharField(max_length=100)
    place = models.CharField(max_length=20)
    deadline = models.DateField()
    promised = models.DecimalField(max_digits=14, decimal_places=2)
    verified = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(max_length=10)

    class Meta:
        app_label = "yardstick"
        db_table = "yardstick_promise"
        ordering: ClassVar = ["number"]


def make_promises(count: int) -> list[Promise]:
    """So many rows."""
    first = date(2026, 1, 1)
    return [
        Promise(
            *(at + 1, f"2026-{at:06d}", f"新建高标准农田第{at}片", "rural", "市农业农村局", "140100", first + timedelta(days=at % 365)),
            *(Decimal(at * 9973) / 100, Decimal(at * 4999) / 100, "亩"),
        )
        for at in range(count)
    ]


CONSTANTS: Final = make_promises(SHOWN)


def set_up() -> None:
    """Make the table."""
    with connection.schema_editor() as editor:
        editor.create_model(Promise)
    Promise.objects.bulk_create(make_promises(ROWS), batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE yardstick_promise")


def plain(request: HttpRequest) -> HttpResponse:
    """The first hundred promises by number."""
    return TemplateResponse(request, PAGE, {"rows": Promise.objects.all()[:SHOWN]})


def constants(request: HttpRequest) -> HttpResponse:
    """The same without a table."""
    return TemplateResponse(request, PAGE, {"rows": CONSTANTS})


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing."""
    return HttpResponse()


urlpatterns = [
    path("plain/", plain),
    path("constants/", constants),
    path("empty/", empty),
    path("promises/<int:pk>/", empty, name="detail"),
    path("", empty),
]
application = get_wsgi_application()

if __name__ == "__main__":
    set_up()
