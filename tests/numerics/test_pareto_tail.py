"""Tails as generalised Pareto distributions, against SciPy's and known shapes."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.numerics.pareto_tail import ParetoTail, farther_shape, tail_shape

SHAPES = [-0.5, -0.2, 0.0, 0.3, 0.7, 1.0]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_fit_finds_the_shape(shape: float) -> None:
    rng = np.random.default_rng(3)
    samples = stats.genpareto(shape, scale=2.0).rvs(size=(100, 200), random_state=rng)
    found = [ParetoTail.fitted(np.sort(each)) for each in samples]
    error = (1 + shape) / math.sqrt(200)  # Smith (1985); the mean of 100 is off by a tenth of it
    assert np.mean([tail.shape for tail in found]) == pytest.approx(shape, abs=0.6 * error)
    assert np.mean([tail.scale for tail in found]) == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("p", [0.1, 1e-3, 1e-6])
def test_the_upper_limit_is_one(shape: float, p: float) -> None:
    known = stats.genpareto(shape)
    samples = known.rvs(size=(300, 128), random_state=np.random.default_rng(5))
    fits = [ParetoTail.fitted(np.sort(each)) for each in samples]
    x = float(known.isf(p))
    above = [np.mean([t.beyond(x) >= p for t in each]) for each in (fits, limits(fits))]
    assert above[1] >= 0.87  # of 300; at 95% it is below with probability 1e-6
    assert above[0] < 0.75  # the fit itself is none


def limits(fits: list[ParetoTail]) -> list[ParetoTail]:
    return [fit.upper_limit(128) for fit in fits]


@pytest.mark.parametrize("shape", [-0.3, 0.0, 0.5])
def test_probabilities_beyond_are_scipys(shape: float) -> None:
    known = stats.genpareto(shape, scale=1.5)
    for x in (0.1, 2.0, 4.9, 20.0):
        assert ParetoTail(shape, 1.5).beyond(x) == pytest.approx(known.sf(x), abs=1e-15)


def test_the_shape_of_draws_is_that_of_their_tail() -> None:
    rng = np.random.default_rng(7)
    assert tail_shape(rng.standard_t(3, size=(8, 8192)), 0.0) == pytest.approx(1 / 3, abs=0.15)
    assert tail_shape(rng.uniform(size=(8, 512)), 0.5) == pytest.approx(-1.0, abs=0.3)
    lost = rng.pareto(1.5, size=(8, 512))
    lost[0, 0], lost[1, 0] = np.nan, np.inf
    assert tail_shape(lost, 0.0) == pytest.approx(1 / 1.5, abs=0.4)
    assert tail_shape(np.where(rng.random((8, 512)) < 0.01, 5.0, 0.0), 0.05) == math.inf
    assert tail_shape(np.arange(8.0), 0.0) == math.inf  # too few


def test_the_farther_tail_is_looked_at_alone() -> None:
    """An exponential tail, whose shape is 0, and on the other side an end."""
    rng = np.random.default_rng(3)
    found = []
    for k in range(20):
        draws = np.concatenate([rng.uniform(0, 3, size=600), 3.0 + rng.exponential(size=200)])
        draws = draws if k % 2 else -draws
        centre = float(draws.mean())
        found.append((tail_shape(draws, centre), farther_shape(draws, centre)))
    both, alone = np.mean(found, axis=0)
    assert both > 0.35 and alone == pytest.approx(0.0, abs=0.15)
    assert farther_shape(np.arange(8.0), 0.0) == math.inf
