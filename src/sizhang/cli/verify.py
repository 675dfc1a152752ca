"""`sizhang verify`: somebody else than the claimant found that it was done."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.booking import FINDING, VERB, books, run
from sizhang.cli.options import Number

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="核账 Verify a claim", context_settings=VERB)
@books
@FINDING
@click.option("--measured", type=Number(), metavar="VALUE", help="实测值，须达目标 The measured value, which must meet the target")
@click.option("--base", type=Number(), metavar="VALUE", help="上年值，增幅降幅用 The value of the year before, for a rise or fall")
def verify(*, ledger: Ledger, measured: tuple[Decimal, str] | None, base: tuple[Decimal, str] | None, **options: Any) -> None:
    """核账：核查认定属实 Verify QUANTITY of what was claimed for PROMISE; not by the claimant, nor by the claimant's body."""
    from sizhang.app.verify import verify as verb

    run(ledger, verb, {**options, "measured": measured and measured[0], "base": base and base[0]})
