"""Times the area engine and the water classes against peers, in one run.

usage: calculators_area.py [--only area|water] [--plots N] [--samples N] [--write]

Every figure is the median of three runs, by the clock and by the processor: on a busy machine only the second says something.
With --write each table goes between its markers in docs/figures-calculators.md. The peer `shapely.unary_union` alone takes half a
minute at 100,000 plots, and runs once.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
import speed

from sizhang.calculators.area.overlap import compute_counted_areas

FIGURES = Path(__file__).resolve().parents[1] / "docs/figures-calculators.md"
REPEATS = 3


class Seconds(NamedTuple):
    """Seconds by the clock and of all processors together."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.2f} | {self.processor:.2f}"


def timed(work: Callable[[], Any], repeats: int = REPEATS) -> tuple[Seconds, Any]:
    """Median seconds of a few runs, and the last result."""
    runs = []
    for _ in range(repeats):
        clock, processor = time.perf_counter(), time.process_time()
        result = work()
        runs.append(Seconds(time.perf_counter() - clock, time.process_time() - processor))
    return Seconds(*(statistics.median(values) for values in zip(*runs, strict=True))), result


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
    ours, counted = timed(lambda: compute_counted_areas(plots))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    by_subset, subset = timed(lambda: shapely.disjoint_subset_union_all(plots))
    by_unary, unary = timed(lambda: shapely.unary_union(plots), repeats=1)
    whole_ha = counted.whole_m2.sum() / 1e4
    rows = [
        "| method | s | processor s | ratio | union, ha | difference | who overlaps whom |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        f"| sizhang | {ours} | 1 | {counted.union_m2 / 1e4:.4f} | | {len(counted.overlaps.first):,} pairs with areas |",
    ]
    for name, seconds, area_m2 in (
        ("`shapely.disjoint_subset_union_all`", by_subset, subset.area),
        ("`shapely.unary_union`", by_unary, unary.area),
    ):
        difference = abs(area_m2 / counted.union_m2 - 1)
        assert difference < 1e-9, f"{name} measures {area_m2} m², we {counted.union_m2} m²"
        rows.append(f"| {name} | {seconds} | {seconds.processor / ours.processor:.1f} | {area_m2 / 1e4:.4f} | {difference:.0e} | no |")
    note = f"{count:,} plots, {whole_ha:.1f} ha when simply added up; peak of the process behind our own run {peak_mb} MB."
    return "\n".join([*rows, "", f"{note} Ratios are of processor seconds."])


def build_samples(path: Path, count: int, seed: int = 2026) -> None:
    """Measured values of 21 items at 2,000 sections over a year, as text like in the files that stations hand in."""
    import pyarrow as pa
    from pyarrow import parquet

    random = np.random.default_rng(seed)
    items = np.array(["pH", "DO", "CODMn", "COD", "BOD5", "NH3-N", "TP", "Cu", "Zn", "fluoride", "Se", "As", "Hg", "Cd", "Cr6", "Pb"])
    place = np.arange(count)
    section, item, day = place // 384 % 2_000, place % len(items), place // len(items) % 24
    month, values = day // 2 + 1, np.round(random.lognormal(-2.5, 1.2, count), 4).astype(str)
    values = np.where(items[item] == "pH", "7.6", np.where(items[item] == "DO", "8.1", values))
    table = pa.table(
        {
            "section": np.char.add("S", section.astype(str)),
            "level": np.where(section % 3 == 0, "国控", "省控"),
            "basin": np.char.add("B", (section % 40).astype(str)),
            "water_body": np.full(count, "河流"),
            "sampled_on": [f"2023-{m:02}-{d % 2 * 14 + 3 + r:02}" for m, d, r in zip(month, day, place // 768_000, strict=True)],
            "item": items[item],
            "value": values,
        }
    )
    parquet.write_table(table, path)


def measure_water(count: int) -> str:
    from sizhang.calculators import get_calculator
    from sizhang.calculators.form.calculator import Options, run_calculator
    from sizhang.calculators.form.inputs import read_inputs
    from sizhang.calculators.form.tables import load_table
    from sizhang.calculators.water import classes

    calculator = get_calculator("surface_water")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "samples.parquet"
        build_samples(path, count)
        whole, result = timed(lambda: run_calculator(calculator, (str(path),), Options(year=2023)))
        checked = read_inputs(calculator.inputs, (str(path),))["samples"]
    limits = classes.build_limits(checked.relation, load_table("water_gb3838"))

    def classify() -> Any:
        monthly = classes.compute_monthly_means(classes.prepare_values(checked.frame, limits, 2023))
        return classes.classify_items(classes.compute_yearly_means(monthly), limits).collect()

    alone, _ = timed(classify)
    sections = result.coverage[1]
    return "\n".join(
        [
            "| step | s | processor s |",
            "| --- | --- | --- |",
            f"| Parquet read, every row checked, monthly and yearly classes, shares, basins, chart | {whole} |",
            f"| the classes alone, rows already checked | {alone} |",
            "",
            f"{result.coverage[0].present:,} measured values, {result.coverage[0].valid:,} valid, {sections.valid:,} of "
            f"{sections.present:,} sections classed.",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("area", "water"))
    parser.add_argument("--plots", type=int, default=100_000)
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/figures-calculators.md")
    args = parser.parse_args()
    for part, work in (("area", lambda: measure_area(args.plots)), ("water", lambda: measure_water(args.samples))):
        if args.only in (None, part):
            table = work()
            print(table)
            if args.write:
                speed.FIGURES = FIGURES
                speed.write_figures(part, table)


if __name__ == "__main__":
    main()
