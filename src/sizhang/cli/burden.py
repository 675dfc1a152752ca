"""`sizhang burden`: what bodies are asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import BY, ON, with_ledger
from sizhang.core.errors import LedgerError, Words

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="负担 What bodies are asked for, in minutes a week")
@click.option("--ask", "text", default="", metavar="TEXT", help="向单位提问 Put a question to a body")
@click.option("--body", default="", metavar="BODY", help="哪个单位 Which body")
@click.option(
    "--kind", default="figure", show_default=True, metavar="KIND", help="问题种类，各有定价 The kind of the question, which has a price"
)
@click.option(
    "--about", "promise", default="", metavar="PROMISE", help="所问承诺，账上有数的由账本作答 The promise; what the ledger holds it answers"
)
@click.option("--field", default="", metavar="FIGURE", help="所问数字，如 claimed、owed Which figure of it")
@click.option("--prices", type=click.Path(path_type=Path), metavar="TOML", help="启用价目表 Put a price list in force")
@ON
@BY
@with_ledger(writes=True)
def burden(*, ledger: Ledger, text: str, body: str, on: date | None, prices: Path | None, **options: Any) -> None:
    """负担：各单位本周被问多少分钟，上限多少；或用 --ask 提问 Minutes each body was asked for this week; or ask with --ask."""
    from sizhang.app.burden import Asking, ask, compute_burden, keep_prices
    from sizhang.app.cadence import read_text
    from sizhang.cli.listing import day_or_today, show_rows

    day = day_or_today(on)
    with ledger.open() as store:
        if prices:
            with store.writing():
                keep_prices(store, read_text(prices))
        if text:
            if not body:
                raise LedgerError(
                    Words("没有写问哪个单位。", "Nobody is asked."),
                    remedy=Words("请写出单位：--body BODY。", "Name the body: --body BODY."),
                )
            asked = ask(store, Asking(body, options["kind"], text, day, options["promise"], options["field"], options["by"]))
            show_rows(ledger, [{**asked._asdict(), "on": asked.on.isoformat(), "dry_run": ledger.dry_run}], _asked, "问 questions")
            return
        rows = [one._asdict() for one in compute_burden(store, day, body)]
    show_rows(ledger, rows, _load, "单位 bodies")


def _asked(row: dict[str, Any]) -> str:
    if row["answer"]:
        return f"账本已有 Answered from the ledger：{row['answer']}（{row['body']} 未被打扰 was not asked）"
    return f"已问 Asked {row['body']}：{row['text']}（约 about {row['minutes']} 分钟 minutes）"


def _load(row: dict[str, Any]) -> str:
    asked = f"{row['questions']} 问 questions，{row['minutes']}/{row['cap']} 分钟 minutes"
    return f"{row['body']}：{asked}，账本代答 answered here {row['answered_here']}"
