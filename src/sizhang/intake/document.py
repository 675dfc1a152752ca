"""A report's text with one offset a character and a way back to its place in the source."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a character stands in the source: page from 1 (None where the format has none), paragraph from 1."""

    page: int | None
    paragraph: int


@dataclass(frozen=True, slots=True)
class Mark:
    """The text from `start` to the next mark stands at `place`."""

    start: int
    place: Place


@dataclass(frozen=True, slots=True)
class Document:
    """The text that came out of a file. Lines are separated by a line feed alone.

    Attributes:
        text: every character has one offset, counted in code points from 0.
        marks: ascending by `start`; the first starts at 0.
        source: the file's name.
        format: `txt`, `docx`, `pdf`, `html`, `image`.
    """

    text: str
    marks: tuple[Mark, ...]
    source: str
    format: str

    def get_place(self, offset: int) -> Place:
        """Find the page and paragraph of the character at `offset` (0 to the text's length)."""
        assert 0 <= offset <= len(self.text), f"offset {offset} outside 0..{len(self.text)}"
        index = bisect_right(self.marks, offset, key=lambda mark: mark.start) - 1
        return self.marks[max(index, 0)].place


def document_of_lines(text: str, source: str = "text", format: str = "txt") -> Document:
    """Make a document whose paragraphs are the lines of `text`."""
    marks, start = [], 0
    for number, line in enumerate(text.split("\n"), start=1):
        marks.append(Mark(start, Place(None, number)))
        start += len(line) + 1
    return Document(text, tuple(marks), source, format)
