"""The journal for plain-text accounting: hledger and ledger read one form, beancount another.

Each entry is one transaction of two postings, from the source stage's account to the target's. An account is the stage, then the promise
with its parts below it: `claimed:2026-001:03`. So balances by stage, by prefix of a promise, by unit and by month come out in those
programs as they do here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sizhang.core.ledger import VERBS, Stage, Verb
from sizhang.core.quantity import format_number
from sizhang.store.connection import Store
from sizhang.store.reading import PromiseInfo, read_entries, read_promises

_STAGES: Final = tuple(stage.name.lower() for stage in Stage)
# Beancount knows five roots only: what stands for a promise is an asset, its source is equity.
_BEAN_ROOTS: Final = ("Equity:Pledge", "Assets:Promised", "Assets:Claimed", "Assets:Verified", "Assets:Settled")


def write_hledger(store: Store, target: Path) -> None:
    """A journal that both hledger and ledger read; the unit is the commodity, in quotation marks."""
    promises = {promise.number: promise for promise in read_promises(store)}
    with target.open("w", encoding="utf-8") as file:
        file.write("; 四账 Sizhang: one transaction for each entry\n")
        for entry in read_entries(store):
            promise = promises[entry.promise]
            place = entry.promise.replace(".", ":")
            number = format_number(entry.steps, promise.decimals)
            unit = _quoted(promise.unit)
            verb: Verb = entry.verb  # type: ignore[assignment]
            words = _one_line(f"{VERBS[verb].chinese} {entry.verb} {promise.title}").replace(";", "；").replace("|", "｜")
            file.write(
                f"\n{entry.effective_on} ({entry.seq}) {words}\n"
                f"    {_STAGES[entry.target]}:{place}  {number} {unit}\n"
                f"    {_STAGES[entry.source]}:{place}  -{number} {unit}\n"
            )


def _quoted(unit: str) -> str:
    return '"' + (_one_line(unit).replace('"', "”").replace(";", "；") or "1") + '"'


def _one_line(text: str) -> str:
    return " ".join(text.split())


def write_beancount(store: Store, target: Path) -> None:
    """A beancount file; each unit is named by a code, whose meaning stands in a `commodity` directive."""
    promises = read_promises(store)
    codes = {unit: f"U{at}" for at, unit in enumerate(sorted({promise.unit for promise in promises}), start=1)}
    by_number = {promise.number: promise for promise in promises}
    entries = sorted(read_entries(store), key=lambda entry: (entry.effective_on, entry.seq))
    first: dict[str, str] = {}
    for entry in entries:
        for stage in (entry.source, entry.target):
            first.setdefault(_bean_account(stage, entry.promise), entry.effective_on.isoformat())
    with target.open("w", encoding="utf-8") as file:
        file.write('option "title" "四账 Sizhang"\n')
        start = min(first.values(), default="1970-01-01")
        for unit, code in codes.items():
            file.write(f'{start} commodity {code}\n  name: "{_escaped(unit)}"\n')
        for account, day in sorted(first.items()):
            file.write(f"{day} open {account}\n")
        for entry in entries:
            promise: PromiseInfo = by_number[entry.promise]
            number, code = format_number(entry.steps, promise.decimals), codes[promise.unit]
            file.write(
                f'\n{entry.effective_on} * "{entry.verb}" "{_escaped(promise.title)}"\n  seq: "{entry.seq}"\n'
                f"  {_bean_account(entry.target, entry.promise)}  {number} {code}\n"
                f"  {_bean_account(entry.source, entry.promise)}  -{number} {code}\n"
            )


def bean_codes(store: Store) -> dict[str, str]:
    """For each unit its code in `write_beancount`."""
    return {unit: f"U{at}" for at, unit in enumerate(sorted({promise.unit for promise in read_promises(store)}), start=1)}


def _bean_account(stage: int, number: str) -> str:
    parts = [re.sub(r"[^\w-]", "-", part) for part in number.split(".")]
    return ":".join((_BEAN_ROOTS[stage], *(f"P{part}" for part in parts)))


def _escaped(text: str) -> str:
    return _one_line(text).replace("\\", "\\\\").replace('"', '\\"')
