"""How good the forecasts are: coverage of the intervals, the Brier score beside two simple rules, and a table of said and happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sizhang.cadence.forecast import YEARS_MIN, forecast
from sizhang.cadence.simulate import Years
from sizhang.core.errors import LedgerError, Words

Array = Any
MOMENTS: Final = (3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33)


def score_forecasts(training: Years, judged: Years, moments: Sequence[int] = MOMENTS) -> dict[str, Any]:
    """Forecast the judged years after so many 旬 from the training years alone, and compare with how they ended.

    The simple rules: linear extrapolation (delivered × 36 / closed 旬 reaches the plan), plan share (delivered is at least what the plan
    asked until then). Each as it is used, saying 0 or 1, and softened: saying how often, in the training years, those with a like figure
    were met.
    """
    outcome = judged.final / np.maximum(judged.cells.sum(axis=1), 1)
    met = (outcome >= 1).astype(np.float64)
    rows, said, happened = [], [], []
    for closed in moments:
        asked = judged.cells[:, :closed].sum(axis=1) > 0
        found = forecast(training, judged.cells[asked], judged.reported[asked, :closed])
        ends, truth, kept = found.ends, outcome[asked], met[asked]
        rows.append(
            {
                "closed": closed,
                "cover_80": float(((ends[:, 1] <= truth) & (truth <= ends[:, 3])).mean()),
                "cover_95": float(((ends[:, 0] <= truth) & (truth <= ends[:, 4])).mean()),
                "brier": _brier(found.chance, kept),
                **_baselines(training, judged, asked, closed),
            }
        )
        said.append(found.chance)
        happened.append(kept)
    return {
        "judged": len(met),
        "training": len(training.cells),
        "moments": rows,
        "table": _table(np.concatenate(said), np.concatenate(happened)),
    }


def calibrate_halves(years: Years) -> dict[str, Any]:
    """Judge each second completed year by the others.

    Raises:
        LedgerError: there are too few.
    """
    if len(years.cells) < 2 * YEARS_MIN:
        raise LedgerError(
            Words(
                f"已结束的承诺年度有 {len(years.cells)} 个；用一半检验另一半的预测，至少要 {2 * YEARS_MIN} 个。",
                f"{len(years.cells)} promise-years are closed; to judge forecasts by the other half of them needs {2 * YEARS_MIN}.",
            ),
            remedy=Words(
                "请等更多年度结束；在此之前看 docs/figures-cadence.md 里用模拟年度所作的检验。",
                "Close more years; until then the calibration on simulated years stands in docs/figures-cadence.md.",
            ),
        )
    return score_forecasts(Years(*(part[::2] for part in years)), Years(*(part[1::2] for part in years)))


def _brier(chance: Array, met: Array) -> float:
    return float(((chance - met) ** 2).mean())


def _baselines(training: Years, judged: Years, asked: Array, closed: int) -> dict[str, float]:
    out = {}
    met = (judged.final >= judged.cells.sum(axis=1))[asked].astype(np.float64)
    known_met = training.final >= training.cells.sum(axis=1)
    for name, figure in (("linear", _linear), ("share", _share)):
        own, known = figure(judged, closed)[asked], figure(training, closed)
        out[name] = _brier((own >= 1).astype(np.float64), met)
        # The 100 training years with the nearest figure.
        order = np.argsort(known)
        size = min(100, len(known))
        place = np.clip(np.searchsorted(known[order], own) - size // 2, 0, len(known) - size)
        summed = np.concatenate([[0.0], np.cumsum(known_met[order])])
        out[f"{name}_soft"] = _brier((summed[place + size] - summed[place]) / size, met)
    return out


def _linear(years: Years, closed: int) -> Array:
    return years.reported[:, :closed].sum(axis=1) * 36 / closed / np.maximum(years.cells.sum(axis=1), 1)


def _share(years: Years, closed: int) -> Array:
    asked = years.cells[:, :closed].sum(axis=1)
    return np.where(asked > 0, years.reported[:, :closed].sum(axis=1) / np.maximum(asked, 1), 1.0)


def _table(said: Array, happened: Array) -> list[dict[str, float]]:
    """Forecasts by tenths: how many, what they said on average, how often it happened."""
    out = []
    for tenth in range(10):
        rows = (said >= tenth / 10) & ((said < (tenth + 1) / 10) | (tenth == 9))
        if rows.any():
            out.append({"forecasts": int(rows.sum()), "said": float(said[rows].mean()), "happened": float(happened[rows].mean())})
    return out


def calibration_svg(table: Sequence[dict[str, float]]) -> str:
    """Said against happened as a drawing; the area of a dot is its number of forecasts."""
    most = max(row["forecasts"] for row in table)
    dots = "".join(
        f'<circle cx="{60 + 300 * row["said"]:.1f}" cy="{330 - 300 * row["happened"]:.1f}" '
        f'r="{3 + 9 * (row["forecasts"] / most) ** 0.5:.1f}" '
        f'fill="#1f6feb" fill-opacity="0.75"><title>{row["said"]:.0%} → {row["happened"]:.0%} ({row["forecasts"]})</title></circle>'
        for row in table
    )
    ticks = "".join(
        f'<text x="{60 + 3 * at}" y="350" text-anchor="middle">{at}</text><text x="52" y="{334 - 3 * at}" text-anchor="end">{at}</text>'
        for at in (0, 25, 50, 75, 100)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 390" font-family="sans-serif" font-size="12">'
        '<rect width="400" height="390" fill="#fff"/><rect x="60" y="30" width="300" height="300" fill="none" stroke="#888"/>'
        f'<line x1="60" y1="330" x2="360" y2="30" stroke="#888" stroke-dasharray="4 4"/>{ticks}{dots}'
        '<text x="210" y="375" text-anchor="middle">预测完成的把握 chance forecast, %</text>'
        '<text x="16" y="180" text-anchor="middle" transform="rotate(-90 16 180)">实际完成 came true, %</text></svg>\n'
    )
