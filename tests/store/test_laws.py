"""The laws are held by the database itself, whoever writes to it."""

from __future__ import annotations

import pytest

from sizhang.store.connection import Store

NO_PEOPLE = "INSERT INTO body (name, place) VALUES ('农业局', '')"
PROMISE = (
    "INSERT INTO promise (number, year, title, measure, unit, decimals, domain, kind, strength, deadline, body_id, target) "
    "VALUES ('2026-001', 2026, '新增绿化', 'amount', '亩', 2, 'ecology', '', 'plan', '', 1, '')"
)
ENTRY = (
    "INSERT INTO entry (seq, client_id, promise_id, verb, source, target, steps, effective_on, recorded_at, "
    "text, surplus, evidence, lots, hash) "
    "VALUES ({seq}, '{seq}', 1, '{verb}', {source}, {target}, {steps}, 20500, 1, '', {no}, '', '', {hash})"
)


def entry(store: Store, seq: int, verb: str, source: int, target: int, steps: int) -> None:
    no, digest = ("false", "'\\x00'::bytea") if store.engine == "postgresql" else ("0", "x'00'")
    store.raw.execute(ENTRY.format(seq=seq, verb=verb, source=source, target=target, steps=steps, no=no, hash=digest))


@pytest.fixture
def opened(ledger: Store) -> Store:
    """A promise of 10.00亩, opened past all of Python's checks; autocommitted on both engines."""
    if ledger.engine == "postgresql":
        ledger.raw.autocommit = True
    ledger.raw.execute(NO_PEOPLE)
    ledger.raw.execute(PROMISE)
    entry(ledger, 1, "open", 0, 1, 1000)
    return ledger


@pytest.mark.parametrize(
    "seq, verb, source, target, steps",
    [
        (3, "open", 0, 1, 1),
        (1, "open", 0, 1, 1),
        (2, "verify", 2, 3, 1),
        (2, "claim", 1, 2, 1001),
        (2, "claim", 1, 3, 1),
        (2, "settle", 1, 4, 1),
        (2, "open", 0, 1, 0),
        (2, "open", 0, 1, -5),
        (2, "amend", 1, 0, 1001),
    ],
    ids=["gap", "number twice", "verify nothing", "overdraw", "skip claimed", "write off", "nothing", "less than nothing", "amend below"],
)
def test_the_database_refuses(opened: Store, seq: int, verb: str, source: int, target: int, steps: int) -> None:
    with pytest.raises(Exception, match=r"(?i)constraint|gap|unique"):
        entry(opened, seq, verb, source, target, steps)
    assert [tuple(row) for row in opened.rows("SELECT seq FROM entry")] == [(1,)]
    assert tuple(opened.rows("SELECT promised, claimed, verified, settled FROM balance")[0]) == (1000, 0, 0, 0)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET steps = 5",
        "DELETE FROM entry",
        "UPDATE promise SET number = 'x'",
        "UPDATE promise SET unit = '吨'",
        "DELETE FROM promise",
        "DELETE FROM balance",
    ],
)
def test_what_is_booked_stays(opened: Store, sql: str) -> None:
    with pytest.raises(Exception, match=r"never|always"):
        opened.raw.execute(sql)


def test_no_other_connection_can_replace_a_booked_entry(opened: Store) -> None:
    """SQLite's REPLACE deletes without a delete trigger, where a program leaves recursive triggers off."""
    opened.raw.execute("UPDATE head SET seq = 1")
    if opened.engine == "sqlite":
        opened.raw.execute("PRAGMA recursive_triggers = OFF")
        sql = ENTRY.format(seq=1, verb="open", source=0, target=1, steps=7, no="0", hash="x'00'")
        with pytest.raises(Exception, match="gap"):
            opened.raw.execute(sql.replace("INSERT INTO", "INSERT OR REPLACE INTO"))
    assert [tuple(row) for row in opened.rows("SELECT seq, steps FROM entry")] == [(1, 1000)]


def test_a_balance_is_a_whole_number_or_refused(opened: Store) -> None:
    with pytest.raises(Exception, match=r"REAL|out of range"):
        entry(opened, 2, "open", 0, 1, 2**63 - 1)
    assert tuple(opened.rows("SELECT promised FROM balance")[0]) == (1000,)


def test_each_entry_moves_the_balance(opened: Store) -> None:
    entry(opened, 2, "open", 0, 1, 234)
    assert tuple(opened.rows("SELECT promised, claimed, verified, settled, surplus FROM balance")[0]) == (1234, 0, 0, 0, 0)
