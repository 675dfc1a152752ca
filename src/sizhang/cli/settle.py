"""`sizhang settle`: a keeper writes off what was verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.booking import NOTE, VERB, books, run

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="销账 Settle what was verified", context_settings=VERB)
@books
@NOTE
def settle(*, ledger: Ledger, **options: Any) -> None:
    """销账：核实之数销号 Settle QUANTITY of what was verified for PROMISE."""
    from sizhang.app.settle import settle as verb

    run(ledger, verb, options)
