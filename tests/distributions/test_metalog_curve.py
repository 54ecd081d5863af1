"""The curve of a metalog, term by term, and the maps to and from a bounded range."""

from __future__ import annotations

import numpy as np
import pytest

from guessmodel.distributions.metalog_curve import (
    basis,
    curve,
    expit,
    from_line,
    polynomials,
    slope,
    spread,
    to_line,
)

Y = 0.8
LOGIT = np.log(4.0)


def test_the_basis_is_keelins() -> None:
    # Keelin (2016), equation (6), written out for ten terms at y = 0.8.
    c = 0.3
    expected = [1, LOGIT, c * LOGIT, c, c**2, c**2 * LOGIT, c**3, c**3 * LOGIT, c**4, c**4 * LOGIT]
    assert basis(Y, 10) == pytest.approx(expected, rel=1e-12)


def test_curve_and_polynomials_are_the_basis_summed() -> None:
    a = np.arange(1.0, 10.0)
    wanted = float(np.dot(basis(Y, 9), a))
    assert float(curve(np.asarray(LOGIT), list(a))) == pytest.approx(wanted, rel=1e-12)
    location, scale = polynomials(np.asarray(0.3), list(a))
    assert float(location + scale * LOGIT) == pytest.approx(wanted, rel=1e-12)


def test_slope_is_the_derivative() -> None:
    a = [0.3, 1.0, -0.4, 0.7, 0.2, -0.1, 0.5, 0.9]
    t = np.linspace(-30.0, 30.0, 41)
    h = 1e-5
    numerical = (curve(t + h, a) - curve(t - h, a)) / (2.0 * h)
    assert slope(t, a) == pytest.approx(numerical, rel=1e-6, abs=1e-9)


def test_both_tails_are_precise() -> None:
    assert float(expit(np.asarray(-700.0))) == pytest.approx(np.exp(-700.0), rel=1e-12)
    assert float(spread(np.asarray(700.0))) == pytest.approx(np.exp(-700.0), rel=1e-12)
    assert float(expit(np.asarray(700.0))) == 1.0


@pytest.mark.parametrize(
    ("bounds", "x"),
    [
        ({}, [-1e9, 0.0, 3.0]),
        ({"lower": 2.0}, [2.0 + 1e-9, 3.0, 1e9]),
        ({"upper": 2.0}, [-1e9, 1.0, 2.0 - 1e-9]),
        ({"lower": -1.0, "upper": 2.0}, [-1.0 + 1e-9, 0.0, 2.0 - 1e-9]),
    ],
)
def test_the_maps_are_each_others_inverse(bounds: dict[str, float], x: list[float]) -> None:
    assert from_line(to_line(np.array(x), bounds), bounds) == pytest.approx(x, rel=1e-12)


def test_next_to_either_bound_no_digits_are_lost() -> None:
    bounds = {"lower": 0.0, "upper": 1.0}
    assert float(from_line(-600.0, bounds)) == pytest.approx(np.exp(-600.0), rel=1e-12)
    assert float(from_line(600.0, {"lower": -1.0, "upper": 0.0})) == pytest.approx(
        -np.exp(-600.0), rel=1e-12
    )
