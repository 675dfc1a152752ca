"""`sizhang person`: who holds which office in the ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger
    from sizhang.core.ledger import Role


@click.group(short_help="人员 People with an office in the ledger")
def person() -> None:
    """人员：以岗位名或代号登记 People, by the name of their office or a pseudonym."""


@person.command("add", short_help="登记人员 Enter somebody")
@click.argument("name")
@click.option("--body", required=True, metavar="BODY", help="所属单位 The body")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(["recorder", "reporter", "verifier", "keeper"]),
    help="建账、报送、核查、管账 What the person may do; may be repeated",
)
@with_ledger(writes=True)
def add(*, ledger: Ledger, name: str, body: str, roles: tuple[Role, ...]) -> None:
    """登记人员 NAME Enter somebody; entered already, further roles are added."""
    from sizhang.app.person import add_person

    with ledger.open() as store:
        entered = add_person(store, name, body, roles)
    if ledger.form == "json":
        row = {"person": entered.name, "body": entered.body, "roles": sorted(entered.roles), "dry_run": ledger.dry_run}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(f"已登记 Entered: {entered.name}（{entered.body}） {', '.join(sorted(entered.roles))}")
