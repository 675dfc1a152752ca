"""The templates' environment: gettext, links, numbers as people read them, and the pictures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined

from sizhang.store.reading import number_of
from sizhang.web import rows, shapes, words
from sizhang.web.access import role_name
from sizhang.web.acts import ACTS
from sizhang.web.kept import row_piece
from sizhang.web.telling import reader_language, told


def make_environment(**options: Any) -> Environment:
    """Jinja2 with what the pages use; a name that does not exist is an error, not a gap."""
    options |= {"undefined": StrictUndefined, "autoescape": True}
    environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - it is on
    environment.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        static=staticfiles_storage.url,
        url=url_of,
        bar=shapes.draw_bar,
        row_piece=row_piece,
        steps=number_of,
        signed=words.signed,
        light_name=rows.light_name,
        domain_name=rows.domain_name,
        kind_name=rows.kind_name,
        place_name=rows.place_name,
        verb_name=words.verb_name,
        measure_name=words.measure_name,
        upload_state=words.upload_state,
        decision_name=words.decision_name,
        column_name=words.column_name,
        strength_name=words.strength_name,
        ledger_role_name=words.ledger_role_name,
        pasted_title=words.pasted_title,
        role_name=role_name,
        xun_name=words.xun_name,
        node_state=words.node_state,
        node_light=words.node_light,
        event_name=words.event_name,
        contains_form=words.contains_form,
        source_name=words.source_name,
        act_name=lambda name: ACTS.get(name, ""),
    )
    environment.filters.update(number=render_number, day=render_day, instant=render_instant, told=told)
    return environment


def url_of(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page; the same ones stand on every page."""
    return _reversed(get_script_prefix(), name, args, tuple(kwargs.items()))


@lru_cache(maxsize=20_000)
def _reversed(_prefix: str, name: str, args: tuple[object, ...], named: tuple[tuple[str, object], ...]) -> str:
    return reverse(name, args=args, kwargs=dict(named))


def render_number(number: Decimal | int | str) -> str:
    """Thousands separated, no zeros behind the last decimal that counts: 66,400 and 23.8."""
    value = Decimal(number)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def render_day(day: date) -> str:
    """A day: 2026年7月8日, 8 Jul 2026."""
    if reader_language() == "en":
        return f"{day.day} {day:%b} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def render_instant(instant: datetime) -> str:
    """An instant, in the city's time, to the minute."""
    local = timezone.localtime(instant)
    return f"{render_day(local.date())} {local:%H:%M}"
