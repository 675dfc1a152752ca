"""Cadence: plans, closings, errands, questions, digests. All but `track` are appended only."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from sizhang.store.schema import append_only

KEPT = ("plan", "closing", "errand", "errand_event", "question", "digest")


def keep_history(apps: Any, schema_editor: Any) -> None:
    """What was planned, closed, told, answered or asked stays as it was; a change is a new row."""
    for table in KEPT:
        append_only(schema_editor, table, "the earlier ones stay known: add a new one")


class Migration(migrations.Migration):
    """Forward only."""

    dependencies = [
        ("store", "0003_registers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Errand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True)),
                ("source", models.CharField(max_length=20)),
                ("title", models.TextField()),
                ("hard", models.BooleanField(default=False)),
                ("rules", models.TextField()),
                ("given_on", models.IntegerField()),
                ("recorded_at", models.BigIntegerField()),
                ("body", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.body")),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.person")),
                ("promise", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.promise")),
            ],
            options={
                "db_table": "errand",
            },
        ),
        migrations.CreateModel(
            name="ErrandEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("node", models.CharField(default="", max_length=20)),
                ("on_day", models.IntegerField()),
                ("until", models.IntegerField(null=True)),
                ("text", models.TextField(default="")),
                ("grade", models.CharField(default="", max_length=20)),
                ("recorded_at", models.BigIntegerField()),
                ("errand", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.errand")),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.person")),
            ],
            options={
                "db_table": "errand_event",
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("curve", models.CharField(max_length=20)),
                ("settings", models.TextField(default="")),
                ("cells", models.TextField()),
                ("weights", models.TextField()),
                ("reserve", models.BigIntegerField(default=0)),
                ("reason", models.TextField(default="")),
                ("recorded_at", models.BigIntegerField()),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.person")),
                ("promise", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.promise")),
            ],
            options={
                "db_table": "plan",
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("minutes", models.IntegerField()),
                ("text", models.TextField()),
                ("answer", models.TextField(default="")),
                ("on_day", models.IntegerField()),
                ("recorded_at", models.BigIntegerField()),
                ("body", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.body")),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.person")),
            ],
            options={
                "db_table": "question",
            },
        ),
        migrations.CreateModel(
            name="Track",
            fields=[
                (
                    "promise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="store.promise"
                    ),
                ),
                ("cells", models.TextField()),
                ("weights", models.TextField()),
                ("delivered", models.TextField(default="")),
                ("closed", models.SmallIntegerField(default=0)),
                ("plan", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.plan")),
            ],
            options={
                "db_table": "track",
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=10)),
                ("delivered", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("recorded_at", models.BigIntegerField()),
                ("person", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="store.person")),
                ("promise", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.promise")),
            ],
            options={
                "db_table": "closing",
                "constraints": [models.UniqueConstraint(fields=("promise", "period"), name="closing_once")],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_day", models.IntegerField()),
                ("text", models.TextField()),
                ("recorded_at", models.BigIntegerField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.person")),
            ],
            options={
                "db_table": "digest",
                "constraints": [models.UniqueConstraint(fields=("person", "on_day"), name="digest_once_a_day")],
            },
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(condition=models.Q(("reserve__gte", 0)), name="plan_reserve"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(condition=models.Q(("minutes__gte", 0)), name="question_minutes"),
        ),
        migrations.AddConstraint(
            model_name="track",
            constraint=models.CheckConstraint(condition=models.Q(("closed__gte", 0), ("closed__lte", 36)), name="track_closed"),
        ),
        migrations.RunPython(keep_history),
    ]
