"""Lots on a map drawn without tiles: outlines that were handed in as evidence (GeoJSON), each with the stage at which its lot stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import cos, radians
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import tostring

from django.utils.translation import gettext as _
from markupsafe import Markup

from sizhang.charts.figure import draw
from sizhang.charts.spec import Klass, Outline, Outlines
from sizhang.core.ledger import Stage
from sizhang.store.connection import Store
from sizhang.store.evidence import path_of
from sizhang.web.exhibits import Exhibit
from sizhang.web.words import stage_name

_BYTES_MOST: Final = 4_000_000
_OUTLINES_MOST: Final = 400
_POINTS_MOST: Final = 200
_NAMES: Final = ("lot", "identity", "name", "id", "批次", "编号", "名称", "地块")
_COLOURS: Final = {Stage.CLAIMED: "#d8a31a", Stage.VERIFIED: "#2f6db3", Stage.SETTLED: "#1f7a54", Stage.PROMISED: "#8a8577"}


def draw_map(store: Store, exhibits: Sequence[Exhibit], stages: Mapping[str, Stage]) -> Markup:
    """The map of the lots that have outlines among the evidence; empty where none has.

    Args:
        stages: where each lot of the promise stands, by its name.
    """
    found: dict[str, Outline] = {}
    for exhibit in exhibits:
        if exhibit.size_bytes <= _BYTES_MOST and exhibit.media_type in ("text/plain", "application/json", "application/geo+json"):
            for name, ring in read_outlines(path_of(store, exhibit.digest)):
                if name in stages and len(found) < _OUTLINES_MOST:
                    found[name] = Outline(name, ring, stages[name].name)
    if not found:
        return Markup("")
    present = sorted({stages[name] for name in found})
    classes = {stage.name: Klass(stage_name(stage), _COLOURS[stage]) for stage in present}
    summary = _("%(count)s 处有界线的地块，北在上") % {"count": len(found)}
    svg, _cells = draw(Outlines(_("地块"), _to_plane(list(found.values())), classes, summary))
    svg.set("role", "img")
    svg.set("aria-label", summary)
    return Markup(tostring(svg, encoding="unicode"))  # noqa: S704 - the serialiser has escaped every text


def read_outlines(path: Path) -> list[tuple[str, tuple[tuple[float, float], ...]]]:
    """The outer rings of a GeoJSON file with the names of what they surround; empty where the file is none."""
    try:
        given = json.loads(path.read_bytes())
        features = given["features"] if given.get("type") == "FeatureCollection" else []
        return [one for feature in features[:_OUTLINES_MOST] for one in _rings(feature)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _rings(feature: Mapping[str, Any]) -> list[tuple[str, tuple[tuple[float, float], ...]]]:
    properties = feature.get("properties") or {}
    name = next((str(properties[key]) for key in _NAMES if key in properties), str(feature.get("id", "")))
    geometry = feature["geometry"] or {}
    parts: Any = geometry.get("coordinates")
    polygons = {"Polygon": [parts], "MultiPolygon": parts}.get(geometry.get("type", ""), [])
    out = []
    for polygon in polygons or ():
        ring = polygon[0]
        step = max(1, -(-len(ring) // _POINTS_MOST))
        out.append((name, tuple((float(point[0]), float(point[1])) for point in ring[::step])))
    return [one for one in out if len(one[1]) >= 3]


def _to_plane(outlines: Sequence[Outline]) -> tuple[Outline, ...]:
    """Degrees as metres on a plane that touches the middle: good for a picture of a county, and for nothing that is measured."""
    points = [point for outline in outlines for point in outline.points]
    if not all(abs(x) <= 180 and abs(y) <= 90 for x, y in points):
        return tuple(outlines)
    shrink = cos(radians(sum(y for _x, y in points) / len(points)))
    return tuple(Outline(one.label, tuple((x * 111_320 * shrink, y * 110_574) for x, y in one.points), one.klass) for one in outlines)
