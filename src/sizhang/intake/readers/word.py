"""Word documents. The XML is walked in order, because python-docx drops tracked insertions and with them the newest numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sizhang.core.errors import InputError, Words
from sizhang.intake.document import Document
from sizhang.intake.readers.assemble import Pieces, assemble
from sizhang.intake.readers.numbering import Numbering

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

UNPACKED_MAX: Final = 100_000_000
"""Bytes of all parts together."""
RATIO_MAX: Final = 200
"""Unpacked to packed. Real documents stay under 30."""
_RATIO_FROM: Final = 5_000_000

_BODY: Final = "word/document.xml"
_LISTS: Final = ("word/numbering.xml", "word/styles.xml")
_SKIP: Final = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr"})
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_word(data: bytes, source: str) -> Document:
    """Read the body: paragraphs with the numbers Word gives them, tables (a row a line, cells separated by tabs), text boxes.

    Tracked insertions are kept, tracked deletions left out.

    Raises:
        InputError: damaged, encrypted, unpacks to more than 100 MB, holds entities, or has no text.
    """
    parts = _unpack(data, source)
    root = _parse(parts[_BODY], source)
    numbering, styles = (_parse(parts[name], source) if name in parts else None for name in _LISTS)
    _write_numbers(root, Numbering(numbering, styles))
    return assemble((_piece(text) for text in _walk_blocks(root)), source, "docx")


def _parse(xml: bytes, source: str) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InputError(
            Words(
                "docx 里含有实体或外部引用声明，可能是恶意文件。",
                "The docx declares entities or outside references and may be harmful.",
            ),
            remedy=Words("请用 Word 打开后另存为新的 docx。", "If you know the sender, open it in Word and save it as a new docx."),
            where=source,
        ) from error
    except (ParseError, ValueError) as error:
        raise InputError(
            Words("docx 的正文不是完整的 XML，文件已损坏。", "The docx is damaged: its text is not whole XML."),
            remedy=Words("请用 Word 打开修复后另存。", "Let Word open, mend and save it."),
            where=source,
        ) from error
    return root


def _write_numbers(root: Element, numbering: Numbering) -> None:
    """Put the number of each numbered paragraph before its text. An empty paragraph counts and shows nothing."""
    from xml.etree.ElementTree import SubElement

    for paragraph in root.iter():
        if _name(paragraph) != "p" or not _is_word(paragraph):
            continue
        label = numbering.read(paragraph)
        if label and any(_name(child) == "t" and child.text for child in paragraph.iter()):
            text = SubElement(paragraph, f"{str(paragraph.tag)[:-1]}t")
            text.text = label
            paragraph.remove(text)
            paragraph.insert(0, text)


def _piece(text: str) -> Pieces:
    return [(None, text)]


def _unpack(data: bytes, source: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(info.file_size for info in archive.infolist())
            if total > UNPACKED_MAX or (total > _RATIO_FROM and total > RATIO_MAX * len(data)):
                raise InputError(
                    Words(
                        f"docx 解压后有 {total / 1e6:.0f} MB（是文件的 {total // len(data)} 倍），"
                        f"上限是 {UNPACKED_MAX // 1_000_000} MB 或 {RATIO_MAX} 倍。",
                        f"The docx unpacks to {total / 1e6:.0f} MB ({total // len(data)} times the file); "
                        f"at most {UNPACKED_MAX // 1_000_000} MB or {RATIO_MAX} times are read.",
                    ),
                    remedy=Words(
                        "这可能是压缩炸弹；请用 Word 删去图片后另存。",
                        "It may be a zip bomb; if you know the sender, delete the pictures in Word and save it.",
                    ),
                    where=source,
                )
            if archive.getinfo(_BODY).flag_bits & 1:
                raise InputError(
                    Words("docx 加了密码。", "The docx needs a password."),
                    remedy=Words("请去掉密码后再试。", "Take the password off."),
                    where=source,
                )
            # `read` stops at the stated size, so a header that lies cannot make it unpack more.
            names = set(archive.namelist())
            return {name: archive.read(name) for name in (_BODY, *_LISTS) if name in names}
    except InputError:
        raise
    except Exception as error:  # zipfile and zlib raise many types on damaged archives
        raise InputError(
            Words("docx 的压缩结构已损坏，可能下载不完整。", "The docx is damaged as a zip file, perhaps not downloaded whole."),
            remedy=Words("请重新下载后再试。", "Download the file again."),
            where=source,
        ) from error


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _is_word(element: Element) -> bool:
    # Charts and formulas have their own `p`, `t` and `r`.
    return "wordprocessingml" in str(element.tag)


def _walk_blocks(element: Element) -> Iterator[str]:
    """Give the text of each paragraph and table row under `element`, in order."""
    held = ""
    for child in element:
        name = _name(child)
        if name in _SKIP:
            continue
        if name == "p" and _is_word(child):
            own, boxes = _read_paragraph(child)
            if _is_joined_to_next(child):
                held += own
            else:
                yield held + own
                held = ""
            yield from boxes
        elif name == "tr" and _is_word(child):
            if not _is_deleted_row(child):
                yield from _read_row(child)
        else:
            yield from _walk_blocks(child)
    if held:
        yield held


def _read_row(row: Element) -> Iterator[str]:
    cells = [[text for text in _walk_blocks(cell) if text.strip()] for cell in row if _name(cell) not in _SKIP]
    # Some reports are laid out in one large cell: its paragraphs stay paragraphs.
    if all(len(cell) <= 1 for cell in cells):
        yield "\t".join(cell[0] for cell in cells if cell)
    else:
        for cell in cells:
            yield from cell


def _read_paragraph(paragraph: Element) -> tuple[str, list[str]]:
    parts: list[str] = []
    boxes: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = _name(element)
        if name in _SKIP:
            continue
        if name == "txbxContent":
            boxes.extend(_walk_blocks(element))
        elif name == "t" and _is_word(element):
            parts.append(element.text or "")
        elif name in _SIGNS and _is_word(element):
            parts.append(_SIGNS[name])
        else:
            stack.extend(reversed(element))
    return "".join(parts), boxes


def _has(element: Element, *path: str) -> bool:
    found: Element | None = element
    for step in path:
        found = next((child for child in found if _name(child) == step), None) if found is not None else None
    return found is not None


def _is_joined_to_next(paragraph: Element) -> bool:
    """A paragraph whose mark was deleted under tracked changes runs on into the next."""
    return _has(paragraph, "pPr", "rPr", "del")


def _is_deleted_row(row: Element) -> bool:
    return _has(row, "trPr", "del")
