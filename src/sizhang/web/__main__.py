"""Django's own commands for the site: `python -m sizhang.web migrate`, `check --deploy`, `collectstatic`, `account`."""

from __future__ import annotations

import os
import sys
from typing import Final

from django.core.management import execute_from_command_line

from sizhang.core.errors import SizhangError

_WITHOUT_LEDGER: Final = frozenset({"check", "collectstatic", "help", "makemessages", "compilemessages", "version", "--help", "--version"})


def main() -> None:
    """Run one command; without a ledger, or with settings that do not hold, say so and what to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizhang.web.settings")
    try:
        if len(sys.argv) > 1 and sys.argv[1] not in _WITHOUT_LEDGER:
            from sizhang.web.ledger import check_ledger

            check_ledger()
        execute_from_command_line(["sizhang.web", *sys.argv[1:]])
    except SizhangError as fault:
        sys.exit(str(fault))


main()
