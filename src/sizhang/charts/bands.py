"""Charts of one band a row: bars, shares, steps."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from sizhang.charts.marks import TEXT, WIDTH, Cells, ceiling_of, ink_on, line, rect, sheet, shorten, show, tip, words
from sizhang.charts.spec import Bars, Shares, Steps

ROW: Final = 17.0
LABEL: Final = 92.0
NUMBER: Final = 46.0


def draw_bars(chart: Bars) -> tuple[Element, Cells]:
    """Horizontal bars from nought; limits are lines across, their names above."""
    top = 6 + 11 * len(chart.limits)
    svg = sheet(top + ROW * max(len(chart.bars), 1) + 14)
    end = ceiling_of([b.value for b in chart.bars if b.value is not None] + [limit.value for limit in chart.limits])
    room = WIDTH - LABEL - NUMBER
    for number, bar in enumerate(chart.bars):
        y = top + ROW * number
        words(svg, LABEL - 4, y + 11, shorten(bar.label, LABEL - 6), anchor="end")
        length = room * float(max(bar.value or 0, 0) / end)
        fill = chart.classes[bar.klass].colour if chart.classes and bar.klass in chart.classes else ""
        mark = rect(svg, (LABEL, y + 2), (length, ROW - 5), fill=fill, klass="" if fill else "bar")
        tip(mark, f"{bar.label}: {show(bar.value)} {chart.unit} {bar.note}".strip())
        words(svg, LABEL + length + 3, y + 11, show(bar.value), klass="number")
    bottom = top + ROW * len(chart.bars)
    for number, limit in enumerate(chart.limits):
        x = LABEL + room * float(limit.value / end)
        line(svg, (x, 4 + 11 * number), (x, bottom), "limit")
        right = x > WIDTH / 2
        words(
            svg,
            x - 3 if right else x + 3,
            11 + 11 * number,
            f"{limit.name} {show(limit.value)}",
            anchor="end" if right else "start",
            klass="limit-name",
        )
    words(svg, WIDTH, bottom + 10, chart.unit, anchor="end", klass="axis")
    rows = tuple((b.label, show(b.value), b.note) for b in chart.bars)
    return svg, Cells(("", chart.unit, "说明 note"), rows)


def draw_shares(chart: Shares) -> tuple[Element, Cells]:
    """One whole a row, cut into its classes; a class's first letter stands in its part where there is room."""
    svg = sheet(8 + ROW * max(len(chart.rows), 1))
    room = WIDTH - LABEL - 4
    for number, (label, parts) in enumerate(chart.rows.items()):
        y, x, whole = 4 + ROW * number, LABEL, sum(Decimal(v) for v in parts.values())
        words(svg, LABEL - 4, y + 11, shorten(label, LABEL - 6), anchor="end")
        for name, klass in chart.classes.items():
            part = Decimal(parts.get(name, 0))
            if not part:
                continue
            width = room * float(part / whole)
            tip(
                rect(svg, (x, y + 1), (width, ROW - 4), fill=klass.colour, klass="part"), f"{label}: {klass.name} {show(part)} {chart.unit}"
            )
            if width > TEXT:
                words(svg, x + width / 2, y + 11, name[:1], anchor="middle", klass="on").set("fill", ink_on(klass.colour))
            x += width
        if not whole:
            words(svg, LABEL, y + 11, show(None))
    columns = ("", *(f"{k.name} ({chart.unit})" for k in chart.classes.values()))
    return svg, Cells(columns, tuple((label, *(show(p.get(c, 0)) for c in chart.classes)) for label, p in chart.rows.items()))


def draw_steps(chart: Steps) -> tuple[Element, Cells]:
    """Named things in rows, named stages in columns: a full disc and the day where a stage was reached, an empty ring where not."""
    svg = sheet(22 + 22 * max(len(chart.things), 1))
    width = (WIDTH - LABEL) / max(len(chart.stages), 1)
    for place, stage in enumerate(chart.stages):
        words(svg, LABEL + width * (place + 0.5), 12, shorten(stage, width - 2, 8), anchor="middle", klass="axis")
    for number, (thing, days) in enumerate(chart.things.items()):
        y = 28 + 22 * number
        words(svg, LABEL - 4, y + 3, shorten(thing, LABEL - 6), anchor="end")
        for place, day in enumerate(days):
            x = LABEL + width * (place + 0.5)
            if place:
                line(svg, (x - width + 5, y), (x - 5, y), "path-done" if day else "path-open")
            disc = SubElement(svg, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "4", "class": "done" if day else "open"})
            tip(disc, f"{thing}: {chart.stages[place]} {day.isoformat() if day else '未到 not reached'}")
            if day:
                words(svg, x, y + 13, f"{day.month}-{day.day}", anchor="middle", klass="axis")
    rows = tuple((thing, *(day.isoformat() if day else "—" for day in days)) for thing, days in chart.things.items())
    return svg, Cells(("", *chart.stages), rows)
