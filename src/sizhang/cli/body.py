"""`sizhang body`: the organisations of the ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.group(short_help="单位 Bodies")
def body() -> None:
    """单位：部门、县区、机构 Bodies: departments, counties, offices."""


@body.command("add", short_help="登记单位 Enter a body")
@click.argument("name")
@click.option("--parent", metavar="BODY", help="上级单位 The body above it")
@click.option("--place", default="", metavar="CODE", help="行政区划代码 Its GB/T 2260 code")
@with_ledger(writes=True)
def add(*, ledger: Ledger, name: str, parent: str | None, place: str) -> None:
    """登记单位 NAME Enter a body; entered already just so, nothing changes."""
    from sizhang.app.body import add_body

    with ledger.open() as store:
        entered, new = add_body(store, name, parent, place)
    if ledger.form == "json":
        row = {"body": entered.name, "parent": entered.parent, "place": entered.place, "new": new, "dry_run": ledger.dry_run}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    below = f"，隶属 below {entered.parent}" if entered.parent else ""
    click.echo(f"{'已登记 Entered' if new else '已有 Entered before'}: {entered.name}{below} {entered.place}".rstrip())
