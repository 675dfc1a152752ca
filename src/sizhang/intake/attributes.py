"""Kind, strength, deadline and verifiability of a commitment, from its own words."""

from __future__ import annotations

import re
from typing import Final

from sizhang.core.promise import Kind, Strength, Target
from sizhang.intake.clauses import VERBS_AFTER_COMMA

_MILESTONE: Final = re.compile(
    r"(?:开工|建成|投产|投运|投用|完工|竣工|通车|获批|收官|复流|封顶|并网|启用|开通|挂牌|落成|达产|贯通)(?:建设|投产|投用|运营|运行|使用|达效|一批|战|发电|$)|"
    r"^(?:确保|推动|力争|争取|全面|如期|按期|基本|初步|抓紧|加快)*(?:建成|完成|启动|开工|收官)|(?:建成|开工|竣工|投运|投产|通车|完工|收官|公示|开园|首飞|换届)$"
)
_NO_MILESTONE: Final = re.compile(r"改造升级$|加快.*项目建设$|启动.{0,4}机制")
_COVERAGE: Final = re.compile(
    r"全覆盖|应[^，。]{1,2}尽[^，。]{1,2}|县县|村村|户户|人人|校校|乡乡|镇镇|所有(?!制)|全部|一律|对一切|动态清零|覆盖(?:全[省市县区]|所有|常住人口)|基本取消|全域推开|在全[国省市](?:推开|实行)"
)
_ENSURE: Final = re.compile(
    r"^(?:但|又|我们)?(?:要)?(?:确保|坚决|必须|务必|决不|绝不)|(?:确保|必须|务必使|要坚决|政府要坚决|要坚决兜牢|决不能|坚定不移$|决不允许)"
)
_STRIVE: Final = re.compile(r"力争|争取|努力(?!让)")

_QUOTED: Final = re.compile(r"“[^”]*”")
_FIGURE: Final = re.compile(r"[0-9]")

_MONTH_END: Final = {"一": "03", "二": "06", "三": "09", "四": "12", "1": "03", "2": "06", "3": "09", "4": "12"}
_PERIOD_WORD: Final = re.compile(r"[月季年]|五”")
_DEADLINE: Final = re.compile(
    r"(?P<day>(?P<dm>\d{1,2})月(?P<dd>\d{1,2})日前)|(?P<xun>(?P<xm>\d{1,2})月(?P<part>[上中下])旬)|(?P<month>(?P<mm>\d{1,2})月(?:底|末|份)?(?:前|之前|建成|完成|投))|"
    r"(?P<half>上半年)|(?P<quarter>(?:第)?(?P<q>[一二三四1-4])季度)|(?P<yearend>(?:今年)?(?:年底|年末|年内|下半年)(?:前|之前)?)|"
    r"(?P<two>今明两年|两年内)|(?P<three>三年内)|(?P<next>明年)|(?P<five>“十(?P<fp>[四五六])五”(?:末|时期末|期间|收官))|"
    r"到?(?P<year>20\d\d)年(?:(?P<ym>\d{1,2})月)?(?P<tail>底|末)?(?:前|，|达到|实现|建成|力争|基本)"
)
_FIVE_END: Final = {"四": "2025", "五": "2030", "六": "2035"}


def get_kind(text: str, targets: tuple[Target, ...]) -> Kind:
    """The kind by the guide's table; a target decides before a stage, a stage before a set."""
    if targets:
        return "quantity"
    if _COVERAGE.search(text):
        return "coverage"
    if _MILESTONE.search(text) and not _NO_MILESTONE.search(text):
        return "milestone"
    return "action"


def get_strength(text: str) -> Strength:
    """`ensure` before `strive` before `plan`."""
    own = _QUOTED.sub("", text) if "“" in text else text
    if _ENSURE.search(own):
        return "ensure"
    return "strive" if _STRIVE.search(own) else "plan"


def is_covered_by(text: str, before: Strength, between: str) -> bool:
    """Whether 力争 or 确保 of the commitment before covers this one too: an item of the same list that has no verb of its own."""
    return before != "plan" and between in "，、；," and text[:2] not in VERBS_AFTER_COMMA | {"保持"} and bool(_FIGURE.search(text))


def find_deadline(text: str, year: int | None) -> str | None:
    """The date or period that the words themselves give, resolved against the report's year; None where they give none.

    Returns:
        `2026`, `2026-06` (by the end of June) or `2026-09-30` (a day); a period is named by its last day's month, a 旬 by its last day.
    """
    # Every deadline names a month, a quarter or a year: most commitments name none, and looking for that is cheap.
    found = _DEADLINE.search(text) if _PERIOD_WORD.search(text) else None
    if found is None or (year is None and not found["year"] and not found["five"]):
        return None
    year = year or 0
    if found["year"]:
        return f"{found['year']}-{int(found['ym']):02d}" if found["ym"] else (f"{found['year']}-12" if found["tail"] else found["year"])
    if found["five"]:
        return _FIVE_END[found["fp"]]
    if found["two"] or found["next"]:
        return str(year + 1)
    if found["three"]:
        return str(year + 2)
    return _within_year(found, year)


def _within_year(found: re.Match[str], year: int) -> str:
    if found["day"]:
        return f"{year}-{int(found['dm']):02d}-{int(found['dd']):02d}"
    if found["xun"]:
        return f"{year}-{int(found['xm']):02d}-{_last_day_of_xun(year, int(found['xm']), found['part']):02d}"
    if found["month"]:
        return f"{year}-{int(found['mm']):02d}"
    if found["half"]:
        return f"{year}-06"
    if found["quarter"]:
        return f"{year}-{_MONTH_END[found['q']]}"
    return f"{year}-12"


def _last_day_of_xun(year: int, month: int, part: str) -> int:
    """The last day of a 旬: 10, 20, or the month's own last day."""
    from calendar import monthrange

    return {"上": 10, "中": 20}.get(part) or monthrange(year, min(max(month, 1), 12))[1]


def find_missing(kind: Kind, targets: tuple[Target, ...], deadline: str | None, year: int | None) -> tuple[str, ...]:
    """What a promise lacks to be verifiable as it stands, of `number`, `unit`, `date`, `object`; empty when nothing."""
    missing = []
    if kind == "action":
        missing.append("number")
    if any(not target.unit for target in targets):
        missing.append("unit")
    if deadline is None and year is None:
        missing.append("date")
    if any(not target.object for target in targets):
        missing.append("object")
    return tuple(missing)
