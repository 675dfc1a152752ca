"""The site for a WSGI server: `gunicorn sizhang.web.wsgi`."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

from sizhang.core.errors import SizhangError
from sizhang.web.ledger import check_ledger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizhang.web.settings")
try:
    check_ledger()
except SizhangError as fault:
    print(fault, file=sys.stderr)  # noqa: T201 - the server has no log yet
    # Gunicorn's own sign that a worker cannot start: it stops, instead of trying for ever.
    sys.exit(3)
application = get_wsgi_application()
