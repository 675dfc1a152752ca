"""Read the example report and open, or name, the page that shows it."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "examples/qinghe2026.txt"
PAGE = ROOT / "out/qinghe2026.html"


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    sizhang = str(Path(sys.executable).with_name("sizhang"))
    subprocess.run([sizhang, "read", str(REPORT), "--format", "html", "-o", str(PAGE)], check=True)
    subprocess.run([sizhang, "read", str(REPORT)], check=True)
    print(f"页面 Page: {PAGE}")
    if (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("darwin", "win32")) and not os.environ.get("CI"):
        webbrowser.open(PAGE.as_uri())


if __name__ == "__main__":
    main()
