"""The writers of the ledger's benchmark: ours, the same rows without laws, and classic double entry, each into tables of the same size.

What is prepared before a writer is timed: the batches of ours, the rows and hashes of the others. A writer goes on where it stopped, so it
may be timed again.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bench.ledger_data import BATCH, DAYS, bulk_claims, enter_promises, entry_rows, opened

from sizhang.store.connection import Store, make_store, open_store
from sizhang.store.inserting import COLUMNS
from sizhang.store.writing import append

Writer = Callable[[int], float]
ACCOUNTS: Final = 80_000
_INSERT: Final = f"INSERT INTO entry ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_COPY: Final = f"COPY entry ({', '.join(COLUMNS)}) FROM STDIN"
THREE_ROWS: Final = """
CREATE TABLE account (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE booking (id BIGINT PRIMARY KEY, day BIGINT NOT NULL, note TEXT NOT NULL);
CREATE TABLE posting (id BIGINT PRIMARY KEY, booking BIGINT NOT NULL REFERENCES booking (id),
  account BIGINT NOT NULL REFERENCES account (id), unit BIGINT NOT NULL, day BIGINT NOT NULL, steps BIGINT NOT NULL);
CREATE INDEX posting_of_account ON posting (account, unit, day);
"""


def prepare(url: str, standing: int) -> None:
    """A ledger with all promises opened, and so many claims in it."""
    with make_store(url) as store:
        numbers = enter_promises(store)
        append(store, opened(numbers))
        for batch in bulk_claims(numbers, standing, "standing"):
            append(store, batch)


def copy_sqlite(source: Path, target: Path) -> str:
    """The same ledger once more."""
    return str(shutil.copy(source, target))


class Timer:
    """Entries a second since it was made."""

    def __init__(self) -> None:
        self.start = time.perf_counter()

    def rate(self, count: int) -> float:
        """Of so many entries."""
        return count / (time.perf_counter() - self.start)


def _numbers(store: Store) -> list[str]:
    return [number for (number,) in store.rows("SELECT number FROM promise ORDER BY id")]


def _last(store: Store) -> int:
    return int(store.rows("SELECT MAX(seq) FROM entry")[0][0])


def ours(url: str, *, single: bool = False) -> Writer:
    """Claims, every law checked, in batches or each in a transaction of its own."""

    def write(count: int) -> float:
        with open_store(url) as store:
            batches = list(bulk_claims(_numbers(store), count, f"claim {_last(store)}"))
            if single:
                batches = [[entry] for batch in batches for entry in batch]
            timer = Timer()
            for batch in batches:
                append(store, batch)
            return timer.rate(count)

    return write


def same_rows_sqlite(url: str, *, single: bool = False) -> Writer:
    """The same rows into the same table without laws, hashes computed before, by `executemany`."""

    def write(count: int) -> float:
        with open_store(url) as store:
            for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                store.raw.execute(f"DROP TRIGGER {name}")
            rows = entry_rows(_numbers(store), count, _last(store))
            step = 1 if single else BATCH
            timer = Timer()
            for at in range(0, count, step):
                store.raw.execute("BEGIN IMMEDIATE")
                store.raw.executemany(_INSERT, rows[at : at + step])
                store.raw.execute("COMMIT")
            return timer.rate(count)

    return write


def _postings(start: int, count: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Bookings and their two postings, on random accounts."""
    heads = [(at, at % DAYS, f"claim {at}") for at in range(start, start + count)]
    legs = [
        (2 * at + side, at, (at * 2_654_435_761 + side * 40_503) % ACCOUNTS, at % 40, at % DAYS, sign * (1 + at % 1000))
        for at in range(start, start + count)
        for side, sign in ((0, -1), (1, 1))
    ]
    return heads, legs


def _filled(add: Callable[[int, int], float], standing: int, single: bool) -> Writer:
    """The writer of a table that holds so many rows already; `add` takes how many, and how many at once."""
    for _ in range(0, standing, 10 * BATCH):
        add(min(standing, 10 * BATCH), BATCH)
    return lambda count: add(count, 1 if single else BATCH)


def three_rows_sqlite(path: Path, standing: int, *, single: bool = False, checked: bool = False) -> Writer:
    """One booking row and two posting rows with key, index and foreign keys; `checked` is a transfer that looks at the balance first."""
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -65536", "wal_autocheckpoint = 4000"):
        raw.execute(f"PRAGMA {pragma}")
    raw.executescript(THREE_ROWS.replace("BIGINT", "INTEGER"))
    raw.execute("CREATE TABLE holding (account INTEGER PRIMARY KEY, steps INTEGER NOT NULL)")
    raw.executemany("INSERT INTO account VALUES (?, ?)", [(at, f"account {at}") for at in range(ACCOUNTS)])
    raw.executemany("INSERT INTO holding VALUES (?, ?)", [(at, 10**12) for at in range(ACCOUNTS)])
    done = 0

    def add(count: int, step: int) -> float:
        nonlocal done
        heads, legs = _postings(done, count)
        done += count
        timer = Timer()
        for at in range(0, count, step):
            raw.execute("BEGIN IMMEDIATE")
            if checked:
                _transfer(raw, heads[at : at + step], legs[2 * at : 2 * (at + step)])
            else:
                raw.executemany("INSERT INTO booking VALUES (?, ?, ?)", heads[at : at + step])
                raw.executemany("INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?)", legs[2 * at : 2 * (at + step)])
            raw.execute("COMMIT")
        return timer.rate(count)

    return _filled(add, standing, single)


def _transfer(raw: sqlite3.Connection, heads: list[tuple[Any, ...]], legs: list[tuple[Any, ...]]) -> None:
    """What is taken must be there: sums by account are compared with what the accounts hold, then moved with the rows."""
    moved: dict[int, int] = {}
    for _, _, account, _, _, steps in legs:
        moved[account] = moved.get(account, 0) + steps
    held = dict(raw.execute(f"SELECT account, steps FROM holding WHERE account IN ({','.join('?' * len(moved))})", list(moved)))
    for account, change in moved.items():
        if held[account] + change < 0:
            raise ValueError(account)
    raw.executemany("INSERT INTO booking VALUES (?, ?, ?)", heads)
    raw.executemany("INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?)", legs)
    raw.executemany("UPDATE holding SET steps = steps + ? WHERE account = ?", [(change, account) for account, change in moved.items()])


def same_rows_postgresql(url: str, *, ready: bool = False) -> Writer:
    """The same rows into the same table by COPY, without laws: row by row as psycopg offers it, or as one text made before (`ready`)."""

    def write(count: int) -> float:
        with open_store(url) as store:
            store.raw.execute("ALTER TABLE entry DISABLE TRIGGER entry_moves_the_balance")
            rows = [(*row[:12], bool(row[12]), *row[13:]) for row in entry_rows(_numbers(store), count, _last(store))]
            parts = [rows[at : at + BATCH] for at in range(0, count, BATCH)]
            texts = ["".join("\t".join((*map(str, row[:15]), f"\\\\x{row[15].hex()}\n")) for row in part) for part in parts]
            timer = Timer()
            for part, text in zip(parts, texts, strict=True):
                store.raw.execute("BEGIN")
                with store.raw.cursor().copy(_COPY) as copy:
                    if ready:
                        copy.write(text)
                    else:
                        for row in part:
                            copy.write_row(row)
                store.raw.execute("COMMIT")
            return timer.rate(count)

    return write


def three_rows_postgresql(url: str, standing: int, *, single: bool = False) -> Writer:
    """Classic double entry on PostgreSQL: COPY, or three statements a transaction."""
    import psycopg

    raw = psycopg.connect(url, autocommit=True)
    raw.execute(THREE_ROWS)
    raw.execute(f"INSERT INTO account SELECT n, 'account ' || n FROM generate_series(0, {ACCOUNTS - 1}) n")
    done = 0

    def add(count: int, step: int) -> float:
        nonlocal done
        heads, legs = _postings(done, count)
        done += count
        timer = Timer()
        for at in range(0, count, step):
            with raw.transaction(), raw.cursor() as cursor:
                if step == 1:
                    cursor.execute("INSERT INTO booking VALUES (%s, %s, %s)", heads[at])
                    for leg in legs[2 * at : 2 * at + 2]:
                        cursor.execute("INSERT INTO posting VALUES (%s, %s, %s, %s, %s, %s)", leg)
                    continue
                for table, rows in (("booking", heads[at : at + step]), ("posting", legs[2 * at : 2 * (at + step)])):
                    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
        return timer.rate(count)

    return _filled(add, standing, single)
