"""Tables in Markdown, put between their marks in a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path


def to_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put_table(page: Path, mark: str, table: str) -> None:
    """Replace what stands between `<!-- mark -->` and `<!-- /mark -->`."""
    text = page.read_text("utf-8")
    new, count = re.subn(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", lambda found: f"{found[1]}\n{table}\n\n{found[2]}", text, flags=re.S)
    if count != 1:
        raise SystemExit(f"{page.name} has {count} places for {mark}, wanted is 1.")
    page.write_text(new, "utf-8")
