"""Bodies 单位 form a tree, and each may stand for a place by its GB/T 2260 code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from sizhang.core.errors import LedgerError, Words

_PROVINCE_CODES: Final = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"
_PROVINCES: Final = frozenset(_PROVINCE_CODES.split())
_CODE: Final = re.compile(r"[0-9]{6}(?:[0-9]{3}(?:[0-9]{3})?)?")


def check_place(code: str) -> None:
    """Refuse what has not the form of a place's code.

    Source: GB/T 2260-2007, clause 4: two digits each for province, prefecture and county. Three more for a town (GB/T 10114) and three for
    a village (statistical code) are taken too. Whether the place exists is not looked up: the list changes every year.

    Raises:
        LedgerError: the form is wrong, or a level is left out.
    """
    remedy = Words(
        "请写 GB/T 2260 的 6 位代码，如 140100；乡镇写 9 位，村写 12 位。",
        "Give six digits by GB/T 2260, such as 140100, or nine or twelve for a town or village.",
    )
    if not _CODE.fullmatch(code):
        raise LedgerError(Words(f"“{code}”不是行政区划代码。", f"“{code}” is no place's code."), remedy=remedy)
    if code[:2] not in _PROVINCES:
        raise LedgerError(
            Words(f"没有代码为 {code[:2]} 的省（{code}）。", f"No province has the code {code[:2]} (in {code})."), remedy=remedy
        )
    levels = [code[2:4], code[4:6], *(code[i : i + 3] for i in range(6, len(code), 3))]
    filled = [int(level) > 0 for level in levels]
    if sorted(filled, reverse=True) != filled:
        raise LedgerError(
            Words(f"代码 {code} 有下级、缺上级。", f"The code {code} names a lower place but leaves out the one above it."), remedy=remedy
        )


def place_above(code: str) -> str | None:
    """The code of the place that holds this one; None above a province."""
    for start, end in ((9, 12), (6, 9)):
        if len(code) >= end:
            return code[:start]
    if code[4:6] != "00":
        return code[:4] + "00"
    return code[:2] + "0000" if code[2:4] != "00" else None


def ancestors(body: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """The body itself, then each one above it.

    Args:
        parents: the body above each body; None at the top.
    """
    seen: set[str] = set()
    above: str | None = body
    while above is not None:
        assert above not in seen, f"the bodies above {body} form a ring"
        seen.add(above)
        yield above
        above = parents.get(above)


def belongs_to(body: str, above: str, parents: Mapping[str, str | None]) -> bool:
    """Whether `body` is `above` or stands somewhere below it."""
    return above in ancestors(body, parents)
