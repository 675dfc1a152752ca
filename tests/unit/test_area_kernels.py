"""Ground counted once, flattened without loss, and reached from parks."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sizhang.calculators.area.outlines import parse_outlines
from sizhang.calculators.area.overlap import compute_counted_areas
from sizhang.calculators.area.projection import compute_geodesic_difference, project
from sizhang.calculators.area.service import compute_service_coverage

BOXES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 6), st.integers(1, 6)),
    min_size=1,
    max_size=14,
)


def random_plots(count: int, seed: int) -> np.ndarray:
    """Irregular outlines of about 1 ha, close enough to overlap in threes and fours."""
    random = np.random.default_rng(seed)
    centres = random.uniform(0, 100 * np.sqrt(count), (count, 2))
    angles = np.linspace(0, 2 * np.pi, 11)[:-1]
    radii = random.uniform(40, 90, (count, 10))
    corners = centres[:, None, :] + radii[:, :, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return shapely.polygons(corners)


@given(BOXES)
@settings(max_examples=80, deadline=None)
def test_every_cell_of_a_grid_is_counted_by_the_first_box_that_covers_it(boxes: list[tuple[int, int, int, int]]) -> None:
    owner = np.full((20, 20), -1)
    for number, (x, y, width, height) in reversed(list(enumerate(boxes))):
        owner[x : x + width, y : y + height] = number
    counted = compute_counted_areas([shapely.box(x, y, x + width, y + height) for x, y, width, height in boxes])
    expected = [int((owner == number).sum()) for number in range(len(boxes))]
    assert counted.counted_m2 == pytest.approx(expected, abs=1e-9)
    covers = [{(i, j) for i in range(x, x + w) for j in range(y, y + h)} for x, y, w, h in boxes]
    pairs = {(a, b): len(covers[a] & covers[b]) for a in range(len(boxes)) for b in range(a + 1, len(boxes)) if covers[a] & covers[b]}
    overlaps = counted.overlaps
    found = zip(overlaps.first.tolist(), overlaps.second.tolist(), strict=True)
    assert dict(zip(found, overlaps.area_m2, strict=True)) == pytest.approx(pairs)


@pytest.mark.parametrize("seed", range(4))
def test_counted_areas_add_up_to_the_union(seed: int) -> None:
    plots = random_plots(600, seed)
    counted = compute_counted_areas(plots)
    union_m2 = shapely.unary_union(plots).area
    assert counted.union_m2 == pytest.approx(union_m2, rel=1e-12)
    assert counted.whole_m2.sum() > union_m2 * 1.2, "the plots must overlap for this test to prove anything"
    assert counted.whole_m2.sum() - counted.overlaps.area_m2.sum() < union_m2 * 0.999, "threefold overlaps must be there too"


def test_order_decides_who_counts_and_not_how_much() -> None:
    plots = random_plots(200, 9)
    forward, backward = compute_counted_areas(plots), compute_counted_areas(plots[::-1])
    assert forward.union_m2 == pytest.approx(backward.union_m2, rel=1e-12)
    assert not np.allclose(forward.counted_m2, backward.counted_m2[::-1])


def test_neighbours_that_touch_are_no_overlap() -> None:
    counted = compute_counted_areas([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 1, 3, 2)])
    assert counted.counted_m2.tolist() == [1, 1, 1]
    assert counted.overlaps.first.size == 0


def test_no_outline_counts_nothing() -> None:
    assert compute_counted_areas([]).union_m2 == 0


def test_albers_keeps_the_area_of_the_ellipsoid() -> None:
    shapes = np.asarray([shapely.box(x, y, x + 0.01, y + 0.01) for x in (75, 105, 134) for y in (4, 37.8, 53)], dtype=object)
    difference = compute_geodesic_difference(shapes, project(shapes))
    assert difference is not None
    assert difference < 2e-6


def test_web_mercator_would_be_wrong_by_more_than_half() -> None:
    from pyproj import Transformer

    taiyuan = shapely.box(112.5, 37.8, 112.51, 37.81)
    mercator = shapely.transform(taiyuan, Transformer.from_crs(4490, 3857, always_xy=True).transform, interleaved=False)
    assert mercator.area / project([taiyuan])[0].area > 1.5


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (None, "unreadable outline"),
        ("", "unreadable outline"),
        ("field 7", "unreadable outline"),
        (b"\x01\x03", "unreadable outline"),
        ('{"type": "Polygon"}', "unreadable outline"),
        (7, "unreadable outline"),
        ("POINT (112.5 37.8)", "not a polygon"),
        ("POLYGON EMPTY", "empty outline"),
        ("POLYGON ((112.5 37.8, 112.6 37.9, 112.6 37.8, 112.5 37.9, 112.5 37.8))", "invalid outline"),
        ("POLYGON ((37.8 112.5, 37.9 112.5, 37.9 112.6, 37.8 112.5))", "outside China"),
        ("POLYGON ((509000 4180000, 510000 4180000, 510000 4181000, 509000 4180000))", "outside China"),
        ("POLYGON ((112.5 37.8, inf 37.8, 112.6 37.9, 112.5 37.8))", "outside China"),
        ("POLYGON ((112.5 37.8, 112.5 nan, 112.6 37.9, 112.5 37.8))", "invalid outline"),
    ],
)
def test_an_outline_that_is_none_is_refused_with_its_rule(value: object, rule: str) -> None:
    sound = "POLYGON ((112.5 37.8, 112.6 37.8, 112.6 37.9, 112.5 37.8))"
    read = parse_outlines([sound, value, sound])
    assert read.faults[1].startswith(rule)
    assert read.shapes[1] is None
    assert [read.faults[0], read.faults[2]] == ["", ""]


def test_the_same_outline_in_four_writings() -> None:
    shape = shapely.box(112.5, 37.8, 112.6, 37.9)
    mapping = {"type": "Polygon", "coordinates": [list(shape.exterior.coords)]}
    writings = [shape.wkt, shape.wkb, shape.wkb_hex, shapely.to_geojson(shape), mapping]
    assert all(shapely.equals(read, shape) for read in parse_outlines(writings).shapes)


def test_a_home_beyond_the_distance_is_not_served() -> None:
    homes = [shapely.box(0, 0, 100, 100), shapely.box(450, 0, 550, 100), shapely.box(5000, 0, 5100, 100)]
    coverage = compute_service_coverage(homes, [shapely.box(-100, 0, 0, 100)], [500])
    assert coverage.covered_share == pytest.approx([1, 0.5, 0])
    assert coverage.covered_m2 == pytest.approx(15_000)
    assert coverage.residential_m2 == 30_000


def test_homes_drawn_twice_and_parks_in_reach_of_each_other_count_once() -> None:
    homes = [shapely.box(0, 0, 100, 100), shapely.box(0, 0, 100, 100)]
    coverage = compute_service_coverage(homes, [shapely.box(-10, 0, 0, 100), shapely.box(100, 0, 110, 100)], [300, 300])
    assert (coverage.residential_m2, coverage.covered_m2) == (10_000, 10_000)


def test_a_city_without_parks_serves_nobody() -> None:
    assert compute_service_coverage([shapely.box(0, 0, 1, 1)], [], []).covered_m2 == 0
