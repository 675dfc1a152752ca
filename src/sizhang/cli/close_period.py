"""`sizhang close-period`: close a 旬, or all of a month or quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import BODY, BY, with_ledger
from sizhang.core.day import this_day

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="结期 Close a period")
@click.argument("period")
@click.option("--promise", default="", metavar="PROMISE", help="只结一项及其分项 Only one promise and its parts")
@click.option(
    "--counts",
    type=click.Choice(["claimed", "verified"]),
    help="何为完成：已交或已核；首次结期前定 What counts as delivered; decided before the first closing",
)
@BODY
@BY
@with_ledger(writes=True)
def close_period(*, ledger: Ledger, period: str, promise: str, counts: str | None, body: str, by: str) -> None:
    """结期：结 PERIOD（2026-03上旬、2026-03、一季度），欠数转入余下各期 Close PERIOD; what was not done is posted to what is left."""
    from sizhang.app.cadence import keep_counts
    from sizhang.app.close_period import close_period as verb
    from sizhang.cli.listing import show_rows
    from sizhang.core.period_words import parse_period_words

    periods = parse_period_words(period, this_day())
    with ledger.open() as store:
        if counts:
            keep_counts(store, counts)
        closed = verb(store, periods, by, body, promise)

    def line(row: dict[str, Any]) -> str:
        return f"{row['period']} 已结 closed：{row['promises']} 项 promises，未达计划 short {row['short']}"

    show_rows(ledger, [{**one._asdict(), "dry_run": ledger.dry_run} for one in closed], line, "旬")
