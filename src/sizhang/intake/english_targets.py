"""From the numbers of an English commitment to its targets: which must be reached, on what basis, and of what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sizhang.core.promise import Basis, Comparator, NumberFound, Target

_RATES: Final = frozenset({"%", "percentage point", "percentage points"})
_MONEY: Final = frozenset({"yuan", "dollars", "us dollars"})
_RISE: Final = (
    r"(?:increas\w+|rais(?:e[sd]?|ing)|rise[sn]?|rising|rose|grow(?:s|th|ing|n)?|up|climb\w*|expand\w*|improv\w+|lengthen\w*|add\w*)"
)
_FALL: Final = (
    r"(?:decreas\w+|reduc\w+|cut(?:s|ting)?|lower\w*|fall(?:s|ing|en)?|drop\w*|declin\w+|down|shorten\w*|halv\w+|sav(?:e[sd]?|ing)|"
    r"lighten\w*)"
)
_FALL_BY: Final = re.compile(rf"\b{_FALL}\b[^;]*$", re.I)
_RISE_BY: Final = re.compile(rf"\b{_RISE}\b[^;]*$", re.I)
_REACHES: Final = re.compile(
    r"(?:\b(?:to|at|reach\w*|exceed\w*|surpass\w*|keep\w*|kept|remain\w*|held|hold|accounts? for|accounting for|total\w*|"
    r"covers?|covering|is|be|within|maintain\w*)|"
    r"\b(?:rise|stand)s? (?:above|below))(?: (?:an?|the|another|around|about|approximately|over|at least|more than|average|"
    r"total|annual|of|cover|least|or))*\s*$",
    re.I,
)
_BY: Final = re.compile(
    r"\b(?:by|up|down|increase of|rise of|growth of|reduction of|decrease of|increase|growth|reduction)(?: (?:an?|the|another|"
    r"annual|average|of|further|extra|rate|another|per))*\s*$",
    re.I,
)
_THAN_LAST: Final = re.compile(
    r"\s*(?:\w+ ){0,3}(?P<way>more|less|higher|lower|fewer) than (?:\w+ ){0,4}?(?:last|previous|budget)|\s*(?:over|above|from) "
    r"(?:last|the previous)\b"
)
_GROWTH: Final = re.compile(r"\b(?:growth|increase|rise|inflation)\b[^,;]{0,60}$", re.I)
_STOCK: Final = re.compile(
    r"\b(?:output|deficits?|total\w*|capacity|amount|stock|expectancy|area|length|proportion|rate|ratio|share|coverage|red line|"
    r"income|productivity|subsid\w+|standards?|threshold)\b",
    re.I,
)
_START: Final = re.compile(
    r"\bfrom (?:last year's |the (?:current|present|previous) |an? |around |about |over )*(?:total of |figure of |level of )?$"
)
_END_FOLLOWS: Final = re.compile(r"[^,;]{0,30}?\bto\b (?:around |about |over |more than |at least |an average of )*(?:US)?[$¥€]?[\w]")
# What there was before: last year's figure, a fund that exists, those who leave college in any case.
_GIVEN_BEFORE: Final = re.compile(r"\blast year's (?:\w+ ){0,3}$|\bcompared (?:with|to) (?:\w+ ){0,3}$|\b[Ii]n addition to (?:the )?$")
_GIVEN_AFTER: Final = re.compile(r"\s*(?:new )?(?:college|university) (?:graduates|students graduating)\b")
_NATION: Final = 10**9
# So many characters on each side of a number are looked at: enough for any sentence, and a text of one endless line stays cheap.
_REACH: Final = 400
_AGED: Final = re.compile(r"\b(?:aged?(?: of)?|ages|over the age of|above the age of)(?: at or| over| above| or over)* $")
_NAMES: Final = re.compile(r"\b(?:PM|Grade|Class|type|grade|fourth-stage|National-)\s?$")
_NOT_ABOVE: Final = re.compile(r"\b(?:not|n't|never|nor) (?:\w+ ){0,2}$")
_AT_OR: Final = re.compile(r"\bat or $")
_LESS_AFTER: Final = re.compile(r" or (?:lower|below|fewer|under)\b")
_MORE_AFTER: Final = re.compile(r"(?: plus| or higher)\b")
_PER: Final = re.compile(r"\s*per (?:\d+ )?\w+")
_NOUNS_AFTER: Final = re.compile(
    r"\s*(?:more |new |additional |extra |plus |(?:such|of (?:the |China's )?))*(?P<nouns>[a-z][\w'-]*(?: (?!of|in|on|for|to|by|"
    r"at|with|from|and|or|will|should|must|this|who|which|that|are|is|be|have|has|were|was|over|under|throughout|as|through|"
    r"within|last|worth|into|per)[\w'-]+){0,4})"
)
_STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "of in on for to by at with from and or will should must this who which that are is be have has over under as through "
        "within respectively each yearly annually per into during gain receive live begin should",
    )
)
_FOR_WHAT: Final = re.compile(r"[^,;]*?\b(?:for|on|to support|to fund|in|to the|into)\b (?P<nouns>(?:the )?[\w' -]{3,60})")
_SUBJECT: Final = re.compile(
    r"(?P<nouns>[^,;:]{3,120}?) (?:will|should|must|is|are|shall|needs? to|has to|have to|was|reached?|kept|held)\b"
)
_OBJECT_OF: Final = re.compile(
    rf"\b(?:{_RISE}|{_FALL}|keep(?:ing)?|hold(?:ing)?|maintain\w*|bring\w*|extend\w*|ensure|ensuring|set|control\w*) (?:that "
    rf")?(?P<nouns>[\w' ()-]{{2,100}}?)"
    r" (?:by|to|at|from|above|below|within|is|are|does|reach\w*|no|of|around)\b",
    re.I,
)
_LEADING: Final = re.compile(
    r"^(?:(?:[Tt]his year|[Bb]y (?:the end of )?(?:this year|20\d\d)|In addition|In 20\d\d|the|The|our|an?|A|An|another|total "
    r"of|[Tt]o|[Ww]e|rise in|rate of|increases? in|reduction in|further|that|and|of)\s*,?\s+)+"
)


def targets_of_en(text: str, numbers: Sequence[NumberFound], start: int) -> tuple[Target, ...]:
    """Judge the numbers found in a commitment.

    Args:
        text: the commitment.
        numbers: what was found in `text`, in order.
        start: the document's offset of the commitment.
    """
    out: list[Target] = []
    last = 0
    for found in _join_ranges(text, numbers):
        number = _settle(text, found)
        if number is None:
            continue
        whole, after = _around(text, number)
        before = whole[-(number.start - last) :] if number.start > last else ""
        previous = out[-1] if out else None
        unit = number.unit or _counted(after)
        out.append(
            Target(
                start + number.start,
                start + number.end,
                number.text,
                number.value,
                unit,
                number.op,
                _basis(number, before, after, whole, previous),
                _object(number, whole, after, previous),
                number.value_max,
            )
        )
        last = number.end
    return tuple(out)


def _around(text: str, number: NumberFound) -> tuple[str, str]:
    """What stands before the number and behind it."""
    return text[max(number.start - _REACH, 0) : number.start], text[number.end : number.end + _REACH]


def _join_ranges(text: str, numbers: Sequence[NumberFound]) -> list[NumberFound]:
    """ "6.5% to 7%" and "between 6.5% and 7%" are one number with two ends; "from 61% to 70%" is not."""
    out: list[NumberFound] = []
    for number in numbers:
        low = out[-1] if out else None
        if low is not None and low.value_max is None and low.unit == number.unit == "%" and low.value < number.value:
            between, before = text[low.end : number.start], _around(text, low)[0]
            if (between in (" to ", "-", "–", "—") and not _START.search(before)) or (between == " and " and before.endswith("between ")):
                out[-1] = replace(low, end=number.end, text=text[low.start : number.end], op="range", value_max=number.value)
                continue
        out.append(number)
    return out


def _settle(text: str, number: NumberFound) -> NumberFound | None:
    """The number as it must be reached; None where it is only where one starts, last year's, an age, or part of a name."""
    before, after = _around(text, number)
    if _GIVEN_BEFORE.search(before) or _GIVEN_AFTER.match(after) or (number.value >= _NATION and "people" in number.text + after[:16]):
        return None
    if _AGED.search(before) or _NAMES.search(before) or after.startswith((" years of age", "-year-old")):
        return None
    if _START.search(before):
        if number.value_max is None:
            return None if _END_FOLLOWS.match(after) else number
        # "From 380 to 420 yuan" is no range: one starts at 380.
        begin = number.start + number.text.index(" to ") + 4 if " to " in number.text else number.start
        number = replace(number, start=begin, text=text[begin : number.end], value=number.value_max, value_max=None, op="=")
    return replace(number, op=_op(number, before, after))


def _op(number: NumberFound, before: str, after: str) -> Comparator:
    if number.op == ">" and _NOT_ABOVE.search(before):
        return "<="
    if number.op == "<" and (_AT_OR.search(before) or _NOT_ABOVE.search(before)):
        return "<=" if _AT_OR.search(before) else ">="
    if number.op == ">" and _AT_OR.search(before):
        return ">="
    if number.op == "=":
        return "<=" if _LESS_AFTER.match(after) else ">=" if _MORE_AFTER.match(after) else "="
    return number.op


def _basis(number: NumberFound, before: str, after: str, whole: str, previous: Target | None) -> Basis:
    than = _THAN_LAST.match(after)
    if than is not None and (than["way"] or _BY.search(before)):
        return "decrease" if than["way"] in ("less", "lower", "fewer") else "increase"
    near = before[-90:]
    if previous is not None and re.fullmatch(r",?(?: and)?\s*", before):
        return previous.basis
    if number.unit in _RATES or number.unit == "times":
        return _basis_of_rate(after, near, whole)
    if re.search(r"\b(?:increase|rise|growth) of\s*$|\bup\s*$", near):
        return "increase"
    if re.search(r"\b(?:reduction|decrease|drop|cut) of\s*$", near) or (_FALL_BY.search(near) and (_BY.search(near) or not number.unit)):
        return "decrease"
    if re.search(r"\bby\s*$", near) and _RISE_BY.search(near):
        return "amount" if not _STOCK.search(whole) and number.unit not in _MONEY else "increase"
    if number.value == 0:
        return "level"
    if number.unit in _MONEY:
        if re.match(r" (?:in|of|worth of) (?:\w+ ){0,2}bonds", after):
            return "amount"
        return (
            "level"
            if re.search(r"\b(?:to|deficit\w*|at|less than)\s*(?:of\s*|an average of\s*)?$", near)
            or number.text.startswith("exceed")
            or "deficit" in near + after[:30]
            else "amount"
        )
    return "level" if _REACHES.search(near) and (_STOCK.search(whole) or re.search(r"\b(?:cover|reach|exceed)\w*\s*$", near)) else "amount"


def _basis_of_rate(after: str, near: str, whole: str) -> Basis:
    if re.match(r"\s*(?:annual |yearly )?(?:increase|growth|rise)\b", after) or re.search(
        r"\b(?:grow|growth|increase) at(?: an?)?(?: average)?(?: annual)?(?: rate of)?\s*$", near
    ):
        return "increase"
    if re.search(r"\b(?:rate|ratio|proportion|share|coverage|level)\b[^,;]*$", near) and not re.search(r"\bby\s*$|annual rate", near):
        return "level"
    if re.search(r"\b(?:growth|GDP|gdp|grow|rise|increase)\w* of\s*(?:around |about )?$", near) or (
        _GROWTH.search(near) and not re.search(r"\bto\s*$", near)
    ):
        return "decrease" if _FALL_BY.search(near) else "increase"
    by = bool(_BY.search(near)) or bool(re.search(r"\bat\s*$", near) and _GROWTH.search(whole))
    if by and _FALL_BY.search(near):
        return "decrease"
    if by and _RISE_BY.search(near):
        return "increase"
    if re.search(r"\b(?:reduction|decrease)\b[^;]*\bof\s*$", near):
        return "decrease"
    if re.search(r"\b(?:CPI|inflation|prices|money supply|M2)\b", whole[-120:]) or re.search(r"\bup\s*$", near):
        return "increase"
    return "level"


def _counted(after: str) -> str:
    """What a bare number counts: the last noun of "dilapidated rural houses"."""
    found = _NOUNS_AFTER.match(after)
    words = [] if found is None else _before_stop(found["nouns"])
    return words[-1] if words else ""


def _before_stop(nouns: str) -> list[str]:
    words: list[str] = []
    for word in nouns.split():
        if word in _STOP_WORDS or (word.endswith("ing") and words):
            break
        words.append(word)
    return words


def _object(number: NumberFound, before: str, after: str, previous: Target | None) -> str:
    """The shortest noun phrase that the text itself gives for what is counted."""
    measured = number.unit in _RATES or number.unit in _MONEY or number.unit == "times"
    if not measured:
        follows = _NOUNS_AFTER.match(after)
        words = _before_stop(follows["nouns"]) if follows else []
        if words:
            return " ".join(words)
    purpose = _FOR_WHAT.match(after) if number.unit in _MONEY else None
    candidates = [*reversed([*_OBJECT_OF.finditer(before)]), purpose, _SUBJECT.match(before)]
    for found in candidates:
        nouns = _tidy(found["nouns"]) if found is not None else ""
        if len(nouns) > 2:
            return nouns
    if previous is not None:
        return previous.object
    return _tidy(re.split(r"[,;]", before)[-1])


def _tidy(nouns: str) -> str:
    """Without the words that lead to the noun or hang behind it."""
    plain = _LEADING.sub("", nouns.strip() + " ").strip()
    return re.sub(r"(?:^|\s+)(?:of|to|by|at|in|for|the|a|an|around|and)$", "", plain).strip(" ,-")
