"""`sizhang init`: make a ledger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import told_of_the_database, with_ledger
from sizhang.store.connection import shown_url

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="新建账本 Make a ledger")
@with_ledger()
@click.option("--rules", type=click.Path(path_type=Path), metavar="FILE", help="规则文件 The rule book, TOML")
def init(*, ledger: Ledger, rules: Path | None) -> None:
    """新建账本；已有的账本升级到本版 Make a ledger; one that exists is brought to this version, and may get a new rule book."""
    from sizhang.app.init import init as make
    from sizhang.app.init import read_rules

    text = read_rules(rules) if rules is not None else None
    with told_of_the_database(ledger.url):
        made = make(ledger.url, text)
    if ledger.form == "json":
        row = {"ledger": shown_url(ledger.url), "office": made.office, "new": made.new, "rules": made.rules}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(f"{'已建账本 Ledger made' if made.new else '账本已有，已是本版 Ledger brought to this version'}: {shown_url(ledger.url)}")
    if made.rules:
        click.echo(f"规则已生效 Rule book in force: {made.rules[:12]}")
