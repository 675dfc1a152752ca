"""The laws of the ledger, in the database's own language, and the head of the chain."""

from typing import Any, ClassVar

from django.db import migrations

from sizhang.store import schema


def hold_laws(apps: Any, schema_editor: Any) -> None:
    """Make the triggers and the first head: no entry, and a hash of zeros."""
    schema.hold_laws(schema_editor)
    head = apps.get_model("store", "Head")
    head.objects.using(schema_editor.connection.alias).create(id=1, seq=0, hash=bytes(32))


class Migration(migrations.Migration):
    """Forward only: a ledger's laws are never taken back."""

    dependencies: ClassVar = [("store", "0001_tables")]
    operations: ClassVar = [migrations.RunPython(hold_laws)]
