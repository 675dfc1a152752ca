"""What was done is told from what is promised, and from everything around it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizhang.intake.reflow import reflow
from sizhang.intake.sections import find_year, place_paragraphs, sections_of

TEXT = (Path(__file__).resolve().parents[2] / "examples/qinghe2026.txt").read_text("utf-8")


def names_of(text: str, year: int | None = None) -> list[str]:
    """The section of every line; item 0 is line 1."""
    lines = text.count("\n") + 1
    sections = sections_of(place_paragraphs(reflow(text), year), lines)
    return [s.name for s in sections for _ in range(s.first_line, s.last_line + 1)]


def section_of(words: str, text: str = TEXT) -> str:
    assert text.count(words) == 1, f"{words} stands {text.count(words)} times in the text"
    return names_of(text)[text[: text.index(words)].count("\n")]


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("青禾市市长", "other"),
        ("示例文本", "other"),
        ("我代表青禾市人民政府", "other"),
        ("过去一年，青河两岸", "review"),
        ("生活垃圾焚烧占比达到91%", "review"),
        ("我们的困难和问题主要有", "review"),
        ("做好全年工作", "plan"),
        ("地区生产总值增长5.2%左右", "plan"),
        ("放眼“十五五”", "plan"),
        ("重污染天数不超过3天", "plan"),
        ("7.新建智慧菜市场14个", "plan"),
        ("逾期未改清零", "plan"),
        ("让我们紧密携手", "other"),
    ],
)
def test_each_part_of_the_example_is_in_its_section(words: str, section: str) -> None:
    assert section_of(words) == section


def test_the_example_is_opening_review_plan_and_leave_in_this_order() -> None:
    names = names_of(TEXT)
    assert [n for i, n in enumerate(names) if i == 0 or names[i - 1] != n][:3] == ["other", "review", "plan"]
    assert len(names) == TEXT.count("\n") + 1


def test_the_year_is_found_in_the_title() -> None:
    assert find_year(reflow(TEXT)) == 2026


def test_a_text_without_a_year_has_none() -> None:
    assert find_year(reflow("各位代表：\n现在报告工作。")) is None


def test_the_plan_of_five_years_has_its_last_year_as_horizon() -> None:
    text = (
        "2026年政府工作报告\n各位代表：\n一、“十四五”时期工作回顾\n完成了任务。\n"
        "二、“十五五”时期主要目标\n到2030年总量翻番。\n三、2026年重点工作\n新建公园9个。\n"
    )
    horizon = {p.paragraph.text: (p.section, p.horizon) for p in place_paragraphs(reflow(text))}
    assert horizon["完成了任务。"] == ("review", None)
    assert horizon["到2030年总量翻番。"] == ("plan", "2030")
    assert horizon["新建公园9个。"] == ("plan", None)


def test_an_explanation_of_words_behind_the_leave_is_no_promise() -> None:
    text = TEXT.rstrip("\n") + "\n\n名词解释\n\n揭榜挂帅：公开征集能解决难题的人，建成平台5个。\n"
    assert names_of(text)[-2] == "other"


def test_a_report_without_headings_is_cut_by_the_sentence_that_announces_the_year() -> None:
    text = "2026年政府工作报告\n各位代表：\n过去一年，我们修路9公里。\n今年经济社会发展的预期目标是：生产总值增长5%。\n修路12公里。\n"
    assert names_of(text)[2:5] == ["review", "plan", "plan"]


def test_a_blank_line_belongs_to_what_stands_before_it() -> None:
    lines, names = TEXT.split("\n"), names_of(TEXT)
    for number, line in enumerate(lines):
        if number and not line.strip():
            assert names[number] == names[number - 1], f"line {number + 1}"


@given(st.lists(st.sampled_from([*TEXT.split("\n"), "", "名词解释", "金句", "- 敢闯", "本报讯"]), max_size=30))
def test_sections_tile_any_text_from_its_first_line_to_its_last(lines: list[str]) -> None:
    sections = sections_of(place_paragraphs(reflow("\n".join(lines))), len(lines))
    assert [n for s in sections for n in range(s.first_line, s.last_line + 1)] == list(range(1, len(lines) + 1))
    assert all(a.name != b.name for a, b in pairwise(sections))
