"""Tables and JSON of the commands that read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import click

from sizhang.core.errors import LedgerError, Words

STAGES = ("promised", "claimed", "verified", "settled", "surplus")
HEADINGS = {
    "promise": "承诺 Promise",
    "title": "内容 Title",
    "unit": "单位 Unit",
    "promised": "在账 Promised",
    "claimed": "已交 Claimed",
    "verified": "已核 Verified",
    "settled": "已销 Settled",
    "surplus": "超额 Surplus",
    "opening": "期初 Opening",
    "outstanding": "未销 Outstanding",
    "period": "期 Period",
    "domain": "领域 Domain",
    "body": "单位 Body",
    "place": "地区 Place",
    "seq": "号 No.",
    "on": "日期 Day",
    "recorded_at": "记账时间 Recorded",
    "verb": "动作 Verb",
    "quantity": "数量 Quantity",
    "by": "经办 By",
    "text": "说明 Text",
    "hash": "校验 Hash",
}
NUMBERS = frozenset({*STAGES, "opening", "outstanding", "quantity", "seq"})


class KnownAt(click.ParamType[date | datetime]):
    """A day, which means its end in China, or an instant in ISO 8601."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value)) if len(str(value)) == 10 else datetime.fromisoformat(str(value))
        except ValueError as fault:
            raise LedgerError(
                Words(f"“{value}”不是时间。", f"“{value}” is no time."),
                remedy=Words("请写成 2026-03-05，或 2026-03-05T09:30+08:00。", "Write 2026-03-05, or 2026-03-05T09:30+08:00."),
            ) from fault


KNOWN_AT = click.option(
    "--known-at", type=KnownAt(), metavar="TIME", help="只计此刻之前已记的账 Only what was recorded until then: a day or an instant"
)


def show_rows(rows: Iterable[dict[str, Any]], columns: Sequence[str], form: str, title: str = "") -> None:
    """Print rows as a table of the named columns, or as JSON with all that they hold."""
    if form == "json":
        click.echo(json.dumps(list(rows), ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        number = column in NUMBERS
        heading = HEADINGS[column].replace(" ", "\n", 1)
        table.add_column(heading, justify="right" if number else "left", no_wrap=number or column in ("promise", "on", "period"))
    for row in rows:
        table.add_row(*(Text(str(row[column])) for column in columns))
    console = Console()
    if not console.is_terminal:
        # A pipe has no width: nothing is cut there.
        console.width = 200
    console.print(table)
