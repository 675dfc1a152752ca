"""Linear Bayesian inversion: what measured CO2 enhancements say about emissions that were first taken from an inventory.

Source: Rodgers (2000), Inverse Methods for Atmospheric Sounding, chapters 2 and 4; the pilot guides of the
national monitoring station (2022) name the method but their exact choices were not read.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# Two ways of computing the same estimate may differ by rounding; beyond this the problem is too badly conditioned to report.
DISAGREEMENT_MAX = 1e-6


class Inversion(NamedTuple):
    """Emissions after the measurements, with what the measurements could and could not tell.

    Attributes:
        posterior: estimate of each source, in the unit of the prior.
        posterior_covariance: its covariance.
        averaging_kernel: change of each estimate for a unit change of each true source.
        degrees_of_freedom: trace of the averaging kernel, 0 (nothing learnt) to the number of sources.
        reduced_chi_square: misfit of the measurements to the prior over its expectation; about 1 when the stated errors are honest.
        disagreement: largest difference to a second computation, in posterior standard deviations.
    """

    posterior: np.ndarray
    posterior_covariance: np.ndarray
    averaging_kernel: np.ndarray
    degrees_of_freedom: float
    reduced_chi_square: float
    disagreement: float


def compute_inversion(
    prior: np.ndarray, prior_covariance: np.ndarray, sensitivity: np.ndarray, enhancement: np.ndarray, error_covariance: np.ndarray
) -> Inversion:
    """Estimates sources from enhancements: x = x_b + B H' (H B H' + R)^-1 (y - H x_b).

    Args:
        prior: emissions of each source before the measurements, x_b.
        prior_covariance: its covariance B, positive definite.
        sensitivity: H, ppm of enhancement for each unit of each source; one row a measurement.
        enhancement: y, ppm above the background.
        error_covariance: covariance R of measurement and transport error, ppm squared, positive definite.

    Raises:
        numpy.linalg.LinAlgError: a covariance is not positive definite.
    """
    innovation = enhancement - sensitivity @ prior
    spread = sensitivity @ prior_covariance @ sensitivity.T + error_covariance
    np.linalg.cholesky(prior_covariance)
    np.linalg.cholesky(error_covariance)
    gain = np.linalg.solve(spread, sensitivity @ prior_covariance).T
    posterior = prior + gain @ innovation
    kernel = gain @ sensitivity
    covariance = (np.eye(len(prior)) - kernel) @ prior_covariance
    covariance = (covariance + covariance.T) / 2
    second = solve_by_least_squares(prior, prior_covariance, sensitivity, enhancement, error_covariance)
    deviation = np.sqrt(np.maximum(np.diag(covariance), np.finfo(float).tiny))
    return Inversion(
        posterior=posterior,
        posterior_covariance=covariance,
        averaging_kernel=kernel,
        degrees_of_freedom=float(np.trace(kernel)),
        reduced_chi_square=float(innovation @ np.linalg.solve(spread, innovation)) / len(enhancement),
        disagreement=float(np.max(np.abs(posterior - second) / deviation)),
    )


def solve_by_least_squares(
    prior: np.ndarray, prior_covariance: np.ndarray, sensitivity: np.ndarray, enhancement: np.ndarray, error_covariance: np.ndarray
) -> np.ndarray:
    """The same estimate by another road: prior and measurements, each divided by its error, as one least-squares problem."""
    prior_root, error_root = np.linalg.cholesky(prior_covariance), np.linalg.cholesky(error_covariance)
    matrix = np.vstack([np.linalg.solve(error_root, sensitivity), np.linalg.solve(prior_root, np.eye(len(prior)))])
    target = np.concatenate([np.linalg.solve(error_root, enhancement), np.linalg.solve(prior_root, prior)])
    solution: np.ndarray = np.linalg.lstsq(matrix, target, rcond=None)[0]
    return solution


def compute_box_emission_t_h(enhancement_ppm: float, *, wind_m_s: float, mixing_height_m: float, width_m: float) -> float:
    """Emission of a well-mixed box that wind blows through, in tonnes of CO2 an hour.

    Args:
        enhancement_ppm: mean CO2 above the background.
        wind_m_s: mean wind through the box, above 0.
        mixing_height_m: height of the mixed layer, above 0.
        width_m: width of the box across the wind, above 0.

    Rounding: none. 1 ppm is taken as 44.0095 g/mol over 24.4654 L/mol (25 °C, 101.325 kPa) = 1.7988 mg/m³.
    """
    mg_m3 = enhancement_ppm * 44.0095 / 24.4654
    return mg_m3 * wind_m_s * mixing_height_m * width_m * 3600 / 1e9
