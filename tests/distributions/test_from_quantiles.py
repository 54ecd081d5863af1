"""Shapes from two quantiles, over the whole range of numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions.from_quantiles import beta_from_quantiles, gamma_from_quantiles
from guessmodel.errors import ModelError


def test_a_quantile_of_the_standard_variate_may_underflow() -> None:
    # So wide an interval that low / scale is far below the smallest number.
    shape, scale = gamma_from_quantiles("gamma", 1e-150, 1e150, 0.05, 0.95, rest=0.05)
    made = stats.gamma(float(shape), scale=float(scale))
    assert made.sf(1e150) == pytest.approx(0.05, rel=1e-8)
    # P(shape, x) is x^shape / gamma(1 + shape) for small x.
    log_p = shape * (math.log(1e-150) - math.log(scale)) - math.lgamma(1 + shape)
    assert math.exp(log_p) == pytest.approx(0.05, rel=1e-8)


def test_labels_that_are_not_applicable_stay_so() -> None:
    low, high = np.array([1.0, np.nan, 3.0]), np.array([2.0, 5.0, np.nan])
    shape, scale = gamma_from_quantiles("gamma", low, high, 0.05, 0.95, rest=0.05)
    assert np.isnan(shape).tolist() == np.isnan(scale).tolist() == [False, True, True]


@pytest.mark.parametrize(("p", "q"), [(0.05, 0.95), (0.98, 0.99), (0.01, 0.02), (1e-6, 0.5)])
@pytest.mark.parametrize("width", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("logit", [-20.0, 0.0, 5.0])
def test_beta_meets_both_quantiles(logit: float, width: float, p: float, q: float) -> None:
    low, high = (1.0 / (1.0 + math.exp(-x)) for x in (logit - width, logit + width))
    alpha, beta = beta_from_quantiles(low, high, p, q)
    made = stats.beta(float(alpha), float(beta))
    assert made.cdf(low) == pytest.approx(p, rel=1e-6)
    assert made.sf(high) == pytest.approx(1.0 - q, rel=1e-6)


@pytest.mark.parametrize("gap", [2.0**-53, 1e-14])
def test_bounds_that_rounding_cannot_tell_apart_are_refused(gap: float) -> None:
    with pytest.raises(ModelError, match="too close or too far apart"):
        beta_from_quantiles(0.5, 0.5 + 2 * gap, 0.05, 0.95)
    with pytest.raises(ModelError, match="too close or too far apart"):
        gamma_from_quantiles("gamma", 0.5, 0.5 + 2 * gap, 0.05, 0.95, rest=0.05)
