"""Import, export, backup and restore: nothing is lost or changed on the way, and a faulty file changes nothing."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from random_ledger import append_in_batches, make_entry, register, seeded
from sizhang.app.import_claims import import_claims
from sizhang.core.errors import InputError, LedgerError
from sizhang.store.backup import restore_backup, write_backup
from sizhang.store.checking import check_ledger
from sizhang.store.connection import Store, open_store
from sizhang.store.evidence import keep, path_of
from sizhang.store.exporting.csv import neutral, original, write_csv
from sizhang.store.exporting.package import write_datapackage, write_parquet
from sizhang.store.reading import read_balances, read_entries
from sizhang.store.writing import append

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 1)
UNSAFE = "=cmd|' /C calc'!A0"
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def full(ledger: Store, tmp_path: Path) -> Store:
    """Entries of every verb, lots, a file of evidence, and texts that a spreadsheet would run."""
    append_in_batches(ledger, seeded(register(ledger, 4), 120, seed=3))
    file = tmp_path / "photo.txt"
    file.write_text("种了树", "utf-8")
    with ledger.writing():
        digest = keep(ledger, file, 10)
        opened = make_entry("o", "2026-001", "open", 900, DAY, text=UNSAFE)
        claimed = make_entry("=id", "2026-001", "claim", 400, DAY, lots=("甲;1", "'乙"), evidence=(digest,), text="两行\n“引号”,逗号")
        append(ledger, [opened, claimed])
    return ledger


def test_a_stranger_recomputes_the_chain_from_the_csv(full: Store, tmp_path: Path) -> None:
    """By the program that stands on the page about the chain, word for word."""
    write_csv(full, tmp_path / "journal.csv")
    program, _ = re.findall(r"```python\n(.*?)```", (ROOT / "docs/chain.md").read_text("utf-8"), re.S)
    (tmp_path / "proof.py").write_text(program, "utf-8")
    done = subprocess.run([sys.executable, "-I", "proof.py", "journal.csv"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == check_ledger(full).head


def test_no_cell_of_an_export_is_a_formula(full: Store, tmp_path: Path) -> None:
    write_csv(full, tmp_path / "journal.csv")
    write_datapackage(full, tmp_path / "package")
    for path in (tmp_path / "journal.csv", *(tmp_path / "package").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert neutral(UNSAFE) == "'" + UNSAFE
    for text in ("", "a", "'a", "''", "=1", "'=1", "-5", "@x", "\tx"):
        assert original(neutral(text)) == text


def test_export_then_import_is_an_identity(full: Store, tmp_path: Path, new_ledger: Callable[[str], str]) -> None:
    """Into a ledger with the same registers, on the other engine."""
    write_csv(full, tmp_path / "journal.csv")
    with open_store(new_ledger(OTHER[full.engine])) as other:
        register(other, 4)
        count = full.rows("SELECT COUNT(*) FROM entry")[0][0]
        assert import_claims(other, tmp_path / "journal.csv") == (count, 0)
        assert read_balances(other) == read_balances(full)
        drop = [(*row[:8], *row[9:15]) for row in read_entries(other)]
        assert drop == [(*row[:8], *row[9:15]) for row in read_entries(full)]
        assert import_claims(other, tmp_path / "journal.csv") == (0, count)
        assert [f for f in check_ledger(other).findings if "evidence" not in f.what.en.lower()] == []


def test_parquet_and_the_data_package_hold_the_journal(full: Store, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write_parquet(full, tmp_path / "journal.parquet")
    table = pq.read_table(tmp_path / "journal.parquet").to_pylist()
    entries = list(read_entries(full))
    assert [(row["seq"], row["steps"], row["client_id"], row["hash"]) for row in table] == [
        (e.seq, e.steps, e.client_id, e.hash) for e in entries
    ]
    write_datapackage(full, tmp_path / "package")
    package = json.loads((tmp_path / "package" / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        with (tmp_path / "package" / resource["path"]).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[0] == [field["name"] for field in resource["schema"]["fields"]]
        assert len(rows) > 1


def write_claims(path: Path, rows: list[list[object]]) -> Path:
    if path.suffix == ".xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("表")
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    else:
        path.write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
    return path


HEADING: list[object] = ["承诺", "数量", "日期", "经办人", "说明"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_claims_of_a_table_are_booked_once(ledger: Store, tmp_path: Path, suffix: str) -> None:
    register(ledger, 3)
    append(ledger, [make_entry(f"o{n}", n, "open", 10_000_000, date(2026, 1, 1)) for n in ("2026-001", "2026-002")])
    rows: list[list[object]] = [HEADING, ["2026-002", 12.5, "2026-03-05", "报账员", "一"], ["2026-002", 12.5, "2026-03-05", "报账员", "一"]]
    rows.append(["2026-001", 7, "2026-03-06", "报账员", ""])
    path = write_claims(tmp_path / f"claims{suffix}", rows)
    assert import_claims(ledger, path) == (3, 0)
    assert import_claims(ledger, path) == (0, 3)
    stands = {line.key: line.number("claimed") for line in read_balances(ledger)}
    assert (stands["2026-002"], stands["2026-001"]) == (25, 7)
    write_claims(path, [*rows, ["2026-001", 1, "2026-03-07", "报账员", ""]])
    assert import_claims(ledger, path) == (1, 3)


def test_a_faulty_table_books_nothing_and_names_every_row(ledger: Store, tmp_path: Path) -> None:
    register(ledger, 3)
    append(ledger, [make_entry("o", "2026-003", "open", 1000, date(2026, 1, 1))])
    rows: list[list[object]] = [
        HEADING,
        ["2026-003", "1", "2026-03-05", "报账员", ""],
        ["2026-003", "一百万", "2026-03-05", "报账员", ""],
        ["2026-999", "1", "2026-03-05", "报账员", ""],
        ["2026-003", "-5", "2026-03-05", "报账员", ""],
        ["2026-003", "1", "2026-02-30", "报账员", ""],
        ["2026-003", "1", "2026-03-05", "没有这人", ""],
        ["2026-003", "", "2026-03-05", "报账员", ""],
    ]
    with pytest.raises(InputError) as fault:
        import_claims(ledger, write_claims(tmp_path / "claims.csv", rows))
    for line in range(3, 9):
        assert f"row {line}:" in fault.value.what.en, fault.value.what
    assert "row 2:" not in fault.value.what.en
    assert ledger.rows("SELECT COUNT(*) FROM entry")[0][0] == 1
    assert check_ledger(ledger).findings == ()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "承诺,数量,日期,经办人\n".encode(), b"PK\x03\x04broken", b"\xff\xfe\x00\xd8"])
def test_what_is_no_table_of_claims_is_refused_with_a_remedy(ledger: Store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(content)
    with pytest.raises(InputError):
        import_claims(ledger, path)


@pytest.mark.parametrize("same", [True, False], ids=["same engine", "other engine"])
def test_backup_and_restore(
    full: Store, tmp_path: Path, same: bool, new_ledger: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = write_backup(full, tmp_path / "backup.zip")
    monkeypatch.setenv("SIZHANG_EVIDENCE", str(tmp_path / "elsewhere"))
    engine = full.engine if same else OTHER[full.engine]
    url = new_ledger(engine)
    checked = restore_backup(tmp_path / "backup.zip", url)
    assert (checked.findings, checked.head, checked.entries) == ((), held.head, held.entries)
    with open_store(url) as other:
        assert list(read_entries(other)) == list(read_entries(full))
        assert read_balances(other) == read_balances(full)
        assert path_of(other, full.rows("SELECT sha256 FROM evidence")[0][0]).read_text("utf-8") == "种了树"
        append(other, [make_entry("after", "2026-001", "open", 1, DAY)])
        assert check_ledger(other).findings == ()
    with pytest.raises(InputError, match="already"):
        restore_backup(tmp_path / "backup.zip", url)


def test_a_changed_backup_is_refused(full: Store, tmp_path: Path, new_ledger: Callable[[str], str]) -> None:
    write_backup(full, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    steps = parts["entry.jsonl"].replace(b'"open"', b'"claim"', 1)
    for name, content in (("entry.jsonl", steps), (next(n for n in parts if n.startswith("evidence/")), b"other")):
        with zipfile.ZipFile(tmp_path / "changed.zip", "w") as archive:
            for part, held in {**parts, name: content}.items():
                archive.writestr(part, held)
        with pytest.raises(InputError, match="changed"):
            restore_backup(tmp_path / "changed.zip", new_ledger("sqlite"))
    # Even where the manifest is made to fit, the chain does not.
    manifest = json.loads(parts["manifest.json"])
    forged = parts["entry.jsonl"].replace("两行".encode(), "三行".encode())
    manifest["parts"]["entry.jsonl"] = sha256(forged).hexdigest()
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as archive:
        for part, held in {**parts, "entry.jsonl": forged, "manifest.json": json.dumps(manifest).encode()}.items():
            archive.writestr(part, held)
    with pytest.raises(LedgerError, match="does not fit"):
        restore_backup(tmp_path / "forged.zip", new_ledger("sqlite"))


def test_a_cut_backup_is_refused(full: Store, tmp_path: Path, new_ledger: Callable[[str], str]) -> None:
    write_backup(full, tmp_path / "backup.zip")
    content = (tmp_path / "backup.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError):
        restore_backup(tmp_path / "cut.zip", new_ledger("sqlite"))


def test_missing_evidence_stops_a_backup(full: Store, tmp_path: Path) -> None:
    path_of(full, full.rows("SELECT sha256 FROM evidence")[0][0]).unlink()
    with pytest.raises(LedgerError, match="cannot be read"):
        write_backup(full, tmp_path / "backup.zip")
