"""The laws of cadence: periods tile, parts sum to the whole at every level before and after any closings, and nobody on plan is red."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sizhang.cadence.bulk import carry_many, divide, pace_many
from sizhang.cadence.carry import carry
from sizhang.cadence.curves import even, s_curve, seasonal, window_of, workdays
from sizhang.cadence.pace import Track, compute_pace, compute_scores, state_of, states_of
from sizhang.cadence.plan import Plan, cells_of, day_steps, make_plan, xun_of
from sizhang.cadence.workdays import WorkCalendar
from sizhang.core.apportion import split_by_share
from sizhang.core.errors import LedgerError
from sizhang.core.period import Level, period_of

YEAR = 2026
WINDOW = window_of(YEAR)
CURVES = (
    even(WINDOW),
    workdays(WINDOW, WorkCalendar()),
    seasonal(WINDOW, "planting"),
    seasonal(WINDOW, "no-winter"),
    s_curve(WINDOW),
    s_curve(WINDOW, 9, 2),
    even(window_of(YEAR, end=date(YEAR, 6, 30))),
)
steps = st.integers(0, 10**9)
plans = st.builds(
    lambda promised, curve, part: make_plan(YEAR, promised, curve, promised * part // 10),
    steps,
    st.sampled_from(CURVES),
    st.integers(0, 10),
)


@st.composite
def runs(draw: st.DrawFn) -> tuple[Plan, tuple[int, ...]]:
    """A plan and what was delivered in each closed 旬: on plan, nothing, far too much, taken back."""
    plan = draw(plans)
    factors = draw(st.lists(st.sampled_from((Fraction(1), Fraction(0), Fraction(1, 3), Fraction(3), Fraction(-1, 2))), max_size=36))
    noise = draw(st.integers(0, 3))
    return plan, tuple(int(cell * factor) + noise for cell, factor in zip(plan.cells, factors, strict=False))


@given(st.dates(date(1949, 1, 1), date(2199, 12, 31)))
@settings(max_examples=60)
def test_periods_of_every_level_tile(day: date) -> None:
    for outer in Level:
        whole = period_of(day, outer)
        for level in list(Level)[outer:]:
            parts = whole.parts(level)
            assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
            assert all(a.end + timedelta(days=1) == b.start for a, b in pairwise(parts))
            assert sum(day in part for part in parts) == 1


@given(steps, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_a_split_loses_nothing_and_is_fair(whole: int, shares: list[int]) -> None:
    parts = split_by_share(whole, shares)
    assert sum(parts) == whole
    assert all(abs(part - Fraction(whole * share, sum(shares))) < 1 for part, share in zip(parts, shares, strict=True))


@given(plans, st.sampled_from(CURVES))
def test_a_plan_sums_at_every_level(plan: Plan, curve: tuple[int, ...]) -> None:
    year = period_of(date(YEAR, 1, 1), Level.YEAR)
    for level in (Level.YEAR, Level.QUARTER, Level.MONTH, Level.XUN):
        assert sum(plan.steps_of(period) for period in year.parts(level)) + plan.reserve == plan.promised
    for period, cell in zip(xun_of(YEAR), plan.cells, strict=True):
        days = day_steps(period, cell, curve)
        assert sum(days) == cell
        assert min(days, default=0) >= 0


@given(runs())
def test_nothing_is_lost_however_many_periods_are_closed(run: tuple[Plan, tuple[int, ...]]) -> None:
    plan, delivered = run
    for closed in range(len(delivered) + 1):
        now = carry(plan, delivered[:closed])
        assert now.delivered + sum(now.needs) + now.unplaced + plan.reserve == plan.promised + now.surplus
        assert min((*now.needs, now.unplaced, now.surplus, now.owed_month, now.owed_quarter, now.owed_year)) >= 0
        assert now.deficit == max(sum(plan.cells[:closed]) - sum(delivered[:closed]), 0)


@given(plans, st.integers(0, 35), st.integers(1, 31))
def test_who_delivers_the_plan_is_never_red(plan: Plan, closed: int, day: int) -> None:
    period = xun_of(YEAR)[closed]
    on = min(period.start + timedelta(days=day - 1), period.end)
    track = Track(plan, plan.cells[:closed], 0, on)
    assert compute_pace(track).light == "green"
    assert carry(plan, plan.cells[:closed]).needs == plan.cells[closed:]
    assert {"broken", "recovered"}.isdisjoint(states_of(track).values())
    assert all(state_of(track, one) == "kept" for one in xun_of(YEAR)[:closed])


@given(runs())
def test_catching_up_clears_every_deficit(run: tuple[Plan, tuple[int, ...]]) -> None:
    plan, delivered = run
    if not 0 < len(delivered) < 36:
        return
    behind = sum(plan.cells[: len(delivered)]) - sum(delivered)
    if behind <= 0:
        return
    place = len(delivered)
    caught_up = (*delivered, plan.cells[place] + behind)
    after = carry(plan, caught_up)
    assert after.deficit == 0
    assert after.needs == plan.cells[place + 1 :]
    if place < 35:
        track = Track(plan, caught_up, 0, xun_of(YEAR)[place + 1].start)
        assert compute_pace(track).light == "green"
        assert "broken" not in states_of(track).values()


@given(runs(), st.integers(1, 10**6))
def test_a_shortfall_is_posted_inside_the_next_larger_period_first(run: tuple[Plan, tuple[int, ...]], missing: int) -> None:
    plan, _ = run
    # The first 旬 of April closes short: April and no other month takes it, unless April has no work left.
    short = (*plan.cells[:9], max(plan.cells[9] - missing, 0))
    now = carry(plan, short)
    owed = plan.cells[9] - short[9]
    if any(plan.weights[10:12]):
        assert sum(now.needs[:2]) == sum(plan.cells[10:12]) + owed
        assert now.needs[2:] == plan.cells[12:]
    # April closes short: May and June take it, and no other quarter.
    after = carry(plan, (*short, *plan.cells[10:12]))
    if any(plan.weights[12:18]):
        assert sum(after.needs[:6]) == sum(plan.cells[12:18]) + owed
        assert after.needs[6:] == plan.cells[18:]


@given(st.lists(st.tuples(st.integers(0, 2**48), st.integers(0, 2**48), st.integers(1, 2**48)), min_size=1))
def test_the_fast_quotient_is_exact(rows: list[tuple[int, int, int]]) -> None:
    rows = [(a, min(b, c), c) for a, b, c in rows]
    quotient, remainder = divide(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))
    assert [(int(q), int(r)) for q, r in zip(quotient, remainder, strict=True)] == [divmod(a * b, c) for a, b, c in rows]


@given(st.lists(runs(), min_size=1, max_size=8), st.integers(0, 36), st.integers(0, 31))
@settings(max_examples=150)
def test_the_vectorised_form_equals_the_plain_one(some: list[tuple[Plan, tuple[int, ...]]], closed: int, day: int) -> None:
    rows = [(plan, (delivered + plan.cells)[:closed]) for plan, delivered in some]
    cells, weights = (np.array([getattr(plan, name) for plan, _ in rows], dtype=np.int64) for name in ("cells", "weights"))
    delivered = np.array([done for _, done in rows], dtype=np.int64).reshape(len(rows), closed)
    many = carry_many(cells, weights, delivered)
    period = xun_of(YEAR)[min(closed, 35)]
    on = min(period.start + timedelta(days=day), period.end)
    left = ((period.end - on).days + 1, period.days)
    so_far = np.array([plan.cells[0] // 2 for plan, _ in rows], dtype=np.int64)
    paces = pace_many(cells, weights, delivered, so_far, left)
    for at, (plan, done) in enumerate(rows):
        one = carry(plan, done)
        assert tuple(map(int, many.needs[at])) == one.needs
        assert tuple(map(int, many.owed[at])) == (one.owed_month, one.owed_quarter, one.owed_year)
        assert (int(many.unplaced[at]), int(many.surplus[at])) == (one.unplaced, one.surplus)
        pace = compute_pace(Track(plan, done, int(so_far[at]), on))
        assert ("green", "yellow", "red")[int(paces.light[at])] == pace.light
        got = [int(column[at]) for column in paces[1:]]
        assert got == [pace.due, pace.remaining, pace.need_xun, pace.need_month, pace.best_xun or 0, pace.capacity]


@given(runs())
def test_order_of_closings_of_different_promises_does_not_matter(run: tuple[Plan, tuple[int, ...]]) -> None:
    """What is asked after a closing depends on the promise's own deliveries alone: rows of a batch in any order give the same rows."""
    plan, delivered = run
    other = make_plan(YEAR, plan.promised // 2 + 7, CURVES[0])
    done = np.array([delivered, tuple(cell // 2 for cell in other.cells[: len(delivered)])], dtype=np.int64).reshape(2, len(delivered))
    cells, weights = np.array([plan.cells, other.cells]), np.array([plan.weights, other.weights])
    forward, backward = carry_many(cells, weights, done), carry_many(cells[::-1], weights[::-1], done[::-1])
    assert (forward.needs == backward.needs[::-1]).all()
    assert (forward.owed == backward.owed[::-1]).all()


@given(st.integers(-5, 10**6), st.integers(-5, 10**6))
def test_capped_scores_never_pass_one(planned: int, delivered: int) -> None:
    scores = compute_scores(planned, delivered)
    if scores.uncapped is not None and scores.capped is not None:
        assert 0 <= scores.capped <= min(1, scores.uncapped)
        assert scores.passed == (scores.capped == 1)


def test_cells_of_a_period_are_those_it_holds() -> None:
    for level in (Level.QUARTER, Level.MONTH, Level.XUN):
        for period in period_of(date(YEAR, 1, 1), Level.YEAR).parts(level):
            first, last = cells_of(period)
            assert (xun_of(YEAR)[first].start, xun_of(YEAR)[last - 1].end) == (period.start, period.end)


def test_bad_plans_are_refused_with_the_remedy() -> None:
    for act, words in (
        (lambda: window_of(YEAR, end=date(YEAR + 1, 1, 5)), "does not lie within 2026"),
        (lambda: WINDOW.cut([-1] + [1] * 364), "negative"),
        (lambda: make_plan(YEAR, 5, CURVES[0], 6), "reserve"),
        (lambda: seasonal(window_of(YEAR, end=date(YEAR, 2, 1)), "planting"), "no work"),
        (lambda: carry(make_plan(YEAR, 5, CURVES[0]), [0] * 37), "closed"),
        (lambda: WorkCalendar().is_working(date(2190, 1, 4)), "not known"),
    ):
        with pytest.raises(LedgerError, match=words) as refused:
            act()
        assert refused.value.remedy
