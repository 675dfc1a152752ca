"""The commands of the ledger in the forms that other programs call."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from desks import Desk, staffed
from sizhang.app.objection import answer_objection, object_to
from sizhang.cli.main import cli
from sizhang.core.errors import SizhangError
from sizhang.store.connection import open_store

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "examples/qinghe2026.txt"


@pytest.fixture
def desk(ledger_url: str) -> Desk:
    return staffed(ledger_url)


@pytest.fixture
def promise(desk: Desk) -> str:
    opened = desk("open", "--title", "新增绿化", "--amount", "1000", "--unit", "亩", "--body", "林业局", "--year", "2026")
    assert (opened["promise"], opened["unit"], opened["promised"]) == ("2026-001", "亩", "1000")
    return str(opened["promise"])


def balance_of(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row[stage] for stage in ("promised", "claimed", "verified", "settled", "surplus"))


def test_the_forms_of_the_verbs(desk: Desk, promise: str, tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("现场记录", "utf-8")
    second.write_text("验收单", "utf-8")
    evidence = ("--evidence", first, second)
    claimed = desk("claim", promise, "300", "--on", "2026-03-05", "--by", "张三", "--body", "林业局", "--id", "a-1", *evidence)
    assert balance_of(claimed) == ("700", "300", "0", "0", "0")
    assert len(claimed["entries"][0]["evidence"]) == 2
    again = desk("claim", promise, "300", "--on", "2026-03-05", "--by", "张三", "--body", "林业局", "--id", "a-1", *evidence)
    assert again["again"] is True
    assert balance_of(again) == ("700", "300", "0", "0", "0")
    assert balance_of(desk("verify", promise, "200", "--on", "2026-03-10", "--by", "李四", "--finding", "属实"))[1:3] == ("100", "200")
    assert balance_of(desk("reject", promise, "50", "--on", "2026-03-10", "--by", "李四", "--finding", "未成活"))[:2] == ("750", "50")
    assert balance_of(desk("settle", promise, "150", "--on", "2026-03-20", "--by", "李四"))[2:4] == ("50", "150")
    assert balance_of(desk("amend", promise, "+50", "--document", "市政府2026年第1号文", "--surplus")) == ("800", "50", "50", "150", "50")
    assert balance_of(desk("amend", promise, "-20", "--document", "市政府2026年第2号文"))[0] == "780"
    assert balance_of(desk("reopen", promise, "100", "--finding", "复查缺株"))[:4] == ("880", "50", "50", "50")


def test_the_ledger_may_stand_before_the_command_or_in_the_environment(desk: Desk, promise: str) -> None:
    words = ["claim", promise, "1", "--by", "张三", "--format", "json"]
    before = CliRunner().invoke(cli, ["--ledger", desk.url, *words])
    assert json.loads(before.stdout)["claimed"] == "1"
    around = CliRunner(env={"SIZHANG_LEDGER": desk.url}).invoke(cli, words)
    assert json.loads(around.stdout)["claimed"] == "2"
    nowhere = CliRunner(env={"SIZHANG_LEDGER": None}).invoke(cli, words)
    assert "No ledger is named" in str(nowhere.exception)


@pytest.mark.parametrize(
    "words",
    [
        ("claim", "2026-001", "300", "--by", "张三", "--evidence", str(REPORT)),
        ("amend", "2026-001", "+5", "--document", "文"),
        ("open", "--title", "植树", "--amount", "3", "--unit", "棵", "--body", "林业局", "--year", "2026"),
        ("body", "add", "甲县", "--place", "140121"),
        ("person", "add", "赵六", "--body", "林业局", "--role", "reporter"),
        ("assign", "2026-001", "--lead", "审计局"),
        ("expire", "--on", "2027-01-01"),
    ],
    ids=lambda words: words[0],
)
def test_a_dry_run_shows_and_books_nothing(desk: Desk, promise: str, words: tuple[str, ...], evidence_folder: Path) -> None:
    desk("claim", promise, "10", "--on", "2026-02-01", "--by", "张三")
    before, files = desk.state(), files_beside(desk.url, evidence_folder)
    rows = desk(*words, "--dry-run")
    assert (rows if isinstance(rows, dict) else rows[0])["dry_run"] is True
    assert desk.state() == before
    assert files_beside(desk.url, evidence_folder) == files
    desk(*words)
    assert desk.state() != before


def test_an_objection_stops_the_command_too_and_is_named(desk: Desk, promise: str) -> None:
    desk("claim", promise, "100", "--by", "张三")
    desk("verify", promise, "100", "--by", "李四", "--finding", "看过")
    with open_store(desk.url) as store:
        made = object_to(store, promise, "代表甲", "南坡没有栽树")
    for words in ((), ("--dry-run",)):
        assert "代表甲“南坡没有栽树”" in desk.refused("settle", promise, "10", "--by", "李四", *words)
    with open_store(desk.url) as store:
        answer_objection(store, made.id, "督查室", "栽在西坡")
    desk("settle", promise, "10", "--by", "李四")


def files_beside(url: str, evidence_folder: Path) -> set[Path]:
    folder = evidence_folder if url.startswith("postgresql") else Path(url + ".evidence")
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reading") / "reading.jsonl"
    done = CliRunner().invoke(cli, ["read", str(REPORT), "--format", "jsonl", "-o", str(path)])
    assert done.exit_code == 0
    return path


def test_all_drafts_of_a_reading_are_opened_with_their_words(desk: Desk, reading: Path) -> None:
    drafts = [json.loads(line, parse_float=Decimal) for line in reading.read_text("utf-8").splitlines()]
    rows = desk("open", reading, "--report", REPORT, "--year", "2026", "--body", "林业局")
    assert [row["promise"] for row in rows] == [f"2026-{n:03d}" for n in range(1, len(drafts) + 1)]
    assert [row["title"] for row in rows] == [draft["text"] for draft in drafts]
    for row, draft in zip(rows, drafts, strict=True):
        targets = draft["targets"]
        assert len(row.get("parts", ())) == (len(targets) if len(targets) > 1 else 0)
        for part, target in zip(row.get("parts") or [row], targets, strict=False):
            assert Decimal(part["promised"]) > 0
            if part["measure"] == "amount":
                assert Decimal(part["promised"]) == Decimal(target["value"])
                assert part["unit"] == target["unit"]
    state = desk.state()
    again = desk("open", reading, "--report", REPORT, "--year", "2026", "--body", "林业局")
    assert [row["promise"] for row in again] == [row["promise"] for row in rows]
    assert desk.state() == state


def test_a_reading_of_another_report_opens_nothing(desk: Desk, reading: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(REPORT.read_text("utf-8").replace("5.2%左右", "5.3%左右"), "utf-8")
    words = desk.refused("open", reading, "--report", other, "--year", "2026", "--body", "林业局")
    assert "5.3%" in words
    assert "5.2%" in words
    broken = tmp_path / "broken.jsonl"
    lines = reading.read_text("utf-8").splitlines()
    broken.write_text("\n".join([*lines[:3], '{"start": 1}', "nonsense", *lines[3:]]), "utf-8")
    words = desk.refused("open", broken, "--report", REPORT, "--year", "2026", "--body", "林业局")
    assert "line 4 (end is missing); line 5" in words


def test_lots_count_once_and_are_verified_one_by_one(desk: Desk, promise: str, tmp_path: Path) -> None:
    lots = tmp_path / "lots.csv"
    lots.write_text("lot,quantity\n甲-1,100\n甲-2,150.5\n甲-3,49.5\n", "utf-8")
    claimed = desk("claim", promise, "300", "--on", "2026-03-05", "--by", "张三", "--lots", lots)
    assert sorted(lot for entry in claimed["entries"] for lot in entry["lots"]) == ["甲-1", "甲-2", "甲-3"]
    other = desk("open", "--title", "补植", "--amount", "500", "--unit", "亩", "--body", "林业局", "--year", "2027")["promise"]
    words = desk.refused("claim", other, "300", "--on", "2027-03-05", "--by", "张三", "--lots", lots)
    assert "甲-1 stands at claimed of 2026-001 (entry 2 of 2026-03-05)" in words
    assert other in words
    one = tmp_path / "one.csv"
    one.write_text("甲-2\n", "utf-8")
    assert balance_of(desk("verify", promise, "150.5", "--on", "2026-03-06", "--by", "李四", "--finding", "在", "--lots", one))[1:3] == (
        "149.5",
        "150.5",
    )
    assert "150.5" in desk.refused("settle", promise, "100", "--lots", one)
    assert "甲-2 stands at verified" in desk.refused("verify", promise, "150.5", "--by", "李四", "--finding", "在", "--lots", one)
    assert balance_of(desk("reject", promise, "--on", "2026-03-07", "--by", "李四", "--finding", "缺", "--lot", "甲-1"))[:3] == (
        "800",
        "49.5",
        "150.5",
    )
    # What went back may be claimed again.
    assert balance_of(desk("claim", promise, "100", "--on", "2026-04-01", "--by", "张三", "--lot", "甲-1"))[1] == "149.5"
    total = tmp_path / "total.csv"
    total.write_text("lot,quantity\n乙-1,10\n乙-2,x\n乙-1,5\n", "utf-8")
    assert "row 3" in desk.refused("claim", promise, "20", "--by", "张三", "--lots", total)
    assert "stands twice" in desk.refused("claim", promise, "20", "--by", "张三", "--lot", "乙-1", "--lot", "乙-1")


def test_people_are_kept_under_a_keyed_hash_alone(desk: Desk, tmp_path: Path) -> None:
    desk("open", "--title", "培训", "--amount", "10", "--unit", "人", "--body", "林业局", "--year", "2026")
    card = "11010519491231002X"
    assert "--personal" in desk.refused("claim", "2026-001", "1", "--by", "张三", "--lot", card)
    desk("claim", "2026-001", "1", "--on", "2026-02-01", "--by", "张三", "--lot", card, "--personal")
    assert card not in repr(desk.state())
    assert "stands at claimed" in desk.refused("claim", "2026-001", "1", "--by", "张三", "--lot", card.lower(), "--personal")
    verified = desk("verify", "2026-001", "1", "--on", "2026-02-02", "--by", "李四", "--finding", "在册", "--lot", card, "--personal")
    assert verified["verified"] == "1"


def test_the_whole_command_starts_without_django(desk: Desk, promise: str) -> None:
    script = (
        "import sys; from sizhang.cli.main import main\n"
        "try: main()\nfinally: print('django' in sys.modules, 'rich' in sys.modules, file=sys.stderr)"
    )
    words = ["claim", promise, "5", "--by", "张三", "--ledger", desk.url]
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, encoding="utf-8")
    assert done.stderr.strip() == "False False"
    assert "在账 promised 995 · 已交 claimed 5" in done.stdout


def standings(rows: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The balance of each promise, parts included."""
    out = {}
    for row in rows:
        out[row["promise"]] = balance_of(row)
        out |= standings(row.get("parts", []))
    return out


def test_a_promise_is_split_to_the_last_step_and_split_anew(desk: Desk, promise: str, tmp_path: Path) -> None:
    for body in ("甲县", "乙县", "丙县"):
        desk("body", "add", body, "--place", {"甲县": "140121", "乙县": "140122", "丙县": "140123"}[body])
    shares = ("--by-share", "甲县=1", "--by-share", "乙县=1", "--by-share", "丙县=1")
    after = standings(desk("split", promise, *shares, "--reserve", "100"))
    assert {number: row[0] for number, row in after.items()} == {
        "2026-001": "100",
        "2026-001.01": "300",
        "2026-001.02": "300",
        "2026-001.03": "300",
    }
    assert "no reason" in desk.refused("split", promise, *shares)
    desk("person", "add", "甲报", "--body", "甲县", "--role", "reporter")
    desk("claim", "2026-001.01", "250", "--on", "2026-03-01", "--by", "甲报")
    table = tmp_path / "parts.csv"
    table.write_text("代码,数量\n140121,333.33\n140122,333.33\n140123,333.34\n", "utf-8")
    anew = standings(desk("split", promise, "--table", table, "--document", "市政府会议纪要"))
    assert [row[:2] for row in anew.values()] == [("0", "0"), ("83.33", "250"), ("333.33", "0"), ("333.34", "0")]
    table.write_text("代码,数量\n140121,200\n140122,400\n140123,400\n", "utf-8")
    assert "250 亩 claimed or done" in desk.refused("split", promise, "--table", table, "--document", "再调")
    table.write_text("代码,数量\n140121,300\n140122,400\n", "utf-8")
    assert "--reserve 300" in desk.refused("split", promise, "--table", table, "--document", "再调")
    last = standings(desk("split", promise, "--table", table, "--document", "再调", "--reserve", "300"))
    assert [row[0] for row in last.values()] == ["300", "50", "400", "0"]


def test_what_is_not_divided_gives_each_body_one_like_it(desk: Desk) -> None:
    words = (
        "--title",
        "再生水利用率",
        "--measure",
        "level",
        "--op",
        ">=",
        "--amount",
        "25",
        "--unit",
        "%",
        "--body",
        "林业局",
        "--year",
        "2026",
    )
    assert desk("open", *words)["promised"] == "1"
    desk("body", "add", "甲县")
    rows = standings(desk("split", "2026-001", "--part", "甲县"))
    assert {number: row[0] for number, row in rows.items()} == {"2026-001": "1", "2026-001.01": "1"}
    measured = ("--by", "李四", "--finding", "监测", "--on", "2026-12-31", "--measured")
    for number in rows:
        desk("claim", number, "1", "--on", "2026-12-31", "--by", "张三")
        assert "not met" in desk.refused("verify", number, "1", *measured, "24.9")
        assert desk("verify", number, "1", *measured, "25")["entries"][0]["text"] == "监测 [measured 25 %; target >= 25 %]"
    assert "2026-001.01" in desk.refused("settle", "2026-001", "1")
    desk("settle", "2026-001.01", "1")
    assert desk("settle", "2026-001", "1")["settled"] == "1"


def test_the_year_ends_and_nothing_disappears_or_counts_twice(desk: Desk, promise: str) -> None:
    desk("body", "add", "甲县")
    desk("split", promise, "--part", "甲县=600", "--reserve", "400")
    desk("assign", promise, "--support", "甲县")
    stages = (
        "--title",
        "建馆",
        "--measure",
        "stages",
        "--name",
        "开工",
        "--name",
        "封顶",
        "--name",
        "竣工",
        "--body",
        "林业局",
        "--year",
        "2026",
    )
    assert desk("open", *stages)["promised"] == "3"
    desk("claim", "2026-002", "1", "--on", "2026-05-01", "--by", "张三")
    desk("claim", promise, "300", "--on", "2026-06-01", "--by", "张三")
    desk("verify", promise, "200", "--on", "2026-06-02", "--by", "李四", "--finding", "属实")
    desk("settle", promise, "200", "--on", "2026-06-03")
    rows = standings(desk("carry-forward", "--year", "2026"))
    assert {number: row[:4] for number, row in rows.items()} == {
        "2026-001": ("0", "100", "0", "200"),
        "2026-001.01": ("0", "0", "0", "0"),
        "2026-002": ("0", "1", "0", "0"),
        "2027-001": ("100", "0", "0", "0"),
        "2027-001.01": ("600", "0", "0", "0"),
        "2027-002": ("2", "0", "0", "0"),
    }
    state = desk.state()
    assert desk("carry-forward", "--year", "2026") == []
    assert desk.state() == state
    desk("reject", promise, "100", "--on", "2027-01-10", "--by", "李四", "--finding", "不实")
    again = standings(desk("carry-forward", "--year", "2026"))
    assert {number: row[0] for number, row in again.items()} == {"2026-001": "0", "2027-001": "200"}
    assert "封顶" in desk.refused("claim", "2027-002", "--lot", "竣工", "--on", "2027-02-01", "--by", "张三")
    assert desk("claim", "2027-002", "--lot", "封顶", "--on", "2027-02-01", "--by", "张三")["claimed"] == "1"


@pytest.mark.parametrize("command", ["init", "balance"])
def test_what_is_no_ledger_is_refused_and_left_as_it_was(tmp_path: Path, command: str) -> None:
    other, empty = tmp_path / "notes.txt", tmp_path / "empty"
    other.write_text("不是账本" * 100, "utf-8")
    empty.write_bytes(b"")
    for url in (str(other), str(tmp_path), "mysql://host/db", f"postgresql://nobody@/none?host={tmp_path}"):
        with pytest.raises(SizhangError):
            CliRunner().invoke(cli, [command, "--ledger", url], catch_exceptions=False)
    assert other.read_text("utf-8") == "不是账本" * 100
    if command == "balance":
        with pytest.raises(SizhangError, match="no ledger here"):
            CliRunner().invoke(cli, [command, "--ledger", str(empty)], catch_exceptions=False)
        assert empty.read_bytes() == b""
