"""`python -m sizhang.web publish DIR`: the public pages as files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sizhang.core.errors import SizhangError, Words, reason_of
from sizhang.web.publishing import publish


class Command(BaseCommand):
    """Write the public pages to a folder that can be put on any web server, or opened from a disk."""

    help = "Write the public pages to a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: object, **options: Path) -> None:
        try:
            count = publish(options["folder"])
        except SizhangError as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            reason = reason_of(fault)
            raise CommandError(Words(f"公开页写不了：{reason.zh}。", f"The pages cannot be written: {reason.en}.").lines()) from fault
        self.stdout.write(f"已写出 {count} 个文件 files written: {options['folder'] / 'index.html'}")
