"""What a review leaves: the draft promises that were accepted, as edited, split and merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sizhang.core.errors import InputError, Words
from sizhang.core.promise import DraftPromise, Target
from sizhang.intake.attributes import get_kind
from sizhang.intake.output.review import ReviewRow


def decided_promises(rows: Sequence[ReviewRow], text: str) -> list[tuple[ReviewRow, DraftPromise]]:
    """The promises that come out of a review, in the order of the report, each with the row that it comes from.

    Args:
        rows: rows of one reading; those without a decision and the rejected ones give nothing.
        text: the report's whole text.

    Raises:
        InputError: a merge joins a row that does not stay, or two that join each other.
    """
    joined: dict[str, list[ReviewRow]] = {}
    by_id = {row.id: row for row in rows}
    for row in rows:
        if row.decision == "merge":
            joined.setdefault(_root(row, by_id).id, []).append(row)
    out: list[tuple[ReviewRow, DraftPromise]] = []
    for row in rows:
        if row.decision in ("accept", "edit"):
            out.append((row, _merge(row.promise, joined.get(row.id, []), text)))
        elif row.decision == "split":
            out += [(row, part) for part in _split(row)]
    return sorted(out, key=lambda one: one[1].start)


def _root(row: ReviewRow, by_id: dict[str, ReviewRow]) -> ReviewRow:
    seen = {row.id}
    root = by_id.get(row.joins or "")
    while root is not None and root.decision == "merge" and root.id not in seen:
        seen.add(root.id)
        root = by_id.get(root.joins or "")
    if root is None or root.decision not in ("accept", "edit"):
        raise InputError(
            Words("这一条并入的那一条没有被接受。", "It joins a row that does not stay."),
            where=f"第 {row.row} 行 row {row.row}",
            remedy=Words("请接受并入的那一条，或改这一条的决定。", "Accept the row it joins, or decide otherwise."),
        )
    return root


def _merge(promise: DraftPromise, others: Sequence[ReviewRow], text: str) -> DraftPromise:
    """One promise over the words of all of them, what stands between included; the rest is as in the one they join."""
    if not others:
        return promise
    all_of_them = sorted([promise, *(row.promise for row in others)], key=lambda one: one.start)
    start, end = all_of_them[0].start, max(one.end for one in all_of_them)
    targets = tuple(target for one in all_of_them for target in one.targets)
    return replace(promise, start=start, end=end, text=text[start:end], targets=targets)


def _split(row: ReviewRow) -> list[DraftPromise]:
    """The parts in their order; each keeps the targets that stand in its words."""
    whole, out, after = row.promise, [], 0
    for part in row.parts:
        at = whole.text.find(part, after)
        if at < 0:
            at = whole.text.find(part)
        after = at + len(part)
        start, end = whole.start + at, whole.start + after
        targets: tuple[Target, ...] = tuple(one for one in whole.targets if start <= one.start and one.end <= end)
        out.append(replace(whole, start=start, end=end, text=part, targets=targets, kind=get_kind(part, targets)))
    return out
