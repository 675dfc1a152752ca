"""The log of what is done on the site beside the journal; the database refuses to change or shorten it."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sizhang.store.schema import append_only


def keep(apps: Any, schema_editor: Any) -> None:
    """A line that was written stays."""
    append_only(schema_editor, "act", "the log is appended only")


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
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
