"""Subset simulation against closed forms: tails of sums of normal scores, of counts, of windows."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.numerics.subset_simulation import Reached, subset_simulation

SHAPE = (4, 8, 128)


def found(margin, shape=SHAPE, seed: int = 0, least: float = 1e-13) -> Reached | None:
    return subset_simulation(margin, shape, np.random.default_rng(seed), least)


@pytest.mark.parametrize(
    ("margin", "true"),
    [
        (lambda z: z.sum(axis=0) - 9.0, stats.norm.sf(4.5)),
        (lambda z: (z * z).sum(axis=0) - 36.0, stats.chi2(4).sf(36.0)),
        (lambda z: np.abs(z[0]) - 5.0, 2.0 * stats.norm.sf(5.0)),
        # Whole numbers, of which many are alike: P(floor(z) >= 4) = P(z >= 4).
        (lambda z: np.floor(z[0]) - 3.5, stats.norm.sf(4.0)),
        # From each of five numbers to the next it is a long way.
        (lambda z: (z > 2.2).sum(axis=0) - 2.5, stats.binom.sf(2, 4, stats.norm.sf(2.2))),
        (lambda z: 1e-4 - np.abs(z[0] - z[1]), 2e-4 * stats.norm(0, math.sqrt(2)).pdf(0)),
    ],
)
def test_probabilities_are_right_on_the_average(margin, true: float) -> None:
    told = [found(margin, seed=seed) for seed in range(40)]
    shares = [each.probability / true for each in told if each is not None]
    assert len(shares) == 40
    error = np.std(shares, ddof=1) / math.sqrt(40)
    assert np.mean(shares) == pytest.approx(1.0, abs=5.0 * error)
    assert error < 0.1


def test_points_are_distributed_as_given_the_region() -> None:
    """Of a normal variable above 4 the mean is its hazard rate there."""
    points = [found(lambda z: z[0] - 4.0, (2, 8, 128), seed) for seed in range(20)]
    there = np.concatenate([each.points[:, each.there] for each in points if each], axis=1)
    assert there[0].min() > 4.0
    assert there[0].mean() == pytest.approx(stats.norm.pdf(4) / stats.norm.sf(4), abs=0.02)
    assert there[1].mean() == pytest.approx(0.0, abs=0.15)


@pytest.mark.parametrize(
    ("margin", "least"),
    [
        (lambda z: z[0] - 9.0, 1e-13),  # P = 1e-19
        (lambda z: z[0] - 5.0, 1e-5),  # of no interest
        (lambda z: -np.exp(z[0]), 1e-13),  # never
        (lambda z: np.full(z.shape[1:], -1.0), 1e-13),  # no way there
        (lambda z: np.full(z.shape[1:], np.nan), 1e-13),
    ],
)
def test_where_nothing_is_found(margin, least: float) -> None:
    assert found(margin, least=least) is None
