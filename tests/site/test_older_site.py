"""A site of an older version is brought to this one with all that was said on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connections

from sites import furnish
from sizhang.app.objection import check_no_objection
from sizhang.app.open import ByHand, Opening, open_by_hand
from sizhang.core.errors import LedgerError
from sizhang.store.checking import check_ledger
from sizhang.store.connection import open_store
from sizhang.store.objections import load_objections
from sizhang.store.schema import settings_of

MADE, ANSWERED = datetime(2026, 7, 1, 8, 30, tzinfo=UTC), datetime(2026, 7, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_objections_of_the_site_become_the_ledgers(engine: str, new_ledger: Callable[[str], str]) -> None:
    url = new_ledger(engine)
    with open_store(url) as store:
        furnish(store)
        hand = ByHand("新建公园", Decimal(8), "个", domain="urban")
        number = open_by_hand(store, hand, Opening(2026, "市农业农村局", "督查一")).standings[0].promise
    connections.databases["old"] = {**connections.databases["default"], **settings_of(url)}
    try:
        call_command("migrate", "web", "0004", database="old", verbosity=0)
        with connections["old"].cursor() as cursor:
            for name in ("deputy", "office"):
                sql = "INSERT INTO account (username, role, password, is_active, made_at) VALUES (%s, 'deputy', '!', %s, %s)"
                cursor.execute(sql, [name, True, MADE])
            cursor.execute("SELECT username, id FROM account")
            ids = dict(cursor.fetchall())
            sql = (
                "INSERT INTO objection (promise, account_id, text, made_at, answer, answered_by_id, answered_at) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s)"
            )
            cursor.execute(sql, [number, ids["deputy"], "没有修路", MADE, "修了", ids["office"], ANSWERED])
            cursor.execute(sql, [number, ids["deputy"], "没有通水", MADE, "", None, None])
        call_command("migrate", database="old", verbosity=0)
        assert "objection" not in connections["old"].introspection.table_names()
    finally:
        connections["old"].close()
        del connections["old"]
        del connections.databases["old"]
    with open_store(url) as store:
        first, second = load_objections(store, number)
        assert first[2:] == ("deputy", "没有修路", MADE, "修了", "office", ANSWERED)
        assert second[2:] == ("deputy", "没有通水", MADE, "", "", None)
        with pytest.raises(LedgerError, match="没有通水"):
            check_no_objection(store, number)
        assert check_ledger(store).findings == ()
