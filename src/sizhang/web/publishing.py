"""The public pages as a static site that works from a folder: relative links, no server, no script, both languages.

It is walked as a reader would: from the first page along every link that leads to something public. What needs a server (the clue form,
the search field, sign-in, the API) is left out by the templates.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from os.path import relpath
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory
from django.urls import ResolverMatch, resolve
from django.utils import translation
from lxml import html

from sizhang.core.day import this_day
from sizhang.core.errors import InputError, Words
from sizhang.web.ledger import release

MARK: Final = "sizhang-published.txt"
LANGUAGES: Final = {"zh-hans": "", "en": "en/"}
_OTHER: Final = "/-other-language-"
# What may be walked to: names of addresses.
_PAGES: Final = frozenset({"public", "happiness", "search", "method", "data", "public_promise"})
_FILES: Final = frozenset({"promises_csv", "promises_json", "entries_csv", "entries_json", "data_package", "evidence"})
_FIRST: Final = ("/", "/search/")


@dataclass(frozen=True)
class Published:
    """Told to the templates: this page is written to a folder.

    Attributes:
        other: the same page in the other language.
        on: the day of the books.
    """

    other: str
    on: date


def publish(folder: Path, tell: Callable[[int], None] | None = None) -> int:
    """Write the public pages to a folder, whole or not at all; gives the number of files.

    Args:
        tell: called with the number of files written so far.

    Raises:
        InputError: the folder holds something that was not published by this command.
    """
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).is_file())):
        raise InputError(
            Words("文件夹里有别的文件。", "The folder holds other files."),
            where=str(folder),
            remedy=Words("请写一个新文件夹，或以前公开用过的文件夹。", "Name a new folder, or one that was published before."),
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".publishing-", dir=folder.parent))
    try:
        count = _Walk(fresh, tell or (lambda _count: None)).run()
        fresh.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        release()
    return count


class _Walk:
    """One walk over all public pages."""

    def __init__(self, root: Path, tell: Callable[[int], None]) -> None:
        self.root = root
        self.tell = tell
        self.on = this_day()
        self.waiting: list[tuple[str, str]] = [(language, address) for language in LANGUAGES for address in _FIRST]
        self.seen = set(self.waiting)
        self.files: set[str] = set()

    def run(self) -> int:
        while self.waiting:
            language, address = self.waiting.pop()
            self._page(language, address)
            self.tell(len(self.files))
        self._write(MARK, f"sizhang publish {self.on}\n".encode())
        return len(self.files)

    def _page(self, language: str, address: str) -> None:
        response = self._ask(language, address)
        if response.status_code != 200:
            return
        here = file_of(language, address)
        document = html.document_fromstring(response.content.decode())  # type: ignore[attr-defined]
        for element, attribute, link, _position in list(document.iterlinks()):
            if attribute == "action":
                continue
            target = self._follow(language, address, link)
            if target is None:
                element.drop_tag()
            else:
                element.set(attribute, quote(relpath(target[0], PurePosixPath(here).parent)) + target[1])
        self._write(here, b"<!doctype html>\n" + html.tostring(document, encoding="utf-8"))

    def _follow(self, language: str, address: str, link: str) -> tuple[str, str] | None:
        """The file that a link leads to and the place in it; None where nothing public is there."""
        if link.startswith(_OTHER):
            language, link = next(other for other in LANGUAGES if other != language), link.removeprefix(_OTHER)
        whole, fragment = urldefrag(urljoin(address, link))
        place = f"#{fragment}" if fragment else ""
        if whole.startswith("/static/"):
            return self._static(whole.removeprefix("/static/")), place
        name = resolve(urlsplit(whole).path).url_name if whole.startswith("/") else None
        if name in _PAGES:
            if (language, whole) not in self.seen:
                self.seen.add((language, whole))
                self.waiting.append((language, whole))
            return file_of(language, whole), place
        return (self._data(whole, name == "evidence"), place) if name in _FILES else None

    def _data(self, address: str, is_evidence: bool) -> str:
        """A file that is the same in every language."""
        path = address.strip("/")
        if path in self.files:
            return path
        response = self._ask("zh-hans", address)
        content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        if is_evidence:
            path += PurePosixPath(getattr(response, "filename", "")).suffix
        self._write(path, content)
        return path

    def _static(self, name: str) -> str:
        path = f"static/{name}"
        found = finders.find(name)
        if path not in self.files and isinstance(found, str):
            self._write(path, Path(found).read_bytes())
        return path

    def _ask(self, language: str, address: str) -> HttpResponseBase:
        request: HttpRequest = RequestFactory().get(address, HTTP_HOST="localhost")
        match: ResolverMatch = resolve(request.path_info)
        request.user = AnonymousUser()
        request.resolver_match = match
        request.published = Published(f"{_OTHER}{address}", self.on)  # type: ignore[attr-defined]
        with translation.override(language):
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response

    def _write(self, path: str, content: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.files.add(path)


def file_of(language: str, address: str) -> str:
    """Where a page is written: an address with a question has a name made of it."""
    parts = urlsplit(address)
    name = f"index-{sha256(parts.query.encode()).hexdigest()[:12]}.html" if parts.query else "index.html"
    return f"{LANGUAGES[language]}{parts.path.lstrip('/')}{name}"
