"""`sizhang open`: accounts for the promises of a report, or one by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import BY, CLIENT_ID, ON, Number, with_ledger
from sizhang.core.account import MEASURES
from sizhang.core.errors import LedgerError, Words
from sizhang.core.promise import BASES, COMPARATORS

if TYPE_CHECKING:
    from sizhang.app.order import Receipt
    from sizhang.cli.options import Ledger
    from sizhang.store.connection import Store

_PATH = click.Path(path_type=Path)


@click.command(name="open", short_help="建账 Open accounts for promises")
@click.argument("reading", type=_PATH, required=False)
@click.option("--report", type=_PATH, metavar="FILE", help="读出草稿的报告 The report from which READING was made")
@click.option("--year", type=int, required=True, help="承诺年份 The year of the promises")
@click.option("--body", required=True, metavar="BODY", help="牵头单位 The lead body")
@click.option("--title", default="", metavar="TEXT", help="承诺原文（手工建账） What is promised, for one by hand")
@click.option("--amount", type=Number(), metavar="NUMBER", help="数量或目标值 How much, or the target's number")
@click.option("--unit", default="", metavar="UNIT", help="计量单位 Its unit")
@click.option("--measure", type=click.Choice(list(MEASURES)), help="计量方式 How it is counted: amount, or action without a number")
@click.option("--op", type=click.Choice(COMPARATORS), default="=", help="目标的比较 The target's comparator")
@click.option("--basis", type=click.Choice(BASES), default="level", help="目标的口径 The target's basis")
@click.option(
    "--name", "names", multiple=True, metavar="NAME", help="对象或节点 A member of the set, or a stage in its order; may be repeated"
)
@click.option("--acceptance", default="", metavar="TEXT", help="验收标准 What shows that an action was done")
@click.option("--domain", default="", metavar="DOMAIN", help="领域 The domain")
@click.option("--strength", default="plan", metavar="STRENGTH", help="力度 ensure, strive, plan")
@click.option("--deadline", default="", metavar="PERIOD", help="期限 The deadline: 2026-06")
@ON
@BY
@CLIENT_ID
@with_ledger(writes=True)
def open_(*, ledger: Ledger, reading: Path | None, report: Path | None, **options: Any) -> None:
    """建账：为 READING 里的每条承诺草稿建账，或用 --title 手工建一笔。

    Open an account for every draft promise of READING (from `sizhang read --format jsonl`), or one by hand with --title.
    """
    from sizhang.cli.receipts import show

    if reading is not None and options["title"]:
        raise LedgerError(
            Words("既给了读出的草稿，又写了标题。", "Both a reading and a title."),
            remedy=Words("请从草稿建账，或手工建一笔，二选一。", "Open from a reading, or one by hand."),
        )
    with ledger.open() as store:
        receipt = _open_reading(store, reading, report, options) if reading is not None else _open_one(store, options)
    show(receipt, ledger)


def _opening(options: dict[str, Any]) -> Any:
    from sizhang.app.open import Opening

    on: date | None = options["on"]
    return Opening(options["year"], options["body"], options["by"], on, options["client_id"])


def _open_reading(store: Store, reading: Path, report: Path | None, options: dict[str, Any]) -> Receipt:
    from sizhang.app.open import open_reading
    from sizhang.app.reading_file import load_drafts
    from sizhang.intake.readers import read_file

    if report is None:
        raise LedgerError(
            Words("给了读出的草稿，没有给原报告。", "A reading without its report."),
            where=str(reading),
            remedy=Words("请写出报告：--report FILE。", "Name the report: --report FILE."),
        )
    return open_reading(store, load_drafts(reading), read_file(report), _opening(options))


def _open_one(store: Store, options: dict[str, Any]) -> Receipt:
    from sizhang.app.open import ByHand, open_by_hand

    amount: tuple[Decimal, str] | None = options["amount"]
    number, unit = amount or (None, "")
    if unit and options["unit"]:
        raise LedgerError(
            Words(f"计量单位有两个：{unit} 和 {options['unit']}。", f"Two units: {unit} and {options['unit']}."),
            remedy=Words("计量单位请只写一次。", "Give the unit once."),
        )
    more = {name: options[name] for name in ("measure", "op", "basis", "names", "acceptance", "domain", "strength", "deadline")}
    return open_by_hand(store, ByHand(options["title"], number, unit or options["unit"], **more), _opening(options))
