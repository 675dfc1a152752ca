"""Which edition of the three air standards a promise is judged by; they change together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sizhang.calculators.air.breakpoints import aqi_editions
from sizhang.calculators.form.calculator import Options
from sizhang.calculators.form.result import Standard
from sizhang.calculators.form.tables import choose_edition

_FAMILY: Final = {"HJ 633-2012": ("GB 3095-2012", "HJ 663-2013"), "HJ 633-2026": ("GB 3095-2026", "HJ 663-2026")}


@dataclass(frozen=True, slots=True)
class Editions:
    """The index, the limits, the evaluation, and the day for which they were chosen."""

    index: str
    limits: str
    evaluation: str
    on: date
    chosen: str

    def standards(self) -> tuple[Standard, ...]:
        return (
            Standard(self.index, "环境空气质量指数（AQI）技术规定 Ambient air quality index", "formulas (1), (2)", self.chosen),
            Standard(self.limits, "环境空气质量标准 Ambient air quality standard", "second grade", self.chosen),
            Standard(self.evaluation, "环境空气质量评价技术规范 Ambient air quality evaluation", "yearly evaluation", self.chosen),
        )


def choose_editions(options: Options, year: int) -> Editions:
    """The editions in force on the day of the promise; where none is given, on the first day of the year that is judged."""
    on = options.promised_on or date(year, 1, 1)
    edition, chosen = choose_edition(aqi_editions(), on, options.edition)
    if options.promised_on is None and options.edition is None:
        chosen += " (no day of a promise was given)"
    limits, evaluation = _FAMILY[edition.code]
    return Editions(edition.code, limits, evaluation, on, chosen)
