"""`check` finds every tampering: with any column of an entry, with registers that the chain covers, with balances, lots and files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from ledgers import free
from random_ledger import append_in_batches, make_entry, register, seeded
from sizhang.app.body import add_body
from sizhang.app.init import equip
from sizhang.app.open import ByHand, Opening, open_by_hand
from sizhang.core.ledger import Entry
from sizhang.store.books import Books
from sizhang.store.checking import check_ledger
from sizhang.store.columns import cache_folder
from sizhang.store.connection import Store
from sizhang.store.evidence import keep, path_of
from sizhang.store.registers import add_report
from sizhang.store.writing import append

LAST = 40
DAY = date(2026, 6, 1)
COLUMNS = {
    "seq": "1000",
    "client_id": "'other'",
    "promise_id": "(SELECT MAX(id) FROM promise) - promise_id + 1",
    "verb": "CASE verb WHEN 'reject' THEN 'expire' WHEN 'open' THEN 'amend' ELSE 'open' END",
    "source": "target",
    "target": "source",
    "steps": "steps + 1",
    "effective_on": "effective_on - 1",
    "recorded_at": "recorded_at + 1",
    "person_id": "CASE person_id WHEN 1 THEN 2 ELSE 1 END",
    "body_id": "CASE body_id WHEN 1 THEN 2 ELSE 1 END",
    "text": "'x' || text",
    "surplus": "NOT surplus",
    "evidence": "'00'",
    "lots": "'a lot'",
    "hash": None,
}


@pytest.fixture
def kept(ledger: Store, tmp_path: Path) -> Store:
    """A ledger with some entries, lots and a file of evidence."""
    append_in_batches(ledger, seeded(register(ledger, 4), LAST, seed=5))
    file = tmp_path / "photo.txt"
    file.write_text("种了树", "utf-8")
    with ledger.writing():
        digest = keep(ledger, file, 10)
        more = make_entry("with lots", "2026-001", "open", 900, DAY)
        claim = make_entry("claims lots", "2026-001", "claim", 400, DAY, lots=("地块甲", "地块乙"), evidence=(digest,))
        append(ledger, [more, claim])
    assert check_ledger(ledger).findings == ()
    return ledger


def digest_of_a_file(store: Store) -> str:
    return str(store.rows("SELECT sha256 FROM evidence")[0][0])


def test_a_sound_ledger_is_clean_and_the_head_is_told(kept: Store) -> None:
    told: list[tuple[int, int]] = []
    checked = check_ledger(kept, lambda done, total: told.append((done, total)))
    assert checked.entries == kept.rows("SELECT COUNT(*) FROM entry")[0][0] == told[-1][0] == told[-1][1]
    assert checked.head == bytes(kept.rows("SELECT hash FROM head")[0][0]).hex()
    assert checked.files == 1


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_names_its_entry(kept: Store, column: str) -> None:
    free(kept)
    value = COLUMNS[column] or ("'\\x00'::bytea" if kept.engine == "postgresql" else "x'00'")
    for seq in (3, LAST // 2, LAST + 2):
        kept.raw.execute("BEGIN")
        kept.raw.execute(f"UPDATE entry SET {column} = {value} WHERE seq = {seq}")
        findings = check_ledger(kept).findings
        kept.raw.execute("ROLLBACK")
        assert findings, f"{column} of entry {seq}"
        if column != "seq":
            assert findings[0].seq == seq, findings
    assert check_ledger(kept).findings == ()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM entry WHERE seq = 5",
        "DELETE FROM entry WHERE seq = (SELECT MAX(seq) FROM entry)",
        "UPDATE entry SET seq = CASE seq WHEN 4 THEN 1000 ELSE seq END",
        "UPDATE balance SET promised = promised + 1 WHERE promise_id = 1",
        "UPDATE balance SET surplus = 77 WHERE promise_id = 2",
        "DELETE FROM balance WHERE promise_id = 1",
        "UPDATE head SET seq = seq - 1",
        "UPDATE promise SET unit = '公顷' WHERE id = 1",
        "UPDATE promise SET decimals = 1 WHERE id = 1",
        "UPDATE promise SET number = '2026-999' WHERE id = 1",
        "UPDATE person SET name = '别人' WHERE id = 1",
        "UPDATE body SET name = '别处' WHERE id = 1",
        "UPDATE lot SET stage = 4 WHERE id = 1",
        "UPDATE lot SET identity = 'x' WHERE id = 1",
        "DELETE FROM lot",
        "DELETE FROM claimant",
        "DELETE FROM evidence",
    ],
)
def test_whatever_else_is_changed_is_found(kept: Store, sql: str) -> None:
    free(kept)
    kept.raw.execute(sql)
    assert check_ledger(kept).findings


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        *((f"UPDATE promise SET {change} WHERE number = '2026-001'", "2026-001") for change in ("title = '改'", "year = 2027")),
        ("UPDATE promise SET deadline = '年底', target = '≥ 1' WHERE number = '2026-001'", "2026-001"),
        ("UPDATE report SET text = '新增绿化100亩。'", "report"),
        ("UPDATE rulebook SET text = 'notice_days = 0'", "rulebook"),
    ],
)
def test_changed_words_of_a_promise_a_report_or_a_rule_book_are_found(ledger: Store, sql: str, where: str) -> None:
    equip(ledger, "notice_days = 3")
    add_body(ledger, "林业局", None)
    open_by_hand(ledger, ByHand("新增绿化", Decimal(1000), "亩"), Opening(2026, "林业局"))
    with ledger.writing():
        add_report(ledger, "报告", "新增绿化1000亩。")
    assert check_ledger(ledger).findings == ()
    free(ledger)
    ledger.raw.execute(sql)
    findings = check_ledger(ledger).findings
    assert findings
    assert {finding.where[: len(where)] for finding in findings} == {where}


def test_a_changed_or_missing_file_of_evidence_is_found(kept: Store) -> None:
    path = path_of(kept, digest_of_a_file(kept))
    content = path.read_bytes()
    path.write_bytes(content.replace("树".encode(), "草".encode()))
    (finding,) = check_ledger(kept).findings
    assert "changed" in finding.what.en
    assert sha256(content).hexdigest() in finding.what.en
    path.unlink()
    (finding,) = check_ledger(kept).findings
    assert "cannot be read" in finding.what.en


def test_the_columns_beside_the_ledger_are_not_believed(kept: Store) -> None:
    Books(kept)
    for segment in cache_folder(kept).glob("*"):
        segment.write_bytes(b"nonsense")
    assert check_ledger(kept).findings == ()
    free(kept)
    kept.raw.execute("UPDATE entry SET steps = steps + 1 WHERE seq = 7")
    assert check_ledger(kept).findings[0].seq == 7


def test_a_rewritten_past_is_found_where_the_last_hash_was_kept(kept: Store) -> None:
    """Whoever rewrites one entry has to rewrite every hash behind it: the head that `check` told before no longer fits."""
    before = check_ledger(kept).head
    free(kept)
    kept.raw.execute("UPDATE entry SET text = 'forged' WHERE seq = 6")
    assert check_ledger(kept).head != before


@pytest.mark.parametrize("text", ["a\x1fb", "a\x1eb", "a\0b", "half \ud800"])
def test_no_text_can_break_the_canonical_form(kept: Store, text: str) -> None:
    from sizhang.core.errors import LedgerError

    entry: Entry = make_entry("bad", "2026-001", "claim", 1, DAY, text=text)
    with pytest.raises(LedgerError, match="character"):
        append(kept, [entry])
    assert check_ledger(kept).findings == ()
