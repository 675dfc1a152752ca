"""The numbers that Word writes before paragraphs by itself: they stand nowhere in the text, and headings are known by them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DIGITS: Final = "零一二三四五六七八九"
_CHINESE: Final = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting", "taiwaneseCountingThousand"}
)
_SILENT: Final = frozenset({"bullet", "none"})
_LEVELS_MAX: Final = 9


class Numbering:
    """Counts a document's numbered paragraphs from its first to its last.

    Args:
        numbering: root of `word/numbering.xml`, None where the document has none.
        styles: root of `word/styles.xml`, None where the document has none.
    """

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, list[int]] = {}
        for element in _children(numbering, "abstractNum"):
            levels = {_number(level, "ilvl"): _level(level) for level in _children(element, "lvl")}
            self._levels[_attribute(element, "abstractNumId")] = levels
        for element in _children(numbering, "num"):
            self._lists[_attribute(element, "numId")] = _value(element, "abstractNumId")
        for style in _children(styles, "style"):
            found = _reference(_child(style, "pPr"))
            if found:
                self._styles[_attribute(style, "styleId")] = found

    def read(self, paragraph: Element) -> str:
        """Give the number before `paragraph`, such as 一、 or （二）, and count it; empty where it has none."""
        properties = _child(paragraph, "pPr")
        found = _reference(properties) or self._styles.get(_value(properties, "pStyle"))
        if found is None:
            return ""
        abstract, level = self._lists.get(found[0], ""), found[1]
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [0] * _LEVELS_MAX)
        counts[level] = (counts[level] + 1) if counts[level] else levels[level][2]
        counts[level + 1 :] = [0] * (_LEVELS_MAX - level - 1)
        form, text, _ = levels[level]
        if form in _SILENT:
            return ""
        for index in range(level + 1):
            shown, _, start = levels.get(index, ("decimal", "", 1))
            text = text.replace(f"%{index + 1}", spell(counts[index] or start, shown))
        return text


def spell(number: int, form: str) -> str:
    """Write `number` as Word's format `form` does: in Chinese for 1 to 99 and a Chinese format, else in digits."""
    if form not in _CHINESE or not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _level(level: Element) -> tuple[str, str, int]:
    start = _value(level, "start")
    return _value(level, "numFmt") or "decimal", _value(level, "lvlText"), int(start) if start.isdecimal() else 1


def _reference(properties: Element | None) -> tuple[str, int] | None:
    """The list and level that `w:numPr` names; list 0 means none."""
    found = _child(properties, "numPr")
    if found is None or not _value(found, "numId"):
        return None
    level = _value(found, "ilvl")
    return _value(found, "numId"), min(int(level), _LEVELS_MAX - 1) if level.isdecimal() else 0


def _children(element: Element | None, name: str) -> Iterator[Element]:
    return (child for child in (() if element is None else element) if str(child.tag).rpartition("}")[2] == name)


def _child(element: Element | None, name: str) -> Element | None:
    return next(_children(element, name), None)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _number(element: Element, name: str) -> int:
    value = _attribute(element, name)
    return min(int(value), _LEVELS_MAX - 1) if value.isdecimal() else 0


def _value(element: Element | None, name: str) -> str:
    child = _child(element, name)
    return "" if child is None else _attribute(child, "val")
