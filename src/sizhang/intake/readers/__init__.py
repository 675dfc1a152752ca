"""Read a file of any supported kind into a `Document`. The content decides; the extension only breaks ties."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sizhang.core.errors import InputError, MissingExtraError, SizhangError
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
            f"缺少读取 {kind} 的库（{error.name or error}）。", remedy="请运行 pip install sizhang 重新安装依赖。", where=path.name
        ) from error
    except RecursionError as error:
        raise InputError("文件的结构嵌套过深，无法读取。", remedy="请用原软件重新保存后再试。", where=path.name) from error
    except Exception as error:  # a library may raise anything on a damaged file; the user must get one clear line
        raise InputError(
            f"文件已损坏，无法按 {kind} 读取（{type(error).__name__}）。", remedy="请重新下载或用原软件另存后再试。", where=path.name
        ) from error


def _load(path: Path) -> bytes:
    where = path.name or str(path)
    try:
        if not path.exists():
            raise InputError("没有这个文件。", remedy="请检查路径和文件名。", where=str(path))
        if not path.is_file():
            raise InputError("这不是普通文件（可能是文件夹）。", remedy="请给出一个文件的路径。", where=str(path))
        size = path.stat().st_size
        if size > SIZE_MAX:
            raise InputError(
                f"文件有 {size / 1e6:.0f} MB，上限是 {SIZE_MAX // 1_000_000} MB。", remedy="请拆分文件，或导出不含图片的版本。", where=where
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = (error.strerror or type(error).__name__) if isinstance(error, OSError) else "路径无效"
        raise InputError(f"文件打不开（{reason}）。", remedy="请检查路径和读取权限。", where=where) from error
    if not data:
        raise InputError("文件是空的（0 字节）。", remedy="请检查下载是否完成。", where=where)
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
