"""Write the golden file: what `sizhang read` gives today for the example report.

`tests/test_golden.py` compares with it, so that no change of the reading passes unseen. `make golden` runs this; look at the difference.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "examples/qinghe2026.txt"
GOLDEN = ROOT / "tests/golden/qinghe2026.jsonl"
PROGRAM = "from sizhang.cli.main import main; main()"


def main() -> None:
    """Replace the golden file; it stays as it was when the reading fails."""
    GOLDEN.parent.mkdir(exist_ok=True)
    done = subprocess.run([sys.executable, "-c", PROGRAM, "read", str(REPORT), "--format", "jsonl", "-o", str(GOLDEN)], check=False)
    if done.returncode:
        sys.exit(done.returncode)
    print(f"{GOLDEN.relative_to(ROOT)}: {len(GOLDEN.read_text('utf-8').splitlines())} 条承诺 promises")


if __name__ == "__main__":
    main()
