"""Twenty quantities of real government reports on which other libraries fail, read with value, unit, comparator, direction and denominator.

recognizers-text gives no comparator on any of the seven that have one, jionlp takes 万元 in 万元GDP for ten thousand yuan, cn2an rewrites
翻一番 into 翻1番. Each line here stands as it does in a report, with nothing around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from sizhang.core.promise import Target
from sizhang.intake.attributes import get_kind
from sizhang.intake.quantities import find_quantities
from sizhang.intake.targets import targets_of


@dataclass(frozen=True)
class Expected:
    """What a reader of the words understands.

    Attributes:
        direction: `increase` or `decrease` where the words say so, else empty.
        per: what the number is counted per, as written; empty where there is no such thing.
    """

    text: str
    value: str
    unit: str
    op: str = "="
    direction: str = ""
    per: str = ""


SAMPLES = [
    Expected("6.64万亩", "66400", "亩"),
    Expected("5.18亿斤以上", "518000000", "斤", ">="),
    Expected("25%以上", "25", "%", ">="),
    Expected("Ⅳ类以上", "4", "类", "<="),  # a smaller class is cleaner water
    Expected("7000套(间)", "7000", "套(间)"),
    Expected("3万人", "30000", "人"),
    Expected("18个", "18", "个"),
    Expected("5%左右", "5", "%", "~"),
    Expected("控制在3%以内", "3", "%", "<="),
    Expected("翻一番", "2", "倍"),  # twice as much, a level to reach
    Expected("三分之二以上", "0.6667", "", ">="),
    Expected("零填埋", "0", "%"),
    Expected("每万人口40张", "40", "张", per="每万人口"),
    Expected("1.5公里", "1.5", "公里"),
    Expected("20.5微克/立方米", "20.5", "微克/立方米", per="/立方米"),
    Expected("万元GDP能耗下降3.2%", "3.2", "%", direction="decrease", per="万元GDP"),
    Expected("百分之六十", "60", "%"),
    Expected("一千余家", "1000", "家", ">"),
    Expected("12件民生实事", "12", "件"),
]


def only_target(text: str) -> Target:
    found = find_quantities(text)
    assert len(found) == 1, f"{text}: {found}"
    (target,) = targets_of(text, found, [(one.start, one.end) for one in found])
    return target


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.text)
def test_quantity_is_read_whole(sample: Expected) -> None:
    target = only_target(sample.text)
    assert (target.value, target.unit, target.op) == (Decimal(sample.value), sample.unit, sample.op)
    assert target.value_max is None


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.text)
def test_direction_is_given_where_the_words_give_one(sample: Expected) -> None:
    basis = only_target(sample.text).basis
    assert (basis if basis in ("increase", "decrease") else "") == sample.direction


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.per], ids=lambda sample: sample.text)
def test_denominator_is_kept(sample: Expected) -> None:
    """A rate's base stays with the number: in the unit where it is written there, else in what is counted."""
    target = only_target(sample.text)
    assert target.unit.endswith(sample.per) or target.object.startswith(sample.per)


def test_full_coverage_has_no_number() -> None:
    """县县全覆盖 is the twentieth: a set to be covered, and no number may be invented for it."""
    assert find_quantities("县县全覆盖") == []
    assert get_kind("县县全覆盖", ()) == "coverage"


def test_there_are_twenty() -> None:
    assert len({one.text for one in SAMPLES} | {"县县全覆盖"}) == 20


@pytest.mark.parametrize("text", ["5G", "第三人民医院", "12345热线", "“十五五”期间"])
def test_a_number_inside_a_name_is_none(text: str) -> None:
    assert find_quantities(text) == []
