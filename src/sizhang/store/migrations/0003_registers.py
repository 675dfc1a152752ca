"""Rule book, settings, assignments, and what a promise took over from the year before."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from sizhang.store.schema import append_only


def keep_history(apps: Any, schema_editor: Any) -> None:
    """Rule books and assignments are appended, never changed: the earlier ones stay known."""
    for table in ("rulebook", "assignment"):
        append_only(schema_editor, table, "the earlier ones stay known: add a new one")


class Migration(migrations.Migration):
    """Forward only."""

    dependencies = [
        ("store", "0002_laws"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("recorded_at", models.BigIntegerField()),
            ],
            options={
                "db_table": "rulebook",
            },
        ),
        migrations.CreateModel(
            name="Setting",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.TextField()),
            ],
            options={
                "db_table": "setting",
            },
        ),
        migrations.AddField(
            model_name="promise",
            name="carried_from",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="carried_to", to="store.promise"),
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("supporters", models.TextField(blank=True, default="")),
                ("document", models.TextField(blank=True, default="")),
                ("recorded_at", models.BigIntegerField()),
                ("lead", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.body")),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.person")),
                ("promise", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.promise")),
            ],
            options={
                "db_table": "assignment",
            },
        ),
        migrations.RunPython(keep_history),
    ]
