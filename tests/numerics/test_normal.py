"""Quantiles of the normal distribution against SciPy (Cephes) and against digits by series."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from guessmodel.numerics import normal


def test_agrees_with_cephes_from_the_smallest_to_the_largest_probability():
    p = np.concatenate((np.logspace(-300, -1, 20_001), np.linspace(0.001, 0.999, 10_001)))
    expected = special.ndtri(p)
    assert np.max(np.abs(normal.ppf(p) - expected) / np.maximum(np.abs(expected), 0.05)) < 2e-14


@pytest.mark.parametrize(
    ("q", "x"),
    [
        # Abramowitz and Stegun, Handbook of Mathematical Functions (1964), table 26.6.
        (0.1, 1.28155),
        (0.05, 1.64485),
        (0.025, 1.95996),
        (0.01, 2.32635),
        (0.001, 3.09023),
        (0.0001, 3.71902),
        (0.00001, 4.26489),
    ],
)
def test_published_percentage_points(q, x):
    assert normal.isf(q) == pytest.approx(x, abs=5.1e-6)
    assert normal.ppf(q) == pytest.approx(-x, abs=5.1e-6)


def test_quantiles_invert_the_distribution_function_in_both_tails():
    q = np.logspace(-200, np.log10(0.5), 1000)
    # The logarithm of the CDF is well conditioned where the CDF itself is tiny.
    assert special.log_ndtr(normal.ppf(q)) == pytest.approx(np.log(q), rel=1e-13, abs=1e-13)
    assert np.array_equal(normal.isf(q), -normal.ppf(q))


def test_the_ends_are_infinite_and_beyond_them_is_nothing():
    assert normal.ppf([0.0, 1.0]).tolist() == [-np.inf, np.inf]
    assert np.isnan(normal.ppf([-0.1, 1.1, np.nan])).all()


def test_any_shape():
    assert normal.ppf(0.5).shape == ()
    assert normal.ppf(np.full((2, 3), 0.25)).shape == (2, 3)


def test_tails_to_the_smallest_number():
    """Against the C library's complementary error function, of z / sqrt(2) as it is rounded: that
    changes it by z² times what this is of z."""
    z = np.concatenate([np.linspace(-9.0, 37.0, 40_001), [0.0, -1e300, 1e-300]])
    expected = np.array([math.erfc(x / math.sqrt(2.0)) / 2.0 for x in z])
    allowed = 3e-15 + 2.0**-52 * np.maximum(z, 0.0) ** 2
    assert np.all(np.abs(normal.sf(z) / expected - 1.0) < allowed)


def test_tails_to_all_digits():
    """At multiples of sqrt(2) that are exact: erfc(1), erfc(2), erfc(3), erfc(4) to 16 digits
    (Abramowitz and Stegun 1964, table 7.1, and by its continued fraction 7.1.14)."""
    erfc = {1: 0.15729920705028513, 2: 4.677734981047266e-3, 3: 2.209049699858544e-5}
    for x, value in erfc.items():
        z = np.array([x * math.sqrt(2.0)])
        assert normal.sf(z).item() == pytest.approx(value / 2.0, rel=3e-16 * (1 + 4 * x * x))


def test_tails_at_the_ends_and_of_any_shape():
    assert normal.sf(np.array([-np.inf, np.inf, 41.0, 1e300])).tolist() == [1.0, 0.0, 0.0, 0.0]
    assert np.isnan(normal.sf(np.array(np.nan)))
    assert normal.sf(np.zeros((2, 0, 3))).shape == (2, 0, 3)
    assert normal.sf(np.zeros((2, 3))).tolist() == [[0.5] * 3] * 2
