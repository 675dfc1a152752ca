"""A ledger of an older version is brought to this one with all that it holds.

The fixture is the dump of a SQLite ledger whose tables and laws are those of migration 0002, with eight entries.
"""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledgers import ENGINES, Cluster
from sizhang.core.errors import InputError
from sizhang.core.ledger import Entry, Stage
from sizhang.store.checking import check_ledger
from sizhang.store.connection import engine_of, make_store, open_store
from sizhang.store.reading import read_balances, read_entries
from sizhang.store.records import REGISTERS, read_records, read_register
from sizhang.store.schema import settings_of
from sizhang.store.writing import append

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures/ledger-0002.sql"


COLUMNS = (
    "seq, client_id, promise_id, verb, source, target, steps, effective_on, recorded_at, person_id, body_id, text, surplus, evidence, "
    "lots, hash"
)


@pytest.fixture(params=ENGINES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The older ledger: as a file, and the same rows on a server whose tables are those of migration 0002."""
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as raw:
        raw.executescript(FIXTURE.read_text("utf-8"))
    raw.close()
    if request.param == "sqlite":
        return str(path)
    cluster: Cluster = request.getfixturevalue("postgresql")
    name = f"old_{uuid.uuid4().hex}"
    cluster.execute(f"CREATE DATABASE {name}")
    _migrate_to(cluster.url(name), "0002_laws", tmp_path)
    _copy(path, cluster.url(name))
    return cluster.url(name)


def _migrate_to(url: str, migration: str, folder: Path) -> None:
    # Making a ledger sets Django up, where no other test has done so.
    make_store(str(folder / "other.db")).close()
    from django.core.management import call_command
    from django.db import connections

    connections.databases[url] = {**connections.databases["default"], **settings_of(url)}
    try:
        call_command("migrate", "store", migration, database=url, verbosity=0, interactive=False)
    finally:
        connections[url].close()
        del connections[url]
        del connections.databases[url]


def _copy(path: Path, url: str) -> None:
    """The rows of the file; the laws book balances and claimants anew on the way."""
    import psycopg

    held = sqlite3.connect(path)
    with psycopg.connect(url) as raw:
        for table in ("body", "person", "promise"):
            cursor = held.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            marks = ", ".join(["%s"] * len(names))
            raw.cursor().executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", cursor.fetchall())
        for row in held.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq"):
            cells = [bool(cell) if at == 12 else cell for at, cell in enumerate(row)]
            raw.execute(f"INSERT INTO entry ({COLUMNS}) VALUES ({', '.join(['%s'] * len(cells))})", cells)
        raw.execute("UPDATE head SET seq = %s, hash = %s", held.execute("SELECT seq, hash FROM head").fetchone())
    held.close()


def entries_of(url: str) -> list[Any]:
    """The rows of entries, as they lie in whatever version of a ledger."""
    if engine_of(url) == "sqlite":
        with closing(sqlite3.connect(url)) as raw:
            return raw.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq").fetchall()
    import psycopg

    with psycopg.connect(url) as server:
        return server.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq").fetchall()  # type: ignore[arg-type]


def test_an_older_ledger_keeps_everything(old: str) -> None:
    before = entries_of(old)
    if engine_of(old) == "sqlite":
        with closing(sqlite3.connect(old)) as raw:
            assert "STRICT" not in raw.execute("SELECT sql FROM sqlite_master WHERE name = 'entry'").fetchone()[0]
    with make_store(old) as store:
        assert entries_of(old) == before
        assert check_ledger(store).findings == ()
        stands = {line.key: tuple(line.balance) for line in read_balances(store)}
        assert stands == {"2026-001": (75000, 5000, 5000, 15000, 0), "2026-002": (630, 120, 0, 0, 50)}
        assert len(list(read_entries(store))) == 8
        taken = [(record.act, record.register) for record in read_records(store)]
        rows = [(register, row) for register in REGISTERS for row in read_register(store, register)]
        assert taken == [("taken over", register) for register, _ in rows]
        assert {"body", "person", "promise"} <= {register for _, register in taken}


def test_an_older_ledger_is_not_opened_before_it_is_brought_to_this_version(old: str) -> None:
    with pytest.raises(InputError, match="schema 2, this version of Sizhang knows") as fault:
        open_store(old)
    assert "init" in fault.value.remedy.en
    with make_store(old) as store:
        store.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_later', '2030-01-01')")
    with pytest.raises(InputError, match="schema 9999"):
        open_store(old)


def test_an_older_ledger_gets_the_laws_of_today_and_goes_on(old: str) -> None:
    with make_store(old) as store:
        # PostgreSQL rounds where SQLite would keep a fraction; there a negative balance stands for it.
        unlawful = "UPDATE balance SET promised = 1.5" if store.engine == "sqlite" else "UPDATE balance SET promised = -1"
        for sql in ("UPDATE entry SET steps = 1", "DELETE FROM entry", "DELETE FROM balance", unlawful):
            with pytest.raises(Exception, match=r"refused|never|always|cannot|constraint|INTEGER"):
                store.raw.execute(sql)
        claim = Entry(
            *("new", "2026-001", "claim", Stage.PROMISED, Stage.CLAIMED, 100),  # type: ignore[arg-type]
            *(date(2026, 6, 1), next(read_entries(store)).recorded_at, "报账员", "农业局"),
        )
        append(store, [claim])
        assert check_ledger(store).findings == ()
    with make_store(old) as store:
        assert check_ledger(store).entries == 9


def test_no_error_shows_the_password_of_an_address(request: pytest.FixtureRequest) -> None:
    cluster: Cluster = request.getfixturevalue("postgresql")
    cluster.execute("CREATE DATABASE nothing_in_it")
    url = cluster.url("nothing_in_it").replace("postgres@", "postgres:not-to-be-seen@")
    with pytest.raises(InputError) as refused:
        open_store(url)
    told = "".join([str(refused.value), *refused.value.remedy])
    assert "nothing_in_it" in told and "not-to-be-seen" not in told
