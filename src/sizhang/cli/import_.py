"""`sizhang import`: claims from a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(name="import", short_help="批量交账 Take claims in from a table")
@click.argument("table", type=click.Path(path_type=Path))
@with_ledger(writes=True)
def import_(*, ledger: Ledger, table: Path) -> None:
    """批量交账：整表入账，或一行不入 Book every row of TABLE (CSV or xlsx), or none; each faulty row is named with its reason."""
    from rich.console import Console
    from rich.progress import Progress

    from sizhang.app.import_claims import import_claims

    with ledger.open() as store, Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("入账 Booking", total=None)
        done = import_claims(store, table, lambda at, total: bar.update(task, completed=at, total=total))
    if ledger.form == "json":
        click.echo(json.dumps({"booked": done.booked, "again": done.again, "dry_run": ledger.dry_run}))
        return
    if ledger.dry_run:
        click.echo("演算，未入账 Dry run, nothing booked")
    click.echo(f"入账 Booked: {done.booked} · 此前已记，未重复入账 Booked before, not booked again: {done.again}")
