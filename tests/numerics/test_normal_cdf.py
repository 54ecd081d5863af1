"""The tabulated normal CDF against SciPy's."""

import numpy as np
from scipy import stats

from guessmodel.numerics.normal_cdf import normal_cdf


def test_it_keeps_its_promise():
    z = np.random.default_rng(0).uniform(-12, 12, 200_000)
    assert np.abs(normal_cdf(z) - stats.norm.cdf(z)).max() < 6e-12


def test_knots_midpoints_and_infinities():
    z = np.concatenate((np.arange(-2560, 2561) / 256, [-np.inf, np.inf]))
    assert np.abs(normal_cdf(z) - stats.norm.cdf(z)).max() < 6e-12


def test_shapes_and_operands_are_left_alone():
    z = np.linspace(-3.0, 3.0, 12).reshape(3, 4)
    before = z.copy()
    assert normal_cdf(z).shape == (3, 4)
    assert np.array_equal(z, before)
