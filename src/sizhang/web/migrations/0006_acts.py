"""The log of what is done on the site beside the journal; the database refuses to change or shorten it."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def append_only(apps: Any, schema_editor: Any) -> None:
    """A line that was written stays."""
    for event in ("UPDATE", "DELETE"):
        words = f"act: {event.lower()} is refused, the log is appended only"
        head = f"CREATE TRIGGER act_no_{event.lower()} BEFORE {event} ON act "
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{words}'); END")
        else:
            schema_editor.execute(f"{head} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses('{words}')")


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0005_objections"),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("about", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "act",
            },
        ),
        migrations.RunPython(append_only, migrations.RunPython.noop),
    ]
