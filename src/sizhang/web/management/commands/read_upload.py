"""`python -m sizhang.web read_upload ID`: read an uploaded report into drafts; the site starts it by itself."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sizhang.web.ledger import get_ledger
from sizhang.web.models import Upload
from sizhang.web.reviewing import path_of, read_upload


class Command(BaseCommand):
    """Read one upload."""

    help = "Read an uploaded report into drafts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("upload", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        upload = Upload.objects.get(pk=options["upload"])
        read_upload(upload, path_of(get_ledger(), upload))
