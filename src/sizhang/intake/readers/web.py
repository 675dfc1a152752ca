"""Saved web pages: the main text alone, without navigation, footers and scripts."""

from __future__ import annotations

import codecs
import re
from typing import Any, Final

from sizhang.core.errors import InputError
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
# trafilatura is trusted unless it kept clearly less than the page's main element holds.
_KEPT_MIN: Final = 0.5
_MAIN_MIN: Final = 0.7


def read_web(data: bytes, source: str) -> Document:
    """Read the main text of a page, one paragraph a line.

    Raises:
        InputError: the page has no main text (for instance one that its scripts would have to fill).
    """
    html = decode_page(data)
    if not html.strip():
        raise InputError("网页是空的。", remedy="请在浏览器里打开后重新保存。", where=source)
    found = _extract(html)
    plain = _extract_by_tags(html)
    text = found if len(found) >= _KEPT_MIN * len(plain) else plain
    if not text.strip():
        raise InputError("网页里没有正文（可能由脚本载入）。", remedy="请在浏览器里打开，全选复制为文本文件再试。", where=source)
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
    """Take the smallest element that holds most text outside links, navigation and scripts."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
        root = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    for element in list(root.iter()):
        skipped = not isinstance(element.tag, str) or element.tag in _NOT_TEXT
        if skipped and element.getparent() is not None:
            element.drop_tree()
    return _text_of(_find_main(root))


def _find_main(root: Any) -> Any:
    """Go down from the root as long as one child holds most of the text outside links."""
    from lxml import etree

    weights: dict[Any, int] = {}
    for _, node in etree.iterwalk(root, events=("end",)):
        own = len((node.text or "").strip()) + sum(weights[child] + len((child.tail or "").strip()) for child in node)
        weights[node] = 0 if node.tag == "a" else own
    best = root
    while True:
        heavy = next((child for child in best if weights[child] >= _MAIN_MIN * weights[root]), None)
        if heavy is None:
            return best
        best = heavy


def _text_of(element: Any) -> str:
    parts: list[str] = []
    # `iterwalk` keeps document order without recursion, so deep nesting does no harm.
    from lxml import etree

    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in _BLOCKS:
            parts.append("\n")
        if event == "start":
            parts.append(re.sub(r"\s+", " ", node.text or ""))
        elif node is not element:
            parts.append(re.sub(r"\s+", " ", node.tail or ""))
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(parts)).strip()
