"""`sizhang reopen`: what was settled was not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.booking import FINDING, VERB, books, run

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="回账 Reopen what was settled", context_settings=VERB)
@books
@FINDING
def reopen(*, ledger: Ledger, **options: Any) -> None:
    """回账：已销复查不实，重新在账 Reopen QUANTITY of what was settled for PROMISE; it is owed again."""
    from sizhang.app.reopen import reopen as verb

    run(ledger, verb, options)
