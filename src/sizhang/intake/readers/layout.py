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
# A head stands at the same height on each page; a title in the same words does not. Share of the page's height.
_SAME_HEIGHT: Final = 0.02
_SENTENCE_END: Final = "。！？；：!?;:"
_CLOSERS: Final = "”’）》】」』)"
# What opens a line of its own in a report: 一、 （一） 第一部分 ——
_OPENING: Final = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]{1,3}(?:部分|[章节编])|——|[-•·●◆■]\s)"
)
# What a line break never divides: a number or word, with the brackets before it and the punctuation after it.
_TOKEN: Final = re.compile(r"[“‘（《〈「『(\[]*(?:[\x21-\x7e]+|.)[，。、；：！？”’）》〉」』％…)\]]*")
_OPEN: Final = re.compile("[《（“(]")
_CLOSED: Final = re.compile("[》）”)]")
# Longest text of a heading or title, in characters, that an open bracket holds together.
_TITLE_MAX: Final = 80


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

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def em(self) -> float:
        """Width of a Chinese character. The box's height is that of the font, which may be half as large again."""
        return min(max((self.x1 - self.x0) / max(measure(self.text), 0.5), 0.6 * self.height), 1.1 * self.height)


@dataclass(frozen=True, slots=True)
class Row:
    """A line with the page it stands on (from 1) and the left and right edge of its column."""

    line: Line
    page: int
    left: float
    right: float


def measure(text: str) -> float:
    """Estimate the width of `text`, in Chinese characters."""
    return sum(1.0 if is_wide(character) else 0.55 for character in text)


def is_wide(character: str) -> bool:
    """Whether a character takes a Chinese character's width."""
    return character > "\u2e7f" or character in "“”‘’—…"


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
    """Leave out page numbers in the margins, and margin lines that most pages repeat at one height (digits apart)."""
    keys = [[_margin_key(line, *height) for line in lines] for lines, height in zip(pages, heights, strict=True)]
    places: dict[str, list[float]] = {}
    for lines, names, (bottom, top) in zip(pages, keys, heights, strict=True):
        for line, key in zip(lines, names, strict=True):
            places.setdefault(key, []).append((line.middle - bottom) / max(top - bottom, 0.1))
    usual = {key: median(found) for key, found in places.items() if key}
    counts = Counter(key for page in keys for key in set(page) if key)
    # Even and odd pages may have different heads, so a third of the pages is enough.
    least = max(2, len(pages) // 3)

    def is_kept(line: Line, key: str, bottom: float, top: float) -> bool:
        if not key:
            return True
        if _PAGE_NUMBER.fullmatch(line.text.strip()):
            return False
        height = (line.middle - bottom) / max(top - bottom, 0.1)
        return counts[key] < least or abs(height - usual[key]) > _SAME_HEIGHT

    return [
        [line for line, key in zip(lines, names, strict=True) if is_kept(line, key, *height)]
        for lines, names, height in zip(pages, keys, heights, strict=True)
    ]


def _margin_key(line: Line, bottom: float, top: float) -> str:
    zone = (top - bottom) * _MARGIN
    side = "top" if line.y0 > top - zone else "foot" if line.y1 < bottom + zone else ""
    return side and side + re.sub(r"\d+", "#", re.sub(r"\s", "", line.text))


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a document sets its paragraphs: whether the first line is indented, the usual step from line to line, the height of a line."""

    indented: bool
    step: float
    height: float


def _find_shape(rows: list[Row]) -> _Shape:
    # Where paragraphs are indented, a full line that ends a sentence at a page's foot proves no new paragraph.
    indented = sum(_is_indented(row) for row in rows) >= 2
    steps = sorted(a.line.middle - b.line.middle for a, b in pairwise(rows) if _is_below(a, b))
    # Steps between paragraphs are the larger ones, and in a document of short paragraphs they are the most.
    step = steps[len(steps) // 4] if len(steps) >= 3 else 0.0
    return _Shape(indented, step, median(row.line.height for row in rows) if rows else 0.0)


def _is_below(before: Row, row: Row) -> bool:
    return before.page == row.page and before.line.y0 - row.line.y1 > -min(before.line.height, row.line.height)


def _join_rows(rows: list[Row]) -> list[Pieces]:
    shape = _find_shape(rows)
    paragraphs: list[Pieces] = []
    before: Row | None = None
    for row in rows:
        text = row.line.text.strip()
        if before is not None and _continues(before, row, "".join(piece for _, piece in paragraphs[-1]), shape):
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
    return row.line.x0 - row.left > 1.3 * row.line.em


def _continues(before: Row, row: Row, text: str, shape: _Shape) -> bool:
    """Whether the paragraph `text`, whose last line is `before`, runs on in `row`."""
    size = min(before.line.height, row.line.height)
    if max(before.line.height, row.line.height) > 1.35 * size:
        return False
    below = _is_below(before, row)
    gap = before.line.y0 - row.line.y1
    if below and gap >= 1.9 * size:
        return False
    ended = text.rstrip(_CLOSERS + " ")[-1:] in _SENTENCE_END
    if below and not ended and _is_open_title(before, row, text, shape):
        return True
    if _is_indented(row) or _is_short(before, row.line.text):
        return False
    if ended and (_OPENING.match(row.line.text) or "\t" in row.line.text):
        return False
    if below:
        step = before.line.middle - row.line.middle
        return not shape.step or step < 1.3 * shape.step
    return shape.indented or not ended


def _is_open_title(before: Row, row: Row, text: str, shape: _Shape) -> bool:
    """Whether `text` is a title that goes on in the next line, where it may be centred."""
    if len(text) > _TITLE_MAX:
        return False
    if len(_OPEN.findall(text)) > len(_CLOSED.findall(text)):
        return True
    large = min(before.line.height, row.line.height) > 1.2 * shape.height
    return large and not _is_short(before, row.line.text) and not _OPENING.match(row.line.text)


def _is_short(before: Row, after: str) -> bool:
    """Whether the line ends so far from its column's edge that what follows would have fitted."""
    token = _TOKEN.match(after)
    room = before.right - before.line.x1
    return room > (measure(token.group() if token else "") + 1.2) * before.line.em


def _glue(before: str, after: str) -> str:
    """A space between Latin words, nothing between Chinese characters or inside a number."""
    last, first = before[-1:], after[:1]
    if not (last.isascii() and first.isascii() and first.isalnum()) or last.isspace() or last in "-/(":
        return ""
    # A line may end inside 6.4 or 1,100.
    if first.isdigit() and (last.isdigit() or (last in ".," and before[-2:-1].isdigit())):
        return ""
    return " " if last.isalnum() or last in ".,;:)%" else ""
