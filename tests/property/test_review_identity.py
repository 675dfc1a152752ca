"""The review sheet exported and imported unchanged is an identity, whatever stands in the report."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sizhang.core.promise import BASES, COMPARATORS, DOMAINS, KINDS, STRENGTHS, DraftPromise, Target
from sizhang.intake.document import document_of_lines
from sizhang.intake.output import write_csv, write_html, write_jsonl, write_table, write_xlsx
from sizhang.intake.output.review import merge_reviews, read_review
from sizhang.intake.reading import Reading
from sizhang.intake.sections import Section

# What spreadsheets stumble over: formulas, escapes, line ends, control characters, the separators of the targets cell.
WORDS = st.text(
    st.one_of(st.sampled_from("=+-@'\"｜|;_x000D\r\n\t \x00\x0b\x1f\ufffe<>&{}亩%万"), st.characters(exclude_categories=["Cs"])),
    max_size=30,
) | st.sampled_from(["_x000D_", "=1+1", "'a", " 空 ", "1.0", "TRUE", "2026-01-01", "http://x.y", "\r\n", "1e5"])
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**15, places=4)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """A report of a few drawn pieces; some are promises, with targets inside them."""
    pieces = draw(st.lists(WORDS.filter(bool), min_size=1, max_size=4))
    text, promises = "", []
    for piece in pieces:
        start = len(text)
        text += piece
        targets = []
        for _ in range(draw(st.integers(0, 2))):
            low = draw(st.integers(0, len(piece) - 1))
            at = start + low
            value, high = draw(NUMBERS), draw(st.none() | NUMBERS)
            unit, thing = draw(WORDS), draw(WORDS)
            op, basis = draw(st.sampled_from(COMPARATORS)), draw(st.sampled_from(BASES))
            targets.append(Target(at, start + len(piece), piece[low:], Decimal(value), unit, op, basis, thing, high))
        promises.append(
            DraftPromise(
                start,
                len(text),
                piece,
                draw(st.sampled_from(KINDS)),
                draw(st.sampled_from(DOMAINS)),
                draw(st.sampled_from(STRENGTHS)),
                draw(st.sampled_from([None, "2026", "2026-06", "2026-09-21"])),
                tuple(targets),
                draw(st.sampled_from([(), ("number",), ("date", "object")])),
                draw(st.floats(0, 1)),
            )
        )
        text += "。\n"
    lines = text.count("\n") + 1
    return Reading(document_of_lines(text, draw(WORDS)), draw(st.none() | st.just(2026)), (Section(1, lines, "plan"),), tuple(promises))


@given(readings())
@settings(deadline=None, max_examples=150)
def test_export_then_import_unchanged_is_an_identity(reading: Reading) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        path.write_bytes(write_xlsx(reading))
        rows = read_review(path)
    assert tuple(row.promise for row in rows) == reading.promises
    assert tuple(row.original for row in rows) == reading.promises
    assert all(row.decision is None for row in rows)
    merged = merge_reviews(rows, rows)
    assert (merged.disagreements, merged.agreement_share) == ((), None)


@given(readings())
@settings(deadline=None, max_examples=60)
def test_every_output_can_be_written_for_any_reading(reading: Reading) -> None:
    assert len(write_jsonl(reading).splitlines()) == len(reading.promises)
    assert write_csv(reading)
    assert write_table(reading)
    page = write_html(reading)
    assert page.count("<script>") == 1
    assert page.count('<li data-p="') == len(reading.promises)
