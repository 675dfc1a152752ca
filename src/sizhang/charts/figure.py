"""A chart as a piece of HTML: the drawing, its key, and the same figures as a table for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from itertools import count
from xml.etree.ElementTree import Element, SubElement, tostring

from sizhang.charts.bands import draw_bars, draw_shares, draw_steps
from sizhang.charts.marks import Cells, ink_on
from sizhang.charts.planes import draw_calendar, draw_lines, draw_outlines
from sizhang.charts.spec import Bars, Calendar, Chart, Klass, Lines, Outlines, Shares, Steps


def read_style() -> str:
    """The style sheet that every page with a chart needs."""
    return (files("sizhang.charts") / "chart.css").read_text("utf-8")


def render_chart(chart: Chart, ids: count[int] | None = None) -> str:
    """Draw a chart as one `<figure>`.

    Args:
        ids: numbers for the ids of one page; give the same counter to all charts of it.
    """
    number = next(ids or count(1))
    svg, cells = draw(chart)
    svg.set("aria-labelledby", f"chart-{number}-title chart-{number}-summary")
    for position, (tag, text) in enumerate((("title", chart.title), ("desc", chart.summary))):
        element = Element(tag, id=f"chart-{number}-{'title' if tag == 'title' else 'summary'}")
        element.text = text
        svg.insert(position, element)
    figure = Element("figure", {"class": "chart"})
    SubElement(figure, "figcaption").text = chart.title
    figure.append(svg)
    classes = getattr(chart, "classes", None)
    if classes:
        figure.append(_key(classes))
    SubElement(figure, "p", {"class": "summary"}).text = chart.summary
    figure.append(_table(cells))
    return tostring(figure, encoding="unicode", method="html")


def draw(chart: Chart) -> tuple[Element, Cells]:
    """The drawing and its figures."""
    match chart:
        case Calendar():
            return draw_calendar(chart)
        case Bars():
            return draw_bars(chart)
        case Shares():
            return draw_shares(chart)
        case Lines():
            return draw_lines(chart)
        case Steps():
            return draw_steps(chart)
        case Outlines():
            return draw_outlines(chart)


def _key(classes: Mapping[str, Klass]) -> Element:
    key = Element("ul", {"class": "key"})
    for name, klass in classes.items():
        item = SubElement(key, "li")
        swatch = SubElement(item, "svg", {"viewBox": "0 0 12 12", "class": "swatch", "aria-hidden": "true"})
        SubElement(swatch, "rect", {"width": "12", "height": "12", "fill": klass.colour})
        letter = SubElement(swatch, "text", {"x": "6", "y": "9", "fill": ink_on(klass.colour)})
        letter.text = name[:1]
        item.append(Element("span"))
        item[-1].text = klass.name
    return key


def _table(cells: Cells) -> Element:
    details = Element("details")
    SubElement(details, "summary").text = "数据表 The figures as a table"
    table = SubElement(SubElement(details, "div", {"class": "scroll", "tabindex": "0"}), "table")
    head = SubElement(SubElement(table, "thead"), "tr")
    for name in cells.columns:
        SubElement(head, "th", scope="col").text = name
    body = SubElement(table, "tbody")
    for row in cells.rows:
        line = SubElement(body, "tr")
        for place, text in enumerate(row):
            SubElement(line, "td" if place else "th", {} if place else {"scope": "row"}).text = text
    return details


def render_charts(charts: tuple[Chart, ...]) -> str:
    """All charts of a page, one below the other."""
    ids = count(1)
    return "\n".join(render_chart(chart, ids) for chart in charts)
