"""Many claims at once 批量交账: pasted from a spreadsheet or from its file; previewed, and booked all or none."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sizhang.core.errors import InputError, SizhangError
from sizhang.web.access import WorkRequest, needs
from sizhang.web.claim_table import COLUMNS, book_claims, read_claims
from sizhang.web.ledger import get_ledger
from sizhang.web.tables import split_cells

FILE_MB_MOST: Final = 5


@require_http_methods(["GET", "POST"])
@needs("claim")
def paste(request: WorkRequest) -> HttpResponse:
    """The form, and below it what was pasted with every faulty cell marked."""
    facts: dict[str, Any] = {"columns": COLUMNS, "text": "", "table": None, "fault": None}
    if request.method == "POST":
        try:
            grid = _grid_of(request)
            facts["text"] = "\n".join("\t".join(cell.replace("\t", " ").replace("\n", ";") for cell in row) for row in grid)
            table = facts["table"] = read_claims(get_ledger(), request.user, grid)
            if not table.faulty and "rehearse" not in request.POST:
                booked, again = book_claims(get_ledger(), table)
                messages.success(request, _("入账 %(booked)s 笔；早已入账 %(again)s 笔，没有重复记。") % {"booked": booked, "again": again})
                return redirect("today")
        except SizhangError as fault:
            facts["fault"] = fault
            facts["text"] = facts["text"] or request.POST.get("text", "")
    bad = facts["fault"] or (facts["table"] and facts["table"].faulty)
    return render(request, "claims.html", facts, status=422 if bad else 200)


def _grid_of(request: WorkRequest) -> list[list[str]]:
    file = request.FILES.get("file")
    if file is None:
        return split_cells(request.POST.get("text", ""))
    if (file.size or 0) > FILE_MB_MOST * 10**6:
        raise InputError(_("文件超过 %(most)s MB。") % {"most": FILE_MB_MOST}, remedy=_("分几个文件交。"))
    content = file.read()
    if content.startswith(b"PK\x03\x04"):
        return _grid_of_workbook(file, content)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return split_cells(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise InputError(_("文件既不是工作簿，也不是 UTF-8 或 GB18030 的文本。"), remedy=_("另存为 xlsx 或 CSV 再传。"))


def _grid_of_workbook(file: UploadedFile[bytes], content: bytes) -> list[list[str]]:
    from sizhang.intake.output.workbook import cell_text, read_grid

    with tempfile.TemporaryDirectory(prefix="sizhang-") as folder:
        path = Path(folder) / Path(str(file.name)).name
        path.write_bytes(content)
        return [[cell_text(cell).strip() for cell in row] for row in read_grid(path, None)]
