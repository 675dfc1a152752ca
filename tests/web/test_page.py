"""The page of the example report in a real browser: what a reader sees and can do, on a screen, a telephone and paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sizhang.intake.output import write_html
from sizhang.intake.readers import read_file
from sizhang.intake.reading import read_document

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "examples/qinghe2026.txt"
CHROMIUM = Path("/usr/bin/chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: `make page` installs it and runs these tests.")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not there: install Chromium to look at the page in it.")
CONTRAST_MIN = 4.5
# Relative luminance after WCAG 2; the colours are what the browser computed.
CONTRAST = """(query) => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const rgb = channels(getComputedStyle(at).backgroundColor);
      if (rgb.length < 4 || rgb[3] > 0) return rgb;
    }
    return [255, 255, 255];
  };
  return Array.from(document.querySelectorAll(query)).map((node) => {
    const [a, b] = [light(channels(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  });
}"""
BODY_TEXT = "article p, article h2, mark, mark .n, #list a, #list .meta, #list .value, .quiet, .filters button, .parts li"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page") / "qinghe2026.html"
    out.write_text(write_html(read_document(read_file(REPORT))), "utf-8")
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture
def open_page(browser: Any, page_file: Path) -> Iterator[Any]:
    """Open the page in a fresh context; faults of its script and refusals of its content policy fail the test."""
    contexts, faults = [], []

    def open_one(**options: Any) -> Any:
        contexts.append(browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options)))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(page_file.as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == []


def test_no_request_leaves_the_page(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri(), wait_until="networkidle")
    page.locator("#filters button").first.click()
    page.close()
    assert asked == [page_file.as_uri()]


def test_the_domain_filter_hides_the_other_items(open_page: Any) -> None:
    page = open_page()
    button = page.locator('#filters button[data-value="ecology"]')
    count = int(button.locator(".num").inner_text())
    everything = page.locator("#list li:visible").count()
    assert 0 < count < everything
    button.click()
    assert page.locator("#list li:visible").count() == count
    assert page.locator('#list li:visible:not([data-domain="ecology"])').count() == 0
    assert page.locator("#shown").inner_text() == str(count)
    assert page.locator('mark[data-domain="ecology"].off').count() == 0
    assert page.locator('mark:not([data-domain="ecology"]):not(.off)').count() == 0
    button.click()
    assert page.locator("#list li:visible").count() == everything


def test_two_filters_that_nothing_fits_say_so(open_page: Any) -> None:
    page = open_page()
    pairs = page.evaluate(
        "() => { const of = (by) => [...document.querySelectorAll(`#filters [data-by=${by}]`)].map((b) => b.dataset.value);"
        " for (const d of of('domain')) for (const k of of('kind'))"
        " if (!document.querySelector(`#list [data-domain=${d}][data-kind=${k}]`)) return [d, k]; return null; }"
    )
    if pairs is None:
        pytest.skip("The example has every kind in every domain: no pair of filters is empty.")
    for value in pairs:
        page.locator(f'#filters button[data-value="{value}"]').click()
    assert page.locator("#list li:visible").count() == 0
    assert page.locator("#none").is_visible()


def test_a_number_tells_its_value_under_the_pointer(open_page: Any) -> None:
    page = open_page()
    number = page.locator("mark .n", has_text=re.compile(r"万")).first
    tip = page.locator("#tip")
    assert not tip.is_visible()
    number.hover()
    assert tip.is_visible()
    written = re.search(r"[\d.]+", number.inner_text())
    assert written is not None
    told = tip.inner_text().replace(",", "").replace("，", "")
    assert str(int(float(written.group()) * 10_000)) in told, told
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_a_number_tells_its_value_to_the_keyboard(open_page: Any) -> None:
    page = open_page()
    page.locator("mark .n").first.focus()
    box = page.locator("#tip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_sticks_out_sideways(open_page: Any, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 740})
    page.evaluate("document.getElementById('panel').open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_labels_change_to_english_and_back(open_page: Any) -> None:
    page = open_page()
    heading = page.locator("#panel summary h2")
    assert heading.inner_text() == "承诺清单"
    page.locator("#lang").click()
    assert heading.inner_text() == "Commitments"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".zh:visible").count() == 0
    page.locator("#lang").click()
    assert heading.inner_text() == "承诺清单"
    assert page.locator(".en:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_page: Any, scheme: str) -> None:
    ratios = open_page(color_scheme=scheme).evaluate(CONTRAST, BODY_TEXT)
    assert len(ratios) > 100
    assert min(ratios) >= CONTRAST_MIN


def test_the_page_is_dark_when_asked(open_page: Any) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)"
    assert max(open_page(color_scheme="dark").evaluate(ground)) < 64
    assert min(open_page(color_scheme="light").evaluate(ground)) > 192


def test_paper_has_report_and_list_but_no_controls(open_page: Any) -> None:
    """The list is printed whole, behind the report on a page of its own; buttons and the tip are not."""
    page = open_page(viewport={"width": 360, "height": 740})
    assert not page.locator("#panel").evaluate("node => node.open")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    count = page.locator("#list li").count()
    assert page.locator("#list li:visible").count() == count > 0
    assert page.locator("button:visible").count() == 0
    assert page.locator("aside").evaluate("node => getComputedStyle(node).breakBefore") == "page"
    assert page.locator("#list").evaluate("node => node.scrollHeight - node.clientHeight") <= 1
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")


def test_an_item_of_the_list_leads_to_its_words(open_page: Any) -> None:
    page = open_page()
    item = page.locator("#list li").last
    item.locator("a").click()
    mark = page.locator(f'mark[data-p="{item.get_attribute("data-p")}"]').first
    assert "here" in (mark.get_attribute("class") or "")
    box = mark.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 800
