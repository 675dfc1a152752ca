"""Write a file that a user named, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sizhang.core.errors import InputError, Words, reason_of


def write_file(path: Path, content: bytes) -> None:
    """Write it under another name first, so that a full disk leaves the old file as it was.

    Raises:
        InputError: the place cannot be written.
    """
    name = ""
    try:
        descriptor, name = tempfile.mkstemp(prefix=".part-", dir=path.absolute().parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as fault:
        if name:
            Path(name).unlink(missing_ok=True)
        raise InputError(
            Words(f"输出写不了：{reason_of(fault).zh}。", f"The output cannot be written: {reason_of(fault).en}."),
            where=str(path),
            remedy=Words("请写一个已有文件夹里的文件名。", "Name a file in a folder that exists."),
        ) from fault
