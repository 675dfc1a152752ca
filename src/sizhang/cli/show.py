"""`sizhang show`: one promise with all that the ledger knows about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from sizhang.cli.balance import line_row
from sizhang.cli.options import with_ledger
from sizhang.cli.tables import STAGES, show_rows

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger

_LABELS = {
    "promise": "承诺 Promise",
    "title": "内容 Title",
    "year": "年度 Year",
    "measure": "计量方式 Measure",
    "unit": "单位 Unit",
    "domain": "领域 Domain",
    "kind": "类别 Kind",
    "strength": "力度 Strength",
    "deadline": "期限 Deadline",
    "body": "牵头单位 Lead body",
    "supporters": "配合单位 Supporting bodies",
    "target": "目标 Target",
    "source": "原文 Source",
    "report": "报告 Report",
    "entries": "分录数 Entries",
}


@click.command(short_help="看一项承诺 One promise")
@click.argument("promise")
@with_ledger()
def show(*, ledger: Ledger, promise: str) -> None:
    """看承诺 PROMISE：内容、出处、分工、余额 PROMISE with its words, source, bodies and balance."""
    from sizhang.store.reading import read_balances, read_details

    with ledger.open() as store:
        details = read_details(store, promise)
        balances = read_balances(store, promise)
    rows = [line_row(line, "promise", with_title=ledger.form == "table") for line in balances]
    own = next(row for row in rows if row["promise"] == promise)
    if ledger.form == "json":
        balance = {stage: own[stage] for stage in STAGES}
        click.echo(json.dumps({**details, **balance, "parts": [row for row in rows if row is not own]}, ensure_ascii=False))
        return
    for name, label in _LABELS.items():
        value = details[name]
        if value not in ("", [], None):
            click.echo(f"{label}: {'、'.join(value) if isinstance(value, list) else value}")
    show_rows(rows, ("promise", "title", "unit", *STAGES), "table")
