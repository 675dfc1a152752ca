"""A statement of account as a workbook and as a document, for the people's congress."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from unicodedata import category

from sizhang.core.ledger import VERBS, Verb
from sizhang.core.quantity import format_number
from sizhang.store.statement import Statement, StatementLine

HEADINGS: Final = ("承诺", "内容", "单位", "期初", "新增承诺", "交账", "核账", "销账", "未销")
_ENTRY_HEADINGS: Final = ("日期", "承诺", "动作", "数量", "单位", "经办", "代表单位", "说明", "号")
_FIRST_NUMBER: Final = 3
# Of the document, in mm; together what landscape A4 leaves between its margins.
_WIDTHS_MM: Final = (22, 78, 14, *(22,) * 6)


def title_of(statement: Statement) -> str:
    """The heading of the whole."""
    return f"{statement.body}　对账单　{statement.since} 至 {statement.until}"


def cells_of(line: StatementLine) -> tuple[str, ...]:
    """One line in the order of the headings; numbers as exact decimals in plain digits."""
    numbers = (line.opening, line.promised, line.claimed, line.verified, line.settled, line.outstanding)
    promise = line.promise
    return (promise.number, promise.title, promise.unit, *(format_number(steps, promise.decimals) for steps in numbers))


def _entry_cells(statement: Statement) -> list[tuple[str, ...]]:
    units = {line.promise.number: (line.promise.unit, line.promise.decimals) for line in statement.lines}
    out: list[tuple[str, ...]] = []
    for entry in statement.entries:
        unit, decimals = units[entry.promise]
        verb: Verb = entry.verb  # type: ignore[assignment]
        number = ("-" if entry.target == 0 else "") + format_number(entry.steps, decimals)
        day = entry.effective_on.isoformat()
        out.append((day, entry.promise, VERBS[verb].chinese, number, unit, entry.person, entry.body, entry.text, str(entry.seq)))
    return out


def write_statement_xlsx(statement: Statement) -> bytes:
    """A workbook with the account on its first sheet and every booking on its second; every cell is text, so no formula runs.

    Rounding: none; a number that a spreadsheet would round to 15 digits stays as it is because it is text.
    """
    import xlsxwriter

    held = BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
    text = book.add_format({"text_wrap": True, "border": 1, "valign": "top"})
    number = book.add_format({"border": 1, "valign": "top", "align": "right", "num_format": "@"})
    sheets = (
        ("对账单", HEADINGS, [cells_of(line) for line in statement.lines], range(_FIRST_NUMBER, len(HEADINGS)), (12, 48, 8)),
        ("流水", _ENTRY_HEADINGS, _entry_cells(statement), range(3, 4), (12, 14, 8)),
    )
    for name, headings, rows, numbers, widths in sheets:
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, title_of(statement), book.add_format({"bold": True, "font_size": 14}))
        for column, heading in enumerate(headings):
            sheet.write_string(1, column, heading, bold)
            sheet.set_column(column, column, widths[column] if column < len(widths) else 14)
        for at, row in enumerate(rows, start=2):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell, number if column in numbers else text)
        sheet.freeze_panes(2, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
    book.close()
    return held.getvalue()


def write_statement_docx(statement: Statement) -> bytes:
    """A document of one table with a repeated heading row, in landscape A4, for printing and signing."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    style = document.styles["Normal"]
    style.font.size = Pt(10)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title_of(statement))
    run.bold, run.font.size = True, Pt(16)
    rows = [HEADINGS, *(cells_of(line) for line in statement.lines)]
    table = document.add_table(len(rows), len(HEADINGS), "Table Grid")
    table.autofit = False
    for column, width_mm in zip(table.columns, _WIDTHS_MM, strict=True):
        column.width = Mm(width_mm)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row, cells in zip(table.rows, rows, strict=True):
        for column, (place, cell) in enumerate(zip(row.cells, cells, strict=True)):
            place.width = Mm(_WIDTHS_MM[column])
            # A ledger may hold control characters that XML cannot.
            place.text = "".join(letter for letter in cell if letter in "\n\t" or category(letter) != "Cc")
            if column >= _FIRST_NUMBER:
                place.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph(f"未销 = 期初 + 新增承诺 - 销账。共 {len(statement.lines)} 项，{len(statement.entries)} 笔。")
    held = BytesIO()
    document.save(held)
    return held.getvalue()
