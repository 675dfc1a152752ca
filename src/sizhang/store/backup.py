"""Backup and restore: one file that holds every row of the ledger and every file of evidence, with their hashes.

The file is a ZIP: `manifest.json` (form, schema, heads of the chains, SHA-256 of each part), `TABLE.jsonl` for each table of the ledger,
`site/TABLE.jsonl` for each of the site (accounts with hashed passwords, so only its owner may read the file), and the evidence under its
SHA-256. It does not depend on the engine: a backup of a ledger on PostgreSQL can be restored as a file, and the other way round.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from sizhang.core.errors import InputError, LedgerError, Words, reason_of
from sizhang.store.checking import Checked, check_ledger
from sizhang.store.connection import SCHEMA, Store, make_store, open_store, shown_url
from sizhang.store.evidence import path_of
from sizhang.store.records import newest_record, take_over

FORM: Final = "sizhang-backup 1"
# In the order in which rows can be entered: what is referred to comes first. The laws write `balance` and `claimant` by themselves.
TABLES: Final = (
    *("body", "person", "report", "promise", "supporter", "assignment", "evidence", "rulebook", "setting", "entry", "lot"),
    *("plan", "track", "closing", "errand", "errand_event", "question", "digest", "raised_objection", "record", "head"),
)
# Kept by the laws, or made anew by the site itself: sessions, counts of attempts, Django's own lists.
_MADE_ANEW: Final = frozenset({"balance", "claimant", "count_kept"})
_MADE_ANEW_BY: Final = ("django_", "auth_", "sqlite_")
_SITE: Final = "site/"
_ROWS: Final = 5_000
_BLOCK: Final = 1 << 20


class BackedUp(NamedTuple):
    """What a backup holds."""

    entries: int
    files: int
    head: str


def write_backup(store: Store, target: Path) -> BackedUp:
    """Write the whole ledger into one file, as it stands at one moment.

    Raises:
        LedgerError: a file of evidence is missing or was changed: a backup of it would hide that.
    """
    parts: dict[str, str] = {}
    target.touch(0o600)
    target.chmod(0o600)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, _one_moment(store):
        for table in (*TABLES, *_site_tables(store)):
            name = f"{table}.jsonl" if table in TABLES else f"{_SITE}{table}.jsonl"
            parts[name] = _write_part(archive, name, _lines(store, table))
        digests = [digest for (digest,) in store.rows("SELECT sha256 FROM evidence ORDER BY sha256")]
        for digest in digests:
            found = _write_part(archive, f"evidence/{digest}", _blocks(path_of(store, digest)))
            if found != digest:
                raise LedgerError(
                    Words(
                        f"佐证 {digest} 被改过：现在的 SHA-256 是 {found}。", f"The evidence {digest} was changed: its SHA-256 is {found}."
                    ),
                    where=str(path_of(store, digest)),
                    remedy=Words("请放回原文件，再复核：sizhang check。", "Put the original file back; see what fits: sizhang check."),
                )
        seq, head = store.rows("SELECT seq, hash FROM head WHERE id = 1")[0]
        heads = {"head": bytes(head).hex(), "record_head": newest_record(store)[1].hex()}
        manifest = {"form": FORM, "schema": SCHEMA, "entries": int(seq), **heads, "parts": parts, "evidence": digests}
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    return BackedUp(int(seq), len(digests), bytes(head).hex())


def restore_backup(source: Path, url: str) -> Checked:
    """Make a new ledger from a backup, and check it from its first entry.

    Raises:
        InputError: the file is no sound backup, or there is a ledger at that place already.
        LedgerError: what was restored does not fit itself.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive, source)
            for name, digest in [*manifest["parts"].items(), *((f"evidence/{one}", one) for one in manifest["evidence"])]:
                with archive.open(name) as part:
                    _must_fit(_digest(part), digest, f"{source}: {name}")
            with make_store(url) as store:
                _refuse_full(store, url)
                _fill(store, archive, manifest)
                checked = check_ledger(store)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, zipfile.LargeZipFile) as fault:
        raise InputError(
            Words(f"备份不完整：{fault}。", f"The backup is not whole: {fault}."),
            where=str(source),
            remedy=Words("请换一份备份。", "Use another backup."),
        ) from fault
    # Backups of schema 7 and older hold no records.
    heads, told_heads = (checked.head, checked.record_head), (manifest["head"], manifest.get("record_head", checked.record_head))
    if checked.findings or heads != told_heads:
        told = (
            checked.findings[0].what
            if checked.findings
            else Words(
                f"链尾是 {'、'.join(heads)}，备份写的是 {'、'.join(told_heads)}。",
                f"The heads are {' and '.join(heads)}, the backup says {' and '.join(told_heads)}.",
            )
        )
        raise LedgerError(
            Words(f"恢复出来的账不符。{told.zh}", f"What was restored does not fit. {told.en}"),
            where=shown_url(url),
            remedy=Words("请换一份备份；这个账本不要用。", "Use another backup; this ledger is not to be used."),
        )
    return checked


def holds_site(source: Path) -> bool:
    """Whether a backup holds tables of the site."""
    try:
        with zipfile.ZipFile(source) as archive:
            return any(name.startswith(_SITE) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        # What is wrong with the file is told by `restore_backup`.
        return False


def restore_site(source: Path, url: str) -> int:
    """Enter the rows of the site's tables, which must be there and empty; gives how many accounts there are."""
    with zipfile.ZipFile(source) as archive, open_store(url) as store, store.writing():
        # Their rows refer to one another in both directions; SQLite looks at the end, PostgreSQL does so anyway.
        store.execute("PRAGMA defer_foreign_keys = ON" if store.engine == "sqlite" else "SET LOCAL TimeZone = 'UTC'")
        tables = _site_tables(store)
        for table in tables:
            name = f"{_SITE}{table}.jsonl"
            if name in archive.namelist():
                with archive.open(name) as part:
                    _enter(store, table, part)
        _go_on_counting(store, tables)
        return int(store.rows("SELECT COUNT(*) FROM account")[0][0])


def _site_tables(store: Store) -> list[str]:
    """The tables beside those of the ledger, but for what is made anew."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    if store.engine == "postgresql":
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    names = [name for (name,) in store.rows(sql) if not name.startswith(_MADE_ANEW_BY)]
    return [name for name in names if name not in _MADE_ANEW and name not in TABLES]


def _one_moment(store: Store) -> Any:
    """A transaction that sees one state of the ledger throughout."""
    from contextlib import contextmanager

    @contextmanager
    def reading() -> Iterator[None]:
        store.raw.execute("BEGIN" if store.engine == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            store.raw.execute("ROLLBACK")

    return reading()


def _lines(store: Store, table: str) -> Iterator[bytes]:
    cursor = store.raw.cursor()
    cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
    names = [column[0] for column in cursor.description]
    yield json.dumps(names).encode() + b"\n"
    while rows := cursor.fetchmany(_ROWS):
        for row in rows:
            yield json.dumps([_plain(cell) for cell in row], ensure_ascii=False).encode() + b"\n"


def _plain(cell: Any) -> Any:
    """A cell as SQLite keeps it: PostgreSQL alone knows instants, decimals, truth and JSON as such."""
    if isinstance(cell, bytes | memoryview):
        return {"hex": bytes(cell).hex()}
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, bool):
        return int(cell)
    return str(cell) if isinstance(cell, Decimal) else cell


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as fault:
        reason = reason_of(fault)
        raise LedgerError(
            Words(f"佐证读不了：{reason.zh}。", f"The evidence cannot be read: {reason.en}."),
            where=str(path),
            remedy=Words("请放回文件，再复核：sizhang check。", "Put the file back; see what fits: sizhang check."),
        ) from fault


def _write_part(archive: zipfile.ZipFile, name: str, blocks: Iterator[bytes]) -> str:
    digest = sha256()
    with archive.open(name, "w", force_zip64=True) as part:
        for block in blocks:
            digest.update(block)
            part.write(block)
    return digest.hexdigest()


def _digest(part: IO[bytes]) -> str:
    digest = sha256()
    while block := part.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _must_fit(found: str, expected: str, where: str) -> None:
    if found != expected:
        raise InputError(
            Words(f"备份被改过：应为 {expected}，现在是 {found}。", f"The backup was changed: {found} is not {expected}."),
            where=where,
            remedy=Words("请换一份备份。", "Use another backup."),
        )


def _manifest(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if manifest.get("form") != FORM:
        raise InputError(
            Words("这不是账本的备份。", "The file is no backup of a ledger."),
            where=str(source),
            remedy=Words("请给 sizhang backup 写出的文件。", "Name a file that sizhang backup wrote."),
        )
    if manifest["schema"] > SCHEMA:
        raise InputError(
            Words(
                f"备份的表式是第 {manifest['schema']} 版，本程序只认到第 {SCHEMA} 版。",
                f"The backup has schema {manifest['schema']}, this version knows {SCHEMA}.",
            ),
            where=str(source),
            remedy=Words("请安装更新版本的四账。", "Install a newer version."),
        )
    return manifest


def _refuse_full(store: Store, url: str) -> None:
    if any(store.rows(f"SELECT 1 FROM {table} LIMIT 1") for table in ("entry", "promise", "body")):
        raise InputError(
            Words("这里已经有账本。", "There is a ledger already."),
            where=shown_url(url),
            remedy=Words("请恢复到新的位置。", "Restore to a new place."),
        )


def _fill(store: Store, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    from sizhang.store.evidence import put

    for digest in manifest["evidence"]:
        put(path_of(store, digest), archive.read(f"evidence/{digest}"))
    with store.writing():
        for table in TABLES:
            name = f"{table}.jsonl"
            if name in manifest["parts"]:
                with archive.open(name) as part:
                    _enter(store, table, part)
        if "record.jsonl" not in manifest["parts"]:
            take_over(store)
        _go_on_counting(store, TABLES)


def _go_on_counting(store: Store, tables: Sequence[str]) -> None:
    """Let PostgreSQL number the next rows behind those that were entered with their numbers."""
    if store.engine == "postgresql":
        sql = "SELECT table_name FROM information_schema.columns WHERE column_name = 'id' AND is_identity = 'YES'"
        for (table,) in store.rows(sql):
            if table in tables:
                store.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")


def _enter(store: Store, table: str, part: IO[bytes]) -> None:
    """Enter the rows as they were; the laws book the balances anew on the way."""
    names: list[str] = json.loads(part.readline())
    if table == "head":
        held = dict(zip(names, json.loads(part.readline()), strict=True))
        store.execute("UPDATE head SET seq = %s, hash = %s WHERE id = 1", [held["seq"], bytes.fromhex(held["hash"]["hex"])])
        return
    marks = f"({', '.join(['%s'] * len(names))})"
    columns = ", ".join(f'"{name}"' for name in names)
    sql = f"INSERT INTO {table} ({columns}) VALUES "
    booleans = [names.index(name) for name in _booleans(store, table) if name in names]
    rows: list[list[Any]] = []
    for line in part:
        row = [bytes.fromhex(cell["hex"]) if isinstance(cell, dict) else cell for cell in json.loads(line)]
        for place in booleans:
            row[place] = bool(row[place])
        rows.append(row)
        if len(rows) == _ROWS:
            _enter_rows(store, sql, marks, rows)
            rows = []
    if rows:
        _enter_rows(store, sql, marks, rows)


def _booleans(store: Store, table: str) -> list[str]:
    """The columns that PostgreSQL keeps as boolean and SQLite as 0 and 1."""
    if store.engine == "sqlite":
        return []
    sql = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'boolean'"
    return [name for (name,) in store.rows(sql, [table])]


def _enter_rows(store: Store, sql: str, marks: str, rows: list[list[Any]]) -> None:
    if store.engine == "sqlite":
        store.execute_many(sql + marks, rows)
        return
    # One statement for many rows, since PostgreSQL checks the numbering of entries statement by statement.
    step = 60_000 // len(rows[0])
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        store.execute(sql + ", ".join([marks] * len(part)), [cell for row in part for cell in row])
