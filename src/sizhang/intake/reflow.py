"""Join what columns and page breaks tore apart, so that sentences can be read whole.

The joined text is only for reading: every one of its characters keeps its offset in the document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TERMINAL: Final = "。！？!?；;：:”）)》】…"
_INNER: Final = re.compile(r"[，。；！？,;]")
_NUMBERED: Final = re.compile(
    r"\s*(?:#|-\s|——|[（(]?[一二三四五六七八九十]+[）)、]|[（(]?\d{1,3}[）).、．]|第[一二三四五六七八九十]+[，、章节部])"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is read.

    Attributes:
        text: the lines joined, without the breaks.
        offsets: for each character of `text` its offset in the document, ascending.
        first_line: the line it starts on, from 1.
        last_line: the line it ends on, from 1.
    """

    text: str
    offsets: range | tuple[int, ...]
    first_line: int
    last_line: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a non-empty span of `text` into a span of the document."""
        assert 0 <= start < end <= len(self.text)
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(slots=True)
class _Line:
    number: int
    start: int
    text: str


def reflow(text: str) -> list[Paragraph]:
    """Cut a text into paragraphs, joining lines that break off in mid-sentence, across blank lines too."""
    out: list[Paragraph] = []
    held: list[_Line] = []
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped:
            current = _Line(number, start + line.index(stripped[0]), stripped)
            if held and not _runs_on(held[-1].text, stripped):
                out.append(_join(held))
                held = []
            held.append(current)
        start += len(line) + 1
    if held:
        out.append(_join(held))
    return out


def _runs_on(before: str, after: str) -> bool:
    """Whether the sentence of `before` goes on in `after`."""
    if _NUMBERED.match(after) or before[-1] in _TERMINAL:
        return False
    if before[-1] in "，、,":
        return True
    # A heading has no comma inside, or it carries a number; a torn line of a column has one and does not end its sentence.
    return bool(_INNER.search(before)) and not _NUMBERED.match(before)


def _join(lines: list[_Line]) -> Paragraph:
    first, last = lines[0], lines[-1]
    if len(lines) == 1:
        return Paragraph(first.text, range(first.start, first.start + len(first.text)), first.number, last.number)
    offsets = tuple(offset for line in lines for offset in range(line.start, line.start + len(line.text)))
    return Paragraph("".join(line.text for line in lines), offsets, first.number, last.number)
