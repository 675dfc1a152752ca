"""Soil samples at, just above and far from the limits of both standards."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sizhang.calculators.form.tables import load_table
from sizhang.calculators.soil.judging import compute_level, find_construction_limits, find_farmland_limits

CONSTRUCTION, FARMLAND = load_table("soil_gb36600"), load_table("soil_gb15618")


@pytest.mark.parametrize(
    ("item", "use_class", "value", "level"),
    [
        ("砷", 1, "20", 0),
        ("砷", 1, "20.01", 1),
        ("砷", 1, "120", 1),
        ("砷", 1, "120.01", 2),
        ("砷", 2, "60", 0),
        ("7439-92-1", 1, "400.5", 1),
        ("铅", 2, "2500.1", 2),
        ("铬(六价)", 1, "3.0", 0),
        ("二噁英类(总毒性当量)", 2, "0.00004", 0),
        ("二噁英类(总毒性当量)", 2, "0.000041", 1),
        ("石油烃(C10-C40)", 1, "5000.1", 2),
    ],
)
def test_construction_land(item: str, use_class: int, value: str, level: int) -> None:
    limits = find_construction_limits(item, use_class, CONSTRUCTION)
    assert limits is not None
    assert compute_level(Decimal(value), limits) == level


@pytest.mark.parametrize("item", ["锌", "锰", "-", ""])
def test_construction_land_has_no_limit_for_it(item: str) -> None:
    """Zinc is a trap: public lists print limits that GB 36600 does not have."""
    assert find_construction_limits(item, 1, CONSTRUCTION) is None


@pytest.mark.parametrize(
    ("item", "land", "ph", "screening", "control"),
    [
        ("Cd", "水田", "5.5", "0.3", "1.5"),
        ("Cd", "水田", "5.51", "0.4", "2.0"),
        ("Cd", "水田", "7.5", "0.6", "3.0"),
        ("Cd", "水田", "7.51", "0.8", "4.0"),
        ("Cd", "其他", "7.0", "0.3", "3.0"),
        ("镉", "果园", "7.0", "0.3", "3.0"),
        ("Cu", "果园", "5.0", "150", None),
        ("Cu", "水田", "5.0", "50", None),
        ("Cu", "其他", "6.6", "100", None),
        ("As", "水田", "5.0", "30", "200"),
        ("As", "其他", "8.0", "25", "100"),
        ("Ni", "水田", "8.0", "190", None),
        ("Zn", "果园", "6.5", "200", None),
        ("BaP", "其他", "4.0", "0.55", None),
    ],
)
def test_farmland(item: str, land: str, ph: str, screening: str, control: str | None) -> None:
    limits = find_farmland_limits(item, land, Decimal(ph), FARMLAND)
    assert limits is not None
    assert (limits.screening, limits.control) == (Decimal(screening), None if control is None else Decimal(control))


def test_farmland_has_no_limit_for_it() -> None:
    assert find_farmland_limits("Mn", "其他", Decimal(7), FARMLAND) is None


def test_every_metal_of_farmland_has_one_screening_value_for_every_field_and_ph() -> None:
    """No band is missing, none is written twice, and paddy copper is not the orchards' value."""
    for item in ("Cd", "Hg", "As", "Pb", "Cr", "Cu", "Ni", "Zn"):
        for ph in ("3", "5.5", "5.6", "6.5", "6.6", "7.5", "7.6", "10"):
            for land in ("水田", "果园", "其他"):
                assert find_farmland_limits(item, land, Decimal(ph), FARMLAND) is not None, (item, ph, land)
    keys = [(row["value_type"], row["symbol"], row["land_use"], row["ph_band"]) for row in FARMLAND]
    assert len(keys) == len(set(keys))


def test_control_is_never_below_screening() -> None:
    for row in CONSTRUCTION:
        for use in ("class1", "class2"):
            assert Decimal(row[f"control_{use}"]) >= Decimal(row[f"screen_{use}"]), row["name_zh"]
    assert len(CONSTRUCTION) == 85
