"""Verified area of registers of plots: what counts, what does not and why."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import shapely

from sizhang.calculators import get_calculator
from sizhang.calculators.area.sample import outline
from sizhang.calculators.form.calculator import Options, run_calculator
from sizhang.calculators.form.result import Result
from sizhang.core.errors import InputError

GREEN = "plot,county,kind,year,claimed_mu,survival_pct,annual_rain_mm,geometry"
FIELD = "plot,county,kind,year,claimed_mu,geometry"


def run(name: str, folder: Path, head: str, rows: list[str], options: Options | None = None) -> Result:
    path = folder / "plots.csv"
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return run_calculator(get_calculator(name), (str(path),), options or Options(year=2023))


def number(result: Result, name: str) -> Decimal:
    found = result.get_value(name).number
    assert isinstance(found, Decimal)
    return found


@pytest.mark.parametrize("name", ["greening", "forest_quality", "farmland", "facility_vegetables", "parks"])
def test_the_sample_gives_its_truth(name: str, tmp_path: Path) -> None:
    calculator = get_calculator(name)
    sample = calculator.sample(4)
    for file, text in sample.files.items():
        (tmp_path / file).write_text(text, "utf-8")
    result = run_calculator(calculator, (str(tmp_path),), sample.options)
    assert {key: result.get_value(key).number for key in sample.truth} == sample.truth
    assert result.rejections
    assert all(rejection.rule and rejection.line > 1 for rejection in result.rejections)


@pytest.mark.parametrize(
    ("survival", "rain", "counts"),
    [
        *(("85", "480", True), ("84.9", "480", False), ("84.9", "399", True), ("70", "399", True), ("69.9", "399", False)),
        *(("70", "400", False), ("85", "", True), ("", "", False), ("101", "480", False), ("众多", "480", False)),
    ],
)
def test_survival(survival: str, rain: str, counts: bool, tmp_path: Path) -> None:
    result = run("greening", tmp_path, GREEN, [f"a,东县,造林,2023,30,{survival},{rain},{outline(0, 0)}"])
    assert number(result, "verified_area_mu") == (Decimal("30.00") if counts else Decimal("0.00"))
    assert bool(result.rejections) is not counts


def test_ground_that_failed_before_may_be_planted_and_counted_now(tmp_path: Path) -> None:
    now = f"b,东县,造林,2023,30,90,480,{outline(0, 0)}"
    failed, lived, unknown = (f"a,东县,造林,2021,30,{rate},480,{outline(0, 0)}" for rate in ("30", "90", ""))
    assert number(run("greening", tmp_path, GREEN, [failed, now]), "verified_area_mu") == Decimal("30.00")
    assert number(run("greening", tmp_path, GREEN, [lived, now]), "verified_area_mu") == Decimal("0.00")
    assert number(run("greening", tmp_path, GREEN, [unknown, now]), "verified_area_mu") == Decimal("0.00")


def test_tending_and_replanting_are_no_new_area(tmp_path: Path) -> None:
    rows = [f"a,东县,森林抚育,2023,30,90,480,{outline(0, 0)}", f"b,东县,补植,2023,30,90,480,{outline(1, 0)}"]
    assert number(run("greening", tmp_path, GREEN, rows), "verified_area_mu") == 0
    assert number(run("forest_quality", tmp_path, GREEN, rows), "verified_area_mu") == Decimal("30.00")


def test_one_plot_under_two_outlines_counts_under_neither(tmp_path: Path) -> None:
    result = run("greening", tmp_path, GREEN, [f"a,东县,造林,2023,30,90,480,{outline(n, 0)}" for n in range(2)])
    assert number(result, "verified_area_mu") == 0
    assert {rejection.rule.split(":")[0] for rejection in result.rejections} == {"duplicate"}


def test_new_build_and_upgrade_never_make_up_for_each_other(tmp_path: Path) -> None:
    rows = [f"e,东县,新建,2019,30,{outline(0, 0)}", f"n,东县,新建,2023,30,{outline(1, 0)}", f"u,东县,改造提升,2023,30,{outline(0, 0)}"]
    rows += [f"v,东县,改造提升,2023,30,{outline(0, 0, shift_m=100)}", f"w,东县,改造提升,2023,30,{outline(1, 0)}"]
    options = Options(year=2023, settings={"new_build_mu_min": "30", "upgrade_mu_min": "31"})
    result = run("farmland", tmp_path, FIELD, rows, options)
    assert number(result, "new_build_mu") == Decimal("30.00")
    assert number(result, "upgrade_mu") == Decimal("30.00"), (
        "upgrade counts once, not beside the earlier plot and not on this year's new build"
    )
    assert number(result, "upgrade_outside_mu") == Decimal("45.00")
    assert result.verdict.outcome == "not met"


def test_the_edition_is_the_one_of_the_promise(tmp_path: Path) -> None:
    rows = [f"a,东县,造林,2023,30,90,480,{outline(0, 0)}"]
    before = run("greening", tmp_path, GREEN, rows, Options(year=2023, promised_on=date(2023, 2, 10)))
    after = run("greening", tmp_path, GREEN, rows, Options(year=2023, promised_on=date(2023, 6, 1)))
    assert (before.standards[0].code, after.standards[0].code) == ("GB/T 15776-2016", "GB/T 15776-2023")


def test_geojson_and_geoparquet_say_the_same(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    shapes = [shapely.from_wkt(outline(n, 0).strip('"')) for n in range(3)]
    rows = [{"plot": f"p{n}", "county": "东县", "kind": "新建", "year": 2023, "claimed_mu": 30.0} for n in range(3)]
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(shape))}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    (tmp_path / "plots.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    table = pa.Table.from_pylist([{**row, "geometry": shapely.to_wkb(shape)} for row, shape in zip(rows, shapes, strict=True)])
    parquet.write_table(table, tmp_path / "plots.parquet")
    for name in ("plots.geojson", "plots.parquet"):
        result = run_calculator(get_calculator("farmland"), (str(tmp_path / name),), Options(year=2023))
        assert number(result, "new_build_mu") == Decimal("90.00"), name


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": 3}', '{"features": [3]}', "not json"])
def test_a_file_that_is_no_geojson_says_so(text: str, tmp_path: Path) -> None:
    (tmp_path / "plots.geojson").write_text(text, "utf-8")
    with pytest.raises(InputError):
        run_calculator(get_calculator("farmland"), (str(tmp_path / "plots.geojson"),), Options(year=2023))


def test_a_park_serves_by_its_size(tmp_path: Path) -> None:
    """A home 310 m away: a park of 5000 m² reaches it, one of 4900 m² does not, one of 399 m² serves nobody."""
    (tmp_path / "homes.csv").write_text(f"home,county,geometry\nh,东县,{outline(0, 0, shift_m=410, size_m=(10, 10))}\n", "utf-8")
    for size, reached in (((100, 50), "100.0"), ((100, 49), "0.0"), ((100, 3), "0.0")):
        (tmp_path / "parks.csv").write_text(f"park,county,geometry\np,东县,{outline(0, 0, size_m=size)}\n", "utf-8")
        result = run_calculator(get_calculator("parks"), (str(tmp_path),), Options())
        assert number(result, "service_coverage_pct") == Decimal(reached), size
