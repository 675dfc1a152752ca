"""Objections move from the site into the ledger, with all that was said."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import migrations

from sizhang.store.chain import instant_number
from sizhang.store.connection import Store
from sizhang.store.objections import take_in


def move(apps: Any, schema_editor: Any) -> None:
    """Enter what the site held; an objection to a promise that is not in the ledger cannot have stopped anything."""
    connection = schema_editor.connection
    promises = dict(apps.get_model("store", "Promise").objects.using(connection.alias).values_list("number", "id"))
    rows = []
    for one in apps.get_model("web", "Objection").objects.using(connection.alias).select_related("account", "answered_by").order_by("id"):
        if one.promise in promises:
            by = one.answered_by.username if one.answered_by else ""
            told = (promises[one.promise], one.account.username, one.text, _number(one.made_at), one.answer, by, _number(one.answered_at))
            rows.append(told)
    if rows:
        take_in(Store(connection.vendor, "", connection.connection, Path()), rows)


def _number(at: datetime | None) -> int | None:
    return None if at is None else instant_number(at)


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0004_counts"),
        ("store", "0010_objections"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name="Objection"),
    ]
