"""The charts of the pages, drawn on the server as SVG with a title and a description; colours and lines come from the style sheet.

Times are the ends of ten-day periods (旬), 0 to 36 of a year; numbers are exact in the caller's hands and become coordinates only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext as _
from lxml import etree
from lxml.builder import ElementMaker
from markupsafe import Markup

from sizhang.web.telling import reader_language
from sizhang.web.words import month_name

SVG: Final = ElementMaker(namespace="http://www.w3.org/2000/svg", nsmap={None: "http://www.w3.org/2000/svg"})
Element: TypeAlias = Any  # lxml gives its elements no public name

_LEFT: Final = 56.0
_RIGHT: Final = 12.0
_TOP: Final = 16.0
_BOTTOM: Final = 36.0
_WIDTH: Final = 720.0
_HEIGHT: Final = 280.0
_XUN_A_YEAR: Final = 36


@dataclass(frozen=True)
class YearChart:
    """What the year of one promise looks like, in its unit.

    Attributes:
        promised: what was promised for the year.
        plan: cumulative plan at the end of each 旬, 36 numbers; empty where nothing is planned.
        claimed: cumulative claims at the end of each 旬 until now (claimed, verified and settled together).
        verified: cumulative verifications at the end of each 旬 until now.
        low: the lower end of the forecast's interval at the end of each 旬 from now on; as long as `high`.
        high: the upper end.
    """

    unit: str
    promised: Decimal
    plan: Sequence[Decimal] = ()
    claimed: Sequence[Decimal] = ()
    verified: Sequence[Decimal] = ()
    low: Sequence[Decimal] = field(default=())
    high: Sequence[Decimal] = field(default=())


def draw_year(chart: YearChart) -> Markup:
    """Plan, claims, verifications and forecast over the 36 旬 of a year."""
    top = max([chart.promised, *chart.plan, *chart.claimed, *chart.high, Decimal(1)]) * Decimal("1.06")

    def at(xun: int, number: Decimal) -> str:
        return f"{_x(xun):.1f},{_y(number, top):.1f}"

    def line(numbers: Sequence[Decimal], name: str) -> list[Element]:
        points = " ".join([at(0, Decimal(0)), *(at(index + 1, number) for index, number in enumerate(numbers))])
        return [SVG.polyline({"points": points, "class": name})] if numbers else []

    parts = [*_number_axis(top), *_time_axis(), *_promise_line(chart, top)]
    if chart.high:
        first = len(chart.verified)
        upper = [at(first + index, value) for index, value in enumerate(chart.high)]
        lower = [at(first + index, value) for index, value in enumerate(chart.low)]
        parts.append(SVG.polygon({"points": " ".join([*upper, *reversed(lower)]), "class": "fan"}))
    parts += [*line(chart.plan, "plan"), *line(chart.claimed, "claimed"), *line(chart.verified, "verified")]
    return picture(_("计划、已交、已核与预测"), _describe(chart), (_WIDTH, _HEIGHT), parts)


def picture(title: str, description: str, size: tuple[float, float], parts: Sequence[Element]) -> Markup:
    """An accessible SVG: announced by its title and description, scaled to the width it is given."""
    box = {"viewBox": f"0 0 {size[0]:g} {size[1]:g}", "class": "chart", "role": "img", "aria-label": f"{title}：{description}"}
    whole = SVG.svg(box, SVG.title(title), SVG.desc(description), *parts)
    return Markup(etree.tostring(whole, encoding="unicode"))  # noqa: S704 - the serialiser has escaped every text


def _number_axis(top: Decimal) -> list[Element]:
    out: list[Element] = []
    step, number = tick_step(top), Decimal(0)
    while number <= top:
        y = _y(number, top)
        out.append(SVG.line(_line(_LEFT, y, _WIDTH - _RIGHT, y, "grid")))
        out.append(_words(_LEFT - 6, y + 4, short_number(number), "end", "tick"))
        number += step
    return out


def _promise_line(chart: YearChart, top: Decimal) -> list[Element]:
    y = _y(chart.promised, top)
    said = _("承诺 %(number)s %(unit)s") % {"number": short_number(chart.promised), "unit": chart.unit}
    return [SVG.line(_line(_LEFT, y, _WIDTH - _RIGHT, y, "promise")), _words(_LEFT + 6, y + 13, said, "start", "said")]


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> dict[str, str]:
    return {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}", "class": name}


def _words(x: float, y: float, text: str, anchor: str, name: str) -> Element:
    return SVG.text({"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "class": name}, text)


def _describe(chart: YearChart) -> str:
    said = [_("承诺 %(number)s %(unit)s") % {"number": short_number(chart.promised), "unit": chart.unit}]
    for words, numbers in ((_("已交"), chart.claimed), (_("已核"), chart.verified)):
        if numbers:
            said.append(f"{words} {short_number(numbers[-1])} {chart.unit}")
    return "；".join(said)


def _x(xun: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * xun / _XUN_A_YEAR


def _y(number: Decimal, top: Decimal) -> float:
    return _HEIGHT - _BOTTOM - float(number / top) * (_HEIGHT - _BOTTOM - _TOP)


def _time_axis() -> list[Element]:
    ground = _HEIGHT - _BOTTOM
    out: list[Element] = []
    for xun in range(_XUN_A_YEAR + 1):
        length = 8 if xun % 9 == 0 else 6 if xun % 3 == 0 else 3
        out.append(SVG.line(_line(_x(xun), ground, _x(xun), ground + length, "axis")))
    for month in range(12):
        out.append(_words(_x(3 * month + 1.5), ground + 22, month_name(month + 1), "middle", "minor" if month % 2 else "month"))
    return out


def tick_step(top: Decimal) -> Decimal:
    """A round step (1, 2 or 5 times a power of ten) that gives four to eight lines up to `top`."""
    size = Decimal(1).scaleb(top.adjusted())
    for factor in (Decimal("0.1"), Decimal("0.2"), Decimal("0.5"), Decimal(1), Decimal(2)):
        if top / (size * factor) <= 8:
            return size * factor
    return size * 5


def short_number(number: Decimal) -> str:
    """For an axis: 6万 and 1.2亿 in Chinese, thousands separated otherwise."""
    if reader_language() == "zh":
        for word, size in (("亿", Decimal(10) ** 8), ("万", Decimal(10) ** 4)):
            if number >= size:
                return f"{(number / size).quantize(Decimal('0.01')).normalize():f}{word}"
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
