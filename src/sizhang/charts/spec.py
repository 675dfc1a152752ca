"""What a chart shows, apart from how it is drawn. Every chart has a title, and text that tells the same to those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Klass:
    """A class that a mark belongs to: its name on the key, and its colour (`#rrggbb` or a CSS variable)."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A line that values are held against."""

    name: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of one year, each with a class and a text: “AQI 76, 良, PM2.5”.

    Attributes:
        days: class key and text of each day that has one.
        classes: in the order of the key.
        summary: the chart in a sentence.
    """

    title: str
    year: int
    days: Mapping[date, tuple[str, str]]
    classes: Mapping[str, Klass]
    summary: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; None is drawn as “no data”, never as nought."""

    label: str
    value: Decimal | int | None
    klass: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, one a row, with limits as lines across them."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    summary: str
    limits: tuple[Limit, ...] = ()
    classes: Mapping[str, Klass] | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """Rows of shares that make up a whole: sections by water class, waste by destination.

    Attributes:
        rows: label of each row, and the amount of each class in it.
        unit: of the amounts.
    """

    title: str
    unit: str
    rows: Mapping[str, Mapping[str, Decimal | int]]
    classes: Mapping[str, Klass]
    summary: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the chart's x labels; None breaks it."""

    name: str
    values: tuple[Decimal | int | None, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over ordered labels (months, days, hours), with limits as straight lines."""

    title: str
    unit: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    summary: str
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """Named things and how far each has come through named stages.

    Attributes:
        stages: in order.
        things: for each thing, the day on which it reached each stage, None where it has not.
    """

    title: str
    stages: tuple[str, ...]
    things: Mapping[str, tuple[date | None, ...]]
    summary: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed ring of points in any one plane, with its class and text."""

    label: str
    points: tuple[tuple[float, float], ...]
    klass: str = ""


@dataclass(frozen=True, slots=True)
class Outlines:
    """A map of outlines, north up, drawn to one scale."""

    title: str
    outlines: tuple[Outline, ...]
    classes: Mapping[str, Klass]
    summary: str


Chart = Calendar | Bars | Shares | Lines | Steps | Outlines
