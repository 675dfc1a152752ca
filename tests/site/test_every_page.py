"""Every page of the workbench on both engines, with something on it: none fails, and none asks the database often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections

from pictures import scene
from sites import ACCOUNTS, PASSWORD, Site, furnish, point_at
from sizhang.app.close_period import close_period
from sizhang.app.plan import PlanOrder, plan
from sizhang.core.period import parse_period
from sizhang.store.connection import open_store
from sizhang.store.schema import settings_of
from sizhang.web.ledger import drop
from sizhang.web.models import Account

QUESTIONS_MOST = 12
PAGES = {
    "office": (
        "/today/",
        "/ledger/",
        "/ledger/{n}/",
        "/ledger/{n}/settle/",
        "/ledger/{n}/amend/",
        "/reports/",
        "/notices/",
        "/cadence/",
        "/errands/",
        "/log/",
    ),
    "reporter": ("/today/", "/ledger/", "/ledger/{n}/claim/", "/claims/", "/cadence/{n}/"),
    "verifier": ("/today/", "/verify/", "/ledger/{n}/verify/", "/field/", "/field/tasks.json"),
    "admin": (
        "/administration/",
        "/administration/bodies/",
        "/administration/accounts/",
        "/administration/rules/",
        "/administration/calendar/",
    ),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def any_site(request: pytest.FixtureRequest, new_ledger: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site on a fresh ledger of each engine."""
    url = new_ledger(request.param)
    before = dict(connections.databases["default"])
    monkeypatch.setattr(settings, "LEDGER", url)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])
    connections["default"].close()
    del connections["default"]
    connections.databases["default"] = {**before, **settings_of(url)}
    drop()
    caches["pages"].clear()
    call_command("migrate", verbosity=0)
    with open_store(url) as store:
        people = furnish(store)
        password = make_password(PASSWORD)
        Account.objects.bulk_create(
            [Account(username=name, role=role, person_id=people.get(person), password=password) for name, role, person in ACCOUNTS]
        )
        yield Site(url, store)
    connections["default"].close()
    del connections["default"]
    connections.databases["default"] = before
    drop()
    point_at(str(before["NAME"]))


def test_every_page_answers_with_few_questions(any_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, photo = any_site, tmp_path / "现场.jpg"
    scene(3).save(photo)
    number = site.open("新建高标准农田")
    for place in range(8):
        site.open(f"第{place}项")
    site.claim(number, "40", tuple(f"地块{place}" for place in range(40)), (photo,))
    plan(site.store, PlanOrder(year=2026, by="督查一"))
    close_period(site.store, [parse_period("2026-01-X1")], by="督查一")
    asked: list[str] = []
    from sizhang.store.connection import Store

    execute = Store.execute
    monkeypatch.setattr(Store, "execute", lambda self, sql, *rest: (asked.append(sql), execute(self, sql, *rest))[1])
    for username, pages in PAGES.items():
        client = site.client(username)
        for page in pages:
            address = page.format(n=number)
            for _time in range(2):
                assert client.get(address).status_code == 200, f"{address} for {username}"
            asked.clear()
            with connections["default"].execute_wrapper(lambda run, sql, *rest: (asked.append(sql), run(sql, *rest))[1]):
                assert client.get(address).status_code == 200
            assert len(asked) <= QUESTIONS_MOST, f"{address} for {username} asks {len(asked)} times:\n" + "\n".join(asked)
