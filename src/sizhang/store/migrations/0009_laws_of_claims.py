"""The same laws, on SQLite with a trigger for claims; and a claim that names nobody is refused there too."""

from typing import Any, ClassVar

from django.db import migrations

from sizhang.store import schema


def hold_laws(apps: Any, schema_editor: Any) -> None:
    """Replace the laws by those of this version."""
    schema.hold_laws(schema_editor)


class Migration(migrations.Migration):
    """Forward only."""

    dependencies: ClassVar = [("store", "0008_records")]
    operations: ClassVar = [migrations.RunPython(hold_laws)]
