"""The example report reads as it did when the golden file was made; a change must be seen and told."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from click.testing import CliRunner

from sizhang.cli.main import cli

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "examples/qinghe2026.txt"
GOLDEN = ROOT / "tests/golden/qinghe2026.jsonl"
SHOWN_MAX = 6


def describe_difference(golden: list[str], today: list[str]) -> str:
    """Say how many lines differ, show the first ones, and what to do; empty where nothing differs."""
    told = [line for line in unified_diff(golden, today, n=0, lineterm="") if line[0] in "-+" and line.strip() not in ("---", "+++")]
    if not told:
        return ""
    gone, come = (sum(line[0] == sign for line in told) for sign in "-+")
    shown = "\n".join(told[:SHOWN_MAX])
    return (
        f"{max(gone, come)} lines of {len(golden)} differ from {GOLDEN.name} ({gone} gone, {come} new), the first:\n{shown}\n"
        "If the change is meant, run `make golden`, look at its difference, and add a line to changelog.d (NUMBER.figures.md)."
    )


def test_the_example_reads_as_in_the_golden_file() -> None:
    result = CliRunner().invoke(cli, ["read", str(REPORT), "--format", "jsonl"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    difference = describe_difference(GOLDEN.read_text("utf-8").splitlines(), result.stdout.splitlines())
    assert not difference, difference


def test_a_difference_says_how_many_lines_and_what_to_do() -> None:
    golden = GOLDEN.read_text("utf-8").splitlines()
    assert len(golden) > 150
    changed = [golden[0].replace('"start"', '"begin"'), *golden[1:-1]]
    told = describe_difference(golden, changed)
    assert told.startswith(f"2 lines of {len(golden)} differ")
    assert "(2 gone, 1 new)" in told and "make golden" in told and "changelog.d" in told and "figures" in told
    assert describe_difference(golden, golden) == ""
