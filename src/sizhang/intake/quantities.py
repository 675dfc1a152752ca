"""Quantities of a line in whichever of the two languages it is written."""

from __future__ import annotations

import re
from typing import Final

from sizhang.core.promise import NumberFound
from sizhang.intake.quantities_en import find_quantities_en
from sizhang.intake.quantities_zh import find_quantities_zh

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


def find_quantities(line: str) -> list[NumberFound]:
    """Find the quantities of one line, Chinese where it has a Chinese character, else English; in order, none overlapping."""
    return find_quantities_zh(line) if _HAN.search(line) else find_quantities_en(line)
