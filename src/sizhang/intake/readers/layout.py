"""From lines with positions to paragraphs: columns, running heads, page numbers, and lines that belong together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from sizhang.intake.readers.assemble import Pieces

_PAGE_NUMBER: Final = re.compile(
    r"[-—–―─·•\s]*(?:第?\s*\d{1,4}\s*页?|[ivxIVX]{1,6})\s*"
    r"(?:[/／]\s*\d{1,4}|[，,]?\s*共\s*\d+\s*页)?[-—–―─·•\s]*"
)
# Shares of the page's height in which running heads and feet stand.
_MARGIN: Final = 0.12
_SENTENCE_END: Final = "。！？；：!?;:"


@dataclass(frozen=True, slots=True)
class Line:
    """A line's text and box, in points or pixels, `y` growing upwards."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        return max(self.y1 - self.y0, 0.1)


@dataclass(frozen=True, slots=True)
class Row:
    """A line with the page it stands on (from 1) and the left and right edge of its column."""

    line: Line
    page: int
    left: float
    right: float


def join_pages(pages: list[list[Line]], heights: list[tuple[float, float]] | None = None) -> list[Pieces]:
    """Make paragraphs of the lines of all pages.

    Args:
        pages: lines of each page, in any order.
        heights: bottom and top of each page; without it the lines' own extent counts, and no margin is looked for.
    """
    if heights is not None:
        pages = _drop_margins(pages, heights)
    rows: list[Row] = []
    for number, lines in enumerate(pages, start=1):
        for column in order_columns(lines):
            left, right = min(line.x0 for line in column), max(line.x1 for line in column)
            rows.extend(Row(line, number, left, right) for line in column)
    return _join_rows(rows)


def order_columns(lines: list[Line]) -> list[list[Line]]:
    """Put lines into reading order: bands between full-width lines, in each band the left column before the right."""
    lines = [line for line in lines if line.text.strip()]
    gutter = _find_gutter(lines)
    if gutter is None:
        return [_merge_baselines(lines)] if lines else []
    columns: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    wide: list[Line] = []
    for line in sorted(lines, key=lambda line: -(line.y0 + line.y1)):
        narrow = left if line.x1 <= gutter else right if line.x0 >= gutter else None
        # Lines of one band stay together, so that their indents can be told from their edge.
        for part in (left, right) if narrow is None else (wide,):
            if part:
                columns.append(_merge_baselines(part))
                part.clear()
        (wide if narrow is None else narrow).append(line)
    columns += [_merge_baselines(part) for part in (wide, left, right) if part]
    return columns


def _find_gutter(lines: list[Line]) -> float | None:
    """Find an upright gap near the middle that few lines cross and with lines side by side on both sides."""
    if len(lines) < 6:
        return None
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    best: tuple[int, float, float] | None = None
    for step in range(30, 71):
        x = x0 + (x1 - x0) * step / 100
        crossing = sum(line.x0 < x < line.x1 for line in lines)
        key = (crossing, abs(step - 50), x)
        best = key if best is None or key < best else best
    assert best is not None
    crossing, _, x = best
    left = [line for line in lines if line.x1 <= x]
    right = [line for line in lines if line.x0 >= x]
    if crossing > 0.2 * len(lines) or min(len(left), len(right)) < 3:
        return None
    # Columns are filled with text; a table's narrow cells or centred headings are not.
    width = (x1 - x0) * 0.25
    if min(median(line.x1 - line.x0 for line in side) for side in (left, right)) < width:
        return None
    return x


def _merge_baselines(lines: list[Line]) -> list[Line]:
    """Join pieces that stand on one line, from left to right, and order lines from the top."""
    out: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-(line.y0 + line.y1), line.x0)):
        if out and _stands_beside(line, out[-1]):
            out[-1].append(line)
        else:
            out.append([line])
    return [_merge(sorted(pieces, key=lambda piece: piece.x0)) for pieces in out]


def _stands_beside(line: Line, pieces: list[Line]) -> bool:
    middle = (line.y0 + line.y1) / 2
    level = any(piece.y0 < middle < piece.y1 for piece in pieces)
    return level and all(line.x0 > piece.x1 - 1 or line.x1 < piece.x0 + 1 for piece in pieces)


def _merge(pieces: list[Line]) -> Line:
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        wide = piece.x0 - before.x1 > 1.2 * before.height
        text += ("\t" if wide else _glue(text, piece.text)) + piece.text
    return Line(text, pieces[0].x0, min(p.y0 for p in pieces), max(p.x1 for p in pieces), max(p.y1 for p in pieces))


def _drop_margins(pages: list[list[Line]], heights: list[tuple[float, float]]) -> list[list[Line]]:
    """Leave out page numbers in the margins, and margin lines that most pages repeat (digits apart)."""
    keys = [[_margin_key(line, *height) for line in lines] for lines, height in zip(pages, heights, strict=True)]
    counts = Counter(key for page in keys for key in {key for key in page if key})
    # Even and odd pages may have different heads, so a third of the pages is enough; two pages prove nothing.
    least = max(3, len(pages) // 3)

    def is_kept(line: Line, key: str) -> bool:
        return not key or (counts[key] < least and not _PAGE_NUMBER.fullmatch(line.text.strip()))

    return [[line for line, key in zip(*pair, strict=True) if is_kept(line, key)] for pair in zip(pages, keys, strict=True)]


def _margin_key(line: Line, bottom: float, top: float) -> str:
    zone = (top - bottom) * _MARGIN
    side = "top" if line.y0 > top - zone else "foot" if line.y1 < bottom + zone else ""
    return side and side + re.sub(r"\d+", "#", re.sub(r"\s", "", line.text))


def _join_rows(rows: list[Row]) -> list[Pieces]:
    # Where paragraphs are indented, a full line that ends a sentence at a page's foot proves no new paragraph.
    indented = sum(_is_indented(row) for row in rows) >= 2
    paragraphs: list[Pieces] = []
    before: Row | None = None
    for row in rows:
        text = row.line.text.strip()
        if before is not None and _continues(before, row, indented):
            pieces = paragraphs[-1]
            page, old = pieces[-1]
            glue = _glue(old, text)
            if page == row.page:
                pieces[-1] = (page, old + glue + text)
            else:
                pieces.append((row.page, glue + text))
        else:
            paragraphs.append([(row.page, text)])
        before = row
    return paragraphs


def _is_indented(row: Row) -> bool:
    return row.line.x0 - row.left > 1.2 * row.line.height


def _continues(before: Row, row: Row, indented: bool) -> bool:
    """Whether the paragraph of `before` runs on in `row`, in a document whose paragraphs are or are not indented."""
    size = min(before.line.height, row.line.height)
    if max(before.line.height, row.line.height) > 1.35 * size or _is_indented(row):
        return False
    if before.right - before.line.x1 > 2.2 * size:
        return False
    gap = before.line.y0 - row.line.y1
    same_column = before.page == row.page and gap > -size
    if same_column:
        return gap < 1.9 * size
    return indented or before.line.text.rstrip()[-1:] not in _SENTENCE_END


def _glue(before: str, after: str) -> str:
    """A space between Latin words, nothing between Chinese characters or inside a number."""
    last, first = before[-1:], after[:1]
    if not (last.isascii() and first.isascii() and first.isalnum()) or last.isspace() or last in "-/(":
        return ""
    # A line may end inside 6.4 or 1,100.
    if first.isdigit() and (last.isdigit() or (last in ".," and before[-2:-1].isdigit())):
        return ""
    return " " if last.isalnum() or last in ".,;:)%" else ""
