"""Plain text and Markdown. The encoding is proved, not guessed: byte order mark, then strict UTF-8, then strict GB18030."""

from __future__ import annotations

import codecs
import re
from typing import Final

from sizhang.core.errors import InputError, Words
from sizhang.intake.document import Document, document_of_lines
from sizhang.intake.readers.assemble import LINE_ENDS, find_control

_RESAVE: Final = Words("请用编辑器打开核对后，另存为 UTF-8 编码。", "Open it in an editor, look at the named lines and save it as UTF-8.")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
# A GB18030 line is valid UTF-8 by chance only when very short (the known case has 4 bytes), so 9 bytes prove UTF-8.
_PROOF_BYTES: Final = 9


def read_plain(data: bytes, source: str) -> Document:
    """Read text whose paragraphs are its lines.

    Raises:
        InputError: mixed or unknown encoding, control characters, or no visible text.
    """
    text = LINE_ENDS.sub("\n", decode(data, source))
    at = find_control(text)
    if at is not None:
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise InputError(
            Words(
                f"第 {line} 行第 {column} 个字符是控制字符 U+{ord(text[at]):04X}，这不是纯文本。",
                f"Line {line}, character {column} is the control character U+{ord(text[at]):04X}; this is no plain text.",
            ),
            remedy=Words("请删去控制字符，或从原文重新导出文本。", "Delete that character, or export the text again."),
            where=source,
        )
    if not text.strip():
        raise InputError(
            Words("文件里只有空白，没有文字。", "The file holds blanks and no text."),
            remedy=Words("请确认导出的是正文。", "Export the report's body."),
            where=source,
        )
    return document_of_lines(text, source, "txt")


def decode(data: bytes, source: str) -> str:
    """Decode UTF-8, UTF-16 or GB18030 bytes without replacing anything.

    Raises:
        InputError: no single encoding fits all bytes; the message names the first line that does not fit.
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return _decode_as(data, encoding, source)
    bare = _guess_bare_utf16(data)
    if bare:
        return _decode_as(data, bare, source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) > _PROOF_BYTES and _is_utf8(data[: error.start]):
            raise InputError(
                Words("文件末尾的一个 UTF-8 字符不完整，文件被截断了。", "The file was cut off inside a UTF-8 character at its end."),
                remedy=Words("请重新下载或复制。", "Download or copy it again."),
                where=source,
            ) from error
        _refuse_mixed(data, source)
    return _decode_as(data, "gb18030", source)


def _decode_as(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}.get(encoding, encoding.upper())
        raise InputError(
            Words(
                f"第 {line} 行（第 {error.start + 1} 字节）不是 {name} 编码的文字。",
                f"Line {line} (byte {error.start + 1}) is no text in {name}.",
            ),
            remedy=_RESAVE,
            where=source,
        ) from error


def _guess_bare_utf16(data: bytes) -> str | None:
    """Know UTF-16 without a mark by its line feeds or ASCII: zero bytes on one side only."""
    if len(data) % 2 or b"\0" not in data:
        return None
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if even and odd:
        return None
    return "utf-16-le" if odd else "utf-16-be"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(_HIGH.findall(data)) >= _PROOF_BYTES


def _refuse_mixed(data: bytes, source: str) -> None:
    proved = None
    foreign = None
    for number, line in enumerate(data.split(b"\n"), start=1):
        if _is_utf8(line):
            proved = proved or number
        elif _HIGH.search(line):
            foreign = foreign or number
        if proved and foreign:
            raise InputError(
                Words(
                    f"文件混用了编码：第 {proved} 行是 UTF-8，第 {foreign} 行不是。",
                    f"The file mixes encodings: line {proved} is UTF-8, line {foreign} is not.",
                ),
                remedy=_RESAVE,
                where=source,
            )
