"""Find every quantity in an English text: number, unit and comparator together.

Years, dates, durations in years, ordinals and numbers inside names are left out, as in the Chinese finder, so that the
numbers of aligned sentences are the same set in both languages.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sizhang.core.promise import Comparator, NumberFound

_ONES: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS: Final = {
    word: value * 10 for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_SMALL: Final = {**_ONES, **_TENS}
_SCALES: Final = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_PARTS: Final = {
    "half": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fourth": 4,
    "fourths": 4,
    "fifth": 5,
    "fifths": 5,
    "tenth": 10,
    "tenths": 10,
}
_FOLDS: Final = {
    "doubled": 2,
    "doubling": 2,
    "double": 2,
    "doubles": 2,
    "tripled": 3,
    "triple": 3,
    "quadrupled": 4,
    "quadruple": 4,
    "twofold": 2,
    "two-fold": 2,
    "threefold": 3,
    "twice": 2,
}
_ARABIC: Final = r"\d+(?:,\d{3})*(?:\.\d+)?"
_WORD: Final = "|".join(sorted(_SMALL, key=len, reverse=True))
_WORDS: Final = rf"(?:(?:{_WORD}|a(?= (?:hundred|thousand|million|billion|trillion)))(?:[ -](?:and )?(?:{_WORD}|hundred|thousand|million|billion|trillion)\b)*)"  # noqa: E501
_UNIT: Final = (
    r"percentage points?|per cent|percent|%|yuan|US dollars|dollars|mu\b|(?:square|cubic) (?:kilo)?met(?:er|re)s?|kilomet(?:er|re)s?|met(?:er|re)s?|hectares?|"  # noqa: E501
    r"(?:metric )?tons?|tonnes?|kilograms?|kilowatt-hours|kilowatts?|megawatts?|gigawatts?|people|persons?|households?|families|jobs|units?|projects?|"  # noqa: E501
    r"provinces|counties|cities|villages|towns|townships|schools|hospitals|students|workers|items?|times|days|microns|km|kg|kWh|kW|GW"
)
_TIMES: Final = r"[ -](?:(?:more |consecutive |successive |full |straight |plus )?(?:years?|months?|weeks?|decades?|century|centuries|hours?|minutes?|quarters?)\b)"  # noqa: E501
_MONTH: Final = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_COMPARE: Final = (
    r"(?P<ge>at least|no less than|not less than|no fewer than|no lower than|a minimum of)|(?P<le>no more than|not more than|not exceed(?:ing)?|within|at most|up to|no higher than)"  # noqa: E501
    r"|(?P<gt>more than|over|above|exceed(?:ed|ing|s)?|in excess of|upwards of|surpass(?:ed|ing|es)?)|(?P<lt>less than|fewer than|below|under)"  # noqa: E501
    r"|(?P<near>around|about|approximately|roughly|nearly|almost|some|close to)"
)
_CANDIDATE: Final = re.compile(
    rf"(?<![\w.+])(?=[0-9$¥€UuZzOoTtFfSsEeNnHhDdQqAa])(?<![A-Za-z]-)(?:(?P<fold>{'|'.join(_FOLDS)})\b"
    rf"|(?P<halved>halved|halving|halve)\b|(?P<ratio>\d/\d)(?![\w/])"
    rf"|(?:(?P<top>{_WORD}|an?)[ -])?(?P<part>half|thirds?|quarters?|fourths|fifths?|tenths?)\b(?!-| year|ly|,? fourth)"
    rf"|(?P<money>(?:US)?[$¥€])?(?P<low>(?!(?:19|20)\d\d\b(?!,)){_ARABIC}|(?:{_WORD})(?= to (?:{_WORD})\b))(?P<low_scale> (?:million|billion|trillion))?(?:-|–|—| to )(?P<low_money>(?:US)?[$¥€])?"  # noqa: E501
    rf"(?P<high>{_ARABIC}|{_WORD})(?![\w,]|\.\d)"
    rf"|(?P<cash>(?:US)?[$¥€])?(?P<number>{_ARABIC})(?!\w|[.,]\d|\+)"
    rf"|(?P<words>{_WORDS})\b(?![ -](?:thirds?|quarters?|fifths?|tenths?)\b))",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(
    rf"(?P<scale>(?:(?:\s+|-)(?:hundred|thousand|million|billion|trillion)\b)*)(?P<joined>-)?\s*(?P<unit>(?:{_UNIT})(?![\w-]))?(?P<after> or (?:more|above|over|less|so)\b| and above| plus\b)?",  # noqa: E501
    re.I,
)
_TIME_AFTER: Final = re.compile(rf"{_TIMES}|-year|(?:,? (?:{_MONTH})\b)| o'clock| a\.m\.| p\.m\.", re.I)
_BEFORE: Final = re.compile(rf"\b(?:{_COMPARE}) $", re.I)
_NAME_BEFORE: Final = re.compile(
    rf"(?:\b{_MONTH}|\b(?:Article|Chapter|Section|No\.|Number|Phase|Part|Nos\.|Group of|Shenzhou|Shenzhou-|Chang'e|Project|PM|G|[Pp]er|[Ee]very))[ -]?$"  # noqa: E501
)
_OPS: Final[dict[str, Comparator]] = {"ge": ">=", "le": "<=", "gt": ">", "lt": "<", "near": "~"}
_RATE_BEFORE: Final = re.compile(r"\b(?:[Pp]er|[Ee]very|[Tt]op) $")
_MULTIPLE: Final = re.compile(r" (?:the|that|those|what|as)\b")
_AGE: Final = re.compile(r"[ -]years?(?: of age\b| olds?\b|-olds?\b)")
_LIFE_YEARS: Final = re.compile(r"[ -]years?\b(?P<rise> (?:increase|rise|gain) in (?:\w+ )?life expectancy)?")
_HEADING: Final = re.compile(r"(?:^|\n|[(; ])$")
_HEADING_MARK: Final = re.compile(r"\.\s*[A-Z]|\)")
_WINDOW: Final = 24
_YEARS: Final = (1840, 2100)
_COUNT_LEAST: Final = 13
# Small number words count things only before a concrete noun; "two sides", "three respects" are turns of speech.
_COUNTED: Final = re.compile(
    r" (?!major |key )(?:[a-z-]+ ){0,3}(?:bills|laws|regulations|sets|projects|provinces|cities|counties|documents|items|proposals|zones|types|categories|centers|bases|plans|places)\b"  # noqa: E501
)


def find_quantities_en(text: str) -> list[NumberFound]:
    """Find the quantities of an English text, in order and without overlap; offsets count code points of `text`."""
    found: list[NumberFound] = []
    last = 0
    for match in _CANDIDATE.finditer(text):
        if match.start() < last:
            continue
        one = _read(text, match)
        if one is not None:
            found.append(one)
            last = one.end
    return found


def _read(text: str, match: re.Match[str]) -> NumberFound | None:
    start, end = match.span()
    if match["fold"]:
        fold = match["fold"].lower()
        after = text[end : end + 1]
        # "Met twice" tells how often; "twice the figure" is a multiple.
        idle = (fold == "double" and after == "-") or (fold == "twice" and not _MULTIPLE.match(text, end))
        return None if idle else NumberFound(start, end, text[start:end], Decimal(_FOLDS[fold]), "times", "=")
    if match["halved"]:
        return NumberFound(start, end, text[start:end], Decimal("0.5"), "", "=")
    if match["part"] or match["ratio"]:
        return _part(text, match)
    tail = _TAIL.match(text, end)
    scale = _scale(tail["scale"]) if tail else Decimal(1)
    if _out(text, match, tail, scale):
        return None
    high: Decimal | None = None
    if match["low"]:
        value, high = _number(match["low"]), _number(match["high"]) * scale
        value *= _scale(match["low_scale"]) if match["low_scale"] else scale
        if high <= value:
            return None
    else:
        value = _number(match["number"] or match["words"]) * scale
    money = match["money"] or match["cash"]
    unit = tail["unit"] if tail and tail["unit"] else "yuan" if money == "¥" else "dollars" if money else ""
    return _found(text, (start, tail.end() if tail else end), value, _plain(unit), (tail["after"] if tail else None) or "", high)


def _out(text: str, match: re.Match[str], tail: re.Match[str] | None, scale: Decimal) -> bool:
    """Tell whether the number is a year, a date, a duration, a number inside a name, or a small word that counts nothing."""
    start, end = match.span()
    unit = tail["unit"] if tail else None
    # A 10,000-ton berth names a class of thing, and "1. " or "2) " at the start of a line numbers a heading.
    if (tail and tail["joined"] and unit) or (_HEADING.search(text, max(start - 2, 0), start) and _HEADING_MARK.match(text, end)):
        return True
    if text.startswith((" flowers", " schools of thought"), end):
        return True
    if _RATE_BEFORE.search(text, max(start - 6, 0), start):
        return True
    # An age and a span of life are quantities (3岁, 寿命提高1岁), other years are durations.
    life = _LIFE_YEARS.match(text, end)
    if life and (life["rise"] or _AGE.match(text, end) or "expectancy" in text[max(start - _WINDOW * 3, 0) : start]):
        return False
    if not unit and (_TIME_AFTER.match(text, tail.end() if tail else end) or _TIME_AFTER.match(text, end)):
        return True
    if match["words"] and (unit == "times" or (match["words"].lower() in ("a hundred", "a thousand") and not unit)):
        return True
    if match["words"] and match["words"].lower() == "zero" and text[end : end + 7] in (" growth", "-growth"):
        return False
    if unit or scale > 1 or match["cash"] or match["money"]:
        return False
    written = match["number"] or match["words"] or match["high"]
    value = _number(written)
    if match["words"]:
        return value < _COUNT_LEAST and not (value > 1 and _COUNTED.match(text, end))
    if _NAME_BEFORE.search(text, max(start - _WINDOW, 0), start) and "," not in written:
        return True
    if match["low"] and not written.isdigit() and not re.match(r"\d", written):
        return True
    return "," not in written and written.isdigit() and _YEARS[0] <= value < _YEARS[1]


def _part(text: str, match: re.Match[str]) -> NumberFound | None:
    if match["ratio"]:
        over, under = match["ratio"].split("/")
        return None if under == "0" else _found(text, match.span(), _share(Decimal(over) / Decimal(under)), "", "", None)
    top = (match["top"] or "").lower()
    name = match["part"].lower()
    if (not top and name != "half") or (name in ("third", "fifth", "quarter", "tenth") and top not in ("a", "an", "one")):
        return None
    if text.startswith(" party", match.end()):
        return None
    if name == "half" and re.match(r" of (?:the|this|last|next) (?:year|century)", text[match.end() : match.end() + 20]):
        return None
    return _found(text, match.span(), _share(Decimal(_SMALL.get(top, 1)) / _PARTS[name]), "", "", None)


def _share(exact: Decimal) -> Decimal:
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize()


def _found(text: str, span: tuple[int, int], value: Decimal, unit: str, after: str, high: Decimal | None) -> NumberFound:
    start, end = span
    while end > start and (text[end - 1].isspace() or text[end - 1] == "-"):
        end -= 1
    op: Comparator = "="
    before = _BEFORE.search(text, max(start - _WINDOW, 0), start)
    if before is not None:
        op, start = _OPS[before.lastgroup or "near"], before.start()
    word = after.strip().lower()
    if word:
        op = "<=" if word == "or less" else "~" if word == "or so" else ">="
    return NumberFound(start, end, text[start:end], value, unit, "range" if high is not None else op, high)


def _plain(unit: str) -> str:
    low = unit.lower()
    return "%" if low in ("percent", "per cent") else low


def _scale(written: str) -> Decimal:
    value = Decimal(1)
    for word in written.lower().replace("-", " ").split():
        value *= _SCALES[word]
    return value


def _number(written: str) -> Decimal:
    """Read digits with thousands separators, or number words such as two hundred and fifty."""
    if written[0].isdigit():
        return Decimal(written.replace(",", ""))
    total, part = 0, 0
    for word in written.lower().replace("-", " ").split():
        if word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total += max(part, 1) * _SCALES[word]
            part = 0
    return Decimal(total + part)
