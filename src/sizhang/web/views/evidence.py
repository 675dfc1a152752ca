"""Evidence 佐证: a file of the ledger, given to who may see it, as what its content is and never as a page of this site."""

from __future__ import annotations

import re
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from sizhang.store.evidence import path_of
from sizhang.web.access import RefusedError, WorkRequest, needs
from sizhang.web.ledger import get_ledger
from sizhang.web.models import Shown
from sizhang.web.own import names_evidence

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
# What a browser may show in place; all else is downloaded. (No browser shows a PDF in a sandbox.)
_SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif"})


def evidence(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The file with that SHA-256: to everybody where the office lets it be seen, else to those who have signed in."""
    return send(digest) if Shown.objects.filter(sha256=digest).exists() else guarded(request, digest)


@needs("read")
def guarded(request: WorkRequest, digest: str) -> FileResponse:
    """The file for somebody who has signed in; a reporter has those of its body's promises."""
    answer = send(digest)
    if request.user.role == "reporter" and not names_evidence(get_ledger(), request.user.body, digest):
        answer.close()
        raise RefusedError(
            _("这份佐证不在%(body)s的账上。") % {"body": request.user.body}, remedy=_("只能看本单位牵头或配合的承诺的佐证。")
        )
    return answer


def send(digest: str) -> FileResponse:
    """The file as an answer."""
    store = get_ledger()
    found = store.rows("SELECT name, media_type FROM evidence WHERE sha256 = %s", [digest]) if _DIGEST.fullmatch(digest) else []
    path = path_of(store, digest)
    if not found or not path.is_file():
        raise Http404
    name, media_type = found[0]
    response = FileResponse(path.open("rb"), as_attachment=media_type not in _SHOWN, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    return response
