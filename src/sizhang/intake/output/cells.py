"""Read the targets that a reviewer wrote in one cell, one a line."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from sizhang.core.promise import BASES, COMPARATORS, Basis, Comparator, Target
from sizhang.intake.output.sheet import normalise_cell, render_target

if TYPE_CHECKING:
    from sizhang.core.promise import DraftPromise

_DEMAND = re.compile(r"(>=|>|<=|<|~|range|=)\s*(-?\d+(?:\.\d+)?)(?:\s*[~～–—-]\s*(-?\d+(?:\.\d+)?))?\s*(\S*)", re.ASCII)


def parse_targets(cell: str, original: DraftPromise, promise: DraftPromise) -> tuple[tuple[Target, ...], list[str]]:
    """Read the lines of a targets cell; a line that was left as it was keeps its target whole.

    Returns:
        The targets in the cell's order, and the reason for each line that cannot be read.
    """
    kept = {normalise_cell(render_target(target)): target for target in original.targets}
    targets: list[Target] = []
    reasons: list[str] = []
    for line in filter(None, (one.strip() for one in cell.split("\n"))):
        old = kept.get(line)
        if old is not None and promise.start <= old.start and old.end <= promise.end:
            targets.append(old)
            continue
        made = _parse_line(line, promise)
        if isinstance(made, str):
            reasons.append(f"指标“{line}”{made}")
        else:
            targets.append(made)
    return tuple(targets), reasons


def _parse_line(line: str, promise: DraftPromise) -> Target | str:
    parts = [part.strip() for part in re.split(r"[｜|]", line)]
    if len(parts) != 4:
        return f"应有 4 段，这里有 {len(parts)} 段；请写成 原文｜条件 数值 单位｜口径｜对象"
    text, demand, basis, thing = parts
    at = promise.text.find(text) if text else -1
    if at < 0:
        return f"的原文“{text}”不在本行承诺之中；请逐字照抄"
    found = _DEMAND.fullmatch(demand)
    if found is None:
        return f"的“{demand}”读不出条件和数值；请写成 >= 100000 亩，条件为 {' '.join(COMPARATORS)} 之一"
    op, low, high, unit = found.groups()
    if (op == "range") != (high is not None):
        return "的区间写法不对；请写成 range 4.5~5 %"
    if high is not None and Decimal(high) < Decimal(low):
        return f"的区间上限 {high} 小于下限 {low}；请对调"
    if basis not in BASES:
        return f"的口径“{basis}”不在单内；请填 {' '.join(BASES)} 之一"
    start = promise.start + at
    value_max = None if high is None else Decimal(high)
    return Target(start, start + len(text), text, Decimal(low), unit, cast("Comparator", op), cast("Basis", basis), thing, value_max)
