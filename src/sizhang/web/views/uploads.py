"""Report 报告, before it is in the ledger: upload, progress, the review queue, and the opening of all that was accepted."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sizhang.app.assign import assign
from sizhang.app.open import Opening, open_reading
from sizhang.app.order import Receipt
from sizhang.core.day import this_day
from sizhang.core.errors import InputError, LedgerError, SizhangError
from sizhang.core.period import YEAR_MAX, YEAR_MIN
from sizhang.core.promise import DOMAINS, KINDS, STRENGTHS, DraftPromise
from sizhang.intake.document import document_of_lines
from sizhang.intake.output.sheet import EDITABLE, normalise_cell, unpack_promise
from sizhang.intake.readers.sniff import find_kind
from sizhang.store.connection import Store
from sizhang.store.registers import get_body, load_bodies
from sizhang.web.access import WorkRequest, needs
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Decision, Draft, Upload
from sizhang.web.reviewing import RUNNING, Review, check_alive, path_of, start_reading

REPORT_MB_MOST: Final = 50
_SNIFFED_BYTES: Final = 8_192
_WAYS: Final = ("accept", "reject", "split", "merge")


@require_POST
@needs("review")
def upload(request: WorkRequest) -> HttpResponse:
    """Take a report's file and begin to read it."""
    file = request.FILES.get("file")
    given = request.POST.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else this_day().year
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise LedgerError(_("年份 %(year)s 不对。") % {"year": year}, remedy=_("填写报告安排的那一年，例如 2026。"))
    body = get_body(get_ledger(), request.POST.get("body", "")).name
    _check_file(file)
    assert file is not None
    made = Upload.objects.create(name=str(file.name)[-400:], year=year, body=body, made_by=request.user)
    path = path_of(get_ledger(), made)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    start_reading(made)
    return redirect("upload", made.pk)


def _check_file(file: UploadedFile[bytes] | None) -> None:
    from pathlib import Path

    if file is None or not file.size:
        raise InputError(_("没有收到文件，或文件是空的。"), remedy=_("选好报告文件再上传。"))
    if file.size > REPORT_MB_MOST * 10**6:
        raise InputError(
            _("文件有 %(size)s MB，上限是 %(most)s MB。") % {"size": f"{file.size / 1e6:.0f}", "most": REPORT_MB_MOST},
            remedy=_("导出不含图片的版本，或只传文字部分。"),
        )
    # What it is decides its content, whatever it is called; a file of no kind that can be read is refused before it is kept.
    file.seek(0)
    find_kind(file.read() if file.size <= 2**21 else file.read(_SNIFFED_BYTES), Path(str(file.name)))
    file.seek(0)


@needs("review")
def upload_page(request: WorkRequest, upload_id: int) -> HttpResponse:
    """An upload: its progress while it is read, then its drafts and what has been decided."""
    found = get_object_or_404(Upload, pk=upload_id)
    check_alive(found)
    facts: dict[str, Any] = {"upload": found, "running": found.state in RUNNING, "review": None, "receipt": None}
    if found.state not in RUNNING and request.htmx:
        # The progress is over: the whole page is loaded anew.
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.state == "review":
        facts |= _review_facts(request, Review(found))
    return render(request, "parts/progress.html" if request.htmx else "upload.html", facts)


def _review_facts(request: WorkRequest, review: Review) -> dict[str, Any]:
    own = review.decisions.get(request.user.username, {})
    apart = {one.first.row for one in review.disagreements}
    return {
        "review": review,
        "own": own,
        "apart": apart,
        "others": {name: held for name, held in review.decisions.items() if name != request.user.username},
        "next": next((draft.number for draft in review.drafts if draft.number not in own), None),
    }


@needs("review")
def draft(request: WorkRequest, upload_id: int, number: int) -> HttpResponse:
    """One draft with the report's words around it, and the decision on it."""
    found = get_object_or_404(Draft.objects.select_related("upload"), upload_id=upload_id, number=number)
    review = Review(found.upload)
    if request.method == "POST":
        if found.upload.state != "review":
            raise LedgerError(_("这份报告已经建账，审核结束了。"), remedy=_("要改已建的账，请调账。"))
        try:
            _decide(request, review, found)
        except SizhangError as fault:
            return _show_draft(request, review, found, fault)
        following = next((one.number for one in review.drafts if one.number > number), None)
        return redirect("draft", upload_id, following) if following else redirect("upload", upload_id)
    return _show_draft(request, review, found, None)


def _decide(request: WorkRequest, review: Review, found: Draft) -> None:
    """Keep the decision once the review's own rules find nothing wrong with it."""
    given, way = request.POST, request.POST.get("decision", "")
    if way == "undo":
        Decision.objects.filter(draft=found, account=request.user).delete()
        return
    if way == "adopt":
        other = get_object_or_404(Decision, draft=found, account__username=given.get("reviewer", ""))
        way, cells = other.decision, dict(other.cells)
    else:
        if way not in _WAYS:
            raise LedgerError(_("没有选决定。"), remedy=_("接受、退回、拆分、合并，选一个。"))
        cells = {name: given.get(name, "")[:20_000] for name in (*EDITABLE, "parts", "note")}
        cells["body"] = get_body(get_ledger(), given["body"]).name if given.get("body") else ""
        changed = _changed(found, cells)
        way = "edit" if way == "accept" and changed else way
        cells["parts"] = given.get("joins", "") if way == "merge" else cells["parts"]
    kept = Decision(draft=found, account=request.user, decision=way, cells=cells)
    review.decisions.setdefault(request.user.username, {})[found.number] = kept
    review.rows(request.user.username)
    Decision.objects.update_or_create(draft=found, account=request.user, defaults={"decision": way, "cells": cells})


def _changed(found: Draft, cells: dict[str, str]) -> bool:
    from sizhang.web.reviewing import cells_of

    shown = cells_of(found, "", {})
    return any(normalise_cell(cells[name]) != shown[name] for name in EDITABLE)


def _show_draft(request: WorkRequest, review: Review, found: Draft, fault: SizhangError | None) -> HttpResponse:
    promise, window, start = unpack_promise(found.packed)
    own = review.decisions.get(request.user.username, {}).get(found.number)
    cells = review.cells(found.number, own)
    if fault:
        cells |= {name: request.POST.get(name, "") for name in (*EDITABLE, "parts", "note")}
    numbers = [one.number for one in review.drafts]
    facts = {
        "upload": found.upload,
        "draft": found,
        "promise": promise,
        "around": (window[: promise.start - start], window[promise.start - start : promise.end - start], window[promise.end - start :]),
        "cells": cells,
        "own": own,
        "body": own.cells.get("body", "") if own else "",
        "others": [held[found.number] for name, held in review.decisions.items() if name != request.user.username and found.number in held],
        "apart": next((one for one in review.disagreements if one.first.row == found.number), None),
        "near": [(other, review.promises[other]) for other in numbers if 0 < abs(other - found.number) <= 3],
        "previous": found.number - 1 if found.number - 1 in numbers else None,
        "following": found.number + 1 if found.number + 1 in numbers else None,
        "count": len(numbers),
        "kinds": KINDS,
        "domains": DOMAINS,
        "strengths": STRENGTHS,
        "bodies": sorted(load_bodies(get_ledger())),
        "fault": fault,
    }
    return render(request, "draft.html", facts, status=422 if fault else 200)


@require_POST
@needs("open")
def open_upload(request: WorkRequest, upload_id: int) -> HttpResponse:
    """Open accounts for all that was accepted, at once or not at all; or rehearse it."""
    found = get_object_or_404(Upload, pk=upload_id, state="review")
    review = Review(found)
    if review.undecided or review.disagreements:
        raise LedgerError(
            _("还有 %(undecided)s 条没有决定，%(apart)s 条两人意见不同。")
            % {"undecided": len(review.undecided), "apart": len(review.disagreements)},
            remedy=_("先把每一条决定好；意见不同的，由一人改成另一人的。"),
        )
    outcome = review.outcome()
    if not outcome:
        raise LedgerError(_("没有一条被接受。"), remedy=_("至少接受一条再建账。"))
    store, by = get_ledger(), request.user.person.name if request.user.person else ""
    if "rehearse" in request.POST:
        with store.rehearsal():
            receipt = _open_all(store, found, outcome, by)
        facts = {"upload": found, "running": False, "receipt": receipt, **_review_facts(request, review)}
        return render(request, "upload.html", facts)
    receipt = _open_all(store, found, outcome, by)
    report = store.rows("SELECT id FROM report WHERE name = %s AND text = %s", [found.name, found.text])
    found.state, found.report_id = "opened", int(report[0][0]) if report else None
    found.save()
    messages.success(request, " ".join([_("建账 %(count)s 笔。") % {"count": len(receipt.lines)}, *receipt.notes]))
    return redirect("report", found.report_id) if found.report_id else redirect("ledger")


def _open_all(store: Store, found: Upload, outcome: list[tuple[str, DraftPromise]], by: str) -> Receipt:
    document = document_of_lines(found.text, found.name, found.format)
    with store.writing():
        receipt = open_reading(store, [promise for _body, promise in outcome], document, Opening(found.year, found.body, by))
        tops = [one.promise for one in receipt.standings if one.parent is None]
        lead = {promise.text: body for body, promise in outcome if body and body != found.body}
        for one in receipt.standings:
            if one.promise in tops and one.title in lead:
                for number in [one.promise, *(child.promise for child in receipt.standings if child.parent == one.promise)]:
                    assign(store, number, lead[one.title], by=by)
        return receipt
