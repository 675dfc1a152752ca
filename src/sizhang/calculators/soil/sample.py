"""Invented soil samples with known levels."""

from __future__ import annotations

import random
from decimal import Decimal

from sizhang.calculators.form.calculator import Options, Sample


def build_construction_sample(seed: int) -> Sample:
    """Eight clean plots, one above screening, one above control, one saved by its background; and rows that must not count."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    lines = []
    for number in range(8):
        use, limit = ("第一类", 20) if number % 2 else ("第二类", 60)
        for point in range(3):
            head = f"地块{number},东县,S{point},0.2,{use}"
            lines += [f"{head},砷,{source.randint(1, limit)},", f"{head},铅,{source.randint(10, 400)},", f"{head},镉,0.01L,"]
    lines += ["地块8,西县,S1,0.2,不明,砷,20.1,", "地块9,西县,S1,0.2,第二类,铅,2500.5,", "地块10,西县,S1,0.2,第一类,砷,25,27"]
    lines += ["地块8,西县,S1,0.2,不明,锌,900,", "地块8,西县,S2,0.2,不明,汞,9L,", "地块8,西县,S3,0.2,不明,镍,偏高,"]
    source.shuffle(lines)
    text = "\n".join(["plot,county,point,depth_m,use,item,value_mg_kg,background_mg_kg", *lines]) + "\n"
    truth: dict[str, Decimal | int | str | None] = {
        "plots_below_screening_pct": Decimal("81.8"),
        "plots_above_screening": 1,
        "plots_above_control": 1,
    }
    return Sample({"samples.csv": text}, truth, Options(settings={"plots_below_screening_pct_min": "95"}))


def build_farmland_sample(seed: int) -> Sample:
    """Fields whose cadmium is fine or not by their pH and kind alone."""
    source = random.Random(seed)  # noqa: S311 - invented data, not a secret
    lines = [f"田{n},东县,F1,0.2,水田,7.8,Cd,{Decimal(source.randint(10, 80)) / 100}" for n in range(6)]
    lines += ["田6,东县,F1,0.2,其他,7.0,Cd,0.35", "田7,西县,F1,0.2,水田,7.0,Cd,0.35", "田8,西县,F1,0.2,果园,5.0,Cu,150"]
    lines += ["田9,西县,F1,0.2,其他,5.0,Cu,150", "田10,西县,F1,0.2,其他,8.0,As,101"]
    lines += ["田8,西县,F2,0.2,果园,,Cu,20", "田8,西县,F3,0.2,果园,5.0,Mn,20", "田8,西县,F4,0.2,菜地,5.0,Cu,20"]
    source.shuffle(lines)
    text = "\n".join(["plot,county,point,depth_m,land,ph,item,value_mg_kg", *lines]) + "\n"
    truth: dict[str, Decimal | int | str | None] = {
        "plots_below_screening_pct": Decimal("72.7"),
        "plots_above_screening": 2,
        "plots_above_control": 1,
    }
    return Sample({"samples.csv": text}, truth, Options())
