"""A real browser on a real server: gunicorn on a ledger of its own, and Chromium driven by Playwright.

Where Chromium or Playwright is absent the tests say what to install: they fail on the build server (`CI=true`) and are passed over
elsewhere.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sites import PASSWORD
from sizhang.store.connection import Store, open_store

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
MISSING = "The site's tests in a browser need Chromium and Playwright: apt-get install chromium, pip install playwright."
STARTS_WITHIN_S = 30
WAIT_MS = 15_000


@dataclass
class Served:
    """The site as it runs, with its ledger."""

    address: str
    store: Store
    browser: Any

    @contextmanager
    def page(self, username: str = "", **options: Any) -> Iterator[Any]:
        """A page in a browser of its own, signed in through the form; a fault of a script or of the content policy fails the test."""
        context = self.browser.new_context(**{"locale": "zh-CN", "base_url": self.address} | options)
        context.set_default_timeout(WAIT_MS)
        page, faults = context.new_page(), []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        if username:
            page.goto("/account/login/")
            page.fill("[name=login]", username)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda url: "/login/" not in url)
        yield page
        context.close()
        assert not faults

    def standing(self, number: str) -> tuple[int, ...]:
        """What stands at promised, claimed, verified and settled, in steps."""
        sql = "SELECT b.promised, b.claimed, b.verified, b.settled FROM balance b JOIN promise p ON p.id = b.promise_id WHERE p.number = %s"
        return tuple(self.store.rows(sql, [number])[0])


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def absent(reason: str) -> None:
    """Fail on the build server, pass over elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} {MISSING}", pytrace=False)
    pytest.skip(f"{reason} {MISSING}")


@pytest.fixture(scope="module")
def served(site_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site on a fresh ledger, and a browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("Playwright is not installed.")
    if not CHROMIUM.exists():
        absent(f"{CHROMIUM} is not there.")
    folder = tmp_path_factory.mktemp("served")
    url = str(shutil.copyfile(site_template, folder / "site.ledger"))
    port = free_port()
    words = ["gunicorn", "sizhang.web.wsgi", "-w", "1", "--threads", "4", "-b", f"127.0.0.1:{port}", "--log-level", "warning"]
    environment = {**os.environ, "SIZHANG_LEDGER": url, "SIZHANG_CITY": "青禾市"}
    server = subprocess.Popen([sys.executable, "-m", *words], cwd=folder, env=environment)
    try:
        until = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < until, "the site did not start"
                time.sleep(0.1)
        with sync_playwright() as driver, open_store(url) as store:
            browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
            yield Served(f"http://127.0.0.1:{port}", store, browser)
            browser.close()
    finally:
        server.terminate()
        server.wait()
