"""What all processes of the site count together: attempts to sign in, clues of a day, codes and tokens that were used once.

A cache of Django's kind in a table of the ledger's database. Each call is one statement, which the database does whole or not at all:
two processes never both add the same key. Values are JSON, so that nobody who can write into the table runs code here.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

_FOREVER_S: Final = 10 * 365 * 24 * 3600
# One writing in so many also deletes what has run out.
_SWEEP_EVERY: Final = 64
_GET: Final = "SELECT value FROM count_kept WHERE name = %s AND expires_at > %s"
_SET: Final = (
    "INSERT INTO count_kept (name, value, expires_at) VALUES (%s, %s, %s) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
)
_ADD: Final = f"{_SET} WHERE count_kept.expires_at <= %s"
_TOUCH: Final = "UPDATE count_kept SET expires_at = %s WHERE name = %s AND expires_at > %s"


class SharedCache(BaseCache):
    """The table `count_kept` as a cache."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless one is kept; tells whether it was kept."""
        return self._run(_ADD, [self._name(key, version), json.dumps(value), self._end(timeout), time.time()]) == 1

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default` where none is kept or it has run out."""
        with connection.cursor() as cursor:
            cursor.execute(_GET, [self._name(key, version), time.time()])
            row = cursor.fetchone()
        return default if row is None else json.loads(row[0])

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value in place of what was kept."""
        self._run(_SET, [self._name(key, version), json.dumps(value), self._end(timeout)])
        if not secrets.randbelow(_SWEEP_EVERY):
            self._run("DELETE FROM count_kept WHERE expires_at <= %s", [time.time()])

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer; tells whether one was kept."""
        return self._run(_TOUCH, [self._end(timeout), self._name(key, version), time.time()]) == 1

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value; tells whether one was kept."""
        return self._run("DELETE FROM count_kept WHERE name = %s", [self._name(key, version)]) == 1

    def clear(self) -> None:
        """Forget everything."""
        self._run("DELETE FROM count_kept", [])

    def _name(self, key: Any, version: int | None) -> str:
        return self.make_and_validate_key(key, version=version)

    def _end(self, timeout: Any) -> float:
        end = self.get_backend_timeout(timeout)
        return time.time() + _FOREVER_S if end is None else float(end)

    def _run(self, statement: str, values: list[str | float]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)
