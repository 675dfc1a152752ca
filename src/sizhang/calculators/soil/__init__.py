"""Soil 土壤: samples of construction land and farmland against screening and control values, by point and by plot."""

from __future__ import annotations

from sizhang.calculators.soil.plots import SOIL_CONSTRUCTION, SOIL_FARMLAND

CALCULATORS = (SOIL_CONSTRUCTION, SOIL_FARMLAND)
