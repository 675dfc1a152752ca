"""`sizhang backup`: the whole ledger in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sizhang.cli.options import with_ledger
from sizhang.core.errors import InputError, Words, reason_of

if TYPE_CHECKING:
    from sizhang.cli.options import Ledger


@click.command(short_help="备份 The whole ledger in one file")
@click.argument("file", type=click.Path(path_type=Path))
@with_ledger()
def backup(*, ledger: Ledger, file: Path) -> None:
    """备份全账与佐证到文件 FILE Write every row and every file of evidence into FILE, with their hashes."""
    from sizhang.store.backup import write_backup

    waiting = file.with_name(f".{file.name}.part")
    try:
        with ledger.open() as store:
            held = write_backup(store, waiting)
        waiting.replace(file)
    except OSError as fault:
        raise InputError(
            Words(f"备份写不了：{reason_of(fault).zh}。", f"The backup cannot be written: {reason_of(fault).en}."),
            where=str(file),
            remedy=Words("请写一个已有文件夹里的文件名。", "Name a file in a folder that exists."),
        ) from fault
    finally:
        waiting.unlink(missing_ok=True)
    if ledger.form == "json":
        click.echo(json.dumps({"file": str(file), **held._asdict()}, ensure_ascii=False))
    else:
        click.echo(f"已备份 Backed up: {file} · {held.entries} 笔 entries · {held.files} 份佐证 files · 链尾 head {held.head}")
