"""The widest gap among draws, found by eye."""

import math

import numpy as np
import pytest

from guessmodel.estimators.gaps import widest_gap, widest_gaps


def rng():
    return np.random.default_rng(5)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("size", [64, 128, 4096])
def test_regimes_are_told_apart(share, size):
    far, near = rng().random((2, 8, size))
    draws = np.where(far < share, 20.0, 0.0) + near
    low, high = widest_gap(draws)
    assert 0.9 < low <= 1.0
    assert 20.0 <= high < 20.1


def test_an_indicator_has_the_gap_from_0_to_1():
    assert widest_gap((rng().random((8, 64)) < 0.2).astype(float)) == (0.0, 1.0)


@pytest.mark.parametrize("draw", ["normal", "random", "exponential", "standard_cauchy"])
def test_smooth_quantities_have_none(draw):
    for size in (64, 512):
        low, high = widest_gap(getattr(rng(), draw)(size=(8, size)))
        assert high == low


def test_a_few_far_draws_are_no_regime():
    draws = rng().random((8, 128))
    draws[:2, :9] = 50.0  # 18 of them
    assert widest_gap(draws) == (0.0, 0.0)
    draws[2, :2] = 50.0
    low, high = widest_gap(draws)
    assert low < 1.0 < high == 50.0


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("hits", [1, 2, 7, 60])
def test_rare_regimes_of_large_runs_are_seen(side, hits):
    draws = rng().random((8, 8192))
    draws[:, 8192 - hits :] = 50.0  # none among those that are looked at first
    low, high = sorted(side * np.array(widest_gap(side * draws)))
    assert 0.999 < low < 1.0 < high == 50.0
    draws[0, -hits:] = 0.5
    assert (widest_gap(draws) == (0.0, 0.0)) == (hits == 1)  # 7 draws in all


def test_draws_that_are_not_finite_and_too_few_draws_have_none():
    assert widest_gap(np.full((8, 64), math.nan)) == (0.0, 0.0)
    assert widest_gap(rng().random((2, 4))) == (0.0, 0.0)
    lost, kept = rng().random((2, 8, 64))
    draws = np.where(lost < 0.5, math.inf, kept)
    assert widest_gap(draws) == (0.0, 0.0)


@pytest.mark.parametrize("width", [0.001, 0.01, 0.1, 0.3, 1.0, 3.0, 30.0])
@pytest.mark.parametrize("draw", ["normal", "random", "exponential", "standard_cauchy"])
def test_a_gap_is_worth_mention_from_0_3_standard_deviations(draw, width):
    for share in (0.05, 0.2, 0.5, 0.8):
        draws = getattr(rng(), draw)(size=(8, 128))
        draws = np.where(draws > np.quantile(draws, share), draws + width, draws)
        ordered = np.sort(draws.ravel())
        steps = np.diff(ordered)[19:-19]  # 20 draws on either side
        k = int(np.argmax(steps))
        wide = steps[k] > 0.3 * np.std(ordered)
        want = (ordered[19 + k], ordered[20 + k]) if wide else (0.0, 0.0)
        assert widest_gap(draws) == want


@pytest.mark.parametrize("size", [8, 256, 1024])
def test_what_is_sorted_already_and_several_together_make_no_difference(size):
    draws = rng().normal(size=(5, 8, size))
    draws[1] = np.exp(3.0 * draws[1])
    draws[2] = np.round(draws[2])
    draws[3] = np.where(rng().random((8, size)) < 0.003, draws[3] + 20.0, draws[3])
    draws[4] = np.where(rng().random((8, size)) < 0.003, draws[4] - 20.0, draws[4])
    alone = [widest_gap(each) for each in draws]
    everything = [np.sort(each, axis=None) for each in draws]
    assert widest_gaps(draws, everything) == alone
    assert widest_gaps(draws, [None] * len(draws)) == alone
    assert size < 1024 or all(high - low > 10.0 for low, high in alone[3:])
