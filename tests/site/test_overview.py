"""The overview that a process keeps: after every kind of write it is what a fresh one would be, and one ledger's is never another's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sites import FARMING, HOUSING, Site
from sizhang.app.claim import claim
from sizhang.app.close_period import close_period
from sizhang.app.order import Order
from sizhang.app.plan import PlanOrder, plan
from sizhang.app.reject import reject
from sizhang.app.split import Division, Part, split
from sizhang.cadence.plan import xun_of
from sizhang.store.connection import Store
from sizhang.web import overview

YEAR = date.today().year


def shown(store: Store) -> dict[str, object]:
    """All that pages show of the kept overview."""
    lights = overview.lights_of(store, YEAR)
    return {
        "promises": list(overview.overview_of(store).promises),
        "lights": {number: (light.state, light.reason, light.pace) for number, light in lights.items()},
        "rows": overview.rows_of_year(store, YEAR),
        "own": overview.own_rows(store),
    }


def check_fresh(store: Store) -> None:
    """What is kept is what is computed from nothing."""
    kept = shown(store)
    held = overview._held.pop(store.url)
    try:
        fresh = shown(store)
    finally:
        overview._held[store.url] = held
    assert kept == fresh
    assert kept["rows"]


def test_the_overview_follows_every_write(site: Site) -> None:
    store = site.store
    first, second = site.open("新建高标准农田"), site.open("改造老旧小区", unit="户", body=HOUSING)
    check_fresh(store)
    site.claim(first, "120.5")
    check_fresh(store)
    plan(store, PlanOrder(year=YEAR, by="督查一"))
    check_fresh(store)
    assert overview.lights_of(store, YEAR)[first].state
    site.claim(first, "10")
    site.verify(first, "100")
    check_fresh(store)
    reject(store, Order(first, Decimal(5), by="核查甲", text="没有"))
    check_fresh(store)
    split(store, Division(second, (Part(FARMING, "", Decimal(400), None), Part(HOUSING, "", Decimal(600), None)), by="督查一"))
    check_fresh(store)
    claim(store, Order(f"{second}.01", Decimal(7), by="农业填报"))
    check_fresh(store)
    close_period(store, [xun_of(YEAR)[0]], by="督查一")
    check_fresh(store)
    site.open("第三项")
    check_fresh(store)


def test_rows_that_did_not_move_are_taken_over(site: Site) -> None:
    still, moving = site.open("不动的"), site.open("动的")
    before = {row.promise.number: row for row in overview.rows_of_year(site.store, YEAR)}
    site.claim(moving, "1")
    after = {row.promise.number: row for row in overview.rows_of_year(site.store, YEAR)}
    assert after[still] is before[still]
    assert after[moving].balance.claimed == 100


def test_what_is_only_rehearsed_is_not_kept(site: Site) -> None:
    number = site.open("演练")
    overview.rows_of_year(site.store, YEAR)
    with site.store.rehearsal():
        claim(site.store, Order(number, Decimal(3), by="农业填报"))
        assert overview.rows_of_year(site.store, YEAR)[0].balance.claimed == 300
    assert overview.rows_of_year(site.store, YEAR)[0].balance.claimed == 0
    # Another entry now bears the number of the rehearsed one.
    site.claim(number, "5")
    assert overview.rows_of_year(site.store, YEAR)[0].balance.claimed == 500


def test_a_ledger_with_another_past_is_read_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    number = site.open("从备份回来的")
    overview.rows_of_year(site.store, YEAR)
    kept = overview._held[site.store.url]
    forged = overview.Overview(kept.version._replace(hash="00" * 32), kept.on, kept.promises, {}, kept.lights, dict(kept.rows))
    monkeypatch.setitem(overview._held, site.store.url, forged)
    site.claim(number, "2")
    assert overview.overview_of(site.store).balances[number].claimed == 200
    check_fresh(site.store)


def test_a_long_history_comes_in_pieces(site: Site) -> None:
    number = site.open("新建高标准农田")
    for _ in range(104):
        site.claim(number, "1")
    client = site.client("office")
    latest = client.get(f"/ledger/{number}/").content.decode()
    assert latest.count('<tr id="e') == 40
    assert "history=all" in latest
    first = client.get(f"/ledger/{number}/?history=all").content.decode()
    assert first.count('<tr id="e') == 100
    assert 'id="e105"' in first
    assert "?history=all&amp;page=1" in first
    second = client.get(f"/ledger/{number}/?history=all&page=1").content.decode()
    assert second.count('<tr id="e') == 5
    assert 'id="e1"' in second
