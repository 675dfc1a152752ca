"""Collect the site's texts for translation, and compile what was translated.

usage: messages.py [--check]

Every Chinese text of the templates and of the code goes to `src/sizhang/web/locale/en/LC_MESSAGES/django.po`; a text that is gone is
taken out, and a translation that is there is kept. The compiled `.mo` is kept in the repository, so that a fresh clone speaks English.
"""

from __future__ import annotations

import argparse
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "src/sizhang/web"
PO = WEB / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract"), ("templates/**.js", "jinja2.ext:babel_extract")]
OPTIONS = {"templates/**": {"encoding": "utf-8", "extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"_": None, "gettext": None, "gettext_noop": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


# The catalogue's dates do not move: a run that finds nothing new writes the same bytes.
_MADE = datetime(2026, 11, 25, tzinfo=UTC)


def new_catalog() -> Catalog:
    """A catalogue without texts."""
    dates: dict[str, datetime] = {"creation_date": _MADE, "revision_date": _MADE}
    who = {"project": "Sizhang", "version": "1", "msgid_bugs_address": "-", "last_translator": "-", "language_team": "en"}
    return Catalog(locale="en", charset="utf-8", header_comment="# The site in English: make messages.", fuzzy=False, **who, **dates)


def collect() -> Catalog:
    """Every text that the site says, without translations."""
    found = new_catalog()
    for name, _line, message, _comments, context in extract_from_dir(WEB, METHODS, options_map=OPTIONS, keywords=KEYWORDS, comment_tags=()):
        found.add(message, None, [(name, None)], context=context)  # type: ignore[list-item]
    return found


def load() -> Catalog:
    """The translations there are."""
    if not PO.exists():
        return new_catalog()
    with PO.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def merge() -> Catalog:
    """The texts of today with the translations there are; one that is gone is left out."""
    found, held = collect(), load()
    for message in found:
        known = held.get(message.id, context=message.context) if message.id else None
        if known is not None:
            message.string = known.string
    return found


def missing(catalog: Catalog) -> list[str]:
    """Texts without a translation."""
    return [str(message.id) for message in catalog if message.id and not all(_strings(message.string))]


def _strings(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; say which texts have no translation")
    args = parser.parse_args()
    catalog = merge()
    left = missing(catalog)
    if not args.check:
        PO.parent.mkdir(parents=True, exist_ok=True)
        with PO.open("wb") as file:
            write_po(file, catalog, width=0, omit_header=False, sort_output=True, include_lineno=False)
        MO.write_bytes(compiled(catalog))
    print(f"{len(catalog)} texts, {len(left)} without a translation")
    for text in left:
        print("  ", text)
    sys.exit(bool(left))


if __name__ == "__main__":
    main()
