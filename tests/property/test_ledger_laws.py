"""The ledger's laws, for whatever is booked in whatever order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizhang.core.apportion import split_by_share
from sizhang.core.errors import LedgerError
from sizhang.core.ledger import VERBS, Balance, Entry, Stage, Verb, book, check_entry
from sizhang.core.quantity import format_number, get_unit, parse_number, quantity_of

REVERSE: dict[Verb, Verb] = {"claim": "reject", "open": "amend", "amend": "amend"}


def entry(verb: Verb, steps: int, promise: str = "2026-001", *, down: bool = False) -> Entry:
    rule = VERBS[verb]
    source, target = (rule.target, rule.source) if down else (rule.source, rule.target)
    return Entry("id", promise, verb, source, target, steps, date(2026, 3, 5), datetime(2026, 3, 5, tzinfo=UTC), "甲", "乙", "因为")


bookings = st.builds(
    lambda verb, steps, down: entry(verb, steps, down=down and verb == "amend"),
    st.sampled_from(list(VERBS)),
    st.integers(1, 1_000),
    st.booleans(),
)


def book_all(entries: list[Entry]) -> tuple[Balance, list[Entry]]:
    """Book what the laws let pass, in order; gives the balance and what passed."""
    balance, passed = Balance(), []
    for one in entries:
        try:
            balance = book(balance, one)
        except LedgerError:
            continue
        passed.append(one)
    return balance, passed


@given(st.lists(bookings, max_size=40))
def test_stages_sum_to_zero_and_none_but_pledge_is_negative(entries: list[Entry]) -> None:
    balance, passed = book_all(entries)
    assert balance.pledge + balance.promised + balance.claimed + balance.verified + balance.settled == 0
    assert min(balance[:4]) >= 0
    arrived = {stage: sum(one.steps for one in passed if one.target == stage) for stage in Stage}
    left = {stage: sum(one.steps for one in passed if one.source == stage) for stage in Stage}
    assert tuple(arrived[stage] - left[stage] for stage in list(Stage)[1:]) == tuple(balance[:4])
    # Nothing is settled that was not verified, nothing verified that was not claimed, nothing claimed that was not promised.
    assert arrived[Stage.SETTLED] <= arrived[Stage.VERIFIED] <= arrived[Stage.CLAIMED]


@given(st.lists(bookings, max_size=25), bookings)
def test_what_is_refused_changes_nothing_and_what_passes_moves_one_quantity(entries: list[Entry], more: Entry) -> None:
    balance, _ = book_all(entries)
    stages = (balance.pledge, *balance[:4])
    if more.source != Stage.PLEDGE and stages[more.source] < more.steps:
        with pytest.raises(LedgerError, match=f"holds {stages[more.source]}"):
            book(balance, more)
        return
    after = book(balance, more)
    moved = [b - a for a, b in zip(stages, (after.pledge, *after[:4]), strict=True)]
    assert sorted(moved) == sorted([-more.steps, more.steps, 0, 0, 0])


@given(st.lists(bookings, max_size=25), st.sampled_from(["claim", "open", "amend"]), st.integers(1, 1_000))
def test_the_reverse_entry_mends(entries: list[Entry], verb: Verb, steps: int) -> None:
    balance, _ = book_all(entries)
    try:
        after = book(balance, entry(verb, steps))
    except LedgerError:
        return
    assert book(after, entry(REVERSE[verb], steps, down=verb in ("open", "amend"))) == balance


@given(st.lists(st.tuples(st.sampled_from(["2026-001", "2026-002"]), bookings), max_size=40))
def test_promises_do_not_touch_one_another(mixed: list[tuple[str, Entry]]) -> None:
    alone = {number: book_all([one for name, one in mixed if name == number])[0] for number in ("2026-001", "2026-002")}
    together = {number: Balance() for number in alone}
    for number, one in mixed:
        try:
            together[number] = book(together[number], one)
        except LedgerError:
            continue
    assert together == alone


@given(st.sampled_from(list(VERBS)), st.sampled_from(list(Stage)), st.sampled_from(list(Stage)))
def test_no_stage_is_skipped(verb: Verb, source: Stage, target: Stage) -> None:
    one = entry(verb, 1)._replace(source=source, target=target)
    rule = VERBS[verb]
    lawful = (source, target) == (rule.source, rule.target) or (verb == "amend" and (source, target) == (rule.target, rule.source))
    if lawful:
        check_entry(one)
        assert abs(source - target) == 1 or verb == "reopen"
    else:
        with pytest.raises(LedgerError, match="by its own verb"):
            check_entry(one)


@given(st.integers(0, 10**12), st.lists(st.fractions(0, 100, max_denominator=1_000), min_size=1, max_size=30).filter(any))
def test_parts_sum_to_the_whole_and_lie_within_a_step(steps: int, shares: list[Fraction]) -> None:
    parts = split_by_share(steps, shares)
    assert sum(parts) == steps
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - steps * share / sum(shares)) < 1


@given(st.integers(0, 2**63 - 1), st.integers(0, 6))
def test_a_number_that_is_written_is_read_again(steps: int, decimals: int) -> None:
    number, unit = parse_number(format_number(steps, decimals) + "亩")
    assert (number, unit) == (Decimal(steps).scaleb(-decimals), "亩")


@given(st.integers(1, 10**12))
def test_areas_convert_there_and_back(hectares: int) -> None:
    quantity = quantity_of(Decimal(hectares) / 10_000, get_unit("公顷"))
    mu = quantity.convert(get_unit("亩")) if quantity.steps % 20 == 0 else None
    if mu is not None:
        assert mu.number == quantity.number * 15
        assert mu.convert(get_unit("公顷")) == quantity
