"""Headings, titles, running heads, tables and torn numbers: what sections and targets are later read from."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizhang.core.errors import InputError
from sizhang.intake.readers import read_file
from sizhang.intake.readers.layout import Line, join_pages
from sizhang.intake.readers.numbering import spell
from sizhang.intake.readers.picture import widen
from unit.test_readers import FULL, PAGE, WORD, make_docx, make_pdf, p, put

EM = 10.0
SHEET = (0.0, 800.0)


def line(text: str, y: float, x: float = 50.0, size: float = EM, width: float | None = None) -> Line:
    """A line of `size` points whose characters are as wide as the size, unless its width is given."""
    return Line(text, x, y, x + (len(text) * size if width is None else width), y + size)


def texts(pages: list[list[Line]], heights: list[tuple[float, float]] | None = None) -> list[str]:
    return ["".join(text for _, text in pieces) for pieces in join_pages(pages, heights)]


ROW = "全市地区生产总值增长城镇新增就业居民收入稳步增长粮食产量"  # 28 characters, one full line
END = ROW[:-1] + "。"

# Headings and paragraphs


@pytest.mark.parametrize("heading", ["二、2026年重点工作", "（三）管好土壤和垃圾", "第二部分今年工作安排", "——民生福祉实现新提升"])
def test_a_heading_after_a_full_line_stands_alone(heading: str) -> None:
    assert texts([[line(END, 500), line(heading, 486), line(ROW, 472, 70), line(END, 458)]])[:2] == [END, heading]
    over_pages = [[line(ROW, 70, 70), line(END, 56)], [line(heading, 700), line(ROW, 686, 70), line(END, 672)]]
    assert heading in texts(over_pages)


def test_a_list_sign_inside_a_sentence_opens_no_paragraph() -> None:
    assert texts([[line(ROW[:-1] + "统", 500), line("一、二产业协同。", 486)]]) == [ROW[:-1] + "统一、二产业协同。"]


@pytest.mark.parametrize("number", ["160.6亿美元，", "PM2.5年均浓度", "5.6%，其中出口增长", "“2026”行动"])
def test_a_line_cut_short_by_a_number_that_did_not_fit_is_no_end(number: str) -> None:
    assert texts([[line(ROW, 500), line(ROW[:-3], 486), line(number, 472)]]) == [ROW + ROW[:-3] + number]


def test_a_line_that_left_room_for_the_next_word_is_an_end() -> None:
    assert texts([[line(ROW, 500), line(ROW[:-6] + "。", 486), line(ROW, 472)]]) == [ROW + ROW[:-6] + "。", ROW]


def test_a_gap_between_paragraphs_parts_them_where_nothing_is_indented() -> None:
    lines = [line(ROW, 500), line(ROW, 486), line(END, 472), line(ROW, 450), line(ROW, 436), line(END, 422)]
    assert texts([lines]) == [ROW + ROW + END] * 2


@pytest.mark.parametrize("first", ["关于《国民经济和社会发展第十五个五年", "——在某市人民代表大会（第"])
def test_a_title_with_an_open_bracket_goes_on_in_a_centred_line(first: str) -> None:
    second = "规划纲要（草案）》的说明" if "《" in first else "五次会议）上"
    assert texts([[line(first, 500, 60), line(second, 486, 110), line(ROW, 460, 70), line(ROW, 446)]])[0] == first + second


def test_a_large_title_goes_on_in_a_centred_line() -> None:
    body = [line(ROW, 500 - 14 * i) for i in range(5)]
    title = [line("某省二〇二六年人民政府工作报", 560, size=20), line("告", 535, 180, size=20)]
    assert texts([title + body])[0] == "某省二〇二六年人民政府工作报告"


def test_rows_of_a_table_are_lines_of_their_own() -> None:
    rows = [cell for y in (486, 470) for cell in (line("粮食产量", y), line("45亿斤", y, 250))]
    assert texts([[line(END, 500), *rows, line(ROW, 440), line(END, 426)]])[:3] == [END, "粮食产量\t45亿斤", "粮食产量\t45亿斤"]


def test_a_number_over_a_page_break_is_one_number() -> None:
    pages = [[line(ROW, 70), line(ROW[:-2] + "6.", 56)], [line("4万亩，" + ROW[:20], 700)]]
    assert "6.4万亩" in texts(pages)[0]


# Heads, feet and page numbers


def test_a_title_in_the_words_of_the_running_head_is_kept_once() -> None:
    pages = [[line("某市政府工作报告", 780, 200), line(f"— {n} —", 20, 290), line(ROW, 600), line(END, 586)] for n in (1, 2, 3, 4)]
    pages[0].append(line("某市政府工作报告", 715, 150, size=20))
    found = texts(pages, [SHEET] * 4)
    assert found[0] == "某市政府工作报告"
    assert "".join(found).count("工作报告") == 1 and "—" not in "".join(found)


def test_the_head_of_two_pages_does_not_stand_in_the_sentence_between_them() -> None:
    pages = [[line("某日报  4版要闻", 780, 200), line(ROW, 70)], [line("某日报  4版要闻", 780, 200), line(END, 700)]]
    assert texts(pages, [SHEET] * 2) == [ROW + END]


def test_a_line_that_only_one_page_has_in_its_margin_is_text() -> None:
    pages = [[line(END, 780), line(END, 600)], [line("新建公园十二个。", 780), line(END, 600)]]
    assert "新建公园十二个。" in "".join(texts(pages, [SHEET] * 2))


# PDF: what programs do to the text layer


def test_air_between_chinese_and_digits_is_no_space(tmp_path: Path) -> None:
    pieces = [(70.0, 700.0, "新增就业"), (121.0, 700.0, "２"), (136.0, 700.0, "万人")]
    text = read_file(put(tmp_path, "a.pdf", make_pdf([[*pieces, (70.0, 680.0, FULL)]]))).text
    assert "新增就业２万人" in text


def test_quotation_marks_drawn_after_their_line_go_back_into_it(tmp_path: Path) -> None:
    pieces = [(70.0, 700.0, "回顾和"), (118.0, 700.0, "十四五"), (166.0, 700.0, "发展成绩"), (106.0, 699.5, "“"), (154.0, 699.5, "”")]
    text = read_file(put(tmp_path, "a.pdf", make_pdf([[*pieces, (70.0, 680.0, FULL)]]))).text
    assert text.split("\n")[0] == "回顾和“十四五”发展成绩"


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("各位代表:", "各位代表："),
        ("(二）护好青河", "（二）护好青河"),
        ("增长5%,城镇", "增长5%,城镇"),
        ("比例1:2", "比例1:2"),
        ("f(x)", "f(x)"),
    ],
)
def test_recognised_punctuation_beside_chinese_is_chinese(seen: str, meant: str) -> None:
    assert widen(seen) == meant


# Word: numbers that stand nowhere in the text


def make_numbered(body: str, levels: str, styles: str = "") -> bytes:
    numbering = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    extra = {"word/numbering.xml": numbering.encode()}
    if styles:
        extra["word/styles.xml"] = f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>'.encode()
    return make_docx(body, extra=extra)


LEVELS = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#8226;"/></w:lvl>'
)


def numbered(text: str, level: int) -> str:
    return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr></w:pPr>' + p(text).removeprefix("<w:p>")


def test_word_headings_keep_the_numbers_word_shows(tmp_path: Path) -> None:
    body = "".join(
        (
            numbered("工作回顾", 0),
            numbered("家底", 1),
            numbered("天和水", 1),
            numbered("重点工作", 0),
            numbered("蓝天", 1),
            numbered("点", 2),
        )
    )
    text = read_file(put(tmp_path, "a.docx", make_numbered(body + numbered("", 0), LEVELS))).text
    assert text == "一、工作回顾\n（一）家底\n（二）天和水\n二、重点工作\n（一）蓝天\n点"


def test_word_headings_numbered_by_their_style(tmp_path: Path) -> None:
    style = '<w:style w:styleId="2"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    body = '<w:p><w:pPr><w:pStyle w:val="2"/></w:pPr>' + p("重点工作").removeprefix("<w:p>") + p("正文。")
    assert read_file(put(tmp_path, "a.docx", make_numbered(body, LEVELS, style))).text == "一、重点工作\n正文。"


@pytest.mark.parametrize(("number", "chinese"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四"), (100, "100"), (0, "0")])
def test_numbers_are_spelt_as_word_does(number: int, chinese: str) -> None:
    assert spell(number, "chineseCounting") == chinese
    assert spell(number, "decimal") == str(number)


def test_word_with_damaged_numbering_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="XML"):
        read_file(put(tmp_path, "a.docx", make_docx(p("正文"), extra={"word/numbering.xml": b"<w:numbering"})))


# Web pages

BODY = "".join(f"<P>　　第{n}条，全年新建公园{n}个，改造小区{n}个；办好实事{n}件。</P>" for n in range(1, 9))


def read_html(tmp_path: Path, html: str) -> list[str]:
    return read_file(put(tmp_path, "a.html", html.encode())).text.split("\n")


def test_a_newspapers_page_in_nested_tables_keeps_its_paragraphs(tmp_path: Path) -> None:
    html = (
        "<html><title>某省日报数字报-2026年政府工作报告</title><body><table><tr><td><a href=1>第01版：要闻</a><a href=2>第02版</a></td>"
        f"<td><table><tr><td><b>版次：03</b></td></tr></table><founder-content>{BODY}</founder-content>"
        "<table><tr><td>版权所有 某省日报社 地址：某路80号</td></tr></table></td></tr></table></body></html>"
    )
    lines = read_html(tmp_path, html)
    assert lines[0] == "2026年政府工作报告"
    assert lines[1:] == [f"第{n}条，全年新建公园{n}个，改造小区{n}个；办好实事{n}件。" for n in range(1, 9)]


def test_a_governments_page_gives_title_and_text_without_sidebar_and_buttons(tmp_path: Path) -> None:
    html = (
        "<html><title>x</title><body><div class=side><h3>相关信息</h3><ul><li>部署春耕生产工作</li><li>招商引资大会召开</li></ul></div>"
        "<div class=main><h1>2026年某省政府工作报告</h1><div>发布时间：2026-02-09 浏览次数：10</div>"
        f"<div id=zoom>{BODY}<p style='display:none'>看不见的第九条，全年一件。</p><p>责任编辑：张三</p></div>"
        "<div>分享到：微信</div></div></body></html>"
    )
    lines = read_html(tmp_path, html)
    assert lines[0] == "2026年某省政府工作报告" and len(lines) == 9


def test_paragraphs_apart_by_line_breaks_and_lines_wrapped_in_the_source(tmp_path: Path) -> None:
    text = "<br><br>".join(f"　　全年新建公园{n}个，\n      改造小区{n}个；办好实\n事{n}件。" for n in range(1, 5))
    assert read_html(tmp_path, f"<html><body><div>{text}</div></body></html>")[1] == "全年新建公园2个，改造小区2个；办好实事2件。"


def test_a_table_of_a_page_is_a_line_a_row(tmp_path: Path) -> None:
    page = PAGE.format(charset="utf-8").replace("<td>粮食产量</td>", "<td><p>粮食产量</p></td>")
    assert "粮食产量\t45万吨" in read_html(tmp_path, page)


def test_a_report_in_two_parts_of_a_page_stays_whole(tmp_path: Path) -> None:
    html = f"<html><body><div class=c><div>{BODY}{BODY}{BODY}</div><div>{BODY.replace('公园', '学校')}</div></div></body></html>"
    assert sum("学校" in line for line in read_html(tmp_path, html)) == 8
