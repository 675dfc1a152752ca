"""How fast the ledger books, reads and checks, side by side with its peers in one run on one machine.

    python bench/ledger.py --entries 10000 100000 --write

Durable means what the engine calls durable (SQLite WAL with synchronous FULL, PostgreSQL with fsync on); the folder of `--place` should lie
on the disk that is to be measured. A figure is the median of its repeats. Ratios are of entries a second, ours over the peer's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
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

from bench.ledger_data import fill
from bench.ledger_figures import write_figures
from bench.ledger_writers import (
    Writer,
    copy_sqlite,
    ours,
    prepare,
    same_rows_postgresql,
    same_rows_sqlite,
    three_rows_postgresql,
    three_rows_sqlite,
)

from ledgers import Cluster, find_programs
from sizhang.core.period import Level
from sizhang.store.books import Books
from sizhang.store.checking import check_ledger
from sizhang.store.connection import make_store, open_store
from sizhang.store.exporting.journals import write_beancount, write_hledger
from sizhang.store.reading import read_balances

Figures = dict[str, Any]


def timed(work: Callable[[], object], repeats: int = 5) -> float:
    """The median of the seconds that it takes."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


# --- writing -------------------------------------------------------------------------------------------------------------------------


def hordak(python: str, url: str, count: int) -> float | None:
    """django-hordak's `transfer_to`, in an environment of its own; None where there is none."""
    if not python:
        return None
    done = subprocess.run([python, str(ROOT / "bench/peer_hordak.py"), url, str(count)], capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-800:], file=sys.stderr)
        return None
    return float(done.stdout)


def writing_figures(place: Path, cluster: Cluster, given: argparse.Namespace) -> Figures:
    """All writers into an empty ledger, and into one that holds as much as the workload; each the median of its rounds, taken in turn."""
    out: Figures = {"count": given.writes, "rounds": given.rounds, "tables": []}
    for standing in (0, given.standing):
        (folder := place / f"holding {standing}").mkdir()
        lite = lite_writers(folder, standing)
        post = post_writers(cluster, standing)
        rates = {"sqlite": take_turns(lite, given.writes, given.rounds), "postgresql": take_turns(post, given.writes, given.rounds)}
        if not standing:
            url = new_database(cluster, "hordak")
            rates["postgresql"]["django-hordak transfer_to"] = hordak(given.hordak_python, url, max(given.writes // 50, 200))
        out["tables"].append({"standing": standing, **rates})
        print(json.dumps(out["tables"][-1], indent=1), flush=True)
    return out


def take_turns(writers: dict[str, Writer], count: int, rounds: int) -> Figures:
    """The median of the rates of each writer; `single` ones write a fiftieth."""
    rates: dict[str, list[float]] = {name: [] for name in writers}
    for _ in range(rounds):
        for name, write in writers.items():
            rates[name].append(write(max(count // 50, 200) if name.startswith("single") else count))
    return {name: statistics.median(found) for name, found in rates.items()}


def lite_writers(folder: Path, standing: int) -> dict[str, Writer]:
    """The writers on SQLite, each with a file of its own."""
    prepare(str(folder / "base.db"), standing)
    urls = {name: copy_sqlite(folder / "base.db", folder / f"{name}.db") for name in ("ours", "raw", "ours1", "raw1")}
    return {
        "ours": ours(urls["ours"]),
        "same rows, no laws": same_rows_sqlite(urls["raw"]),
        "three rows, no laws": three_rows_sqlite(folder / "three.db", standing),
        "three rows, balance checked": three_rows_sqlite(folder / "transfer.db", standing, checked=True),
        "single ours": ours(urls["ours1"], single=True),
        "single same rows": same_rows_sqlite(urls["raw1"], single=True),
        "single three rows": three_rows_sqlite(folder / "three1.db", standing, single=True),
    }


def new_database(cluster: Cluster, name: str, template: str = "template0") -> str:
    """The address of a new database."""
    cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return cluster.url(name)


def post_writers(cluster: Cluster, standing: int) -> dict[str, Writer]:
    """The writers on PostgreSQL, each with a database of its own."""
    prepare(new_database(cluster, f"base_{standing}"), standing)
    urls = {
        name: new_database(cluster, f"{name}_{standing}", f"base_{standing}" if name[:3] in ("our", "raw") else "template0")
        for name in ("ours", "raw", "rawtext", "ours1", "three", "three1")
    }
    return {
        "ours": ours(urls["ours"]),
        "same rows, COPY, no laws": same_rows_postgresql(urls["raw"]),
        "same rows, COPY of a ready text, no laws": same_rows_postgresql(urls["rawtext"], ready=True),
        "three rows, COPY, no laws": three_rows_postgresql(urls["three"], standing),
        "single ours": ours(urls["ours1"], single=True),
        "single three statements": three_rows_postgresql(urls["three1"], standing, single=True),
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


def process_figures(words: list[str], repeats: int = 1) -> Figures:
    """Seconds and peak memory of a whole process, the median of its repeats, with Python's modules compiled as by an installation."""
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        found: list[Figures] = []
        # The first of several compiles.
        for _ in range(repeats + (repeats > 1)):
            launched = [sys.executable, "-S", "-c", _LAUNCHER, *words]
            found.append(json.loads(subprocess.run(launched, capture_output=True, text=True, check=True, env=environment).stdout))
    return sorted(found[-repeats:], key=lambda one: float(one["seconds"]))[repeats // 2]


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
        "sizhang, months": process_figures([*sizhang, "--by", "period", "--format", "json"], 5),
        "sizhang, days": process_figures([*sizhang, "--by", "period", "--level", "day", "--format", "json"], 5),
        "sizhang, one promise at a date": process_figures([*sizhang, number, "--on", "2026-07-01"], 5),
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
    options.add_argument("--entries", type=int, nargs="*", default=[10_000, 100_000])
    options.add_argument("--writes", type=int, default=100_000, help="claims of each bulk writer; a multiple of the batch")
    options.add_argument("--standing", type=int, default=1_000_000, help="entries that the full ledger of the writers holds before")
    options.add_argument("--rounds", type=int, default=3, help="how often each writer is timed")
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
        place = Path(folder).resolve()
        with private_cluster(place) as cluster:
            figures: Figures = {"writing": writing_figures(place, cluster, given)}
        figures["sizes"] = []
        for count in given.entries:
            figures["sizes"].append(size_figures(place, count, given.slow_peers_max))
            print(json.dumps(figures["sizes"][-1], indent=1), flush=True)
    if given.write:
        write_figures(figures, ROOT / "docs")


if __name__ == "__main__":
    main()
