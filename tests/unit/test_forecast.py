"""Forecasts: intervals hold as often as they say, chances beat the simple rules, and nothing of the future enters."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from sizhang.cadence.calibration import calibrate_halves, calibration_svg, score_forecasts
from sizhang.cadence.forecast import check_forecast, forecast
from sizhang.cadence.simulate import Population, Years, simulate_years
from sizhang.core.errors import LedgerError

TRAINING, JUDGED = simulate_years(600, 11), simulate_years(600, 12)


def test_intervals_hold_and_chances_beat_the_simple_rules() -> None:
    found = score_forecasts(TRAINING, JUDGED, (9, 18, 27))
    rows = found["moments"]
    # 600 years: the standard error of a coverage of 80 % is 1.6 points. docs/figures-cadence.md has the measurement on many more.
    assert abs(np.mean([row["cover_80"] for row in rows]) - 0.80) < 0.05
    assert abs(np.mean([row["cover_95"] for row in rows]) - 0.95) < 0.03
    for row in rows:
        assert row["brier"] < min(row[name] for name in ("linear", "share", "linear_soft", "share_soft"))
    assert all(0 <= row["happened"] <= 1 for row in found["table"])
    ElementTree.fromstring(calibration_svg(found["table"]))


def test_nothing_of_the_future_enters() -> None:
    """The years to come of the judged promises may be anything: the forecast is the same."""
    closed = 12
    before = forecast(TRAINING, JUDGED.cells, JUDGED.reported[:, :closed])
    rest = JUDGED.reported.copy()
    rest[:, closed:] = 10**6
    after = forecast(TRAINING, JUDGED.cells, rest[:, :closed])
    assert (before.chance == after.chance).all()
    assert (before.ends == after.ends).all()


def test_more_done_never_means_a_bleaker_end() -> None:
    cells = JUDGED.cells[:1]
    halves, wholes = (forecast(TRAINING, cells, (cells[:, :18] * part).astype(np.int64)) for part in (0.5, 1.0))
    assert halves.chance[0] < wholes.chance[0]
    assert halves.ends[0, 2] < wholes.ends[0, 2]


def test_a_forecast_is_ordered_and_a_chance() -> None:
    found = forecast(TRAINING, JUDGED.cells, JUDGED.reported[:, :6])
    assert ((found.chance >= 0) & (found.chance <= 1)).all()
    assert (np.diff(found.ends, axis=1) >= 0).all()


def test_it_says_when_it_cannot() -> None:
    assert "only 2 旬" in str(check_forecast(2, 5, 1000))
    assert "closed" in str(check_forecast(36, 5, 1000))
    assert "only 5 completed" in str(check_forecast(9, 5, 5))
    assert "nothing was planned" in str(check_forecast(9, 0, 1000))
    assert check_forecast(3, 1, 1000) is None
    with pytest.raises(LedgerError, match="only 2 旬"):
        forecast(TRAINING, JUDGED.cells, JUDGED.reported[:, :2])
    with pytest.raises(LedgerError, match="needs 200"):
        calibrate_halves(Years(*(part[:50] for part in TRAINING)))


def test_simulated_years_are_what_they_say() -> None:
    again = simulate_years(600, 11)
    assert all((one == two).all() for one, two in zip(TRAINING, again, strict=True))
    calm = simulate_years(200, 5, Population(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, (1.0, 0.0, 0.0, 0.0)))
    # Without trouble every year ends at its plan, but for the rounding of its shares.
    assert (np.abs(calm.final - calm.cells.sum(axis=1)) <= 1 + calm.cells.sum(axis=1) * 1e-3).all()
    assert (calm.reported.sum(axis=1) == calm.final).all()
    assert (TRAINING.reported.sum(axis=1) <= TRAINING.final).all()
