"""The page of a body: what was sent back of its claims, what it was asked, and its statement."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from sites import FARMING, HOUSING, Site
from sizhang.app.burden import Asking, ask
from sizhang.app.order import Order
from sizhang.app.reject import reject
from sizhang.core.day import VARIABLE
from sizhang.web.views.bodies import accuracy_of

MONDAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger's day is a Monday."""
    monkeypatch.setenv(VARIABLE, MONDAY.isoformat())


def text_of(site: Site, body: str, username: str = "office") -> str:
    page = unescape(site.client(username).get(f"/bodies/{body}/").content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


def test_the_share_that_went_back_is_the_median_over_promises(site: Site) -> None:
    for amount, good in (("100", "90"), ("200", "140"), ("300", "0")):
        number = site.open(f"新建高标准农田{amount}亩")
        site.claim(number, amount)
        if good != "0":
            site.verify(number, good)
        back = Decimal(amount) - Decimal(good)
        reject(site.store, Order(number, back, by="核查甲", text="现场没有"))
    unseen = site.open("改造盐碱地")
    site.claim(unseen, "10")
    found = accuracy_of(FARMING)
    assert (found.judged, found.rejected, found.middle_pct) == (5, 3, Decimal("30.0"))
    assert sorted(found.back_pct.values()) == [Decimal("10.0"), Decimal("30.0"), Decimal("100.0")]
    assert unseen not in found.back_pct
    page = text_of(site, FARMING)
    assert "30% 核过的量里退回的" in page
    assert "核过 5 笔，退回 3 笔" in page


def test_minutes_are_those_of_the_year_and_of_the_week(site: Site) -> None:
    number = site.open("新建高标准农田")
    ask(site.store, Asking(FARMING, "explanation", "为什么慢", date(2026, 9, 15), by="督查一"))
    ask(site.store, Asking(FARMING, "figure", "多少了", MONDAY, by="督查一"))
    ask(site.store, Asking(FARMING, "figure", "核了多少", MONDAY, number, "verified", by="督查一"))
    ask(site.store, Asking(HOUSING, "document", "别的单位的事", MONDAY, by="督查一"))
    page = text_of(site, FARMING)
    assert "45 分钟 2026 年问了 3 次，其中账上答了、没有去问的 1 次" in page
    assert "本周 15 分钟，上限 120 分钟。" in page
    assert page.index("核了多少") < page.index("多少了") < page.index("为什么慢")
    assert "别的单位的事" not in page
    assert "为什么慢" in text_of(site, FARMING, "reporter")


def test_a_body_that_nobody_asked_or_judged_is_told_so(site: Site) -> None:
    page = text_of(site, HOUSING)
    assert "交来的账还没有核过。" in page
    assert "2026 年没有问过它。" in page
    assert "这个单位名下没有承诺。" in page
