"""Signing in: sessions that are stolen, planted or old, passwords that are guessed, accounts that are closed, addresses that lead away."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from sites import PASSWORD, Site
from sizhang.web.models import Account

LOGIN = "/account/login/"


def sign_in(client: Client, name: str, password: str, following: str = "") -> HttpResponse:
    return client.post(LOGIN + (f"?next={following}" if following else ""), {"login": name, "password": password})  # type: ignore[return-value]


def test_signing_in_changes_the_session_and_signing_out_ends_it(site: Site) -> None:
    client = site.client()
    client.post("/clue/", {})
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = str(session.session_key)
    assert sign_in(client, "office", PASSWORD).status_code == 302
    fresh = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert fresh != planted
    stranger = site.client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert stranger.get("/ledger/").status_code == 302
    client.post("/account/logout/")
    stranger.cookies[settings.SESSION_COOKIE_NAME] = fresh
    assert stranger.get("/ledger/").status_code == 302


def test_a_session_ends_with_the_browser_and_after_eight_hours(site: Site) -> None:
    client = site.client()
    sign_in(client, "office", PASSWORD)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/ledger/").status_code == 200
    held = Session.objects.get(session_key=cookie.value)
    assert held.expire_date <= timezone.now() + timedelta(hours=8)
    held.expire_date = timezone.now() - timedelta(seconds=1)
    held.save()
    assert client.get("/ledger/")["Location"].startswith(LOGIN)


def test_an_account_that_was_closed_is_out_at_once(site: Site) -> None:
    client = site.client("office")
    assert client.get("/ledger/").status_code == 200
    Account.objects.filter(username="office").update(is_active=False)
    assert client.get("/ledger/").status_code == 302
    again = site.client()
    page = sign_in(again, "office", PASSWORD)
    assert "已停用" in page.content.decode()
    assert again.get("/ledger/").status_code == 302


def test_guessing_passwords_is_stopped_even_for_the_right_one(site: Site) -> None:
    client = site.client()
    for guess in range(5):
        sign_in(client, "office", f"wrong-{guess}")
    page = sign_in(client, "office", PASSWORD)
    assert page.status_code in (200, 429)
    assert client.get("/ledger/").status_code == 302, "signed in after five failures"
    other = site.client()
    sign_in(other, "verifier", PASSWORD)
    assert other.get("/ledger/").status_code == 200, "another account is locked out with it"


def test_nobody_learns_which_accounts_exist(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    encode = hashers.Argon2PasswordHasher.encode
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", lambda *a, **k: hashed.append("encode") or encode(*a, **k))
    verify = hashers.Argon2PasswordHasher.verify
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", lambda *a, **k: hashed.append("verify") or verify(*a, **k))
    pages, work = [], []
    for name in ("office", "nobody-1"):
        hashed.clear()
        page = sign_in(site.client(), name, "wrong-password")
        text = page.content.decode().replace(name, "NAME")
        pages.append((page.status_code, re.sub(r'value="\w{64}"', "", text)))
        work.append(len(hashed))
    assert pages[0] == pages[1]
    assert work == [1, 1], "an unknown name must cost as much as a wrong password"


def test_nobody_signs_up_or_resets_by_himself(site: Site) -> None:
    before = Account.objects.count()
    for address in ("/account/signup/", "/account/password/reset/", "/accounts/signup/"):
        assert site.client().post(address, {"username": "x", "password1": PASSWORD}).status_code == 404
    assert Account.objects.count() == before


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "https:elsewhere"]
)
def test_signing_in_and_choosing_a_language_lead_nowhere_else(site: Site, away: str) -> None:
    for answer in (
        site.client().post(LOGIN, {"login": "office", "password": PASSWORD, "next": away}),
        sign_in(site.client(), "verifier", PASSWORD, quote(away)),
        site.client().post("/preferences/", {"theme": "dark", "next": away}),
        site.client("office").post("/account/logout/", {"next": away}),
    ):
        assert answer.status_code == 302
        place = urlsplit(answer["Location"])
        assert (place.scheme, place.netloc) == ("", ""), answer["Location"]
        assert place.path.startswith("/")
        assert not place.path.startswith(("//", "/\\"))
    kept = site.client().post(LOGIN, {"login": "office", "password": PASSWORD, "next": "/notices/"})
    assert kept["Location"] == "/notices/"
