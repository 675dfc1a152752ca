"""Find every quantity in a Chinese text: number, unit and comparator together.

Years, dates, durations in years, ordinals and numbers inside names or quoted slogans are left out. One compiled pattern finds the
candidates; the few characters around each decide its comparator. A Chinese numeral counts only before a known unit, since
一, 两 and 三 stand in countless words.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from sizhang.core.errors import InputError
from sizhang.core.promise import Comparator, NumberFound
from sizhang.intake.numerals import parse_numeral
from sizhang.intake.quantity_words import CONCRETE, HAN_UNITS, IDIOM_UNITS, NOT_TENTHS, TIME, UNIT

_ARABIC: Final = r"[0-9０-９]+(?:[,，][0-9０-９]{3}(?![0-9０-９]))*(?:[.．]\s?[0-9０-９]+)?"
_MIXED: Final = rf"{_ARABIC}(?:\s*[十百千万亿](?!分之|瓦|克|米|伏)[万亿]*(?:[0-9]{{1,4}}(?![0-9.％%])[万亿]?)?)*"
_DIGIT: Final = "一二三四五六七八九两"
# A bare multiplier is a number after 近, 上, 超 (上千万, 近亿), in 千家企业, and before a measure in 新增千亿斤 and 稳定在万亿斤;
# in 千家万户 and 成千上万 it is a figure of speech.
_BARE: Final = (
    r"(?<=[近上超过])(?:[百千]?(?:万亿|亿|万)|[百千](?=[多余]?[家户名]))|(?<![数成几])[百千](?=家[^，。；、万]{0,6}企业)"
    r"|(?<=[增在])[百千]?(?:万亿|亿)(?=斤|元(?!级)|吨(?!级)|亩)"
)
_HAN: Final = rf"(?:(?<![几数])[{_DIGIT}十][零〇{_DIGIT}十百千万亿]*(?:点[零〇{_DIGIT}]+[万亿]*)?|{_BARE})"
# 上亿群众, 上千万住房困难群众: people counted without a measure word.
_PEOPLE: Final = r"(?<=[万亿])(?=[^，。；、\n]{0,4}(?:群众|农民|居民|职工))"
_DASH: Final = r"\s*(?:—+|－|-|–|~|～|至|到)\s*"
_AFTER: Final = r"\s*(?:以上|以内|之内|以下|左右|上下|之多)"
# Every candidate begins with one of these; asking first spares the alternatives at all other places.
_FIRST: Final = f"0-9０-９{_DIGIT}十百千万亿翻动清减全零半ⅠⅡⅢⅣⅤ"
_CANDIDATE: Final = re.compile(
    rf"(?=[{_FIRST}])(?:(?P<special>翻(?P<fold>[一两二三])番|翻番|(?:动态)?清零|减半|全\s*焚\s*烧|零\s*填\s*埋|零增长|半壁江山|[ⅠⅡⅢⅣⅤ]类(?:\s*以上)?)"
    rf"|(?P<part>(?:百分之|[{_DIGIT}十]分之){_HAN}|百分之{_ARABIC}|一半|[二两三四五六七八九]成半?(?![{NOT_TENTHS}])|一成半?(?=以上|左右|以下|以内|[，。、；的多])|[0-9]/[1-9](?![0-9/]))(?P<part_after>{_AFTER})?"
    rf"|(?P<low>{_ARABIC}(?:\s*[万亿]+)?)(?P<low_unit>{UNIT})?{_DASH}(?P<high>{_MIXED})(?P<range_more>[多余])?\s*(?P<range_unit>{UNIT})?(?P<range_after>{_AFTER})?"
    rf"|(?P<number>{_MIXED})(?P<more>[多余几])?(?P<scale>[万亿]+)?(?P<late>[多余])?\s*(?P<unit>{UNIT})?(?P<after>{_AFTER})?"
    rf"|(?P<han_low>[{_DIGIT}十][{_DIGIT}十百千万亿]*)(?:至|到|—+)(?P<han_high>[{_DIGIT}十][{_DIGIT}十百千万亿]*)(?P<han_range_unit>{HAN_UNITS})(?P<han_range_after>{_AFTER})?"
    rf"|(?P<pair>两三|三四|三五|四五|五六|六七|七八|八九)(?P<pair_scale>[十百千万亿]*)(?P<pair_unit>{HAN_UNITS})"
    rf"|(?P<han>{_HAN})(?P<han_more>[多余几])?(?P<han_scale>[万亿]+)?(?P<han_unit>{HAN_UNITS}|{_PEOPLE})(?P<han_after>{_AFTER})?)"
)
_BEFORE: Final = re.compile(
    r"(?:(?P<ge>不\s*低\s*于|不\s*少\s*于|不\s*小\s*于|至\s*少|达\s*到|迈\s*上|达)|(?P<le>不\s*超\s*过|不\s*高\s*于|不\s*大\s*于|不\s*多\s*于|控\s*制\s*在|最多)"
    r"|(?P<gt>超\s*过|突\s*破|高\s*于|多\s*于|大\s*于|超)|(?P<lt>低\s*于|少\s*于|小\s*于|不到|不足)|(?P<near>大约|约|接\s*近|将近|近))\s*$"
)
_LISTED: Final = re.compile(rf"(?:\s*[、和及]\s*{_ARABIC})+\s*(?P<unit>个百分点|百分点|[%％]|公里|元|个)")
_CONCRETE: Final = re.compile(rf"[^，。；、\n]{{0,8}}?(?:{CONCRETE})")
_NAMES: Final = frozenset(b for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+＋_第")
_TIME_AFTER: Final = re.compile(rf"\s*(?:{TIME})")
# 42个年内投产: behind a unit, 年内 begins the time of what follows.
_YEAR_BEHIND_UNIT: Final = re.compile(r"年[内底末]")
# 收入比缩小到2.12: a ratio has no unit; it is a number where it is what something changes to, and ends the clause.
_CHANGES_TO: Final = re.compile(r"(?:缩\s*小|下\s*降|降\s*低|降|提\s*高|提\s*升|增\s*加|扩\s*大)[到至为]\s*$")
_CLAUSE_END: Final = re.compile(r"\s*(?:[，。；、]|以[内下上]|$)")
_OPS: Final[dict[str, Comparator]] = {"ge": ">=", "le": "<=", "gt": ">", "lt": "<", "near": "~"}
_AFTER_OPS: Final[dict[str, Comparator]] = {
    "以上": ">=", "以内": "<=", "之内": "<=", "以下": "<=", "左右": "~", "上下": "~", "之多": ">=", "": "=",
}  # fmt: skip
_BLANK: Final = re.compile(r"\s+")
_WINDOW: Final = 8
_QUOTE: Final = 12


def find_quantities_zh(text: str) -> list[NumberFound]:
    """Find the quantities of a Chinese text, in order and without overlap.

    Offsets count code points of `text`. Line breaks may stand inside a quantity; digits may be full-width.
    """
    found: list[NumberFound] = []
    for match in _CANDIDATE.finditer(text):
        one = _read(text, match)
        if one is not None:
            found.append(one)
    return _share_comparator(text, found)


def _read(text: str, match: re.Match[str]) -> NumberFound | None:
    kind = match.lastgroup
    if match["special"]:
        return _special(text, match)
    if _in_name(text, match):
        return None
    try:
        if match["part"]:
            return _part(text, match)
        if match["low"]:
            return _range(text, match)
        if match["han_low"] or match["pair"]:
            return _han_range(text, match)
        return _single(text, match) if kind else None
    except InputError:
        return None


def _special(text: str, match: re.Match[str]) -> NumberFound | None:
    start, end = match.span()
    word = _BLANK.sub("", match["special"])
    if word.startswith("翻"):
        return NumberFound(start, end, text[start:end], Decimal(2) ** int(parse_numeral(match["fold"] or "一")), "倍", "=")
    if word[0] in "ⅠⅡⅢⅣⅤ":
        if text[start - 1 : start] == "劣":
            return None
        return NumberFound(start, end, text[start:end], Decimal("ⅠⅡⅢⅣⅤ".index(word[0]) + 1), "类", "<=" if "以上" in word else "=")
    if word == "半壁江山":
        return NumberFound(start, end, text[start:end], Decimal("0.5"), "", "~")
    value = {"减半": Decimal("0.5"), "全焚烧": Decimal(100)}.get(word, Decimal(0))
    return NumberFound(start, end, text[start:end], value, "%" if word in ("全焚烧", "零填埋", "零增长") else "", "=")


def _in_name(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    if (
        before == "每"
        or text[max(start - 3, 0) : start] in ("每增长", "每提高", "每增加")
        or before in _NAMES
        or (after and after in _NAMES and after.isascii())
        or after in ("+", "＋")
    ):
        return True
    if before and before in "“‘《" and not text[start].isascii():
        return True
    opened = text.rfind("“", max(start - _QUOTE, 0), start)
    return opened >= 0 and text.find("”", opened, start) < 0 and text.find("”", end, end + _QUOTE) >= 0


def _found(
    text: str, span: tuple[int, int], bounds: tuple[Decimal, Decimal | None], unit: str, after: str | None, more: bool = False
) -> NumberFound:
    """Join the comparator that stands around a number to it; what stands after wins over what stands before."""
    start, end = span
    value, high = bounds
    word = _BLANK.sub("", after or "")
    op: Comparator = _AFTER_OPS[word]
    before = _BEFORE.search(text, max(start - _WINDOW, 0), start)
    if before is not None and (high is None or not before["near"]):
        group = before.lastgroup or "ge"
        if op == "=":
            op, start = _OPS[group], before.start()
        elif group in ("gt", "le") or before.group().startswith(("不", "至")):
            start = before.start()
    if more:
        op = ">"
    unit = _BLANK.sub("", unit).replace("％", "%")
    return NumberFound(start, end, text[start:end], value, unit, "range" if high is not None else op, high)


def _part(text: str, match: re.Match[str]) -> NumberFound:
    part = match["part"]
    if "/" in part:
        over, under = part.split("/")
        part = f"{under}分之{over}"
    unit = "%" if part.startswith("百分之") or "成" in part else ""
    return _found(text, match.span(), (parse_numeral(part), None), unit, match["part_after"])


def _range(text: str, match: re.Match[str]) -> NumberFound | None:
    unit = match["range_unit"] or match["low_unit"]
    if unit is None or _TIME_AFTER.match(text, match.end()):
        return None
    low, high = parse_numeral(match["low"]), parse_numeral(match["high"])
    scale = re.search(r"[万亿]+$", match["high"])
    # 2—4万人: the multiplier of the high end is that of the low end too.
    if scale and not re.search(r"[万亿]", match["low"]) and not match["low_unit"]:
        low *= parse_numeral("一" + scale.group())
    if high <= low:
        return None
    return _found(text, match.span(), (low, high), unit, match["range_after"])


def _han_range(text: str, match: re.Match[str]) -> NumberFound | None:
    if match["pair"]:
        scale = parse_numeral(match["pair_scale"]) if match["pair_scale"] else Decimal(1)
        low, high = (parse_numeral(char) * scale for char in match["pair"])
        unit = match["pair_unit"]
    else:
        low, high, unit = parse_numeral(match["han_low"]), parse_numeral(match["han_high"]), match["han_range_unit"]
        scale_of_both = re.search(r"[百千万亿]+$", match["han_high"])
        # 二至三万人: as in 2—4万人, the multiplier of the high end is that of the low end too.
        if scale_of_both and low < 10:
            low *= parse_numeral("一" + scale_of_both.group())
    return None if high <= low else _found(text, match.span(), (low, high), unit, None)


def _single(text: str, match: re.Match[str]) -> NumberFound | None:
    han = match["han"] is not None
    written = match["han"] if han else match["number"]
    unit = (match["han_unit"] if han else match["unit"]) or ""
    more = (match["han_more"] or _upwards(text, match)) if han else match["more"] or match["late"]
    scale = match["han_scale"] if han else match["scale"]
    if _TIME_AFTER.match(text, match.end()) and unit not in ("%", "％") and not (unit and _YEAR_BEHIND_UNIT.match(text, match.end())):
        return None
    value = parse_numeral(written) * (parse_numeral("一" + scale) if scale else 1)
    if not unit and not han:
        # 分别高4.2和0.7个百分点: the list's last unit is every item's.
        listed = _LISTED.match(text, match.end())
        if listed is not None:
            return _found(text, match.span(), (value, None), listed["unit"], match["after"], bool(more))
    found = _found(text, match.span(), (value, None), unit, match["han_after"] if han else match["after"], bool(more))
    if han:
        return found if _counts(text, found, written) else None
    large = bool(scale) or any(mark in written for mark in "万亿")
    return found if unit or large or more or (found.op in (">=", "<=", "~", ">") and match["after"]) or _is_ratio(text, match) else None


def _is_ratio(text: str, match: re.Match[str]) -> bool:
    """Whether a decimal without a unit is the new state of something: 2024 and 110 behind 到 may be a year or a telephone number."""
    return (
        ("." in match["number"] or "．" in match["number"])
        and _CLAUSE_END.match(text, match.end()) is not None
        and _CHANGES_TO.search(text, max(match.start() - _WINDOW, 0), match.start()) is not None
    )


def _upwards(text: str, match: re.Match[str]) -> bool:
    """上千万, 上亿: that many and more; 迈上万亿 reaches it."""
    before = text[max(match.start() - 2, 0) : match.start()]
    return match["han"][0] in "百千万亿" and before.endswith("上") and before != "迈上"


def _counts(text: str, found: NumberFound, written: str) -> bool:
    """Tell whether a Chinese numeral counts something: 一个 and 一次 do not, 至少一人 does."""
    if text[found.end : found.end + 1] in ("月", "级") or text.startswith("会议", found.end):
        return False
    if found.unit in IDIOM_UNITS and found.op == "=" and found.value <= 10:
        return _CONCRETE.match(text, found.end) is not None and found.value > 1
    if written in ("一", "二") and found.unit == "元":
        return False
    return found.op != "=" or found.value > 1 or found.unit == "倍"


def _share_comparator(text: str, found: list[NumberFound]) -> list[NumberFound]:
    """In 分别增长5%、8%以上 the last comparator covers the whole list."""
    for at in range(len(found) - 1, 0, -1):
        left, right = found[at - 1], found[at]
        between = text[left.end : right.start]
        if left.op == "=" and right.op in (">=", "~", "<=") and between.strip() in ("、", "和"):
            first = at - 1
            while first and text[found[first - 1].end : found[first].start].strip() == "、":
                first -= 1
            if "分别" in text[max(found[first].start - _WINDOW, 0) : found[first].start]:
                found[at - 1] = replace(left, op=right.op)
    return found
