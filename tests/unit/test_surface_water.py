"""From a file of samples to the class of every section, bad rows listed and never counted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sizhang.calculators import get_calculator
from sizhang.calculators.form.calculator import Options, run_calculator
from sizhang.calculators.form.result import Result

HEAD = "section,level,basin,water_body,sampled_on,item,value"
CORE = {"pH": "7.5", "DO": "8", "CODMn": "2", "NH3-N": "0.1", "TP": "0.02"}


def run(folder: Path, rows: list[str], **settings: str) -> Result:
    path = folder / "samples.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    return run_calculator(get_calculator("surface_water"), (str(path),), Options(year=2023, settings=settings))


def section(name: str, *, months: int = 12, level: str = "省控", basin: str = "甲河", **values: str) -> list[str]:
    """Monthly samples of one section, class Ⅰ unless a value says otherwise."""
    found = {**CORE, **{key.replace("_", "-"): value for key, value in values.items()}}
    head = f"{name},{level},{basin},河流"
    return [f"{head},2023-{month:02}-05,{item},{value}" for month in range(1, months + 1) for item, value in found.items()]


def classes(result: Result) -> dict[object, object]:
    return {row[0]: row[3] for row in result.detail[0].rows}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_sample_gives_its_truth(tmp_path: Path, seed: int) -> None:
    calculator = get_calculator("surface_water")
    sample = calculator.sample(seed)
    (tmp_path / "samples.csv").write_text(sample.files["samples.csv"], "utf-8")
    result = run_calculator(calculator, (str(tmp_path),), sample.options)
    assert {name: result.get_value(name).number for name in sample.truth} == sample.truth
    assert result.verdict.outcome == "met"
    rules = [rejection.rule for rejection in result.rejections]
    assert {"out of range: pH", "detection limit above class Ⅲ", "unreadable: value", "unknown word: item"} <= set(rules)
    assert sum(result.coverage[0].rejected.values()) == len(rules)


def test_one_item_decides_and_is_named_with_its_multiple(tmp_path: Path) -> None:
    result = run(tmp_path, [*section("a"), *section("b", TP="0.25", DO="4")])
    assert classes(result) == {"a": "Ⅰ", "b": "Ⅳ"}
    assert result.trace[0].rows[0][-1] == "TP (Ⅳ, 0.25); DO (Ⅳ)"


def test_nitrogen_temperature_and_coliforms_decide_nothing(tmp_path: Path) -> None:
    rows = [*section("a"), "a,省控,甲河,河流,2023-05-05,总氮,9", "a,省控,甲河,河流,2023-05-05,粪大肠菌群,99999"]
    assert classes(run(tmp_path, [*rows, "a,省控,甲河,河流,2023-05-05,水温,39"])) == {"a": "Ⅰ"}


def test_seven_months_give_no_class_and_eight_do(tmp_path: Path) -> None:
    assert classes(run(tmp_path, [*section("a", months=7), *section("b", months=8)])) == {"a": None, "b": "Ⅰ"}


def test_half_the_detection_limit_enters_the_mean(tmp_path: Path) -> None:
    """0.04L counts as 0.02, the limit of class Ⅰ; the other items are of class Ⅰ."""
    assert classes(run(tmp_path, section("a", TP="0.04L"))) == {"a": "Ⅰ"}
    assert classes(run(tmp_path, section("a", TP="0.05L"))) == {"a": "Ⅱ"}


def test_missing_sections_that_could_turn_the_verdict_leave_none(tmp_path: Path) -> None:
    rows = [line for n in range(7) for line in section(f"good{n}")] + [line for n in range(2) for line in section(f"bad{n}", TP="0.5")]
    missing = section("x", months=3)
    assert run(tmp_path, rows, good_share_pct_min="75").verdict.outcome == "met"
    assert run(tmp_path, [*rows, *missing], good_share_pct_min="75").verdict.outcome == "no verdict"
    assert run(tmp_path, [*rows, *missing], good_share_pct_min="85").verdict.outcome == "not met"
    assert run(tmp_path, rows).verdict.outcome == "no verdict"


def test_national_and_provincial_sections_are_kept_apart(tmp_path: Path) -> None:
    result = run(tmp_path, [*section("a", level="国控"), *section("b", TP="0.5")])
    assert result.get_value("national_good_share_pct").number == Decimal("100.0")
    assert result.get_value("provincial_good_share_pct").number == Decimal("0.0")
    assert result.get_value("provincial_inferior_share_pct").number == Decimal("100.0")


def test_a_river_of_two_sections_is_judged_by_its_means(tmp_path: Path) -> None:
    """TP 0.1 and 0.5: 0.3 on the mean, class Ⅳ, lightly polluted, though one section of two is worse than Ⅴ."""
    result = run(tmp_path, [*section("a", TP="0.1"), *section("b", TP="0.5")])
    assert result.trace[1].rows == (("甲河", 2, 1, 1, "轻度污染"),)


def test_what_was_recalled_is_shown(tmp_path: Path) -> None:
    assert {row.table for row in run(tmp_path, section("a")).unverified} == {"water_basin_grade", "water_section_grade"}


def test_numbers_beyond_any_measure_are_listed_and_never_stop(tmp_path: Path) -> None:
    result = run(tmp_path, [*section("a"), "a,省控,甲河,河流,2023-05-06,TP,99999999999999999999", "a,省控,甲河,河流,2023-05-07,TP,NaN"])
    assert classes(result) == {"a": "Ⅰ"}
    assert len(result.rejections) == 2
