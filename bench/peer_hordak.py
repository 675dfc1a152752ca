"""django-hordak's `transfer_to` in transactions of its own: transfers a second on the PostgreSQL database that is named.

python bench/peer_hordak.py postgresql://… COUNT
"""

from __future__ import annotations

import sys
import time
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings


def main() -> None:
    """Print transfers a second."""
    url, count = urlsplit(sys.argv[1]), int(sys.argv[2])
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
    }
    apps = ["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"]
    settings.configure(DATABASES={"default": database}, INSTALLED_APPS=apps, USE_TZ=True, DEFAULT_CURRENCY="EUR", CURRENCIES=["EUR"])
    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from hordak.models import Account
    from moneyed import Money

    call_command("migrate", verbosity=0)
    accounts = [Account.objects.create(name=f"a{at}", code=str(at), type="AS", currencies=["EUR"]) for at in range(40)]
    start = time.perf_counter()
    for at in range(count):
        with transaction.atomic():
            accounts[at % 20].transfer_to(accounts[20 + at % 20], Money(1 + at % 100, "EUR"))
    print(count / (time.perf_counter() - start))


main()
