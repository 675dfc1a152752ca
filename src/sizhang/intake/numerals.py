"""Read a numeral in Chinese, Arabic or mixed writing as an exact Decimal.

Understands 16.4亿, 1,100万, 二十万亿, 一万五千亿, 3万4000, 13万2 (132000), 两百, 半, 百分之六十 (60),
三分之二 (0.6667), 三成 (30), full-width digits.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sizhang.core.errors import InputError, Words

_NORMAL: Final = str.maketrans(
    "０１２３４５６７８９．〇两俩壹贰叁肆伍陆柒捌玖拾佰仟億萬％", "0123456789.零二二一二三四五六七八九十百千亿万%"
)
_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")}
_SCALES: Final = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_SEPARATORS: Final = re.compile(r"[\s,，]")
_ARABIC: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FOUR_PLACES: Final = Decimal("0.0001")


def parse_numeral(text: str) -> Decimal:
    """Give the exact value of a numeral with its multipliers applied.

    Percentages written 百分之… and 成 give the number of per cent; other fractions are rounded to 4 decimals.

    Raises:
        InputError: when the text is not one numeral.
    """
    plain = _SEPARATORS.sub("", text.translate(_NORMAL)).rstrip("%")
    value = _reading(plain)
    if value is None:
        raise InputError(
            Words(f"“{text}”不是一个数。", f"“{text}” is no numeral."),
            remedy=Words("请写成如 16.4亿、二十万、三分之二 的数。", "Write it like 1,600, “16.4亿”, “二十万” or “三分之二”."),
        )
    return value


def _reading(plain: str) -> Decimal | None:
    if plain in ("半", "一半"):
        return Decimal("0.5")
    if plain.endswith("成半"):
        tenths = _scaled(plain[:-2])
        return None if tenths is None else tenths * 10 + 5
    if plain.endswith("成"):
        tenths = _scaled(plain[:-1])
        return None if tenths is None else tenths * 10
    below, mark, above = plain.partition("分之")
    if not mark:
        return _scaled(plain)
    part, whole = _scaled(above), _scaled(below)
    if part is None or not whole:
        return None
    return part if below == "百" else (part / whole).quantize(_FOUR_PLACES, ROUND_HALF_UP)


def _scaled(plain: str) -> Decimal | None:
    """Split at the largest multiplier: what stands before is multiplied, what follows is added."""
    for mark, scale in _SCALES:
        head, found, tail = plain.rpartition(mark)
        if not found:
            continue
        # 十 and 万 may stand alone for one of themselves; 二十万亿 has its own multiplier in the head.
        front = Decimal(1) if not head else _scaled(head)
        if front is None:
            return None
        if not tail:
            return front * scale
        if len(tail) == 1 and tail not in "零0" and scale > 10:
            rest = _leaf(tail)
            return None if rest is None else front * scale + rest * scale / 10
        rest = _scaled(tail)
        return None if rest is None else front * scale + rest
    return _leaf(plain)


def _leaf(plain: str) -> Decimal | None:
    if _ARABIC.fullmatch(plain):
        return Decimal(plain)
    whole, point, places = plain.partition("点")
    if not whole or (point and not places) or any(char not in _DIGITS for char in whole + places):
        return None
    digits = "".join(str(_DIGITS[char]) for char in whole)
    return Decimal(digits + ("." + "".join(str(_DIGITS[char]) for char in places) if point else ""))
