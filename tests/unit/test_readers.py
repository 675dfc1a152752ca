"""What a user sees when a report arrives as text, Word, PDF, web page or picture, and when it arrives broken."""

from __future__ import annotations

import importlib.util
import io
import shutil
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from sizhang.core.errors import InputError, MissingExtraError
from sizhang.intake.document import Document
from sizhang.intake.readers import SIZE_MAX, read_file
from sizhang.intake.readers.layout import Line, join_pages
from sizhang.intake.readers.pdf import map_character

REPORT = "今年主要目标：\n地区生产总值增长5.5%左右，城镇新增就业2万人。\n新建公园12个。"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def make_docx(body: str, prolog: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<?xml version="1.0"?>{prolog}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        )
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def make_font() -> bytes:
    """A TrueType font of two glyphs, an empty one and a black square, so that no test asks what fonts the machine has."""
    square = struct.pack(">hhhhh", 1, 0, 0, 1000, 880) + struct.pack(">HH", 3, 0) + b"\x01" * 4
    square += struct.pack(">4h", 0, 1000, 0, -1000) + struct.pack(">4h", 0, 0, 880, 0)
    tables = {
        b"glyf": square,
        b"head": struct.pack(">IIIIHHQQhhhhHHhhh", 0x10000, 0, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, 0, 1000, 880, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, 880, -120, 0, 1000, 0, 0, 1000, *[0] * 8, 2),
        b"hmtx": struct.pack(">HhHh", 1000, 0, 1000, 0),
        b"loca": struct.pack(">III", 0, 0, len(square)),
        b"maxp": struct.pack(">I14H", 0x10000, 2, 4, 1, 0, 0, 1, *[0] * 8),
    }
    at, directory, body = 12 + 16 * len(tables), b"", b""
    for name, data in tables.items():
        directory += name + struct.pack(">III", 0, at + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 32) + directory + body


def make_stream(data: bytes, entries: str = "") -> str:
    packed = zlib.compress(data)
    return f"<</Filter/FlateDecode/Length {len(packed)}{entries}>>\nstream\n{packed.decode('latin-1')}\nendstream"


# Codes are UTF-16; each is drawn as the font's square.
CODES = (
    b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Codes def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
"""
    + b"".join(
        b"100 beginbfrange\n" + b"".join(b"<%02X00> <%02XFF> <%02X00>\n" % (n, n, n) for n in part) + b"endbfrange\n"
        for part in (range(100), range(100, 200), range(200, 256))
    ).replace(b"100 beginbfrange\n<C8", b"56 beginbfrange\n<C8")
    + b"endcmap end end"
)
FONT = [
    "<</Type/Font/Subtype/Type0/BaseFont/Squares/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 7 0 R>>",
    "<</Type/Font/Subtype/CIDFontType2/BaseFont/Squares/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000"
    "/FontDescriptor 5 0 R/CIDToGIDMap 8 0 R>>",
    "<</Type/FontDescriptor/FontName/Squares/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880"
    "/StemV 80/FontFile2 6 0 R>>",
    make_stream(make_font()),
    make_stream(CODES),
    make_stream(b"\0\1" * 0x10000),
]


# A Chinese font that is only named, in as many objects.
FONT_OF_THE_MACHINE = [
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>",
    *["null"] * 4,
]


def make_pdf(
    pages: list[list[tuple[float, float, str]]], size: int = 12, *, resources: str = "", trailer: str = "", font: list[str] = FONT
) -> bytes:
    """A PDF of A4 pages with lines at (x, y) in a font of its own."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", *font]
    kids = []
    for lines in pages:
        content = "".join(f"BT /F1 {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n" for x, y, text in lines)
        if resources:
            content += "q 500 0 0 700 50 50 cm /I1 Do Q\n"
        objects.append(f"<</Length {len(content)}>>\nstream\n{content}endstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>{resources}>>/Contents {len(objects)} 0 R>>"
        )
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    if resources:
        objects.append(
            "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\n0\nendstream"
        )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010d} 00000 n \n" for at in places)
    return out + f"{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()


def assert_whole(document: Document) -> None:
    starts = [mark.start for mark in document.marks]
    assert starts[0] == 0 and starts == sorted(set(starts)) and starts[-1] <= len(document.text)


# Plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["报告.txt", "报告.md", "报告"])
def test_text_in_every_encoding(tmp_path: Path, encoding: str, name: str) -> None:
    document = read_file(put(tmp_path, name, REPORT.encode(encoding)))
    assert document.text == REPORT
    assert document.get_place(document.text.index("新建公园")).paragraph == 3


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0c", "\u2028"])
def test_every_line_end_is_a_line_end(tmp_path: Path, end: str) -> None:
    assert read_file(put(tmp_path, "a.txt", REPORT.replace("\n", end).encode())).text == REPORT


def test_mixed_encodings_are_refused_with_the_lines(tmp_path: Path) -> None:
    data = "第一行是报告的文字。\n".encode() + "第二行是报告的文字。\n".encode("gb18030")
    with pytest.raises(InputError, match="混用") as caught:
        read_file(put(tmp_path, "a.txt", data))
    assert "第 1 行" in caught.value.what.zh and "第 2 行" in caught.value.what.zh and caught.value.remedy


def test_text_cut_inside_a_character(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="截断"):
        read_file(put(tmp_path, "a.txt", REPORT.encode()[:-1]))


def test_control_characters_are_refused_with_their_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"第 2 行第 3 个字符.*U\+0007"):
        read_file(put(tmp_path, "a.txt", "第一行\n第二\x07行".encode()))


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_nothing_in_the_file(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError):
        read_file(put(tmp_path, "a.txt", data))


# Word


def test_word_keeps_insertions_and_leaves_deletions_out(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>全年粮食产量</w:t></w:r><w:del><w:r><w:delText>4000</w:delText></w:r></w:del><w:ins><w:r><w:t>4731.7亿斤</w:t></w:r></w:ins></w:p>"
        + p("第二段")
    )
    document = read_file(put(tmp_path, "a.docx", make_docx(body)))
    assert document.text == "全年粮食产量4731.7亿斤\n第二段"
    assert document.get_place(document.text.index("第二")).paragraph == 2
    assert_whole(document)


def test_word_tables_become_a_line_a_row(tmp_path: Path) -> None:
    row = "<w:tr><w:tc>" + p("新建公园") + "</w:tc><w:tc>" + p("12个") + "</w:tc></w:tr>"
    assert read_file(put(tmp_path, "a.docx", make_docx(f"<w:tbl>{row}{row}</w:tbl>"))).text == "新建公园\t12个\n新建公园\t12个"


def test_word_moved_text_and_deleted_paragraph_marks(tmp_path: Path) -> None:
    body = (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>新增就业</w:t></w:r></w:p>"
        + p("2万人")
        + f"<w:moveFrom>{p('旧处')}</w:moveFrom>"
    )
    assert read_file(put(tmp_path, "a.docx", make_docx(body))).text == "新增就业2万人"


def test_word_made_by_a_library(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.add_heading("政府工作报告", 0)
    made.add_paragraph("新建公园12个。")
    made.save(str(tmp_path / "a.docx"))
    assert read_file(tmp_path / "a.docx").text == "政府工作报告\n新建公园12个。"


def test_word_bomb(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="解压后有 120 MB"):
        read_file(put(tmp_path, "a.docx", make_docx(p("x"), extra={"word/media/a.bin": bytes(120_000_000)})))


def test_word_small_bomb_is_known_by_its_ratio(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="倍"):
        read_file(put(tmp_path, "a.docx", make_docx(p("x"), extra={"word/media/a.bin": bytes(20_000_000)})))


@pytest.mark.parametrize("entity", ['<!ENTITY a "ha"><!ENTITY b "&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/passwd">'])
def test_word_entities(tmp_path: Path, entity: str) -> None:
    with pytest.raises(InputError, match="实体"):
        read_file(put(tmp_path, "a.docx", make_docx(p("&b;"), prolog=f"<!DOCTYPE x [{entity}]>")))


def test_word_truncated_empty_and_deep(tmp_path: Path) -> None:
    whole = make_docx(p("正文"))
    for data in (whole[: len(whole) // 2], make_docx(""), make_docx("<w:sdt>" * 5000 + p("深") + "</w:sdt>" * 5000)):
        with pytest.raises(InputError):
            read_file(put(tmp_path, "a.docx", data))


def test_spreadsheet_named_docx(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(InputError, match="Excel"):
        read_file(put(tmp_path, "a.docx", out.getvalue()))


def test_old_word_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for name in ("a.doc", "a.wps"):
        with pytest.raises(MissingExtraError, match="LibreOffice"):
            read_file(put(tmp_path, name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))


def test_encrypted_word(tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(InputError, match="密码"):
        read_file(put(tmp_path, "a.docx", data))


# PDF

FULL = "全市地区生产总值增长百分之五点五左右城镇新增就业二万人以上居民收入稳步增长"  # 38 characters: a full line at 12 points


def make_report_pdf() -> bytes:
    pages = []
    for number in range(1, 5):
        lines = [(200.0, 800.0, "某市人民政府工作报告"), (290.0, 40.0, f"— {number} —")]
        lines += [
            (70 + 24, 700.0, FULL[:36]),
            (70, 680.0, FULL),
            (70, 660.0, f"新建公园{number}个。"),
            (94, 640.0, FULL[:36]),
            (70, 620.0, FULL),
        ]
        pages.append(lines)
    return make_pdf(pages)


def test_pdf_lines_become_paragraphs_without_heads_and_page_numbers(tmp_path: Path) -> None:
    document = read_file(put(tmp_path, "a.pdf", make_report_pdf()))
    lines = document.text.split("\n")
    assert lines[0] == FULL[:36] + FULL + "新建公园1个。"
    assert len(lines) == 8
    assert "工作报告" not in document.text and "—" not in document.text
    assert document.get_place(document.text.index("新建公园3个")).page == 3
    assert_whole(document)


def test_pdf_paragraph_over_a_page_break_has_both_pages(tmp_path: Path) -> None:
    data = make_pdf([[(94, 120.0, FULL[:36]), (70, 100.0, FULL)], [(70, 700.0, FULL), (70, 680.0, "新建公园9个。")]])
    document = read_file(put(tmp_path, "a.pdf", data))
    assert document.text == FULL[:36] + FULL + FULL + "新建公园9个。"
    assert [mark.place.page for mark in document.marks] == [1, 2]
    assert {mark.place.paragraph for mark in document.marks} == {1}


def test_pdf_sentence_that_ends_with_its_page_stays_in_an_indented_paragraph(tmp_path: Path) -> None:
    first, second = [(94.0, 120.0, FULL[:36]), (70.0, 100.0, FULL[:37] + "。")], [(70.0, 700.0, FULL), (94.0, 680.0, FULL[:36])]
    document = read_file(put(tmp_path, "a.pdf", make_pdf([first, second])))
    assert document.text == FULL[:36] + FULL[:37] + "。" + FULL + "\n" + FULL[:36]


def test_pdf_full_width_lines_come_before_the_columns_below_them(tmp_path: Path) -> None:
    wide = [(74.0, 700.0, FULL[:36]), (50.0, 680.0, FULL[:38]), (74.0, 660.0, FULL[:36])]
    below = [
        (x, 600.0 - 20 * i, f"{side}栏第{n}行的文字写满了这一行文字")
        for i, n in enumerate("一二三四五六七八九十")
        for x, side in ((50.0, "左"), (320.0, "右"))
    ]
    lines = read_file(put(tmp_path, "a.pdf", make_pdf([wide + below]))).text.split("\n")
    assert lines[0] == FULL[:36] + FULL[:38] and lines[1].startswith(FULL[:36])
    joined = "".join(lines)
    assert joined.index("左栏第十行") < joined.index("右栏第一行")


@pytest.mark.parametrize("by_row", [True, False])
def test_pdf_two_columns_are_read_one_after_the_other(tmp_path: Path, by_row: bool) -> None:
    left = [(50.0, 600.0 - 20 * i, f"左栏第{n}行的文字写满了这一行文字") for i, n in enumerate("一二三四五六")]
    right = [(320.0, 600.0 - 20 * i, f"右栏第{n}行的文字写满了这一行文字") for i, n in enumerate("一二三四五六")]
    lines = [line for pair in zip(left, right, strict=True) for line in pair] if by_row else left + right
    text = read_file(put(tmp_path, "a.pdf", make_pdf([lines]))).text.replace("\n", "")
    assert text == "".join(line[2] for line in left + right)


@pytest.mark.parametrize(("font", "warned"), [(FONT, 0), (FONT_OF_THE_MACHINE, 1)])
def test_pdf_without_its_chinese_font_on_a_machine_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder, font: list[str], warned: int
) -> None:
    monkeypatch.setattr("sizhang.intake.readers.fonts.has_chinese_font", lambda: False)
    assert read_file(put(tmp_path, "a.pdf", make_pdf([[(74.0, 700.0, FULL)]], font=font))).text == FULL
    assert len([w for w in recwarn if "fonts-noto-cjk" in str(w.message)]) == warned


def test_radicals_are_mapped_one_by_one() -> None:
    assert "".join(map_character(ord(c)) for c in "⽣⼈⺠，（）％金") == "生人民，（）％金"


def test_pdf_named_docx_is_read_as_pdf(tmp_path: Path) -> None:
    assert read_file(put(tmp_path, "a.docx", make_report_pdf())).format == "pdf"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_pdf_truncated(tmp_path: Path, share: float) -> None:
    data = make_report_pdf()
    with pytest.raises(InputError, match=r"不完整"):
        read_file(put(tmp_path, "a.pdf", data[: int(len(data) * share)]))


def test_pdf_encrypted(tmp_path: Path) -> None:
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'11' * 32}>/U<{'22' * 32}>>>/ID[<{'33' * 16}><{'33' * 16}>]"
    with pytest.raises(InputError, match="密码"):
        read_file(put(tmp_path, "a.pdf", make_pdf([[(70, 700.0, "正文")]], trailer=lock)))


def test_pdf_without_anything(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有读到任何文字"):
        read_file(put(tmp_path, "a.pdf", make_pdf([[]])))


needs_no_ocr = pytest.mark.skipif(importlib.util.find_spec("rapidocr") is not None, reason="the ocr extra is installed")


def make_png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


@needs_no_ocr
def test_scan_and_picture_without_the_extra_name_the_command(tmp_path: Path) -> None:
    scan = make_pdf([[]], resources="/XObject<</I1 11 0 R>>")
    for name, data in (("a.pdf", scan), ("a.png", make_png())):
        with pytest.raises(MissingExtraError) as caught:
            read_file(put(tmp_path, name, data))
        assert "pip install 'sizhang[ocr]'" in caught.value.remedy.zh


def test_lines_of_a_picture_become_a_paragraph() -> None:
    lines = [Line("城镇新增就业2万人，居民收入", 10, -30, 210, -10), Line("增长5%。", 10, -60, 80, -40)]
    assert join_pages([lines]) == [[(1, "城镇新增就业2万人，居民收入增长5%。")]]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [("增长6.", "4%", "增长6.4%"), ("1,", "100万", "1,100万"), ("steady", "growth", "steady growth"), ("增长", "5%", "增长5%")],
)
def test_a_line_end_inside_a_number_adds_no_space(first: str, second: str, joined: str) -> None:
    assert join_pages([[Line(first, 10, -30, 210, -10), Line(second, 10, -60, 80, -40)]]) == [[(1, joined)]]


# Web pages

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>报告_政府网站</title><script>var 脚本=1;</script></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xxgk">政务公开</a></li><li><a href="/hd">互动交流</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/bg">工作报告</a></div>
<div class="article"><h1>云溪市政府工作报告</h1><div class="TRS_Editor">
<p>　　今年发展主要预期目标是：地区生产总值增长5.5%左右，城镇新增就业2万人以上，居民收入增长与经济增长同步。</p>
<p>　　持续改善空气质量，细颗粒物年均浓度下降3%，优良天数比例达到80%以上，地表水优良断面比例保持稳定。</p>
<p>　　新建公园12个，新增绿地30公顷，改造老旧小区80个，惠及居民2.6万户，办好民生实事十件。</p>
<table><tr><td>指标</td><td>目标</td></tr><tr><td>粮食产量</td><td>45万吨</td></tr></table>
</div></div>
<div class="footer"><p>主办：云溪市人民政府办公室 网站标识码1400000000 晋ICP备00000000号</p></div></body></html>"""


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("utf-8", "utf-16")])
def test_web_page_keeps_the_report_alone(tmp_path: Path, charset: str, encoding: str) -> None:
    document = read_file(put(tmp_path, "a.html", PAGE.format(charset=charset).encode(encoding)))
    for kept in ("增长5.5%左右", "下降3%", "惠及居民2.6万户", "45万吨"):
        assert kept in document.text
    for dropped in ("政务公开", "ICP备", "脚本", "当前位置"):
        assert dropped not in document.text
    assert_whole(document)


@pytest.mark.parametrize("html", ["<html></html>", "<html><body><script>load()</script></body></html>"])
def test_web_page_without_text(tmp_path: Path, html: str) -> None:
    with pytest.raises(InputError):
        read_file(put(tmp_path, "a.html", html.encode()))


# Not a report's file at all


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path, Path("a\0b.txt")):
        with pytest.raises(InputError) as caught:
            read_file(path)
        assert caught.value.remedy


def test_file_of_200_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as out:
        out.truncate(200_000_000)
    assert path.stat().st_size > SIZE_MAX
    with pytest.raises(InputError, match="200 MB，上限是 100 MB"):
        read_file(path)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.doc", "a.png", "a.jpg"])
def test_text_under_a_binary_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="扩展名"):
        read_file(put(tmp_path, name, REPORT.encode()))
