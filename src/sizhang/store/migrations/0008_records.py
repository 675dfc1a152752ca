"""The chain over the registers: what stands in them is taken over as its first records."""

from pathlib import Path
from typing import Any, ClassVar

from django.db import migrations, models

from sizhang.store.connection import Store
from sizhang.store.records import take_over
from sizhang.store.schema import append_only

# The registers that there were.
_REGISTERS = (
    *("body", "person", "report", "promise", "supporter", "assignment", "evidence", "rulebook", "setting"),
    *("plan", "closing", "errand", "errand_event", "question", "digest"),
)


def keep_records(apps: Any, schema_editor: Any) -> None:
    """Records are appended, never changed; the first ones tell what stands there now."""
    connection = schema_editor.connection
    append_only(schema_editor, "record", "what was recorded stays known")
    take_over(Store(connection.vendor, "", connection.connection, Path()), _REGISTERS)


class Migration(migrations.Migration):
    """Forward only."""

    dependencies: ClassVar = [("store", "0007_laws_again")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Record",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("recorded_at", models.BigIntegerField()),
                ("act", models.CharField(max_length=10)),
                ("register", models.CharField(max_length=20)),
                ("row_key", models.CharField(max_length=40)),
                ("content", models.TextField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={"db_table": "record"},
        ),
        migrations.RunPython(keep_records),
    ]
