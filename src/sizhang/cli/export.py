"""`sizhang export`: the journal in other programs' language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sizhang.cli.options import with_ledger
from sizhang.core.errors import InputError, Words, reason_of

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger

_FORMS: Final = ("hledger", "beancount", "csv", "parquet", "datapackage")


@click.command(short_help="导出 The journal in other programs' language")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="PLACE", help="文件；datapackage 为文件夹 A file, or a folder"
)
@with_ledger(forms=_FORMS)
def export(*, ledger: Ledger, output: Path) -> None:
    """导出全账 Write the whole journal; every balance comes out the same in the other program."""
    from sizhang.store.exporting.csv import write_csv
    from sizhang.store.exporting.journals import write_beancount, write_hledger
    from sizhang.store.exporting.package import write_datapackage, write_parquet

    writers = {
        "hledger": write_hledger,
        "beancount": write_beancount,
        "csv": write_csv,
        "parquet": write_parquet,
        "datapackage": write_datapackage,
    }
    # Written beside the place and renamed: a full disk leaves no half file under the name.
    waiting = output.with_name(f".{output.name}.part")
    try:
        with ledger.open() as store:
            writers[ledger.form](store, waiting)
        waiting.replace(output)
    except OSError as fault:
        raise InputError(
            Words(f"导出写不了：{reason_of(fault).zh}。", f"The export cannot be written: {reason_of(fault).en}."),
            where=str(output),
            remedy=Words("请写一个已有文件夹里的新地方。", "Name a new place in a folder that exists."),
        ) from fault
    click.echo(f"已导出 Exported: {output}", err=True)
