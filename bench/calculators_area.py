"""Times the area engine and the water classes against peers, in one run.

usage: calculators_area.py [--only area|water] [--plots N] [--samples N] [--write]

Every figure is the median of three runs, reading excluded unless the row says so; with --write each table goes between its markers in
docs/figures-calculators.md. The peer `shapely.unary_union` alone takes half a minute at 100,000 plots.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from sizhang.calculators.area.overlap import compute_counted_areas

FIGURES = Path(__file__).resolve().parents[1] / "docs/figures-calculators.md"
REPEATS = 3


def timed(work: Callable[[], Any], repeats: int = REPEATS) -> tuple[float, Any]:
    """Median seconds of a few runs, and the last result."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def build_plots(count: int, seed: int = 2026) -> np.ndarray:
    """Irregular plots of 8 to 14 corners and about one hectare, thrown over a square so that a fifth of them overlap."""
    random = np.random.default_rng(seed)
    corners = random.integers(8, 15, count)
    plot = np.repeat(np.arange(count), corners)
    turn = np.arange(corners.sum()) - np.repeat(np.cumsum(corners) - corners, corners)
    angle = 2 * np.pi * (turn + random.uniform(0, 0.6, len(plot))) / corners[plot]
    radius = random.lognormal(np.log(52), 0.35, count)[plot] * random.uniform(0.75, 1.2, len(plot))
    centre = random.uniform(0, 100_000 * (count / 100_000) ** 0.5, (count, 2))[plot]
    ring = centre + radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return shapely.polygons(shapely.linearrings(ring, indices=plot))


def measure_area(count: int) -> str:
    plots = build_plots(count)
    ours_s, counted = timed(lambda: compute_counted_areas(plots))
    subset_s, subset = timed(lambda: shapely.disjoint_subset_union_all(plots))
    unary_s, unary = timed(lambda: shapely.unary_union(plots), repeats=1)
    whole_ha = counted.whole_m2.sum() / 1e4
    rows = [
        "| method | s | ratio | union, ha | difference | who overlaps whom |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| sizhang | {ours_s:.2f} | 1 | {counted.union_m2 / 1e4:.4f} | | {len(counted.overlaps.first):,} pairs with areas |",
    ]
    for name, seconds, area_m2 in (
        ("`shapely.disjoint_subset_union_all`", subset_s, subset.area),
        ("`shapely.unary_union`", unary_s, unary.area),
    ):
        difference = abs(area_m2 / counted.union_m2 - 1)
        assert difference < 1e-9, f"{name} measures {area_m2} m², we {counted.union_m2} m²"
        rows.append(f"| {name} | {seconds:.2f} | {seconds / ours_s:.1f} | {area_m2 / 1e4:.4f} | {difference:.0e} | no |")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return "\n".join([*rows, "", f"{count:,} plots, {whole_ha:.1f} ha when simply added up; peak of the whole process {peak_mb} MB."])
