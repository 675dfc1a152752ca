"""`sizhang lights`: the light of each promise with its reason."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import ON, with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="亮灯 The light of each promise, and why")
@click.option("--body", default="", metavar="BODY", help="只看一个单位 Only of one body")
@click.option("--only", type=click.Choice(["green", "yellow", "red"]), help="只看一色 Only one colour")
@ON
@with_ledger()
def lights(*, ledger: Ledger, body: str, only: str | None, on: date | None) -> None:
    """亮灯：看所需进度，不看剩余天数 Lights by the pace that is needed, each with its reason."""
    from sizhang.app.due import compute_due, compute_lights
    from sizhang.cadence.pace import LIGHTS
    from sizhang.cli.due import due_row
    from sizhang.cli.listing import day_or_today, show_rows, shown_of

    day = day_or_today(on)
    with ledger.open() as store:
        rows = compute_due(store, day, body)
    counted = Counter(row.light for row in rows)
    rows = [row for row in rows if only in (None, row.light)]
    rows.sort(key=lambda row: ({"red": 0, "yellow": 1, "green": 2}[row.light], row.track.number))
    # Reasons take time: only for what is shown.
    lit = [{**due_row(one.due), "reason": {"zh": one.zh, "en": one.en}} for one in compute_lights(shown_of(ledger, rows), day)]
    if ledger.form != "json":
        click.echo(" · ".join(f"{LIGHTS[light]} {light} {counted[light]}" for light in LIGHTS))

    def line(row: dict[str, Any]) -> str:
        return f"{LIGHTS[row['light']]} {row['promise']} {row['title'][:18]}（{row['body']}）：{row['reason']['zh']} {row['reason']['en']}"

    show_rows(ledger, lit, line, "项 promises", len(rows))
