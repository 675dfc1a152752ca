"""`sizhang amend`: a document changes how much is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.booking import VERB, books, run

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="调账 Amend a promise", context_settings=VERB)
@books
@click.option("--document", "text", default="", metavar="TEXT", help="调整依据 The deciding document")
@click.option("--surplus", is_flag=True, help="超额完成 For what was delivered beyond the promise")
def amend(*, ledger: Ledger, **options: Any) -> None:
    """调账：依据文件调增 +50 或调减 -50 Amend PROMISE upward (+50) or downward (-50), with the deciding document."""
    from sizhang.app.amend import amend as verb

    run(ledger, verb, {**options, "signed": True})
