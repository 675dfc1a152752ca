"""Pieces of pages that are the same for many readers, kept until something that they show may have changed."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.translation import get_language
from markupsafe import Markup

from sizhang.core.day import this_day
from sizhang.store.connection import Store
from sizhang.web.rows import Row

_KEPT_S: Final = 600


def kept_piece(store: Store, template: str, what: tuple[object, ...], make: Callable[[], dict[str, Any]]) -> Markup:
    """The piece of that template, rendered in the reader's language of today's facts.

    Args:
        what: everything on which the facts depend, in `repr` form: what is shown, to whom, and the version of what it is made of.
        make: the facts; asked for only where the piece is not kept.
    """
    told = (store.url, template, this_day(), get_language(), *what)
    key = "piece:" + sha256(repr(told).encode()).hexdigest()
    held: str | None = caches["pages"].get(key)
    if held is None:
        held = render_to_string(template, {"language": get_language() or "zh-hans", **make()}, using="jinja2")
        caches["pages"].set(key, held, _KEPT_S)
    return Markup(held)  # noqa: S704 - our own template has escaped it


def row_piece(row: Row) -> Markup:
    """A row of the ledger's page in the reader's language, kept with the row: it is made anew when its promise moves."""
    language = get_language() or "zh-hans"
    piece = row.pieces.get(language)
    if piece is None:
        piece = row.pieces[language] = Markup(render_to_string("parts/ledger_row.html", {"row": row}, using="jinja2"))  # noqa: S704 - as above
    return piece
