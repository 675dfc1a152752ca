"""The site says everything in English too."""

from __future__ import annotations

import re
import sys
from datetime import date
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools"))  # last: `pictures` is a name of both folders

import messages  # noqa: E402

from sites import FARMING, Site  # noqa: E402
from sizhang.app.errand import ErrandOrder, open_errand  # noqa: E402

_PLACE = re.compile(r"%\((\w+)\)s|(%%)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What a file's header is called does not change with the language.
_COLUMNS = re.compile(r"编号|承诺|数量|日期|计量单位|说明|批次|牵头单位|领域|期限|万")


def test_no_text_is_without_english() -> None:
    assert messages.missing(messages.merge()) == []


def test_translations_keep_every_place_and_are_english() -> None:
    for message in messages.load():
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        for said in [message.string] if isinstance(message.string, str) else message.string[-1:]:
            assert set(_PLACE.findall(source)) == set(_PLACE.findall(said)), source
            assert not _CHINESE.search(_COLUMNS.sub("", said)), said


def test_what_is_compiled_is_what_was_translated() -> None:
    assert messages.MO.read_bytes() == messages.compiled(messages.merge()), "make messages"


@pytest.mark.parametrize("address", ["/", "/happiness/", "/search/", "/method/", "/data/", "/clue/", "/promises/{}/", "/account/login/"])
def test_public_pages_in_english_have_no_chinese_but_the_ledgers_own_words(site: Site, address: str) -> None:
    number = site.open("X1", unit="km")
    client = site.client()
    client.cookies["django_language"] = "en"
    page = unescape(client.get(address.format(number)).content.decode())
    own = ("市农业农村局", "中文", "市政府督查室", "督查一", "承诺，按编号", "一项承诺的流水", "一项承诺", "全部流水")
    for words in own:
        page = page.replace(words, "")
    assert _CHINESE.findall(page) == [], address


def test_an_errand_is_told_in_english(site: Site) -> None:
    told = ErrandOrder("Say why it is late", FARMING, "meeting", date(2026, 7, 1), by="督查一")
    number = open_errand(site.store, told).number
    for username in ("office", "reporter"):
        client = site.client(username)
        client.cookies["django_language"] = "en"
        page = unescape(client.get(f"/errands/{number}/").content.decode())
        for words in ("中文", "市农业农村局"):
            page = page.replace(words, "")
        # The form of an answer holds the words that the rule asks for.
        assert _CHINESE.findall(re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)) == []
        assert "studied and deployed the same day" in page


def test_days_and_numbers_are_said_as_each_language_does(site: Site) -> None:
    number = site.open("X1", amount="12345.5", unit="km")
    client = site.client()
    chinese = unescape(client.get(f"/promises/{number}/").content.decode())
    client.cookies["django_language"] = "en"
    english = unescape(client.get(f"/promises/{number}/").content.decode())
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日", chinese)
    assert re.search(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}\b", english)
    assert "12,345.5" in chinese and "12,345.5" in english
