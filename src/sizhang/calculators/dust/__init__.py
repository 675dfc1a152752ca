"""Dust 扬尘: what falls, and what sites do about it."""

from __future__ import annotations

from sizhang.calculators.dust.fall import DUST_FALL
from sizhang.calculators.dust.sites import DUST_SITES

CALCULATORS = (DUST_FALL, DUST_SITES)
