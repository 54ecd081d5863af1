"""Narrowing against closed forms: tails of sums of normal scores, of chances, far corners."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.numerics.narrowing import narrowed
from guessmodel.numerics.subset_simulation import Reached

SHAPE = (4, 8, 64)


def found(reached, shape=SHAPE, seed: int = 0, least: float = 1e-13) -> Reached | None:
    return narrowed(reached, shape, np.random.default_rng(seed), least)


@pytest.mark.parametrize(
    ("reached", "true"),
    [
        (lambda z: z.sum(axis=0) > 9.0, stats.norm.sf(4.5)),
        (lambda z: (z * z).sum(axis=0) > 36.0, stats.chi2(4).sf(36.0)),
        (lambda z: np.abs(z[0]) > 5.0, 2.0 * stats.norm.sf(5.0)),
        (lambda z: (z > 2.2).sum(axis=0) > 2.5, stats.binom.sf(2, 4, stats.norm.sf(2.2))),
        (lambda z: (z[0] > 3) & (z[1] > 3), stats.norm.sf(3) ** 2),
    ],
)
@pytest.mark.parametrize("variates", [4, 40])
def test_probabilities_are_right_on_the_average(reached, true: float, variates: int) -> None:
    """The more numbers have no part in it, as well."""
    shape = (variates, *SHAPE[1:])
    if variates > 4:
        whole = reached

        def reached(z):
            return whole(z[:4])

    told = [found(reached, shape, seed) for seed in range(40)]
    shares = [each.probability / true for each in told if each is not None]
    assert len(shares) == 40
    error = np.std(shares, ddof=1) / math.sqrt(40)
    assert np.mean(shares) == pytest.approx(1.0, abs=5.0 * error)
    assert error < 0.1


def test_populations_tell_the_error() -> None:
    told = [found(lambda z: z.sum(axis=0) > 9.0, seed=seed) for seed in range(60)]
    apart = [
        (each.probability - stats.norm.sf(4.5)) / (each.shares.std(ddof=1) / math.sqrt(8))
        for each in told
        if each is not None
    ]
    # Within 5 standard errors, as `turned_draws` asks; by Student's t with 7 degrees 99.8%.
    assert np.count_nonzero(np.abs(apart) < 5.0) >= 57


def test_points_are_distributed_as_given_the_region() -> None:
    """Of a normal variable above 4 the mean is its hazard rate there."""
    points = [found(lambda z: z[0] > 4.0, (2, 8, 128), seed) for seed in range(20)]
    there = np.concatenate([each.points[:, each.there] for each in points if each], axis=1)
    assert there[0].min() > 4.0
    assert there[0].mean() == pytest.approx(stats.norm.pdf(4) / stats.norm.sf(4), abs=0.02)
    assert there[1].mean() == pytest.approx(0.0, abs=0.15)
    assert there[1].std() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("reached", "least"),
    [
        (lambda z: z[0] > 7.5, 1e-12),  # P = 3e-14
        (lambda z: z[0] > 5.0, 1e-5),  # of no interest
        (lambda z: np.all(z > 5.0, axis=0), 1e-13),  # hardly any of the first points
        (lambda z: np.zeros(z.shape[1:], dtype=np.bool_), 1e-13),  # never
    ],
)
def test_where_nothing_is_found(reached, least: float) -> None:
    assert found(reached, least=least) is None
