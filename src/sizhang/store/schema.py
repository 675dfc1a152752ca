"""Make the tables and their laws with Django's migrations."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from sizhang.store.connection import engine_of

_APPS: Final = ["sizhang.store"]


def settings_of(url: str) -> dict[str, Any]:
    """Django's settings for one database."""
    if engine_of(url) == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(url).absolute()), "OPTIONS": {"timeout": 30}}
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def migrate(url: str) -> None:
    """Bring the database at `url` to this version's schema, whatever it was before."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    if not settings.configured:
        settings.configure(DATABASES={"default": settings_of(url)}, INSTALLED_APPS=_APPS, USE_TZ=True)
        django.setup()
    alias = f"ledger {url}"
    connections.databases[alias] = {**connections.databases["default"], **settings_of(url)}
    try:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    finally:
        connections[alias].close()
        del connections[alias]
        connections.databases.pop(alias, None)


def laws_of(vendor: str) -> list[str]:
    """The statements that hold the ledger's laws in a database of that kind."""
    text = (files("sizhang.store") / f"laws_{vendor}.sql").read_text("utf-8")
    parts = [part.strip() for part in text.split("\n--\n")]
    return [part for part in parts if part]


def hold_laws(schema_editor: Any) -> None:
    """Replace whatever laws the database holds over these tables by those of this version."""
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('entry', 'promise', 'balance', 'claimant')"
            )
            for (name,) in cursor.fetchall():
                schema_editor.execute(f"DROP TRIGGER {name}", params=None)
    for statement in laws_of(schema_editor.connection.vendor):
        # Without parameters, so that a % is a % on both engines.
        schema_editor.execute(statement, params=None)


def append_only(schema_editor: Any, table: str, why: str) -> None:
    """Let the database refuse to change or delete a row of a table; `why` stands in its refusal."""
    for event in ("UPDATE", "DELETE"):
        words = f"{table}: {event.lower()} is refused, {why}"
        head = f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{words}'); END")
        else:
            schema_editor.execute(f"{head} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses('{words}')")
