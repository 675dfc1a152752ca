"""Periods as people type them, the working calendar, the curves and the light's reasons."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from sizhang.cadence.carry import carry
from sizhang.cadence.curves import even, fitted, from_table, s_curve, seasonal, stages, window_of, workdays
from sizhang.cadence.pace import Track, compute_pace, reasons, state_of
from sizhang.cadence.plan import make_plan, xun_of
from sizhang.cadence.workdays import WorkCalendar, parse_calendar
from sizhang.core.errors import LedgerError
from sizhang.core.period import parse_period
from sizhang.core.period_words import parse_period_words

TODAY = date(2026, 5, 15)
WINDOW = window_of(2026)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("2026-09下旬", "2026-09-X3"),
        ("2026年三季度", "2026-Q3"),
        ("三季度", "2026-Q3"),
        ("第3季度", "2026-Q3"),
        ("上半年", "2026-Q1 2026-Q2"),
        ("2027年下半年", "2027-Q3 2027-Q4"),
        ("前三季度", "2026-Q1 2026-Q2 2026-Q3"),
        ("9月下旬", "2026-09-X3"),
        ("09下旬", "2026-09-X3"),
        ("十二月上旬", "2026-12-X1"),
        ("年底", "2026-12-31"),
        ("2028年2月底", "2028-02-29"),
        ("二季度末", "2026-06-30"),
        ("月底", "2026-05-31"),
        ("下旬", "2026-05-X3"),
        ("本旬", "2026-05-X2"),
        ("上个月", "2026-04"),
        ("下季度", "2026-Q3"),
        ("明年一季度", "2027-Q1"),
        ("年内", "2026"),
        ("二〇二六年九月二十一日", "2026-09-21"),
        ("2026/9/3", "2026-09-03"),
        ("２０２６年９月", "2026-09"),
        ("20260903", "2026-09-03"),
        ("2026-03-x1", "2026-03-X1"),
        ("2026Q3", "2026-Q3"),
    ],
)
def test_what_people_type(typed: str, keys: str) -> None:
    assert " ".join(period.key for period in parse_period_words(typed, TODAY)) == keys


@pytest.mark.parametrize(
    "typed", ["", "五季度", "2026-13", "2月30日", "2026-13-X1", "十三月", "0月", "第0季度", "旬", "9月四旬", "2026093"]
)
def test_what_is_no_period_is_refused(typed: str) -> None:
    with pytest.raises(LedgerError) as refused:
        parse_period_words(typed, TODAY)
    assert refused.value.remedy


def test_holidays_and_the_days_that_make_up_for_them() -> None:
    """By the State Council's notice for 2026: Spring Festival 15 to 23 February, worked on 14 and 28 February."""
    calendar = WorkCalendar()
    assert not any(calendar.is_working(date(2026, 2, day)) for day in range(15, 24))
    assert calendar.is_working(date(2026, 2, 14))
    assert calendar.is_working(date(2026, 2, 28))
    assert calendar.add_working_days(date(2026, 2, 13), 3) == date(2026, 2, 25)
    assert sum(calendar.is_working(day) for day in WINDOW.days) == 248


def test_a_year_of_the_rule_file_takes_the_place_of_the_library() -> None:
    calendar = parse_calendar('[2030]\nholidays = ["2030-10-01..2030-10-07"]\nworkdays = ["2030-09-28"]\n')
    assert [day.day for day in calendar.working_days(date(2030, 9, 27), date(2030, 10, 9))] == [27, 28, 30, 8, 9]
    for text in ("[2030", '[2030]\nholidays = ["2031-01-01"]', '[2030]\nfree = ["2030-01-01"]', '[2030]\nholidays = ["soon"]'):
        with pytest.raises(LedgerError):
            parse_calendar(text)


def test_the_curves() -> None:
    year = WINDOW.days
    assert even(WINDOW) == (1,) * 365
    assert next(day for day, weight in zip(year, workdays(WINDOW, WorkCalendar()), strict=True) if weight) == date(2026, 1, 4)
    winter = seasonal(WINDOW, "no-winter")
    assert not any(weight for day, weight in zip(year, winter, strict=True) if day < date(2026, 3, 16) or day > date(2026, 11, 14))
    assert winter[150] > 0
    curve = s_curve(WINDOW)
    # Beta(2, 2): F(x) = 3x² - 2x³, symmetric, half of it at half the way.
    total = sum(curve)
    assert Fraction(sum(curve[:73]), total) == 3 * Fraction(1, 5) ** 2 - 2 * Fraction(1, 5) ** 3
    assert curve == curve[::-1]
    two = stages(WINDOW, {date(2026, 6, 30): 40, date(2026, 12, 1): 60})
    assert make_plan(2026, 1000, two).cells[17] == 400
    table = from_table(WINDOW, {parse_period("2026-Q2"): 3, parse_period("2026-09-X1"): 1})
    plan = make_plan(2026, 4000, table)
    assert (sum(plan.cells[9:18]), plan.cells[24]) == (3000, 1000)


def test_a_fitted_curve_follows_the_past() -> None:
    past = [[0] * 18 + [10] * 18, [20] * 18 + [0] * 18, [-5] * 36]
    plan = make_plan(2026, 36_000, fitted(WINDOW, past))
    assert sum(plan.cells[:18]) == 18_000
    with pytest.raises(LedgerError, match="No past year"):
        fitted(WINDOW, [[0] * 36])


def test_a_table_that_overlaps_or_leaves_the_year_is_refused() -> None:
    for rows, words in (
        ({parse_period("2026-Q1"): 1, parse_period("2026-02"): 1}, "overlap"),
        ({parse_period("2027-01"): 1}, "outside"),
        ({parse_period("2026-01"): -1}, "negative"),
    ):
        with pytest.raises(LedgerError, match=words):
            from_table(WINDOW, rows)


def test_a_light_says_why() -> None:
    plan = make_plan(2026, 36_500, even(WINDOW))
    on_plan, open_xun = plan.cells[:9], xun_of(2026)[9]
    for delivered, light, state in (
        (on_plan, "green", "kept"),
        ((*on_plan[:8], on_plan[8] - 300), "yellow", "broken"),
        ((1,) * 9, "red", "broken"),
        ((0,) * 9, "red", "broken"),
    ):
        track = Track(plan, tuple(delivered), 0, open_xun.start)
        pace = compute_pace(track)
        zh, en = reasons(track, pace, ["欠数", "需数", "计划数", "最高数"])
        assert (pace.light, state_of(track, xun_of(2026)[8])) == (light, state)
        assert (pace.last_start is None) == (light == "red")
        assert zh.endswith("。")
        assert en.endswith(".")
        assert ("尚无完成记录" in zh) == (delivered == (0,) * 9)


def test_recovered_is_not_kept() -> None:
    plan = make_plan(2026, 36_000, even(WINDOW))
    track = Track(plan, (plan.cells[0] - 100, plan.cells[1] + 100, plan.cells[2]), 0, date(2026, 2, 1))
    assert [state_of(track, one) for one in xun_of(2026)[:3]] == ["recovered", "kept", "kept"]
    assert state_of(track, parse_period("2026-01")) == "kept"


def test_work_that_no_season_is_left_for_is_named() -> None:
    plan = make_plan(2026, 1000, seasonal(WINDOW, "spring"))
    delivered = (*plan.cells[:12], *(0 for _ in plan.cells[12:20]))
    now = carry(plan, delivered)
    assert now.unplaced == now.deficit > 0
    assert compute_pace(Track(plan, delivered, 0, date(2026, 7, 25))).light == "red"
