"""The packet before the session 会前材料: broken promises first, then the statement of account of each body, every number linked."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from sizhang.core.errors import MissingExtraError, SizhangError, Words
from sizhang.web.jinja import render_day, render_number
from sizhang.web.rows import Row, light_name
from sizhang.web.telling import reader_language

FONT: Final = "Noto Serif CJK SC"
_SHAPES: Final = {"broken": "■", "risk": "▲", "recovered": "◆", "kept": "●", "": "○"}
_STAGES: Final = ("settled", "verified", "claimed", "promised")


@dataclass(frozen=True)
class PacketLine:
    """A promise as the packet shows it; every number leads to its entries at `url`."""

    number: str
    title: str
    url: str
    light: str
    reason: str
    numbers: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class Packet:
    """All that is printed.

    Attributes:
        parts: a heading and its lines; the broken promises are the first part, the bodies by name the others.
        columns: the words above the numbers.
    """

    title: str
    told: str
    columns: tuple[str, ...]
    parts: tuple[tuple[str, tuple[PacketLine, ...]], ...]
    language: str


def make_packet(rows: Sequence[Row], city: str, on: date, url_of: Callable[[str], str]) -> Packet:
    """The packet of a year's rows.

    Args:
        url_of: the address of a promise by its number.
    """
    lines = {row.promise.number: _line(row, url_of(row.promise.number)) for row in rows}
    broken = tuple(lines[row.promise.number] for row in rows if row.light.state == "broken")
    parts = [(_("失守的承诺"), broken)]
    for body in sorted({row.promise.body for row in rows}):
        held = sorted((row for row in rows if row.promise.body == body), key=lambda row: (row.light_order, row.promise.number))
        parts.append((body, tuple(lines[row.promise.number] for row in held)))
    told = _("截至%(day)s，共 %(all)s 项承诺，失守 %(broken)s 项。只有核实过的才算数；单位自报的单列，不计入完成。") % {
        "day": render_day(on),
        "all": len(rows),
        "broken": len(broken),
    }
    columns = (_("应办"), _("已销"), _("已核待销"), _("已交待核"), _("尚欠"))
    return Packet(f"{city} {_('会前材料：承诺对账单')}".strip(), told, columns, tuple(parts), reader_language())


def _line(row: Row, url: str) -> PacketLine:
    promise, state = row.promise, row.light.state
    numbers = (render_number(row.whole), *(render_number(row.number(stage)) for stage in _STAGES))
    return PacketLine(promise.number, promise.title, url, f"{_SHAPES[state]} {light_name(state)}", row.light.reason, numbers, promise.unit)


def write_docx(packet: Packet) -> bytes:
    """The packet as a Word document."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    document.core_properties.title = packet.title
    document.add_heading(packet.title, 0)
    document.add_paragraph(packet.told)
    for heading, lines in packet.parts:
        document.add_heading(heading, 1)
        if lines:
            _docx_table(document, packet.columns, lines)
        else:
            document.add_paragraph(_("没有。"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _docx_table(document: Any, columns: tuple[str, ...], lines: Sequence[PacketLine]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=1 + len(columns), style="Table Grid")
    table.autofit = False
    _mark_row(table.rows[0], "w:tblHeader")
    for cell, words in zip(table.rows[0].cells, (_("承诺"), *columns), strict=True):
        cell.text = words
    for line in lines:
        row = table.add_row()
        _mark_row(row, "w:cantSplit")
        first, *cells = row.cells
        _docx_link(first.paragraphs[0], line.url, f"{line.number} {line.title}")
        for cell, number in zip(cells, line.numbers, strict=True):
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _docx_link(cell.paragraphs[0], line.url, f"{number} {line.unit}")
        if not line.reason:
            first.paragraphs[0].add_run(f"  {line.light}")
            continue
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        # The reason has the whole width under its numbers, on the same page.
        under = table.add_row()
        _mark_row(under, "w:cantSplit")
        under.cells[0].merge(under.cells[-1]).paragraphs[0].add_run(f"{line.light}  {line.reason}")
    for place, column in enumerate(table.columns):
        column.width = Mm(59 if place == 0 else 23)


def _mark_row(row: Any, mark: str) -> None:
    """Repeat a row on each page (`w:tblHeader`), or keep it on one (`w:cantSplit`)."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _docx_link(paragraph: Any, url: str, words: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = words
    text.set(qn("xml:space"), "preserve")
    run.append(text)
    link.append(run)
    paragraph._p.append(link)


def write_pdf(packet: Packet) -> bytes:
    """The packet as PDF, with a text layer, tags and links.

    Raises:
        MissingExtraError: Typst is not installed.
        SizhangError: the machine has no font for Chinese: without it the page would be full of holes.
    """
    try:
        import typst
    except ImportError as fault:
        raise MissingExtraError(
            Words("写 PDF 要用 Typst，没有安装。", "The PDF needs Typst, which is not installed."),
            remedy=Words("请运行 pip install 'sizhang[pdf]'，或用 .docx。", "Run pip install 'sizhang[pdf]', or take the .docx."),
        ) from fault
    template = Path(__file__).with_name("packet.typ").read_bytes()
    content, warnings = typst.compile_with_warnings(
        template,
        format="pdf",
        sys_inputs={"packet": json.dumps(asdict(packet), ensure_ascii=False), "none": _("没有。"), "promise": _("承诺")},
    )
    if warnings:
        raise SizhangError(
            Words(f"PDF 会不完整：{warnings[0].message}。", f"The PDF would not be whole: {warnings[0].message}."),
            remedy=Words(
                f"请安装字体“{FONT}”（Debian：fonts-noto-cjk），或用 .docx。",
                f"Install the font “{FONT}” (Debian: fonts-noto-cjk), or take the .docx.",
            ),
        )
    return bytes(content)
