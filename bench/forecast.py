"""Judge the forecasts on simulated years of known truth: coverage, Brier scores, a picture. `--write` puts them into the docs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "src")]

from tables import put_table, to_table

from sizhang.cadence.calibration import calibration_svg, score_forecasts
from sizhang.cadence.simulate import Population, simulate_years

FIGURES = ROOT / "docs/figures-cadence.md"
PICTURE = ROOT / "docs/pictures/forecast.svg"
YEARS = 3000
OTHERS = Population(level=-0.15, noise=0.5, stop=0.4, push=0.15)
HEAD = ("after 旬", "80 % held", "95 % held", "Brier", "linear", "linear, softened", "share", "share, softened")


def moments_table(found: dict[str, Any]) -> str:
    names = ("brier", "linear", "linear_soft", "share", "share_soft")
    rows = [
        (str(m["closed"]), f"{m['cover_80']:.1%}", f"{m['cover_95']:.1%}", *(f"{m[name]:.3f}" for name in names)) for m in found["moments"]
    ]
    count = len(found["moments"])
    covers = (f"{sum(m[name] for m in found['moments']) / count:.1%}" for name in ("cover_80", "cover_95"))
    rows.append(("all", *covers, *(f"{sum(m[name] for m in found['moments']) / count:.3f}" for name in names)))
    return f"{found['training']} years teach, {found['judged']} are judged.\n\n" + to_table(HEAD, rows)


def main() -> None:
    teaching, judged, others = simulate_years(YEARS, 1), simulate_years(YEARS, 2), simulate_years(YEARS, 3, OTHERS)
    found, shifted = score_forecasts(teaching, judged), score_forecasts(teaching, others)
    said = [(str(row["forecasts"]), f"{row['said']:.1%}", f"{row['happened']:.1%}") for row in found["table"]]
    tables = {
        "forecast": moments_table(found),
        "table": to_table(("forecasts", "said on average", "came true"), said),
        "shifted": moments_table(shifted),
    }
    for name, table in tables.items():
        print(f"{name}\n{table}\n")
        if "--write" in sys.argv:
            put_table(FIGURES, name, table)
    if "--write" in sys.argv:
        PICTURE.write_text(calibration_svg(found["table"]), "utf-8")


if __name__ == "__main__":
    main()
