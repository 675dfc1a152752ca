"""The public pages as a folder: whole, closed in itself, and readable without a server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from lxml import html

from sites import Site
from sizhang.core.errors import InputError
from sizhang.web.models import Account, Shown
from sizhang.web.publishing import MARK, publish

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pages_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_every_link_leads_to_a_file_that_is_there(site: Site, tmp_path: Path) -> None:
    paper = tmp_path / "验收单.txt"
    paper.write_text("东坡 100 亩", "utf-8")
    number = site.open("新建高标准农田")
    site.claim(number, "100", evidence=(paper,))
    for _time in range(60):
        site.claim(number, "1")
    digest = site.store.rows("SELECT sha256 FROM evidence")[0][0]
    Shown.objects.create(sha256=digest, account=Account.objects.get(username="office"))
    folder = tmp_path / "公开 pages"
    assert publish(folder) == len([path for path in folder.rglob("*") if path.is_file()])
    for page in pages_of(folder):
        document = html.fromstring(page.read_text("utf-8"))
        assert not document.forms, page
        for _element, _attribute, link, _position in document.iterlinks():
            path, _place = urldefrag(link)
            assert not urlsplit(link).scheme and not path.startswith("/"), (page, link)
            assert (page.parent / unquote(path)).resolve().is_file(), (page, link)
    assert (folder / f"evidence/{digest}.txt").read_text("utf-8") == "东坡 100 亩"
    assert (folder / "data/entries.csv").read_text("utf-8-sig").count("\n") == 63
    assert 'lang="en"' in (folder / f"en/promises/{number}/index.html").read_text("utf-8")


def test_evidence_that_is_not_public_is_not_written(site: Site, tmp_path: Path) -> None:
    paper = tmp_path / "名单.txt"
    paper.write_text("某人", "utf-8")
    number = site.open("新建高标准农田")
    site.claim(number, "100", evidence=(paper,))
    folder = tmp_path / "public"
    publish(folder)
    assert not (folder / "evidence").exists()
    assert not any("名单.txt" in page.read_text("utf-8") for page in pages_of(folder))


def test_a_folder_of_somebody_is_left_alone_and_an_older_one_replaced(site: Site, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").write_text("x", "utf-8")
    with pytest.raises(InputError, match="other files"):
        publish(own)
    assert [path.name for path in own.iterdir()] == ["letter.txt"]
    folder = tmp_path / "public"
    publish(folder)
    (folder / "stale.html").write_text("x", "utf-8")
    site.open("新建高标准农田")
    publish(folder)
    assert not (folder / "stale.html").exists()
    assert (folder / MARK).is_file()
    assert "新建高标准农田" in (folder / "search/index.html").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".publishing")) == []


def test_the_command_writes_it_and_says_in_two_lines_what_is_wrong(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    program = [str(Path(sys.executable).with_name("sizhang"))]
    done = subprocess.run([*program, "--ledger", site.url, "publish", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "index.html").is_file()
    own = tmp_path / "own"
    own.mkdir()
    (own / "letter.txt").touch()
    for ledger, target, told in ((site.url, own, "other files"), (str(tmp_path / "none"), folder, "no ledger")):
        done = subprocess.run([*program, "--ledger", ledger, "publish", str(target)], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert told in done.stderr
        assert len(done.stderr.strip().splitlines()) == 2


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_it_works_in_a_browser_from_the_disk(site: Site, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    number = site.open("新建高标准农田")
    folder = tmp_path / "public"
    publish(folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 360, "height": 740})
        failed: list[str] = []
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.goto((folder / "index.html").as_uri())
        page.click("nav >> text=查一查")
        page.click("text=新建高标准农田")
        assert page.url.endswith(f"promises/{number}/index.html")
        assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).borderTopStyle") == "solid"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click("text=English")
        assert "/en/" in page.url
        assert page.locator("h2", has_text="Five numbers").is_visible()
        browser.close()
    assert failed == []
