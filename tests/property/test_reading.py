"""What is read from columns, from balances and from plain SQL is the same, on any ledger, at any day, as known at any instant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_ledger import START, VERB_NAMES, append_in_batches, lawful, register, seeded
from sizhang.core.ledger import Balance
from sizhang.core.period import Level, period_of
from sizhang.store.books import Books
from sizhang.store.chain import day_number, instant_number
from sizhang.store.columns import cache_folder
from sizhang.store.connection import Store, open_store
from sizhang.store.reading import BYS, Line, group_balances, group_key, read_balances, read_entries, read_history, read_promises

NUMBERS = ["2026-001", "2026-001.01", "2026-001.02", "2026-002", "2026-003", "2026-003.01", "2026-003.02"]
DAYS = st.dates(date(2025, 12, 20), date(2027, 2, 1))
WANTED = st.lists(
    st.tuples(st.sampled_from(NUMBERS), st.sampled_from(VERB_NAMES), st.integers(1, 40) | st.integers(1, 2**40), DAYS, st.booleans()),
    min_size=1,
    max_size=60,
)


def plain(store: Store, on: date | None = None, known_at: datetime | None = None) -> dict[str, Balance]:
    """Balances by adding up the table of entries, and nothing else."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    sql = "SELECT p.number, e.source, e.target, e.steps, e.surplus FROM entry e JOIN promise p ON p.id = e.promise_id"
    limits = [f"e.effective_on <= {day_number(on)}"] if on else []
    limits += [f"e.recorded_at <= {instant_number(known_at)}"] if known_at else []
    for number, source, target, steps, surplus in store.rows(sql + (" WHERE " + " AND ".join(limits) if limits else "")):
        row = sums[number]
        row[4] += steps if surplus else 0
        if source:
            row[source - 1] -= steps
        if target:
            row[target - 1] += steps
    return {number: Balance(*row) for number, row in sums.items()}


def by_key(lines: list[Line]) -> dict[str, Balance]:
    assert [line.key for line in lines] == sorted(line.key for line in lines)
    return {line.key: line.balance for line in lines}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@settings(max_examples=15, deadline=None)
@given(wanted=WANTED, on=DAYS, hours=st.integers(-1, 60))
def test_every_way_of_reading_agrees_with_plain_sql(
    engine: str, new_ledger: Callable[[str], str], wanted: list, on: date, hours: int
) -> None:
    known_at = START + timedelta(hours=hours)
    opened = [(number, "open", 50, date(2026, 1, 1), False) for number in NUMBERS]
    with open_store(new_ledger(engine)) as store:
        assert register(store, 3) == NUMBERS
        append_in_batches(store, lawful(opened + wanted))
        books = Books(store)
        assert by_key(read_balances(store)) == plain(store)
        for day, instant in ((on, None), (None, known_at), (on, known_at)):
            expected = plain(store, day, instant)
            assert by_key(read_balances(store, on=day, known_at=instant)) == expected
            for number in ("2026-001", "2026-001.02", "2026-002"):
                own = {k: v for k, v in expected.items() if k == number or k.startswith(number + ".")}
                assert by_key(read_balances(store, number, on=day, known_at=instant)) == own
                if day and not instant:
                    assert by_key(books.balance_at(number, day)) == own
        check_groups(store, on)
        check_tables(store, books, on, known_at)


def check_groups(store: Store, on: date) -> None:
    promises = {promise.number: promise for promise in read_promises(store)}
    for by in BYS:
        sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for number, balance in plain(store, on).items():
            sums[group_key(promises[number], by), promises[number].unit].update(balance._asdict())
        got = {(line.key, line.unit): line.balance._asdict() for line in group_balances(store, by, on=on)}
        assert got == {key: {name: value[name] for name in Balance._fields} for key, value in sums.items()}


def check_tables(store: Store, books: Books, on: date, known_at: datetime) -> None:
    promises = {promise.number: promise for promise in read_promises(store)}
    entries = [e for e in read_entries(store) if e.effective_on <= on and e.recorded_at <= known_at]
    for level in Level:
        expected: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        for entry in entries:
            key = (period_of(entry.effective_on, level).key, promises[entry.promise].body, promises[entry.promise].unit)
            expected[key]["all"] += entry.steps
            match entry.verb:
                case "open":
                    expected[key]["promised"] += entry.steps
                case "amend":
                    expected[key]["promised"] += entry.steps if entry.target else -entry.steps
                case "claim":
                    expected[key]["claimed"] += entry.steps
                case "reject" | "expire":
                    expected[key]["claimed"] -= entry.steps
                case "verify":
                    expected[key]["verified"] += entry.steps
                case "settle":
                    expected[key]["settled"] += entry.steps
                case "reopen":
                    expected[key]["settled"] -= entry.steps
        rows = list(books.table(level, "body", on=on, known_at=known_at).rows())
        assert [row.period for row in rows] == sorted(row.period for row in rows)
        assert {(row.period.key, row.group.key, row.group.unit) for row in rows} == set(expected)
        for row in rows:
            held = expected[row.period.key, row.group.key, row.group.unit]
            assert sum(row.steps) == held["all"]
            got = (row.promised, row.claimed, row.verified, row.settled)
            assert got == (held["promised"], held["claimed"], held["verified"], held["settled"])


def test_a_table_too_large_to_hold_whole_is_the_same(ledger: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    append_in_batches(ledger, seeded(register(ledger, 5), 120), 50)
    books = Books(ledger)
    whole = list(books.table(Level.DAY, "promise").rows())
    monkeypatch.setattr("sizhang.store.books._DENSE_MAX", 10)
    assert list(books.table(Level.DAY, "promise").rows()) == whole
    assert len(whole) > 50


def test_sums_beyond_64_bits_are_exact(sqlite_url: str) -> None:
    """Three promises of one unit, each nearly as large as a ledger can hold."""
    huge = 2**63 - 1
    with open_store(sqlite_url) as store:
        numbers = register(store, 9, 0)[::3]
        append_in_batches(store, lawful([(number, "open", huge, date(2026, 5, 1), False) for number in numbers]))
        rows = list(Books(store).table(Level.YEAR).rows())
        assert [row.promised for row in rows] == [3 * huge]
        assert by_key(read_balances(store, on=date(2026, 5, 1))) == {number: Balance(huge) for number in numbers}
        assert [line.balance.promised for line in group_balances(store, "domain")] == [0, 0, 3 * huge]


def test_the_cache_follows_the_ledger(ledger: Store) -> None:
    """New entries are seen; segments are joined; a changed, foreign or missing file changes no answer."""
    entries = seeded(register(ledger, 4), 200)
    books = Books(ledger)
    for at in range(0, len(entries), 20):
        append_in_batches(ledger, entries[at : at + 20], 20)
        books.refresh()
        assert {line.key: line.balance for line in books.balances()} == plain(ledger)
    files = sorted(cache_folder(ledger).glob("*"))
    assert 1 <= len(files) < 6
    expected = plain(ledger)
    for spoil in (b"", b"\0" * 200, files[0].read_bytes()[:-1], files[0].read_bytes()[:-1] + b"\x07"):
        files[0].write_bytes(spoil)
        assert {line.key: line.balance for line in Books(ledger).balances()} == expected
        files = sorted(cache_folder(ledger).glob("*"))


def test_the_cache_of_another_ledger_is_thrown_away(new_ledger: Callable[[str], str]) -> None:
    with open_store(new_ledger("sqlite")) as one, open_store(new_ledger("sqlite")) as other:
        append_in_batches(one, seeded(register(one, 4), 60, seed=1))
        append_in_batches(other, seeded(register(other, 4), 60, seed=2))
        Books(one)
        cache_folder(one).rename(cache_folder(other))
        assert {line.key: line.balance for line in Books(other).balances()} == plain(other)


def test_history_names_every_entry_with_its_hash(ledger: Store) -> None:
    append_in_batches(ledger, seeded(register(ledger, 3), 60))
    rows = read_history(ledger, "2026-001")
    assert {row.promise for row in rows} <= {"2026-001", "2026-001.01", "2026-001.02"}
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)
    held = {int(seq): bytes(digest).hex() for seq, digest in ledger.rows("SELECT seq, hash FROM entry")}
    assert all(held[row.seq] == row.hash for row in rows)
    assert [row.seq for row in read_entries(ledger)] == sorted(held)
