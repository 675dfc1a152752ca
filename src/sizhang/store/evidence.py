"""Files of evidence 佐证: kept under their SHA-256 in a folder beside the ledger.

A file is written under another name, synced, and renamed before the entry that names it is booked: an entry never names a file that is
not there, whenever the power fails.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from sizhang.core.errors import InputError, Words, reason_of
from sizhang.store.connection import Store
from sizhang.store.records import insert

_PROGRAMS: Final = {
    b"\x7fELF": Words("程序", "a program"),
    b"MZ": Words("Windows 程序", "a Windows program"),
    b"#!": Words("脚本", "a script"),
    b"\xca\xfe\xba\xbe": Words("程序", "a program"),
}
_SIGNATURES: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"\xd0\xcf\x11\xe0": "application/x-ole-storage",
}
_ZIPS: Final = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "OFD.xml": "application/ofd",
}
OTHER: Final = "application/octet-stream"


def path_of(store: Store, digest: str) -> Path:
    """Where the file with that SHA-256 lies."""
    return store.folder / digest[:2] / digest


def keep(store: Store, file: Path, max_mb: int) -> str:
    """Keep a copy of a file and enter it in the register; gives its SHA-256. In a rehearsal nothing is copied.

    Raises:
        InputError: the file is missing, empty, too large, or a program.
    """
    content = _read(file, max_mb)
    media_type = media_type_of(content, file)
    digest = sha256(content).hexdigest()
    if not store.rehearsing:
        put(path_of(store, digest), content)
    if not store.rows("SELECT id FROM evidence WHERE sha256 = %s", [digest]):
        insert(store, "evidence", "sha256, name, media_type, size_bytes", [(digest, file.name, media_type, len(content))])
    return digest


def digest_of(file: Path, max_mb: int) -> str:
    """The SHA-256 under which a file would be kept.

    Raises:
        InputError: the file is missing, empty or too large.
    """
    return sha256(_read(file, max_mb)).hexdigest()


def _read(file: Path, max_mb: int) -> bytes:
    try:
        size = file.stat().st_size
        if file.is_dir():
            raise InputError(
                Words("文件夹不能作佐证。", "A folder is no evidence."),
                where=str(file),
                remedy=Words("请逐个写其中的文件。", "Name its files one by one."),
            )
        if size > max_mb * 1_000_000:
            raise InputError(
                Words(f"文件有 {size:,} 字节，超过 {max_mb} MB。", f"The file has {size:,} bytes, more than {max_mb} MB."),
                where=str(file),
                remedy=Words("请缩小或拆分后再交。", "Give a smaller copy of it, or its parts."),
            )
        content = file.read_bytes()
    except OSError as fault:
        reason = reason_of(fault)
        raise InputError(
            Words(f"佐证读不了：{reason.zh}。", f"The evidence cannot be read: {reason.en}."),
            where=str(file),
            remedy=Words("请核对文件名。", "Check the file's name."),
        ) from fault
    if not content:
        raise InputError(
            Words("文件是空的，证明不了什么。", "The file is empty and shows nothing."),
            where=str(file),
            remedy=Words("请给有内容的文件。", "Give the file with its content."),
        )
    return content


def media_type_of(content: bytes, file: Path) -> str:
    """The kind of a file by its content, whatever its name says.

    Raises:
        InputError: it is a program.
    """
    for start, what in _PROGRAMS.items():
        if content.startswith(start):
            raise InputError(
                Words(f"这是{what.zh}，不能作佐证。", f"The file is {what.en}, and no evidence."),
                where=str(file),
                remedy=Words("请给文档、图片或表格。", "Give a document, a picture or a table."),
            )
    for start, media_type in _SIGNATURES.items():
        if content.startswith(start):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(file)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return OTHER
    return OTHER if "\x00" in text else "text/plain"


def _kind_of_zip(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return "application/zip"
    return next((kind for start, kind in _ZIPS.items() if any(name.startswith(start) for name in names)), "application/zip")


def put(target: Path, content: bytes) -> None:
    """Keep these bytes there, written under another name, synced and renamed."""
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Make a rename last: the name stands in the folder, which has to be written too. Windows knows no such thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
