"""`sizhang reject`: a verifier found that it was not done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.booking import FINDING, VERB, books, run

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="退账 Reject a claim", context_settings=VERB)
@books
@FINDING
def reject(*, ledger: Ledger, **options: Any) -> None:
    """退账：核查不实，退回在账 Reject QUANTITY of what was claimed for PROMISE; it is promised again."""
    from sizhang.app.reject import reject as verb

    run(ledger, verb, options)
