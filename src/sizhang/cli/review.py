"""`sizhang review`: read a review sheet back, and lay two reviewers side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sizhang.cli.telling import show_fault
from sizhang.core.errors import SizhangError

if TYPE_CHECKING:
    from sizhang.intake.output.review import Disagreement, MergedReview, ReviewRow

_PATH = click.Path(path_type=Path)


@click.command(name="review", short_help="读回核对表，比对两位核对人。Read review sheets back.")
@click.argument("sheet", type=_PATH)
@click.argument("second", type=_PATH, required=False)
def review(sheet: Path, second: Path | None) -> None:
    """读回核对表并逐行检查；给出两张表时，列出两位核对人的分歧。

    Read the review sheet SHEET back and check every row; with SECOND, show where two reviewers disagree and how often.
    """
    from sizhang.intake.output.review import merge_reviews, read_review

    faults: list[SizhangError] = []
    sheets: list[tuple[ReviewRow, ...]] = []
    for path in filter(None, (sheet, second)):
        # Both sheets are read before anything is reported, so that one round of mending is enough.
        try:
            sheets.append(read_review(path))
        except SizhangError as fault:
            faults.append(fault)
    if faults:
        for one in faults:
            show_fault(one)
        raise SystemExit(2)
    _print_counts(sheet, sheets[0])
    if second is None:
        return
    _print_counts(second, sheets[1])
    _print_merged(merge_reviews(*sheets))


def _print_counts(path: Path, rows: tuple[ReviewRow, ...]) -> None:
    from sizhang.intake.output.sheet import DECISIONS

    counts = {code: sum(row.decision == code for row in rows) for code in DECISIONS}
    told = " · ".join(f"{DECISIONS[code]} {count}" for code, count in counts.items() if count)
    undecided = sum(row.decision is None for row in rows)
    click.echo(f"{path.name}：{len(rows)} 行 rows · {told + ' · ' if told else ''}未决定 undecided {undecided}")


def _print_merged(merged: MergedReview) -> None:
    decided = len(merged.agreed) + len(merged.disagreements)
    if merged.agreement_share is None:
        click.echo("没有两人都决定了的行。No row is decided by both.")
        return
    click.echo(
        f"一致 agreed {len(merged.agreed)} / {decided} = {merged.agreement_share:.1%} · "
        f"分歧 disagreements {len(merged.disagreements)} · 未决定 undecided {len(merged.undecided)}"
    )
    for one in merged.disagreements:
        click.echo(_describe(one))


def _describe(one: Disagreement) -> str:
    from sizhang.intake.output.labels import join_lines
    from sizhang.intake.output.sheet import DECISIONS, HEADERS, render_cells

    lines = [f"第 {one.first.row} 行 row：{join_lines(one.first.original.text)}"]
    for column in one.columns:
        pair = []
        for row in (one.first, one.second):
            if column == "decision":
                pair.append(DECISIONS[row.decision] if row.decision else "")
            elif column == "parts":
                pair.append(" / ".join(row.parts))
            elif column == "joins":
                pair.append(row.joins or "")
            else:
                pair.append(render_cells(row.promise)[column].replace("\n", " / "))
        title = {"joins": "并入 joins"}.get(column) or HEADERS[column].split("（")[0]
        lines.append(f"  {title}：{pair[0] or '—'} ≠ {pair[1] or '—'}")
    return "\n".join(lines)
