"""Carbon 碳: the city's inventory, and what measured CO2 says about it."""

from __future__ import annotations

from sizhang.calculators.carbon.inventory import CITY_CARBON
from sizhang.calculators.carbon.monitoring import CO2_ENHANCEMENT, CO2_INVERSION

CALCULATORS = (CITY_CARBON, CO2_ENHANCEMENT, CO2_INVERSION)
