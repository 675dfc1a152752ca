"""The review of a report's drafts: reading the file in the background, the rows of each reviewer, and what comes of them.

A decision on the site is a row of the review sheet (`intake.output`): the same cells, checked by the same rules.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from sizhang.core.errors import SizhangError
from sizhang.core.promise import DraftPromise
from sizhang.intake.output.decided import decided_promises
from sizhang.intake.output.review import Disagreement, MergedReview, ReviewRow, check_rows, merge_reviews
from sizhang.intake.output.sheet import EDITABLE, make_id, normalise_cell, pack_promise, render_cells, unpack_promise
from sizhang.store.connection import Store
from sizhang.web.models import Decision, Draft, Upload

RUNNING: Final = ("waiting", "text", "reading")
# A reading takes seconds; one that has not ended by then was killed.
_GIVEN_UP_AFTER: Final = timedelta(minutes=15)


def path_of(store: Store, upload: Upload) -> Path:
    """Where an uploaded file waits until it has been read."""
    return store.folder.with_suffix(".uploads") / f"{upload.pk}-{Path(upload.name).name[-80:]}"


def start_reading(upload: Upload) -> None:
    """Read it in a process of its own, which outlives this request and cannot slow the others down."""
    command = [sys.executable, "-m", "sizhang.web", "read_upload", str(upload.pk)]
    environment = {**_environment(), "SIZHANG_LEDGER": settings.LEDGER}
    subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own program


def _environment() -> Mapping[str, str]:
    import os

    return os.environ


def read_upload(upload: Upload, path: Path) -> None:
    """Read the file and store its drafts; whatever goes wrong is told on the upload's page."""
    from sizhang.intake.readers import read_file
    from sizhang.intake.reading import read_document

    try:
        _advance(upload, "text")
        document = read_file(path)
        _advance(upload, "reading")
        reading = read_document(document, upload.year)
    except SizhangError as fault:
        _advance(upload, "failed", str(fault))
        return
    except Exception as fault:
        _advance(upload, "failed", f"{type(fault).__name__}。请换一种格式再传。Send it in another format.")
        raise
    finally:
        path.unlink(missing_ok=True)
    Draft.objects.filter(upload=upload).delete()
    packed = [pack_promise(promise, document.text) for promise in reading.promises]
    Draft.objects.bulk_create([Draft(upload=upload, number=number, packed=cell) for number, cell in enumerate(packed, start=1)])
    upload.text, upload.format = document.text, document.format
    _advance(upload, "review")


def _advance(upload: Upload, state: str, fault: str = "") -> None:
    upload.state, upload.fault = state, fault
    upload.save()


def check_alive(upload: Upload) -> None:
    """A reading that was killed on the way is failed, so that it can be sent again."""
    if upload.state in RUNNING and timezone.now() - upload.made_at > _GIVEN_UP_AFTER:
        _advance(upload, "failed", "读取中断了。请重新上传。The reading was interrupted; send the file again.")


@dataclass
class Review:
    """The review of one upload: its drafts, and what each reviewer has decided."""

    upload: Upload

    @cached_property
    def drafts(self) -> list[Draft]:
        """In the order of the report."""
        return list(Draft.objects.filter(upload=self.upload).order_by("number"))

    @cached_property
    def promises(self) -> dict[int, DraftPromise]:
        """What the reader found, by number."""
        return {draft.number: unpack_promise(draft.packed)[0] for draft in self.drafts}

    @cached_property
    def decisions(self) -> dict[str, dict[int, Decision]]:
        """By reviewer and number, the reviewer who began first coming first."""
        found = Decision.objects.filter(draft__upload=self.upload).select_related("draft", "account").order_by("id")
        out: dict[str, dict[int, Decision]] = {}
        for one in found:
            out.setdefault(one.account.username, {})[one.draft.number] = one
        return out

    def cells(self, number: int, decision: Decision | None) -> dict[str, str]:
        """The row of the review sheet for a draft and a decision on it."""
        draft = next(one for one in self.drafts if one.number == number)
        return cells_of(draft, decision.decision if decision else "", decision.cells if decision else {})

    def rows(self, reviewer: str) -> tuple[ReviewRow, ...]:
        """All rows of a reviewer, undecided ones included.

        Raises:
            ReviewError: some are faulty.
        """
        own = self.decisions.get(reviewer, {})
        raw = [(one.number, self.cells(one.number, own.get(one.number))) for one in self.drafts]
        return check_rows(raw, self.upload.name)

    def side_by_side(self) -> MergedReview | None:
        """The first two reviewers; None where fewer than two have decided anything."""
        reviewers = list(self.decisions)[:2]
        return merge_reviews(self.rows(reviewers[0]), self.rows(reviewers[1])) if len(reviewers) == 2 else None

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Where the first two reviewers decided differently."""
        both = self.side_by_side()
        return both.disagreements if both else ()

    @property
    def undecided(self) -> list[int]:
        """Drafts on which nobody has decided."""
        decided = {number for own in self.decisions.values() for number in own}
        return [draft.number for draft in self.drafts if draft.number not in decided]

    def outcome(self) -> list[tuple[str, DraftPromise]]:
        """What would be opened: the lead body (empty for the upload's) and the promise; where two decided, they agree.

        Raises:
            SizhangError: a decision does not fit with the others.
        """
        first: dict[int, Decision] = {}
        for own in self.decisions.values():
            for number, decision in own.items():
                first.setdefault(number, decision)
        raw = [(one.number, self.cells(one.number, first.get(one.number))) for one in self.drafts]
        decided = decided_promises(check_rows(raw, self.upload.name), self.upload.text)
        return [(str(first[row.row].cells.get("body", "")), promise) for row, promise in decided]


def cells_of(draft: Draft, decision: str, given: Mapping[str, str]) -> dict[str, str]:
    """A draft's row of the review sheet with what a reviewer wrote into it."""
    promise = unpack_promise(draft.packed)[0]
    shown = {name: normalise_cell(cell) for name, cell in render_cells(promise).items()}
    edited = {name: normalise_cell(given[name]) for name in EDITABLE if name in given} if decision == "edit" else {}
    return {
        "number": str(draft.number),
        "missing": "",
        "confidence": "",
        **shown,
        **edited,
        "decision": decision,
        "parts": normalise_cell(given.get("parts", "")),
        "note": normalise_cell(given.get("note", "")),
        "id": make_id(promise),
        "original": draft.packed,
    }
