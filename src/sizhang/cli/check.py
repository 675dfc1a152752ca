"""`sizhang check`: replay the whole ledger and compare."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import with_ledger
from sizhang.cli.telling import show_lines

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger

_SHOWN = 20


@click.command(short_help="全账复核 Replay and check the whole ledger")
@with_ledger()
def check(*, ledger: Ledger) -> None:
    """全账复核：逐笔重算余额与校验链，核对登记与佐证 Replay every entry and record; recompute balances, hashes, registers and evidence.

    Exit code 1 where something does not fit; the first entry that does not fit is named.
    """
    from rich.console import Console
    from rich.progress import Progress

    from sizhang.store.checking import check_ledger

    with ledger.open() as store, Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("复核 Checking", total=None)
        checked = check_ledger(store, lambda done, total: bar.update(task, completed=done, total=total))
    if ledger.form == "json":
        findings = [{**finding._asdict(), "what": finding.what._asdict()} for finding in checked.findings]
        row = {**checked._asdict(), "clean": not findings, "findings": findings}
        click.echo(json.dumps(row, ensure_ascii=False))
    else:
        click.echo(f"{checked.entries} 笔 entries · {checked.files} 份佐证 files of evidence · 链尾 head {checked.head}")
        click.echo(f"{checked.records} 条登记 records of registers · 登记链尾 record head {checked.record_head}")
        for finding in checked.findings[:_SHOWN]:
            show_lines("不符 Does not fit", f"{finding.where}: {finding.what.lines()}")
        if len(checked.findings) > _SHOWN:
            click.echo(f"…… 共 {len(checked.findings)} 处 in all", err=True)
        if not checked.findings:
            click.echo("账实相符 All fits")
    sys.exit(1 if checked.findings else 0)
