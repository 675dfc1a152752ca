"""Old Word, WPS and RTF files, converted by LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from sizhang.core.errors import InputError, MissingExtraError, Words
from sizhang.intake.document import Document

SECONDS_MAX: Final = 180
# An encrypted docx is an old-style container with this stream name in it.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def read_legacy(data: bytes, source: str, kind: str) -> Document:
    """Convert `data` (kind `doc` or `rtf`) to docx in a temporary folder and read that.

    Raises:
        MissingExtraError: LibreOffice (`soffice`) is not installed.
        InputError: encrypted, or LibreOffice cannot convert the file within 180 seconds.
    """
    from sizhang.intake.readers.word import read_word

    if kind == "doc" and _ENCRYPTED in data:
        raise InputError(
            Words("Word 文件加了密码。", "The Word file needs a password."),
            remedy=Words("请在 Word 里去掉密码后另存为 docx。", "Take the password off in Word and save it as docx."),
            where=source,
        )
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise MissingExtraError(
            Words(
                "旧版 Word、WPS、RTF 文件需要 LibreOffice 转换，而本机没有安装。",
                "Files of old Word, WPS and RTF are converted by LibreOffice, which is not installed.",
            ),
            remedy=Words("请安装 LibreOffice，或另存为 docx 后再试。", "Install LibreOffice, or save the file as docx."),
            where=source,
        )
    with tempfile.TemporaryDirectory() as folder:
        converted = _convert(program, data, Path(folder), kind, source)
    document = read_word(converted, source)
    return Document(document.text, document.marks, source, kind)


def _convert(program: str, data: bytes, folder: Path, kind: str, source: str) -> bytes:
    # A fixed name keeps shell-like characters of the user's file name out, and an own profile lets several run side by side.
    given = folder / f"input.{kind}"
    given.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, "--headless", profile, "--convert-to", "docx", "--outdir", str(folder), str(given)]
    try:
        subprocess.run(command, capture_output=True, timeout=SECONDS_MAX, check=True)  # noqa: S603
        return (folder / "input.docx").read_bytes()
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(
            Words("LibreOffice 不能转换这个文件。", "LibreOffice cannot convert this file."),
            remedy=Words("请在 Word 或 WPS 里打开，另存为 docx 后再试。", "Open it in Word or WPS and save it as docx."),
            where=source,
        ) from error
