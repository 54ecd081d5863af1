"""Moments from quantile functions, against closed forms (those of scipy.stats)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.quadrature import moments


def both(distribution: object) -> tuple[float, float]:
    mean, variance = moments(distribution.ppf, distribution.isf)  # type: ignore[attr-defined]
    return float(mean[0]), float(variance[0])


@pytest.mark.parametrize(
    "distribution",
    [
        stats.norm(3, 2),
        stats.uniform(),
        stats.expon(),
        stats.logistic(1e6, 1),
        stats.lognorm(0.1),
        stats.lognorm(3),
        stats.gamma(0.05),
        stats.beta(0.1, 0.2),
        stats.t(2.5),
        stats.pareto(2.2),
    ],
)
def test_moments_of_smooth_distributions(distribution: stats.rv_continuous) -> None:
    mean, variance = both(distribution)
    scale = distribution.std()
    assert mean == pytest.approx(distribution.mean(), rel=1e-10, abs=1e-10 * scale)
    assert variance == pytest.approx(distribution.var(), rel=1e-8)


def test_moments_that_diverge() -> None:
    assert both(stats.pareto(1.5))[0] == pytest.approx(3.0, rel=1e-9)
    assert both(stats.pareto(1.5))[1] == np.inf
    assert both(stats.pareto(0.9)) == (np.inf, np.inf)
    assert np.isnan(both(stats.cauchy())).all()
    mean, variance = moments(
        lambda p: -stats.pareto(0.9).isf(p), lambda q: -stats.pareto(0.9).ppf(q)
    )
    assert (mean[0], variance[0]) == (-np.inf, np.inf)


def test_near_divergence_the_tail_beyond_the_nodes_counts() -> None:
    # Of the mean of a Pareto of shape 1.01, 0.2% lies beyond probability 1e-276.
    assert both(stats.pareto(1.01))[0] == pytest.approx(101.0, rel=2e-5)


def test_many_at_once_and_underflowing_tails() -> None:
    rate = np.array([1.0, 2.0, 5.0])

    def isf(q: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return -np.log(np.where(q < 1e-200, 0.0, q)) / rate

    mean, variance = moments(lambda p: -np.log1p(-p) / rate, isf)
    assert mean == pytest.approx(1.0 / rate, rel=1e-12)
    assert variance == pytest.approx(1.0 / rate**2, rel=1e-12)
