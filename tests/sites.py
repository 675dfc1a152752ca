"""A fresh site for each test: a ledger with bodies, people and accounts of every role, and test clients signed in as them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

_FOLDER = tempfile.mkdtemp(prefix="sizhang-site-")
os.environ["DJANGO_SETTINGS_MODULE"] = "sizhang.web.settings"
os.environ["SIZHANG_LEDGER"] = f"{_FOLDER}/none"
os.environ["SIZHANG_SECRET_KEY"] = "only-for-tests-" + "k" * 50

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.cache import caches  # noqa: E402
from django.db import connections  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import translation  # noqa: E402
from lxml import html  # noqa: E402

from sizhang.app.body import add_body  # noqa: E402
from sizhang.app.claim import claim  # noqa: E402
from sizhang.app.init import equip, init  # noqa: E402
from sizhang.app.open import ByHand, Opening, open_by_hand  # noqa: E402
from sizhang.app.order import NamedLot, Order  # noqa: E402
from sizhang.app.person import add_person  # noqa: E402
from sizhang.app.verify import verify  # noqa: E402
from sizhang.store.connection import Store, open_store  # noqa: E402
from sizhang.web.ledger import drop  # noqa: E402
from sizhang.web.models import Account  # noqa: E402

PASSWORD = "Qinghe-2026-pass"
FARMING, HOUSING, CHECKING, OFFICE = "市农业农村局", "市住房城乡建设局", "市核查中心", "市政府督查室"
PEOPLE = (
    ("督查一", OFFICE, ("recorder", "keeper")),
    ("督查二", OFFICE, ("recorder", "keeper")),
    ("农业填报", FARMING, ("reporter",)),
    ("住建填报", HOUSING, ("reporter",)),
    ("核查甲", CHECKING, ("verifier",)),
)
ACCOUNTS = (
    *(("office", "office", "督查一"), ("office2", "office", "督查二"), ("reporter", "reporter", "农业填报")),
    *(("other", "reporter", "住建填报"), ("verifier", "verifier", "核查甲"), ("leader", "leader", ""), ("deputy", "deputy", "")),
    ("admin", "admin", ""),
)


def point_at(url: str) -> None:
    """Let the site work on the ledger at a path."""
    connections["default"].close()
    connections.databases["default"]["NAME"] = url
    connections["default"].settings_dict["NAME"] = url
    drop()


@dataclass
class Site:
    """The site on a ledger of its own.

    Attributes:
        url: the ledger's path, for a server in a process of its own.
    """

    url: str
    store: Store

    def client(self, username: str = "") -> Client:
        """A browser in which that account has signed in; nobody where it is empty."""
        client = Client()
        if username:
            client.force_login(Account.objects.get(username=username))
        return client

    def open(self, title: str, amount: str = "1000", unit: str = "亩", body: str = FARMING) -> str:
        """Open an account by hand; gives its number."""
        hand = ByHand(title, Decimal(amount), unit, domain="rural")
        return open_by_hand(self.store, hand, Opening(2026, body, "督查一")).standings[0].promise

    def claim(self, number: str, amount: str, lots: tuple[str, ...] = (), evidence: tuple[Path, ...] = ()) -> None:
        """Claim some of it."""
        named = tuple(NamedLot(lot) for lot in lots)
        claim(self.store, Order(number, Decimal(amount), by="农业填报", lots=named, evidence=evidence))

    def verify(self, number: str, amount: str) -> None:
        """Verify some of it."""
        verify(self.store, Order(number, Decimal(amount), by="核查甲", text="现场看过，属实"))

    def standing(self, number: str) -> tuple[int, ...]:
        """What stands at promised, claimed, verified and settled, in steps."""
        sql = "SELECT b.promised, b.claimed, b.verified, b.settled FROM balance b JOIN promise p ON p.id = b.promise_id WHERE p.number = %s"
        return tuple(self.store.rows(sql, [number])[0])

    def entries(self) -> int:
        """How many entries the ledger holds."""
        return int(self.store.rows("SELECT COUNT(*) FROM entry")[0][0])


def fields_of(page: HttpResponse, action: str = "") -> dict[str, str]:
    """What a browser would send of the page's form to `action`, without the buttons."""
    forms = [
        form for form in html.fromstring(page.content.decode()).forms if (form.get("action") or "") == action and form.method == "POST"
    ]
    return {name: value for name, value in forms[-1].form_values() if name != "csrfmiddlewaretoken"}


def check_nothing_inline(page: str) -> None:
    """No script, style or handler stands in the page itself, and no address runs one."""
    tree = html.fromstring(page)
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        assert node.tag != "style", html.tostring(node)
        assert node.tag != "script" or (node.get("src") and not (node.text or "").strip()) or node.get("type") == "application/json"
        for name, value in node.attrib.items():
            assert not name.lower().startswith("on"), f"{name}={value}"
            assert name.lower() != "style", value
            assert not value.strip().lower().startswith(("javascript:", "data:text/html")), value


def furnish(store: Store) -> dict[str, int]:
    """Enter the bodies and the people; gives each person's number."""
    equip(store)
    for body in (FARMING, HOUSING, CHECKING, OFFICE):
        add_body(store, body)
    for name, body, roles in PEOPLE:
        add_person(store, name, body, roles)  # type: ignore[arg-type]
    return dict(store.rows("SELECT name, id FROM person"))


@pytest.fixture(scope="session")
def site_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with its people and accounts, made once."""
    path = tmp_path_factory.mktemp("site") / "template"
    init(str(path))
    with open_store(str(path)) as store:
        people = furnish(store)
    point_at(str(path))
    password = make_password(PASSWORD)
    Account.objects.bulk_create(
        [Account(username=name, role=role, person_id=people.get(person), password=password) for name, role, person in ACCOUNTS]
    )
    connections["default"].close()
    return path


@pytest.fixture
def site(site_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site on a fresh ledger."""
    url = str(shutil.copyfile(site_template, tmp_path / "site.ledger"))
    monkeypatch.setattr(settings, "LEDGER", url)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver", "localhost", "127.0.0.1"])
    monkeypatch.setenv("SIZHANG_LEDGER", url)
    caches["pages"].clear()
    point_at(url)
    # The test client leaves a thread in the language of its last request.
    with open_store(url) as store, translation.override(settings.LANGUAGE_CODE):
        yield Site(url, store)
    connections["default"].close()
    drop()
