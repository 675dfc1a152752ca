"""The reading against reports labelled by hand, with the scorer that belongs to the labels."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from sizhang.intake.document import document_of_lines
from sizhang.intake.output.jsonl import write_jsonl
from sizhang.intake.reading import Reading, read_document

SHARED = Path(__file__).resolve().parents[2] / "shared"
GOLD = SHARED / "gold"
NAMES = ("shanxi2026", "national2019", "taiyuan2023")
LINES_LEAST = 0.99
COMMITMENTS_LEAST = 0.92

pytestmark = pytest.mark.skipif(
    not (GOLD / "score.py").is_file(), reason="The labelled reports are not beside the repository (../shared/gold): nothing to score."
)


@cache
def read_gold(name: str) -> Reading:
    return read_document(document_of_lines((GOLD / f"{name}.txt").read_text("utf-8")))


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_put_in_their_section(name: str) -> None:
    found = {n: s.name for s in read_gold(name).sections for n in range(s.first_line, s.last_line + 1)}
    labels = json.loads((GOLD / f"{name}.sections.json").read_text("utf-8"))
    lines = [(number, part) for first, last, part in labels for number in range(first, last + 1)]
    wrong = [(number, part, found.get(number)) for number, part in lines if found.get(number) != part]
    share = 1 - len(wrong) / len(lines)
    assert share >= LINES_LEAST, f"{name}: {share:.3f} of {len(lines)} lines are right, least {LINES_LEAST}; wrong: {wrong[:5]}"


def test_the_shipped_model_finds_the_commitments(tmp_path: Path) -> None:
    """The model has learned from this text too: this guards against a broken model file, not against poor learning."""
    out = tmp_path / "shanxi2026.jsonl"
    out.write_text(write_jsonl(read_gold("shanxi2026")), "utf-8")
    command = [sys.executable, str(GOLD / "score.py"), str(GOLD / "shanxi2026.jsonl"), str(out)]
    figures = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    found = re.search(r"commitments F1 ([01]\.\d+)", figures)
    assert found, f"the scorer printed no figure for commitments: {figures}"
    assert float(found.group(1)) >= COMMITMENTS_LEAST, figures
