"""What is shown, as a file: the ledger as xlsx and csv, with nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from typing import Final

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from sizhang.store.exporting.csv import neutral
from sizhang.web.access import WorkRequest, needs
from sizhang.web.ledger import get_ledger
from sizhang.web.overview import overview_of
from sizhang.web.rows import Row, light_name
from sizhang.web.views.ledger import chosen_rows, parse_choice

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("read")
def ledger_file(request: WorkRequest, form: str) -> HttpResponse:
    """The rows that the address asks for."""
    years = overview_of(get_ledger()).years
    choice = parse_choice(request, years)
    table = [headings(), *(cells(row) for row in chosen_rows(request.user, choice)[1])]
    name = f"ledger-{choice.year}.{form}"
    if form == "csv":
        return as_file(write_csv(table), "text/csv; charset=utf-8", name)
    if form == "xlsx":
        return as_file(write_xlsx(table), XLSX, name)
    raise Http404


def as_file(content: bytes, media_type: str, name: str) -> HttpResponse:
    """An answer that is saved, not shown."""
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def headings() -> list[str]:
    """The first row."""
    named = [_("编号"), _("承诺"), _("单位"), _("计量单位")]
    return [*named, _("应办"), _("已销"), _("已核待销"), _("已交待核"), _("尚欠"), _("超额"), _("旬灯")]


def cells(row: Row) -> list[str]:
    """A row as text, numbers in plain digits."""
    stages = ("settled", "verified", "claimed", "promised", "surplus")
    promise = row.promise
    numbers = [f"{row.whole:f}", *(f"{row.number(stage):f}" for stage in stages)]
    return [promise.number, promise.title, promise.body, promise.unit, *numbers, light_name(row.light.state)]


def write_csv(table: list[list[str]]) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read the Chinese."""
    out = io.StringIO()
    csv.writer(out).writerows([[neutral(cell) for cell in row] for row in table])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(table: list[list[str]]) -> bytes:
    """A sheet in which every cell is a string, so that nothing is computed and no digit is lost."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for line, row in enumerate(table):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell, bold if line == 0 else None)
        sheet.freeze_panes(1, 1)
        sheet.set_column(1, 2, 36)
    return out.getvalue()
