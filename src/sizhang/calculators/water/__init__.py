"""Surface water 地表水."""

from __future__ import annotations

from sizhang.calculators.water.surface import SURFACE_WATER

CALCULATORS = (SURFACE_WATER,)
