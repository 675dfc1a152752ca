"""Whole parts of a whole, by shares, exact to the last step."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from sizhang.core.errors import LedgerError, Words


def split_by_share(steps: int, shares: Sequence[Decimal | Fraction | int]) -> list[int]:
    """Divide whole steps by shares, which need not sum to one.

    Rounding: largest remainder (Hamilton): each part gets its exact share rounded down, and the steps left over go one each to the largest
    remainders, the first of equals first. So the parts sum to the whole, and each is less than one step from its exact share.

    Raises:
        LedgerError: a share is negative, or none is over 0.
    """
    assert steps >= 0, steps
    exact = [Fraction(share) for share in shares]
    total = sum(exact)
    if not exact or min(exact) < 0 or total <= 0:
        raise LedgerError(
            Words("份额有负数，或没有大于 0 的。", "Shares under 0, or none over 0."),
            remedy=Words("每份请填 0 或以上，至少一份大于 0。", "Give each part a share of 0 or more, and one of them more than 0."),
        )
    ideal = [steps * share / total for share in exact]
    parts = [int(part) for part in ideal]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - ideal[place], place))
    for place in order[: steps - sum(parts)]:
        parts[place] += 1
    assert sum(parts) == steps, (parts, steps)
    return parts
