"""Open a ledger: a path is SQLite in one file, `postgresql://…` is PostgreSQL.

The schema is made by Django's migrations; what is booked and read goes over one plain connection, so that a command need not load Django.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from sizhang.core.errors import InputError, LedgerError, MissingExtraError, Words

Engine = Literal["sqlite", "postgresql"]
SCHEMA: Final = 11
_HEAD: Final = "SELECT seq, hash FROM head WHERE id = 1"
_LOCK_HEAD: Final = f"{_HEAD} FOR UPDATE"
_CHUNK: Final = 30_000
# A migration's name begins with its number.
_VERSION: Final = "SELECT (SELECT MAX(name) FROM django_migrations WHERE app = 'store') FROM head WHERE id = 1"
# Durable at each commit; a cache that holds the pages of a bulk claim (64 MB), and fewer moves of the log into the file (16 MB each).
_PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "temp_store = MEMORY",
    "cache_size = -65536",
    "wal_autocheckpoint = 4000",
)
_PRAGMAS_TO_READ: Final = ("query_only = ON", "temp_store = MEMORY", "cache_size = -65536")


class Store:
    """An open ledger on one connection.

    Attributes:
        engine: `sqlite` or `postgresql`.
        url: as it was given.
        folder: where the files of evidence lie.
        refusals: the errors by which the database refuses what breaks a law.
        rehearsing: whether all that is written now will be taken back.
        promises: the row of each promise that was asked for, and what the chain says of it, by number. They never change, so that the
            next batch need not ask; but what is taken back may have entered some.
        read_only: whether this account may only read the file.
    """

    def __init__(self, engine: Engine, url: str, raw: Any, folder: Path, *, read_only: bool = False) -> None:
        self.engine = engine
        self.url = url
        self.raw = raw
        self.folder = folder
        self.refusals = _refusals(engine)
        self.rehearsing = False
        self.promises: dict[str, tuple[int, str]] = {}
        self.read_only = read_only
        self._depth = 0

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run one statement with `%s` for each parameter; gives the cursor."""
        cursor = self.raw.cursor()
        cursor.execute(self._dialect(sql), tuple(parameters))
        return cursor

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows of one question."""
        found: list[Any] = self.execute(sql, parameters).fetchall()
        return found

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each row."""
        self.raw.cursor().executemany(self._dialect(sql), rows)

    def rows_among(self, sql: str, values: Sequence[object]) -> Iterator[Any]:
        """Rows of `sql`, which has one `{among}`, for however many values."""
        for start in range(0, len(values), _CHUNK):
            part = list(values[start : start + _CHUNK])
            if self.engine == "postgresql":
                yield from self.execute(sql.format(among="= ANY(%s)"), [part])
            else:
                yield from self.execute(sql.format(among=f"IN ({','.join(['%s'] * len(part))})"), part)

    def ask(self, *questions: tuple[str, Sequence[object]]) -> list[list[Any]]:
        """The answers of several questions; PostgreSQL gets them all at once. `{among}` in one stands for all of its values."""
        if self.engine == "sqlite":
            return [list(self.rows_among(*one)) if "{among}" in one[0] else self.rows(*one) for one in questions]
        with self.raw.pipeline():
            cursors = []
            for sql, values in questions:
                among = "{among}" in sql
                asked = [list(values)] if among else values
                cursors.append(None if among and not values else self.execute(sql.format(among="= ANY(%s)") if among else sql, asked))
        return [cursor.fetchall() if cursor else [] for cursor in cursors]

    @contextmanager
    def writing(self) -> Iterator[tuple[int, bytes]]:
        """A transaction that alone may append; gives the number and hash of the last entry. It is kept whole or not at all.

        Inside another one it is a part of that one: the outermost keeps all or nothing.
        """
        outermost = not self._depth
        self._depth += 1
        try:
            yield self._begin() if outermost else self._head()
        except BaseException:
            self._depth -= 1
            if outermost:
                self._take_back()
            raise
        self._depth -= 1
        if outermost:
            self.raw.commit()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """The work of the innermost `writing`, which alone is taken back where it fails.

        Where that is the whole transaction, another one begins in its place: a savepoint would cost a bulk claim a fifth of its time.
        """
        if self._depth == 1:
            try:
                yield
            except BaseException:
                self._take_back()
                self._begin()
                raise
            return
        self.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self.execute("ROLLBACK TO attempt")
            raise
        self.execute("RELEASE attempt")

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Book as if in earnest, see what came of it, and take all of it back at the end."""
        self._begin()
        self._depth += 1
        self.rehearsing = True
        try:
            yield
        finally:
            self.rehearsing = False
            self._depth -= 1
            self._take_back()

    def _take_back(self) -> None:
        self.raw.rollback()
        self.promises.clear()

    def _begin(self) -> tuple[int, bytes]:
        """Begin a transaction that alone may append; gives the number and hash of the last entry."""
        if self.read_only:
            raise _only_readable(self.url)
        if self.engine == "sqlite":
            import sqlite3

            try:
                self.raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as fault:
                raise LedgerError(
                    Words(f"账本正忙：{fault}。", f"The ledger is busy: {fault}."),
                    where=self.url,
                    remedy=Words("请等另一个程序办完再试。", "Try again when the other program has finished."),
                ) from fault

            return self._head()
        # What is asked by key is planned once, and never as a reading of the whole table because thousands of keys are given.
        cursor = self.execute(f"BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; {_LOCK_HEAD}")
        while cursor.nextset():
            pass
        seq, digest = cursor.fetchone()
        return int(seq), bytes(digest)

    def _head(self) -> tuple[int, bytes]:
        # SQLite's transaction holds the only write lock already.
        seq, digest = self.execute(_LOCK_HEAD if self.engine == "postgresql" else _HEAD).fetchone()
        return int(seq), bytes(digest)

    def _dialect(self, sql: str) -> str:
        return sql.replace("%s", "?") if self.engine == "sqlite" else sql

    def close(self) -> None:
        """Close the connection; what was not committed is gone."""
        self.raw.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _refusals(engine: Engine) -> tuple[type[Exception], ...]:
    if engine == "sqlite":
        import sqlite3

        return sqlite3.IntegrityError, OverflowError
    import psycopg

    return psycopg.IntegrityError, psycopg.DataError


def engine_of(url: str) -> Engine:
    """Which engine a ledger's address names."""
    return "postgresql" if url.startswith(("postgresql://", "postgres://")) else "sqlite"


def shown_url(url: str) -> str:
    """A ledger's address as it may be shown and logged: without its password."""
    scheme, mark, rest = url.partition("://")
    if not mark or "@" not in rest:
        return url
    account, _, place = rest.rpartition("@")
    return f"{scheme}://{account.partition(':')[0]}@{place}"


def _no_ledger(url: str) -> InputError:
    url = shown_url(url)
    return InputError(
        Words("这里没有账本。", "There is no ledger here."),
        where=url,
        remedy=Words(f"请先建一个：sizhang --ledger {url} init。", f"Make one: sizhang --ledger {url} init."),
    )


def open_store(url: str) -> Store:
    """Open a ledger that exists.

    Raises:
        InputError: there is none, or it is of another version.
        MissingExtraError: PostgreSQL without its library.
    """
    store = _connect(url, must_exist=True)
    try:
        found = store.rows(_VERSION)
    except Exception as fault:
        store.close()
        raise _no_ledger(url) from fault
    if not found:
        store.close()
        raise InputError(
            Words("账本没有链尾，不完整。", "The ledger has no head: it is not whole."),
            where=shown_url(url),
            remedy=Words("请从备份恢复。", "Restore it from a backup."),
        )
    held = int(found[0][0][:4])
    if held != SCHEMA:
        store.close()
        command = f"sizhang --ledger {shown_url(url)} init"
        older = Words(f"先留一份副本，再升级到本版：{command}。", f"Keep a copy of it, then bring it to this version: {command}.")
        newer = Words("请安装更新版本的四账。", "Install a newer version.")
        zh, en = (
            f"账本的表式是第 {held} 版，本程序只认第 {SCHEMA} 版。",
            f"The ledger has schema {held}, this version of Sizhang knows {SCHEMA}.",
        )
        raise InputError(Words(zh, en), where=shown_url(url), remedy=older if held < SCHEMA else newer)
    return store


def make_store(url: str) -> Store:
    """Make a ledger, or bring an older one to this version.

    Raises:
        InputError: the file's folder does not exist, or the file is something else.
    """
    from sizhang.store.schema import migrate

    if engine_of(url) == "sqlite" and not Path(url).absolute().parent.is_dir():
        raise InputError(
            Words("没有这个文件夹。", "The folder does not exist."),
            where=shown_url(url),
            remedy=Words("请先建文件夹。", "Make the folder first."),
        )
    # Opened first, since what Django says of a wrong address or file is no help.
    with _connect(url, must_exist=False) as store:
        if store.read_only:
            raise _only_readable(url)
    migrate(url)
    return open_store(url)


def _evidence_folder(url: str) -> Path:
    """Where the evidence of a ledger on PostgreSQL lies: `SIZHANG_EVIDENCE`, else a folder of this account, whatever the working folder."""
    given = os.environ.get("SIZHANG_EVIDENCE")
    if given:
        return Path(given)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "sizhang" / f"{urlsplit(url).path.strip('/') or 'ledger'}.evidence"


def _connect_postgresql(url: str) -> Store:
    try:
        import psycopg
    except ImportError as fault:
        raise MissingExtraError(
            Words("PostgreSQL 上的账本要用 psycopg，而它没有安装。", "A ledger on PostgreSQL needs psycopg, which is not installed."),
            where=shown_url(url),
            remedy=Words("请运行 pip install 'sizhang[postgres]'", "pip install 'sizhang[postgres]'"),
        ) from fault
    try:
        return Store("postgresql", url, psycopg.connect(url, autocommit=True), _evidence_folder(url))
    except psycopg.OperationalError as fault:
        line = " ".join(str(fault).split())
        raise InputError(
            Words(f"PostgreSQL 没有应答：{line}。", f"PostgreSQL does not answer: {line}."),
            remedy=Words("请核对地址，并确认服务器在运行。", "Check the address, and that the server runs."),
        ) from fault


def _connect(url: str, must_exist: bool) -> Store:
    if engine_of(url) == "postgresql":
        return _connect_postgresql(url)
    import sqlite3

    path = Path(url)
    if "://" in url:
        raise InputError(
            Words("这不是账本的地址。", "This is no address of a ledger."),
            where=shown_url(url),
            remedy=Words("请写文件名，或 postgresql://USER@HOST/DATABASE。", "Name a file, or postgresql://USER@HOST/DATABASE."),
        )
    # An empty file is a ledger only after init: to open it for reading must not write into it.
    if must_exist and not (path.is_file() and path.stat().st_size):
        raise _no_ledger(url)
    writable = os.access(path if path.exists() else path.absolute().parent, os.W_OK) and os.access(path.absolute().parent, os.W_OK)
    try:
        raw = sqlite3.connect(path, timeout=30.0, isolation_level=None) if writable else _open_to_read(path)
    except sqlite3.OperationalError as fault:
        raise InputError(
            Words(f"文件打不开：{fault}。", f"The file cannot be opened: {fault}."),
            where=shown_url(url),
            remedy=Words("请写账本文件，或新的文件名。", "Name a ledger's file, or a new one."),
        ) from fault
    for pragma in _PRAGMAS if writable else _PRAGMAS_TO_READ:
        try:
            raw.execute(f"PRAGMA {pragma}")
        except sqlite3.DatabaseError as fault:
            raise InputError(
                Words(f"这个文件不是账本：{fault}。", f"The file is no ledger: {fault}."),
                where=shown_url(url),
                remedy=Words("请写账本文件，或新的文件名。", "Name a ledger's file, or a new one."),
            ) from fault
    return Store("sqlite", url, raw, path.with_name(path.name + ".evidence"), read_only=not writable)


def _open_to_read(path: Path) -> Any:
    """A connection to a file that this account may not write, or in whose folder it may not.

    SQLite's log (`-wal`) is read too where it lies there. Without one SQLite would have to make it, and cannot; then the file holds all
    that was booked, and is read as one that nobody changes.
    """
    import sqlite3

    address = path.absolute().as_uri()
    logged = path.with_name(path.name + "-wal").exists()
    return sqlite3.connect(f"{address}?mode=ro{'' if logged else '&immutable=1'}", timeout=30.0, isolation_level=None, uri=True)


def _only_readable(url: str) -> LedgerError:
    what = Words("本账户对账本只有读的权限，什么也没有记。", "This account may only read the ledger; nothing was booked.")
    remedy = Words(
        f"给它写账本文件及其所在文件夹 {Path(url).absolute().parent} 的权限。",
        f"Let it write the file and its folder, {Path(url).absolute().parent}.",
    )
    return LedgerError(what, where=shown_url(url), remedy=remedy)
