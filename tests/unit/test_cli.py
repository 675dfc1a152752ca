"""The commands as their user meets them: what they print, and the code they end with."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sizhang.cli.main import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "examples/qinghe2026.txt"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `sizhang` in a process of its own, so that exit codes and the error stream are the real ones."""
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(
        [sys.executable, "-c", "from sizhang.cli.main import main; main()", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def invoke(*arguments: object) -> str:
    """Run a command that is to succeed, within this process; gives what it prints."""
    result = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def assert_two_clear_lines(result: subprocess.CompletedProcess[str], code: int) -> None:
    assert result.returncode == code, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    # The Chinese, and below it the English.
    first, second = result.stderr.splitlines()
    assert re.search("[\u4e00-\u9fff]", first), result.stderr
    assert re.match("  [A-Z0-9“]", second), result.stderr


def test_help_names_every_command() -> None:
    shown = invoke("--help")
    for command, words in COMMANDS.items():
        assert command in shown
        assert words.split()[0] in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_own_help(command: str) -> None:
    shown = invoke(command, "--help")
    assert shown.startswith(f"用法 Usage: cli {command} ")
    assert "选项 Options:" in shown


def test_help_loads_neither_the_model_nor_a_reader() -> None:
    script = (
        "import sys; from sizhang.cli.main import cli; cli(['--help'], standalone_mode=False);"
        "print([m for m in ('pycrfsuite', 'trafilatura', 'pypdfium2', 'xlsxwriter') if m in sys.modules])"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", env=env, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_read_as_jsonl_gives_spans_of_the_report() -> None:
    text = REPORT.read_text("utf-8")
    rows = [json.loads(line) for line in invoke("read", REPORT, "--format", "jsonl").splitlines()]
    assert len(rows) > 150
    for row in rows:
        assert text[row["start"] : row["end"]] == row["text"]
    growth = next(row for row in rows if row["text"] == "地区生产总值增长5.2%左右")
    assert growth["kind"] == "quantity"
    assert [(t["value"], t["unit"], t["op"]) for t in growth["targets"]] == [(5.2, "%", "~")]


def test_read_takes_no_achievement_of_the_past_year_for_a_promise() -> None:
    texts = "\n".join(json.loads(line)["text"] for line in invoke("read", REPORT, "--format", "jsonl").splitlines())
    assert "1286亿元" not in texts
    assert "118件" not in texts


def test_read_as_csv_has_a_row_for_every_promise() -> None:
    table = list(csv.DictReader(io.StringIO(invoke("read", REPORT, "--format", "csv").lstrip("\ufeff"))))
    rows = [json.loads(line) for line in invoke("read", REPORT, "--format", "jsonl").splitlines()]
    assert [row["text"] for row in table] == [row["text"] for row in rows]
    assert [int(row["start"]) for row in table] == [row["start"] for row in rows]


def test_read_as_html_is_one_page_that_loads_nothing() -> None:
    page = invoke("read", REPORT, "--format", "html")
    assert page.startswith("<!doctype html>")
    assert "地区生产总值增长5.2%左右" in page
    assert "default-src 'none'" in page
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_read_shows_a_table_when_no_form_is_named() -> None:
    shown = invoke("read", REPORT)
    assert "qinghe2026.txt · 2026" in shown
    assert "地区生产总值" in shown


def test_read_writes_a_folder_for_several_reports(tmp_path: Path) -> None:
    other = tmp_path / "second.txt"
    other.write_bytes(REPORT.read_bytes())
    out = tmp_path / "out"
    invoke("read", REPORT, other, "--format", "jsonl", "-o", out)
    assert sorted(p.name for p in out.iterdir()) == ["qinghe2026.jsonl", "second.jsonl"]
    assert (out / "second.jsonl").read_bytes() == (out / "qinghe2026.jsonl").read_bytes()


def test_numbers_gives_places_within_their_lines() -> None:
    lines = REPORT.read_text("utf-8").split("\n")
    rows = [json.loads(line) for line in invoke("numbers", REPORT).splitlines()]
    assert len(rows) > 250
    for row in rows:
        assert lines[row["line"] - 1][row["start"] : row["end"]] == row["text"]
    total = next(row for row in rows if "1286" in row["text"])
    assert (total["value"], total["unit"]) == (128_600_000_000, "元")
    assert (4.5, 5.5) in {(r["value"], r.get("value_max")) for r in rows}


@pytest.mark.parametrize("command", ["read", "numbers"])
def test_an_empty_file_is_told_in_two_lines_and_code_2(command: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = run(command, empty)
    assert_two_clear_lines(result, 2)
    assert "empty.txt" in result.stderr


@pytest.mark.parametrize("command", ["read", "numbers"])
def test_a_missing_file_is_told_in_two_lines_and_code_2(command: str, tmp_path: Path) -> None:
    result = run(command, tmp_path / "nowhere.txt")
    assert_two_clear_lines(result, 2)
    assert "nowhere.txt" in result.stderr


def test_a_text_that_is_no_report_is_told_in_two_lines_and_code_1(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("今天天气很好。我们去河边散步，看见两只白鹭。\n", "utf-8")
    result = run("read", letter, "--format", "jsonl")
    assert_two_clear_lines(result, 1)
    assert "letter.txt" in result.stderr


def test_one_bad_file_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    result = run("read", empty, REPORT, "--format", "jsonl", "-o", tmp_path / "out")
    assert result.returncode == 2
    assert "empty.txt" in result.stderr
    assert "Traceback" not in result.stderr
    assert (tmp_path / "out/qinghe2026.jsonl").stat().st_size > 10_000


def test_a_folder_without_reports_is_code_2(tmp_path: Path) -> None:
    assert_two_clear_lines(run("read", tmp_path), 2)


def test_a_spreadsheet_is_not_written_to_the_terminal() -> None:
    result = run("read", REPORT, "--format", "xlsx")
    assert_two_clear_lines(result, 2)
    assert "-o" in result.stderr


def test_an_output_folder_that_is_missing_is_code_2(tmp_path: Path) -> None:
    result = run("read", REPORT, "--format", "csv", "-o", tmp_path / "none" / "out.csv")
    assert_two_clear_lines(result, 2)
    assert "out.csv" in result.stderr


def test_an_unknown_command_is_code_2_and_named() -> None:
    result = run("forget")
    assert result.returncode == 2
    assert "forget" in result.stderr
    assert "Traceback" not in result.stderr
