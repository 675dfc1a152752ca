"""Show what was booked and how the promises stand after it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from sizhang.core.ledger import STAGE_NAMES, VERBS, Stage
from sizhang.core.quantity import format_number

if TYPE_CHECKING:
    from sizhang.app.order import Line, Receipt, Standing
    from sizhang.cli.options import Ledger

_LINES_SHOWN = 20


def standing_row(standing: Standing) -> dict[str, Any]:
    """A promise and its balance; numbers as decimal strings."""
    stages = dict(zip(("promised", "claimed", "verified", "settled", "surplus"), standing.balance, strict=True))
    return {
        "promise": standing.promise,
        "title": standing.title,
        "measure": standing.measure,
        "unit": standing.unit,
        "body": standing.body,
        **{name: format_number(steps, standing.decimals) for name, steps in stages.items()},
    }


def line_row(line: Line, decimals: int) -> dict[str, Any]:
    """One entry."""
    out: dict[str, Any] = {
        "seq": line.seq,
        "promise": line.promise,
        "verb": line.verb,
        "from": line.source.name.lower(),
        "to": line.target.name.lower(),
        "quantity": format_number(line.steps, decimals),
        "on": line.effective_on.isoformat(),
        "by": line.person,
        "body": line.body,
        "text": line.text,
        "id": line.client_id,
        "hash": line.hash.hex(),
        "again": line.again,
    }
    if line.surplus:
        out["surplus"] = True
    if line.evidence:
        out["evidence"] = list(line.evidence)
    if line.lots:
        out["lots"] = list(line.lots)
    return out


def receipt_row(receipt: Receipt, ledger: Ledger) -> dict[str, Any]:
    """A receipt about one promise as one object."""
    (standing,) = receipt.standings
    return {
        **standing_row(standing),
        "dry_run": ledger.dry_run,
        "again": receipt.again,
        "entries": [line_row(line, standing.decimals) for line in receipt.lines],
        **({"notes": list(receipt.notes)} if receipt.notes else {}),
    }


def _rows_of_many(receipt: Receipt, ledger: Ledger) -> list[dict[str, Any]]:
    """One object for each promise; a promise whose parent is there too stands among the parent's `parts`."""
    entries: dict[str, list[Line]] = {}
    for line in receipt.lines:
        entries.setdefault(line.promise, []).append(line)
    by_number: dict[str, dict[str, Any]] = {}
    out = []
    for standing in receipt.standings:
        lines = [line_row(line, standing.decimals) for line in entries.get(standing.promise, ())]
        row = by_number[standing.promise] = {**standing_row(standing), "dry_run": ledger.dry_run, "entries": lines}
        parent = by_number.get(standing.parent or "")
        if parent is None:
            out.append(row)
        else:
            parent.setdefault("parts", []).append(row)
    return out


def show(receipt: Receipt, ledger: Ledger, many: bool = False) -> None:
    """Print a receipt, one object for one promise and a list for many; always a list where `many` says so."""
    if ledger.form == "json":
        if len(receipt.standings) == 1 and not many:
            click.echo(json.dumps(receipt_row(receipt, ledger), ensure_ascii=False))
            return
        rows = _rows_of_many(receipt, ledger)
        click.echo(json.dumps(rows if many or len(rows) != 1 else rows[0], ensure_ascii=False))
        return
    units = {one.promise: (one.unit, one.decimals) for one in receipt.standings}
    if ledger.dry_run:
        click.echo("演算，未入账 Dry run, nothing booked")
    elif receipt.again:
        click.echo("此前已记，未重复入账 Booked before, not booked again")
    for line in receipt.lines[:_LINES_SHOWN]:
        click.echo(_line_words(line, *units[line.promise]))
    if len(receipt.lines) > _LINES_SHOWN:
        click.echo(f"…… 共 {len(receipt.lines)} 笔 entries")
    for note in receipt.notes:
        click.echo(note)
    for standing in receipt.standings[:_LINES_SHOWN]:
        click.echo(_standing_words(standing))
    if len(receipt.standings) > _LINES_SHOWN:
        click.echo(f"…… 共 {len(receipt.standings)} 项 promises")


def _line_words(line: Line, unit: str, decimals: int) -> str:
    who = f" {line.person}（{line.body}）" if line.person else ""
    lots = f" {len(line.lots)} 批 lots" if line.lots else ""
    back = "-" if line.verb == "amend" and line.target == Stage.PLEDGE else ""
    quantity = f"{back}{format_number(line.steps, decimals)} {unit}"
    return f"#{line.seq} {VERBS[line.verb].chinese} {line.verb} {line.promise} {quantity} {line.effective_on}{who}{lots}"


def _standing_words(standing: Standing) -> str:
    names = [STAGE_NAMES[stage] for stage in (Stage.PROMISED, Stage.CLAIMED, Stage.VERIFIED, Stage.SETTLED)]
    parts = [f"{zh} {en} {format_number(steps, standing.decimals)}" for (zh, en), steps in zip(names, standing.balance[:4], strict=True)]
    surplus = f" · 超额 surplus {format_number(standing.balance.surplus, standing.decimals)}" if standing.balance.surplus else ""
    title = standing.title if len(standing.title) <= 30 else standing.title[:29] + "…"
    return f"{standing.promise} {title}（{standing.unit}）： {' · '.join(parts)}{surplus}"
