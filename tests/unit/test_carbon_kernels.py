"""The inversion and the uncertainty against other ways of computing them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sizhang.calculators.carbon.inversion import compute_box_emission_t_h, compute_inversion
from sizhang.calculators.carbon.uncertainty import compute_propagated_pct, compute_simulated_pct


def problem(seed: int, *, sources: int = 5, measurements: int = 60) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(seed)
    truth, prior = random.uniform(5, 50, sources), random.uniform(5, 50, sources)
    sensitivity = random.uniform(0, 0.2, (measurements, sources))
    prior_covariance = np.diag((0.5 * prior) ** 2) + 1.0
    error_covariance = np.diag(random.uniform(0.5, 2, measurements))
    enhancement = sensitivity @ truth + np.sqrt(np.diag(error_covariance)) * random.standard_normal(measurements)
    return prior, prior_covariance, sensitivity, enhancement, error_covariance


def test_one_source_and_one_measurement_by_hand() -> None:
    """Prior 10 ± 2, measurement 16 ± 2 of the same thing: halfway, and half the variance."""
    result = compute_inversion(np.array([10.0]), np.array([[4.0]]), np.array([[1.0]]), np.array([16.0]), np.array([[4.0]]))
    assert result.posterior == pytest.approx([13.0])
    assert result.posterior_covariance == pytest.approx(np.array([[2.0]]))
    assert result.degrees_of_freedom == pytest.approx(0.5)
    assert result.reduced_chi_square == pytest.approx(36 / 8)


@pytest.mark.parametrize("seed", range(5))
def test_the_posterior_equals_the_information_form(seed: int) -> None:
    prior, b, h, y, r = problem(seed)
    result = compute_inversion(prior, b, h, y, r)
    covariance = np.linalg.inv(h.T @ np.linalg.inv(r) @ h + np.linalg.inv(b))
    assert result.posterior_covariance == pytest.approx(covariance, rel=1e-8)
    assert result.posterior == pytest.approx(covariance @ (h.T @ np.linalg.inv(r) @ y + np.linalg.inv(b) @ prior), rel=1e-8)
    assert result.averaging_kernel == pytest.approx(np.eye(len(prior)) - covariance @ np.linalg.inv(b), abs=1e-8)
    assert result.disagreement < 1e-8


def test_honest_errors_cover_the_truth_and_give_a_chi_square_of_one() -> None:
    """Truth drawn from the prior, noise drawn from the stated error: 95 % intervals must hold the truth 95 times in 100."""
    random = np.random.default_rng(7)
    prior, b, h, _, r = problem(3)
    root_b, inside, chi = np.linalg.cholesky(b), 0, []
    for _ in range(300):
        truth = prior + root_b @ random.standard_normal(len(prior))
        y = h @ truth + np.sqrt(np.diag(r)) * random.standard_normal(len(r))
        result = compute_inversion(prior, b, h, y, r)
        inside += int((np.abs(result.posterior - truth) < 1.96 * np.sqrt(np.diag(result.posterior_covariance))).sum())
        chi.append(result.reduced_chi_square)
    assert 0.93 < inside / 1500 < 0.97
    assert np.mean(chi) == pytest.approx(1, abs=0.03)


def test_blind_measurements_teach_nothing() -> None:
    prior, b, h, y, r = problem(1)
    result = compute_inversion(prior, b, 0 * h, y, r)
    assert result.posterior == pytest.approx(prior)
    assert result.degrees_of_freedom == pytest.approx(0)


def test_a_covariance_that_is_none_is_refused() -> None:
    prior, b, h, y, r = problem(1)
    with pytest.raises(np.linalg.LinAlgError):
        compute_inversion(prior, -b, h, y, r)


def test_box_by_hand() -> None:
    """10 ppm = 17.988 mg/m³, 3 m/s through 800 m × 20 km: 863.4 kg/s."""
    assert compute_box_emission_t_h(10, wind_m_s=3, mixing_height_m=800, width_m=20_000) == pytest.approx(3108.3, rel=1e-4)


def test_two_equal_independent_lines_by_hand() -> None:
    assert compute_propagated_pct([50, 50], [10, 10], [0, 0], ["a", "b"]) == pytest.approx(10 / math.sqrt(2))


def test_lines_that_share_a_factor_are_wrong_together() -> None:
    assert compute_propagated_pct([50, 50], [0, 0], [10, 10], ["grid", "grid"]) == pytest.approx(10)
    assert compute_propagated_pct([50, 50], [0, 0], [10, 10], ["coal", "gas"]) == pytest.approx(10 / math.sqrt(2))


def test_simulation_agrees_with_the_formula_and_with_itself() -> None:
    lines = ([120.0, 40.0, 60.0, 5.0], [5.0, 8.0, 3.0, 30.0], [4.0, 6.0, 6.0, 50.0], ["coal", "grid", "grid", "waste"])
    propagated = compute_propagated_pct(*lines)
    below, above = compute_simulated_pct(*lines)
    assert below == pytest.approx(propagated, rel=0.03)
    assert above == pytest.approx(propagated, rel=0.03)
    assert compute_simulated_pct(*lines) == (below, above)
    assert compute_simulated_pct(*lines, seed=1) != (below, above)
