"""When a target is met: the exact rule for every comparator and basis. No number is rounded.

Which way is better decides what over-delivery means. More is better for an amount, a rise and most levels; less is better for a cap, for a
class of water (Ⅲ is cleaner than Ⅳ) and for what is to come down to zero.

| comparator | met when the measured value is |
| --- | --- |
| `>=`, `>`, `<=`, `<` | at least, over, at most, under the number |
| `=` | at least the number where more is better, at most the number where less is better |
| `~` about | within the declared tolerance of the number, or beyond it on the better side |
| `range` | between both numbers, these included |
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from sizhang.core.errors import LedgerError, Words
from sizhang.core.promise import Basis, Comparator

Better = Literal["more", "less"]
_ROMAN: Final = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "Ⅵ": 6}


@dataclass(frozen=True, slots=True)
class Criterion:
    """What must hold.

    Attributes:
        value: the number; the low end of a range.
        value_max: the high end of a range, else None.
        better: which side of the number is better.
        tolerance_pct: for `~`, how far off is still about it, in per cent of the number.
        object: of what.
    """

    op: Comparator
    value: Decimal
    unit: str
    basis: Basis
    better: Better = "more"
    value_max: Decimal | None = None
    tolerance_pct: Decimal = Decimal(0)
    object: str = ""

    def __str__(self) -> str:
        if self.op == "range":
            number = f"{self.value:f} to {self.value_max:f} {self.unit}"
        else:
            number = f"{'about' if self.op == '~' else self.op} {self.value:f} {self.unit}"
        change = "" if self.basis in ("amount", "level") else f" ({self.basis})"
        return f"{self.object} {number}{change}".strip()

    def in_chinese(self) -> str:
        """What must hold, in Chinese."""
        if self.op == "range":
            number = f"{self.value:f} 至 {self.value_max:f} {self.unit}"
        else:
            number = f"{'约' if self.op == '~' else self.op} {self.value:f} {self.unit}"
        change = {"increase": "（增长）", "decrease": "（下降）"}.get(self.basis, "")
        return f"{self.object} {number}{change}".strip()


def better_side(op: Comparator, basis: Basis, unit: str, value: Decimal) -> Better:
    """Which side is better, where nobody says it: less for `<=`, `<`, for classes and for levels of zero, more for the rest.

    A decrease of 3 % is a change of 3 % in the wanted direction, and more of it is better.
    """
    if op in ("<=", "<"):
        return "less"
    if basis == "level" and (unit == "类" or value == 0):
        return "less"
    return "more"


def is_met(criterion: Criterion, measured: Decimal, base: Decimal | None = None) -> bool:
    """Whether the measured value meets the criterion.

    Args:
        measured: in the criterion's unit; for an increase or decrease the new level where `base` is given, else the change itself
            (a fall of 3 % is 3 for a decrease).
        base: the level of the year before, for an increase or decrease.

    Raises:
        LedgerError: a relative change from a base that is not over 0.
    """
    found = Fraction(measured)
    if criterion.basis in ("increase", "decrease") and base is not None:
        found = compute_change(criterion, Fraction(measured), Fraction(base))
    low = Fraction(criterion.value)
    if criterion.op == "range":
        assert criterion.value_max is not None
        return low <= found <= Fraction(criterion.value_max)
    if criterion.op == "~":
        slack = abs(low) * Fraction(criterion.tolerance_pct) / 100
        return found >= low - slack if criterion.better == "more" else found <= low + slack
    if criterion.op == "=":
        return found >= low if criterion.better == "more" else found <= low
    return {">=": found >= low, ">": found > low, "<=": found <= low, "<": found < low}[criterion.op]


def compute_change(criterion: Criterion, measured: Fraction, base: Fraction) -> Fraction:
    """The change in the wanted direction, in the criterion's unit: per cent, points, 倍 (times), 番 (doublings) or its own.

    For 番 the result is the greatest number of whole doublings, which is what a report promises.
    """
    rise = measured - base if criterion.basis == "increase" else base - measured
    if criterion.unit not in ("%", "倍", "番"):
        return rise
    if base <= 0:
        raise LedgerError(
            Words(f"基数是 {base}，算不出按“{criterion.unit}”计的变化。", f"A change in {criterion.unit} from {base} cannot be told."),
            remedy=Words("请给大于 0 的基数，或不给基数、直接给变化值。", "Give a base over 0, or the change itself without a base."),
        )
    if criterion.unit == "%":
        return rise / base * 100
    if criterion.unit == "倍":
        return rise / base
    doublings = Fraction(0)
    while measured >= base * 2 ** (doublings.numerator + 1):
        doublings += 1
    return doublings


def parse_class(text: str) -> Decimal:
    """The number of a class: `Ⅲ`, `Ⅲ类`, `III`, `3`.

    Raises:
        LedgerError: it names no class.
    """
    word = text.strip().removesuffix("类")
    latin = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}
    number = _ROMAN.get(word) or latin.get(word.upper())
    if number is None and word.isascii() and word.isdigit() and int(word) > 0:
        number = int(word)
    if number is None:
        raise LedgerError(Words(f"“{text}”不是类别。", f"“{text}” is no class."), remedy=Words("请写Ⅲ、III 或 3。", "Write Ⅲ, III or 3."))
    return Decimal(number)
