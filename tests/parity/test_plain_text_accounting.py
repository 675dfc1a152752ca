"""hledger, ledger and beancount count our journal and reach exactly our balances: by stage, unit, month and prefix.

hledger and ledger are programs of the system (Debian: apt-get install hledger ledger). Where one is missing its tests say so; where CI is
set they fail.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from ledgers import ENGINES
from random_ledger import append_in_batches, register, seeded
from sizhang.core.period import Level
from sizhang.store.books import Books
from sizhang.store.connection import Store, open_store
from sizhang.store.exporting.journals import bean_codes, write_beancount, write_hledger
from sizhang.store.reading import number_of, read_balances, read_entries, read_promises

STAGES = ("promised", "claimed", "verified", "settled")


def program(name: str) -> str:
    """The program's path; a machine that has not got it skips, and fails in CI."""
    found = shutil.which(name)
    if found is None:
        words = f"{name} is not installed (Debian: apt-get install {name}), so our balances are not compared with its."
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    return found


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=ENGINES)
def store(request: pytest.FixtureRequest, new_ledger: Callable[[str], str]) -> Iterator[Store]:
    """A seeded random ledger of 600 entries over 14 promises and 3 units, once on each engine."""
    with open_store(new_ledger(request.param)) as held:
        append_in_batches(held, seeded(register(held, 7), 600, seed=11), 100)
        yield held


@pytest.fixture(scope="module")
def journal(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("journal") / "ledger.journal"
    write_hledger(store, path)
    return path


def ours(store: Store) -> dict[tuple[str, str], Decimal]:
    """(account, unit) to number, zeros left out."""
    out = {}
    for line in read_balances(store):
        for stage in STAGES:
            out[f"{stage}:{line.key.replace('.', ':')}", line.unit] = line.number(stage)
        out[f"pledge:{line.key.replace('.', ':')}", line.unit] = -sum((line.number(stage) for stage in STAGES), Decimal(0))
    return {key: number for key, number in out.items() if number}


def by_prefix(balances: dict[tuple[str, str], Decimal], prefix: str) -> dict[str, Decimal]:
    sums: Counter[str] = Counter()
    for (account, unit), number in balances.items():
        if account == prefix or account.startswith(prefix + ":"):
            sums[unit] += number  # type: ignore[assignment]
    return {unit: Decimal(number) for unit, number in sums.items() if number}


def by_month(store: Store) -> dict[tuple[str, str, str], Decimal]:
    """(month, stage, unit) to the change of the stage."""
    promises = {promise.number: promise for promise in read_promises(store)}
    sums: dict[tuple[str, str, str], int] = Counter()
    names = ("pledge", *STAGES)
    for entry in read_entries(store):
        for stage, sign in ((entry.source, -1), (entry.target, 1)):
            sums[entry.effective_on.isoformat()[:7], names[stage], promises[entry.promise].unit] += sign * entry.steps
    decimals = {promise.unit: promise.decimals for promise in promises.values()}
    return {key: number_of(steps, decimals[key[2]]) for key, steps in sums.items() if steps}


def amounts(cell: str) -> dict[str, Decimal]:
    """`1.5 "亩", -3 "套"` by unit."""
    found = re.findall(r'(-?[\d.]+)\s*"?([^",\s]+)"?', cell)
    return {unit: Decimal(number) for number, unit in found if Decimal(number)}


def test_the_journal_is_not_empty(store: Store) -> None:
    assert len(ours(store)) > 40
    assert len(by_month(store)) > 60
    assert store.rows("SELECT COUNT(*) FROM entry")[0][0] == 600


def test_hledger_reaches_our_balances(store: Store, journal: Path) -> None:
    told = run(program("hledger"), "-f", str(journal), "balance", "--flat", "-O", "csv", "--no-total")
    theirs = {(row[0], unit): number for row in list(csv.reader(io.StringIO(told)))[1:] for unit, number in amounts(row[1]).items()}
    assert theirs == ours(store)


def test_hledger_reaches_our_months(store: Store, journal: Path) -> None:
    told = list(
        csv.reader(io.StringIO(run(program("hledger"), "-f", str(journal), "balance", "-M", "--depth", "1", "-O", "csv", "--no-total")))
    )
    months = told[0][1:]
    theirs = {
        (month, row[0], unit): number
        for row in told[1:]
        for month, cell in zip(months, row[1:], strict=True)
        for unit, number in amounts(cell).items()
    }
    assert theirs == by_month(store)


def ledger_totals(journal: Path, *query: str) -> dict[str, dict[str, Decimal]]:
    """For each account that `ledger` prints its amounts; an account's second unit stands on a line of its own."""
    shown = ("--no-total", "--format", "%(account)|%(scrub(display_total))\\n")
    told = run(program("ledger"), "-f", str(journal), "balance", *query, *shown)
    lines = re.sub(r"\n(?![a-z]+[:|])", " ", told).strip().splitlines()
    return {account: amounts(cell) for account, _, cell in (line.partition("|") for line in lines)}


@pytest.mark.parametrize("prefix", ["claimed:2026-001", "settled:2026-003", "promised:2026-005:01", "verified:2026-002"])
def test_ledger_reaches_our_balances_by_prefix(store: Store, journal: Path, prefix: str) -> None:
    totals = ledger_totals(journal, f"^{prefix}", "--flat", "--depth", str(prefix.count(":") + 1))
    assert totals == {prefix: by_prefix(ours(store), prefix)}


def test_ledger_reaches_our_stages(store: Store, journal: Path) -> None:
    theirs = ledger_totals(journal, "--depth", "1")
    assert theirs == {stage: by_prefix(ours(store), stage) for stage in ("pledge", *STAGES)}


# Beancount is a program of another licence: it runs as one, in a process of its own, and is not imported here.
BEAN_BALANCES = """
import sys
from beancount import loader
from beancount.core import realization
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
for account in realization.iter_children(realization.realize(entries)):
    for position in account.balance:
        print(account.account, position.units.currency, position.units.number)
"""


def test_beancount_accepts_the_journal_and_reaches_our_balances(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "ledger.beancount"
    write_beancount(store, path)
    done = subprocess.run([sys.executable, "-c", BEAN_BALANCES, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    codes = {code: unit for unit, code in bean_codes(store).items()}
    roots = {"Equity:Pledge": "pledge", **{f"Assets:{stage.title()}": stage for stage in STAGES}}
    theirs = {}
    for account, currency, amount in map(str.split, done.stdout.splitlines()):
        root, *parts = re.split(r":P(?=\d)", account)
        theirs[":".join([roots[root], *parts]), codes[currency]] = Decimal(amount)
    assert theirs == ours(store)


def test_our_own_months_are_the_same(store: Store) -> None:
    """The table of `store.books` against the sum over entries that hledger was held against."""
    got: dict[tuple[str, str, str], Decimal] = {}
    for row in Books(store).table(Level.MONTH).rows():
        got[row.period.key, "settled", row.group.unit] = number_of(row.settled, row.group.decimals)
    expected = {key: number for key, number in by_month(store).items() if key[1] == "settled"}
    assert {key: number for key, number in got.items() if number} == expected
