"""Scans and photographs through RapidOCR, whose models come inside its wheel: no network."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from sizhang.core.errors import InputError, MissingExtraError, Words
from sizhang.intake.document import Document
from sizhang.intake.readers.assemble import assemble
from sizhang.intake.readers.layout import Line, join_pages

_NARROW: Final = re.compile(r"(?<=[\u2e80-\u9fff])[,;:?!()]|[()](?=[\u2e80-\u9fff])")
_WIDE: Final = str.maketrans(",;:?!()", "，；：？！（）")


def read_picture(data: bytes, source: str) -> Document:
    """Read a PNG or JPEG picture of one page.

    Raises:
        MissingExtraError: the `ocr` extra is not installed.
        InputError: the picture is damaged, too large (over 179 million pixels), or shows no text.
    """
    require_ocr(source)
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            image = picture.convert("RGB")
    except Exception as error:  # Pillow raises many types on damaged pictures
        raise InputError(
            Words("图片已损坏或过大，打不开。", "The picture is damaged or too large and cannot be opened."),
            remedy=Words("请重新保存为 PNG 或 JPEG 后再试。", "Save it anew as PNG or JPEG."),
            where=source,
        ) from error
    # Heights make page numbers in the margins known as such.
    return assemble(join_pages([find_lines(image)], [(-float(image.height), 0.0)]), source, "image")


def require_ocr(source: str) -> None:
    """Check that the OCR extra is there.

    Raises:
        MissingExtraError: it is not; the remedy is the command that installs it.
    """
    try:
        for name in ("onnxruntime", "PIL", "rapidocr"):
            import_module(name)
    except ImportError as error:
        raise MissingExtraError(
            Words(
                "这是扫描件或图片，需要文字识别，而识别库没有安装。",
                "This is a scan or a picture, and the library that recognises text is not installed.",
            ),
            remedy=Words("请运行 pip install 'sizhang[ocr]'", "Run pip install 'sizhang[ocr]'"),
            where=source,
        ) from error


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    # The angle classifier turned one line of a test scan upside down and lost it.
    return RapidOCR(params={"Global.use_cls": False, "Global.log_level": "error"})


def find_lines(image: Any) -> list[Line]:
    """Recognise the lines of one upright page. `y` grows upwards, as in PDF, so that both share one layout."""
    import numpy

    result = _engine()(numpy.asarray(image)[:, :, ::-1])
    if result.boxes is None or not result.txts:
        return []
    lines = []
    for box, text in zip(result.boxes, result.txts, strict=True):
        xs, ys = [float(x) for x, _ in box], [float(y) for _, y in box]
        lines.append(Line(widen(text), min(xs), -max(ys), max(xs), -min(ys)))
    return lines


def widen(text: str) -> str:
    """Give punctuation beside a Chinese character its Chinese form: recognition takes one for the other at random."""
    return _NARROW.sub(lambda found: found.group().translate(_WIDE), text)
