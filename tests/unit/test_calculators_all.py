"""What every calculator promises: its sample comes out at its truth, also as JSON and as a page, and it says what it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sizhang.calculators import load_calculators
from sizhang.calculators.form.output import plain
from sizhang.cli.main import cli

NAMES = list(load_calculators())


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def sample_words(name: str, folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Write a sample; the words that calculate it, and its truth."""
    command = run("sample", name, "-o", str(folder)).splitlines()[-1].split()
    assert command[0] == "sizhang"
    return command[1:], json.loads((folder / f"{name}.truth.json").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_comes_out_at_its_truth(name: str, tmp_path: Path) -> None:
    words, truth = sample_words(name, tmp_path)
    data = json.loads(run(*words, "--format", "json"))
    found = {value["name"]: value["number"] for value in data["values"]}
    assert truth["values"]
    assert {key: found.get(key) for key in truth["values"]} == truth["values"]
    assert data["verdict"]["reason"]
    assert data["standards"]
    assert data["coverage"]
    assert [row["row"] for row in data["tables"] if row["trust"] == "unverified"] == data["unverified"]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_needs_nothing_else_and_tells_its_charts_in_words(name: str, tmp_path: Path) -> None:
    words, _ = sample_words(name, tmp_path)
    page = run(*words, "--format", "html")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page
    assert page.count('role="img"') == page.count("<figure") >= 1
    assert page.count("</desc>") == page.count("<figure")
    assert "结论 Verdict" in run(*words)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_data(name: str) -> None:
    calculator = load_calculators()[name]
    assert calculator.sample(5) == calculator.sample(5)
    assert calculator.sample(5).files != calculator.sample(6).files


def test_the_list_has_every_calculator_with_its_columns() -> None:
    listed = run("calc", "--list")
    for name, calculator in load_calculators().items():
        assert f"{name}  {calculator.title}" in listed
        assert f"sizhang sample {name}" in listed
        for schema in calculator.inputs:
            assert all(column.name in listed for column in schema.columns)


@pytest.mark.parametrize("value", ["0.1", "12", "100.50", "123456789012345678.123"])
def test_json_numbers_lose_no_digit(value: str) -> None:
    from decimal import Decimal

    assert Decimal(str(plain(Decimal(value)))) == Decimal(value)


def test_the_list_is_there_for_programs_too() -> None:
    listed = json.loads(CliRunner().invoke(cli, ["calc", "--list", "--format", "json"]).stdout)
    assert [row["name"] for row in listed] == list(load_calculators())
    (only,) = json.loads(CliRunner().invoke(cli, ["calc", "stages", "--list", "--format", "json"]).stdout)
    assert [column["name"] for column in only["tables"][0]["columns"]][:2] == ["thing", "stage"]


def test_a_year_that_no_calendar_of_reports_has_is_refused(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["sample", "stages", "-o", str(tmp_path)]).exit_code == 0
    told = CliRunner().invoke(cli, ["calc", "stages", str(tmp_path / "register.csv"), "--year", "99999"])
    assert told.exit_code == 2
    assert "1949" in told.stderr
