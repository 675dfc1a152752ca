"""From classed sections to what is said of a river, a basin, a city.

Source: 环办〔2011〕22号 地表水环境质量评价办法(试行), sections on 断面, 河流流域 and 主要污染指标; its body was recalled, not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from sizhang.calculators.form.tables import TableRow

CLASS_NAMES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ")
GOOD_CLASS_MAX = 3
INFERIOR_CLASS = 6
MAIN_ITEMS_MAX = 3
SECTIONS_FOR_SHARES_MIN = 5
# Named before the others when they exceed, whatever their class.
NAMED_FIRST = frozenset({"cyanide", "Cu", "Zn", "As", "Hg", "Cd", "Cr6", "Pb"})


class Excess(NamedTuple):
    """An item worse than class Ⅲ.

    Attributes:
        item: English short name of the item.
        class_number: 4, 5 or 6 (worse than Ⅴ).
        multiple: (mean - limit of class Ⅲ) / limit of class Ⅲ, None for pH and dissolved oxygen.
    """

    item: str
    class_number: int
    multiple: Fraction | None


class Shares(NamedTuple):
    """Sections by class.

    Attributes:
        by_class: number of sections of each class, from Ⅰ to 劣Ⅴ.
    """

    by_class: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.by_class)

    @property
    def good(self) -> int:
        """Sections of class Ⅰ to Ⅲ."""
        return sum(self.by_class[:GOOD_CLASS_MAX])

    @property
    def inferior(self) -> int:
        """Sections worse than class Ⅴ."""
        return self.by_class[INFERIOR_CLASS - 1]


def count_shares(class_numbers: Iterable[int]) -> Shares:
    """Counts sections by class number, 1 (Ⅰ) to 6 (劣Ⅴ)."""
    counts = [0] * INFERIOR_CLASS
    for number in class_numbers:
        counts[number - 1] += 1
    return Shares(tuple(counts))


def choose_main_items(excesses: Iterable[Excess]) -> list[Excess]:
    """The items a section is polluted with: at most three, the worse class first, then the larger multiple."""
    return sorted(
        excesses, key=lambda excess: (excess.item not in NAMED_FIRST, -excess.class_number, -(excess.multiple or Fraction(0)), excess.item)
    )[:MAIN_ITEMS_MAX]


def find_basin_grade(shares: Shares, grades: Sequence[TableRow]) -> str | None:
    """Grade of a river or basin of five or more sections by the shares of its sections.

    Args:
        shares: its sections by class.
        grades: rows of the table `water_basin_grade`, best first.

    Returns:
        The grade's Chinese name; None for fewer than five sections or where no row of the table fits.

    Rounding: none, shares are compared as exact fractions.
    """
    if shares.total < SECTIONS_FOR_SHARES_MIN:
        return None
    good_pct, inferior_pct = Fraction(100 * shares.good, shares.total), Fraction(100 * shares.inferior, shares.total)
    for grade in grades:
        if _fits(good_pct, grade["good_I_III_pct_rule"]) and _fits(inferior_pct, grade["inferior_V_pct_rule"]):
            return grade["grade_zh"]
    return None


def _fits(share_pct: Fraction, rule: str) -> bool:
    """Whether a share keeps a rule such as `>=75 and <90`; an empty rule holds for every share."""
    return all((share_pct < int(bound)) == (sign == "<") for sign, bound in re.findall(r"(>=|<)\s*(\d+)", rule))
