"""Waste, soil, carbon, reclaimed water, water saving, rivers, transfers: from files to values; bad rows listed, never counted."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from sizhang.calculators import get_calculator
from sizhang.calculators.form.calculator import Options, run_calculator
from sizhang.calculators.form.result import Result
from sizhang.core.errors import SizhangError

NAMES = (
    *("household_waste", "reclaimed_water", "water_saving", "flow_days", "water_transfer", "soil_construction", "soil_farmland"),
    *("city_carbon", "co2_enhancement", "co2_inversion"),
)
ALL = (*NAMES, "surface_water", "greening", "forest_quality", "parks", "farmland", "facility_vegetables")


def run(name: str, folder: Path, files: dict[str, str], options: Options | None = None) -> Result:
    for file, text in files.items():
        (folder / file).write_text(text, "utf-8")
    return run_calculator(get_calculator(name), (str(folder),), options or Options(year=2023))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1, 7])
def test_the_sample_gives_its_truth(name: str, seed: int, tmp_path: Path) -> None:
    sample = get_calculator(name).sample(seed)
    result = run(name, tmp_path, dict(sample.files), sample.options)
    assert {key: result.get_value(key).number for key in sample.truth} == sample.truth
    assert result.rejections, "every sample holds rows that must not count"
    assert all(rejection.rule and rejection.line > 1 for rejection in result.rejections)
    for coverage in result.coverage:
        assert 0 <= coverage.valid <= coverage.present
    assert get_calculator(name).sample(seed) == sample, "the same seed gives the same data"


@pytest.mark.parametrize("name", ALL)
def test_spoilt_cells_never_crash_and_are_listed(name: str, tmp_path: Path) -> None:
    """A tenth of all cells become rubbish: still a result or an error in words, and no row disappears from the account."""
    source = random.Random(3)
    sample, spoilt = get_calculator(name).sample(1), {}
    rubbish = ("", "——", "1e999", "-1", "ＡＢＣ", "99999999999999999999999", "0.1.2", "'; DROP TABLE typed; --", "POLYGON ((1 1")
    for file, text in sample.files.items():
        head, *lines = text.splitlines()
        cells = [line.split(",") if '"' not in line else [line] for line in lines[:300]]
        spoilt[file] = (
            "\n".join([head, *(",".join(source.choice(rubbish) if source.random() < 0.1 else c for c in row) for row in cells)]) + "\n"
        )
    try:
        result = run(name, tmp_path, spoilt, sample.options)
    except SizhangError as error:
        assert error.remedy
        return
    assert result.coverage[0].valid < result.coverage[0].present
    assert result.rejections


def test_no_landfill_is_shown_only_by_tickets_of_every_day(tmp_path: Path) -> None:
    sample = get_calculator("household_waste").sample(1)
    text = "\n".join(line for line in sample.files["tickets.csv"].splitlines() if ",2023-07-21," not in line)
    result = run("household_waste", tmp_path, {"tickets.csv": text}, sample.options)
    assert result.verdict.outcome == "no verdict"
    landfilled = run("household_waste", tmp_path, {"tickets.csv": f"{text}\nx,2023-07-20,东县,其他垃圾,填埋,20,10\n"}, sample.options)
    assert landfilled.verdict.outcome == "not met"


def test_unmetered_water_changes_nothing(tmp_path: Path) -> None:
    sample = get_calculator("reclaimed_water").sample(2)
    files = {**sample.files, "reused.csv": sample.files["reused.csv"] + "二厂,2023-06-01,农业,5000000,否,是\n"}
    assert run("reclaimed_water", tmp_path, files).get_value("reclaimed_rate_pct").number == sample.truth["reclaimed_rate_pct"]


def test_a_month_not_reported_leaves_no_verdict(tmp_path: Path) -> None:
    sample = get_calculator("reclaimed_water").sample(2)
    files = {**sample.files, "treated.csv": sample.files["treated.csv"].rsplit("\n", 2)[0] + "\n"}
    assert run("reclaimed_water", tmp_path, files, sample.options).verdict.outcome == "no verdict"


def test_more_water_sold_than_supplied_is_no_leakage(tmp_path: Path) -> None:
    text = "year,item,area,volume_m3\n2023,供水总量,城区,100\n2023,注册用户用水量,城区,101\n"
    assert run("water_saving", tmp_path, {"volumes.csv": text}).get_value("leakage_pct").number is None


def test_an_area_without_its_users_leaves_no_leakage(tmp_path: Path) -> None:
    text = "year,item,area,volume_m3\n2023,供水总量,城区,100\n2023,供水总量,新区,100\n2023,注册用户用水量,城区,92\n"
    assert run("water_saving", tmp_path, {"volumes.csv": text}).get_value("leakage_pct").number is None


def test_unread_days_are_neither_dry_nor_flowing(tmp_path: Path) -> None:
    text = "place,measured_on,flow_m3_s\n" + "".join(f"河,2023-{month:02}-{day:02},1\n" for month in range(1, 11) for day in range(1, 29))
    outcomes = [
        run("flow_days", tmp_path, {"r.csv": text}, Options(2023, settings={"days_with_flow_min": target})).verdict.outcome
        for target in ("280", "281", "365")
    ]
    assert outcomes == ["met", "no verdict", "no verdict"]


def test_water_not_yet_reported_may_still_come(tmp_path: Path) -> None:
    text = "work,month,planned_m3,delivered_m3,metered\n" + "".join(
        f"东线,2023-{m:02}-01,10,{10 if m < 7 else ''},是\n" for m in range(1, 13)
    )
    assert (
        run("water_transfer", tmp_path, {"m.csv": text}, Options(2023, settings={"delivered_m3_min": "100"})).verdict.outcome
        == "no verdict"
    )
    full = text.replace(",10,,是", ",10,5,是")
    assert (
        run("water_transfer", tmp_path, {"m.csv": full}, Options(2023, settings={"delivered_m3_min": "100"})).verdict.outcome == "not met"
    )


def test_two_series_of_electricity_factors_give_no_verdict(tmp_path: Path) -> None:
    head = "source,sector,activity,unit,factor,activity_uncertainty_pct,factor_uncertainty_pct\n"
    one = "a,电力,100,MWh,grid_ets_2022,1,1\n"
    options = Options(settings={"scope2_t_max": "1000"})
    alone = run("city_carbon", tmp_path, {"activities.csv": head + one}, options)
    assert (alone.verdict.outcome, alone.get_value("scope2_t").number) == ("met", Decimal("57.03"))
    both = run("city_carbon", tmp_path, {"activities.csv": f"{head}{one}b,电力,100,MWh,grid_avg_2022,1,1\n"}, options)
    assert both.verdict.outcome == "no verdict"


def test_a_factor_nobody_has_read_is_shown(tmp_path: Path) -> None:
    text = "source,sector,activity,unit,factor\n煤,燃料,10,t,cn_bituminous\n"
    result = run("city_carbon", tmp_path, {"activities.csv": text})
    assert [row["id"] for row in result.unverified] == ["cn_bituminous"]
    assert result.get_value("scope1_uncertainty_pct").number is None, "no uncertainty is invented"


def test_dishonest_errors_give_no_verdict(tmp_path: Path) -> None:
    sample = get_calculator("co2_inversion").sample(1)
    files = {**sample.files, "observations.csv": sample.files["observations.csv"].replace(",0.2\n", ",0.01\n")}
    assert run("co2_inversion", tmp_path, files).verdict.outcome == "no verdict"
    assert run("co2_inversion", tmp_path, dict(sample.files)).verdict.outcome == "not met", "a source emits twice what the inventory says"


def test_background_spares_arsenic_and_not_lead(tmp_path: Path) -> None:
    head = "plot,county,point,use,item,value_mg_kg,background_mg_kg\n"
    arsenic = run("soil_construction", tmp_path, {"s.csv": f"{head}a,东县,1,第一类,砷,25,27\n"})
    lead = run("soil_construction", tmp_path, {"s.csv": f"{head}a,东县,1,第一类,铅,450,500\n"})
    assert (arsenic.get_value("plots_above_screening").number, lead.get_value("plots_above_screening").number) == (0, 1)
