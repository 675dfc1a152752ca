"""Plan, close, due, pace, lights, forecast, errands, digest and burden on a ledger, as people type them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sizhang.cadence.simulate import simulate_years
from sizhang.cli.main import cli
from sizhang.core.errors import SizhangError
from sizhang.core.ledger import VERBS, Entry, Verb
from sizhang.store.cadence_plans import PlanRow, insert_plan, text_of
from sizhang.store.connection import open_store
from sizhang.store.writing import append

MEMBERS = (("张某", "林业局", "reporter"), ("李某", "审计局", "verifier"), ("王某", "政府办", "keeper"), ("陈某", "政府办", "recorder"))


class Desk:
    """The command line on one ledger."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, *words: object, form: str = "json") -> Result:
        return CliRunner().invoke(cli, [*map(str, words), "--ledger", self.url, "--format", form])

    def __call__(self, *words: object) -> Any:
        result = self.run(*words)
        assert result.exit_code == 0, f"{words}: {result.output} {result.exception!r}"
        return json.loads(result.stdout)

    def words(self, *words: object) -> str:
        result = self.run(*words, form="table")
        assert result.exit_code == 0, f"{words}: {result.output} {result.exception!r}"
        return result.stdout

    def refused(self, *words: object) -> str:
        before = self.state()
        error = self.run(*words).exception
        assert isinstance(error, SizhangError), error
        assert error.remedy
        assert self.state() == before
        return str(error)

    def state(self) -> dict[str, list[Any]]:
        tables = ("plan", "track", "closing", "errand", "errand_event", "question", "digest", "setting", "entry")
        with open_store(self.url) as store:
            return {table: sorted(map(repr, store.rows(f"SELECT * FROM {table}"))) for table in tables}


def make_desk(url: str) -> Desk:
    desk = Desk(url)
    desk("init")
    for body in ("林业局", "审计局", "政府办"):
        desk("body", "add", body)
    for person, body, role in MEMBERS:
        desk("person", "add", person, "--body", body, "--role", role)
    desk("open", "--title", "植树造林", "--amount", "3600亩", "--on", "2025-01-01", "--body", "林业局", "--year", "2025")
    return desk


@pytest.fixture
def desk(sqlite_url: str) -> Desk:
    return make_desk(sqlite_url)


def claim(desk: Desk, number: int, on: str) -> None:
    desk("claim", "2025-001", number, "--on", on, "--by", "张某")


def test_a_year_from_plan_to_recovery(ledger_url: str) -> None:
    """On both engines: planned, one month short, caught up; planned and reserve are the promise all the time."""
    desk = make_desk(ledger_url)
    (plan,) = desk("plan", "2025-001", "--curve", "even", "--reserve", "100")
    assert (plan["planned"], plan["reserve"]) == ("3500", "100")
    for parts in ("quarters", "months", "xun"):
        assert sum(map(Decimal, plan[parts])) == 3500
    asked = Decimal(plan["months"][0])
    claim(desk, 100, "2025-01-08")
    desk("close-period", "2025年1月")
    (pace,) = desk("pace", "2025-001", "--on", "2025-02-01", "--explain")
    assert Decimal(pace["owed"]) == asked - 100 == Decimal(pace["owed_month"]) + Decimal(pace["owed_quarter"])
    assert pace["owed_year"] == "0"
    assert pace["states"]["2025-01-X1"] == "kept"
    assert pace["states"]["2025-01"] == "broken"
    assert [row["quantity"] for row in pace["explain"]["entries"]] == ["100"]
    assert [row["delivered"] for row in pace["explain"]["closings"]] == ["100", "0", "0"]
    claim(desk, 600, "2025-02-20")
    desk("close-period", "2025-02")
    (pace,) = desk("pace", "2025-001", "--on", "2025-03-01")
    assert (pace["light"], pace["owed"], pace["states"]["2025-01"]) == ("green", "0", "recovered")
    assert pace["scores"]["capped"] == "100.0"
    assert Decimal(pace["scores"]["uncapped"]) > 100


def test_lights_and_due_say_what_is_needed(desk: Desk) -> None:
    desk("plan", "--all", "--year", "2025", "--curve", "workdays")
    desk("close-period", "2025-01上旬")
    (row,) = desk("lights", "--on", "2025-01-11")
    assert row["light"] == "yellow"
    assert "尚无完成记录" in row["reason"]["zh"]
    (due,) = desk("due", "--on", "2025-01-11", "--body", "林业局")
    assert Decimal(due["need_month"]) > Decimal(due["need_xun"]) > Decimal(due["need_day"]) > 0
    assert "黄" in desk.words("due", "--on", "2025-01-11")
    assert "yellow 1" in desk.words("lights", "--on", "2025-01-11")
    # The day before the closing nothing was owed, and that can still be seen.
    (before,) = desk("lights", "--on", "2025-01-09")
    assert before["light"] == "green"


def test_late_bookings_count_in_the_period_that_is_closed_next(desk: Desk) -> None:
    desk("plan", "2025-001")
    desk("close-period", "2025-01")
    claim(desk, 300, "2025-01-05")
    desk("close-period", "2025-02上旬")
    (pace,) = desk("pace", "2025-001", "--on", "2025-02-11", "--explain")
    assert [row["delivered"] for row in pace["explain"]["closings"]] == ["0", "0", "0", "300"]


def test_what_cannot_be_planned_or_closed_is_refused(desk: Desk) -> None:
    assert "does not lie within 2025" in desk.refused("plan", "2025-001", "--until", "2026-03-01")
    assert "reserve" in desk.refused("plan", "2025-001", "--reserve", "4000")
    assert "no rows" in desk.refused("plan", "2025-001", "--curve", "stages")
    assert "outside" in desk.refused("plan", "2025-001", "--curve", "file", "--at", "2027-01=5")
    assert "negative" in desk.refused("plan", "2025-001", "--curve", "file", "--at", "2025-01=-5", "--at", "2025-02=6")
    assert "Nothing is planned" in desk.refused("due", "--on", "2025-01-05")
    desk("plan", "2025-001", "--curve", "stages", "--at", "2025年6月底=40", "--at", "2025-12-01=60")
    assert "no reason" in desk.refused("plan", "2025-001")
    assert "earlier 旬 is open" in desk.refused("close-period", "2025-02")
    assert "not closed by itself" in desk.refused("close-period", "2025-01-05")
    assert "runs until" in desk.refused("close-period", "2199-01-X1")
    desk("close-period", "2025-Q1")
    assert "closed already" in desk.refused("close-period", "2025-01")
    assert "no promise 2025-009" in desk.refused("pace", "2025-009", "--on", "2025-04-05")
    assert "no promise 2025-009" in desk.refused("close-period", "2025-Q2", "--promise", "2025-009")
    assert "no body" in desk.refused("due", "--on", "2025-04-05", "--body", "无此局")
    assert "Periods are closed already" in desk.refused("close-period", "2025-04", "--counts", "verified")


def test_a_dry_run_leaves_nothing(desk: Desk) -> None:
    before = desk.state()
    assert desk("plan", "2025-001", "--dry-run")[0]["dry_run"] is True
    assert desk("errand", "open", "清理河道", "--body", "林业局", "--source", "citizen", "--dry-run")[0]["dry_run"] is True
    assert desk.state() == before


def test_planned_anew_the_closed_periods_stay_closed(desk: Desk) -> None:
    desk("plan", "2025-001")
    claim(desk, 50, "2025-01-05")
    desk("close-period", "2025-01")
    desk("amend", "2025-001", "+400", "--document", "政办发〔2025〕9号")
    desk("plan", "2025-001", "--curve", "s-curve", "--reason", "任务增加")
    (pace,) = desk("pace", "2025-001", "--on", "2025-02-01")
    assert (pace["planned"], pace["delivered"]) == ("4000", "50")
    with open_store(desk.url) as store, pytest.raises(sqlite3.IntegrityError, match="plan: update is refused"):
        store.execute("UPDATE plan SET reserve = 5")


def test_a_forecast_says_when_it_cannot_be_made(desk: Desk) -> None:
    desk("plan", "2025-001")
    desk("close-period", "2025-01上旬")
    (row,) = desk("forecast", "--on", "2025-01-15")
    assert row["chance_pct"] is None
    assert "至少要3个" in row["why_not"]
    for month in range(1, 7):
        claim(desk, 400, f"2025-{month:02d}-09")
    desk("close-period", "2025-01中旬")
    desk("close-period", "2025-01下旬")
    desk("close-period", "2025-02")
    desk("close-period", "2025-03")
    desk("close-period", "二季度" if date.today().year == 2025 else "2025年二季度")
    (row,) = desk("forecast", "--on", "2025-07-01")
    assert row["chance_pct"] > 80
    assert row["end_pct_025"] <= row["end_pct_100"] <= row["end_pct_500"] <= row["end_pct_900"] <= row["end_pct_975"]
    assert row["basis"]["own"] == 0
    assert "needs 200" in desk.refused("forecast", "--calibration")


def test_an_errand_from_giving_to_closing(ledger_url: str, tmp_path: Path) -> None:
    desk = make_desk(ledger_url)
    (given,) = desk("errand", "open", "清理河道垃圾", "--body", "林业局", "--source", "inspection", "--on", "2026-03-02")
    number = given["errand"]
    assert [(node["node"], node["due_on"]) for node in given["nodes"]] == [("1", "2026-03-02"), ("3", "2026-03-05"), ("7", "2026-03-09")]
    assert "does not contain" in desk.refused("errand", "answer", number, "--node", "1", "--text", "已阅", "--by", "张某")
    assert "does not speak" in desk.refused("errand", "answer", number, "--node", "1", "--text", "责任人 措施", "--by", "李某")
    desk("errand", "answer", number, "--node", "1", "--text", "责任人：张某；措施：三日清完", "--by", "张某", "--on", "2026-03-02")
    extend = ("errand", "extend", number, "--node", "7")
    assert "without a reason" in desk.refused(*extend, "--until", "2026-03-12", "--by", "张某", "--on", "2026-03-08")
    assert "No extension" in desk.refused(*extend, "--approve", "--by", "王某", "--on", "2026-03-08")
    desk(*extend, "--until", "2026-03-12", "--reason", "降雨", "--by", "张某", "--on", "2026-03-08")
    (extended,) = desk(*extend, "--approve", "--by", "王某", "--on", "2026-03-09")
    node = extended["nodes"][2]
    assert (node["first_due_on"], node["due_on"]) == ("2026-03-09", "2026-03-12")
    assert extended["extensions"] == {"asked": 1, "approved": 1}
    assert "after it was due" in desk.refused(*extend, "--until", "2026-04-01", "--reason", "再延", "--by", "张某", "--on", "2026-03-20")
    assert "not answered" in desk.refused("errand", "close", number, "--grade", "良好", "--by", "王某", "--on", "2026-03-20")
    letter = tmp_path / "letter.docx"
    desk("errand", "letter", number, "--output", letter, "--by", "王某", "--on", "2026-03-20")
    assert {"2026-03-09", "2026-03-12", "2026-03-05"} <= set(docx_words(letter))
    desk("errand", "answer", number, "--node", "3", "--text", "进展：一半；问题：无", "--by", "张某", "--on", "2026-03-10")
    desk("errand", "answer", number, "--node", "7", "--text", "结果：清完；佐证：照片", "--by", "张某", "--on", "2026-03-12")
    assert "unknown" in desk.refused("errand", "close", number, "--grade", "很好", "--by", "王某")
    (closed,) = desk("errand", "close", number, "--grade", "良好", "--by", "王某", "--on", "2026-03-20")
    assert [node["state"] for node in closed["nodes"]] == ["answered", "late", "answered"]
    assert (closed["grade"], closed["closed_on"]) == ("良好", "2026-03-20")
    assert "closed on" in desk.refused("errand", "close", number, "--grade", "良好", "--by", "王某")
    # As it was known on an earlier day.
    (early,) = desk("errand", "list", number, "--on", "2026-03-08")
    assert [node["state"] for node in early["nodes"]] == ["answered", "overdue", "waiting"]
    assert "2026-03-09 → 2026-03-12" in desk.words("errand", "list", "--on", "2026-03-20")


def docx_words(path: Path) -> list[str]:
    from docx import Document

    document = Document(str(path))
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def test_working_days_and_coloured_slips(desk: Desk) -> None:
    """Ten working days after 13 February 2026 skip the Spring Festival and count the two Saturdays that make up for it."""
    (given,) = desk("errand", "open", "整改", "--body", "林业局", "--source", "meeting", "--rules", "slips", "--on", "2026-02-13")
    assert [node["due_on"] for node in given["nodes"]] == ["2026-02-14", "2026-02-27", "2026-03-05"]
    (later,) = desk("errand", "list", "--on", "2026-02-26")
    assert [node["slip"] for node in later["nodes"]] == ["红色督办单", "黄色催办单", "蓝色交办单"]
    assert "no rule set" in desk.refused("errand", "open", "整改", "--body", "林业局", "--source", "meeting", "--rules", "24h")


def test_a_question_costs_minutes_and_the_ledger_answers_what_it_knows(desk: Desk) -> None:
    claim(desk, 120, "2025-03-01")
    ask = ("burden", "--body", "林业局", "--on", "2026-03-02", "--ask")
    (known,) = desk(*ask, "已完成多少", "--about", "2025-001", "--field", "claimed")
    assert (known["answer"], known["minutes"]) == ("120 亩", 0)
    desk(*ask, "进度为何慢", "--kind", "explanation")
    desk(*ask, "请陪同现场", "--kind", "visit")
    assert "pass the cap of 120" in desk.refused(*ask, "再报一次", "--kind", "figure")
    assert "no price" in desk.refused(*ask, "写首诗", "--kind", "poem")
    (load,) = desk("burden", "--on", "2026-03-08")
    assert (load["minutes"], load["questions"], load["answered_here"]) == (120, 3, 1)
    assert desk("burden", "--on", "2026-03-09") == []


def test_one_digest_a_person_a_day(desk: Desk, new_ledger: Callable[[str], str]) -> None:
    desk("plan", "2025-001")
    desk("errand", "open", "清理河道垃圾", "--body", "林业局", "--source", "inspection", "--on", "2025-03-02")
    (first,) = desk("digest", "--to", "张某", "--on", "2025-03-04")
    assert "E2025-001" in first["text"]
    assert "2025-001" in first["text"]
    desk("errand", "open", "另一件", "--body", "林业局", "--source", "meeting", "--on", "2025-03-04")
    (second,) = desk("digest", "--to", "张某", "--on", "2025-03-04")
    assert second["again"]
    assert second["text"] == first["text"]
    (next_day,) = desk("digest", "--to", "张某", "--on", "2025-03-05")
    assert "另一件" in next_day["text"]


def test_a_curve_fitted_to_the_year_before(desk: Desk) -> None:
    desk("open", "--title", "上年造林", "--amount", "100亩", "--body", "林业局", "--year", "2024", "--on", "2024-01-01")
    desk("plan", "2024-001")
    desk("claim", "2024-001", 30, "--on", "2024-03-25", "--by", "张某")
    desk("claim", "2024-001", 60, "--on", "2024-10-05", "--by", "张某")
    for quarter in range(1, 5):
        desk("close-period", f"2024-Q{quarter}")
    (plan,) = desk("plan", "2025-001", "--curve", "fitted")
    assert [Decimal(part) for part in plan["quarters"]] == [1200, 0, 0, 2400]
    assert (Decimal(plan["xun"][8]), Decimal(plan["xun"][27])) == (1200, 2400)


def test_closings_of_different_promises_in_any_order(new_ledger: Callable[[str], str]) -> None:
    """Two ledgers alike but for the order in which two promises are closed: every track is the same."""
    ends = []
    for order in (("2025-001", "2025-002"), ("2025-002", "2025-001")):
        desk = make_desk(new_ledger("sqlite"))
        desk("open", "--title", "退耕", "--amount", "700亩", "--body", "林业局", "--year", "2025", "--on", "2025-01-01")
        desk("plan", "--all", "--year", "2025", "--curve", "s-curve")
        claim(desk, 20, "2025-01-07")
        desk("claim", "2025-002", 3, "--on", "2025-01-17", "--by", "张某")
        for promise in order:
            desk("close-period", "2025-01", "--promise", promise)
        ends.append((desk("due", "--on", "2025-02-01"), desk("lights", "--on", "2025-02-01"), desk.state()["track"]))
    assert ends[0] == ends[1]


def test_working_days_of_a_year_not_known_come_from_the_ledgers_calendar(desk: Desk, tmp_path: Path) -> None:
    desk("open", "--title", "明日之事", "--amount", "365亩", "--body", "林业局", "--year", "2190", "--on", "2190-01-01")
    assert "not known" in desk.refused("plan", "2190-001", "--curve", "workdays")
    calendar = tmp_path / "calendar.toml"
    calendar.write_text('[2190]\nholidays = ["2190-01-01..2190-11-30"]\n', "utf-8")
    (plan,) = desk("plan", "2190-001", "--curve", "workdays", "--calendar", calendar)
    assert Decimal(plan["months"][11]) == 365


def test_a_ledger_judges_its_own_forecasts(desk: Desk, tmp_path: Path) -> None:
    """With 200 closed promise-years of its own: calibration, a drawing, and forecasts that say on what they rest."""
    years = simulate_years(200, 7, year=2024)
    with open_store(desk.url) as store, store.writing():
        sql = (
            "INSERT INTO promise (number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, target) VALUES "
        )
        body = store.rows("SELECT id FROM body WHERE name = '林业局'")[0][0]
        for at, (cells, reported, final) in enumerate(zip(*(part.tolist() for part in years), strict=True), start=1):
            number = f"2024-{at:03d}"
            store.execute(f"{sql} (%s, 2024, '往年', 'amount', '亩', 2, '', '', 'plan', '', %s, '')", [number, body])
            promise = store.rows("SELECT id FROM promise WHERE number = %s", [number])[0][0]
            row = PlanRow(0, "even", "", text_of(cells), text_of(cells), 0, "", 0)
            insert_plan(store, promise, row, store.rows("SELECT id FROM person")[0][0])
            store.execute("UPDATE track SET delivered = %s, closed = 36 WHERE promise_id = %s", [text_of(reported), promise])
            most = max(final, sum(cells), 1)
            append(
                store, [make(number, "陈某", "政府办", "open", most), *([make(number, "张某", "林业局", "claim", final)] if final else [])]
            )
    plot = tmp_path / "calibration.svg"
    found = desk("forecast", "--calibration", "--plot", plot, "--on", "2025-06-01")
    assert (found["judged"], found["training"]) == (100, 100)
    assert len(found["moments"]) == 11
    assert all(0.6 < row["cover_80"] <= row["cover_95"] <= 1 for row in found["moments"])
    assert plot.read_text("utf-8").startswith("<svg")
    assert "80% 区间" in desk.words("forecast", "--calibration", "--on", "2025-06-01")
    desk("plan", "2025-001")
    desk("close-period", "2025-Q1")
    (row,) = desk("forecast", "--on", "2025-04-02")
    assert row["basis"]["own"] == 200
    assert row["basis"]["simulated"] > 0
    assert row["chance_pct"] < 50


def make(number: str, person: str, body: str, verb: Verb, steps: int) -> Entry:
    rule, day = VERBS[verb], date(2024, 1, 1)
    instant = datetime(1970, 1, 1, tzinfo=UTC)
    return Entry(f"{verb}:{number}", number, verb, rule.source, rule.target, steps, day, instant, person, body)


def test_planning_all_names_every_promise_that_does_not_fit_and_plans_none(desk: Desk) -> None:
    for title, deadline in (("春造", "2026-03"), ("夏造", "2026-06"), ("冬造", "2026-12")):
        desk("open", "--title", title, "--amount", "5", "--unit", "亩", "--body", "林业局", "--year", "2026", "--deadline", deadline)
    told = desk.refused("plan", "--all", "--year", "2026", "--from", "2026-08-01")
    spring, summer, winter = ([row["promise"] for row in desk("balance") if row["promise"].startswith("2026")])[-3:]
    assert f"{spring}: A plan from 2026-08-01 to 2026-03-31" in told
    assert f"{summer}: A plan from 2026-08-01 to 2026-06-30" in told
    assert f"{winter}:" not in told


def test_a_reserve_that_is_too_large_is_refused_in_the_unit_of_the_promise(desk: Desk) -> None:
    number = desk("open", "--title", "造", "--amount", "5.5", "--unit", "亩", "--body", "林业局", "--year", "2026")["promise"]
    told = desk.refused("plan", number, "--reserve", "9")
    assert told.startswith(f"{number}: 机动数是 9 亩，而承诺只有 5.5。") and "A reserve of 9 亩 of 5.5 promised." in told


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1948-12-31"])
def test_a_day_that_no_ledger_reaches_is_refused(desk: Desk, day: str) -> None:
    for words in (
        ("errand", "open", "修路", "--body", "林业局", "--source", "citizen"),
        *(("burden",), ("expire",), ("digest", "--to", "张某"), ("errand", "list"), ("due",)),
    ):
        assert f"The day {day} lies outside 1949 to 2199." in desk.refused(*words, "--on", day)
