"""Make the files of `examples/errors`, one for each way in which a file can be unusable.

Each is small and made from a few lines of invented text; none can do harm: what would unpack to much is zeros, and the outside
reference names a file of no machine. `examples/errors/README.md` says which line each brings, `tests/test_error_examples.py` runs them.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from error_examples_cadence import make_cadence_files
from error_examples_ledger import make_ledger_files
from error_examples_review import make_review_files

FOLDER = ROOT / "examples/errors"
SIZE_MAX: Final = 20_000
"""Bytes of one example."""
TEXT: Final = "今年主要目标：\n地区生产总值增长5.5%左右，城镇新增就业2万人。\n新建公园12个。\n"
WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
_FONT: Final = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>",
)
_PICTURE: Final = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\n0\nendstream"


def make_zip(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive that comes out the same at each call."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()


def make_docx(body: str, prolog: str = '<?xml version="1.0"?>', **more: int) -> bytes:
    """A Word file of one part; `zeros` adds a picture of that many zero bytes."""
    parts = {"word/document.xml": f'{prolog}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'.encode()}
    if more:
        # bzip2 packs zeros a million to one, deflate only a thousand to one.
        return make_zip(parts | {"word/media/image1.bin": bytes(more["zeros"])}, zipfile.ZIP_BZIP2)
    return make_zip(parts)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def make_pdf(pages: list[str], *, trailer: str = "", kids: int = 0) -> bytes:
    """A PDF with a line a page; `scan` is a page with a picture alone, an empty text an empty page.

    Args:
        pages: the text of each page.
        trailer: added to the trailer.
        kids: name the first page this many times, instead of each page once.
    """
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", *_FONT, _PICTURE]
    numbers = []
    for text in pages:
        content = f"BT /F1 12 Tf 72 700 Td <{text.encode('utf-16-be').hex()}> Tj ET\n" if text else ""
        content = "q 500 0 0 700 50 50 cm /I1 Do Q\n" if text == "scan" else content
        objects.append(f"<</Length {len(content)}>>\nstream\n{content}endstream")
        resources = "<</Font<</F1 3 0 R>>/XObject<</I1 5 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources{resources}/Contents {len(objects)} 0 R>>")
        numbers.append(len(objects))
    numbers = numbers[:1] * kids if kids else numbers
    objects[1] = f"<</Type/Pages/Kids[{' '.join(f'{number} 0 R' for number in numbers)}]/Count {len(numbers)}>>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010d} 00000 n \n" for at in places)
    return out + f"{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(out)}\n%%EOF\n".encode()


def make_png(width: int, height: int, *, whole: bool = True) -> bytes:
    """A white grey-scale picture; not `whole` leaves its points out."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    points = zlib.compress((b"\0" + b"\xff" * width) * height) if whole else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + (chunk(b"IDAT", points) + chunk(b"IEND", b"") if whole else b"")


def make_text_files() -> dict[str, bytes]:
    utf8, gb = TEXT.encode(), TEXT.encode("gb18030")
    return {
        "empty.txt": b"",
        "blank.txt": b" \n\t\n",
        "mixed-encodings.txt": utf8 + gb,
        "cut-utf8.txt": TEXT.rstrip("\n").encode()[:-1],
        "mark-of-utf8-but-gb18030.txt": b"\xef\xbb\xbf" + gb,
        "odd-utf16.txt": b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\0",
        "no-encoding.txt": gb + b"\xff\xff\n",
        "control-character.txt": TEXT.replace("新建", "新\x07建").encode(),
        "not-a-report.txt": "今天天气很好。我们去河边散步，看见两只白鹭。\n".encode(),
    }


def make_foreign_files() -> dict[str, bytes]:
    """Files of kinds that are not read, and files whose name says another kind than their content."""
    starts = {
        "scan.tif": b"II*\0",
        "picture.gif": b"GIF89a",
        "picture.webp": b"RIFF\0\0\0\0WEBP",
        "picture.bmp": b"BM\0\0\0\0",
        "archive.rar": b"Rar!\x1a\x07\0",
        "archive.7z": b"7z\xbc\xaf\x27\x1c",
        "archive.gz": b"\x1f\x8b\x08",
        "program.elf": b"\x7fELF",
        "program.exe": b"MZ\x90\0",
    }
    parts = {
        "table.xlsx": "xl/workbook.xml",
        "slides.pptx": "ppt/presentation.xml",
        "page.ofd": "OFD.xml",
        "text.odt": "content.xml",
        "archive.zip": "report.txt",
    }
    files = {name: start + bytes(60) for name, start in starts.items()}
    files |= {name: make_zip({part: b"<x/>"}) for name, part in parts.items()}
    return files | {f"text-named{ending}": TEXT.encode() for ending in (".pdf", ".docx", ".doc", ".wps", ".png", ".jpg")}


# Nothing inside brackets is cut, so that this is one promise of 36 thousand characters.
_LONG: Final = "".join(map(paragraph, ("一、2026年工作安排", f"新建公园（{'城东城西' * 9000}）12个。")))


def make_word_files() -> dict[str, bytes]:
    whole = make_docx(paragraph(TEXT))
    damaged = bytearray(whole)
    at = whole.index(b"word/document.xml") + len("word/document.xml")
    damaged[at : at + 8] = b"\xff" * 8
    locked = bytearray(whole)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[whole.index(signature) + offset] |= 1
    entity = '<!DOCTYPE d [<!ENTITY outside SYSTEM "file:///example/outside.txt">]>'
    return {
        "cut.docx": whole[: len(whole) // 2],
        "damaged.docx": bytes(damaged),
        "broken-xml.docx": make_docx("<w:p>"),
        "unknown-encoding.docx": make_docx(paragraph("x"), '<?xml version="1.0" encoding="x-none"?>'),
        "outside-entity.docx": make_docx(paragraph("&outside;"), entity),
        "locked-zip.docx": bytes(locked),
        "locked-word.docx": OLE + "EncryptedPackage".encode("utf-16-le"),
        "bomb.docx": make_docx(paragraph("x"), zeros=120_000_000),
        "bomb-by-ratio.docx": make_docx(paragraph("x"), zeros=20_000_000),
        "deep.docx": make_docx("<w:sdt>" * 5000 + paragraph("x") + "</w:sdt>" * 5000),
        "no-text.docx": make_docx(""),
        "long-promise.docx": make_docx(_LONG),
        "old.doc": OLE,
        "old.wps": OLE,
        "old.rtf": rb"{\rtf1 x}",
    }


def make_pdf_files() -> dict[str, bytes]:
    whole = make_pdf(["新建公园12个。"])
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'41' * 32}>/U<{'42' * 32}>>>/ID[<41><41>]"
    return {
        "cut.pdf": whole[: len(whole) // 2],
        "locked.pdf": make_pdf(["新建公园12个。"], trailer=lock),
        "damaged.pdf": b"%PDF-1.4\n" + b"x" * 100 + b"\n%%EOF\n",
        "2001-pages.pdf": make_pdf(["x"], kids=2001),
        "empty-page.pdf": make_pdf([""]),
        "scan.pdf": make_pdf(["scan"]),
        "font-left-out.pdf": make_pdf(["二、2026年工作安排。今年新建公园12个。"]),
        "text-and-scan.pdf": make_pdf(["二、2026年工作安排。今年新建公园12个。", "scan"]),
    }


def make_other_files() -> dict[str, bytes]:
    return {
        "blank.html": b" \n",
        "filled-by-script.html": b"<!doctype html><html><body><div id=app></div><script>load()</script></body></html>",
        "blank.png": make_png(120, 120),
        "cut.png": make_png(120, 120)[:60],
        "huge.png": make_png(20_000, 20_000, whole=False),
    }


MAKERS: Final[tuple[Callable[[], dict[str, bytes]], ...]] = (
    make_text_files,
    make_foreign_files,
    make_word_files,
    make_pdf_files,
    make_other_files,
    make_review_files,
    make_ledger_files,
    make_cadence_files,
)


def main() -> None:
    """Write every example that is not there as it should be, and say its size in bytes."""
    FOLDER.mkdir(exist_ok=True)
    for make in MAKERS:
        for name, data in make().items():
            if len(data) > SIZE_MAX:
                sys.exit(f"{name}: {len(data)} bytes, allowed are {SIZE_MAX}: make it smaller.")
            (FOLDER / name).write_bytes(data)
            print(f"{len(data):6} {name}")


if __name__ == "__main__":
    main()
