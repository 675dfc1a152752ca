"""The marks that all charts are made of, and their measures.

A drawing is 360 units wide: on a phone one unit is a pixel, on a wide screen the whole grows with its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement

WIDTH: Final = 360
TEXT: Final = 9.0


@dataclass(frozen=True, slots=True)
class Cells:
    """A chart's figures as texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheet(height: float) -> Element:
    """An empty drawing."""
    return Element("svg", {"viewBox": f"0 0 {WIDTH} {_n(height)}", "role": "img", "class": "drawing"})


def rect(parent: Element, place: tuple[float, float], size: tuple[float, float], *, fill: str = "", klass: str = "") -> Element:
    given = {"x": _n(place[0]), "y": _n(place[1]), "width": _n(max(size[0], 0)), "height": _n(size[1])}
    return SubElement(parent, "rect", {**given, **_look(fill, klass)})


def line(parent: Element, start: tuple[float, float], end: tuple[float, float], klass: str) -> Element:
    return SubElement(parent, "line", {"x1": _n(start[0]), "y1": _n(start[1]), "x2": _n(end[0]), "y2": _n(end[1]), "class": klass})


def words(parent: Element, x: float, y: float, text: str, *, anchor: str = "start", klass: str = "label") -> Element:
    element = SubElement(parent, "text", {"x": _n(x), "y": _n(y), "text-anchor": anchor, "class": klass})
    element.text = text
    return element


def tip(element: Element, text: str) -> None:
    """What the pointer shows over a mark."""
    SubElement(element, "title").text = text


def shorten(text: str, width: float, size: float = TEXT) -> str:
    """The text, cut with “…” where it is wider than `width`; a Chinese character is as wide as the size, a Latin one about half."""
    room, out = width / size, ""
    for character in text:
        room -= 1.0 if east_asian_width(character) in "WF" else 0.56
        if room < 0:
            return out[:-1] + "…"
        out += character
    return out


def show(value: Decimal | int | None) -> str:
    """A figure for people: digits in groups, no exponent."""
    return "无数据 no data" if value is None else f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def ink_on(colour: str) -> str:
    """Black or white, whichever is easier to read on a colour."""
    if not colour.startswith("#"):
        return "#000000"
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def ceiling_of(values: list[Decimal | int]) -> Decimal:
    """The scale's end: the smallest of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten that holds every value."""
    top = max((Decimal(v) for v in values), default=Decimal(0))
    if top <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(top.adjusted())
    return next(power * step for step in map(Decimal, ("1", "1.5", "2", "3", "4", "5", "6", "8", "10")) if power * step >= top)


def _look(fill: str, klass: str) -> dict[str, str]:
    return ({"fill": fill} if fill else {}) | ({"class": klass} if klass else {})


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
