"""The kernel density, against densities in closed form."""

import math

import numpy as np
import pytest

from guessmodel.numerics.arrays import FloatArray
from guessmodel.plots.kernel import density


def normal_pdf(x: FloatArray, mean: float, sd: float) -> FloatArray:
    return np.asarray(np.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * math.sqrt(2 * math.pi)))


def worst(x: FloatArray, true: FloatArray, found: FloatArray) -> float:
    """Integrated absolute error: 0 for a perfect estimate, 2 for one beside the point."""
    return float(np.sum(np.abs(true - found)) * (x[1] - x[0]))


def test_a_normal_density_is_found() -> None:
    draws = np.random.default_rng(1).normal(3.0, 2.0, 20_000)
    x, y, bandwidth = density(draws, draws.min(), draws.max())
    assert worst(x, normal_pdf(x, 3.0, 2.0), y) < 0.03
    # The optimum for a normal is 1.06 sd n^(-1/5): Silverman (1986), eq. 3.28.
    assert bandwidth == pytest.approx(1.06 * 2.0 * 20_000 ** (-0.2), rel=0.35)


def test_two_far_peaks_of_different_width_are_not_smeared() -> None:
    """Rules that assume one normal peak take a bandwidth of 0.6 here, six times the narrow peak."""
    rng = np.random.default_rng(2)
    draws = np.r_[rng.normal(0.0, 0.1, 10_000), rng.normal(10.0, 1.0, 10_000)]
    x, y, bandwidth = density(draws, draws.min(), draws.max())
    true = 0.5 * normal_pdf(x, 0.0, 0.1) + 0.5 * normal_pdf(x, 10.0, 1.0)
    assert bandwidth < 0.05
    assert worst(x, true, y) < 0.06


@pytest.mark.parametrize("n", [2, 5, 50, 1000])
def test_everything_stays_within_the_limits_and_is_counted(n: int) -> None:
    draws = np.random.default_rng(n).uniform(2.0, 5.0, n)
    x, y, _ = density(draws, 2.0, 5.0)
    assert x[0] > 2.0 and x[-1] < 5.0
    assert np.all(y >= 0.0)
    assert float(y.sum() * (x[1] - x[0])) == pytest.approx(1.0, rel=0.02)
