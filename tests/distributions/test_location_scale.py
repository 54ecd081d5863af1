"""The template: a family written down as its standard variate alone."""

from __future__ import annotations

from typing import Any, ClassVar, final

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions.exponential import Exponential
from guessmodel.distributions.gamma import Gamma
from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.pareto import Pareto
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.numerics.arrays import FloatArray
from guessmodel.testing.families import check_family


@final
class Gumbel(LocationScale):
    """What a user writes for a family of their own."""

    name = "gumbel"
    parameters: ClassVar = {"location": REAL, "scale": POSITIVE}

    def standard_mean(self) -> float:
        return 0.5772156649015329

    def standard_variance(self) -> float:
        return np.pi**2 / 6.0

    def standard_pdf(self, z: FloatArray) -> Any:
        return np.exp(-z - np.exp(-z))

    def standard_cdf(self, z: FloatArray) -> Any:
        return np.exp(-np.exp(-z))

    def standard_sf(self, z: FloatArray) -> Any:
        return -np.expm1(-np.exp(-z))

    def standard_ppf(self, p: FloatArray) -> Any:
        return -np.log(-np.log(p))

    def standard_isf(self, q: FloatArray) -> Any:
        return -np.log(-np.log1p(-q))


def test_a_family_is_its_standard_variate() -> None:
    check_family(Gumbel(), (3.0, 2.0), reference=stats.gumbel_r(3.0, 2.0))


def test_beyond_the_support_there_is_nothing() -> None:
    x = [-np.inf, -1.0, np.inf]
    assert Exponential().pdf(x, 2.0).tolist() == [0.0, 0.0, 0.0]
    assert Exponential().cdf(x, 2.0).tolist() == [0.0, 0.0, 1.0]
    assert Exponential().sf(x, 2.0).tolist() == [1.0, 1.0, 0.0]


def test_the_ends_of_the_probabilities_are_the_ends_of_the_support() -> None:
    assert Exponential().ppf([0.0, 1.0], 2.0).tolist() == [0.0, np.inf]
    assert Pareto().isf([1.0, 0.0], 2.0, 3.0).tolist() == [2.0, np.inf]


def test_overflow_in_a_tail_is_no_warning() -> None:
    with np.errstate(all="raise"):
        assert Gamma().sf(1e308, 2.0, 1e-9) == 0.0
        assert Pareto().isf(1e-300, 1.0, 0.1) == np.inf


@pytest.mark.parametrize("bad", [(0.0, 1.0), (-1.0, 1.0), (np.nan, 1.0), (np.inf, 1.0), (1.0, 0.0)])
def test_shapes_and_scales_are_positive_and_finite(bad: tuple[float, float]) -> None:
    assert not Gamma().valid(*bad)


def test_parameters_broadcast_against_points() -> None:
    shape = np.array([1.0, 2.0, 3.0])[:, None]
    table = Gamma().cdf(np.linspace(0.0, 4.0, 5), shape, 1.0)
    assert table.shape == (3, 5)
    assert table[1, 2] == pytest.approx(stats.gamma(2.0).cdf(2.0))
    assert Gamma().mean(shape, 2.0).shape == (3, 1)
