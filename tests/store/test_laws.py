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
    "person_id, body_id, text, surplus, evidence, lots, hash) "
    "VALUES ({seq}, '{seq}', 1, '{verb}', {source}, {target}, {steps}, 20500, 1, {who}, '', {surplus}, '', '', {hash})"
)


def entry(store: Store, seq: int, verb: str, source: int, target: int, steps: int) -> None:
    signed(store, (seq, verb, source, target, steps), "NULL, NULL")


def signed(store: Store, moved: tuple[int, str, int, int, int], who: str, *, surplus: bool = False) -> None:
    """An entry by a person for a body, both as rows of their tables."""
    seq, verb, source, target, steps = moved
    more, digest = (str(surplus), "'\\x00'::bytea") if store.engine == "postgresql" else (str(int(surplus)), "x'00'")
    sql = ENTRY.format(seq=seq, verb=verb, source=source, target=target, steps=steps, who=who, surplus=more, hash=digest)
    store.raw.execute(sql)


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
        sql = ENTRY.format(seq=1, verb="open", source=0, target=1, steps=7, who="NULL, NULL", surplus="0", hash="x'00'")
        with pytest.raises(Exception, match="gap"):
            opened.raw.execute(sql.replace("INSERT INTO", "INSERT OR REPLACE INTO"))
    assert [tuple(row) for row in opened.rows("SELECT seq, steps FROM entry")] == [(1, 1000)]


@pytest.fixture
def claimed(opened: Store) -> Store:
    """The same promise, on which the first person has claimed 3.00亩 for the first body; there are two of each."""
    opened.raw.execute("INSERT INTO body (name, place) VALUES ('审计局', '')")
    opened.raw.execute("INSERT INTO person (name, roles, body_id) VALUES ('甲', '', 1), ('乙', '', 2)")
    signed(opened, (2, "claim", 1, 2, 300), "1, 1")
    return opened


@pytest.mark.parametrize(
    "moved, who",
    [
        ((3, "verify", 2, 3, 1), "1, 2"),
        ((3, "verify", 2, 3, 1), "2, 1"),
        ((3, "reject", 2, 1, 1), "1, 2"),
        ((3, "reject", 2, 1, 1), "2, 1"),
        ((3, "claim", 1, 2, 1), "NULL, 1"),
        ((3, "claim", 1, 2, 1), "1, NULL"),
        ((3, "claim", 1, 2, 1), "9, 1"),
        ((3, "claim", 1, 2, 701), "1, 1"),
        ((2, "claim", 1, 2, 1), "1, 1"),
        ((4, "claim", 1, 2, 1), "1, 1"),
    ],
)
def test_the_database_refuses_whoever_checks_himself_and_claims_without_a_name(
    claimed: Store, moved: tuple[int, str, int, int, int], who: str
) -> None:
    state = [claimed.rows(f"SELECT * FROM {table}") for table in ("entry", "balance", "claimant")]
    with pytest.raises(Exception, match=r"(?i)constraint|nobody|gap|unique"):
        signed(claimed, moved, who)
    assert [claimed.rows(f"SELECT * FROM {table}") for table in ("entry", "balance", "claimant")] == state


def test_another_of_another_body_checks_and_the_claimant_of_another_verb_settles_not(claimed: Store) -> None:
    signed(claimed, (3, "verify", 2, 3, 200), "2, 2")
    with pytest.raises(Exception, match="nobody"):
        signed(claimed, (4, "settle", 3, 4, 200), "1, 2")
    signed(claimed, (4, "settle", 3, 4, 150), "2, 1")
    signed(claimed, (5, "reject", 2, 1, 100), "2, 2")
    assert tuple(claimed.rows("SELECT promised, claimed, verified, settled, surplus FROM balance")[0]) == (800, 0, 50, 150, 0)


@pytest.mark.parametrize("moved", [(3, "claim", 1, 2, 1), (3, "amend", 1, 0, 1), (3, "open", 0, 1, 1), (3, "expire", 2, 1, 1)])
def test_only_an_amendment_upward_is_surplus(claimed: Store, moved: tuple[int, str, int, int, int]) -> None:
    with pytest.raises(Exception, match="surplus"):
        signed(claimed, moved, "1, 1", surplus=True)
    signed(claimed, (3, "amend", 0, 1, 5), "1, 1", surplus=True)
    assert tuple(claimed.rows("SELECT promised, surplus FROM balance")[0]) == (705, 5)


def test_one_statement_of_many_rows_is_booked_whole_or_not_at_all(claimed: Store) -> None:
    """The law holds within a statement too: the balance may not be negative after its rows, nor may one replace another."""
    values = []
    for at in range(3, 10):
        digest = "'\\x00'::bytea" if claimed.engine == "postgresql" else "x'00'"
        no = "false" if claimed.engine == "postgresql" else "0"
        one = ENTRY.format(seq=at, verb="claim", source=1, target=2, steps=100, who="1, 1", surplus=no, hash=digest)
        values.append(one.partition(" VALUES ")[2])
    insert = ENTRY.partition(" VALUES ")[0] + " VALUES "
    with pytest.raises(Exception, match=r"(?i)constraint"):
        claimed.raw.execute(insert + ", ".join([*values, values[-1].replace("(9, '9'", "(10, '10'")]))
    with pytest.raises(Exception, match=r"(?i)gap|unique"):
        claimed.raw.execute(insert + ", ".join([*values, values[-1].replace("'9'", "'twice'")]))
    assert tuple(claimed.rows("SELECT promised, claimed FROM balance")[0]) == (700, 300)
    claimed.raw.execute(insert + ", ".join(values))
    assert tuple(claimed.rows("SELECT promised, claimed FROM balance")[0]) == (0, 1000)
    assert claimed.rows("SELECT COUNT(*) FROM claimant")[0][0] == 1


def test_a_balance_is_a_whole_number_or_refused(opened: Store) -> None:
    with pytest.raises(Exception, match=r"REAL|out of range"):
        entry(opened, 2, "open", 0, 1, 2**63 - 1)
    assert tuple(opened.rows("SELECT promised FROM balance")[0]) == (1000,)


def test_each_entry_moves_the_balance(opened: Store) -> None:
    entry(opened, 2, "open", 0, 1, 234)
    assert tuple(opened.rows("SELECT promised, claimed, verified, settled, surplus FROM balance")[0]) == (1234, 0, 0, 0, 0)
