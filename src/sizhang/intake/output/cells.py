"""Read the targets that a reviewer wrote in one cell, one a line."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from sizhang.core.errors import Words
from sizhang.core.promise import BASES, COMPARATORS, Basis, Comparator, Target
from sizhang.intake.output.sheet import normalise_cell, render_target

if TYPE_CHECKING:
    from sizhang.core.promise import DraftPromise

_DEMAND = re.compile(r"(>=|>|<=|<|~|range|=)\s*(-?\d+(?:\.\d+)?)(?:\s*[~～–—-]\s*(-?\d+(?:\.\d+)?))?\s*(\S*)", re.ASCII)


def parse_targets(cell: str, original: DraftPromise, promise: DraftPromise) -> tuple[tuple[Target, ...], list[Words]]:
    """Read the lines of a targets cell; a line that was left as it was keeps its target whole.

    Returns:
        The targets in the cell's order, and the reason for each line that cannot be read.
    """
    kept = {normalise_cell(render_target(target)): target for target in original.targets}
    targets: list[Target] = []
    reasons: list[Words] = []
    for line in filter(None, (one.strip() for one in cell.split("\n"))):
        old = kept.get(line)
        if old is not None and promise.start <= old.start and old.end <= promise.end:
            targets.append(old)
            continue
        made = _parse_line(line, promise)
        if isinstance(made, Words):
            reasons.append(Words(f"指标“{line}”{made.zh}", f"the target “{line}” {made.en}"))
        else:
            targets.append(made)
    return tuple(targets), reasons


def _parse_line(line: str, promise: DraftPromise) -> Target | Words:
    parts = [part.strip() for part in re.split(r"[｜|]", line)]
    if len(parts) != 4:
        return Words(
            f"应有 4 段，这里有 {len(parts)} 段；请写成 原文｜条件 数值 单位｜口径｜对象",
            f"should have 4 parts and has {len(parts)}; write words｜comparator number unit｜basis｜object",
        )
    text, demand, basis, thing = parts
    at = promise.text.find(text) if text else -1
    if at < 0:
        return Words(f"的原文“{text}”不在本行承诺之中；请逐字照抄", f"has the words “{text}”, which the promise has not; copy them exactly")
    found = _DEMAND.fullmatch(demand)
    if found is None:
        return Words(
            f"的“{demand}”读不出条件和数值；请写成 >= 100000 亩，条件为 {' '.join(COMPARATORS)} 之一",
            f"has “{demand}”, in which no comparator and number are found; write >= 100000 “亩” with one of {' '.join(COMPARATORS)}",
        )
    op, low, high, unit = found.groups()
    if (op == "range") != (high is not None):
        return Words("的区间写法不对；请写成 range 4.5~5 %", "is no proper range; write range 4.5~5 %")
    if high is not None and Decimal(high) < Decimal(low):
        return Words(f"的区间上限 {high} 小于下限 {low}；请对调", f"has the upper end {high} below the lower end {low}; exchange them")
    if basis not in BASES:
        return Words(f"的口径“{basis}”不在单内；请填 {' '.join(BASES)} 之一", f"has the basis “{basis}”; use one of {' '.join(BASES)}")
    start = promise.start + at
    value_max = None if high is None else Decimal(high)
    return Target(start, start + len(text), text, Decimal(low), unit, cast("Comparator", op), cast("Basis", basis), thing, value_max)
