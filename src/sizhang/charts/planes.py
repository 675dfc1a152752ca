"""Charts over two directions: a year's calendar, lines over time, outlines of a map."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from sizhang.charts.marks import WIDTH, Cells, ceiling_of, ink_on, line, rect, sheet, show, tip, words
from sizhang.charts.spec import Calendar, Lines, Outlines

MONTH: Final = 24.0
DAY: Final = (WIDTH - MONTH) / 31
DASHES: Final = ("", "5 2", "2 2", "7 2 2 2")
PLOT: Final = (34.0, 10.0, WIDTH - 8.0, 150.0)


def draw_calendar(chart: Calendar) -> tuple[Element, Cells]:
    """Months in rows, days in columns; each day has its class's colour and first letter, a day without data an empty frame."""
    svg = sheet(14 + 12 * (DAY + 2))
    for day in (1, 5, 10, 15, 20, 25, 31):
        words(svg, MONTH + DAY * (day - 0.5), 9, str(day), anchor="middle", klass="axis")
    for month in range(1, 13):
        y = 13 + (month - 1) * (DAY + 2)
        words(svg, MONTH - 4, y + DAY - 2, f"{month}月", anchor="end", klass="axis")
        for day in range(1, monthrange(chart.year, month)[1] + 1):
            _draw_day(svg, chart, date(chart.year, month, day), y)
    names = {key: klass.name for key, klass in chart.classes.items()}
    rows = tuple((day.isoformat(), names.get(key, key), text) for day, (key, text) in sorted(chart.days.items()))
    return svg, Cells(("日期 day", "等级 class", "说明 note"), rows)


def _draw_day(svg: Element, chart: Calendar, day: date, y: float) -> None:
    x = MONTH + DAY * (day.day - 1)
    key, text = chart.days.get(day, ("", "无数据 no data"))
    klass = chart.classes.get(key)
    tip(
        rect(svg, (x + 0.5, y), (DAY - 1, DAY), fill=klass.colour if klass else "", klass="day" if klass else "none"),
        f"{day.isoformat()}: {text}",
    )
    if klass:
        words(svg, x + DAY / 2, y + DAY - 3, key[:1], anchor="middle", klass="in-day").set("fill", ink_on(klass.colour))


def draw_lines(chart: Lines) -> tuple[Element, Cells]:
    """Lines over the labels; each has a dash of its own and its name at its end, so that colour never stands alone."""
    left, top, right, bottom = PLOT
    svg = sheet(bottom + 22 + 11 * len(chart.lines))
    end = ceiling_of([v for li in chart.lines for v in li.values if v is not None] + [limit.value for limit in chart.limits])
    count = max(len(chart.labels) - 1, 1)

    def place(index: int, value: Decimal | int) -> tuple[float, float]:
        return left + (right - left) * index / count, bottom - (bottom - top) * float(Decimal(value) / end)

    for share in (Decimal(0), Decimal("0.5"), Decimal(1)):
        x, y = place(0, end * share)
        line(svg, (x, y), (right, y), "grid")
        words(svg, x - 3, y + 3, show((end * share).normalize() + 0), anchor="end", klass="axis")
    for limit in chart.limits:
        _, y = place(0, limit.value)
        line(svg, (left, y), (right, y), "limit")
        words(svg, right, y - 2, f"{limit.name} {show(limit.value)}", anchor="end", klass="limit-name")
    every = max(1, -(-len(chart.labels) // 8))
    for index, label in enumerate(chart.labels):
        if index % every == 0:
            words(svg, place(index, 0)[0], bottom + 11, label, anchor="start" if index == 0 else "middle", klass="axis")
    for number, series in enumerate(chart.lines):
        _draw_line(svg, [place(i, v) if v is not None else None for i, v in enumerate(series.values)], number)
        y = bottom + 22 + 11 * number
        _draw_line(svg, [(left, y - 3), (left + 24, y - 3)], number)
        words(svg, left + 28, y, f"{series.name}（{chart.unit}）", klass="axis")
    rows = tuple((label, *(show(s.values[i]) for s in chart.lines)) for i, label in enumerate(chart.labels))
    return svg, Cells(("", *(f"{s.name} ({chart.unit})" for s in chart.lines)), rows)


def _draw_line(svg: Element, points: list[tuple[float, float] | None], number: int) -> None:
    """One line, broken where there is no value; a value alone between gaps is a dot."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    for run in runs:
        if len(run) == 1:
            SubElement(svg, "circle", {"cx": f"{run[0][0]:.1f}", "cy": f"{run[0][1]:.1f}", "r": "1.6", "class": f"dot series-{number % 4}"})
        elif run:
            given = {"points": " ".join(f"{x:.1f},{y:.1f}" for x, y in run), "class": f"line series-{number % 4}"}
            SubElement(svg, "polyline", given | ({"stroke-dasharray": DASHES[number % 4]} if DASHES[number % 4] else {}))


def draw_outlines(chart: Outlines) -> tuple[Element, Cells]:
    """Outlines to one scale, the north up."""
    xs = [x for outline in chart.outlines for x, _ in outline.points] or [0.0, 1.0]
    ys = [y for outline in chart.outlines for _, y in outline.points] or [0.0, 1.0]
    wide, high = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
    scale = min((WIDTH - 8) / wide, 400 / high)
    svg = sheet(high * scale + 8)
    for outline in chart.outlines:
        points = " ".join(f"{4 + (x - min(xs)) * scale:.1f},{4 + (max(ys) - y) * scale:.1f}" for x, y in outline.points)
        klass = chart.classes.get(outline.klass)
        shape = SubElement(svg, "polygon", {"points": points, "class": "outline", "fill": klass.colour if klass else "none"})
        tip(shape, outline.label)
    names = {key: klass.name for key, klass in chart.classes.items()}
    return svg, Cells(("", "等级 class"), tuple((o.label, names.get(o.klass, o.klass)) for o in chart.outlines))
