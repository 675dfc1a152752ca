"""Saved web pages: the main text alone, without navigation, footers and scripts."""

from __future__ import annotations

import codecs
import re
from typing import Any, Final

from sizhang.core.errors import InputError, Words
from sizhang.intake.document import Document
from sizhang.intake.readers.assemble import assemble

_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_NOT_TEXT: Final = frozenset(
    {"script", "style", "noscript", "nav", "footer", "header", "aside", "form", "select", "button", "template", "svg", "iframe", "head"}
)
_BLOCKS: Final = frozenset(
    {
        "p",
        "div",
        "br",
        "li",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "blockquote",
        "table",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "body",
        "main",
        "center",
    }
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# A report is sentences; menus, lists of links and imprints have next to none.
_SENTENCE: Final = re.compile("[。；！？]|[，,](?=\\S{4})")
# Share of the page's sentences that its main element holds: a report may be cut into several elements, which must stay together.
_MAIN_MIN: Final = 0.9
_SENTENCES_MIN: Final = 3
# trafilatura's text is taken where the page's own structure gives clearly less.
_KEPT_MIN: Final = 0.8
_CELL_MAX: Final = 60
_TITLE: Final = re.compile(r"工作报告|计划|规划|20\d\d年")
_CHINESE_BREAK: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\n\s*(?=[\u3000-\u9fff\uff00-\uffef])")
# Lines of buttons that stand inside the main element of many sites.
_CHROME: Final = re.compile(
    r"(?:(?:责任)?编辑|校对|审核|浏览(?:次数|量)|字号|字体|【字[号体]|分享(?:到)?|上一[篇页]|下一[篇页]|相关(?:链接|阅读|稿件)|"
    r"打印(?:本页|此页)?|关闭(?:窗口|本页)?|收藏|扫一扫|主办单位|网站标识码|版权所有|您?当前位置|您的位置)"
    r"(?:$|[：:】\s].{0,60}$|.{0,12}$)"
)


def read_web(data: bytes, source: str) -> Document:
    """Read the main text of a page, one paragraph a line; a row of a table is a line, its cells apart by tabs.

    Raises:
        InputError: the page has no main text (for instance one that its scripts would have to fill).
    """
    html = decode_page(data)
    if not html.strip():
        raise InputError(
            Words("网页是空的。", "The page is empty."),
            remedy=Words("请在浏览器里打开后重新保存。", "Open it in a browser and save it again."),
            where=source,
        )
    text = _extract_by_tags(html)
    if len(_SENTENCE.findall(text)) < _SENTENCES_MIN:
        found = _extract(html)
        text = found if len(text) * _KEPT_MIN < len(found) or not text else text
    if not text.strip():
        raise InputError(
            Words("网页里没有正文（可能由脚本载入）。", "The page holds no text (a script may fetch it)."),
            remedy=Words("请在浏览器里打开，全选复制为文本文件再试。", "Open it in a browser and copy all of it into a text file."),
            where=source,
        )
    return assemble(([(None, line.strip())] for line in text.split("\n")), source, "html")


def decode_page(data: bytes) -> str:
    """Decode by byte order mark, then the page's own charset, then UTF-8, then GB18030; bad bytes become U+FFFD."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    found = _CHARSET.search(data[:4096])
    stated = found.group(1).decode("ascii").lower() if found else ""
    # Pages that say gb2312 use the characters of its successors.
    names = ["utf-8-sig", "gb18030" if stated.startswith(("gb", "x-gb")) else stated, "gb18030"]
    for name in filter(None, names):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("gb18030" if stated.startswith("gb") else "utf-8", errors="replace")


def _extract(html: str) -> str:
    try:
        import trafilatura

        return trafilatura.extract(html, include_comments=False, include_tables=True, favor_recall=True, output_format="txt") or ""
    except Exception:  # it may raise anything, even on import without lxml_html_clean; the page is then read by its tags
        return ""


def _extract_by_tags(html: str) -> str:
    """Take the smallest element that holds most of the page's sentences outside links, navigation and scripts, and its title."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
        root = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    stated = " ".join((root.findtext(".//title") or "").split())
    for element in list(root.iter()):
        skipped = not isinstance(element.tag, str) or element.tag in _NOT_TEXT or _HIDDEN.search(element.get("style") or "")
        if skipped and element.getparent() is not None:
            element.drop_tree()
    headings = [" ".join(heading.text_content().split()) for heading in root.iter("h1")]
    lines = [line for line in _text_of(_find_main(root)).split("\n") if not _CHROME.match(line)]
    return "\n".join([*_find_title(stated, headings, lines), *lines])


def _find_title(stated: str, headings: list[str], lines: list[str]) -> list[str]:
    """The report's title where the main element leaves it out: the page's heading, else what the browser's tab shows."""
    if not lines:
        return []
    opening = "".join(lines[:8])
    tab = re.split(r"[_|]|(?<![-–—])[-–—](?![-–—])", stated)
    for title in [*headings, *tab]:
        if _TITLE.search(title) and len(title) <= _CELL_MAX:
            return [] if title in opening else [title]
    return []


def _find_main(root: Any) -> Any:
    """Go down from the root as long as one child holds most of the sentences outside links."""
    from lxml import etree

    weights: dict[Any, int] = {}
    for _, node in etree.iterwalk(root, events=("end",)):
        own = _weigh(node.text) + sum(weights[child] + _weigh(child.tail) for child in node)
        weights[node] = 0 if node.tag == "a" else own
    best = root
    while weights[root]:
        heavy = next((child for child in best if weights[child] >= _MAIN_MIN * weights[root]), None)
        if heavy is None or heavy.tag == "p":
            break
        best = heavy
    return best


def _weigh(text: str | None) -> int:
    return len(_SENTENCE.findall(text)) if text else 0


def _text_of(element: Any) -> str:
    parts: list[str] = []
    # `iterwalk` keeps document order without recursion, so deep nesting does no harm.
    from lxml import etree

    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node.tag in _BLOCKS:
            parts.append("\n")
        if event == "start":
            row = _read_row(node) if node.tag == "tr" else ""
            if row:
                parts.append(row)
                walk.skip_subtree()
            else:
                parts.append(_fold(node.text))
        elif node is not element:
            parts.append(_fold(node.tail))
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(parts)).strip()


def _read_row(row: Any) -> str:
    """A table's row as one line; nothing where the table only lays out the page."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    texts = [" ".join(cell.text_content().split()) for cell in cells]
    if len(cells) < 2 or max(map(len, texts)) > _CELL_MAX or next(row.iter("table"), None) is not None:
        return ""
    return "\t".join(texts)


def _fold(text: str | None) -> str:
    """Fold white space as a browser does; a line break of the source between Chinese characters is nothing."""
    return re.sub(r"\s+", " ", _CHINESE_BREAK.sub("", text)) if text else ""
