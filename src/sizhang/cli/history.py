"""`sizhang history`: every entry of a promise, with its place in the chain."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from sizhang.cli.options import with_ledger
from sizhang.cli.tables import show_rows
from sizhang.core.ledger import VERBS
from sizhang.core.quantity import format_number

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger
    from sizhang.store.reading import HistoryRow

# What the opening of a promise carries: the hash of its words.
_DIGEST = re.compile("sha256:[0-9a-f]{64}")
_COLUMNS = ("seq", "on", "promise", "verb", "quantity", "unit", "by", "body", "text", "recorded_at", "hash")


@click.command(short_help="查流水 Every entry of a promise")
@click.argument("promise")
@with_ledger()
def history(*, ledger: Ledger, promise: str) -> None:
    """查流水：承诺 PROMISE 及其分项的每一笔 Every entry of PROMISE and its parts, with hashes."""
    from sizhang.store.reading import read_history, read_promises

    with ledger.open() as store:
        entries = read_history(store, promise)
        units = {one.number: (one.unit, one.decimals) for one in read_promises(store, promise)}
    rows = [entry_row(entry, *units[entry.promise]) for entry in entries]
    if ledger.form == "table":
        for row in rows:
            row["verb"] = f"{VERBS[row['verb']].chinese} {row['verb']}"
            row["hash"] = row["hash"][:12]
            row["recorded_at"] = local_time(datetime.fromisoformat(row["recorded_at"]))
            if _DIGEST.fullmatch(row["text"]):
                row["text"] = row["text"][:19] + "…"
    show_rows(rows, _COLUMNS, ledger.form)


def local_time(instant: datetime) -> str:
    """An instant in the time of this machine, with its zone: 2026-03-05 17:30:00+08:00."""
    text = instant.astimezone().isoformat(" ", "seconds")
    return text.removesuffix("+00:00") + " UTC" if text.endswith("+00:00") else text


def entry_row(entry: HistoryRow, unit: str, decimals: int) -> dict[str, Any]:
    """One entry; an amendment downward has a minus."""
    sign = "-" if entry.target == 0 else ""
    return {
        "seq": entry.seq,
        "id": entry.client_id,
        "promise": entry.promise,
        "verb": entry.verb,
        "quantity": sign + format_number(entry.steps, decimals),
        "unit": unit,
        "on": entry.effective_on.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "by": entry.person,
        "body": entry.body,
        "text": entry.text,
        "surplus": entry.surplus,
        "evidence": list(entry.evidence),
        "lots": list(entry.lots),
        "hash": entry.hash,
    }
