"""Corners of the ledger's commands: days, ids sent twice, numbers below 0, steps of two sizes, a ledger that may only be read."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from desks import Desk, staffed
from sizhang.cli.main import cli

BOOKED = ("--by", "张三")
OPEN = ("open", "--title", "新增绿化", "--amount", "1000", "--unit", "亩", "--body", "林业局")


@pytest.fixture
def desk(ledger_url: str) -> Desk:
    out = staffed(ledger_url)
    out(*OPEN, "--year", "2026")
    return out


@pytest.mark.parametrize(("on", "remedy"), [("2025-12-31", "later day"), ("2028-01-01", "carry-forward"), ("2062-03-05", "carry-forward")])
def test_a_claim_outside_the_time_of_its_promise_is_refused(desk: Desk, on: str, remedy: str) -> None:
    told = desk.refused("claim", "2026-001", "5", *BOOKED, "--on", on)
    assert on in told
    assert remedy in told


def test_a_whole_year_and_the_one_after_it_can_be_played_and_a_coming_day_is_warned_of(desk: Desk) -> None:
    year = date.today().year + 2
    desk(*OPEN, "--year", str(year))
    number = f"{year}-001"
    for day in (f"{year}-01-01", f"{year}-12-31", f"{year + 1}-12-31"):
        result = desk.run("claim", number, "5", *BOOKED, "--on", day)
        assert result.exit_code == 0
        assert result.stderr.startswith("注意 Warning: ")
        assert f"{day} is after today, {date.today()}" in result.stderr
    desk("open", "--title", "昨天", "--amount", "10", "--unit", "亩", "--body", "林业局", "--year", str(date.today().year))
    today = desk.run("claim", f"{date.today().year}-002", "5", *BOOKED, "--on", date.today())
    assert (today.exit_code, today.stderr) == (0, "")


def test_a_past_year_is_kept_and_audits_look_back_but_claims_do_not(desk: Desk) -> None:
    desk(*OPEN, "--year", "2019")
    desk("claim", "2019-001", "500", *BOOKED, "--on", "2019-07-01")
    desk("verify", "2019-001", "500", "--by", "李四", "--finding", "属实", "--on", "2019-09-01")
    desk("settle", "2019-001", "500", "--on", "2019-12-31")
    desk("reopen", "2019-001", "5", "--finding", "审计发现", "--on", str(date.today()))
    assert "2020-12-31" in desk.refused("claim", "2019-001", "5", *BOOKED)
    tomorrow = str(date.today() + timedelta(1))
    assert "2020-12-31" in desk.refused("reopen", "2019-001", "5", "--finding", "再查", "--on", tomorrow)


def test_a_deadline_beyond_the_year_moves_the_end(desk: Desk) -> None:
    desk(*OPEN, "--year", "2026", "--deadline", "2028-06")
    desk("claim", "2026-002", "5", *BOOKED, "--on", "2029-12-31")
    assert "2029-12-31" in desk.refused("claim", "2026-002", "5", *BOOKED, "--on", "2030-01-01")


def test_an_account_does_not_stand_in_the_books_before_or_after_its_time(desk: Desk) -> None:
    assert "from 2025-01-01 to 2026-12-31" in desk.refused(*OPEN, "--year", "2026", "--on", "2062-01-01")


@pytest.mark.parametrize("other", [("--body", "审计局"), ("--on", "2026-02-02"), ("--year", "2027"), ("--title", "别的")])
def test_an_opening_sent_twice_is_one_and_with_other_content_refused(desk: Desk, other: tuple[str, str]) -> None:
    first = desk(*OPEN, "--year", "2026", "--id", "x1")
    again = desk(*OPEN, "--year", "2026", "--id", "x1")
    assert (again["promise"], again["again"]) == (first["promise"], True)
    assert "another content" in desk.refused(*OPEN, "--year", "2026", "--id", "x1", *other)
    desk("assign", first["promise"], "--lead", "审计局")
    # Sent once more after somebody else was made responsible, it is still the same opening.
    assert desk(*OPEN, "--year", "2026", "--id", "x1")["again"]


@pytest.mark.parametrize("verb", ["claim", "verify", "reject", "settle", "reopen"])
def test_a_number_below_0_names_the_verb_that_goes_back(desk: Desk, verb: str) -> None:
    for number in ("-5", "-0.5", "-5亩"):
        told = desk.refused(verb, "2026-001", number, "--by", "李四")
        assert f"{number} is below 0" in told
        assert "amend" in told


def test_an_amendment_goes_both_ways_and_no_option_is_taken_for_a_quantity(desk: Desk) -> None:
    assert desk("amend", "2026-001", "-5", "--document", "某文件")["promised"] == "995"
    assert desk("amend", "2026-001", "+5", "--document", "某文件")["promised"] == "1000"
    for words in (("amend", "2026-001", "-5", "--documant", "某文件"), ("claim", "2026-001", "5", "--bye=张三")):
        error = desk.run(*words).exception
        assert isinstance(error, SystemExit | click.NoSuchOption)
        told = CliRunner().invoke(cli, [*words, "--ledger", desk.url])
        assert "No such option" in told.output
        assert "--document" in told.output or "--by" in told.output


def test_an_extension_is_not_approved_and_refused_at_once(desk: Desk) -> None:
    desk("errand", "open", "清理河道垃圾", "--body", "林业局", "--source", "inspection", "--on", "2026-03-02")
    words = ("errand", "extend", "E2026-001", "--node", "7", "--approve", "--refuse")
    assert "both" in desk.refused(*words)


def test_one_unit_of_two_steps_is_one_row(desk: Desk) -> None:
    """Promises in 亩 with 2 and with 4 decimals: sums in the finer step, exact."""
    from sizhang.store.connection import open_store
    from sizhang.store.records import insert

    with open_store(desk.url) as store, store.writing():
        columns = "number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, target"
        body = store.rows("SELECT id FROM body WHERE name = '林业局'")[0][0]
        insert(store, "promise", columns, [("2026-002", 2026, "细", "amount", "亩", 4, "", "", "plan", "", body, "")])
    desk("amend", "2026-002", "+0.0001", "--document", "某文件", "--on", "2026-01-01")
    for when in ((), ("--on", "2026-06-30")):
        (row,) = desk("balance", "--by", "body", *when)
        assert (row["unit"], row["promised"]) == ("亩", "1000.0001")
    (moved,) = desk("balance", "--by", "period")
    assert moved["promised"] == "1000.0001"


def test_the_history_on_a_narrow_screen_shows_short_hashes_and_the_zone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["history", "2026-001", "--ledger", desk.url]
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    import time

    time.tzset()
    try:
        told = CliRunner().invoke(cli, words, env={"COLUMNS": "200"}).output
        assert re.search(r"\d\d:\d\d:\d\d\+08:00", told)
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
        assert re.search(r"\d\d:\d\d:\d\d UTC", CliRunner().invoke(cli, words).output)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert not re.search("[0-9a-f]{13}", told)
    (row,) = desk("history", "2026-001")
    assert re.fullmatch("sha256:[0-9a-f]{64}", row["text"])
    assert len(row["hash"]) == 64
    assert row["recorded_at"].endswith("+00:00")


@pytest.fixture
def locked(sqlite_url: str, tmp_path: Path) -> Iterator[Path]:
    """A ledger whose file and folder this account may not write."""
    desk = Desk(sqlite_url)
    desk("init")
    desk("body", "add", "林业局")
    desk(*OPEN, "--year", "2026")
    folder = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else tmp_path) / f"sizhang-locked-{os.getpid()}"
    folder.mkdir()
    path = Path(shutil.copy(sqlite_url, folder / "city.db"))
    path.chmod(0o444)
    folder.chmod(0o555)
    yield path
    folder.chmod(0o755)
    shutil.rmtree(folder)


def as_reader(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program as somebody whom file rights bind: from root its power over them is taken (CAP_DAC_OVERRIDE)."""

    def obey_rights() -> None:
        if os.geteuid() == 0:
            drop_from_bounding_set, dac_override = 24, 1
            ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0)

    script = "from sizhang.cli.main import main; main()"
    return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, preexec_fn=obey_rights, check=False)


def test_a_ledger_that_may_only_be_read_is_read(locked: Path) -> None:
    before = sorted(locked.parent.iterdir())
    for words in (("balance",), ("balance", "--by", "period"), ("show", "2026-001"), ("history", "2026-001"), ("check",)):
        done = as_reader(*words, "--ledger", str(locked))
        assert done.returncode == 0, done.stderr
    for words in (("body", "add", "审计局"), ("amend", "2026-001", "5", "--document", "x"), ("init",)):
        done = as_reader(*words, "--ledger", str(locked))
        assert done.returncode == 2
        assert "may only read the ledger" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert sorted(locked.parent.iterdir()) == before
