"""Rule book, bodies, accounts of drafts, numbers with their units: the small parts of the ledger's core."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sizhang.core.account import Terms, accounts_of, parse_terms, stages_named, steps_in
from sizhang.core.body import ancestors, belongs_to, check_place, place_above
from sizhang.core.criterion import Criterion
from sizhang.core.errors import LedgerError
from sizhang.core.promise import DraftPromise, Target
from sizhang.core.quantity import get_unit, parse_number, split_unit
from sizhang.core.rules import RuleBook, parse_rules

D = Decimal


def draft(text: str, kind: str = "quantity", *targets: tuple[Any, ...]) -> DraftPromise:
    made = tuple(Target(0, 0, words, D(value), unit, op, basis, "", top) for words, value, unit, op, basis, top in targets)
    return DraftPromise(10, 10 + len(text), text, kind, "urban", "plan", None, made, (), 1.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "measure", "unit", "steps"),
    [
        (draft("新增绿化1000亩", "quantity", ("1000亩", 1000, "亩", "=", "amount", None)), "amount", "亩", 100_000),
        (draft("建成7000套", "quantity", ("7000套", 7000, "套", ">=", "amount", None)), "amount", "套", 7_000),
        (draft("总量1.2345亿吨", "quantity", ("1.2345亿吨", 123450000, "吨", "=", "amount", None)), "amount", "吨", 1_234_500_000_000),
        (draft("投资0.123亩", "quantity", ("0.123亩", D("0.123"), "亩", "=", "amount", None)), "amount", "亩", 123),
        (draft("新建100—120个", "quantity", ("100—120个", 100, "个", "range", "amount", D(120))), "amount", "个", 100),
        (draft("增长6%以上", "quantity", ("6%以上", 6, "%", ">=", "increase", None)), "level", "事项", 1),
        (draft("零事故", "quantity", ("零", 0, "起", "=", "amount", None)), "level", "事项", 1),
        (draft("失业率不超过5.5%", "quantity", ("不超过5.5%", D("5.5"), "%", "<=", "level", None)), "cap", "事项", 1),
        (draft("经费控制在800万元以内", "quantity", ("800万元以内", 8000000, "元", "<=", "amount", None)), "cap", "事项", 1),
        (draft("时限压缩至3天以内", "quantity", ("3天以内", 3, "天", "<=", "level", None)), "level", "事项", 1),
        (draft("断面达到Ⅲ类以上", "quantity", ("Ⅲ类", 3, "类", "<=", "level", None)), "level", "事项", 1),
        (draft("县县全覆盖", "coverage"), "members", "对象", 1),
        (draft("项目开工、竣工", "milestone"), "stages", "节点", 2),
        (draft("加大监测力度", "action"), "action", "事项", 1),
    ],
    ids=lambda one: one.text if isinstance(one, DraftPromise) else "",
)
def test_how_a_draft_is_counted(one: DraftPromise, measure: str, unit: str, steps: int) -> None:
    account = accounts_of(one, D(5))
    assert (account.measure, account.unit.symbol, account.steps, account.parts) == (measure, unit, steps, ())
    assert (account.title, account.start, account.end) == (one.text, one.start, one.end)


def test_a_commitment_of_several_targets_is_a_whole_with_parts_that_know_their_words() -> None:
    text = "新建公园3座、绿道20公里"
    targets = (("3座", 3, "座", "=", "amount", None), ("20公里", 20, "公里", "=", "amount", None))
    account = accounts_of(draft(text, "quantity", *targets), D(5))
    assert (account.measure, account.steps, len(account.parts)) == ("action", 1, 2)
    assert [text[(part.start or 0) - 10 : (part.end or 0) - 10] for part in account.parts] == ["3座", "20公里"]


def test_a_unit_that_is_too_long_is_cut_in_a_reading_and_refused_by_hand() -> None:
    words = "technologically advanced small and medium enterprises"
    assert accounts_of(draft("x", "quantity", ("9", 9, words, "=", "amount", None)), D(5)).unit.symbol == words[:40]
    with pytest.raises(LedgerError, match="too long for a unit"):
        steps_in(D(9), words)


def test_stages_are_named_in_the_order_of_works() -> None:
    assert stages_named("年内竣工投用，三季度主体封顶") == ("主体封顶", "竣工", "投用")
    assert stages_named("编制规划") == ("完成",)


@pytest.mark.parametrize("number", ["0", "-5", "NaN", "0.0000001"])
def test_an_amount_that_cannot_be_promised(number: str) -> None:
    with pytest.raises(LedgerError):
        steps_in(D(number), "亩")


def test_a_test_is_read_as_it_was_written() -> None:
    criterion = Criterion("~", D("5.20"), "%", "increase", "more", None, D("7.5"), "地区生产总值")
    for test in (
        Terms(),
        Terms(criterion),
        Terms(Criterion("range", D(4), "%", "level", "less", D(5))),
        Terms(names=("甲", "乙")),
        Terms(acceptance="照片"),
    ):
        assert parse_terms(test.to_text()) == test


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("300", "300", ""),
        ("1,000.5 亩", "1000.5", "亩"),
        ("12,0000", "120000", ""),
        ("10万", "100000", ""),
        ("1.5亿元", "150000000", "元"),
        ("-50", "-50", ""),
        ("+２０．５m²", "20.5", "m²"),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str, unit: str) -> None:
    assert parse_number(text) == (D(number), unit)


@pytest.mark.parametrize("text", ["", "亩", "1.", "1e5", "--5", "五", "1,00", "1,0000,000", ",5"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(LedgerError, match="no number"):
        parse_number(text)


def test_no_multiplier_stays_in_a_unit() -> None:
    assert split_unit("万亩") == (10_000, "亩")
    assert split_unit("万亿元") == (10**12, "元")
    assert split_unit("万") == (1, "万")
    assert get_unit("事项").decimals == 0


@pytest.mark.parametrize("code", ["110000", "140100", "140121", "140121001", "140121001002"])
def test_codes_of_places(code: str) -> None:
    check_place(code)


@pytest.mark.parametrize("code", ["", "14", "990000", "140021", "140100001", "140121000002", "1401210", "14012a", "１４０１００"])
def test_what_is_no_code_of_a_place(code: str) -> None:
    with pytest.raises(LedgerError):
        check_place(code)


def test_the_places_above() -> None:
    assert [place_above(code) for code in ("140121001002", "140121001", "140121", "140100", "140000")] == [
        *("140121001", "140121", "140100", "140000", None)
    ]


def test_the_tree_of_bodies() -> None:
    parents = {"市": None, "局": "市", "科": "局", "县": "市"}
    assert list(ancestors("科", parents)) == ["科", "局", "市"]
    assert belongs_to("科", "市", parents)
    assert not belongs_to("县", "局", parents)


def test_a_rule_book_and_its_defaults() -> None:
    assert parse_rules("") == RuleBook()
    rules = parse_rules(
        'claim_expires_days = 30\nabout_tolerance_pct = 2.5\nclaims_by_responsible_only = true\n[roles]\nreopen = ["keeper"]\n'
    )
    assert (rules.claim_expires_days, rules.about_tolerance_pct, rules.claims_by_responsible_only) == (30, D("2.5"), True)
    assert rules.roles_of("reopen") == {"keeper"}
    assert rules.roles_of("claim") == {"reporter"}
    assert rules.last_day_to_verify(date(2026, 3, 1)) == date(2026, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        "claim_expires_days = 0",
        "claim_expires_days = 1.5",
        "notice_days = true",
        "about_tolerance_pct = 101",
        "level_needs_value = 1",
        "unheard_of = 1",
        "roles = 3",
        '[roles]\nsettle = ["reporter"]',
        '[roles]\nexpire = ["keeper"]',
        "[roles]\nsettle = []",
        "not toml",
    ],
)
def test_a_faulty_rule_book(text: str) -> None:
    with pytest.raises(LedgerError, match="rule book"):
        parse_rules(text)
