"""`sizhang claim`: the responsible body says what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.booking import NOTE, VERB, books, run

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="交账 Claim what was done", context_settings=VERB)
@books
@NOTE
def claim(*, ledger: Ledger, **options: Any) -> None:
    """交账：报送承诺 PROMISE 已办之数 QUANTITY，附佐证 Claim QUANTITY of PROMISE as done, with evidence."""
    from sizhang.app.claim import claim as verb

    run(ledger, verb, options)
