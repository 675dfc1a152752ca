"""Fixtures of all tests."""

from __future__ import annotations

import pytest

from ledgers import evidence_folder, ledger, ledger_url, new_ledger, postgresql, postgresql_url, sqlite_url, stop_cluster

__all__ = ["evidence_folder", "ledger", "ledger_url", "new_ledger", "postgresql", "postgresql_url", "sqlite_url"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that controls the session (not a worker) stops the PostgreSQL that its tests have shared."""
    if hasattr(session.config, "workerinput"):
        return
    factory: pytest.TempPathFactory | None = getattr(session.config, "_tmp_path_factory", None)
    if factory is not None:
        stop_cluster(factory.getbasetemp())
