"""Verified area from outlines: greening, forest quality, parks, farmland, facility vegetables."""

from __future__ import annotations

from sizhang.calculators.area.farmland import FACILITY_VEGETABLES, FARMLAND
from sizhang.calculators.area.greening import FOREST_QUALITY, GREENING
from sizhang.calculators.area.parks import PARK_SERVICE

CALCULATORS = (GREENING, FOREST_QUALITY, PARK_SERVICE, FARMLAND, FACILITY_VEGETABLES)
