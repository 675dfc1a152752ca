"""`sizhang assign`: the lead and the supporting bodies of a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sizhang.cli.options import BY, with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="分工 Name the lead and supporting bodies")
@click.argument("promise")
@click.option("--lead", default="", metavar="BODY", help="牵头单位 The body that is responsible")
@click.option("--support", "supporters", multiple=True, metavar="BODY", help="配合单位 A body that supports it; may be repeated")
@click.option("--document", default="", metavar="TEXT", help="分工依据 The deciding document")
@BY
@with_ledger(writes=True)
def assign(*, ledger: Ledger, promise: str, lead: str, supporters: tuple[str, ...], document: str, by: str) -> None:
    """分工：确定承诺 PROMISE 的牵头、配合单位 Make a body responsible for PROMISE, with those that support it."""
    from sizhang.app.assign import assign as verb
    from sizhang.cli.receipts import show
    from sizhang.core.errors import LedgerError, Words

    if not lead and not supporters:
        raise LedgerError(
            Words("没有写分工给谁。", "Nobody is assigned."),
            where=promise,
            remedy=Words(
                "请写 --lead BODY（牵头单位）、--support BODY（配合单位），或两样都写。", "Name --lead BODY, --support BODY, or both."
            ),
        )
    with ledger.open() as store:
        receipt = verb(store, promise, lead, supporters or None, document, by)
    show(receipt, ledger)
