"""What is kept in memory is never another reader's: by role, language, sign-in and after every entry."""

from __future__ import annotations

import pytest
from django.conf import settings

from sites import HOUSING, Site


@pytest.fixture
def numbers(site: Site) -> tuple[str, str]:
    """A promise of the reporter's own body, and one of another."""
    return site.open("新建高标准农田"), site.open("改造老旧小区", unit="户", body=HOUSING)


def test_each_reader_gets_his_own_page_whoever_came_before(site: Site, numbers: tuple[str, str]) -> None:
    own, others = numbers
    office, reporter, other = (site.client(name) for name in ("office", "reporter", "other"))
    for _turn in range(2):
        page = office.get("/ledger/").content.decode()
        assert "新建高标准农田" in page
        assert "改造老旧小区" in page
        page = reporter.get("/ledger/").content.decode()
        assert "新建高标准农田" in page
        assert "改造老旧小区" not in page
        page = other.get("/ledger/").content.decode()
        assert "新建高标准农田" not in page
        assert "改造老旧小区" in page
        assert f'href="/ledger/{own}/settle/"' in office.get(f"/ledger/{own}/").content.decode()
        page = reporter.get(f"/ledger/{own}/").content.decode()
        assert f'href="/ledger/{own}/claim/"' in page
        assert "/settle/" not in page
        assert reporter.get(f"/ledger/{others}/").status_code == 403
        assert "市农业农村局 · 填报人" in page
        assert "督查室" not in page.partition("</header>")[0]


def test_tokens_are_each_readers_own(site: Site, numbers: tuple[str, str]) -> None:
    first, second = site.client("office"), site.client("office2")
    for client in (first, second):
        assert client.get("/ledger/").status_code == 200
    tokens = [client.cookies[settings.CSRF_COOKIE_NAME].value for client in (first, second)]
    assert tokens[0] != tokens[1]


def test_languages_do_not_mix(site: Site, numbers: tuple[str, str]) -> None:
    chinese, english = site.client("office"), site.client("office")
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    public, abroad = site.client(), site.client()
    abroad.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for _turn in range(2):
        for client, other, address in ((chinese, english, "/ledger/"), (chinese, english, f"/ledger/{numbers[0]}/"), (public, abroad, "/")):
            said, told = client.get(address).content.decode(), other.get(address).content.decode()
            assert '<html lang="zh-CN"' in said
            assert '<html lang="en"' in told
            assert "未计划" in said or "账单" in said
            assert "未计划" not in told


def test_after_signing_out_nothing_of_the_workbench_is_left(site: Site, numbers: tuple[str, str]) -> None:
    client = site.client("office")
    assert "退出" in client.get("/").content.decode()
    assert client.get("/ledger/").status_code == 200
    client.post("/account/logout/")
    page = client.get("/")
    assert "退出" not in page.content.decode()
    assert "登录" in page.content.decode()
    answer = client.get("/ledger/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    # Nobody who has not signed in gets the page of somebody who has, and the other way round.
    assert "退出" not in site.client().get("/").content.decode()
    assert "督查一" not in site.client().get("/").content.decode()


def test_an_account_that_is_closed_is_out_at_once(site: Site, numbers: tuple[str, str]) -> None:
    from sizhang.web.models import Account

    client = site.client("reporter")
    assert client.get("/ledger/").status_code == 200
    Account.objects.filter(username="reporter").update(is_active=False)
    assert client.get("/ledger/").status_code == 302
    Account.objects.filter(username="reporter").update(is_active=True, role="leader")
    assert "改造老旧小区" in client.get("/ledger/").content.decode()


def test_an_entry_shows_at_once(site: Site, numbers: tuple[str, str]) -> None:
    own = numbers[0]
    office, public = site.client("office"), site.client()
    pages = {"/ledger/": office, f"/ledger/{own}/": office, "/": public, f"/promises/{own}/": public, "/api/v1/promises": public}
    before = {address: client.get(address).content for address, client in pages.items()}
    assert {address: client.get(address).content for address, client in pages.items() if client is public} == {
        address: content for address, content in before.items() if pages[address] is public
    }
    site.claim(own, "120.5")
    site.verify(own, "20.5")
    for address, client in pages.items():
        page = client.get(address)
        assert page.content != before[address], address
    assert '"verified":"20.5' in public.get("/api/v1/promises").content.decode()


def test_a_page_that_has_not_changed_is_not_sent_again(site: Site, numbers: tuple[str, str]) -> None:
    client = site.client()
    first = client.get("/")
    tag = first["ETag"]
    assert {one.strip() for one in first["Vary"].split(",")} >= {"Cookie", "Accept-Language"}
    assert "default-src 'self'" in first["Content-Security-Policy"]
    again = client.get("/", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert not again.content
    assert again["ETag"] == tag
    kept = client.get("/")
    assert kept["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert kept["X-Frame-Options"] == "DENY"
    site.claim(numbers[0], "300")
    site.verify(numbers[0], "300")
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200
    assert "ETag" not in site.client("office").get("/ledger/")
