"""The quantity finder: what a reader of a work report expects to be counted, and what not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizhang.core.errors import InputError
from sizhang.intake.numerals import parse_numeral
from sizhang.intake.quantities_en import find_quantities_en
from sizhang.intake.quantities_zh import find_quantities_zh


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("16.4亿", "1640000000"),
        ("1,100万", "11000000"),
        ("二十万亿", "20000000000000"),
        ("一万五千亿", "1500000000000"),
        ("3万4000", "34000"),
        ("13万2", "132000"),
        ("两百", "200"),
        ("一百零五", "105"),
        ("半", "0.5"),
        ("一半", "0.5"),
        ("６．５", "6.5"),
        ("百分之六十", "60"),
        ("三分之二", "0.6667"),
        ("三成", "30"),
    ],
)
def test_numeral_is_exact(written: str, value: str) -> None:
    assert parse_numeral(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "若干", "1.2.3", "三分之", "零分之一"])
def test_what_is_no_numeral_is_refused(written: str) -> None:
    with pytest.raises(InputError):
        parse_numeral(written)


@given(st.integers(min_value=0, max_value=99_999_999))
def test_multiplier_is_applied_exactly(number: int) -> None:
    assert parse_numeral(f"{number}万") == number * 10_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("实施国土绿化10万亩以上", [("10万亩以上", "100000", "亩", ">=")]),
        ("失业率控制在5.5%左右", [("控制在5.5%左右", "5.5", "%", "~")]),
        ("产量突破200亿立方米", [("突破200亿立方米", "20000000000", "立方米", ">")]),
        ("分别增长5%、8%以上", [("5%", "5", "%", ">="), ("8%以上", "8", "%", ">=")]),
        ("面积96.04万亩、产量5.18亿斤以上", [("96.04万亩", "960400", "亩", "="), ("5.18亿斤以上", "518000000", "斤", ">=")]),
        ("筹集住房7000套(间)", [("7000套(间)", "7000", "套(间)", "=")]),
        ("达到Ⅳ类以上水体", [("Ⅳ类以上", "4", "类", "<=")]),
        ("收入翻一番", [("翻一番", "2", "倍", "=")]),
        ("全焚\n烧、零填埋", [("全焚\n烧", "100", "%", "="), ("零填埋", "0", "%", "=")]),
        ("帮扶3000余名残疾人", [("3000余名", "3000", "名", ">")]),
        ("浓度降到20.5微克/立方米", [("20.5微克/立方米", "20.5", "微克/立方米", "=")]),
        ("每万人口40张", [("40张", "40", "张", "=")]),
        ("文件压减三分之一以上", [("三分之一以上", "0.3333", "", ">=")]),
        ("覆盖率达八成", [("达八成", "80", "%", ">=")]),
        ("六成企业上云", [("六成", "60", "%", "=")]),
        ("三成以上", [("三成以上", "30", "%", ">=")]),
        ("一成左右", [("一成左右", "10", "%", "~")]),
        ("响应在15秒以内", [("15秒以内", "15", "秒", "<=")]),
        ("培育两个品牌", [("两个", "2", "个", "=")]),
        ("流量100立方米每秒", [("100立方米每秒", "100", "立方米每秒", "=")]),
        ("限价5元/秒", [("5元/秒", "5", "元/秒", "=")]),
        ("补贴300元/人·月", [("300元/人·月", "300", "元/人·月", "=")]),
        ("分别提高4.2和0.7个百分点", [("4.2", "4.2", "个百分点", "="), ("0.7个百分点", "0.7", "个百分点", "=")]),
        ("城乡居民收入比缩小到1.9，", [("1.9", "1.9", "", "=")]),
        ("亿元以上项目42个年内投产", [("42个", "42", "个", "=")]),
        ("欠薪案件动态清零", [("动态清零", "0", "", "=")]),
        ("所得税减半征收", [("减半", "0.5", "", "=")]),
        ("压减1/3以上", [("1/3以上", "0.3333", "", ">=")]),
        ("65岁以上老人", [("65岁以上", "65", "岁", ">=")]),
        ("上亿群众喜迁新居", [("亿", "100000000", "", ">")]),
        ("近亿亩农田", [("近亿亩", "100000000", "亩", "~")]),
        ("十几亿人口", [("十几亿人口", "1000000000", "人口", ">")]),
        ("千家企业节能行动", [("千家", "1000", "家", "=")]),
    ],
)
def test_chinese_quantities(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [(one.text, one.value, one.unit, one.op) for one in find_quantities_zh(text)] == [
        (written, Decimal(value), unit, op) for written, value, unit, op in expected
    ]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("增长4.5%—5%", "4.5", "5"),
        ("建设1—2个园区", "1", "2"),
        ("培育两三个品牌", "2", "3"),
        ("招聘三百至四百名教师", "300", "400"),
        ("培训二至三万人", "20000", "30000"),
    ],
)
def test_range_has_both_ends(text: str, low: str, high: str) -> None:
    (one,) = find_quantities_zh(text)
    assert (one.op, one.value, one.value_max) == ("range", Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    "text",
    [
        "2030年底前建成",
        "3月上旬开工",
        "第三人民医院",
        "5G基站",
        "5A级景区",
        "12345热线",
        "“1+3+N”体系",
        "“四个不摘”",
        "一系列举措",
        "进一步推进一体化",
        "召开两会",
        "中央八项规定",
        "一成不变",
        "千家万户",
        "成千上万",
        "几十家",
        "四百至三百名",
        "两个方面",
    ],
)
def test_chinese_names_dates_and_idioms_are_no_quantities(text: str) -> None:
    assert find_quantities_zh(text) == []


@pytest.mark.parametrize(
    ("text", "value", "op"),
    [
        ("more than 9 million urban jobs", "9000000", ">"),
        ("growth of around 6.5 percent", "6.5", "~"),
        ("at least 80 percent of schools", "80", ">="),
        ("two-thirds of the villages", "0.6667", "="),
        ("within 3 percent", "3", "<="),
        ("one hundred counties", "100", "="),
        ("twice the figure for the previous year", "2", "="),
        ("children less than three years of age", "3", "<"),
        ("a one-year increase in average life expectancy", "1", "="),
        ("raise the average life expectancy by one year", "1", "="),
    ],
)
def test_english_quantities(text: str, value: str, op: str) -> None:
    (one,) = find_quantities_en(text)
    assert (one.value, one.op) == (Decimal(value), op)


@pytest.mark.parametrize(
    "text",
    [
        "in 2016",
        "on March 5, 2008",
        "the 12th Five-Year Plan",
        "over the past five years",
        "1. Making progress",
        "the first session",
        "met twice",
        "one year later",
    ],
)
def test_english_years_and_ordinals_are_no_quantities(text: str) -> None:
    assert find_quantities_en(text) == []


@given(st.text(alphabet="0123456789.,，、一二三十百万亿%个元年以上—至“”第半 \nabc超过", max_size=60))
def test_finds_are_in_order_and_quote_the_text(text: str) -> None:
    for find in (find_quantities_zh, find_quantities_en):
        last = 0
        for one in find(text):
            assert last <= one.start < one.end
            assert text[one.start : one.end] == one.text
            last = one.end
