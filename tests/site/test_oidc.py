"""Sign-in through an OpenID provider that runs in a process of its own: whom it lets in, and every way in which it is not believed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client

from site_browser import free_port
from sites import Site, check_nothing_inline
from sizhang.core.errors import InputError
from sizhang.web.issuer import Issuer, read_issuer
from sizhang.web.models import Account

AWAY, BACK = "/account/elsewhere/", "/account/elsewhere/back/"
NAME, CLIENT, SECRET = "市统一身份认证", "sizhang-site", "between-us-two"


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    """The provider's address."""
    port = free_port()
    program = Path(__file__).resolve().parents[1] / "oidc_provider.py"
    process = subprocess.Popen(
        [sys.executable, str(program), str(port), CLIENT, SECRET], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                requests.get(f"{address}/jwks", timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        for sub, claims in {
            "u-1": {"preferred_username": "office", "email": "office", "email_verified": True},
            "u-2": {"preferred_username": "stranger", "email": "office", "email_verified": False},
            "u-3": {"preferred_username": ["office"]},
            "u-4": {"preferred_username": ""},
        }.items():
            requests.put(f"{address}/users/{sub}", json=claims, timeout=5).raise_for_status()
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def provider(running: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> str:
    """The provider, doing nothing wrong, and the site that trusts it."""
    monkeypatch.setattr(django_settings, "OIDC", Issuer(running, CLIENT, SECRET, NAME), raising=False)
    tell(running, "")
    return running


def tell(provider: str, fault: str) -> None:
    requests.put(f"{provider}/fault", data=fault, timeout=5).raise_for_status()


def sent_away(client: Client, following: str = "") -> str:
    """The address at the provider to which the site sends the browser."""
    answer = client.get(AWAY + (f"?next={quote(following)}" if following else ""))
    assert answer.status_code == 302
    return str(answer["Location"])


def come_back(away: str, sub: str = "u-1") -> str:
    """What the provider sends the browser back to, as that subject."""
    answer = requests.post(away, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix("http://testserver")


def sign_in(client: Client, sub: str = "u-1", following: str = "") -> HttpResponse:
    return client.get(come_back(sent_away(client, following), sub))  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return client.get("/ledger/").status_code == 200


def check_refused(client: Client, answer: HttpResponse, status: int, words: str) -> None:
    """Nobody is signed in, and a page of the site says why and what to do."""
    page = unescape(answer.content.decode())
    assert (answer.status_code, words in page, "怎么办" in page) == (status, True, True), page
    check_nothing_inline(answer.content.decode())
    assert not is_in(client)


# ---- in ----


def test_who_has_an_account_is_let_in_in_a_new_session_and_nothing_is_kept_of_it(provider: str) -> None:
    client, before = Client(), Account.objects.count()
    away = sent_away(client, "/notices/")
    planted = client.cookies["sessionid"].value
    answer = client.get(come_back(away))
    assert (answer.status_code, answer["Location"]) == (302, "/notices/")
    assert client.cookies["sessionid"].value != planted
    assert is_in(client)
    assert client.session["_auth_user_id"] == str(Account.objects.get(username="office").pk)
    assert Account.objects.count() == before
    from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken

    assert not any(model.objects.exists() for model in (SocialAccount, SocialApp, SocialToken))


def test_the_site_asks_for_a_code_with_state_nonce_and_proof_key_and_lets_no_address_change_it(provider: str) -> None:
    first, second = (
        parse_qs(urlsplit(sent_away(Client())).query),
        parse_qs(urlsplit(Client().get(f"{AWAY}?scope=offline&process=connect&auth_params=nonce%3Dx%26state%3Dy")["Location"]).query),
    )
    for asked in (first, second):
        assert asked["response_type"] == ["code"]
        assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["client_id"] == [CLIENT]
        assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(second[name][0]) >= 16


def test_a_claim_that_the_token_leaves_out_is_asked_for(provider: str) -> None:
    tell(provider, "only userinfo")
    client = Client()
    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_the_second_step_is_asked_for_all_the_same(provider: str) -> None:
    TOTP.activate(Account.objects.get(username="office"), "JBSWY3DPEHPK3PXP")
    assert Authenticator.objects.count() == 1
    client = Client()
    assert sign_in(client)["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(client)


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"])
def test_it_leads_nowhere_else(provider: str, away: str) -> None:
    answer = sign_in(Client(), following=away)
    assert (answer.status_code, answer["Location"]) == (302, "/today/")


# ---- not in ----


def test_who_has_no_account_gets_none(provider: str) -> None:
    for sub, words in (("u-2", "“stranger”"), ("u-3", "没有说明您是谁"), ("u-4", "没有说明您是谁"), ("office", "没有说明您是谁")):
        client, before = Client(), Account.objects.count()
        check_refused(client, sign_in(client, sub), 403, words)
        assert Account.objects.count() == before


def test_a_closed_account_stays_closed(provider: str) -> None:
    Account.objects.filter(username="office").update(is_active=False)
    client = Client()
    check_refused(client, sign_in(client), 403, "已停用")


def test_an_address_of_mail_counts_when_the_provider_has_verified_it(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "OIDC", replace(django_settings.OIDC, claim="email"))
    client = Client()
    check_refused(client, sign_in(client, "u-2"), 403, "没有核实")
    assert sign_in(client, "u-1").status_code == 302
    assert is_in(client)


@pytest.mark.parametrize(
    "fault",
    [
        *("nonce", "no nonce", "audience", "party", "issuer", "expired", "no expiry", "future", "no subject"),
        *("signature", "altered", "unsigned", "shared secret", "no token", "odd answer"),
        *("calls itself otherwise", "without TLS"),
    ],
)
def test_a_token_that_is_not_what_it_must_be_is_not_believed(provider: str, fault: str) -> None:
    client = Client()
    back = come_back(sent_away(client))
    tell(provider, fault)
    check_refused(client, client.get(back), 403, f"{NAME}送来的登录结果核对不上")
    tell(provider, "")
    assert sign_in(client).status_code == 302
    assert is_in(client), "the next one goes well"


def test_what_is_said_of_another_subject_is_not_believed(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "OIDC", replace(django_settings.OIDC, claim="upn"))
    tell(provider, "userinfo of another")
    client = Client()
    check_refused(client, sign_in(client), 403, "核对不上")


def test_an_answer_belongs_to_the_browser_that_asked_and_is_good_once(provider: str) -> None:
    client, other = Client(), Client()
    back = come_back(sent_away(client))
    check_refused(other, other.get(back), 403, "核对不上")
    tampered = back.replace("state=", "state=x")
    check_refused(client, client.get(tampered), 403, "核对不上")
    assert client.get(back).status_code == 302
    assert is_in(client)
    again = client.get(back)
    assert again.status_code == 403
    stolen = parse_qs(urlsplit(come_back(sent_away(other))).query)["code"][0]
    victim = parse_qs(urlsplit(sent_away(thief := Client())).query)["state"][0]
    check_refused(thief, thief.get(f"{BACK}?code={stolen}&state={victim}"), 403, "核对不上")


def test_the_proof_key_and_the_secret_are_what_the_provider_asks_for(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    back = come_back(sent_away(client))
    monkeypatch.setattr(django_settings, "OIDC", replace(django_settings.OIDC, client_secret="wrong"))
    check_refused(client, client.get(back), 403, "核对不上")


def test_a_cancelled_sign_in_says_so(provider: str) -> None:
    client = Client()
    answer = requests.post(sent_away(client), data={"action": "deny"}, allow_redirects=False, timeout=5)
    check_refused(client, client.get(answer.headers["Location"].removeprefix("http://testserver")), 403, f"在{NAME}取消了登录")


@pytest.mark.parametrize("fault", ["silent", "no json"])
def test_a_provider_that_fails_is_a_page_and_not_a_fault_of_ours(provider: str, fault: str) -> None:
    client = Client()
    back = come_back(sent_away(client))
    tell(provider, fault)
    check_refused(client, client.get(back), 502, f"{NAME}没有应答")
    if fault == "silent":
        check_refused(client, client.get(AWAY), 502, "用账户和口令登录")


def test_a_provider_that_is_not_there_is_a_page(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "OIDC", replace(django_settings.OIDC, url=f"http://127.0.0.1:{free_port()}"))
    client = Client()
    check_refused(client, client.get(AWAY), 502, "没有应答")
    english = Client(headers={"accept-language": "en"}).get(AWAY).content.decode()
    assert "does not answer" in english


def test_another_site_cannot_start_it(provider: str) -> None:
    client = Client(headers={"sec-fetch-site": "cross-site"})
    assert client.get(AWAY)["Location"] == "/account/login/"
    assert not client.session.keys()
    assert Client().post(AWAY).status_code == 405


# ---- the settings ----


def test_the_sign_in_page_offers_it_in_both_languages_and_keeps_where_one_was_going(provider: str) -> None:
    page = Client().get("/account/login/?next=/notices/").content.decode()
    assert f"用{NAME}登录" in page
    assert f'href="{AWAY}?next=/notices/"' in page or f'href="{AWAY}?next=%2Fnotices%2F"' in page
    assert f"Sign in with {NAME}" in Client(headers={"accept-language": "en"}).get("/account/login/").content.decode()


def test_without_a_provider_there_is_no_such_page_and_no_button(site: Site) -> None:
    assert django_settings.OIDC is None
    assert [Client().get(address).status_code for address in (AWAY, BACK)] == [404, 404]
    assert AWAY not in Client().get("/account/login/").content.decode()


def test_the_environment_names_a_provider_whole_or_not_at_all() -> None:
    whole = {"SIZHANG_OIDC_ISSUER": "https://id.example/realms/city", "SIZHANG_OIDC_CLIENT_ID": "a", "SIZHANG_OIDC_CLIENT_SECRET": "b"}
    assert read_issuer({}) is None
    assert read_issuer({"SIZHANG_OIDC_NAME": "x"}) is None
    found = read_issuer(whole)
    assert found == Issuer("https://id.example/realms/city", "a", "b", "id.example", "preferred_username")
    assert found is not None
    assert found.about == "https://id.example/realms/city/.well-known/openid-configuration"
    assert "'b'" not in repr(found), "the secret is shown nowhere"
    for name in whole:
        with pytest.raises(InputError, match=name):
            read_issuer({**whole, name: " "})
    for address in ("http://id.example", "id.example", "ftp://id.example", "https://", "javascript:1"):
        with pytest.raises(InputError, match="https"):
            read_issuer({**whole, "SIZHANG_OIDC_ISSUER": address})
    assert read_issuer({**whole, "SIZHANG_OIDC_ISSUER": "http://127.0.0.1:8400"}) is not None
