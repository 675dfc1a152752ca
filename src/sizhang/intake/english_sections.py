"""The parts of an English report: what was done, what is promised, and everything around it.

A block is what stands on one line, or on several where a sentence goes on in the next. Line breaks inside a block are read as
spaces, so an offset in a block is an offset in the document less the block's start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sizhang.intake.sections import Section, SectionName

HEADING_LENGTH_MAX: Final = 220
OPENING_BLOCKS_MAX: Final = 20
# A five-year plan's ordinal fixes its last year: the tenth ended in 2005.
_TENTH_PLAN_END: Final = 2005
_ORDINALS: Final = {
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
}
_ROMAN: Final = re.compile(r"#*\s*(?:(?:Part|PART) (?:[IVX]+|[A-Z][a-z]+)\b[.:]?|[IVX]{1,4}[.、])\s*\S")
_NUMBERED: Final = re.compile(r"#*\s*(?:\(?\d{1,2}[.)]|\([ivx]+\))\s*[A-Z]")
_ITEM: Final = re.compile(r"(?:[-–—•*·]+|\(?\d{1,2}[.)])\s*\S")
_TERMINAL: Final = re.compile(r"""[.!?:;,=*][)"'’”*\]]*$""")
_ENDS_SENTENCE: Final = re.compile(r"""[.!?:][)"'’”*\]]*$""")
_ADDRESS: Final = re.compile(r"(?:Fellow|Esteemed|Honou?rable|Dear) (?:Deputies|Delegates|Representatives)\b", re.I)
_MANDATE: Final = re.compile(r"\b[Oo]n behalf of the [\w' ]{3,80}, I\b")
_REVIEW: Final = re.compile(r"\breview (?:of|on)\b|\bachievements?\b|\bretrospect\b|\bwork (?:in|of|over) (?:the )?(?:past|last)\b", re.I)
_PLAN: Final = re.compile(
    r"\b(?:main|major|overall|general|key|priority) (?:tasks?|targets?|goals?|objectives?|requirements?|work|areas of work|plan)\b|"
    r"\bplan for\b|\b(?:work|tasks|targets|priorities|suggestions|arrangements) (?:for|in) (?:20\d\d|this year|the year|the work)\b|"
    r"\bgeneral work arrangements\b|\bwork of the government this year\b",
    re.I,
)
_PLAN_CUE: Final = re.compile(
    r"\b(?:I|[Ll]et me)\b[^.]{0,30}\b(?:brief you on|turn to|discuss|outline|present|report on|propose)\b[^.]{0,60}\b(?:targets|"
    r"tasks|areas of work|work for|plan for)\b|"
    r"^(?:The )?(?:main|major|overall|key)[^.]{0,60}(?:tasks|targets|goals|requirements)[^.]{0,60}\b(?:this year|for 20\d\d)\b"
)
_LOOKS_BACK: Final = re.compile(
    r"(?:(?:First|Second|Third), )?(?:(?:[Oo]ver|[Ii]n|[Dd]uring) the (?:course of the )?past (?:\w+ )?years?\b|[Ll]ast year\b)|"
    r"The past (?:\w+ )?years?\b"
)
_LOOKED_BACK: Final = re.compile(
    r"[^.]{0,140}\b(?:were|was|achieved|made|saw)\b[^.]*\b(?:last year|the past year)\b|[^.]{0,60}\blast year (?:saw|was)\b"
)
_DONE: Final = re.compile(r"\b(?:was|were)\b")
_PROMISES: Final = re.compile(r"\b(?:will|must|should|need to|shall)\b")
_LEAVE: Final = re.compile(r"\blet (?:all of )?us\b|\bwe (?:must|will) (?:rally|unite) (?:more )?(?:even )?closely", re.I)
_APPENDIX: Final = re.compile(r"(?:Notes?|Glossary|Appendix|Annex|Explanatory notes?)\b[^.]{0,40}$", re.I)
_DATED: Final = re.compile(
    r"\b[Oo]n [A-Z][a-z]+ \d{1,2}, (20\d\d)|\b[Rr](?:eport|EPORT)\b.{0,60}(20\d\d)|(20\d\d) (?:Government )?Work Report"
)
_HEADING_YEAR: Final = re.compile(r"\b(20\d\d)\b")
_FIVE_YEARS: Final = re.compile(rf"\b(?:(\d\d)th|({'|'.join(_ORDINALS)})) Five-Year Plan\b", re.I)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the text that is read as one.

    Attributes:
        start: the document's offset of its first character.
        text: as in the document, line breaks as spaces.
        first_line: from 1.
        last_line: from 1.
        heading: whether it heads what follows.
        section: the part of the report it stands in.
        horizon: the last year of the five-year plan it speaks of; None where the report's own year is meant.
        listed: whether it is an item of a list that a line before it opens ("The main targets are as follows:").
    """

    start: int
    text: str
    first_line: int
    last_line: int
    heading: bool = False
    section: SectionName = "other"
    horizon: str | None = None
    listed: bool = False


def place_blocks(text: str) -> list[Block]:
    """Cut an English report into blocks and give each its part of the report."""
    blocks = [_headed(block) for block in _join_lines(text)]
    body, leave = _find_body(blocks), _find_leave(blocks)
    section: SectionName = "review"
    horizon: str | None = None
    listed = False
    out: list[Block] = []
    for index, block in enumerate(blocks):
        listed = _is_listed(block, blocks[index - 1] if index else None, listed)
        if index < body or index >= leave:
            out.append(block)
            continue
        section, horizon = _follow(block, section, horizon)
        own: SectionName = section
        if section == "plan" and not block.heading and _looks_back(block.text):
            own = "review"
        out.append(replace(block, section=own, horizon=horizon if own == "plan" else None, listed=listed))
    return out


def find_year_en(blocks: list[Block]) -> int | None:
    """The report's own year: of its date among the opening lines, else the latest in its headings; None where there is neither."""
    for block in blocks[:OPENING_BLOCKS_MAX]:
        found = _DATED.search(block.text)
        if found:
            return int(next(group for group in found.groups() if group))
    years = [int(year) for block in blocks if block.heading for year in _HEADING_YEAR.findall(block.text)]
    return max(years) if years else None


def plan_end(text: str) -> str | None:
    """The last year of the five-year plan that `text` names, such as 2020 for the 13th; None where it names none."""
    found = _FIVE_YEARS.search(text)
    if found is None:
        return None
    number = int(found.group(1)) if found.group(1) else _ORDINALS[found.group(2).lower()]
    return str(_TENTH_PLAN_END + 5 * (number - 10))


def sections_of_blocks(blocks: list[Block], lines: int) -> list[Section]:
    """Tile the lines 1 to `lines`; blank lines belong to what stands before them."""
    names: list[SectionName] = ["other"] * (lines + 1)
    starts = [*(block.first_line for block in blocks[1:]), lines + 1]
    for block, following in zip(blocks, starts, strict=bool(blocks)):
        names[block.first_line : following] = [block.section] * (following - block.first_line)
    out: list[Section] = []
    for line in range(1, lines + 1):
        if out and out[-1].name == names[line]:
            out[-1] = Section(out[-1].first_line, line, names[line])
        else:
            out.append(Section(line, line, names[line]))
    return out


def _join_lines(text: str) -> Iterator[Block]:
    """One block a line; a line that starts in lower case goes on with a sentence that has not ended."""
    held: Block | None = None
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.strip()
        if words:
            begin = start + line.index(words[0])
            if held is not None and _runs_on(held.text, words):
                whole = text[held.start : begin + len(words)].replace("\n", " ")
                held = Block(held.start, whole, held.first_line, number)
            else:
                if held is not None:
                    yield held
                held = Block(begin, words, number, number)
        start += len(line) + 1
    if held is not None:
        yield held


def _runs_on(before: str, after: str) -> bool:
    if after[0].isdigit() and not _ITEM.match(after):
        return not _TERMINAL.search(before) and bool(_PROMISES.search(before))
    return after[0].islower() and not _ENDS_SENTENCE.search(before)


def _headed(block: Block) -> Block:
    text = block.text
    if len(text) > HEADING_LENGTH_MAX or _ADDRESS.match(text):
        return block
    numbered = bool(_NUMBERED.match(text)) and not re.search(r"[.;] [A-Z]|\b(?:will|must|should|shall|need to)\b", text[4:])
    open_ended = not _TERMINAL.search(text) and not _ITEM.match(text) and text[0].isupper()
    return replace(block, heading=bool(_ROMAN.match(text)) or numbered or open_ended)


def _is_listed(block: Block, before: Block | None, listed: bool) -> bool:
    """A list starts behind a colon or "as follows" and goes on as long as its items look alike."""
    if before is None or block.heading:
        return False
    opened = before.text.endswith(":") or bool(re.search(r"\bfollow(?:s|ing)\b[^.:]*[.:]$", before.text))
    if opened:
        return True
    return listed and (bool(_ITEM.match(block.text)) or block.text[0].islower())


def _follow(block: Block, section: SectionName, horizon: str | None) -> tuple[SectionName, str | None]:
    """The section and horizon from this block on."""
    text = block.text
    if block.heading and (_ROMAN.match(text) or section == "review"):
        if _REVIEW.search(text):
            return "review", None
        if _ROMAN.match(text) or _PLAN.search(text):
            return "plan", plan_end(text)
    elif _PLAN_CUE.search(text) and not _DONE.search(text) and (section != "plan" or (horizon is not None and not block.heading)):
        # In a report without headings a sentence announces the five-year plan, and another the work of the year.
        return "plan", plan_end(text)
    return section, horizon


def _looks_back(text: str) -> bool:
    return bool(_LOOKS_BACK.match(text) or (_LOOKED_BACK.match(text) and not _PROMISES.search(text)))


def _find_body(blocks: list[Block]) -> int:
    """The first block behind the titles, the address and the mandate."""
    for index, block in enumerate(blocks[:OPENING_BLOCKS_MAX]):
        if _MANDATE.search(block.text):
            return index + 1
    for index, block in enumerate(blocks[:OPENING_BLOCKS_MAX]):
        if _ROMAN.match(block.text) or _REVIEW.search(block.text) or _PLAN.search(block.text):
            return index
    return 0


def _find_leave(blocks: list[Block]) -> int:
    """The block with which the report takes leave; their number where there is none."""
    for index in range(len(blocks) - 1, max(len(blocks) * 3 // 4, 0) - 1, -1):
        if _LEAVE.search(blocks[index].text):
            for back in range(1, 4):
                if index - back > 0 and _ADDRESS.match(blocks[index - back].text):
                    return index - back
            return index
    for index, block in enumerate(blocks):
        if index > len(blocks) // 2 and _APPENDIX.match(block.text):
            return index
    return len(blocks)
