"""Tell what a file is from its first bytes, and from its extension only where bytes cannot tell."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from sizhang.core.errors import InputError, Words

_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I)
_HEAD: Final = 4096
_SUPPORTED: Final = Words(
    "支持 txt、md、docx、pdf、html、png、jpg，以及 doc、wps（需 LibreOffice）",
    "txt, md, docx, pdf, html, png and jpg are read, and doc and wps with LibreOffice",
)

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"{\\rtf", "rtf"),
)
_FOREIGN: Final = (
    (b"II*\0", Words(" TIFF 图片", "a TIFF picture")),
    (b"MM\0*", Words(" TIFF 图片", "a TIFF picture")),
    (b"GIF8", Words(" GIF 图片", "a GIF picture")),
    (b"RIFF", Words(" WebP 图片或音视频", "a WebP picture, or sound or film")),
    (b"BM", Words(" BMP 图片", "a BMP picture")),
    (b"Rar!", Words(" RAR 压缩包", "a RAR archive")),
    (b"7z\xbc\xaf", Words(" 7z 压缩包", "a 7z archive")),
    (b"\x1f\x8b", Words(" gzip 压缩包", "a gzip archive")),
    (b"\x7fELF", Words("程序", "a program")),
    (b"MZ\x90", Words("程序", "a program")),
)
# What a file with this extension must be; text under such a name is a damaged download, not a report.
_BINARY: Final = {
    ".pdf": Words(" PDF ", "PDF"),
    ".docx": Words(" Word ", "Word"),
    ".doc": Words(" Word ", "Word"),
    ".wps": Words(" WPS ", "WPS"),
    ".png": Words(" PNG 图片", "PNG"),
    ".jpg": Words(" JPEG 图片", "JPEG"),
    ".jpeg": Words(" JPEG 图片", "JPEG"),
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
            raise InputError(
                Words(f"这是{name.zh}，不能读取。", f"This is {name.en}, which is not read."),
                remedy=Words(f"请转换后再试；{_SUPPORTED.zh}。", f"Convert it; {_SUPPORTED.en}."),
                where=path.name,
            )
    # UTF-16 pages carry a zero byte beside each letter of a tag.
    if _HTML.search(head.replace(b"\0", b"")) and extension != ".md":
        return "html"
    if extension in _BINARY:
        raise InputError(
            Words(
                f"扩展名是 {extension}，内容却不是{_BINARY[extension].zh}文件，可能下载不完整或改错了扩展名。",
                f"The name ends in {extension}, and the content is no {_BINARY[extension].en} file: "
                "not downloaded whole, perhaps, or given the wrong ending.",
            ),
            remedy=Words("请重新下载，或改成正确的扩展名。", "Download it again, or give it the right ending."),
            where=path.name,
        )
    return "html" if extension in (".html", ".htm", ".xhtml", ".shtml") else "txt"


def _find_zip_kind(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except Exception as error:  # zipfile raises half a dozen types on damaged archives
        raise InputError(
            Words(
                "压缩结构已损坏（docx 也是压缩包），可能下载不完整。",
                "The file is damaged as a zip file (a docx is one too), perhaps not downloaded whole.",
            ),
            remedy=Words("请重新下载后再试。", "Download the file again."),
            where=name,
        ) from error
    if "word/document.xml" in names:
        return "docx"
    kinds = (
        ("xl/workbook.xml", Words(" Excel 表格", "an Excel workbook")),
        ("ppt/presentation.xml", Words(" PowerPoint 演示", "a PowerPoint presentation")),
        ("OFD.xml", Words(" OFD 版式文件", "an OFD document")),
        ("content.xml", Words(" OpenDocument 文件", "an OpenDocument file")),
    )
    what = next((label for part, label in kinds if part in names), Words("压缩包", "a zip archive"))
    raise InputError(
        Words(f"这是{what.zh}，不是 Word 文档。", f"This is {what.en}, and no Word document."),
        remedy=Words(f"请另存为 docx 或 PDF；{_SUPPORTED.zh}。", f"Save it as docx or PDF; {_SUPPORTED.en}."),
        where=name,
    )
