"""Targets from a commitment's words: basis and object as the labelling guide gives them."""

import pytest

from sizhang.core.promise import Target
from sizhang.intake.features import units_of
from sizhang.intake.quantities_zh import find_quantities_zh
from sizhang.intake.reflow import reflow
from sizhang.intake.sections import place_paragraphs
from sizhang.intake.tagging import split_parallels
from sizhang.intake.targets import targets_of


def targets(text: str) -> tuple[Target, ...]:
    numbers = find_quantities_zh(text)
    return targets_of(text, numbers, [(number.start, number.end) for number in numbers])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("再生水利用率达到25%以上", "再生水利用率"),
        ("再新建公园12个", "公园"),
        ("使用面积达到30万平方米", "使用面积"),
        ("使森林覆盖率达到34%", "森林覆盖率"),
        ("对外承包工程完成营业额50亿元", "对外承包工程完成营业额"),
        ("要素保障率达到95%", "要素保障率"),
        ("约束性指标完成率达到100%", "约束性指标完成率"),
    ],
)
def test_the_object_loses_adverbs_and_keeps_words_that_begin_like_them(text: str, expected: str) -> None:
    assert [target.object for target in targets(text)] == [expected]


@pytest.mark.parametrize("text", ["逾期未改清零", "欠薪案件动态清零"])
def test_cleared_to_zero_is_a_level(text: str) -> None:
    (target,) = targets(text)
    assert (target.value, target.unit, target.op, target.basis) == (0, "", "=", "level")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("扩大奖助学金覆盖面、提高补助标准。", "BB"),
        ("引导企业扩大生产规模、提高产品质量。", "BI"),
        ("实施道路改造、新建停车场等项目。", "BI"),
    ],
)
def test_two_predicates_joined_by_a_comma_are_two_commitments_unless_one_word_governs_both(text: str, expected: str) -> None:
    (placed,) = place_paragraphs(reflow(text))
    units = units_of(placed, False)
    assert "".join(split_parallels(units, ["B", *"I" * (len(units) - 1)])) == expected
