"""`sizhang expire`: claims that nobody verified in time go back."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import ON, with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="逾期退账 Take back claims that nobody verified in time")
@with_ledger(writes=True)
@ON
def expire(*, ledger: Ledger, on: date | None) -> None:
    """逾期退账：到期未核的交账退回在账 Take back the claims whose days are over. Run it daily; twice on a day does nothing more."""
    from sizhang.app.expire import expire as verb
    from sizhang.cli.receipts import show

    with ledger.open() as store:
        receipt = verb(store, on)
    if receipt.lines:
        show(receipt, ledger, many=True)
    else:
        click.echo(json.dumps([]) if ledger.form == "json" else "没有逾期的交账 No claim has run out.")
