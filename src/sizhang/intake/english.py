"""Read an English report into the same draft promises as a Chinese one."""

from __future__ import annotations

import re
from calendar import month_name
from typing import Final

from sizhang.core.promise import DraftPromise, Kind, Strength, Target
from sizhang.intake.attributes import find_missing
from sizhang.intake.document import Document
from sizhang.intake.english_clauses import Clause, clauses_of, hide_notes
from sizhang.intake.english_domains import get_domain_en
from sizhang.intake.english_sections import Block, find_year_en, place_blocks, plan_end, sections_of_blocks
from sizhang.intake.english_targets import targets_of_en
from sizhang.intake.quantities_en import find_quantities_en
from sizhang.intake.result import Reading

# The reader's own probability: measured on nothing, set so that a clause that borrows its "will" from another is shown as less sure.
_FIRM: Final = 0.9
_BORROWED: Final = 0.75
_MILESTONE: Final = re.compile(
    r"\b(?:complet(?:e|ed|ion)|finish(?:ed)?|open(?:ed)? to (?:traffic|the public)|put(?:ting)? into (?:operation|service|use)|"
    r"(?:begin|start|commence)\w* (?:construction|operation|building)|construction (?:\w+ ){0,8}(?:begin|start|commence)|"
    r"launch(?:ed)?|inaugurated|go into operation|be commissioned)\b",
    re.I,
)
_COVERAGE: Final = re.compile(
    r"\b(?:full|universal|complete|nationwide) coverage\b|\b(?:all|every|each)\b (?!-|round|around|the way|kinds|sorts|possible|"
    r"effort|means|areas|aspects|respects|fronts|levels|along)"
    r"[a-z]+|\b(?:nationwide|throughout the country|across the country|across the board|without exception|everyone)\b",
    re.I,
)
_ENSURE: Final = re.compile(r"\b(?:ensur(?:e|es|ing)|must|make sure|guarantee that|resolutely|under no circumstances|never)\b", re.I)
_STRIVE: Final = re.compile(
    r"\b(?:strive|striving|endeavou?r|make every effort|do everything (?:possible|in our power)|work (?:hard|toward)|aim to|try "
    r"to|seek to)\b",
    re.I,
)
_MONTHS: Final = {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTH: Final = "|".join(_MONTHS)
_DEADLINE: Final = re.compile(
    rf"\b(?:by|before|within) (?:the )?(?:end of )?(?P<day>(?P<dm>{_MONTH}) (?P<dd>\d{{1,2}}))\b(?:, (?P<dy>20\d\d))?|"
    rf"\b(?:by|before|in) (?:the )?(?:end of |late )?(?P<month>{_MONTH})\b(?:,? (?P<my>20\d\d))?|"
    r"\b(?P<half>(?:first half|middle) of (?:the|this) year|mid-?year)\b|"
    r"\b(?P<quarter>(?P<q>first|second|third|fourth) quarter)\b|"
    r"\b(?P<end>(?:by|before) (?:the )?end of (?:(?:the|this) year|(?P<ey>20\d\d))|within (?:the|this) year|by year-?end|by the "
    r"year's end|second half of (?:the|this) year)\b|"
    r"\b(?P<span>(?:within|in|over|for) (?:the )?(?:next |coming )?(?P<n>two|three|four|five) years(?: time)?)\b|"
    r"\b(?P<next>(?:by |this year and |in )?next year)\b|"
    r"\b(?:by|before|in|through) (?:the year )?(?P<year>20\d\d)\b",
    re.I,
)
_QUARTERS: Final = {"first": "03", "second": "06", "third": "09", "fourth": "12"}
_YEARS: Final = {"two": 2, "three": 3, "four": 4, "five": 5}


def read_english(document: Document, year: int | None = None) -> Reading:
    """Read an English report.

    Args:
        document: the report's text.
        year: the report's own year, for deadlines; found in the text when not given.
    """
    blocks = place_blocks(document.text)
    year = year or find_year_en(blocks)
    promises: list[DraftPromise] = []
    heading = ""
    for block in blocks:
        if block.heading:
            heading = block.text
        elif block.section == "plan":
            promises += [_promise(document, block, clause, heading, year) for clause in clauses_of(block)]
    sections = sections_of_blocks(blocks, document.text.count("\n") + 1)
    return Reading(document, year, tuple(sections), tuple(promises))


def find_deadline_en(text: str, year: int | None) -> str | None:
    """The date or period that the words give, resolved against the report's year; None where they give none.

    Returns:
        `2020`, `2020-06` (by the end of June) or `2020-06-20`; a span of years ends with its last year, the report's own counted.
    """
    found = _DEADLINE.search(text)
    if found is None:
        return plan_end(text)
    if found["year"]:
        # "In 2012" in the report of 2012 says no more than "this year".
        return None if found.group().lower().startswith("in") and found["year"] == str(year) else found["year"]
    named = found["dy"] or found["my"] or found["ey"]
    if year is None and not named:
        return None
    own = int(named or year or 0)
    if found["day"]:
        return f"{own}-{_MONTHS[found['dm'].lower()]:02d}-{int(found['dd']):02d}"
    if found["month"]:
        return f"{own}-{_MONTHS[found['month'].lower()]:02d}"
    if found["half"]:
        return f"{own}-06"
    if found["quarter"]:
        return f"{own}-{_QUARTERS[found['q'].lower()]}"
    if found["end"]:
        return f"{own}-12"
    return str(own + (1 if found["next"] else _YEARS[found["n"].lower()] - 1))


def get_kind_en(text: str, targets: tuple[Target, ...]) -> Kind:
    """The kind; a target decides before a set, a set before a stage."""
    if targets:
        return "quantity"
    if _COVERAGE.search(text):
        return "coverage"
    return "milestone" if _MILESTONE.search(text) else "action"


def get_strength_en(text: str) -> Strength:
    """`ensure` before `strive` before `plan`."""
    if _ENSURE.search(text):
        return "ensure"
    return "strive" if _STRIVE.search(text) else "plan"


def _promise(document: Document, block: Block, clause: Clause, heading: str, year: int | None) -> DraftPromise:
    text = block.text[clause.start : clause.end]
    start, end = block.start + clause.start, block.start + clause.end
    targets = targets_of_en(text, find_quantities_en(hide_notes(text)), start)
    kind = get_kind_en(text, targets)
    deadline = find_deadline_en(text, year) or block.horizon
    return DraftPromise(
        start,
        end,
        document.text[start:end],
        kind,
        get_domain_en(text, heading),
        get_strength_en(text),
        deadline,
        targets,
        find_missing(kind, targets, deadline, year),
        _FIRM if clause.firm else _BORROWED,
    )
