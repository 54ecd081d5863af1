"""Sums on a grid, against distributions that are closed under such sums."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators import grids
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.grids import OFF, grid_of
from guessmodel.estimators.sums_of_events import Size
from guessmodel.graph.quantity import Quantity

POINTS = 1 << 17


def closed(draw: Quantity) -> Closed:
    found = ClosedForms.of([draw]).at(draw)
    assert found is not None
    return found


def plain(draw: Quantity) -> Size:
    return Size(closed(draw), -math.inf, math.inf)


@pytest.mark.parametrize("mean", [POINTS / 9.3, POINTS / 20, POINTS / 300])
def test_the_error_of_the_transform_is_below_what_is_stated(mean: float) -> None:
    """A geometric number of geometric sizes is geometric; a Poisson number of logarithmic ones is
    negative binomial (Quenouille 1949). The widest reach 0.9999 at the last point."""
    k = np.arange(POINTS)
    for p in (0.01, 0.25):
        mass = stats.geom(1 / mean / p).pmf(k)
        found = grids._sums(closed(gm.geometric(p)), mass, POINTS)
        assert np.abs(found - stats.geom(1 / mean).cdf(k)).max() < OFF / 10
    theta = 1 - 1 / mean
    mass = np.append(0.0, stats.logser(theta).pmf(k[1:]))
    found = grids._sums(closed(gm.poisson(-0.5 * math.log1p(-theta))), mass, POINTS)
    assert np.abs(found - stats.nbinom(0.5, 1 - theta).cdf(k)).max() < OFF / 10


@pytest.mark.parametrize("p", [0.01, 0.9])
def test_both_roundings_enclose(p: float) -> None:
    """A geometric number of exponential sizes is exponential, of 1 / p times the mean."""
    grid = grid_of(closed(gm.geometric(p)), plain(gm.exponential(mean=2)))
    assert grid is not None
    exact = stats.expon(scale=2 / p).cdf(grid.step * np.arange(POINTS))
    assert np.all(grid.up <= exact + OFF) and np.all(exact <= grid.down + OFF)
    assert not np.all(exact <= grid.up + OFF) and not np.all(grid.down <= exact + OFF)


def test_sizes_on_a_lattice_are_not_rounded() -> None:
    grid = grid_of(closed(gm.geometric(0.01)), plain(0.25 * gm.geometric(0.1)))
    assert grid is not None
    assert grid.step == 0.25 and grid.up is grid.down
    exact = stats.geom(0.001).cdf(np.arange(POINTS))
    assert np.abs(grid.up - exact).max() < OFF / 10


BINOMIAL, POISSON = stats.binom(3, 0.4), stats.poisson(2)
POSITIVE = POISSON.pmf(range(1, 40)) / POISSON.sf(0)


@pytest.mark.parametrize(
    ("count", "shares"),
    [
        (lambda: gm.poisson(2), POISSON.pmf(range(40))),
        (lambda: 2 + gm.binomial(3, 0.4), [0, 0, *BINOMIAL.pmf(range(4))]),
        (lambda: gm.hurdle(gm.poisson(2), 0.6), [0.6, *0.4 * POSITIVE]),
    ],
)
def test_any_number_of_events_has_a_generating_function(count, shares) -> None:
    sizes, other = plain(gm.lognormal(1, 9)), gm.empirical(range(len(shares)), weights=shares)
    found, again = grid_of(closed(count()), sizes), grid_of(closed(other), sizes)
    assert found is not None and again is not None
    assert found.step == again.step
    assert found.up == pytest.approx(again.up, abs=1e-9)


def test_numbers_of_events_that_have_none() -> None:
    for count in (gm.normal(3, 5), -gm.poisson(3), 0.5 * gm.binomial(3, 0.5), gm.poisson(3e9) * 2):
        assert not grids.has_generating(closed(count))


def test_rare_payments_have_a_grid_too() -> None:
    """1 event in e^7 exceeds the deductible of 7 means: so many fewer events of the same sizes."""
    rare = grid_of(closed(gm.poisson(500)), Size(closed(gm.exponential(mean=1) - 7), 0.0, math.inf))
    assert rare is not None
    none = math.exp(-500 * math.exp(-7))
    assert rare.up[0] == pytest.approx(none, abs=OFF)


def test_grids_that_outlive_their_model_take_little_memory() -> None:
    """Two arrays of 8 * 131,072 bytes each."""
    grid = grid_of(closed(gm.geometric(0.25)), plain(gm.exponential(mean=2)))
    most = grid_of.cache_info().maxsize
    assert grid is not None and most is not None
    assert 16 <= most <= 40e6 / (grid.down.nbytes + grid.up.nbytes)  # 16: the labels of a quantity
