"""`sizhang due`: what is to be done now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import ON, with_ledger

if TYPE_CHECKING:
    from sizhang.app.due import DueRow
    from sizhang.cli.options import Ledger


@click.command(short_help="应办 What is due now")
@click.option("--body", default="", metavar="BODY", help="只看一个单位 Only of one body")
@click.option("--promise", default="", metavar="PROMISE", help="只看一项及其分项 Only one promise and its parts")
@ON
@with_ledger()
def due(*, ledger: Ledger, body: str, promise: str, on: date | None) -> None:
    """应办：今天、本旬、本月还需完成多少 What is needed today, in this 旬 and this month, the most pressing first."""
    from sizhang.app.due import compute_due
    from sizhang.cli.listing import day_or_today, show_rows, shown_of

    with ledger.open() as store:
        rows = [row for row in compute_due(store, day_or_today(on), body, promise) if row.need_xun or row.owed]
    rows.sort(key=lambda row: (_ORDER[row.light], row.track.number))
    show_rows(ledger, [due_row(row) for row in shown_of(ledger, rows)], _line, "项 promises", len(rows))


_ORDER = {"red": 0, "yellow": 1, "green": 2}


def due_row(row: DueRow) -> dict[str, Any]:
    """One promise; numbers as decimal strings in its unit."""
    from sizhang.core.quantity import format_number

    track = row.track
    shown = {name: getattr(row, name) for name in ("owed", "need_day", "need_xun", "need_month", "remaining")}
    return {
        "promise": track.number,
        "title": track.title,
        "unit": track.unit,
        "body": track.body,
        "period": row.period,
        "light": row.light,
        **{name: format_number(steps, track.decimals) for name, steps in shown.items()},
    }


def _line(row: dict[str, Any]) -> str:
    from sizhang.cadence.pace import LIGHTS

    return (
        f"{LIGHTS[row['light']]} {row['promise']} {row['title'][:18]}（{row['body']}，{row['unit']}）：日需 day {row['need_day']} · "
        f"{row['period']} 需 needs {row['need_xun']} · 本月 month {row['need_month']} · 欠 owed {row['owed']}"
    )
