"""`sizhang carry-forward`: what is still promised goes on in the next year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sizhang.cli.options import BY, with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(name="carry-forward", short_help="结转 Carry what is still promised into the next year")
@click.option("--year", type=int, required=True, help="要结转的年份 The year that ends")
@BY
@with_ledger(writes=True)
def carry_forward(*, ledger: Ledger, year: int, by: str) -> None:
    """结转：把年末仍在账的数转入下一年，并与原承诺相连 Carry what is still promised into the next year, linked to the old promises."""
    from sizhang.app.carry_forward import carry_forward as verb
    from sizhang.cli.receipts import show

    with ledger.open() as store:
        receipt = verb(store, year, by)
    show(receipt, ledger, many=True)
