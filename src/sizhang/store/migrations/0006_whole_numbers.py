"""SQLite: entries and balances hold nothing but whole numbers where numbers belong, and are found by their row itself.

SQLite adds two large integers up to a float unless the table is STRICT, and a `bigint` key stands in an index of its own unless it is
called `integer`. Both engines: the laws of this version.
"""

import re
from typing import Any, ClassVar

from django.db import migrations

from sizhang.store import schema

_TYPES: Any = {"bigint": "integer", "smallint": "integer", "bool": "integer", "datetime": "text"}


def _strict(sql: str) -> str:
    """The statement that makes the same table, STRICT and with an integer key."""
    sql = re.sub(r"varchar\(\d+\)", "text", sql)
    sql = re.sub(r'(" )(bigint|smallint|bool)\b', lambda found: found[1] + _TYPES[found[2]], sql)
    return sql + " STRICT"


def make_strict(apps: Any, schema_editor: Any) -> None:
    """Make both tables anew, with all that they hold."""
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            for table in ("entry", "balance"):
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")
                cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL", [table])
                indexes = [sql for (sql,) in cursor.fetchall()]
                cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
                made = cursor.fetchone()[0].replace(f'"{table}"', f'"new_{table}"', 1)
                cursor.execute(_strict(made))
                cursor.execute(f"INSERT INTO new_{table} SELECT * FROM {table} ORDER BY 1")
                # The trigger that keeps a balance for each promise names this table; it is made again below.
                cursor.execute("DROP TRIGGER IF EXISTS promise_has_a_balance")
                cursor.execute(f"DROP TABLE {table}")
                cursor.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
                for sql in indexes:
                    cursor.execute(sql)
    schema.hold_laws(schema_editor)


class Migration(migrations.Migration):
    """Forward only."""

    dependencies: ClassVar = [("store", "0005_cadence")]
    operations: ClassVar = [migrations.RunPython(make_strict)]
