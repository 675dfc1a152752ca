"""A batch that breaks a law leaves nothing behind, whatever transaction it is a part of, and the words say which entry breaks which law."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest

from random_ledger import make_entry, register
from sizhang.core.errors import LedgerError
from sizhang.core.ledger import Entry
from sizhang.store.checking import check_ledger
from sizhang.store.connection import Store
from sizhang.store.reading import read_balances
from sizhang.store.writing import append

DAY = date(2026, 3, 1)
SIZES = (1, 3, 19, 20, 99, 100, 101, 250)


def claims(count: int, name: str = "c", steps: int = 1) -> list[Entry]:
    return [make_entry(f"{name}{at}", "2026-001", "claim", steps, DAY) for at in range(count)]


@pytest.fixture
def opened(ledger: Store) -> Store:
    register(ledger, 2)
    append(ledger, [make_entry("o", "2026-001", "open", 1000, DAY)])
    return ledger


@pytest.mark.parametrize("count", SIZES)
def test_what_the_database_refuses_is_taken_back_alone(opened: Store, count: int) -> None:
    """The last entry of the batch takes more than is there; what was booked before it in the same transaction stays."""
    with opened.writing():
        append(opened, claims(5, "before"))
        with pytest.raises(LedgerError, match=rf"takes 1000 steps from promised, which holds {996 - count}"):
            append(opened, [*claims(count - 1), make_entry("last", "2026-001", "claim", 1000, DAY)])
        append(opened, claims(count, "after"))
    assert read_balances(opened, "2026-001")[0].balance.claimed == 5 + count
    assert check_ledger(opened).findings == ()


@pytest.mark.parametrize("count", SIZES)
def test_batches_of_every_size_are_chained_and_read_back(opened: Store, count: int) -> None:
    texts = ["", "两行\n“引号”\t制表", "a\\b\\N", "\\.", "\r\n"]
    batch = [
        make_entry(f"c\\{at}", "2026-001", "claim", 1 + at % 3, DAY, text=texts[at % 5], evidence=("ab" * 32,) * (at % 2))
        for at in range(count)
    ]
    booked = append(opened, batch)
    assert [row.seq for row in booked] == list(range(2, count + 2))
    held = opened.rows("SELECT client_id, steps, text, evidence, hash FROM entry WHERE seq > 1 ORDER BY seq")
    assert [(*row[:4], bytes(row[4])) for row in held] == [
        (entry.client_id, entry.steps, entry.text, " ".join(entry.evidence), row.hash) for entry, row in zip(batch, booked, strict=True)
    ]
    assert not [finding for finding in check_ledger(opened).findings if "evidence" not in str(finding)]
    again = append(opened, [*batch, make_entry("new", "2026-001", "claim", 1, DAY)])
    assert [(row.seq, row.again) for row in again] == [*((row.seq, True) for row in booked), (count + 2, False)]


def test_one_id_twice_in_a_batch_is_booked_once_and_told_twice(opened: Store) -> None:
    one = make_entry("one", "2026-001", "claim", 7, DAY)
    assert [(row.seq, row.again) for row in append(opened, [one, *claims(1), one])] == [(2, False), (3, False), (2, True)]
    assert check_ledger(opened).findings == ()


def test_who_checks_himself_within_one_batch_is_named(opened: Store) -> None:
    batch = [*claims(1), make_entry("v", "2026-001", "verify", 1, DAY, person="核查员", body="农业局")]
    with pytest.raises(LedgerError, match="农业局 has claimed on this promise"):
        append(opened, batch)
    assert opened.rows("SELECT COUNT(*) FROM entry")[0][0] == 1


@pytest.mark.parametrize("steps", [2**63 - 1, 2**63, 10**30])
def test_a_number_too_large_for_the_ledger_is_refused_in_words(opened: Store, steps: int) -> None:
    with pytest.raises(LedgerError, match="larger unit"):
        append(opened, [make_entry("big", "2026-001", "open", steps, DAY)])
    append(opened, claims(1))
    assert check_ledger(opened).findings == ()


def test_a_stray_entry_past_the_program_stops_the_ledger_in_words_and_is_named(opened: Store) -> None:
    """Put there by hand with all laws held, but without moving the head: nothing is booked over it, and `check` tells."""
    opened.execute(
        "INSERT INTO entry (seq, client_id, promise_id, verb, source, target, steps, effective_on, recorded_at, person_id, body_id, text, "
        "surplus, evidence, lots, hash) SELECT 2, 'stray', promise_id, 'claim', 1, 2, 5, effective_on, recorded_at, person_id, body_id, "
        "'', surplus, '', '', hash FROM entry WHERE seq = 1"
    )
    with contextlib.suppress(Exception):
        opened.raw.commit()
    with pytest.raises(LedgerError, match="sizhang check"):
        append(opened, claims(1))
    assert check_ledger(opened).findings[0].seq == 2


def test_what_is_kept_of_promises_goes_with_what_is_taken_back(opened: Store) -> None:
    """A promise that was rehearsed leaves its row to another one."""
    from random_ledger import add_promise

    with opened.rehearsal():
        add_promise(opened, "2026-900", 1)
        append(opened, [make_entry("x", "2026-900", "open", 5, DAY)])
    with opened.writing():
        add_promise(opened, "2026-901", 2)
    with pytest.raises(LedgerError, match="not in the ledger"):
        append(opened, [make_entry("x", "2026-900", "open", 5, DAY)])
    append(opened, [make_entry("y", "2026-901", "open", 5, DAY)])
    assert {line.key: line.balance.promised for line in read_balances(opened)}["2026-901"] == 5
    assert check_ledger(opened).findings == ()
