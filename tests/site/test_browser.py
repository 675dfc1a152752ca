"""The site as people use it, in headless Chromium: four verbs by four people, refusals, filters, languages, keyboard, no network, axe."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from pictures import scene
from site_browser import Served, absent, served
from sites import FARMING, HOUSING
from sizhang.app.claim import claim
from sizhang.app.open import ByHand, Opening, open_by_hand
from sizhang.app.order import NamedLot, Order
from sizhang.app.plan import PlanOrder, plan

__all__ = ["served"]

REPORT = "清溪市2026年政府工作报告\n\n二、2026年工作安排\n\n（一）新建高标准农田3万亩。\n\n（二）改造老旧小区20个。\n"


def opened(served: Served, title: str, amount: int = 1000, body: str = FARMING) -> str:
    """Open an account by hand; gives its number."""
    hand = ByHand(title, Decimal(amount), "亩", domain="rural")
    return open_by_hand(served.store, hand, Opening(2026, body, "督查一")).standings[0].promise


def test_four_people_take_a_promise_from_the_report_to_its_write_off(served: Served, tmp_path: Path) -> None:
    report, photo = tmp_path / "报告.txt", tmp_path / "东坡.png"
    report.write_text(REPORT, "utf-8")
    scene(7).save(photo)
    with served.page("office") as page:
        page.goto("/reports/")
        page.set_input_files("[name=file]", report)
        page.fill("[name=year]", "2026")
        page.select_option("[name=body]", FARMING)
        page.click("text=上传并读取")
        page.wait_for_selector("a[href*='/drafts/1/']", timeout=40_000)
        for number in (1, 2):
            page.goto(re.sub(r"(/uploads/\d+/).*", rf"\1drafts/{number}/", page.url))
            page.click("button[value=accept]")
        page.wait_for_selector("text=接受的全部建账")
        page.click("text=接受的全部建账")
        page.wait_for_selector("mark, .sheet a[href*='/ledger/']")
        page.goto("/ledger/?text=高标准农田")
        page.click("#rows a:has-text('高标准农田')")
        number = page.url.rstrip("/").rpartition("/")[2]
        assert "新建高标准农田3万亩" in page.inner_text("blockquote mark")
    assert served.standing(number) == (3_000_000, 0, 0, 0)
    with served.page("reporter") as page:
        page.goto(f"/ledger/{number}/claim/")
        page.fill("[name=number]", "3万")
        page.set_input_files("[name=evidence]", photo)
        page.click("button:has-text('先试算')")
        page.wait_for_selector("text=试算通过，尚未入账")
        assert served.standing(number)[1] == 0
        page.set_input_files("[name=evidence]", photo)
        page.click("button.first:has-text('交账')")
        page.wait_for_url(f"**/ledger/{number}/")
    assert served.standing(number)[:2] == (0, 3_000_000)
    with served.page("verifier") as page:
        page.goto("/verify/")
        page.click(f"a[href='/ledger/{number}/verify/']")
        assert page.locator(".exhibits img").count() == 1
        page.fill("[name=number]", "3万")
        page.fill("[name=text]", "逐块看过，属实")
        page.click("button.first:has-text('核账')")
        page.wait_for_url(f"**/ledger/{number}/")
    assert served.standing(number)[1:3] == (0, 3_000_000)
    with served.page("office2") as page:
        page.goto(f"/ledger/{number}/settle/")
        page.fill("[name=number]", "3万")
        page.check("[name=signed]")
        page.click("button.first:has-text('销账')")
        page.wait_for_url(f"**/ledger/{number}/")
    assert served.standing(number) == (0, 0, 0, 3_000_000)
    with served.page() as page:
        page.goto(f"/promises/{number}/")
        assert "新建高标准农田3万亩" in page.inner_text("blockquote mark")
        assert "逐块看过，属实" in page.inner_text("main")


def test_what_is_refused_says_why_and_keeps_what_was_typed(served: Served) -> None:
    number = opened(served, "改造中低产田")
    with served.page("reporter") as page:
        page.goto(f"/ledger/{number}/claim/")
        page.fill("[name=number]", "九百九十九亿")
        page.fill("[name=text]", "春季完成")
        page.click("button.first:has-text('交账')")
        assert "没有入账" in page.inner_text("[role=alert]")
        assert "怎么办" in page.inner_text("[role=alert]")
        assert page.input_value("[name=text]") == "春季完成"
    assert served.standing(number) == (100_000, 0, 0, 0)
    with served.page("other") as page:
        answer = page.goto(f"/ledger/{number}/")
        assert answer.status == 403
        assert f"不是{HOUSING}的承诺" in page.inner_text("main")


def test_the_ledger_is_filtered_in_place(served: Served) -> None:
    kept, gone = opened(served, "修建灌溉渠道"), opened(served, "种植油茶林")
    with served.page("office") as page:
        page.goto("/ledger/")
        page.evaluate("window.sameDocument = true")
        page.fill("[name=text]", "灌溉渠道")
        page.wait_for_function("number => !document.querySelector('#rows').innerText.includes(number)", arg=gone)
        assert kept in page.inner_text("#rows")
        assert "text=" in page.url
        assert page.evaluate("window.sameDocument") is True
        page.fill("[name=text]", "没有这样的承诺")
        page.wait_for_selector("#rows .empty")


def test_both_languages_from_one_button(served: Served) -> None:
    with served.page() as page:
        page.goto("/happiness/")
        assert page.get_attribute("html", "lang") == "zh-CN"
        page.click("button[value=en]")
        page.wait_for_selector("html[lang=en]")
        assert page.url.endswith("/happiness/")
        assert page.inner_text("a.mark") == "Sizhang"
        page.click("button[value=zh-hans]")
        page.wait_for_selector("html[lang=zh-CN]")
        assert "幸福清单" in page.inner_text("h1")


def tab_to(page: object, wanted: str, most: int = 60) -> None:
    """Press Tab until what has the focus fits a selector, and is to be seen."""
    for _step in range(most):
        page.keyboard.press("Tab")  # type: ignore[attr-defined]
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):  # type: ignore[attr-defined]
            style = "getComputedStyle(document.activeElement)"
            outline = page.evaluate(f"{style}.outlineStyle + {style}.boxShadow")  # type: ignore[attr-defined]
            assert outline != "nonenone", f"{wanted} shows no focus"
            return
    raise AssertionError(f"{wanted} is not reached by {most} Tabs")


def test_signing_in_and_claiming_by_keyboard_alone(served: Served) -> None:
    number = opened(served, "整治撂荒地")
    with served.page() as page:
        page.goto("/account/login/")
        tab_to(page, "a.skip")
        tab_to(page, "[name=login]")
        page.keyboard.type("reporter")
        tab_to(page, "[name=password]")
        page.keyboard.type("Qinghe-2026-pass")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        page.goto(f"/ledger/{number}/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", "the link that skips the frame does not"
        tab_to(page, f"a[href='/ledger/{number}/claim/']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/claim/")
        tab_to(page, "[name=number]")
        page.keyboard.type("12.5")
        tab_to(page, "form.fields button.first")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/ledger/{number}/")
    assert served.standing(number)[1] == 1_250


def test_findings_without_network_are_kept_and_booked_once(served: Served) -> None:
    number = opened(served, "新建田间道路", 4)
    lots = tuple(NamedLot(f"路段{place}") for place in range(4))
    claim(served.store, Order(number, Decimal(4), by="农业填报", lots=lots))
    with served.page("verifier") as page:
        page.goto("/field/")
        page.wait_for_selector(f"[name=promise] option[value='{number}']", state="attached")
        page.wait_for_function("() => navigator.serviceWorker.getRegistration().then(one => Boolean(one && one.active))")
        page.reload()
        page.wait_for_selector(f"[name=promise] option[value='{number}']", state="attached")
        page.context.set_offline(True)
        page.reload()
        page.wait_for_selector(f"[name=promise] option[value='{number}']", state="attached")
        page.select_option("[name=promise]", number)
        page.check("#lotlist input >> nth=0")
        page.fill("[name=text]", "雨天到场，路面已硬化")
        page.click("button[value=verify]")
        page.wait_for_selector("#queue li")
        assert served.standing(number)[2] == 0
        page.context.set_offline(False)
        sent = "() => !document.querySelector('#queue li') || document.querySelector('#queue').innerText.includes('已入账')"
        page.wait_for_function(sent)
        page.reload()
        page.wait_for_timeout(500)
    assert served.standing(number)[1:3] == (300, 100)
    assert len(served.store.rows("SELECT seq FROM entry WHERE verb = 'verify' AND text LIKE '雨天到场%%'")) == 1


def test_claims_pasted_with_a_fault_book_nothing_and_mark_the_cell(served: Served) -> None:
    first, second = opened(served, "栽植果树"), opened(served, "栽植桑树")
    with served.page("reporter") as page:
        page.goto("/claims/")
        page.fill("textarea >> nth=0", f"编号\t数量\t日期\n{first}\t10\t2026-07-01\n{second}\t很多\t2026-07-01\n")
        page.click("form.fields button >> nth=0")
        page.wait_for_selector(".fault, [aria-invalid=true], td.faulty")
        assert "很多" in page.inner_text("main")
    assert served.standing(first)[1] == served.standing(second)[1] == 0


WORKBENCH = ("/today/", "/ledger/", "/ledger/{number}/", "/ledger/{number}/settle/", "/reports/", "/notices/", "/bodies/", "/cadence/")
PUBLIC = ("/", "/happiness/", "/search/?text=田", "/promises/{number}/", "/clue/", "/account/login/", "/data/", "/method/", "/nowhere/")


@pytest.mark.parametrize(
    ("username", "scheme", "addresses"),
    [
        ("office", "light", WORKBENCH),
        ("office", "dark", ("/ledger/", "/ledger/{number}/")),
        ("reporter", "light", ("/ledger/{number}/claim/", "/claims/")),
        ("verifier", "light", ("/verify/", "/ledger/{number}/verify/", "/field/")),
        ("leader", "light", ("/exceptions/", "/inquiries/")),
        ("admin", "light", ("/administration/", "/administration/accounts/")),
        ("", "light", PUBLIC),
        ("", "dark", ("/", "/promises/{number}/")),
    ],
)
def test_axe_finds_no_serious_fault(served: Served, username: str, scheme: str, addresses: tuple[str, ...]) -> None:
    try:
        import axe_playwright_python
    except ImportError:
        absent("axe-playwright-python is not installed.")
    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    number = opened(served, "建设高效节水灌溉")
    claim(served.store, Order(number, Decimal(300), by="农业填报", text="已完成一部分"))
    faults = []
    with served.page(username, color_scheme=scheme) as page:
        for address in addresses:
            page.goto(address.format(number=number))
            page.evaluate(script)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            for fault in found["violations"]:
                if fault["impact"] in ("serious", "critical"):
                    node = fault["nodes"][0]
                    faults.append(f"{address} {fault['id']}: {node['html'][:120]} {node['failureSummary'][-160:]}")
    assert not faults, "\n".join(faults)


COVERED = """() => [...document.querySelectorAll("table tr")].flatMap(row => {
  const boxes = [...row.children].map(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getBoundingClientRect();
  }).filter(box => box.width && box.height);
  return boxes.some((one, at) => boxes.slice(at + 1).some(other =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1)) ? [row.innerText] : [];
})"""


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_on_a_telephone_no_cell_lies_over_another(served: Served, locale: str) -> None:
    number = opened(served, "建设高效节水灌溉和配套的田间道路、林网、电网（示范区）", 123_456)
    claim(served.store, Order(number, Decimal("98765.25"), by="农业填报", text="已完成一部分"))
    plan(served.store, PlanOrder(year=2026, by="督查一"))
    with served.page("office", viewport={"width": 360, "height": 800}, locale=locale) as page:
        for address in (
            "/today/",
            "/ledger/",
            f"/ledger/{number}/",
            "/cadence/",
            f"/cadence/{number}/",
            "/bodies/",
            f"/bodies/{FARMING}/",
            "/log/",
        ):
            page.goto(address)
            assert page.evaluate(COVERED) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_paper_is_light_and_has_nothing_to_press(served: Served) -> None:
    number = opened(served, "建设高效节水灌溉")
    claim(served.store, Order(number, Decimal(300), by="农业填报", text="已完成一部分"))
    with served.page("office", color_scheme="dark") as page:
        for address in ("/ledger/", f"/ledger/{number}/", f"/bodies/{FARMING}/", "/cadence/", "/notices/", "/"):
            page.goto(address)
            page.emulate_media(media="print", color_scheme="dark")
            seen = page.evaluate(
                "[...document.querySelectorAll('button, .button, nav, input, select')].filter(one => one.checkVisibility()).length"
            )
            assert seen == 0, address
            assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
            assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
            heads = page.evaluate("[...document.querySelectorAll('thead')].map(one => getComputedStyle(one).display)")
            assert set(heads) <= {"table-header-group"}, address
            assert page.is_visible(".printed")
            page.emulate_media(media="screen", color_scheme="dark")
            assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != "rgb(255, 255, 255)"
