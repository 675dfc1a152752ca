"""`sizhang split`: divide a promise over bodies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import BY, ON, Number, with_ledger
from sizhang.core.errors import LedgerError, Words

if TYPE_CHECKING:
    from sizhang.app.tables import Part
    from sizhang.cli.options import Ledger


@click.command(short_help="分解 Divide a promise over bodies")
@click.argument("promise")
@click.option(
    "--table", type=click.Path(path_type=Path), metavar="CSV", help="分解表 The parts, one a row: body or place, and number or share"
)
@click.option("--part", "parts", multiple=True, metavar="BODY=NUMBER", help="一个部分 A body and its number; may be repeated")
@click.option("--by-share", "shares", multiple=True, metavar="BODY=SHARE", help="按比例 A body and its share of the whole; may be repeated")
@click.option("--reserve", type=Number(), metavar="NUMBER", help="留在本级的机动数 What stays on the promise itself")
@click.option("--document", default="", metavar="TEXT", help="分解依据，再次分解必填 The deciding document, needed to split anew")
@ON
@BY
@with_ledger(writes=True)
def split(*, ledger: Ledger, promise: str, table: Path | None, parts: tuple[str, ...], shares: tuple[str, ...], **options: object) -> None:
    """分解：把承诺 PROMISE 分到各单位，分毫不差 Divide PROMISE over bodies; the parts and the reserve make up the whole exactly."""
    from sizhang.app.split import Division
    from sizhang.app.split import split as verb
    from sizhang.app.tables import load_parts
    from sizhang.cli.receipts import show

    if sum(map(bool, (table, parts, shares))) != 1:
        raise LedgerError(
            Words("分解要用一种写法，这里没有写或写了几种。", "The parts are not named in one way."),
            where=promise,
            remedy=Words("请在 --table、--part、--by-share 中选一种。", "Give --table, or --part, or --by-share."),
        )
    given = load_parts(table) if table else tuple(_part(text, by_share=bool(shares)) for text in parts or shares)
    reserve, on = options["reserve"], options["on"]
    number = reserve[0] if isinstance(reserve, tuple) else Decimal(0)
    day = on if isinstance(on, date) else None
    with ledger.open() as store:
        receipt = verb(store, Division(promise, given, number, str(options["document"]), str(options["by"]), day))
    show(receipt, ledger, many=True)


def _part(text: str, *, by_share: bool) -> Part:
    from sizhang.app.tables import Part
    from sizhang.core.quantity import parse_number

    body, mark, number = text.rpartition("=")
    if not mark:
        return Part(text, "", None, None)
    value = parse_number(number)[0]
    return Part(body, "", None, value) if by_share else Part(body, "", value, None)
