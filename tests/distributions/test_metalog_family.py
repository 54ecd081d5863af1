"""Metalog distributions: formulas against Keelin's published ones, and against each other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from guessmodel.distributions.metalog_family import STEEPEST, Metalog
from guessmodel.testing.families import check_family

SHAPES: list[tuple[Metalog, tuple[float, ...]]] = [
    (Metalog(2), (3.0, 0.5)),
    (Metalog(3), (3.0, 1.0, 1.2)),
    (Metalog(4), (0.0, 1.0, -0.4, 0.7)),
    (Metalog(5), (1.0, 0.5, 0.1, 2.0, 3.0)),
    (Metalog(6), (1.0, 0.5, 0.1, 2.0, 0.3, 0.4)),
    (Metalog(3, ("lower",)), (0.7, 0.3, 0.1, 5.0)),
    (Metalog(3, ("upper",)), (0.7, 0.3, 0.1, 5.0)),
    (Metalog(4, ("lower", "upper")), (0.2, 0.8, -0.3, 0.5, -1.0, 4.0)),
]


@pytest.mark.parametrize(("family", "at"), SHAPES)
def test_formulas_agree_with_each_other(family: Metalog, at: tuple[float, ...]) -> None:
    check_family(family, at)


def test_two_terms_are_the_logistic_distribution() -> None:
    check_family(Metalog(2), (3.0, 0.5), reference=stats.logistic(3.0, 0.5))


def test_bounded_two_terms_are_the_log_logistic_distribution() -> None:
    # exp of a logistic of location log(scale) and scale 1/c: scipy.stats.fisk.
    check_family(
        Metalog(2, ("lower",)), (np.log(2.0), 0.25, 0.0), reference=stats.fisk(4.0, scale=2.0)
    )


def test_moments_are_keelins() -> None:
    # Keelin (2016), section 3.4: mean and variance of four terms.
    a1, a2, a3, a4 = 3.0, 1.0, 0.4, 0.7
    family = Metalog(4)
    mean = a1 + a3 / 2
    variance = np.pi**2 * a2**2 / 3 + a3**2 / 12 + np.pi**2 * a3**2 / 36 + a2 * a4 + a4**2 / 12
    assert float(family.mean(a1, a2, a3, a4)) == pytest.approx(mean, rel=1e-12)
    assert float(family.variance(a1, a2, a3, a4)) == pytest.approx(variance, rel=1e-12)


@pytest.mark.parametrize(("family", "at"), SHAPES)
def test_moments_are_integrals_over_the_density(family: Metalog, at: tuple[float, ...]) -> None:
    # Gauss–Legendre between quantiles, where the density is smooth.
    p = 0.5 * np.exp(-np.linspace(0.0, 30.0, 121))
    edges = np.concatenate([family.ppf(p[::-1], *at), family.isf(p[1:], *at)])
    points, weights = np.polynomial.legendre.leggauss(12)
    half = np.diff(edges) / 2.0
    x = (edges[:-1] + half)[:, None] + half[:, None] * points
    mass = half[:, None] * weights * family.pdf(x, *at)

    def against(power: int) -> float:
        return float(np.sum(mass * x**power))

    assert against(0) == pytest.approx(1.0, rel=1e-9)
    assert float(family.mean(*at)) == pytest.approx(against(1), rel=1e-6)
    if family.bounds in ((), ("lower", "upper")):
        second = float(family.variance(*at)) + float(family.mean(*at)) ** 2
        assert second == pytest.approx(against(2), rel=1e-6)


def test_a_heavy_tail_has_no_moments() -> None:
    # Bounded below, the quantile grows as (1 - y) ** -(a2 + a3 / 2): the mean is finite below 1.
    family = Metalog(3, ("lower",))
    assert np.isfinite(family.mean(0.0, 0.6, 0.6, 0.0))
    assert float(family.variance(0.0, 0.6, 0.6, 0.0)) == np.inf
    assert float(family.mean(0.0, 0.8, 0.6, 0.0)) == np.inf


def test_the_steepest_third_term_is_the_published_one() -> None:
    # Keelin (2016), section 6: three terms are feasible for |a3| / a2 < 1.66711.
    assert pytest.approx(1.66711, abs=5e-6) == STEEPEST
    y = optimize.minimize_scalar(
        lambda y: -((y - 0.5) + y * (1 - y) * np.log(y / (1 - y))),
        bounds=(0.6, 0.99),
        method="bounded",
    )
    assert pytest.approx(-1.0 / y.fun, rel=1e-9) == STEEPEST


@pytest.mark.parametrize("terms", [3, 4])  # the closed form, and the search over a grid
def test_what_is_feasible(terms: int) -> None:
    rest = (0.0,) * (terms - 3)
    assert Metalog(terms).valid(0.0, 1.0, 0.999 * STEEPEST, *rest)
    assert not Metalog(terms).valid(0.0, 1.0, 1.001 * STEEPEST, *rest)
    assert not Metalog(terms).valid(0.0, -1.0, 0.0, *rest)
    many = Metalog(terms).valid(0.0, np.array([1.0, -1.0]), np.array([[0.0], [1.7]]), *rest)
    assert many.tolist() == [[True, False], [False, False]]
