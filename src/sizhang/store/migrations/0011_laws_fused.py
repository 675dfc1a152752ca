"""The same laws, on PostgreSQL in fewer statements."""

from typing import Any, ClassVar

from django.db import migrations

from sizhang.store import schema


def hold_laws(apps: Any, schema_editor: Any) -> None:
    """Replace the laws by those of this version."""
    schema.hold_laws(schema_editor)


class Migration(migrations.Migration):
    """Forward only."""

    dependencies: ClassVar = [("store", "0010_objections")]
    operations: ClassVar = [migrations.RunPython(hold_laws)]
