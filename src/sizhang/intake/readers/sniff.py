"""Tell what a file is from its first bytes, and from its extension only where bytes cannot tell."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from sizhang.core.errors import InputError

_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I)
_HEAD: Final = 4096
_SUPPORTED: Final = "支持 txt、md、docx、pdf、html、png、jpg，以及 doc、wps（需 LibreOffice）"

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"{\\rtf", "rtf"),
)
_FOREIGN: Final = (
    (b"II*\0", "TIFF 图片"),
    (b"MM\0*", "TIFF 图片"),
    (b"GIF8", "GIF 图片"),
    (b"RIFF", "WebP 图片或音视频"),
    (b"BM", "BMP 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"\x7fELF", "程序"),
    (b"MZ\x90", "程序"),
)
# What a file with this extension must be; text under such a name is a damaged download, not a report.
_BINARY: Final = {
    ".pdf": "PDF",
    ".docx": "Word",
    ".doc": "Word",
    ".wps": "WPS",
    ".png": "PNG 图片",
    ".jpg": "JPEG 图片",
    ".jpeg": "JPEG 图片",
}


def find_kind(data: bytes, path: Path) -> str:
    """Name the kind: `txt`, `html`, `pdf`, `docx`, `doc`, `rtf` or `image`.

    Raises:
        InputError: the content is of a kind that is not read here, or contradicts a binary extension.
    """
    head = data[:_HEAD]
    extension = path.suffix.lower()
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK"):
        return _find_zip_kind(data, path.name)
    for magic, name in _FOREIGN:
        if head.startswith(magic) and (magic != b"BM" or b"\0" in head[:32]):
            raise InputError(f"这是{name}，不能读取。", remedy=f"请转换后再试；{_SUPPORTED}。", where=path.name)
    # UTF-16 pages carry a zero byte beside each letter of a tag.
    if _HTML.search(head.replace(b"\0", b"")) and extension != ".md":
        return "html"
    if extension in _BINARY:
        raise InputError(
            f"扩展名是 {extension}，内容却不是{_BINARY[extension]}文件，可能下载不完整或改错了扩展名。",
            remedy="请重新下载，或改成正确的扩展名。",
            where=path.name,
        )
    return "html" if extension in (".html", ".htm", ".xhtml", ".shtml") else "txt"


def _find_zip_kind(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except Exception as error:  # zipfile raises half a dozen types on damaged archives
        raise InputError("压缩结构已损坏（docx 也是压缩包），可能下载不完整。", remedy="请重新下载后再试。", where=name) from error
    if "word/document.xml" in names:
        return "docx"
    kinds = (
        ("xl/workbook.xml", "Excel 表格"),
        ("ppt/presentation.xml", "PowerPoint 演示"),
        ("OFD.xml", "OFD 版式文件"),
        ("content.xml", "OpenDocument 文件"),
    )
    what = next((label for part, label in kinds if part in names), "压缩包")
    raise InputError(f"这是{what}，不是 Word 文档。", remedy=f"请另存为 docx 或 PDF；{_SUPPORTED}。", where=name)
