"""Put paragraphs together into a document with marks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sizhang.core.errors import InputError, Words
from sizhang.intake.document import Document, Mark, Place

# Everything that some program takes for a line's end, other than the line feed.
LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

Pieces = list[tuple[int | None, str]]
"""A paragraph: pieces of text with the page each stands on (None where the format has no pages)."""


def assemble(paragraphs: Iterable[Pieces], source: str, format: str) -> Document:
    """Join paragraphs by line feeds, one mark a piece; a paragraph that crosses pages has a mark for each page.

    Control characters, which Word, PDF and web files carry for layout, are dropped here.

    Raises:
        InputError: no visible text.
    """
    parts: list[str] = []
    marks: list[Mark] = []
    start = number = 0
    for pieces in paragraphs:
        cleaned = [(page, clean(text)) for page, text in pieces]
        if not any(text.strip() for _, text in cleaned):
            continue
        if number:
            parts.append("\n")
            start += 1
        number += 1
        for page, text in cleaned:
            if text:
                marks.append(Mark(start, Place(page, number)))
                parts.append(text)
                start += len(text)
    if not number:
        raise InputError(
            Words("没有读到任何文字。", "Not a word was found."),
            remedy=Words(
                "请确认文件里有正文；扫描件请先另存为 PNG 或 PDF。", "See whether the text is in the file; save a scan as PNG or PDF first."
            ),
            where=source,
        )
    return Document("".join(parts), tuple(marks), source, format)


def clean(text: str) -> str:
    """Make every line end a line feed and drop control characters and lone surrogates."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", LINE_ENDS.sub("\n", text)))


def find_control(text: str) -> int | None:
    """Find the offset of the first control character that is no line end and no tab."""
    found = _CONTROL.search(text)
    return found.start() if found else None
