"""Kind, strength and deadline as the labelling guide gives them."""

import pytest

from sizhang.intake.attributes import find_deadline, get_kind, get_strength
from sizhang.intake.document import document_of_lines
from sizhang.intake.reading import read_document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年底前清偿一半以上", "2026-12"),
        ("上半年开工建设", "2026-06"),
        ("三季度前完成替代", "2026-09"),
        ("6月底前完成改造", "2026-06"),
        ("9月下旬开园", "2026-09-30"),
        ("2月下旬完成选址", "2026-02-28"),
        ("明年建成投用", "2027"),
        ("“十五五”末达到40%", "2030"),
        ("9月1日前全部投用", "2026-09-01"),
        ("新建管线32公里", None),
    ],
)
def test_deadlines_resolve_against_the_reports_own_year(text: str, expected: str | None) -> None:
    assert find_deadline(text, 2026) == expected


def test_a_year_that_nobody_knows_is_not_guessed() -> None:
    assert find_deadline("年底前完成", None) is None
    assert find_deadline("到2030年达到305亿斤", None) == "2030"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("确保如期完成", "ensure"),
        ("力争达到一亿", "strive"),
        ("严格“三管三必须”", "plan"),
        ("推进灌区改造", "plan"),
    ],
)
def test_strength(text: str, expected: str) -> None:
    assert get_strength(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("推动古交抽水蓄能等项目开工建设", "milestone"),
        ("推动公益性零工市场县县全覆盖", "coverage"),
        ("积极稳妥推进混合所有制改革", "action"),
        ("加大污染源监测监控力度", "action"),
    ],
)
def test_kind_without_a_number(text: str, expected: str) -> None:
    assert get_kind(text, ()) == expected


def test_a_word_of_striving_covers_the_list_it_opens() -> None:
    report = (
        "2026年甲市政府工作报告\n各位代表：\n现在，我代表市人民政府向大会报告工作。\n一、2025年工作回顾\n过去一年，新建道路5公里。\n二、2026年重点工作\n"
        "扩大有效投资。力争交通投资超600亿元，水利投资超220亿元，加强项目储备。\n"
    )
    found = {p.text: p.strength for p in read_document(document_of_lines(report)).promises}
    assert found == {"力争交通投资超600亿元": "strive", "水利投资超220亿元": "strive", "加强项目储备": "plan"}
