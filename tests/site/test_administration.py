"""Administration: each form, what it refuses, and a year taken in from a pasted table, whole or not at all."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest

from sites import FARMING, HOUSING, PASSWORD, Site, fields_of
from sizhang.store.registers import load_bodies, load_rules
from sizhang.web.models import Account


def text_of(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def test_a_body_with_its_place_is_entered(site: Site) -> None:
    client = site.client("admin")
    assert client.post("/administration/bodies/", {"name": "阳河县人民政府", "parent": FARMING, "place": "140921"}).status_code == 302
    assert load_bodies(site.store)["阳河县人民政府"].place == "140921"
    assert "阳河县人民政府" in text_of(client.get("/administration/bodies/"))


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("bodies", {"name": ""}),
        ("bodies", {"name": "甲县", "place": "990000"}),
        ("bodies", {"name": "甲县", "parent": "没有的单位"}),
        ("people", {"name": "新人", "body": FARMING}),
        ("people", {"name": "农业填报", "body": HOUSING, "roles": "reporter"}),
        ("accounts", {"username": "admin", "role": "admin", "password": PASSWORD}),
        ("accounts", {"username": "new", "role": "king", "password": PASSWORD}),
        ("accounts", {"username": "new", "role": "reporter", "password": PASSWORD}),
        ("accounts", {"username": "new", "role": "leader", "password": "short"}),
        ("rules", {"text": "notice_days = -1"}),
        ("rules", {"text": "no_such_rule = 1"}),
        ("rules", {"text": "[[["}),
        ("calendar", {"calendar": '[2027]\nholidays = ["2026-01-01"]'}),
        ("calendar", {"prices": "cap_minutes = -1"}),
        ("years", {"carry": "1", "year": "1999"}),
    ],
)
def test_what_is_wrong_is_told_beside_the_form_and_changes_nothing(site: Site, page: str, given: dict[str, str]) -> None:
    before = (len(load_bodies(site.store)), Account.objects.count(), load_rules(site.store), site.entries())
    answer = site.client("admin").post(f"/administration/{page}/", given)
    assert answer.status_code == 422
    assert 'role="alert"' in text_of(answer)
    assert (len(load_bodies(site.store)), Account.objects.count(), load_rules(site.store), site.entries()) == before


def test_an_account_is_made_signs_in_and_is_closed(site: Site) -> None:
    admin = site.client("admin")
    given = {"username": "county", "role": "reporter", "person": "农业填报", "password": "Another-2026-word"}
    assert admin.post("/administration/accounts/", given).status_code == 302
    made = Account.objects.get(username="county")
    assert made.check_password("Another-2026-word")
    assert "Another-2026-word" not in made.password
    visitor = site.client()
    assert visitor.post("/account/login/", {"login": "county", "password": "Another-2026-word"}).status_code == 302
    assert admin.post(f"/administration/accounts/{made.pk}/").status_code == 302
    assert visitor.get("/today/").status_code == 302, "a closed account is out at once"
    own = Account.objects.get(username="admin")
    assert admin.post(f"/administration/accounts/{own.pk}/").status_code == 422
    assert Account.objects.get(username="admin").is_active


def test_a_calendar_comes_into_force(site: Site) -> None:
    from sizhang.app.cadence import load_calendar

    text = "[2030]\nholidays = ['2030-01-01..2030-01-03']\nworkdays = ['2030-01-05']\n"
    client = site.client("admin")
    assert client.post("/administration/calendar/", {"calendar": text}).status_code == 302
    calendar = load_calendar(site.store)
    assert [day.day for day in calendar.working_days(date(2030, 1, 1), date(2030, 1, 7))] == [4, 5, 7]
    assert "2030-01-01..2030-01-03" in text_of(client.get("/administration/calendar/"))


def test_rules_come_into_force(site: Site) -> None:
    assert (
        site.client("admin").post("/administration/rules/", {"text": "notice_days = 7\r\nclaim_expires_days = 30\r\n"}).status_code == 302
    )
    rules = load_rules(site.store)
    assert (rules.notice_days, rules.claim_expires_days) == (7, 30)


TABLE = "承诺\t数量\t计量单位\t牵头单位\t领域\t期限\n新建高标准农田\t3万\t亩\t{body}\t农业农村\t2025\n办好实事\t\t\t{body}\t\t\n"


def test_a_year_is_taken_in_from_a_pasted_table_once(site: Site) -> None:
    admin = site.client("admin")
    given = {"year": "2025", "text": TABLE.format(body=FARMING)}
    assert "2 行都对" in text_of(admin.post("/administration/years/", {**given, "rehearse": "1"}))
    assert site.entries() == 0
    assert admin.post("/administration/years/", given).status_code == 302
    assert admin.post("/administration/years/", given).status_code == 302
    found = site.store.rows("SELECT year, title, measure FROM promise ORDER BY number")
    assert found == [(2025, "新建高标准农田", "amount"), (2025, "办好实事", "action")]
    assert site.entries() == 2


def test_every_faulty_cell_is_marked_and_nothing_is_opened(site: Site) -> None:
    text = TABLE.format(body=FARMING) + "造林\t没有数\t亩\t没有的局\t火星\t2025-13\n\t5\t个\t市农业农村局\t\t\n"
    answer = site.client("admin").post("/administration/years/", {"year": "2025", "text": text})
    assert answer.status_code == 422
    page = text_of(answer)
    assert page.count('class="wrong"') == 5
    assert "5 处不对" in page
    assert site.entries() == 0


def test_what_is_left_of_a_year_is_carried_forward(site: Site) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "400")
    admin = site.client("admin")
    before = site.entries()
    assert "结转 1 项" in text_of(admin.post("/administration/years/", {"carry": "1", "year": "2026", "rehearse": "1"}))
    assert site.entries() == before
    assert admin.post("/administration/years/", {"carry": "1", "year": "2026"}).status_code == 302
    assert site.standing(number)[:2] == (0, 40_000)
    assert site.standing("2027-001")[0] == 60_000


def test_only_the_administrator_administers(site: Site) -> None:
    for username in ("office", "reporter", "verifier", "leader", "deputy"):
        client = site.client(username)
        for page in ("", "bodies/", "people/", "accounts/", "rules/", "years/"):
            assert client.get(f"/administration/{page}").status_code == 403
    assert fields_of(site.client("admin").get("/administration/bodies/"))["name"] == ""
