"""Rounding by name. GB/T 8170: half to even (“四舍六入五成双”)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

HALF_EVEN: Final = "GB/T 8170, half to even"


def round_half_even(value: Decimal | Fraction | int, decimals: int = 0) -> Decimal:
    """Round to `decimals` places, a half to the even neighbour; exact for fractions too (Python's own rounding of a Fraction is that)."""
    return Decimal(round(Fraction(value) * 10**decimals)).scaleb(-decimals)


def share_pct(part: Decimal | int, whole: Decimal | int, decimals: int = 1) -> Decimal | None:
    """`part` of `whole` in percent, half to even; None where the whole is nothing."""
    return round_half_even(Fraction(part) * 100 / Fraction(whole), decimals) if whole else None


def mean(values: list[Decimal] | list[int], decimals: int) -> Decimal | None:
    """The arithmetic mean, rounded once, half to even; None of nothing."""
    return round_half_even(Fraction(sum(Fraction(v) for v in values)) / len(values), decimals) if values else None
