"""A ledger of an older version is brought to this one with all that it holds.

The fixture is the dump of a SQLite ledger whose tables and laws are those of migration 0002, with eight entries.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from sizhang.core.errors import InputError
from sizhang.core.ledger import Entry, Stage
from sizhang.store.checking import check_ledger
from sizhang.store.connection import make_store, open_store
from sizhang.store.reading import read_balances, read_entries
from sizhang.store.records import REGISTERS, read_records, read_register
from sizhang.store.writing import append

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures/ledger-0002.sql"


@pytest.fixture
def old(tmp_path: Path) -> str:
    """The older ledger as a file."""
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as raw:
        raw.executescript(FIXTURE.read_text("utf-8"))
    raw.close()
    return str(path)


def test_an_older_ledger_keeps_everything(old: str) -> None:
    raw = sqlite3.connect(old)
    before = raw.execute("SELECT * FROM entry ORDER BY seq").fetchall()
    assert raw.execute("SELECT sql FROM sqlite_master WHERE name = 'entry'").fetchone()[0].count("STRICT") == 0
    raw.close()
    with make_store(old) as store:
        columns = "seq, client_id, verb, source, target, steps, effective_on, recorded_at, text, surplus, evidence, lots, hash"
        names = [row[1] for row in store.rows("PRAGMA table_info(entry)")]
        assert store.rows("SELECT * FROM entry ORDER BY seq") == before
        assert set(columns.split(", ")) < set(names)
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
        for sql in ("UPDATE entry SET steps = 1", "DELETE FROM entry", "DELETE FROM balance", "UPDATE balance SET promised = 1.5"):
            with pytest.raises(sqlite3.IntegrityError):
                store.raw.execute(sql)
        claim = Entry(
            *("new", "2026-001", "claim", Stage.PROMISED, Stage.CLAIMED, 100),  # type: ignore[arg-type]
            *(date(2026, 6, 1), next(read_entries(store)).recorded_at, "报账员", "农业局"),
        )
        append(store, [claim])
        assert check_ledger(store).findings == ()
    with make_store(old) as store:
        assert check_ledger(store).entries == 9
