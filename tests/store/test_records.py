"""The registers beside the journal: whatever is changed, added or taken out by hand is found, in every table and every column.

A table that is new in the schema fails here until it has a row in the fixture, and until `check` covers it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledgers import free
from random_ledger import make_entry, register
from sizhang.app.assign import assign
from sizhang.app.init import equip
from sizhang.app.person import add_person
from sizhang.cadence.clocks import Event
from sizhang.store.backup import restore_backup, write_backup
from sizhang.store.cadence_errands import NewErrand, QuestionRow, insert_digest, insert_errand, insert_event, insert_question
from sizhang.store.cadence_plans import PlanRow, insert_closings, insert_plan, load_tracks
from sizhang.store.checking import check_ledger
from sizhang.store.connection import Store, make_store, open_store
from sizhang.store.evidence import keep
from sizhang.store.objections import answer_row, insert_objection
from sizhang.store.records import REGISTERS, TEXT_MAX, insert, read_records, read_register
from sizhang.store.registers import add_report, add_rules, put_setting
from sizhang.store.writing import append

DAY = date(2026, 3, 5)
REPORT = "新增绿化1000亩。" * 200
DERIVED = ("balance", "claimant", "entry", "head", "lot", "record", "track")
TABLES = (*REGISTERS, *DERIVED)
# Numbers that only tell two rows apart: nothing refers to them.
MEANINGLESS = {("claimant", "id"), ("lot", "id")}


@pytest.fixture
def whole(ledger: Store, tmp_path: Path) -> Store:
    """A ledger with something in every table."""
    equip(ledger, "notice_days = 3")
    numbers = register(ledger, 3)
    file = tmp_path / "photo.txt"
    file.write_text("种了树", "utf-8")
    with ledger.writing():
        add_report(ledger, "报告", REPORT)
        digest = keep(ledger, file, 10)
        opened = make_entry("open", numbers[0], "open", 900, DAY)
        claimed = make_entry("claim", numbers[0], "claim", 400, DAY, lots=("地块甲", "地块乙"), evidence=(digest,))
        append(ledger, [opened, claimed])
        insert_plan(ledger, 1, PlanRow(0, "even", "", "300,300,300", "1,1,1", 0, "", 7), 1)
        insert_closings(ledger, "2026-01-X1", [(load_tracks(ledger)[0], 120)], 1)
        insert_errand(ledger, NewErrand("E2026-001", "leader", "查一查", 1, 1, True, "[clock]", DAY, 1))
        insert_event(ledger, "E2026-001", Event("answer", DAY, "study", None, "已研究", ""), 1)
        insert_question(ledger, 1, QuestionRow("农业局", "figure", 5, "几亩？", "", DAY), 1)
        insert_digest(ledger, 1, DAY, "今日无事")
        answer_row(ledger, insert_objection(ledger, 1, "代表", "没有修路"), "督查一", "修了")
    assign(ledger, numbers[0], "住建局", ["审计局"], "某文件")
    assert check_ledger(ledger).findings == ()
    return ledger


@contextmanager
def tampering(store: Store) -> Iterator[None]:
    """What is done inside is taken back behind."""
    store.raw.execute("BEGIN")
    yield
    store.raw.execute("ROLLBACK")


def last_row(store: Store, table: str) -> dict[str, Any]:
    cursor = store.execute(f"SELECT * FROM {table} ORDER BY 1 DESC LIMIT 1")
    row = cursor.fetchone()
    assert row is not None, f"The fixture has nothing in {table}."
    return dict(zip([column[0] for column in cursor.description], row, strict=True))


def other(value: Any, kind: str) -> Any:
    """Another value of the same type and length."""
    if isinstance(value, bool) or kind == "bool":
        return not value
    if isinstance(value, bytes | memoryview):
        return bytes(byte ^ 1 for byte in bytes(value))
    if isinstance(value, str):
        return ("z" if value.startswith("y") else "y") + value[1:]
    return (value or 0) + 1


def kinds(store: Store, table: str) -> dict[str, str]:
    if store.engine == "sqlite":
        return {row[1]: row[2].lower() for row in store.rows(f"PRAGMA table_info({table})")}
    sql = "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s"
    return dict(store.rows(sql, [table]))


def test_every_table_of_the_schema_is_tampered_with_here(tmp_path: Path) -> None:
    # Making a ledger sets Django up, where no other test has done so.
    make_store(str(tmp_path / "ledger.db")).close()
    from django.apps import apps

    assert {model._meta.db_table for model in apps.get_app_config("store").get_models()} == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_changed_added_or_taken_out_by_hand_is_found(whole: Store, table: str) -> None:
    free(whole)
    row = last_row(whole, table)
    key = next(iter(row))
    types = kinds(whole, table)
    for column, value in row.items():
        with tampering(whole):
            whole.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [other(value, types[column]), row[key]])
            assert bool(check_ledger(whole).findings) == ((table, column) not in MEANINGLESS), column
    with tampering(whole):
        whole.execute(f"DELETE FROM {table} WHERE {key} = %s", [row[key]])
        assert check_ledger(whole).findings
    with tampering(whole):
        added = [other(value, types[column]) for column, value in row.items()]
        whole.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", added)
        assert check_ledger(whole).findings
    assert check_ledger(whole).findings == ()


def test_the_finding_names_the_row_what_stands_there_and_what_was_recorded(whole: Store) -> None:
    free(whole)
    whole.execute("UPDATE person SET roles = 'verifier keeper recorder' WHERE name = '另一人'")
    (finding,) = check_ledger(whole).findings
    assert finding.where == "person 另一人"
    (record,) = [one for one in read_records(whole) if one.register == "person" and "另一人" in one.content]
    assert finding.what.en == f"It was changed: roles is 'verifier keeper recorder', record {record.seq} says 'keeper'."
    whole.execute("UPDATE person SET roles = 'keeper' WHERE name = '另一人'")
    whole.execute("INSERT INTO setting (name, value) VALUES ('by hand', '1')")
    (finding,) = check_ledger(whole).findings
    assert finding.where == "setting by hand"
    assert "without a record" in finding.what.en


def test_whoever_rewrites_a_record_has_to_rewrite_every_hash_behind_it(whole: Store) -> None:
    head = check_ledger(whole).record_head
    free(whole)
    whole.execute("UPDATE record SET content = replace(content, '370101', '370199') WHERE register = 'body'")
    whole.execute("UPDATE body SET place = '370199' WHERE place = '370101'")
    checked = check_ledger(whole)
    assert checked.findings[0].where == "record"
    assert checked.record_head != head


def test_records_are_appended_only(whole: Store) -> None:
    for sql in ("UPDATE record SET act = 'added'", "DELETE FROM record"):
        with pytest.raises(Exception, match="stays known"), whole.writing():
            whole.execute(sql)


def test_what_was_said_before_stays_known(whole: Store) -> None:
    """A setting set twice, a person given a further role: each step has its record, the text of a report its SHA-256."""
    with whole.writing():
        put_setting(whole, "colour", "red")
        put_setting(whole, "colour", "green")
    add_person(whole, "另一人", "农业局", ["reporter"])
    contents = [json.loads(one.content) for one in read_records(whole) if one.act == "changed"]
    assert {"name": "colour", "value": "green"} in contents
    assert "reporter keeper" in [content.get("roles") for content in contents]
    assert len(REPORT) > TEXT_MAX
    (report,) = [json.loads(one.content) for one in read_records(whole) if one.register == "report"]
    assert report["text"] == {"sha256": sha256(REPORT.encode()).hexdigest()}
    assert [one.act for one in read_records(whole) if one.register == "supporter"] == ["added"]
    assign(whole, "2026-001", "住建局", ["农业局"])
    assert [one.act for one in read_records(whole) if one.register == "supporter"] == ["added", "removed", "added"]
    assert check_ledger(whole).findings == ()


def test_what_is_taken_back_leaves_no_record(whole: Store) -> None:
    before = list(read_records(whole))
    with whole.rehearsal():
        add_person(whole, "新人", "住建局", ["reporter"])
    with pytest.raises(ZeroDivisionError), whole.writing():
        add_rules(whole, "notice_days = 9")
        raise ZeroDivisionError
    assert list(read_records(whole)) == before


def test_many_rows_are_recorded_by_few_statements(ledger: Store) -> None:
    statements: list[str] = []
    execute, execute_many = ledger.execute, ledger.execute_many
    ledger.execute = lambda sql, values=(): statements.append(sql) or execute(sql, values)  # type: ignore[method-assign, func-returns-value]
    ledger.execute_many = lambda sql, rows: statements.append(sql) or execute_many(sql, rows)  # type: ignore[method-assign, func-returns-value]
    with ledger.writing():
        insert(ledger, "body", "name, place", [(f"body {at}", "") for at in range(700)])
    assert len(statements) <= 4
    assert len(read_register(ledger, "body")) == len(list(read_records(ledger))) == 700


def test_a_backup_keeps_the_records_and_an_older_one_gets_its_first(whole: Store, tmp_path: Path, new_ledger: Callable[[str], str]) -> None:
    import zipfile

    write_backup(whole, tmp_path / "backup")
    told = check_ledger(whole)
    other_engine = {"sqlite": "postgresql", "postgresql": "sqlite"}[whole.engine]
    assert restore_backup(tmp_path / "backup", new_ledger(other_engine)) == told
    # As a version before the records wrote it.
    with zipfile.ZipFile(tmp_path / "backup") as new, zipfile.ZipFile(tmp_path / "older", "w") as older:
        manifest = json.loads(new.read("manifest.json"))
        del manifest["record_head"], manifest["parts"]["record.jsonl"]
        manifest["schema"] = 7
        for name in new.namelist():
            if name not in ("manifest.json", "record.jsonl"):
                older.writestr(name, new.read(name))
        older.writestr("manifest.json", json.dumps(manifest))
    url = new_ledger(whole.engine)
    assert restore_backup(tmp_path / "older", url).findings == ()
    with open_store(url) as store:
        assert {record.act for record in read_records(store)} == {"taken over"}


def test_a_stranger_recomputes_the_records_from_a_backup(whole: Store, tmp_path: Path) -> None:
    """By the program that stands on the page about the chain, word for word."""
    import subprocess
    import sys

    root = Path(__file__).resolve().parents[2]
    write_backup(whole, tmp_path / "backup")
    _, program = re.findall(r"```python\n(.*?)```", (root / "docs/chain.md").read_text("utf-8"), re.S)
    (tmp_path / "proof.py").write_text(program, "utf-8")
    done = subprocess.run([sys.executable, "-I", "proof.py", "backup"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == check_ledger(whole).record_head


def test_records_carry_the_instant_of_their_writing(ledger: Store) -> None:
    before = datetime.now(UTC).timestamp()
    equip(ledger)
    after = datetime.now(UTC).timestamp()
    instants = [record.recorded_at / 1_000_000 for record in read_records(ledger)]
    assert instants
    assert all(before - 1 <= instant <= after + 1 for instant in instants)
