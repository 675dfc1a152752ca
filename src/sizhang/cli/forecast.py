"""`sizhang forecast`: the chance that the year is met."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import ON, with_ledger

if TYPE_CHECKING:
    from sizhang.app.forecast import ForecastRow
    from sizhang.cli.options import Ledger


@click.command(short_help="预测 The chance that the year is met")
@click.option("--body", default="", metavar="BODY", help="只看一个单位 Only of one body")
@click.option("--promise", default="", metavar="PROMISE", help="只看一项及其分项 Only one promise and its parts")
@click.option("--calibration", is_flag=True, help="已结各年的预测准不准 How such forecasts did over the closed years")
@click.option("--plot", type=click.Path(path_type=Path), metavar="SVG", help="与 --calibration 同用，画图 With --calibration: draw it")
@ON
@with_ledger()
def forecast(*, ledger: Ledger, body: str, promise: str, calibration: bool, plot: Path | None, on: date | None) -> None:
    """预测：全年完成的把握和年底区间；说不出时说明原因 The chance that each year is met, with intervals; or why nothing can be said."""
    from sizhang.app.forecast import compute_forecasts
    from sizhang.cli.listing import day_or_today, show_rows

    day = day_or_today(on)
    if calibration:
        _calibration(ledger, day, plot)
        return
    with ledger.open() as store:
        found, basis = compute_forecasts(store, day, body, promise)
    rows = [{**_row(one), "basis": basis._asdict()} for one in found]
    if ledger.form != "json":
        click.echo(f"依据 based on：本账本 own {basis.own} · 模拟 simulated {basis.simulated} 个年度 promise-years")
    show_rows(ledger, rows, _line, "项 promises")


def _row(one: ForecastRow) -> dict[str, Any]:
    track = one.track
    out: dict[str, Any] = {"promise": track.number, "title": track.title, "body": track.body, "closed": track.closed}
    if one.chance is None:
        return {**out, "chance_pct": None, "why_not": one.why_not}
    names = ("end_pct_025", "end_pct_100", "end_pct_500", "end_pct_900", "end_pct_975")
    return {
        **out,
        "chance_pct": round(100 * one.chance, 1),
        **{name: round(100 * end, 1) for name, end in zip(names, one.ends, strict=True)},
    }


def _line(row: dict[str, Any]) -> str:
    head = f"{row['promise']} {row['title'][:18]}（{row['body']}）："
    if row["chance_pct"] is None:
        return f"{head}不能预测 no forecast：{row['why_not']}"
    return (
        f"{head}完成把握 chance {row['chance_pct']}% · 年底 year's end {row['end_pct_500']}%，"
        f"八成 80% {row['end_pct_100']}–{row['end_pct_900']}%，九成五 95% {row['end_pct_025']}–{row['end_pct_975']}%"
    )


def _calibration(ledger: Ledger, day: date, plot: Path | None) -> None:
    from sizhang.app.forecast import compute_calibration
    from sizhang.cadence.calibration import calibration_svg

    with ledger.open() as store:
        found = compute_calibration(store, day.year)
    if plot:
        plot.write_text(calibration_svg(found["table"]), "utf-8")
    if ledger.form == "json":
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found["moments"]:
        click.echo(
            f"第{row['closed']}旬后 after 旬 {row['closed']}：80% 区间 held {row['cover_80']:.1%} · 95% {row['cover_95']:.1%} · "
            f"Brier {row['brier']:.3f} "
            f"（线性 linear {row['linear']:.3f}，按计划 share {row['share']:.3f}）"
        )
    for row in found["table"]:
        click.echo(f"预测 said {row['said']:.0%} → 实际 happened {row['happened']:.0%}（{row['forecasts']}）")
