"""The command line on one ledger, as other programs call it."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from sizhang.cli.main import cli
from sizhang.core.errors import SizhangError


class Desk:
    """The command line on one ledger."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, *words: object) -> Result:
        return CliRunner().invoke(cli, [*map(str, words), "--ledger", self.url, "--format", "json"])

    def __call__(self, *words: object) -> Any:
        result = self.run(*words)
        assert result.exit_code == 0, f"{words}: {result.output} {result.exception}"
        return json.loads(result.stdout)

    def refused(self, *words: object) -> str:
        """The words of the refusal; nothing may have been booked."""
        before = self.state()
        error = self.run(*words).exception
        assert isinstance(error, SizhangError), error
        assert self.state() == before
        return str(error)

    def state(self) -> dict[str, list[Any]]:
        """All that the ledger holds."""
        from sizhang.store.connection import open_store

        tables = (
            *("entry", "promise", "balance", "lot", "claimant", "report", "body", "person"),
            *("supporter", "assignment", "rulebook", "setting", "evidence", "record", "head"),
        )
        with open_store(self.url) as store:
            return {table: sorted(map(repr, store.rows(f"SELECT * FROM {table}"))) for table in tables}


def staffed(url: str) -> Desk:
    """The command line on a new ledger with two bodies and two people."""
    out = Desk(url)
    out("init")
    for body in ("林业局", "审计局"):
        out("body", "add", body)
    out("person", "add", "张三", "--body", "林业局", "--role", "reporter")
    out("person", "add", "李四", "--body", "审计局", "--role", "verifier", "--role", "keeper")
    return out
