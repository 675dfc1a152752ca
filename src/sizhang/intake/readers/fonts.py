"""Whether letters can be lost: PDFium passes over some characters of a font that is neither in the PDF nor on the machine."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

# One full-width digit in a font that the file names and does not hold; PDFium mends the missing table of objects.
_PROBE: Final = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</Font<</F1 4 0 R>>>>/Contents 6 0 R>> endobj
4 0 obj <</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[5 0 R]>> endobj
5 0 obj <</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>
endobj
6 0 obj <</Length 32>> stream
BT /F1 12 Tf 9 9 Td <FF12> Tj ET
endstream endobj
trailer <</Root 1 0 R>>
%%EOF
"""


@cache
def has_chinese_font() -> bool:
    """Whether this machine has a Chinese font that PDFium finds."""
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(_PROBE) as probe:
        count: int = probe[0].get_textpage().count_chars()
    return count > 0


def may_lose_letters(page: Any) -> bool:
    """Whether a page of PDFium leaves a font to this machine, and the machine has no Chinese one."""
    import pypdfium2.raw as raw

    if has_chinese_font():
        return False
    fonts = (raw.FPDFTextObj_GetFont(item.raw) for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3))
    return any(raw.FPDFFont_GetIsEmbedded(font) == 0 for font in fonts)
