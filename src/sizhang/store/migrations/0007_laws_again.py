"""The same laws, on SQLite in two triggers, of which a claim pays for one."""

from typing import Any, ClassVar

from django.db import migrations

from sizhang.store import schema


def hold_laws(apps: Any, schema_editor: Any) -> None:
    """Replace the laws by those of this version."""
    schema.hold_laws(schema_editor)


class Migration(migrations.Migration):
    """Forward only."""

    dependencies: ClassVar = [("store", "0006_whole_numbers")]
    operations: ClassVar = [migrations.RunPython(hold_laws)]
