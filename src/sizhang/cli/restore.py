"""`sizhang restore`: a new ledger from a backup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import told_of_the_database, with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="恢复 A new ledger from a backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_ledger()
def restore(*, ledger: Ledger, file: Path) -> None:
    """由备份 FILE 建新账本并全账复核 Make the ledger from FILE at a new place, and check it from its first entry."""
    from sizhang.store.backup import restore_backup

    with told_of_the_database(ledger.url):
        checked = restore_backup(file, ledger.url)
    if ledger.form == "json":
        click.echo(json.dumps({"entries": checked.entries, "files": checked.files, "head": checked.head}))
    else:
        click.echo(
            f"已恢复并复核 Restored and checked: {checked.entries} 笔 entries · {checked.files} 份佐证 files · 链尾 head {checked.head}"
        )
