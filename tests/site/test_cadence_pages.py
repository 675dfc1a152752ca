"""Lights and their reasons on the pages, the heat map, deficits as they are carried, the forecast."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from sites import HOUSING, Site
from sizhang.app.close_period import close_period
from sizhang.app.plan import PlanOrder, plan
from sizhang.core.period import parse_period
from sizhang.store.reading import HistoryRow, get_promise, read_history
from sizhang.web.lights import compute_lights_of
from sizhang.web.outlooks import Forecast, draw_outlook
from sizhang.web.views.cadence import days_of, xun_rows

YEAR = 2025


def text_of(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


@pytest.fixture
def planned(site: Site) -> tuple[Site, str, str]:
    """Two promises of a year that is over, planned evenly and closed until June; the first one did nothing."""
    from sizhang.app.claim import claim
    from sizhang.app.open import ByHand, Opening, open_by_hand
    from sizhang.app.order import Order

    numbers = []
    for title in ("新建高标准农田", "改造梯田"):
        hand = ByHand(title, Decimal(360), "亩", domain="rural")
        numbers.append(open_by_hand(site.store, hand, Opening(YEAR, HOUSING, "督查一")).standings[0].promise)
    plan(site.store, PlanOrder(year=YEAR, by="督查一"))
    claim(site.store, Order(numbers[1], Decimal(200), by="住建填报", on=date(YEAR, 2, 5)))
    close_period(site.store, [parse_period(f"{YEAR}-Q1"), parse_period(f"{YEAR}-Q2")], by="督查一")
    return site, numbers[0], numbers[1]


def test_a_light_has_its_reason_and_recovery_is_told_apart(planned: tuple[Site, str, str]) -> None:
    site, idle, busy = planned
    lights = compute_lights_of(site.store, date(YEAR, 7, 1))
    assert lights[idle].state in ("risk", "broken")
    assert lights[idle].reason.startswith("欠")
    # Nothing was done in January, more than all that was due in February.
    assert lights[busy].state == "recovered"
    page = text_of(site.client("office").get(f"/ledger/?year={YEAR}"))
    assert "失守" in page
    assert "补回" in page


def test_the_whole_and_its_parts_show_the_worst_light(planned: tuple[Site, str, str]) -> None:
    from sizhang.core.ledger import Balance
    from sizhang.store.reading import read_promises
    from sizhang.web.lights import Light
    from sizhang.web.rows import make_rows

    site, idle, _busy = planned
    (info,) = read_promises(site.store, idle)
    part = info._replace(number=f"{idle}.01", parent=idle)
    stands = {idle: Balance(promised=100), part.number: Balance(promised=200)}
    (row,) = make_rows([info, part], stands, {idle: Light("kept"), part.number: Light("broken")})
    assert (row.light.state, row.parts, row.balance.promised) == ("broken", 1, 300)


def test_the_map_shows_every_xun_in_words_too(planned: tuple[Site, str, str]) -> None:
    site, idle, busy = planned
    page = text_of(site.client("office").get(f"/cadence/?year={YEAR}"))
    assert page.count('class="heat"') == 2
    assert "失守 18" in page
    assert site.client("reporter").get(f"/cadence/{idle}/").status_code == 403
    assert busy not in text_of(site.client("reporter").get(f"/cadence/?year={YEAR}"))


def test_deficits_are_carried_into_what_is_left(planned: tuple[Site, str, str]) -> None:
    site, idle, _busy = planned
    from sizhang.web.lights import load_tracks_of

    track = load_tracks_of(site.store, idle, YEAR)[idle]
    rows = xun_rows(track)
    assert sum(row.plan for row in rows) == 360
    assert rows[17].owed == sum(row.plan for row in rows[:18]), "nothing was done: all that was planned is owed"
    left = sum(row.asked for row in rows[18:] if row.asked is not None)
    assert left == 360, "what is left is asked for all that is owed"
    assert rows[0].asked == rows[0].plan
    assert rows[1].asked > rows[1].plan  # type: ignore[operator]
    days = days_of(site.store, track, parse_period(f"{YEAR}-03-X1"))
    assert len(days) == 10
    assert sum(asked for _day, _working, asked, _done in days) == rows[6].plan
    assert all(asked == 0 for _day, working, asked, _done in days if not working)
    assert "逐旬" in text_of(site.client("office").get(f"/cadence/{idle}/?xun={YEAR}-03-X1"))


def test_the_years_chart_counts_claims_and_verifications_by_xun(site: Site) -> None:
    number = site.open("新建高标准农田", "360")
    site.claim(number, "100")
    site.verify(number, "60")
    info, history = get_promise(site.store, number), read_history(site.store, number)
    drawn = str(draw_outlook(info, history, None, None))
    assert "已交 100 亩" in drawn
    assert "已核 60 亩" in drawn
    assert "fan" not in drawn


def test_the_year_of_a_divided_promise_is_the_sum_of_its_parts(site: Site) -> None:
    from sizhang.app.split import Division, split
    from sizhang.app.tables import Part
    from sizhang.web.lights import load_tracks_of

    number = site.open("新建高标准农田", "360")
    split(site.store, Division(number, (Part(HOUSING, "", None, Decimal(1)),), reserve=Decimal(60), by="督查一"))
    part = f"{number}.01"
    plan(site.store, PlanOrder(part, by="督查一"))
    site.claim(part, "100")
    info, history = get_promise(site.store, number), read_history(site.store, number)
    parts = list(load_tracks_of(site.store, number, info.year).values())
    drawn = str(draw_outlook(info, history, None, None, parts))
    assert "承诺 360 亩" in drawn
    assert "已交 100 亩" in drawn
    assert drawn.count("polyline") == 3, "plan, claims and verifications"
    assert "各份之和" in text_of(site.client("office").get(f"/ledger/{number}/"))


def test_the_fan_ends_at_the_forecasts_ends(planned: tuple[Site, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from sizhang.web import outlooks
    from sizhang.web.lights import load_tracks_of

    site, _idle, busy = planned
    shares = outlooks._fan([Decimal(10 * place) for place in range(1, 37)], 18, Decimal(200), Decimal(380))
    assert (shares[0], shares[9], shares[-1], len(shares)) == (200, 290, 380, 19)
    track = load_tracks_of(site.store, busy, YEAR)[busy]
    history: list[HistoryRow] = read_history(site.store, busy)
    over = str(draw_outlook(get_promise(site.store, busy), history, track, Forecast(50, Decimal(300), Decimal(400), 0, 1200)))
    assert "fan" not in over, "a year that is over is not forecast"


def test_the_promise_page_tells_what_is_not_planned(site: Site) -> None:
    number = site.open("新建高标准农田", "360")
    page = text_of(site.client("office").get(f"/ledger/{number}/"))
    assert "没有排计划" in page
    assert site.client("office").get(f"/cadence/{number}/").status_code == 404
    assert "还没有排计划" in text_of(site.client("office").get("/cadence/"))


def test_the_forecast_comes_after_the_page(planned: tuple[Site, str, str]) -> None:
    site, idle, _busy = planned
    client = site.client("office")
    assert "正在推算" in text_of(client.get(f"/ledger/{idle}/"))
    fragment = text_of(client.get(f"/ledger/{idle}/outlook/"))
    assert "%" in fragment and "正在推算" not in fragment
    assert "正在推算" not in text_of(client.get(f"/ledger/{idle}/")), "once computed it is shown at once"


def test_a_new_lead_body_shows_at_once_on_the_kept_ledger(site: Site) -> None:
    from sizhang.app.assign import assign

    number = site.open("新建高标准农田", "360")
    client = site.client("office")
    for _time in range(2):
        assert "市农业农村局</span>" in text_of(client.get("/ledger/"))
    assign(site.store, number, HOUSING, by="督查一")
    page = text_of(client.get("/ledger/"))
    assert f"{HOUSING}</span>" in page
    assert "市农业农村局</span>" not in page


def test_a_group_that_goes_over_the_page_has_its_heading_once(site: Site) -> None:
    from decimal import Decimal

    from sizhang.app.open import ByHand, Opening, open_by_hand

    with site.store.writing():
        for place in range(150):
            open_by_hand(site.store, ByHand(f"第{place}件", Decimal(1), "个", domain="rural"), Opening(2026, HOUSING, "督查一"))
    client = site.client("office")
    first = text_of(client.get("/ledger/?group=body", HTTP_HX_REQUEST="true"))
    second = text_of(client.get("/ledger/?group=body&page=1", HTTP_HX_REQUEST="true"))
    assert (first + second).count('class="group"') == 1
    assert second.count("<tr>") == 50


def test_the_ledger_is_chosen_by_the_quarter_in_which_promises_are_due(site: Site) -> None:
    from sizhang.app.open import ByHand, Opening, open_by_hand

    for title, deadline in (("三月到期", "2026-03"), ("六月到期", "2026-06-15"), ("年底到期", "")):
        open_by_hand(site.store, ByHand(title, Decimal(1), "个", deadline=deadline), Opening(2026, HOUSING, "督查一"))
    client = site.client("office")
    shown = text_of(client.get("/ledger/?period=2026-Q2", HTTP_HX_REQUEST="true"))
    assert "六月到期" in shown
    assert "三月到期" not in shown and "年底到期" not in shown
    assert "年底到期" in text_of(client.get("/ledger/?period=2026-Q4", HTTP_HX_REQUEST="true"))
    assert "三月到期" in text_of(client.get("/ledger/?period=nonsense", HTTP_HX_REQUEST="true"))
