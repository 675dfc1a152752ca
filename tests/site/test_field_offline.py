"""The field form in a real browser that loses its network: kept on the device, sent when it returns, booked once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from pictures import scene
from sites import PASSWORD, Site

CHROMIUM = Path("/usr/bin/chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed.")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not there: install Chromium to try the form in it.")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The site on a port of this machine."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def telephone(address: str) -> Iterator[Any]:
    """A telephone at a place on which the verifier has signed in; faults of scripts and of the content policy fail the test."""
    faults: list[str] = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        place = {"latitude": 37.5, "longitude": 112.25}
        context = browser.new_context(
            viewport={"width": 360, "height": 780},
            geolocation=place,
            permissions=["geolocation"],
            timezone_id="Asia/Shanghai",
            locale="zh-CN",
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(f"{address}/account/login/")
        page.fill("[name=login]", "verifier")
        page.fill("[name=password]", PASSWORD)
        page.click("main button.first")
        yield page
        browser.close()
    assert not faults


def until(page: Any, script: str) -> None:
    """Wait until something holds in the page: its content policy keeps Playwright's own waiting out."""
    for _try in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"Not within 20 s: {script}")


def record(page: Any, lot: str, text: str) -> None:
    page.check(f"[name=lot][value={lot}]")
    page.fill("[name=text]", text)
    page.click("button[value=verify]")


def test_findings_made_without_network_are_booked_once_when_it_returns(site: Site, address: str, telephone: Any, tmp_path: Path) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "10", tuple(f"地块{place}" for place in range(10)))
    photo = tmp_path / "现场.jpg"
    scene(7).save(photo)
    page = telephone
    page.goto(f"{address}/field/")
    page.wait_for_selector("#finding:not([hidden])")
    until(page, "caches.open('sizhang-field-1').then((cache) => cache.keys()).then((keys) => keys.length >= 5)")
    until(page, "navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("#finding:not([hidden])")
    assert page.inner_text("#net") == "没有网，先存在设备上"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_input_files("[name=evidence]", str(photo))
    record(page, "地块3", "到场看过，属实")
    page.wait_for_selector("#queue li[data-state=waiting]")
    record(page, "地块4", "到场看过，也属实")
    page.locator("#queue li[data-state=waiting]").nth(1).wait_for()
    page.reload()
    page.locator("#queue li[data-state=waiting]").nth(1).wait_for()
    before = site.entries()
    page.context.set_offline(False)
    page.locator("#queue li[data-state=sent]").nth(1).wait_for()
    page.reload()
    page.locator("#queue li[data-state=sent]").nth(1).wait_for()
    assert site.entries() == before + 2
    assert site.standing(number)[1:3] == (800, 200)
    booked = site.store.rows("SELECT text, evidence FROM entry WHERE verb = 'verify' ORDER BY seq")
    assert booked[0][0].startswith("到场看过，属实 [")
    assert "37.500000,112.250000" in booked[0][0]
    assert [bool(evidence) for _text, evidence in booked] == [True, False]


def test_a_finding_that_the_ledger_refuses_stays_on_the_device_with_its_reason(site: Site, address: str, telephone: Any) -> None:
    number = site.open("新建高标准农田")
    site.claim(number, "2", ("甲地", "乙地"))
    page = telephone
    page.goto(f"{address}/field/")
    page.wait_for_selector("#finding:not([hidden])")
    page.check("[name=lot][value=甲地]")
    # Meanwhile somebody else has verified it.
    site.verify(number, "2")
    page.fill("[name=text]", "到场看过")
    page.click("button[value=verify]")
    page.wait_for_selector("#queue li[data-state=refused]")
    assert "甲地" in page.inner_text("#queue li[data-state=refused] .fault")
