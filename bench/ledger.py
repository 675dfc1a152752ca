"""How fast the ledger books, reads and checks, side by side with its peers in one run on one machine.

    python bench/ledger.py --entries 10000 100000 --write

Durable means what the engine calls durable (SQLite WAL with synchronous FULL, PostgreSQL with fsync on); the folder of `--place` should lie
on the disk that is to be measured. A figure is the median of its repeats. Ratios are of entries a second, ours over the peer's.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT)]

from bench.ledger_data import BATCH, DAYS, bulk_claims, enter_promises, entry_rows, fill, opened
from bench.ledger_figures import write_figures

from ledgers import Cluster, find_programs
from sizhang.core.period import Level
from sizhang.store.books import Books
from sizhang.store.checking import check_ledger
from sizhang.store.connection import make_store, open_store
from sizhang.store.exporting.journals import write_beancount, write_hledger
from sizhang.store.reading import read_balances
from sizhang.store.writing import append

Figures = dict[str, Any]
COLUMNS = (
    "seq, client_id, promise_id, verb, source, target, steps, effective_on, recorded_at, person_id, body_id, text, surplus, evidence, "
    "lots, hash"
)


def timed(work: Callable[[], object], repeats: int = 5) -> float:
    """The median of the seconds that it takes."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


# --- writing -------------------------------------------------------------------------------------------------------------------------


def write_bulk(url: str, count: int) -> float:
    """Entries a second of claims in batches, every law checked."""
    with make_store(url) as store:
        numbers = enter_promises(store)
        append(store, opened(numbers))
        batches = list(bulk_claims(numbers, count))
        start = time.perf_counter()
        for batch in batches:
            append(store, batch)
        return count / (time.perf_counter() - start)


def write_single(url: str, count: int) -> float:
    """Entries a second of one claim a transaction."""
    with open_store(url) as store:
        numbers = [number for (number,) in store.rows("SELECT number FROM promise ORDER BY id")]
        entries = [entry for batch in bulk_claims(numbers, count, "single") for entry in batch]
        start = time.perf_counter()
        for entry in entries:
            append(store, [entry])
        return count / (time.perf_counter() - start)


def raw_sqlite(path: Path, count: int, *, single: bool = False) -> float:
    """The same rows into the same table without laws, hashes computed before."""
    with make_store(str(path)) as store:
        numbers = enter_promises(store)
        for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            store.raw.execute(f"DROP TRIGGER {name}")
        rows = entry_rows(numbers, count)
        sql = f"INSERT INTO entry ({COLUMNS}) VALUES ({', '.join('?' * 16)})"
        start = time.perf_counter()
        for at in range(0, count, 1 if single else BATCH):
            store.raw.execute("BEGIN IMMEDIATE")
            if single:
                store.raw.execute(sql, rows[at])
            else:
                store.raw.executemany(sql, rows[at : at + BATCH])
            store.raw.execute("COMMIT")
        return count / (time.perf_counter() - start)


def three_rows_sqlite(path: Path, count: int, *, single: bool = False) -> float:
    """Classic double entry: one transaction row and two posting rows, with key, index and foreign keys, no check."""
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -65536", "wal_autocheckpoint = 4000"):
        raw.execute(f"PRAGMA {pragma}")
    raw.executescript(THREE_ROWS)
    accounts = 80_000
    raw.executemany("INSERT INTO account VALUES (?, ?)", [(at, f"account {at}") for at in range(accounts)])
    heads = [(at, at % DAYS, f"claim {at}") for at in range(count)]
    legs = [
        (2 * at + side, at, (4 * at * 7919 + side) % accounts, at % 40, at % DAYS, sign * (1 + at % 1000))
        for at in range(count)
        for side, sign in ((0, -1), (1, 1))
    ]
    step = 1 if single else BATCH
    start = time.perf_counter()
    for at in range(0, count, step):
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany("INSERT INTO booking VALUES (?, ?, ?)", heads[at : at + step])
        raw.executemany("INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?)", legs[2 * at : 2 * (at + step)])
        raw.execute("COMMIT")
    return count / (time.perf_counter() - start)


THREE_ROWS = """
CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE booking (id INTEGER PRIMARY KEY, day INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE posting (id INTEGER PRIMARY KEY, booking INTEGER NOT NULL REFERENCES booking (id),
  account INTEGER NOT NULL REFERENCES account (id), unit INTEGER NOT NULL, day INTEGER NOT NULL, steps INTEGER NOT NULL);
CREATE INDEX posting_of_account ON posting (account, unit, day);
"""


def three_rows_postgresql(url: str, count: int, *, single: bool = False) -> float:
    """The same on PostgreSQL: COPY, or three statements a transaction."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute("DROP TABLE IF EXISTS posting, booking, account")
        raw.execute(THREE_ROWS.replace("INTEGER", "BIGINT"))
        raw.execute("INSERT INTO account SELECT n, 'account ' || n FROM generate_series(0, 79999) n")
        start = time.perf_counter()
        for at in range(0, count, 1 if single else BATCH):
            with raw.transaction(), raw.cursor() as cursor:
                if single:
                    cursor.execute("INSERT INTO booking VALUES (%s, %s, %s)", (at, at % DAYS, f"claim {at}"))
                    for side, sign in ((0, -1), (1, 1)):
                        values = (2 * at + side, at, (4 * at * 7919 + side) % 80_000, at % 40, at % DAYS, sign)
                        cursor.execute("INSERT INTO posting VALUES (%s, %s, %s, %s, %s, %s)", values)
                    continue
                with cursor.copy("COPY booking FROM STDIN") as copy:
                    for n in range(at, at + BATCH):
                        copy.write_row((n, n % DAYS, f"claim {n}"))
                with cursor.copy("COPY posting FROM STDIN") as copy:
                    for n in range(at, at + BATCH):
                        for side, sign in ((0, -1), (1, 1)):
                            copy.write_row((2 * n + side, n, (4 * n * 7919 + side) % 80_000, n % 40, n % DAYS, sign))
        return count / (time.perf_counter() - start)


def raw_copy(url: str, count: int) -> float:
    """The same rows into the same table of PostgreSQL by COPY, without laws."""
    with make_store(url) as store:
        numbers = enter_promises(store)
        store.raw.execute("ALTER TABLE entry DISABLE TRIGGER entry_moves_the_balance")
        rows = entry_rows(numbers, count)
        start = time.perf_counter()
        for at in range(0, count, BATCH):
            store.raw.execute("BEGIN")
            with store.raw.cursor().copy(f"COPY entry ({COLUMNS}) FROM STDIN") as copy:
                for row in rows[at : at + BATCH]:
                    copy.write_row((*row[:12], bool(row[12]), *row[13:]))
            store.raw.execute("COMMIT")
        return count / (time.perf_counter() - start)


def hordak(python: str, url: str, count: int) -> float | None:
    """django-hordak's `transfer_to`, in an environment of its own; None where there is none."""
    if not python:
        return None
    done = subprocess.run([python, str(ROOT / "bench/peer_hordak.py"), url, str(count)], capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-800:], file=sys.stderr)
        return None
    return float(done.stdout)


def writing_figures(place: Path, cluster: Cluster, count: int, python: str) -> Figures:
    """All writers, one after the other."""
    single = max(count // 50, 200)

    def database(name: str) -> str:
        cluster.execute(f"CREATE DATABASE {name}")
        return cluster.url(name)

    lite, post = str(place / "ours.db"), database("ours")
    return {
        "count": count,
        "single_count": single,
        "sqlite": {
            "ours": write_bulk(lite, count),
            "same rows, no laws": raw_sqlite(place / "raw.db", count),
            "three rows, no laws": three_rows_sqlite(place / "three.db", count),
            "single ours": write_single(lite, single),
            "single same rows": raw_sqlite(place / "raw1.db", single, single=True),
            "single three rows": three_rows_sqlite(place / "three1.db", single, single=True),
        },
        "postgresql": {
            "ours": write_bulk(post, count),
            "same rows, COPY, no laws": raw_copy(database("raw"), count),
            "three rows, COPY, no laws": three_rows_postgresql(database("three"), count),
            "single ours": write_single(post, single),
            "single three statements": three_rows_postgresql(database("three1"), single, single=True),
            "django-hordak transfer_to": hordak(python, database("hordak"), single),
        },
    }


# --- reading and checking ------------------------------------------------------------------------------------------------------------


# A small process starts the one that is measured: what a large one starts would count its memory as its own.
_LAUNCHER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, "ok": code == 0}))
"""


def process_figures(words: list[str]) -> Figures:
    """Seconds and peak memory of a whole process."""
    done = subprocess.run([sys.executable, "-S", "-c", _LAUNCHER, *words], capture_output=True, text=True, check=True)
    found: Figures = json.loads(done.stdout)
    return found


def reading_figures(url: str, journals: Path | None) -> Figures:
    """Warm library calls in milliseconds, whole processes, and the peers on the exported journal."""
    out: Figures = {}
    with open_store(url) as store:
        start = time.perf_counter()
        books = Books(store)
        out["columns first s"] = time.perf_counter() - start
        out["columns again s"] = timed(lambda: Books(store))
        out["warm ms"] = {
            **{level.name.lower(): 1e3 * timed(lambda level=level: books.table(level)) for level in Level},  # type: ignore[misc]
            "day, with rows": 1e3 * timed(lambda: list(books.table(Level.DAY).rows())),
            "month by body": 1e3 * timed(lambda: books.table(Level.MONTH, "body")),
        }
        number, day = str(store.rows("SELECT MIN(number) FROM promise")[0][0]), date(2026, 7, 1)
        books.balance_at(number, day)
        out["warm ms"]["one promise at a date"] = 1e3 * timed(lambda: books.balance_at(number, day), 50)
        out["warm ms"]["the same by SQL"] = 1e3 * timed(lambda: read_balances(store, number, on=day), 20)
        if journals:
            write_hledger(store, journals / "ledger.journal")
            write_beancount(store, journals / "ledger.beancount")
    sizhang = [sys.executable, "-c", "from sizhang.cli.main import main; main()", "--ledger", url, "balance"]
    out["process"] = {
        "sizhang, months": process_figures([*sizhang, "--by", "period", "--format", "json"]),
        "sizhang, days": process_figures([*sizhang, "--by", "period", "--level", "day", "--format", "json"]),
        "sizhang, one promise at a date": process_figures([*sizhang, number, "--on", "2026-07-01"]),
    }
    if journals:
        for name, words in peers(journals).items():
            if shutil.which(words[0]):
                out["process"][name] = process_figures(words)
    return out


def peers(journals: Path) -> dict[str, list[str]]:
    """Programs of plain-text accounting and the same question: every balance."""
    journal, bean = str(journals / "ledger.journal"), str(journals / "ledger.beancount")
    return {
        "ledger, balances": ["ledger", "-f", journal, "balance", "--flat"],
        "hledger, balances": ["hledger", "-f", journal, "balance", "--flat"],
        "bean-check": [str(Path(sys.executable).with_name("bean-check")), "--no-cache", bean],
    }


def check_figures(url: str) -> Figures:
    """Seconds and peak memory of a full replay, in a process of its own."""
    words = [sys.executable, __file__, "--check-only", url]
    return process_figures(words)


@contextmanager
def private_cluster(place: Path) -> Iterator[Cluster]:
    """PostgreSQL on the disk that is measured, with fsync on."""
    programs = find_programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed: apt-get install postgresql.")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=place))
    place.chmod(0o755)
    cluster = Cluster(folder, programs, durable=True)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


def size_figures(place: Path, count: int, slow_max: int) -> Figures:
    """A ledger of so many entries: built, read and checked."""
    url = str(place / f"{count}.db")
    with make_store(url) as store:
        start = time.perf_counter()
        fill(store, count)
        built = time.perf_counter() - start
    journals = place if count <= slow_max else None
    return {
        "entries": count,
        "built/s": count / built,
        "bytes": Path(url).stat().st_size,
        **reading_figures(url, journals),
        "check": check_figures(url),
    }


def main() -> None:
    """Measure, print, and with `--write` put the tables into the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, nargs="+", default=[10_000, 100_000])
    options.add_argument("--writes", type=int, default=100_000, help="claims of each bulk writer; a multiple of the batch")
    options.add_argument("--slow-peers-max", type=int, default=100_000, help="larger journals are not given to ledger, hledger, bean-check")
    options.add_argument("--hordak-python", default="", help="a Python that has django-hordak")
    options.add_argument("--place", type=Path, help="where to work; a folder on the disk that is measured")
    options.add_argument("--write", action="store_true", help="put the tables into docs/figures-ledger.md")
    options.add_argument("--check-only", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.check_only:
        with open_store(given.check_only) as store:
            checked = check_ledger(store)
            assert not checked.findings, checked.findings
            print(checked.entries, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    with tempfile.TemporaryDirectory(dir=given.place) as folder:
        place = Path(folder)
        with private_cluster(place) as cluster:
            figures: Figures = {"writing": writing_figures(place, cluster, given.writes, given.hordak_python)}
        print(json.dumps(figures, indent=1), flush=True)
        figures["sizes"] = []
        for count in given.entries:
            figures["sizes"].append(size_figures(place, count, given.slow_peers_max))
            print(json.dumps(figures["sizes"][-1], indent=1), flush=True)
    if given.write:
        write_figures(figures, ROOT / "docs")


if __name__ == "__main__":
    main()
