"""PDF through PDFium: the only permissive library that read all paragraphs of browser-made and Word-made files alike."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from sizhang.core.errors import InputError, MissingExtraError, Words
from sizhang.intake.document import Document
from sizhang.intake.readers.assemble import assemble
from sizhang.intake.readers.fonts import may_lose_letters
from sizhang.intake.readers.layout import Line, is_wide, join_pages

PAGES_MAX: Final = 2000
_SCAN_DPI: Final = 200
_TAIL: Final = 4096
_DOWNLOAD: Final = Words("请重新下载后再试。", "Download the file again.")
# Radicals that have no compatibility mapping of their own but are drawn for these characters.
_RADICALS: Final = dict(
    zip(
        "⺠⻓⻔⻋⻛⻅⻢⻚⻰⻬⻘⻝⻥⻩⻄⻆⻉⻜⻦⻮⻨⻤⻣⻁⻙⺟⺫⻑⻭⻗⺮⻪",
        "民长门车风见马页龙齐青食鱼黄西角贝飞鸟齿麦鬼骨虎韦母目長歯雨竹黾",
        strict=True,
    )
)


def read_pdf(data: bytes, source: str) -> Document:
    """Read the text layer, or recognise pages that have none.

    Raises:
        InputError: encrypted, truncated, damaged, over 2000 pages, or without text and pictures.
        MissingExtraError: a scan, and the `ocr` extra is not installed.
    """
    import pypdfium2 as pdfium

    if b"%%EOF" not in data[-_TAIL:]:
        raise InputError(
            Words("PDF 没有结尾标记，文件不完整。", "The PDF has no end: the file is not whole."), remedy=_DOWNLOAD, where=source
        )
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise InputError(
                Words("PDF 加了密码。", "The PDF needs a password."),
                remedy=Words(
                    "请去掉密码（例如用浏览器打印为新的 PDF）后再试。",
                    "Take the password off, for instance by printing it to a new PDF in a browser.",
                ),
                where=source,
            ) from error
        raise InputError(
            Words("PDF 已损坏或不完整，打不开。", "The PDF is damaged or not whole and cannot be opened."), remedy=_DOWNLOAD, where=source
        ) from error
    try:
        return _read_pages(pdf, source)
    finally:
        pdf.close()


def _read_pages(pdf: Any, source: str) -> Document:
    count = len(pdf)
    if not 0 < count <= PAGES_MAX:
        raise InputError(
            Words(f"PDF 有 {count} 页，应为 1 至 {PAGES_MAX} 页。", f"The PDF has {count} pages; 1 to {PAGES_MAX} are read."),
            remedy=Words("请拆分或重新导出 PDF。", "Split the PDF, or export it again."),
            where=source,
        )
    pages: list[list[Line]] = []
    heights: list[tuple[float, float]] = []
    scanned: list[int] = []
    unsure = False
    for index in range(count):
        page = pdf[index]
        lines = _find_lines(page)
        unsure = unsure or ((not lines or any(is_wide(line.text[:1]) for line in lines)) and may_lose_letters(page))
        if not lines and _has_picture(page):
            scanned.append(index)
        pages.append(lines)
        heights.append((0.0, page.get_height()))
        page.close()
    if unsure:
        words = Words(
            f"{source}: PDF 没有带上自己的中文字体，本机也没有，个别字可能读不到。"
            "请装上中文字体（如 apt install fonts-noto-cjk），或嵌入字体后重新导出 PDF。",
            f"{source}: The PDF holds no Chinese font of its own and this machine has none, so some characters may be lost. "
            "Install a Chinese font (such as apt install fonts-noto-cjk), or export the PDF with its fonts embedded.",
        )
        warnings.warn(words.lines(), stacklevel=2)
    if scanned:
        _recognise(pdf, scanned, pages, source)
    return assemble(join_pages(pages, heights), source, "pdf")


def _recognise(pdf: Any, scanned: list[int], pages: list[list[Line]], source: str) -> None:
    from sizhang.intake.readers.picture import find_lines, require_ocr

    try:
        require_ocr(source)
    except MissingExtraError as error:
        if not any(pages):
            raise
        # A picture on the cover must not keep a report from being read, nor be passed over in silence.
        numbers = [str(index + 1) for index in scanned]
        words = Words(
            f"{source}: 第 {'、'.join(numbers)} 页没有文字层，未读取。{error.remedy.zh}",
            f"{source}: Without a text layer, and not read: page {', '.join(numbers)}. {error.remedy.en}",
        )
        warnings.warn(words.lines(), stacklevel=2)
        return
    scale = _SCAN_DPI / 72
    for index in scanned:
        page = pdf[index]
        height = page.get_height()
        # A sheet of 3 metres would need gigabytes: keep the longer side within 6000 pixels.
        fit = min(scale, 6000 / max(height, page.get_width(), 1))
        lines = find_lines(page.render(scale=fit).to_pil().convert("RGB"))
        pages[index] = [Line(line.text, line.x0 / fit, height + line.y0 / fit, line.x1 / fit, height + line.y1 / fit) for line in lines]
        page.close()


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as raw

    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def _find_lines(page: Any) -> list[Line]:
    """Cut the text layer into pieces: at PDFium's line ends, at a change of line, and at wide gaps."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    rect = raw.FS_RECTF()
    pieces: list[_Piece] = []
    piece = _Piece()
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        character = map_character(code)
        if character in "\r\n":
            pieces.append(piece)
            piece = _Piece()
            continue
        raw.FPDFText_GetLooseCharBox(textpage, index, rect)
        place = (rect.left, rect.bottom, rect.right, rect.top)
        if not character.isspace() and piece.is_apart(place):
            pieces.append(piece)
            piece = _Piece()
        piece.add(character, place, raw.FPDFText_IsGenerated(textpage, index) == 1)
    pieces.append(piece)
    textpage.close()
    return [line for line in (piece.make_line() for piece in _fill_gaps(pieces)) if line is not None]


@dataclass(frozen=True, slots=True)
class _Character:
    """A character with its left and right edge; `guessed` when PDFium made a space of a gap."""

    text: str
    x0: float
    x1: float
    guessed: bool


class _Piece:
    """Characters that stand side by side."""

    def __init__(self) -> None:
        self.characters: list[_Character] = []
        self.box: tuple[float, float, float, float] | None = None

    def is_apart(self, place: tuple[float, float, float, float]) -> bool:
        if self.box is None:
            return False
        x0, y0, _, y1 = place
        height = max(self.box[3] - self.box[1], y1 - y0, 0.1)
        # A dash of two characters is drawn as one, so the second starts where the first did: two widths back.
        return x0 - self.box[2] > 1.5 * height or x0 < self.box[2] - 2.5 * height or y0 > self.box[3] or y1 < self.box[1]

    def add(self, character: str, place: tuple[float, float, float, float], guessed: bool = False) -> None:
        x0, y0, x1, y1 = place
        self.characters.append(_Character(character, x0, x1, guessed))
        if character.isspace():
            return
        old = self.box or place
        self.box = (min(old[0], x0), min(old[1], y0), max(old[2], x1), max(old[3], y1))

    def takes(self, other: _Piece) -> bool:
        """Put `other` into a gap of this piece, if it stands in one."""
        if self.box is None or other.box is None:
            return False
        left, bottom, right, top = other.box
        if not (self.box[1] < (bottom + top) / 2 < self.box[3] and self.box[0] < left and right < self.box[2]):
            return False
        drawn = [c for c in self.characters if not c.text.isspace()]
        if any(left < (c.x0 + c.x1) / 2 < right for c in drawn):
            return False
        self.characters += [c for c in other.characters if not c.text.isspace()]
        return True

    def make_line(self) -> Line | None:
        if self.box is None:
            return None
        text = "".join(self._find_text(self.box[3] - self.box[1])).strip()
        return Line(text, *self.box) if text else None

    def _order(self) -> list[_Character]:
        # LibreOffice draws what stands in the line's second font (quotation marks, Ⅲ) after the characters behind it.
        if all(b.x0 > a.x0 - 0.5 for a, b in pairwise(self.characters)):
            return self.characters
        # A guessed space has no width and the edge of the character behind it: it must not slip behind that.
        return sorted(self.characters, key=lambda c: c.x0 - 0.05 * c.guessed)

    def _find_text(self, height: float) -> Iterator[str]:
        before: _Character | None = None
        space = False
        for character in self._order():
            if character.guessed and character.text.isspace():
                space = True
                continue
            # Word and LibreOffice leave a little air between Chinese and digits, which nobody typed.
            if space and before is not None:
                air = character.x0 - before.x1 < 0.5 * height and (is_wide(before.text) or is_wide(character.text))
                yield "" if air else " "
            space, before = False, character
            yield character.text


def _fill_gaps(pieces: list[_Piece]) -> list[_Piece]:
    """Put back what a program drew after the rest of its line, such as quotation marks in another font."""
    out: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: -len(piece.characters)):
        if not any(other.takes(piece) for other in out):
            out.append(piece)
    kept = {id(piece) for piece in out}
    return [piece for piece in pieces if id(piece) in kept]


def map_character(code: int) -> str:
    """Turn a code of the text layer into a character: radicals and compatibility ideographs become the plain character.

    Only U+2E80 to U+2FDF and U+F900 to U+FAFF are mapped: a full normalisation would also change ，（）％.
    """
    if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    character = chr(code)
    if code in (0xFFFE, 0xFFFF, 0x00AD, 0x02):
        return ""
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        mapped = _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
        return mapped if len(mapped) == 1 else character
    return character
