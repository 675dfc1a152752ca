"""Several programs at once, and programs that die: one wins, nothing is half booked, nothing that was acknowledged is lost."""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import random
import threading
import time
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from random_ledger import make_entry, register
from sizhang.core.errors import LedgerError
from sizhang.store.checking import check_ledger
from sizhang.store.connection import open_store
from sizhang.store.evidence import keep, path_of
from sizhang.store.reading import read_balances
from sizhang.store.writing import append

DAY = date(2026, 3, 1)


def claim_without_end(url: str, run: int, folder: Path, told: Connection) -> None:
    """Book batches of claims, each with evidence of its own, and say which are booked."""
    file = folder / f"evidence-{run}"
    with open_store(url) as store:
        for batch in range(10_000):
            file.write_text(f"{run} {batch}")
            with store.writing():
                digest = keep(store, file, 10)
                names = [f"{run}-{batch}-{at}" for at in range(25)]
                append(store, [make_entry(name, "2026-001", "claim", 1, DAY, evidence=(digest,)) for name in names])
            told.send(batch)


def test_two_claims_for_the_last_unit(ledger_url: str) -> None:
    """Eight threads want the last three steps: three win, five are told that nothing is left."""
    with open_store(ledger_url) as store:
        register(store, 1)
        append(store, [make_entry("o", "2026-001", "open", 3, DAY)])
    outcomes: list[str] = []
    ready = threading.Barrier(8)

    def claim(at: int) -> None:
        with open_store(ledger_url) as own:
            ready.wait()
            try:
                append(own, [make_entry(f"c{at}", "2026-001", "claim", 1, DAY)])
                outcomes.append("booked")
            except LedgerError as fault:
                assert "holds 0" in fault.what.en
                outcomes.append("refused")

    threads = [threading.Thread(target=claim, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["booked"] * 3 + ["refused"] * 5
    with open_store(ledger_url) as store:
        (line, *_) = read_balances(store)
        assert (line.balance.promised, line.balance.claimed) == (0, 3)
        assert check_ledger(store).findings == ()


def test_one_id_from_two_sides_is_booked_once(ledger_url: str) -> None:
    with open_store(ledger_url) as store:
        register(store, 1)
        append(store, [make_entry("o", "2026-001", "open", 100, DAY)])
    told: list[bool] = []
    ready = threading.Barrier(4)

    def claim() -> None:
        with open_store(ledger_url) as own:
            ready.wait()
            told.append(append(own, [make_entry("the same", "2026-001", "claim", 7, DAY)])[0].again)

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == [False, True, True, True]
    with open_store(ledger_url) as store:
        assert read_balances(store, "2026-001")[0].balance.claimed == 7


def test_killed_at_any_moment_nothing_is_lost_or_half_booked(ledger_url: str, tmp_path: Path, evidence_folder: Path) -> None:
    """50 programs on each engine, each killed while it claims; afterwards everything fits."""
    with open_store(ledger_url) as store:
        register(store, 1)
        append(store, [make_entry("o", "2026-001", "open", 10**9, DAY)])
    rng = random.Random(ledger_url.startswith("postgresql"))
    killed = acknowledged = 0
    while killed < 50:
        told = _run_and_kill(ledger_url, killed, tmp_path, rng.uniform(0.0, 0.06))
        killed += 1
        with open_store(ledger_url) as store:
            held = {row[0] for row in store.rows("SELECT client_id FROM entry WHERE client_id LIKE %s", [f"{killed - 1}-%"])}
            for batch in told:
                assert f"{killed - 1}-{batch}-24" in held, "an acknowledged entry is lost"
            assert len(held) % 25 == 0, "a batch is half booked"
            acknowledged += len(told)
    assert acknowledged > 50
    with open_store(ledger_url) as store:
        checked = check_ledger(store)
        assert checked.findings == ()
        assert all(path_of(store, digest).is_file() for (digest,) in store.rows("SELECT sha256 FROM evidence"))


def _run_and_kill(url: str, run: int, folder: Path, seconds: float) -> list[int]:
    """Start a claimer, kill it some random time after its first claim; gives the batches that it was told are booked."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    program = fork.Process(target=claim_without_end, args=(url, run, folder, there))
    program.start()
    there.close()
    told = [here.recv()]
    time.sleep(seconds)
    program.kill()
    program.join()
    # What stands in the pipe whole was acknowledged; the last message may be cut.
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            told.append(here.recv())
    return told
