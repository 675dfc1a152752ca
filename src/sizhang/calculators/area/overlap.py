"""Area covered by many outlines, each piece of ground counted once, with the list of who lies on whom.

The outlines are counted in order. Each counts the ground that no outline before it has counted, so the counted areas add
up to the area of the union, and each piece of ground belongs to one outline, one county, one year. The union itself is never
built: an outline loses what it shares with the outlines before it, and only where several of those pieces can meet are
they united.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Overlaps(NamedTuple):
    """Pairs of outlines that share ground.

    Attributes:
        first: place of the outline that was counted before, in counting order.
        second: place of the outline that comes after it.
        area_m2: shared area in square metres, above 0.
    """

    first: np.ndarray
    second: np.ndarray
    area_m2: np.ndarray


class CountedAreas(NamedTuple):
    """What each outline counts.

    Attributes:
        whole_m2: area of each outline by itself.
        counted_m2: area of each outline that none before it has counted.
        overlaps: every pair with shared ground.
    """

    whole_m2: np.ndarray
    counted_m2: np.ndarray
    overlaps: Overlaps

    @property
    def union_m2(self) -> float:
        """Area of all outlines together, each piece of ground once."""
        return float(self.counted_m2.sum())


def compute_counted_areas(outlines: Any) -> CountedAreas:
    """Counts every piece of ground once.

    Args:
        outlines: array of valid polygons or multipolygons in an equal-area projection in metres, in counting order.

    Returns:
        Areas in square metres. Outlines that only touch share no ground and are no pair.
    """
    import shapely

    outlines = np.asarray(outlines, dtype=object)
    whole_m2 = shapely.area(outlines)
    later, earlier = shapely.STRtree(outlines).query(outlines)
    ordered = earlier < later
    earlier, later = earlier[ordered], later[ordered]
    shared = shapely.intersection(outlines[earlier], outlines[later])
    shared_m2 = shapely.area(shared)
    found = np.flatnonzero(shared_m2 > 0)
    found = found[np.lexsort((earlier[found], later[found]))]
    earlier, later, shared, shared_m2 = earlier[found], later[found], shared[found], shared_m2[found]
    lost_m2 = _compute_lost_m2(len(outlines), later, shared, shared_m2)
    return CountedAreas(whole_m2, np.maximum(whole_m2 - lost_m2, 0.0), Overlaps(earlier, later, shared_m2))


def _compute_lost_m2(count: int, later: np.ndarray, shared: np.ndarray, shared_m2: np.ndarray) -> np.ndarray:
    """Area each outline shares with any outline before it; `later` is sorted."""
    import shapely

    lost_m2: np.ndarray = np.bincount(later, shared_m2, count)
    several = np.bincount(later, minlength=count)[later] > 1
    if several.any():
        owners, group = np.unique(later[several], return_inverse=True)
        pieces = shapely.geometrycollections(shared[several], indices=group)
        lost_m2[owners] = shapely.area(shapely.union_all(pieces[:, None], axis=1))
    return lost_m2
