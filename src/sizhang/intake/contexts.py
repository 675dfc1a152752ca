"""Under which heading, and after which opening sentence, a paragraph of the plan stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from sizhang.intake.features import Unit, units_of
from sizhang.intake.sections import HEADING_LENGTH_MAX, Placed

LEAD_LENGTH_MAX: Final = 30
_NUMBERED: Final = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[）)、.]")


@dataclass(frozen=True, slots=True)
class Context:
    """A paragraph of the plan with what stands over it.

    Attributes:
        start: the document's offset of its first character.
        end: the document's offset behind its last character.
        heading: the words of the nearest heading, empty where there is none.
        lead: the short sentence that opens the paragraph, empty where it opens otherwise.
        heads: whether the paragraph itself serves as a heading.
    """

    placed: Placed
    units: list[Unit]
    start: int
    end: int
    heading: str
    lead: str
    heads: bool

    def text_between(self, start: int, end: int) -> str:
        """The paragraph's text between two of the document's offsets, line breaks left out."""
        paragraph = self.placed.paragraph
        return paragraph.text[bisect_left(paragraph.offsets, start) : bisect_left(paragraph.offsets, end)]


def contexts_of(placed: list[Placed]) -> list[Context]:
    """The paragraphs of the plan in order, each with its heading and lead."""
    out: list[Context] = []
    heading = lead = ""
    for index, entry in enumerate(placed):
        paragraph = entry.paragraph
        heads = entry.heading or _heads(paragraph.text, placed[index + 1].paragraph.text if index + 1 < len(placed) else "")
        if heads:
            heading, lead = paragraph.text, ""
        if entry.section != "plan":
            continue
        units = units_of(entry, heads)
        if not heads and units and units[0].stop == "。" and len(units[0].text) <= LEAD_LENGTH_MAX:
            # A numbered sentence that opens a long paragraph is its heading.
            if _NUMBERED.match(paragraph.text):
                heading = units[0].text
            lead = units[0].text
        out.append(Context(entry, units, paragraph.offsets[0], paragraph.offsets[-1] + 1, heading, lead, heads))
    return out


def _heads(text: str, following: str) -> bool:
    """Whether a numbered sentence stands alone over text that is not numbered itself; in a list of promises the next one is."""
    alone = bool(_NUMBERED.match(text)) and len(text) <= HEADING_LENGTH_MAX and text.find("。") in (-1, len(text) - 1)
    return alone and bool(following) and not _NUMBERED.match(following)


def runs_of(contexts: list[Context]) -> list[list[Context]]:
    """Cut the plan into runs that are read in one go: a heading and what follows it."""
    out: list[list[Context]] = []
    for context in contexts:
        if not out or context.heads:
            out.append([])
        out[-1].append(context)
    return out
