"""Periods as people write them: 2026-09下旬, 2026年三季度, 上半年, 9月下旬, 年底.

What is one period gives one; what is none, such as a half year, gives the periods that tile it: two quarters. A bare end (年底, 9月底) is
the last day, since that is when the thing is due.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from sizhang.core.errors import LedgerError, Words
from sizhang.core.period import Level, Period, parse_period, period_of

_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_YEAR: Final = r"(?P<year>[0-9〇零一二三四五六七八九]{4}|今|本|明|去)年?[-/. ]?"
_WITH_YEAR: Final = re.compile(_YEAR + r"(?P<rest>.*)")
_QUARTER: Final = re.compile(r"(?:第?([1-4一二三四])季度?|[Qq]([1-4])季?度?)(末|底)?")
_QUARTERS: Final = re.compile(r"前([1-3一二两三])(?:个)?季度?")
_MONTH: Final = re.compile(r"(0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])(?:月份?-?|-?(?=[上中下X])|$)(.*)")
_IN_MONTH: Final = re.compile(r"([上中下])旬|X([123])|(初)|([末底])|(?:(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?)")
_HALVES: Final = {"上半年": (1, 2), "下半年": (3, 4), "H1": (1, 2), "H2": (3, 4), "全年": (1, 4)}
_HERE: Final = {"旬": Level.XUN, "月": Level.MONTH, "季": Level.QUARTER, "季度": Level.QUARTER, "年": Level.YEAR, "日": Level.DAY}
REMEDY: Final = Words(
    "请写成 2026年9月下旬、2026年三季度、上半年、9月底，或 2026-09-X3。",
    "Write it as “2026年9月下旬”, “2026年三季度”, “上半年”, “9月底”, or a key such as 2026-09-X3.",
)


def parse_period_words(text: str, today: date) -> tuple[Period, ...]:
    """The periods that a phrase means, in order, without a gap.

    Args:
        today: the day from which 今年, 本月, 上旬 and a missing year are meant.

    Raises:
        LedgerError: the words name no period, or a day that does not exist.
    """
    words = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    try:
        return (parse_period(words.upper()),)
    except LedgerError:
        pass
    found = _relative(words, today) or _dated(words, today)
    if found is None:
        raise LedgerError(Words(f"看不出“{text}”是哪一期。", f"“{text}” names no period."), remedy=REMEDY)
    return found


def _relative(words: str, today: date) -> tuple[Period, ...] | None:
    """本旬, 上月, 下季度, 今天."""
    if words in ("今天", "今日", "昨天", "明天"):
        return (period_of(today + timedelta(days={"昨天": -1, "明天": 1}.get(words, 0)), Level.DAY),)
    found = re.fullmatch(r"(本|这个?|当|上个?|下个?)(旬|月|季度?|年|日)(末|底)?", words)
    if found is None or words in ("上旬", "下旬"):
        return None
    here = period_of(today, _HERE[found[2]])
    if found[1].startswith("上"):
        here = period_of(here.start - timedelta(days=1), here.level)
    elif found[1].startswith("下"):
        here = period_of(here.end + timedelta(days=1), here.level)
    return (_last_day(here),) if found[3] else (here,)


def _dated(words: str, today: date) -> tuple[Period, ...] | None:
    """A year or none, and what stands behind it."""
    year, rest = today.year, words
    found = _WITH_YEAR.fullmatch(words)
    if found and (not words.isdigit() or len(words) == 4):
        shift = {"今": 0, "本": 0, "明": 1, "去": -1}
        year = today.year + shift[found["year"]] if found["year"] in shift else int(found["year"].translate(_DIGITS))
        rest = found["rest"].strip("-/.")
    elif words.isdigit() and len(words) == 8:
        year, rest = int(words[:4]), f"{int(words[4:6])}月{int(words[6:])}日"
    whole = parse_period(f"{year:04d}")
    if rest in ("", "内", "年内", "全年", "年度"):
        return (whole,) if found or rest else None
    if rest in ("底", "末", "年底", "年末", "年终"):
        return (_last_day(whole),)
    if rest in _HALVES:
        first, last = _HALVES[rest]
        return whole.parts(Level.QUARTER)[first - 1 : last]
    return _quarter(rest, whole) or _in_month(rest, whole, today)


def _quarter(rest: str, year: Period) -> tuple[Period, ...] | None:
    quarters = year.parts(Level.QUARTER)
    if many := _QUARTERS.fullmatch(rest):
        return quarters[: _small(many[1])]
    if rest in ("首季", "末季"):
        return (quarters[0 if rest == "首季" else 3],)
    if one := _QUARTER.fullmatch(rest):
        quarter = quarters[_small(one[1] or one[2]) - 1]
        return (_last_day(quarter),) if one[3] else (quarter,)
    return None


def _in_month(rest: str, year: Period, today: date) -> tuple[Period, ...] | None:
    """A month, or 旬 or day of one; without a month, of today's."""
    if re.fullmatch(r"[上中下]旬|月[初末底]", rest):
        rest = f"{today.month}月{rest.removeprefix('月')}"
    found = _MONTH.fullmatch(re.sub(r"(\d)[-/.](?=\d)", r"\1月", rest))
    if found is None:
        return None
    month = year.parts(Level.MONTH)[_small(found[1]) - 1]
    if not found[2]:
        return (month,)
    part = _IN_MONTH.fullmatch(found[2])
    if part is None:
        return None
    if part[4]:
        return (_last_day(month),)
    if part[5]:
        day = _small(part[5])
        if not 1 <= day <= month.days:
            raise LedgerError(
                Words(f"{month.key} 没有 {day} 日。", f"{month.key} has no day {day}."),
                remedy=Words(f"这个月是 1 日至 {month.days} 日。", f"It has the days 1 to {month.days}."),
            )
        return (period_of(month.start.replace(day=day), Level.DAY),)
    place = "上中下".index(part[1]) if part[1] else int(part[2]) - 1 if part[2] else 0
    return (month.parts(Level.XUN)[place],)


def _small(text: str) -> int:
    """1 to 31, in digits or characters."""
    if text.isdigit():
        return int(text)
    tens, mark, ones = text.replace("两", "二").partition("十")
    digit = {character: place for place, character in enumerate("一二三四五六七八九", start=1)}
    if not mark:
        return digit[tens]
    return digit.get(tens, 1) * 10 + digit.get(ones, 0)


def _last_day(period: Period) -> Period:
    return period_of(period.end, Level.DAY)
