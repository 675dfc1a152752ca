"""Outlines in longitude and latitude, made flat without changing their area."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

# Albers' equal-area cone with the parallels and the meridian that Chinese area statistics use, on the CGCS2000 ellipsoid.
ALBERS_CHINA = "+proj=aea +lat_0=0 +lon_0=105 +lat_1=25 +lat_2=47 +ellps=GRS80 +units=m +no_defs"
GEODESIC_SAMPLE = 200


@lru_cache(maxsize=1)
def _get_transformer() -> Any:
    from pyproj import CRS, Transformer

    return Transformer.from_crs(CRS("EPSG:4490"), CRS(ALBERS_CHINA), always_xy=True)


def project(outlines: Any) -> np.ndarray:
    """Outlines in degrees (CGCS2000 or WGS 84, longitude first) to metres on Albers' cone; a third coordinate is dropped."""
    import shapely

    degrees = shapely.force_2d(np.asarray(outlines, dtype=object))
    projected: np.ndarray = shapely.transform(degrees, _get_transformer().transform, interleaved=False)
    return projected


def compute_geodesic_difference(outlines: Any, projected: Any) -> float | None:
    """Compares the projected areas with areas on the ellipsoid itself, which need no projection.

    Args:
        outlines: outlines in degrees.
        projected: the same outlines in metres.

    Returns:
        The largest relative difference among the 200 largest outlines, or None where there is none.
    """
    import shapely
    from pyproj import Geod

    area_m2 = shapely.area(projected)
    largest = np.argsort(-area_m2, kind="stable")[:GEODESIC_SAMPLE]
    ellipsoid = Geod(ellps="GRS80")
    shapes = shapely.orient_polygons(shapely.force_2d(np.asarray(outlines, dtype=object)[largest]))
    differences = [
        abs(ellipsoid.geometry_area_perimeter(shape)[0] / flat_m2 - 1) for shape, flat_m2 in zip(shapes, area_m2[largest], strict=True)
    ]
    return float(max(differences)) if differences else None
