"""Annealing against closed forms: tails of sums of normal scores, windows, several at once."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.numerics.annealing import Annealed, annealed


def found(height, variates: int = 4, seed: int = 0, size: int = 256) -> Annealed | None:
    def log_height(z):
        with np.errstate(divide="ignore"):
            return np.log(np.asarray(height(z), dtype=float))

    return annealed(log_height, (variates, size), np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("height", "variates", "true"),
    [
        (lambda z: z.sum(axis=0) > 10.0, 4, stats.norm.sf(5.0)),
        (lambda z: (z * z).sum(axis=0) > 36.0, 4, stats.chi2(4).sf(36.0)),
        (lambda z: np.abs(z[0]) > 5.0, 8, 2.0 * stats.norm.sf(5.0)),
        (lambda z: (z > 4.5).any(axis=0), 4, 1.0 - stats.norm.cdf(4.5) ** 4),
        (lambda z: (z[0] > 4.0) & (np.abs(z[1]) < 1.0), 2, stats.norm.sf(4) * 0.6826894921370859),
        # E[(Z - 4)+] = f(4) - 4 (1 - F(4))
        (lambda z: np.maximum(z[3] - 4.0, 0.0), 4, stats.norm.pdf(4) - 4 * stats.norm.sf(4)),
    ],
)
def test_means_are_right_on_the_average(height, variates: int, true: float) -> None:
    told = [found(height, variates, seed) for seed in range(40)]
    ratios = [0.0 if each is None else each.mean / true for each in told]
    error = np.std(ratios, ddof=1) / math.sqrt(40)
    assert np.mean(ratios) == pytest.approx(1.0, abs=5.0 * error)
    assert error < 0.15


def test_points_are_distributed_as_scores_are_times_the_function() -> None:
    """Of a normal variable above 4 the mean is its hazard rate there; the others stay normal."""
    points = [found(lambda z: z[0] > 4.0, 3, seed) for seed in range(20)]
    there = np.concatenate([each.points for each in points if each], axis=1)
    assert there[0].min() > 4.0
    assert there[0].mean() == pytest.approx(stats.norm.pdf(4) / stats.norm.sf(4), abs=0.02)
    assert there[1:].mean() == pytest.approx(0.0, abs=0.1)
    assert there[1:].std() == pytest.approx(1.0, abs=0.1)


def test_weights_tell_the_mean_of_another_function() -> None:
    """P(Z > 4) from points that are weighed by (Z - 4)+ squared and more."""
    told = []
    for seed in range(20):
        each = found(lambda z: np.maximum(z[0] - 3.9, 0.0), 2, seed)
        assert each is not None
        told.append(np.mean(each.weights * (each.points[0] > 4.0)) / stats.norm.sf(4.0))
    assert np.mean(told) == pytest.approx(1.0, abs=5.0 * np.std(told, ddof=1) / math.sqrt(20))


@pytest.mark.parametrize(
    "height",
    [
        lambda z: np.zeros(z.shape[1:]),
        lambda z: z[0] > 99.0,
        lambda z: np.full(z.shape[1:], np.nan),
        lambda z: np.where(z[0] > 0.0, np.inf, np.nan),
    ],
)
def test_where_nothing_is_found(height) -> None:
    assert found(height) is None


def test_weights_take_the_height_back() -> None:
    """Of points in parts of z^8 beyond 4: P(Z > 4), and the mean beyond, the normal density at 4
    over it. Without weights the mean is 4.347."""
    eighth = found(lambda z: np.where(z[0] > 4.0, z[0] ** 8, 0.0), variates=1, size=4096)
    assert eighth is not None
    beyond = float(stats.norm.sf(4.0))
    assert eighth.weights.mean() == pytest.approx(beyond, rel=0.25)
    mean = np.average(eighth.points[0], weights=eighth.weights)
    assert mean == pytest.approx(float(stats.norm.pdf(4.0)) / beyond, abs=0.05)
