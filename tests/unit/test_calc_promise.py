"""`sizhang calc --promise`: from an account in the ledger to a verdict, by the edition of the promise's day."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from sizhang.cli.main import cli
from sizhang.core.errors import LedgerError


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    url = str(tmp_path / "city.ledger")
    run("init", "--ledger", url)
    run("body", "add", "生态环境局", "--ledger", url)
    run("person", "add", "甲", "--body", "生态环境局", "--role", "recorder", "--ledger", url)
    words = ("--year", "2023", "--on", "2023-02-10", "--by", "甲", "--ledger", url)
    for number in ("81.1", "90"):
        title = f"优良天数比例{number}%以上"
        run(
            "open",
            "--title",
            title,
            "--measure",
            "level",
            "--op",
            ">=",
            "--basis",
            "level",
            "--amount",
            number,
            "--unit",
            "%",
            "--body",
            "生态环境局",
            *words,
        )
    return url


def test_the_target_and_the_day_of_the_promise_decide(ledger: str, tmp_path: Path) -> None:
    run("sample", "air", "-o", str(tmp_path / "data"))
    files = [str(tmp_path / "data" / name) for name in ("air_hours.csv", "air_dust_days.csv")]
    found = [
        json.loads(run("calc", "air", *files, "--promise", number, "--ledger", ledger, "--format", "json"))
        for number in ("2023-001", "2023-002")
    ]
    assert [data["verdict"]["outcome"] for data in found] == ["met", "not met"]
    assert {data["standards"][0]["code"] for data in found} == {"HJ 633-2012"}
    assert "2023-02-10" in found[0]["standards"][0]["chosen"]


def test_a_promise_that_is_not_there_is_refused_in_words(ledger: str, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("station,hour_end_at,o3_ug_m3\n", "utf-8")
    with pytest.raises(LedgerError, match="2023-009"):
        CliRunner().invoke(
            cli, ["calc", "air", str(tmp_path / "h.csv"), "--promise", "2023-009", "--ledger", ledger], catch_exceptions=False
        )


def test_an_amount_is_held_against_all_that_is_promised_with_its_parts(ledger: str, tmp_path: Path) -> None:
    run("sample", "greening", "-o", str(tmp_path / "data"))
    plots = str(tmp_path / "data" / "plots.csv")
    verified = json.loads(run("calc", "greening", plots, "--format", "json"))["values"][0]
    assert (verified["name"], verified["unit"].split()[0]) == ("verified_area_mu", "亩")
    whole = int(Decimal(str(verified["number"])))
    book = ("--year", "2023", "--on", "2023-02-10", "--by", "甲", "--ledger", ledger)
    outcomes = []
    for number, amount in (("2023-003", whole), ("2023-004", whole + 1)):
        run("open", "--title", "造林", "--amount", str(amount), "--unit", "亩", "--body", "生态环境局", *book)
        run("split", number, "--part", "生态环境局=1", "--reserve", str(amount - 1), *book[2:])
        data = json.loads(run("calc", "greening", plots, "--promise", number, "--ledger", ledger, "--format", "json"))
        assert f"target >= {amount} 亩" in data["verdict"]["reason"]
        outcomes.append(data["verdict"]["outcome"])
    assert outcomes == ["met", "not met"]
