"""Show rows: as JSON, or as lines of which the first are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sizhang.core.day import this_day

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger

LINES_SHOWN = 20
Row = TypeVar("Row")


def show_rows(
    ledger: Ledger, rows: Sequence[dict[str, Any]], line: Callable[[dict[str, Any]], str], what: str, count: int | None = None
) -> None:
    """Print a list of objects, or a line for each of the first, with the number of all.

    Args:
        count: how many there are, where only the first were made.
    """
    if ledger.form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if ledger.dry_run:
        click.echo("演算，未入账 Dry run, nothing booked")
    for row in rows[:LINES_SHOWN]:
        click.echo(line(row))
    if (count or len(rows)) > LINES_SHOWN:
        click.echo(f"…… 共 {count or len(rows)} {what}")
    elif not rows:
        click.echo(f"无 none: {what}")


def shown_of(ledger: Ledger, rows: Sequence[Row]) -> Sequence[Row]:
    """Those that will be shown: as JSON all, else the first."""
    return rows if ledger.form == "json" else rows[:LINES_SHOWN]


def day_or_today(day: date | None) -> date:
    """The day that was given, or today."""
    return day or this_day()
