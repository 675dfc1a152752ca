"""`sizhang balance`: what stands at each stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import Day, with_ledger
from sizhang.cli.tables import KNOWN_AT, STAGES, show_rows
from sizhang.core.period import Level
from sizhang.core.quantity import format_number

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger
    from sizhang.store.connection import Store
    from sizhang.store.reading import By, Line

_BY = ("domain", "body", "place", "promise", "period")
_MOVED = STAGES[:4]


@click.command(short_help="查余额 What stands at each stage")
@click.argument("promise", default="")
@click.option("--by", type=click.Choice(_BY), help="汇总方式 Sum up by domain, body, place, promise with its parts, or period")
@click.option(
    "--level",
    type=click.Choice([level.name.lower() for level in Level]),
    default="month",
    show_default=True,
    help="期的长短，旬为 xun Length of the periods",
)
@click.option("--on", type=Day(), metavar="DAY", help="截至某日的状态 The state at the end of a day")
@KNOWN_AT
@with_ledger()
def balance(*, ledger: Ledger, promise: str, by: str | None, level: str, on: date | None, known_at: date | datetime | None) -> None:
    """查余额：全部，或承诺 PROMISE 及其分项 What stands at each stage: all, or PROMISE with its parts.

    With --by period: what moved in each period, by unit.
    """
    from sizhang.store.reading import get_promise, group_balances, read_balances

    when = {"on": on, "known_at": known_at}
    with ledger.open() as store:
        if promise:
            get_promise(store, promise)
        if by == "period":
            rows = list(_periods(store, level, when))
            show_rows(rows, ("period", "unit", *_MOVED), ledger.form)
            return
        if by is None:
            lines = read_balances(store, promise, **when)
        else:
            wanted: By = by  # type: ignore[assignment]
            lines = group_balances(store, wanted, **when)
    name = by or "promise"
    columns = (name, *(("title",) if by is None else ()), "unit", *STAGES)
    show_rows((line_row(line, name, with_title=ledger.form == "table") for line in lines), columns, ledger.form)


def line_row(line: Line, name: str, *, with_title: bool) -> dict[str, Any]:
    """A balance as decimal strings."""
    title = {"title": line.title if len(line.title) <= 30 else line.title[:29] + "…"} if with_title else {}
    stages = {stage: format_number(getattr(line.balance, stage), line.decimals) for stage in STAGES}
    return {name: line.key, **title, "unit": line.unit, **stages}


def _periods(store: Store, level: str, when: dict[str, Any]) -> Iterator[dict[str, Any]]:
    from sizhang.store.books import Books

    table = Books(store).table(Level[level.upper()], **when)
    keys = {period: period.key for period in table.periods}
    for row in table.rows():
        moved = {stage: format_number(getattr(row, stage), row.group.decimals) for stage in _MOVED}
        yield {"period": keys[row.period], "unit": row.group.unit, **moved}
