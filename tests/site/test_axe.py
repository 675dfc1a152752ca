"""axe-core finds nothing serious on the public pages, and nothing scrolls sideways, at three widths, in both languages, light and dark.

axe-core is an npm package: `SIZHANG_AXE` names its `axe.min.js`, or npm fetches it into a temporary folder; without either the test is
skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from sites import Site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = ("/", "/happiness/", "/search/", "/method/", "/data/", "/promises/{}/", "/clue/", "/account/login/")
LOOKS = (
    (1280, "zh-hans", "light", "normal"),
    (768, "en", "auto", "normal"),
    (360, "en", "dark", "large"),
    (360, "zh-hans", "light", "large"),
)
SERIOUS = """
axe.run().then(found => found.violations
  .filter(one => ["serious", "critical"].includes(one.impact))
  .map(one => one.id + ": " + one.nodes[0].html))
"""


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core."""
    given = os.environ.get("SIZHANG_AXE")
    if given:
        return Path(given).read_text("utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm to fetch axe-core with, and SIZHANG_AXE is not set")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--prefix", str(folder), "--no-save", "--ignore-scripts", "--silent", "axe-core@4"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        pytest.skip("npm did not fetch axe-core within a minute")
    script = folder / "node_modules/axe-core/axe.min.js"
    if done.returncode or not script.is_file():
        pytest.skip(f"npm cannot fetch axe-core: {done.stderr.strip()[:200]}")
    return script.read_text("utf-8")


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        return


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The site on a port of its own."""
    from sizhang.web.wsgi import application

    server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_public_pages_are_accessible_and_fit(site: Site, address: str, axe: str) -> None:
    from playwright.sync_api import sync_playwright

    number = site.open("新建高标准农田和高效节水灌溉设施并完成配套渠系改造", amount="1234567.89")
    site.claim(number, "120.05")
    site.verify(number, "20")
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width, language, theme, size in LOOKS:
            context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
            chosen = {"django_language": language, "theme": theme, "type": size}
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in chosen.items()])
            page = context.new_page()
            for path in PAGES:
                page.goto(address + path.format(number))
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    faults.append(f"{path} scrolls sideways at {width} px in {language}, {theme}, {size}")
                page.evaluate(axe)
                faults += [f"{path} {language} {theme}: {fault}" for fault in page.evaluate(SERIOUS)]
            context.close()
        browser.close()
    assert faults == []
