"""`sizhang plan`: lay promises over the periods of their year."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sizhang.cadence.curves import CURVES
from sizhang.cli.options import BY, Day, Number, with_ledger
from sizhang.core.errors import LedgerError, Words

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger

_FILE = click.Path(path_type=Path)


@click.command(short_help="计划 Lay a promise over the periods of its year")
@click.argument("promise", required=False)
@click.option("--all", "whole", is_flag=True, help="所有尚无计划的承诺 All promises that have no plan")
@click.option("--year", type=int, metavar="YEAR", help="与 --all 同用，默认今年 With --all; this year by default")
@click.option("--curve", type=click.Choice(list(CURVES)), default="even", show_default=True, help="曲线 How the work lies over the year")
@click.option("--from", "start", type=Day(), metavar="DAY", help="开工日 The first day of the work")
@click.option(
    "--until", "end", type=Day(), metavar="DAY", help="完工日，默认承诺的时限 The last day; the promise's own deadline by default"
)
@click.option("--reserve", type=Number(), metavar="NUMBER", help="不排期的机动数 What no period is asked for")
@click.option("--shape", nargs=2, type=int, default=(2, 2), metavar="A B", help="S形的形状 Shape of the S-curve, 1 to 9 each")
@click.option(
    "--at", "rows", multiple=True, metavar="PERIOD=NUMBER", help="节点或自定表的一行 A row of stages or of a table; may be repeated"
)
@click.option("--table", type=_FILE, metavar="CSV", help="节点或自定表：期,数 Rows of stages or of a table: period, number")
@click.option("--seasons", type=_FILE, metavar="TOML", help="自定季节 Your own seasons")
@click.option("--calendar", type=_FILE, metavar="TOML", help="放假调休表，存入账本 Working days of years not known, kept in the ledger")
@click.option("--reason", default="", metavar="TEXT", help="重排的理由 Why it is planned anew")
@BY
@with_ledger(writes=True)
def plan(*, ledger: Ledger, promise: str | None, whole: bool, **options: Any) -> None:
    """计划：把承诺 PROMISE 排到旬、月、季 Lay PROMISE over 旬, months and quarters; the parts make up the whole exactly."""
    from sizhang.app.cadence import keep_calendar, read_text
    from sizhang.app.plan import Planned, PlanOrder, sums_of
    from sizhang.app.plan import plan as verb
    from sizhang.app.tables import load_periods
    from sizhang.cli.listing import show_rows
    from sizhang.core.period import Level

    if bool(promise) == whole:
        raise LedgerError(
            Words("没有写给哪项承诺排计划，或两样都写了。", "It is not said what to plan, or it is said twice."),
            remedy=Words("请写一项承诺，或写 --all。", "Name one promise, or give --all."),
        )
    rows = [*(_row(text) for text in options["rows"]), *(load_periods(options["table"]) if options["table"] else ())]
    reserve = options["reserve"][0] if options["reserve"] else Decimal(0)
    seasons = read_text(options["seasons"]) if options["seasons"] else None
    order = PlanOrder(promise or "", options["year"], options["curve"], options["start"], options["end"], reserve)
    order = replace(order, shape=options["shape"], rows=tuple(rows), seasons=seasons, reason=options["reason"], by=options["by"])
    with ledger.open() as store:
        if options["calendar"]:
            keep_calendar(store, read_text(options["calendar"]))
        made = verb(store, order)

    def as_row(one: Planned) -> dict[str, Any]:
        show = one.promise.show
        return {
            "promise": one.promise.number,
            "title": one.promise.title,
            "unit": one.promise.symbol,
            "curve": one.curve,
            "planned": show(sum(one.cells)),
            "reserve": show(one.reserve),
            "quarters": [show(steps) for steps in sums_of(one.cells, Level.QUARTER)],
            "months": [show(steps) for steps in sums_of(one.cells, Level.MONTH)],
            "xun": [show(steps) for steps in one.cells],
            "dry_run": ledger.dry_run,
        }

    show_rows(ledger, [as_row(one) for one in made], _line, "项 promises")


def _line(row: dict[str, Any]) -> str:
    quarters = " · ".join(f"Q{place} {steps}" for place, steps in enumerate(row["quarters"], start=1))
    sums = f"计划 planned {row['planned']} · 机动 reserve {row['reserve']}"
    name = CURVES[row["curve"]].split(" ")[0]
    return f"{row['promise']} {row['title'][:20]}（{row['unit']}）：{name} {quarters} · {sums}"


def _row(text: str) -> tuple[str, Decimal]:
    from sizhang.core.quantity import parse_number

    period, mark, number = text.rpartition("=")
    if not mark:
        raise LedgerError(
            Words(f"“{text}”里没有数。", f"“{text}” has no number."),
            remedy=Words("请写成 期=数，如 2026-06=300。", "Write PERIOD=NUMBER, such as 2026-06=300."),
        )
    return period, parse_number(number)[0]
