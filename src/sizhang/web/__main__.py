"""Django's own commands for the site: `python -m sizhang.web migrate`, `check --deploy`, `collectstatic`, `account`."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizhang.web.settings")
execute_from_command_line(["sizhang.web", *sys.argv[1:]])
