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
@click.option("--ledger-only", is_flag=True, help="只恢复账本，不恢复网站的账户等 The ledger alone, without the site's accounts")
@with_ledger()
def restore(*, ledger: Ledger, file: Path, ledger_only: bool) -> None:
    """由备份 FILE 建新账本，连同网站账户，并全账复核 Make the ledger and the site's accounts from FILE at a new place, and check it."""
    from sizhang.cli.serve import check_packages, migrate_site
    from sizhang.store.backup import holds_site, restore_backup, restore_site

    with_site = holds_site(file) and not ledger_only
    if with_site:
        check_packages()
    accounts = 0
    with told_of_the_database(ledger.url):
        checked = restore_backup(file, ledger.url)
        if with_site:
            migrate_site(ledger.url)
            accounts = restore_site(file, ledger.url)
    if ledger.form == "json":
        click.echo(json.dumps({"entries": checked.entries, "files": checked.files, "head": checked.head, "accounts": accounts}))
    else:
        click.echo(
            f"已恢复并复核 Restored and checked: {checked.entries} 笔 entries · {checked.files} 份佐证 files · 链尾 head {checked.head}"
        )
        if with_site:
            click.echo(f"{accounts} 个网站账户 accounts of the site")
