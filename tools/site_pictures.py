"""Take the pictures of the site for the README from the demo's year, in an installed Chromium.

usage: site_pictures.py [--chromium PROGRAM] [--all FOLDER]

With --all every page is taken at three widths, in both languages, light and dark, into FOLDER, for looking at.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import subprocess
import sys
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import demo

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"
PICTURE_BYTES_MAX = 300_000
COLOURS = 256
# Name of the picture, address, and the account that sees it.
README = (
    ("public", "/", ""),
    ("ledger", "/ledger/?light=risk%2Bbroken", "duchashi"),
    ("promise", "/ledger/{更新行道树}/", "duchashi"),
    ("cadence", "/cadence/?sort=light", "duchashi"),
)
OTHERS = (
    *(("happiness", "/happiness/", ""), ("search", "/search/?text=学校", ""), ("search-none", "/search/?text=没有这样的", "")),
    *(("public-promise", "/promises/{营造林}/", ""), ("data", "/data/", ""), ("method", "/method/", ""), ("clue", "/clue/", "")),
    *(("sign-in", "/account/login/", ""), ("today", "/today/", "duchashi"), ("ledger-all", "/ledger/", "duchashi")),
    *(("ledger-none", "/ledger/?text=没有这样的", "duchashi"), ("ledger-groups", "/ledger/?group=body", "duchashi")),
    *(("promise-twice", "/ledger/{营造林}.06/", "duchashi"), ("promise-beyond", "/ledger/{口袋公园}.01/", "duchashi")),
    *(("cadence-one", "/cadence/{更新行道树}/", "duchashi"), ("bodies", "/bodies/", "duchashi"), ("body", "/bodies/南岭区/", "duchashi")),
    *(("body-unasked", "/bodies/教育局/", "duchashi"), ("reports", "/reports/", "duchashi"), ("report", "/reports/1/", "duchashi")),
    *(("notices", "/notices/", "duchashi"), ("errands", "/errands/", "duchashi"), ("errand", "/errands/E2026-001/", "duchashi")),
    *(("log", "/log/", "duchashi"), ("clues", "/clues/", "duchashi"), ("settle", "/ledger/{空心村}.05/settle/", "duchashi")),
    *(("amend", "/ledger/{更新行道树}/amend/", "duchashi"), ("shown", "/promises/{更新行道树}/shown/", "duchashi")),
    *(("exceptions", "/exceptions/", "lingdao"), ("inquiries", "/inquiries/", "daibiao"), ("claims", "/claims/", "nanling")),
    *(("today-reporter", "/today/", "nanling"), ("claim", "/ledger/{空心村}.06/claim/", "nanling")),
    *(("today-verifier", "/today/", "hecha"), ("verify", "/ledger/{空心村}.05/verify/", "hecha"), ("queue", "/verify/", "hecha")),
    *(("field", "/field/", "hecha"), ("administration", "/administration/", "guanli"), ("two-steps", "/account/2fa/", "guanli")),
    *((f"admin-{name}", f"/administration/{name}/", "guanli") for name in ("bodies", "people", "accounts", "rules", "calendar", "years")),
)
TO_ITS_FOOT = "chart => scrollTo(0, chart.getBoundingClientRect().bottom + scrollY - innerHeight + 40)"
WIDTHS = (1280, 768, 360)


def address_of(address: str) -> str:
    """An address in which words in braces stand for the number of the promise that has them."""
    from sizhang.store.connection import open_store
    from sizhang.store.registers import load_promises

    words = re.search(r"\{(.+?)\}", address)
    if words is None:
        return address
    with open_store(str(demo.LEDGER)) as store:
        number = next(one.number for one in load_promises(store, 2026) if words[1] in one.title and not one.parent)
    return address.replace(words[0], number)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def open_page(browser: Any, base: str, account: str, password: str, **options: Any) -> Any:
    """A page in a window of its own, signed in as `account` where it is not empty."""
    context = browser.new_context(**options)
    page = context.new_page()
    if account:
        page.goto(f"{base}/account/login/")
        page.fill("[name=login]", account)
        page.fill("[name=password]", password)
        page.click("main button")
    return page


def small_png(picture: bytes) -> bytes:
    """A PNG of few colours: the pages have few, and so the file is small."""
    from PIL import Image

    out = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def take_readme(browser: Any, base: str, password: str) -> None:
    """The four pictures of the README."""
    for name, address, account in README:
        page = open_page(browser, base, account, password, viewport={"width": 1280, "height": 800}, locale="zh-CN")
        page.goto(base + address_of(address))
        if name == "promise":
            # What its year looks like says more than its first lines.
            page.wait_for_load_state("networkidle")
            page.locator("svg.chart").first.evaluate(TO_ITS_FOOT)
        picture = small_png(page.screenshot())
        page.context.close()
        if len(picture) > PICTURE_BYTES_MAX:
            sys.exit(f"{name} has {len(picture):,} bytes, allowed are {PICTURE_BYTES_MAX:,}: make the view smaller.")
        (PICTURES / f"{name}.png").write_bytes(picture)
        print(f"docs/pictures/{name}.png: {len(picture):,} bytes")


def take_all(browser: Any, base: str, password: str, folder: Path) -> None:
    """Every page in every form; says which answer with a fault or scroll sideways."""
    folder.mkdir(parents=True, exist_ok=True)
    for account in sorted({account for _, _, account in (*README, *OTHERS)}):
        for width, language, scheme in product(WIDTHS, ("zh-hans", "en"), ("light", "dark")):
            options: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
            page = open_page(browser, base, account, password, **options)
            page.context.add_cookies([{"name": "django_language", "value": language, "url": base}])
            for name, address, who in (*README, *OTHERS):
                if who == account:
                    answer = page.goto(base + address_of(address))
                    page.screenshot(path=folder / f"{name}-{width}-{language[:2]}-{scheme}.png", full_page=width == 360)
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    if answer.status != 200 or wide > width:
                        print(f"{address}: {answer.status}, {wide} pixels wide at {width}")
            page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"), help="the browser's program")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="take every page in every form too")
    args = parser.parse_args()
    if args.chromium is None:
        sys.exit("No Chromium was found: install it, or name its program with --chromium.")
    from playwright.sync_api import sync_playwright

    demo.make_ledger()
    password, port = demo.make_accounts(), free_port()
    base = f"http://127.0.0.1:{port}"
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    site = subprocess.Popen([gunicorn, "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "warning", "sizhang.web.wsgi"], cwd=demo.OUT)
    try:
        demo.wait_for(f"{base}/", site)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=args.chromium, args=["--no-sandbox", "--disable-gpu"])
            take_readme(browser, base, password)
            if args.all:
                take_all(browser, base, password, args.all)
            browser.close()
    finally:
        site.terminate()
        site.wait()


if __name__ == "__main__":
    main()
