"""Objections belong to the ledger: they stop a write-off wherever it is booked from."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Forward only."""

    dependencies: ClassVar = [("store", "0009_laws_of_claims")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_by", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("recorded_at", models.BigIntegerField()),
                ("answer", models.TextField(default="")),
                ("answered_by", models.CharField(default="", max_length=200)),
                ("answered_at", models.BigIntegerField(null=True)),
                ("promise", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.promise")),
            ],
            options={"db_table": "raised_objection"},
        ),
    ]
