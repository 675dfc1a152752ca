"""`sizhang statement`: the account of a body, like a bank's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.files import write_file
from sizhang.cli.options import Day, with_ledger
from sizhang.cli.tables import show_rows
from sizhang.core.day import this_day
from sizhang.core.errors import InputError, Words
from sizhang.core.quantity import format_number

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger
    from sizhang.store.statement import Statement, StatementLine

_COLUMNS = ("opening", "promised", "claimed", "verified", "settled", "outstanding")


@click.command(short_help="对账单 The account of a body")
@click.option("--body", required=True, metavar="BODY", help="单位，含下属 The body, with those below it")
@click.option("--from", "since", type=Day(), metavar="DAY", help="起，默认当年元旦 First day, by default of the year of the last")
@click.option("--to", "until", type=Day(), metavar="DAY", help="止，默认今天 Last day, today by default")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="写成 .xlsx 或 .docx Write a .xlsx or .docx")
@with_ledger()
def statement(*, ledger: Ledger, body: str, since: date | None, until: date | None, output: Path | None) -> None:
    """对账单：期初、承诺、交账、核账、销账、未销 What was owed, promised, claimed, verified, settled, and what is outstanding."""
    from sizhang.store.statement import read_statement

    last = until or this_day()
    with ledger.open() as store:
        account = read_statement(store, body, since or last.replace(month=1, day=1), last)
    if output is not None:
        write_file(output, _writer(output)(account))
        click.echo(f"已写入 Written: {output}", err=True)
        return
    rows = [_row(line) for line in account.lines]
    title = f"{account.body} {account.since} — {account.until}"
    show_rows(rows, ("promise", "title", "unit", *_COLUMNS), ledger.form, title)


def _writer(output: Path) -> Callable[[Statement], bytes]:
    from sizhang.store.exporting.statement import write_statement_docx, write_statement_xlsx

    writers = {".xlsx": write_statement_xlsx, ".docx": write_statement_docx}
    if output.suffix.lower() not in writers:
        raise InputError(
            Words(f"对账单不写成“{output.suffix}”。", f"“{output.suffix}” is no form of a statement."),
            where=str(output),
            remedy=Words("请写 .xlsx 或 .docx 文件。", "Name a file .xlsx or .docx."),
        )
    return writers[output.suffix.lower()]


def _row(line: StatementLine) -> dict[str, Any]:
    numbers = {name: format_number(getattr(line, name), line.promise.decimals) for name in _COLUMNS}
    return {"promise": line.promise.number, "title": line.promise.title, "unit": line.promise.unit, **numbers}
