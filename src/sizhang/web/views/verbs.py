"""Claim 交账, verify 核账, reject 退账, settle 销账, amend 调账, reopen 回账: one form each, rehearsed before it is booked.

A form carries its own id: sent twice, it is booked once. What a verb refuses is shown above the form, with what was typed still in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sizhang.app.amend import amend
from sizhang.app.claim import claim
from sizhang.app.order import NamedLot, Order, Receipt
from sizhang.app.reject import reject
from sizhang.app.reopen import reopen
from sizhang.app.settle import settle
from sizhang.app.verify import verify
from sizhang.core.account import parse_terms
from sizhang.core.day import this_day
from sizhang.core.errors import LedgerError, SizhangError
from sizhang.core.ledger import Stage
from sizhang.core.quantity import parse_number
from sizhang.store.connection import Store
from sizhang.store.lots import standing_lots
from sizhang.store.reading import read_history
from sizhang.store.registers import PromiseRow, get_promise
from sizhang.verification.photos import check_photo
from sizhang.web.access import Action, WorkRequest, check_may, check_own, needs
from sizhang.web.closing import check_closing
from sizhang.web.drawing import draw_lots
from sizhang.web.exhibits import load_exhibits, warn_of
from sizhang.web.ledger import get_ledger
from sizhang.web.sentences import find_quotation
from sizhang.web.views.promise import reporting_bodies
from sizhang.web.words import verb_name

FILES_MOST: Final = 20
Verb = Callable[[Store, Order], Receipt]


@dataclass(frozen=True)
class Page:
    """A verb's page.

    Attributes:
        stage: from which stage it takes, so that the form can offer all that stands there.
        words: what the free text is: a note, a finding, a deciding document.
    """

    verb: Verb
    action: Action
    stage: str
    words: str
    needs_words: bool = False
    evidence: bool = False
    lots: bool = True


PAGES: Final[dict[str, Page]] = {
    "claim": Page(claim, "claim", "promised", "note", evidence=True),
    "verify": Page(verify, "verify", "claimed", "finding", needs_words=True, evidence=True),
    "reject": Page(reject, "verify", "claimed", "finding", needs_words=True),
    "settle": Page(settle, "settle", "verified", "note"),
    "amend": Page(amend, "amend", "", "document", needs_words=True, evidence=True, lots=False),
    "reopen": Page(reopen, "reopen", "settled", "finding", needs_words=True),
}


@dataclass
class Typed:
    """What was typed into the form, as text, so that it can be shown again."""

    fields: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:
        return self.fields.get(name, "")


def make_view(name: str) -> Callable[..., HttpResponse]:
    """The view of a verb."""
    page = PAGES[name]

    @require_http_methods(["GET", "POST"])
    @needs(page.action)
    def view(request: WorkRequest, number: str) -> HttpResponse:
        store = get_ledger()
        promise = get_promise(store, number)
        if request.user.role == "reporter":
            check_own(request.user, reporting_bodies(store, number), number)
        if request.method == "GET":
            return _show(request, name, promise, Typed({"client_id": str(uuid4()), "on": this_day().isoformat()}))
        return _book(request, name, promise)

    view.__name__ = name
    return view  # type: ignore[return-value]


def _book(request: WorkRequest, name: str, promise: PromiseRow) -> HttpResponse:
    typed = Typed({key: str(value) for key, value in request.POST.items()})
    store, page = get_ledger(), PAGES[name]
    try:
        with _folder_for(request) as folder:
            _check_signed(name, typed)
            order = order_of(request, promise, typed, folder)
            if "rehearse" in request.POST:
                with store.rehearsal():
                    receipt = page.verb(store, replace(order, client_id=""))
                return _show(request, name, promise, typed, receipt=receipt, alike=warn_of(store, order.evidence))
            receipt = page.verb(store, order)
    except SizhangError as fault:
        return _show(request, name, promise, typed, fault=fault)
    said = _("%(verb)s %(number)s，已入账。") % {"verb": verb_name(name), "number": promise.number}
    if receipt.again:
        said = _("这一笔早已入账，没有重复记。")
    messages.success(request, " ".join([said, *receipt.notes]))
    return redirect("promise", promise.number)


@contextmanager
def _folder_for(request: WorkRequest) -> Iterator[Path]:
    """A folder for the files of a form; none is made where it has none, as most claims have."""
    if not request.FILES:
        yield Path()
        return
    with tempfile.TemporaryDirectory(prefix="sizhang-") as folder:
        yield Path(folder)


def _check_signed(name: str, typed: Typed) -> None:
    """A write-off is signed: the keeper says that he has gone through the checklist."""
    if name == "settle" and typed.signed != "1":
        raise LedgerError(_("没有签字。"), remedy=_("看过清单，勾选“我已逐条看过，同意销账”。"))


def order_of(request: WorkRequest, promise: PromiseRow, typed: Typed, folder: Path) -> Order:
    """The order that a form asks for; files go into `folder`.

    Raises:
        SizhangError: a field cannot be read.
    """
    number, unit = _number(typed.number) if typed.number.strip() else (None, "")
    return Order(
        promise.number,
        number,
        unit,
        by=request.user.person.name if request.user.person else "",
        on=_day(typed.on),
        text=typed.text.strip(),
        client_id=typed.client_id[:100],
        lots=_lots(typed.lots),
        personal=typed.personal == "1",
        evidence=_keep_files(request.FILES.getlist("evidence"), folder),
        measured=_number(typed.measured)[0] if typed.measured.strip() else None,
        base=_number(typed.base)[0] if typed.base.strip() else None,
        surplus=typed.surplus == "1",
    )


def _number(text: str) -> tuple[Decimal, str]:
    return parse_number(text.strip())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise LedgerError(_("“%(text)s”不是日期。") % {"text": text[:20]}, remedy=_("按年-月-日写，例如 2026-07-08。")) from fault


def _lots(text: str) -> tuple[NamedLot, ...]:
    """One lot a line; the number after a comma or a tab where the lots differ in size."""
    out = []
    for line in text.splitlines():
        identity, _comma, number = line.replace("\t", ",").replace("，", ",").partition(",")
        if identity.strip():
            out.append(NamedLot(identity.strip(), _number(number)[0] if number.strip() else None))
    return tuple(out)


def _keep_files(files: list[Any], folder: Path) -> tuple[Path, ...]:
    if len(files) > FILES_MOST:
        raise LedgerError(
            _("一次交了 %(count)s 个文件，最多 %(most)s 个。") % {"count": len(files), "most": FILES_MOST}, remedy=_("分几笔交。")
        )
    out = []
    for index, file in enumerate(files):
        # The name of the sender's file is shown, never used as a path: only its last part, in a folder of its own.
        kept = folder / str(index) / Path(str(file.name)).name
        kept.parent.mkdir()
        with kept.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        check_photo(kept)
        out.append(kept)
    return tuple(out)


def _beside(name: str, promise: PromiseRow) -> dict[str, Any]:
    """What stands beside the form of a check: the claims with their evidence and the lots to visit, or the closing checklist."""
    store = get_ledger()
    if name in ("verify", "reject"):
        history = read_history(store, promise.number)
        claims = [entry for entry in history if entry.verb == "claim" and entry.promise == promise.number]
        held = [lot.identity for lot in standing_lots(store, promise.id, Stage.CLAIMED)]
        draw = draw_lots(held, claims[-1].hash if claims else "")
        return {"claims": claims, "exhibits": load_exhibits(store, claims), "draw": draw}
    if name == "settle":
        return {"points": check_closing(store, promise, read_history(store, promise.number))}
    return {}


def _show(request: WorkRequest, name: str, promise: PromiseRow, typed: Typed, **more: Any) -> HttpResponse:
    page = PAGES[name]
    check_may(request.user, page.action)
    facts = {
        "name": name,
        "page": page,
        "promise": promise,
        "test": parse_terms(promise.terms),
        "standing": promise.show(getattr(promise.balance, page.stage)) if page.stage else "",
        "typed": typed,
        "quotation": find_quotation(get_ledger(), promise.number),
        "fault": None,
        "receipt": None,
        "alike": [],
    }
    facts |= _beside(name, promise)
    return render(request, "verb.html", facts | more, status=422 if "fault" in more else 200)
