"""`sizhang pace`: how one promise stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import ON, with_ledger

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="进度 How a promise stands, and what pace it needs")
@click.argument("promise")
@click.option("--explain", is_flag=True, help="列出每个数的来源 Show the plan, closings and entries behind the figures")
@ON
@with_ledger()
def pace(*, ledger: Ledger, promise: str, explain: bool, on: date | None) -> None:
    """进度：承诺 PROMISE 的欠数、所需进度、最好进度、各期状态 What PROMISE owes, needs and reached, and each period's state."""
    from sizhang.app.pace import compute_paces
    from sizhang.cli.listing import day_or_today, show_rows

    with ledger.open() as store:
        rows = compute_paces(store, promise, day_or_today(on), explain=explain)
    show_rows(ledger, rows, _lines, "项 promises")


def _lines(row: dict[str, Any]) -> str:
    from sizhang.cadence.pace import LIGHTS, STATES

    unit = row["unit"]
    best = f"{row['best_xun']} {unit}" if row["best_xun"] is not None else "尚无 none yet"
    scores = row["scores"]
    out = [
        f"{row['promise']} {row['title']}（{row['body']}） {row['on']}",
        f"  {LIGHTS[row['light']]} {row['reason']['zh']} {row['reason']['en']}",
        f"  承诺 promised {row['promised']} = 计划 planned {row['planned']} + 机动 reserve {row['reserve']} {unit}",
        f"  应完成 planned until now {row['planned_until']} · 已完成 delivered {row['delivered']} · 欠 owed {row['owed']} "
        f"（月内 month {row['owed_month']}，季内 quarter {row['owed_quarter']}，年内 year {row['owed_year']}，"
        f"无处可补 unplaced {row['unplaced']}）",
        f"  所需 needed：日 day {row['need_day']} · 旬 {row['need_xun']} · 月 month {row['need_month']}；最高旬 best 旬 {best}；"
        f"最迟追赶日 last start {row['last_start'] or '—'}",
        f"  得分 scores：不封顶 uncapped {scores['uncapped'] or '—'}% · 封顶 capped {scores['capped'] or '—'}% · "
        f"{'达标 passed' if scores['passed'] else '未达标 not passed'}",
        "  " + " ".join(f"{key}{STATES[state]}" for key, state in row["states"].items() if "X" not in key),
    ]
    if "explain" in row:
        out += _explained(row["explain"], unit)
    return "\n".join(out)


def _explained(found: dict[str, Any], unit: str) -> list[str]:
    plan = found["plan"]
    return [
        f"  计划 plan #{plan['id']} {plan['curve']} {plan['settings']}；计入 counts {found['counts']}",
        *(
            f"  {one['period']} 计划 planned {found['cells'][one['period']]} · 完成 delivered {one['delivered']} {unit}"
            f"（分录至 entries until #{one['entries_until']}）"
            for one in found["closings"]
        ),
        *(f"  #{one['seq']} {one['verb']} {one['quantity']} {unit} {one['on']}" for one in found["entries"]),
    ]
