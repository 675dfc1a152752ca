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

_UNITS: Final = [
    "个百分点",
    "百分点",
    "百分比",
    "%",
    "％",
    "‰",
    "平方公里",
    "平方千米",
    "平方米",
    "立方米",
    "公里",
    "千米",
    "厘米",
    "毫米",
    "米",
    "公顷",
    "万亩",
    "亩",
    "吨标准煤",
    "吨标煤",
    "吨",
    "千克",
    "公斤",
    "克",
    "斤",
    "千瓦时",
    "千瓦",
    "兆瓦",
    "度",
    "微克",
    "毫克",
    "标准箱",
    "标箱",
    "美元",
    "欧元",
    "日元",
    "港元",
    "元",
    "人次",
    "人口",
    "人",
    "名",
    "位",
    "户次",
    "户",
    "家",
    "套",
    "间",
    "个",
    "件",
    "项",
    "条",
    "座",
    "处",
    "所",
    "部",
    "台",
    "辆",
    "艘",
    "架",
    "列",
    "支",
    "批次",
    "场",
    "次",
    "张",
    "名",
    "岁",
    "天",
    "倍",
    "对",
    "幅",
    "种",
    "类",
    "组",
    "届次",
    "片",
    "口",
    "眼",
    "株",
    "棵",
    "头",
    "只",
    "羽",
    "册",
    "本",
    "份",
    "篇",
    "门",
    "床",
    "款",
    "宗",
    "起",
    "例",
    "例次",
    "点位",
    "小时",
    "分钟",
    "公升",
    "升",
    "吉瓦",
    "兆",
    "比特",
    "字节",
    "多个",
    "笔",
    "盏",
    "孔",
    "块",
    "根",
    "道",
    "把",
    "颗",
    "枚",
    "粒",
    "杯",
    "瓶",
    "盒",
    "箱",
    "袋",
    "包",
    "班",
    "标方",
    "方",
    "村",
    "县",
    "市",
    "镇",
    "乡",
    "省",
    "学位",
    "床位",
    "车次",
    "班次",
    "航次",
    "航班",
    "航线",
    "TEU",
    "MW",
    "GW",
    "kW",
    "大卡",
    "大",
]
_TIME: Final = r"年|月|日|号|时(?!代)|世纪|周(?!岁|边)|季度|点钟|分钟|小时|届|秒|级|后|五"
_ALL: Final = "|".join(re.escape(unit) for unit in sorted(set(_UNITS), key=len, reverse=True))
_ZH_UNITS: Final = "|".join(
    re.escape(unit)
    for unit in sorted(
        set(_UNITS)
        - {
            "点位",
            "大",
            "项",
            "省",
            "市",
            "县",
            "镇",
            "乡",
            "村",
            "方",
            "度",
            "位",
            "道",
            "把",
            "头",
            "口",
            "块",
            "本",
            "起",
            "点",
            "班",
            "片",
            "门",
        },
        key=len,
        reverse=True,
    )
)
_ARABIC: Final = r"[0-9０-９]+(?:[,，][0-9０-９]{3}(?![0-9０-９]))*(?:[.．]\s?[0-9０-９]+)?"
_MIXED: Final = rf"{_ARABIC}(?:\s*[十百千万亿](?!分之|瓦|克|米|伏)[万亿]*(?:[0-9]{{1,4}}(?![0-9.％%])[万亿]?)?)*"
_DIGIT: Final = "一二三四五六七八九两"
_HAN: Final = rf"(?:[{_DIGIT}十][零〇{_DIGIT}十百千万亿]*(?:点[零〇{_DIGIT}]+[万亿]*)?|(?<=[近上超过])[百千]?(?:万亿|亿|万))"
_DASH: Final = r"\s*(?:—+|－|-|–|~|～|至|到)\s*"
_AFTER: Final = r"\s*(?:以上|以内|之内|以下|左右|上下|之多)"
_UNIT: Final = rf"(?:{_ALL})(?:[（(][间户人处个][)）])?(?:[/／](?:{_ALL}|小时|天|年|日))?"
_CANDIDATE: Final = re.compile(
    rf"(?P<special>翻(?P<fold>[一两二三])番|翻番|(?:动态)?清零|减半|全\s*焚\s*烧|零\s*填\s*埋|零增长|[ⅠⅡⅢⅣⅤ]类(?:\s*以上)?)"
    rf"|(?P<part>(?:百分之|[{_DIGIT}十]分之){_HAN}|百分之{_ARABIC}|一半|[{_DIGIT}]成半?(?=以上|左右|以下|[，。、；的多])|[0-9]/[1-9](?![0-9/]))(?P<part_after>{_AFTER})?"
    rf"|(?P<low>{_ARABIC}(?:\s*[万亿]+)?)(?P<low_unit>{_UNIT})?{_DASH}(?P<high>{_MIXED})(?P<range_more>[多余])?\s*(?P<range_unit>{_UNIT})?(?P<range_after>{_AFTER})?"
    rf"|(?P<number>{_MIXED})(?P<more>[多余几])?(?P<scale>[万亿]+)?(?P<late>[多余])?\s*(?P<unit>{_UNIT})?(?P<after>{_AFTER})?"
    rf"|(?P<han_low>[{_DIGIT}十]+)(?:至|到|—)(?P<han_high>[{_DIGIT}十]+[百千万亿]*)(?P<han_range_unit>{_ZH_UNITS})"
    rf"|(?P<pair>两三|三四|三五|四五|五六|六七|七八|八九)(?P<pair_scale>[十百千万亿]*)(?P<pair_unit>{_ZH_UNITS})"
    rf"|(?P<han>{_HAN})(?P<han_more>[多余])?(?P<han_scale>[万亿]+)?(?P<han_unit>{_ZH_UNITS})(?P<han_after>{_AFTER})?"
)
_BEFORE: Final = re.compile(
    r"(?:(?P<ge>不\s*低\s*于|不\s*少\s*于|不\s*小\s*于|至\s*少|达\s*到|迈\s*上|达)|(?P<le>不\s*超\s*过|不\s*高\s*于|不\s*大\s*于|不\s*多\s*于|控\s*制\s*在|最多)"
    r"|(?P<gt>超\s*过|突\s*破|高\s*于|多\s*于|大\s*于|超)|(?P<lt>低\s*于|少\s*于|小\s*于|不到|不足)|(?P<near>大约|约|接\s*近|将近|近))\s*$"
)
_LISTED: Final = re.compile(rf"(?:\s*[、和及]\s*{_ARABIC})+\s*(?P<unit>个百分点|百分点|[%％]|公里|元|个)")
_IDIOM: Final = frozenset("个次类种对组条名人位件")
# 两个方面, 三个问题 are turns of speech; a small Chinese count is one only before a concrete noun.
_CONCRETE: Final = re.compile(
    r"[^，。；、\n]{0,8}?(?:项目|园区|基地|中心|示范|工程|省|市(?!场)|县|法律|法规|草案|条例|文件|规划|社会组织|学校|医院|站|厂|村)"
)
_NAMES: Final = frozenset(b for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+＋_第")
_TIME_AFTER: Final = re.compile(rf"\s*(?:{_TIME})")
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
    return None if high <= low else _found(text, match.span(), (low, high), unit, None)


def _single(text: str, match: re.Match[str]) -> NumberFound | None:
    han = match["han"] is not None
    written = match["han"] if han else match["number"]
    unit = (match["han_unit"] if han else match["unit"]) or ""
    more = match["han_more"] if han else match["more"] or match["late"]
    scale = match["han_scale"] if han else match["scale"]
    if _TIME_AFTER.match(text, match.end()) and unit not in ("%", "％"):
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
    return found if unit or large or more or (found.op in (">=", "<=", "~", ">") and match["after"]) else None


def _counts(text: str, found: NumberFound, written: str) -> bool:
    """Tell whether a Chinese numeral counts something: 一个 and 一次 do not, 至少一人 does."""
    if text[found.end : found.end + 1] in ("月", "级") or text.startswith("会议", found.end):
        return False
    if found.unit in _IDIOM and found.op == "=" and found.value <= 10:
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
