"""Remake the pictures of the README from the example report, in an installed Chromium.

usage: pictures.py [--chromium PROGRAM] [--all FOLDER]

`docs/pictures/reading.png` is the page scrolled to its plan, where the marks are. With --all the page is also taken on a telephone, in
dark, in English and on paper, into FOLDER, for looking at.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "examples/qinghe2026.txt"
PICTURE = ROOT / "docs/pictures/reading.png"
PICTURE_BYTES_MAX = 300_000
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
COLOURS = 256
# The first commitment with a number, a third of the way down: the report's words are read before its list.
TO_THE_PLAN = """() => {
  const mark = document.querySelector("section.plan mark.quantity");
  scrollTo(0, mark.getBoundingClientRect().top + scrollY - innerHeight * 0.3);
}"""


def write_page(folder: Path) -> Path:
    from sizhang.intake.output import write_html
    from sizhang.intake.readers import read_file
    from sizhang.intake.reading import read_document

    page = folder / "qinghe2026.html"
    page.write_text(write_html(read_document(read_file(REPORT))), "utf-8")
    return page


def take(browser: Any, page_file: Path, plan: bool = True, **options: Any) -> bytes:
    """A PNG of what the window shows, with few colours: the page has few, and so the file is small."""
    from PIL import Image

    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(page_file.as_uri())
    if plan:
        page.evaluate(TO_THE_PLAN)
        page.locator("section.plan mark.quantity .n").first.hover()
    picture = Image.open(BytesIO(page.screenshot()))
    context.close()
    out = BytesIO()
    picture.convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def take_all(browser: Any, page_file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    phone: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
    (folder / "wide-top.png").write_bytes(take(browser, page_file, plan=False, **WIDE))
    (folder / "wide.png").write_bytes(take(browser, page_file, **WIDE))
    (folder / "phone-top.png").write_bytes(take(browser, page_file, plan=False, **phone))
    (folder / "phone.png").write_bytes(take(browser, page_file, **phone))
    (folder / "dark.png").write_bytes(take(browser, page_file, **WIDE, color_scheme="dark"))
    page = browser.new_page()
    page.goto(page_file.as_uri())
    (folder / "page.pdf").write_bytes(page.pdf(prefer_css_page_size=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"), help="the browser's program")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="take the other views too")
    args = parser.parse_args()
    if args.chromium is None:
        sys.exit("No Chromium was found: install it, or name its program with --chromium.")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("Playwright is not installed: `make pictures` installs it and runs this script.")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as name:
        browser = driver.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"])
        page_file = write_page(Path(name))
        picture = take(browser, page_file, **WIDE)
        if args.all:
            take_all(browser, page_file, args.all)
        browser.close()
    if len(picture) > PICTURE_BYTES_MAX:
        sys.exit(f"The picture has {len(picture):,} bytes, allowed are {PICTURE_BYTES_MAX:,}: make the view smaller.")
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture):,} bytes")


if __name__ == "__main__":
    main()
