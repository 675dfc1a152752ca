"""A year of an invented city's sections, with known classes."""

from __future__ import annotations

import random
from decimal import Decimal

from sizhang.calculators.form.calculator import Options, Sample

# Values well inside a class, by item; the mean of a year stays in it under the noise below.
_MIDDLES = {
    "pH": ("7.8",) * 6,
    "DO": ("8.4", "6.7", "5.4", "4.0", "2.5", "1.2"),
    "CODMn": ("1.5", "3.0", "5.0", "8.0", "12.5", "18.0"),
    "COD": ("11", "11", "17.5", "25", "35", "50"),
    "BOD5": ("2", "2", "3.5", "5", "8", "13"),
    "NH3-N": ("0.10", "0.30", "0.75", "1.25", "1.75", "2.6"),
    "TP": ("0.014", "0.06", "0.15", "0.25", "0.35", "0.52"),
}
_CLASSES = (2, 2, 3, 1, 2, 4, 3, 2, 5, 6, 3, 2, 4, 3, 2, 1)
_NOISE = 0.12


def build_sample(seed: int) -> Sample:
    """Sixteen sections on three rivers, monthly samples; one section freezes too long to be classed, and some rows are bad."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    lines = ["section,level,basin,water_body,sampled_on,item,value"]
    for number, wanted in enumerate(_CLASSES):
        head = f"断面{number + 1:02},{'国控' if number % 3 == 0 else '省控'},{('甲河', '乙河', '丙河')[number % 3]},河流"
        worst = source.choice(["CODMn", "NH3-N", "TP"])
        for month in range(1, 13):
            for item, middles in _MIDDLES.items():
                place = wanted if item == worst else min(wanted, 2)
                lines.append(f"{head},2023-{month:02}-{source.randint(3, 9):02},{item},{_noisy(source, middles[place - 1])}")
    lines += [f"断面17,省控,甲河,河流,2023-{month:02}-05,{item},{m[1]}" for month in range(4, 11) for item, m in _MIDDLES.items()]
    lines += _bad_rows()
    good, classed = sum(wanted <= 3 for wanted in _CLASSES), len(_CLASSES)
    truth = {
        "good_share_pct": (Decimal(100 * good) / classed).quantize(Decimal("0.1")),
        "inferior_share_pct": (Decimal(100) / classed).quantize(Decimal("0.1")),
        "national_good_share_pct": _share([wanted for number, wanted in enumerate(_CLASSES) if number % 3 == 0]),
        "provincial_good_share_pct": _share([wanted for number, wanted in enumerate(_CLASSES) if number % 3]),
    }
    return Sample({"samples.csv": "\n".join(lines) + "\n"}, truth, Options(year=2023, settings={"good_share_pct_min": "70"}))


def _share(wanted: list[int]) -> Decimal:
    return (Decimal(100 * sum(number <= 3 for number in wanted)) / len(wanted)).quantize(Decimal("0.1"))


def _noisy(source: random.Random, middle: str) -> Decimal:
    """A value near the middle; over a year the deviations are far inside the class."""
    step = Decimal(middle).as_tuple().exponent
    return (Decimal(middle) * Decimal(1 + source.uniform(-_NOISE, _NOISE))).quantize(Decimal(1).scaleb(int(step) - 1))


def _bad_rows() -> list[str]:
    """Rows that must not count: unreadable, below nought, an unknown item, an impossible pH, a useless detection limit, twice the same."""
    head = "断面01,国控,甲河,河流,2023-06-20"
    return [
        f"{head},TP,多云",
        f"{head},COD,-3",
        f"{head},COD2,3",
        f"{head},pH,77",
        f"{head},Hg,0.001L",
        f"{head},Cu,0.001L",
        f"{head},TN,3.4",
        "断面01,国控,甲河,河流,,TP,0.05",
        "断面01,国控,甲河,河流,2023-07-21,TP,9.9",
        "断面01,国控,甲河,河流,2023-07-21,TP,8.8",
    ]
