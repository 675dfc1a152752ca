"""An English report is read into the same draft promises as a Chinese one. Every sentence here is invented."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizhang.core.promise import DOMAINS, DraftPromise
from sizhang.intake.document import document_of_lines
from sizhang.intake.english import find_deadline_en
from sizhang.intake.reading import read_document

REPORT = """REPORT ON THE WORK OF THE GOVERNMENT
Delivered at the Second Session of the Qinghe People's Congress on February 3, 2026
Fellow Deputies,
On behalf of the Qinghe Municipal People's Government, I now report to you.
I. Review of Work in 2025
We planted 300 hectares of trees.
The main targets for 2025 were met: GDP grew by 5.1%.
II. Main Tasks for 2026
The main targets for this year are as follows:
-- GDP growth of 4.5% to 5%;
-- CPI increase kept at around 2%.
Last year, 12,000 jobs were created.
1. Making the city greener
We will plant 210 hectares of trees, build 14 parks and cut coal use by 3%.
The share of clean heating should be raised from 61% to 70%;
and sewage treatment will reach 98% by the end of June.
We must make sure that all villages have clinics.
The bridge over the Qing River will be opened to traffic in the third quarter.
Greenery is the pride of the city.
III. Main Objectives for the Fifteenth Five-Year Plan Period
Forest cover should be increased to 41.5%.
Fellow Deputies,
Let us unite and build 100 more parks."""


def read(text: str, year: int | None = 2026) -> tuple[DraftPromise, ...]:
    return read_document(document_of_lines(text), year).promises


def in_plan(sentence: str) -> tuple[DraftPromise, ...]:
    """The promises of a sentence that stands in a plan."""
    return read(f"II. Major Tasks for 2026\n{sentence}")


def words_of(sentence: str) -> list[str]:
    return [promise.text for promise in in_plan(sentence)]


def figures_of(sentence: str) -> list[tuple[Decimal, str, str, str]]:
    return [(t.value, t.unit, t.op, t.basis) for promise in in_plan(sentence) for t in promise.targets]


def test_the_lines_of_a_report_are_opening_review_plan_and_leave() -> None:
    reading = read_document(document_of_lines(REPORT))
    assert [(s.first_line, s.last_line, s.name) for s in reading.sections] == [
        (1, 4, "other"),
        (5, 7, "review"),
        (8, 11, "plan"),
        (12, 12, "review"),
        (13, 21, "plan"),
        (22, 23, "other"),
    ]
    assert reading.year == 2026


def test_every_promise_is_the_reports_own_words_in_their_order() -> None:
    promises = read(REPORT, None)
    assert [REPORT[p.start : p.end] for p in promises] == [p.text for p in promises]
    assert [REPORT[t.start : t.end] for p in promises for t in p.targets] == [t.text for p in promises for t in p.targets]
    assert all(a.end <= b.start for a, b in pairwise(promises))
    assert [p.text for p in promises][:6] == [
        "GDP growth of 4.5% to 5%",
        "CPI increase kept at around 2%",
        "We will plant 210 hectares of trees",
        "build 14 parks",
        "cut coal use by 3%",
        "The share of clean heating should be raised from 61% to 70%",
    ]


def test_what_was_done_and_what_is_so_are_no_promises() -> None:
    texts = " ".join(p.text for p in read(REPORT))
    for words in ("300 hectares", "5.1%", "12,000", "pride", "100 more parks", "as follows"):
        assert words not in texts


@pytest.mark.parametrize(
    ("sentence", "clauses"),
    [
        ("We will mend roads; dredge rivers.", ["We will mend roads", "dredge rivers"]),
        ("We will build 3 libraries, and wages should rise.", ["We will build 3 libraries", "wages should rise"]),
        ("First, we need to improve clinics and train 90 nurses.", ["we need to improve clinics", "train 90 nurses"]),
        ("We will open a hotline to promote trade and create jobs.", ["We will open a hotline to promote trade and create jobs"]),
        ("We will support villages and towns.", ["We will support villages and towns"]),
        ("We will carry out the following four tasks:", []),
        ("The world economy will recover slowly.", []),
        ("We must adhere to our principles.", []),
    ],
)
def test_a_sentence_is_cut_where_another_undertaking_begins(sentence: str, clauses: list[str]) -> None:
    assert words_of(sentence) == clauses


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("We will increase output by around 7%.", [(Decimal(7), "%", "~", "increase")]),
        ("Emissions will be cut by at least 3.5%.", [(Decimal("3.5"), "%", ">=", "decrease")]),
        ("We will keep the jobless rate from rising above 4%.", [(Decimal(4), "%", ">", "level")]),
        ("We will ensure that the jobless rate does not rise above 4%.", [(Decimal(4), "%", "<=", "level")]),
        ("The jobless rate should stay at or below 4%.", [(Decimal(4), "%", "<=", "level")]),
        ("The allowance will be raised from 40 yuan to 55 yuan per person.", [(Decimal(55), "yuan", "=", "level")]),
        ("The allowance will be raised from 40 to 55 yuan.", [(Decimal(55), "yuan", "=", "level")]),
        ("We will build over 2.4 million housing units.", [(Decimal(2400000), "units", ">", "amount")]),
        (
            "We will spend 1.5 billion yuan, 200 million yuan more than last year.",
            [(Decimal(1500000000), "yuan", "=", "amount"), (Decimal(200000000), "yuan", "=", "increase")],
        ),
        ("With 9,000 college graduates leaving, we will hold fairs.", []),
        ("We will support those aged 70 and over.", []),
        ("We will open 5 halls (the city had 80 halls in all).", [(Decimal(5), "halls", "=", "amount")]),
    ],
)
def test_a_number_to_be_reached_is_a_target(sentence: str, figures: list[tuple[Decimal, str, str, str]]) -> None:
    assert figures_of(sentence) == figures


def test_a_range_has_both_ends() -> None:
    (target,) = read(REPORT)[0].targets
    assert (target.value, target.value_max, target.op) == (Decimal("4.5"), Decimal(5), "range")


@pytest.mark.parametrize(
    ("sentence", "kind", "strength", "domain"),
    [
        ("We must ensure that all villages have clinics.", "coverage", "ensure", "health"),
        ("Construction of the railway will begin.", "milestone", "plan", "urban"),
        ("We will work hard to reduce river pollution.", "action", "strive", "ecology"),
        ("We will train 500 teachers for rural schools.", "quantity", "plan", "education"),
        ("We will strengthen oversight of officials and fight corruption.", "action", "plan", "government"),
    ],
)
def test_kind_strength_and_domain(sentence: str, kind: str, strength: str, domain: str) -> None:
    promise = in_plan(sentence)[0]
    assert (promise.kind, promise.strength, promise.domain) == (kind, strength, domain)


@pytest.mark.parametrize(
    ("words", "deadline"),
    [
        ("by the end of June", "2026-06"),
        ("before September 20", "2026-09-20"),
        ("by the end of this year", "2026-12"),
        ("in the first half of the year", "2026-06"),
        ("in the third quarter", "2026-09"),
        ("within three years", "2028"),
        ("next year", "2027"),
        ("by 2030", "2030"),
        ("during the 15th Five-Year Plan period", "2030"),
        ("in 2026", None),
        ("as soon as possible", None),
    ],
)
def test_a_deadline_is_resolved_against_the_reports_year(words: str, deadline: str | None) -> None:
    assert find_deadline_en(f"We will build a dam {words}", 2026) == deadline


def test_a_relative_deadline_needs_a_year() -> None:
    assert find_deadline_en("We will build a dam by the end of June", None) is None


def test_the_goals_of_a_five_year_plan_end_with_it() -> None:
    promise = next(p for p in read(REPORT) if "41.5%" in p.text)
    assert promise.deadline == "2030"


def test_a_sentence_that_goes_on_in_the_next_line_is_read_whole() -> None:
    promises = in_plan("We will build\n  12 clinics and train\n  40 doctors.")
    assert [p.text for p in promises] == ["We will build\n  12 clinics", "train\n  40 doctors"]
    assert [t.value for p in promises for t in p.targets] == [12, 40]


def test_a_text_that_is_no_report_has_no_promise() -> None:
    assert read("The cat sat on the mat.\nIt was grey.") == ()


def test_a_chinese_report_with_some_english_words_is_read_as_chinese() -> None:
    text = "2026年政府工作报告\n各位代表：\n二、2026年重点工作\n新建公园9个。\n推广 GDP、CPI、AI 应用。\n完成投资9亿元。"
    assert any("新建公园9个" in promise.text for promise in read(text))


SCRAPS = st.lists(st.sampled_from([*REPORT.split("\n"), "", "-- ;", "(((", '"', "and", "1.", "from 5 to", "; and we will"]), max_size=25)


@given(SCRAPS)
def test_any_lines_are_tiled_by_sections_and_give_sound_promises(lines: list[str]) -> None:
    text = "\n".join([*lines, "We will end here."])
    reading = read_document(document_of_lines(text))
    assert [n for s in reading.sections for n in range(s.first_line, s.last_line + 1)] == list(range(1, text.count("\n") + 2))
    for promise in reading.promises:
        assert text[promise.start : promise.end] == promise.text
        assert promise.domain in DOMAINS
        assert all(promise.start <= t.start < t.end <= promise.end for t in promise.targets)
