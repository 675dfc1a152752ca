"""Reading outlines: WKT, GeoJSON geometry or WKB to polygons, each bad one with the rule it breaks."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import numpy as np

# Mainland and islands with a margin, in degrees. It catches swapped axes, metres and degrees-and-minutes, not a wrong county.
LONGITUDE_DEGREES = (73.0, 136.0)
LATITUDE_DEGREES = (3.0, 54.0)


class Outlines(NamedTuple):
    """Outlines as read.

    Attributes:
        shapes: one polygon or multipolygon a row, None where the row is refused.
        faults: one text a row, empty where the row is sound: the rule, then what was found.
    """

    shapes: np.ndarray
    faults: list[str]


def parse_outlines(values: list[Any]) -> Outlines:
    """Reads one outline a row and refuses what is no sound outline; nothing is repaired.

    Args:
        values: WKT or hexadecimal WKB text, GeoJSON geometry (text or mapping), or WKB bytes, in degrees, longitude first.
    """
    import shapely

    shapes, faults = np.full(len(values), None, dtype=object), [""] * len(values)
    for read, chosen in _by_reader(values).items():
        texts = np.asarray([_plain(values[row]) for row in chosen], dtype=object)
        with np.errstate(all="ignore"):  # a corner at infinity is refused below, in words
            shapes[chosen] = getattr(shapely, read)(texts, on_invalid="ignore")
    for row, shape in enumerate(shapes):
        if shape is None:
            faults[row] = "unreadable outline: no WKT, GeoJSON geometry or WKB"
    _refuse(shapes, faults, ~np.isin(shapely.get_type_id(shapes), (3, 6)), lambda shape: f"not a polygon: {shape.geom_type}")
    _refuse(shapes, faults, shapely.is_empty(shapes), lambda _: "empty outline: no corner")
    _refuse(shapes, faults, ~_stand_in_china(shapes), _describe_place)
    _refuse(shapes, faults, ~shapely.is_valid(shapes), lambda shape: f"invalid outline: {shapely.is_valid_reason(shape)}")
    _refuse(shapes, faults, shapely.area(shapes) == 0, lambda _: "empty outline: no area")
    return Outlines(shapes, faults)


def _by_reader(values: list[Any]) -> dict[str, list[int]]:
    readers: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        readers.setdefault(_choose_reader(value), []).append(row)
    readers.pop("", None)
    return readers


def _choose_reader(value: Any) -> str:
    """Name of shapely's reader for one value, empty where there is none."""
    if isinstance(value, dict):
        return "from_geojson"
    if isinstance(value, bytes | bytearray | memoryview):
        return "from_wkb"
    if not isinstance(value, str) or not value.strip():
        return ""
    start = value.strip()[0]
    if start == "{":
        return "from_geojson"
    return "from_wkb" if start in "01" else "from_wkt"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value)
    return bytes(value) if isinstance(value, bytearray | memoryview) else value.strip() if isinstance(value, str) else value


def _refuse(shapes: np.ndarray, faults: list[str], wrong: np.ndarray, describe: Any) -> None:
    """Takes the wrong shapes out; a row that was refused before keeps its first fault."""
    for row in np.flatnonzero(wrong):
        if shapes[row] is not None:
            faults[row] = describe(shapes[row])
            shapes[row] = None


def _stand_in_china(shapes: np.ndarray) -> np.ndarray:
    import shapely

    west, south, east, north = shapely.bounds(shapes).T
    inside: np.ndarray = (
        (west >= LONGITUDE_DEGREES[0]) & (east <= LONGITUDE_DEGREES[1]) & (south >= LATITUDE_DEGREES[0]) & (north <= LATITUDE_DEGREES[1])
    )
    return inside


def _describe_place(shape: Any) -> str:
    x, y = shape.bounds[:2]
    return (
        f"outside China: corner at {x:g}, {y:g}; longitude {LONGITUDE_DEGREES[0]:g}–{LONGITUDE_DEGREES[1]:g} "
        f"and latitude {LATITUDE_DEGREES[0]:g}–{LATITUDE_DEGREES[1]:g} in degrees are expected, longitude first"
    )
