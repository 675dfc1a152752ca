"""`sizhang digest`: the one message of a day for a person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import ON, with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="摘要 The one message of a day for a person")
@click.option("--to", "person", required=True, metavar="PERSON", help="收件人 Who gets it")
@ON
@with_ledger(writes=True)
def digest(*, ledger: Ledger, person: str, on: date | None) -> None:
    """摘要：每人每天至多一份；再要仍是那一份 At most one a person a day; asked for again, it is the same one."""
    from sizhang.app.digest import make_digest
    from sizhang.cli.listing import day_or_today, show_rows

    with ledger.open() as store:
        sent = make_digest(store, person, day_or_today(on))

    def line(row: dict[str, Any]) -> str:
        return ("此前已发，不再另发 Sent before today\n" if row["again"] else "") + str(row["text"])

    show_rows(ledger, [{**sent._asdict(), "on": sent.on.isoformat(), "dry_run": ledger.dry_run}], line, "份 digests")
