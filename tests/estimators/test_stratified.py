"""Stratified means and standard deviations, by hand."""

import math

import numpy as np
import pytest

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators import stratified
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.stratified import Stratum

RNG = np.random.default_rng(3)
USUAL, RARE = RNG.normal(10.0, 1.0, (8, 400)), RNG.normal(500.0, 20.0, (8, 50))
STRATA = [Stratum(0.999, USUAL), Stratum(0.001, RARE)]


def test_a_mean_is_weighted_and_errors_add_in_squares() -> None:
    found = stratified.mean(STRATA, "USD")
    assert found.value == pytest.approx(0.999 * USUAL.mean() + 0.001 * RARE.mean())
    errors = 0.999 * estimators.mean(USUAL).error, 0.001 * estimators.mean(RARE).error
    assert found.error == pytest.approx(math.hypot(*errors))
    assert (found.unit, found.estimator, found.note) == ("USD", "stratified", None)


def test_a_standard_deviation_is_that_of_the_mixture() -> None:
    found = stratified.sd(STRATA)
    mean = 0.999 * USUAL.mean() + 0.001 * RARE.mean()
    second = 0.999 * (USUAL**2).mean() + 0.001 * (RARE**2).mean()
    assert found.value == pytest.approx(math.sqrt(second - mean**2))
    assert found.low < found.value < found.high


def test_draws_that_are_not_finite_are_left_out() -> None:
    holes = USUAL.copy()
    holes[:, ::7] = np.nan
    found = stratified.mean([Stratum(1.0, holes)])
    assert found.value == pytest.approx(np.nanmean(holes))
    nothing = Stratum(0.001, np.full((8, 50), np.nan))
    assert math.isnan(stratified.mean([STRATA[0], nothing]).value)
    assert math.isnan(stratified.sd([STRATA[0], nothing]).value)


def test_a_mark_counts_where_its_stratum_makes_the_error() -> None:
    heavy = RARE.copy()
    heavy[3, 3] = 1e6
    assert estimators.mean(heavy).note is not None
    assert stratified.mean([Stratum(0.999, USUAL), Stratum(1e-9, heavy)]).reliable
    assert not stratified.mean([Stratum(0.999, USUAL), Stratum(1e-3, heavy)]).reliable


def test_weighted_draws_may_change_which_draws_are_lost() -> None:
    """A condition holds in half of all cases, where Y is 2 or 4, and where something happens with
    a probability of 1%, that makes Y 10 and the condition true: E[Y; C] / P(C)."""
    half = np.where(np.arange(512) % 4 < 2, np.nan, 2.0 + 2.0 * (np.arange(512) % 2))
    known = Stratum(1.0, np.tile(half, (8, 1)), np.tile(np.isnan(half), (8, 1)))
    rows, usual = np.full((8, 64), 10.0), np.where(np.arange(64) % 2 > 0, 4.0, np.nan)
    rare = Stratum(0.0, rows, weights=np.full((8, 64), 0.01), usual=np.tile(usual, (8, 1)))
    found = stratified.mean([known, rare.scaled(1 / 0.5)])
    # In half of the cases in which it happens C held before, and Y was 4.
    total, chance = 0.5 * 3 + 0.01 * 10 - 0.005 * 4, 0.5 + 0.01 - 0.005
    assert found.value == pytest.approx(total / chance, rel=1e-12)
    assert stratified.average([known, rare.scaled(1 / 0.5)]) == found.value


def test_a_variance_that_weighted_draws_take_away_is_refused_or_marked() -> None:
    """A cap that one of 500 draws reaches, of what would else be huge: the draws without it have
    met little of what the draws with weights take away."""
    random = np.random.default_rng(0)
    rows = random.standard_exponential((8, 512))
    weights, capped = np.full((8, 512), 0.002), np.full((8, 512), 20.0)

    def told(farthest: float) -> Estimate:
        usual = np.full((8, 512), 20.0)
        usual[:, 0] = farthest * random.standard_exponential(8) ** 4
        rare = Stratum(0.002, capped, weights=weights, usual=usual)
        return stratified.sd([Stratum(1.0, rows), rare])

    assert math.isnan(told(1e4).value)
    assert told(1e4).note == "rare events were met too seldom"
    assert told(0.0).value == pytest.approx(1.0, abs=0.1)  # of an exponential number
