"""Read a file of any supported kind into a `Document`. The content decides; the extension only breaks ties."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sizhang.core.errors import InputError, MissingExtraError, SizhangError, Words, reason_of
from sizhang.intake.document import Document
from sizhang.intake.readers.sniff import find_kind

SIZE_MAX: Final = 100_000_000
"""Bytes. The longest real report is under 1 MB as text and under 50 MB as a scan."""


def read_file(path: Path) -> Document:
    """Read one report.

    Args:
        path: a text, Word, PDF, web page or picture file of 1 to 100,000,000 bytes.

    Raises:
        InputError: the file is missing, empty, too large, damaged, encrypted, or not what it claims to be.
        MissingExtraError: an optional library or program is needed for this kind of file.
    """
    data = _load(path)
    kind = find_kind(data, path)
    try:
        return _read(kind, data, path)
    except SizhangError:
        raise
    except ImportError as error:
        raise MissingExtraError(
            Words(f"缺少读取 {kind} 的库（{error.name or error}）。", f"The library that reads {kind} is missing ({error.name or error})."),
            remedy=Words("请运行 pip install sizhang 重新安装依赖。", "Install what it needs again: pip install sizhang"),
            where=path.name,
        ) from error
    except RecursionError as error:
        raise InputError(
            Words("文件的结构嵌套过深，无法读取。", "The file's parts are nested too deep to be read."),
            remedy=Words("请用原软件重新保存后再试。", "Save it anew with the program that made it."),
            where=path.name,
        ) from error
    except Exception as error:  # a library may raise anything on a damaged file; the user must get one clear line
        raise InputError(
            Words(
                f"文件已损坏，无法按 {kind} 读取（{type(error).__name__}）。",
                f"The file is damaged and cannot be read as {kind} ({type(error).__name__}).",
            ),
            remedy=Words("请重新下载或用原软件另存后再试。", "Download it again, or save it anew with the program that made it."),
            where=path.name,
        ) from error


def _load(path: Path) -> bytes:
    where = path.name or str(path)
    try:
        if not path.exists():
            raise InputError(
                Words("没有这个文件。", "There is no such file."),
                remedy=Words("请检查路径和文件名。", "Check the path and the file's name."),
                where=str(path),
            )
        if not path.is_file():
            raise InputError(
                Words("这不是普通文件（可能是文件夹）。", "This is no ordinary file (a folder, perhaps)."),
                remedy=Words("请给出一个文件的路径。", "Name a file."),
                where=str(path),
            )
        size = path.stat().st_size
        if size > SIZE_MAX:
            raise InputError(
                Words(
                    f"文件有 {size / 1e6:.0f} MB，上限是 {SIZE_MAX // 1_000_000} MB。",
                    f"The file has {size / 1e6:.0f} MB, at most {SIZE_MAX // 1_000_000} MB are read.",
                ),
                remedy=Words("请拆分文件，或导出不含图片的版本。", "Split it, or export it without pictures."),
                where=where,
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else Words("路径无效", "the path is not valid")
        raise InputError(
            Words(f"文件打不开（{reason.zh}）。", f"The file cannot be opened ({reason.en})."),
            remedy=Words("请检查路径和读取权限。", "Check the path and your permission to read it."),
            where=where,
        ) from error
    if not data:
        raise InputError(
            Words("文件是空的（0 字节）。", "The file is empty (0 bytes)."),
            remedy=Words("请检查下载是否完成。", "See whether the download ended; fetch it again."),
            where=where,
        )
    return data


def _read(kind: str, data: bytes, path: Path) -> Document:
    # Each reader brings a heavy library, so it is imported only when its kind of file comes.
    if kind == "pdf":
        from sizhang.intake.readers.pdf import read_pdf

        return read_pdf(data, path.name)
    if kind == "docx":
        from sizhang.intake.readers.word import read_word

        return read_word(data, path.name)
    if kind == "html":
        from sizhang.intake.readers.web import read_web

        return read_web(data, path.name)
    if kind == "image":
        from sizhang.intake.readers.picture import read_picture

        return read_picture(data, path.name)
    if kind in ("doc", "rtf"):
        from sizhang.intake.readers.legacy import read_legacy

        return read_legacy(data, path.name, kind)
    from sizhang.intake.readers.plain import read_plain

    return read_plain(data, path.name)
