"""Draws and tallies give the same statistics where both can be exact."""

import numpy as np
import pytest

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.sampled import FromCounts, FromDraws
from guessmodel.estimators.sketch import Sketch
from guessmodel.numerics.counts import Counts, CountSums, suitable_thresholds
from guessmodel.numerics.moments import Moments


def tally(rows: np.ndarray) -> FromCounts:
    thresholds, discrete = suitable_thresholds(rows, 1 << 10)
    counted = CountSums.empty(thresholds, discrete=discrete)
    for row in rows:
        counts = Counts(counted.thresholds)
        counts.add(row[np.isfinite(row)])
        counted.add(counts)
    lost = np.where(np.isfinite(rows), 0.0, np.nan)  # a share is one of the draws that are left
    shares = {code: Moments.of((rows == code) + lost) for code in (0.0, 1.0)}
    return FromCounts(Moments.of(rows), 0, Sketch(counted), shares, rows.size)


def test_draws_are_given_to_the_estimators() -> None:
    rows = np.random.default_rng(0).lognormal(size=(8, 500))
    drawn = FromDraws(rows)
    assert drawn.mean("USD") == estimators.mean(rows, unit="USD")
    assert drawn.sd("USD") == estimators.sd(rows, unit="USD")
    assert drawn.quantiles([0.1, 0.5], "USD") == estimators.quantiles(rows, [0.1, 0.5], unit="USD")
    assert drawn.guesstimate_interval("") == estimators.guesstimate_interval(rows)
    assert not drawn.is_indicator


def test_to_look_ahead_changes_no_statistic() -> None:
    """To the last bit: of draws of every kind, some of which cannot be looked at together."""
    rng = np.random.default_rng(1)
    ps = (0.05, 0.5, 0.95)
    rows = list(rng.lognormal(sigma=2.0, size=(6, 8, 512)))
    rows[1] = np.round(rows[1])
    rows[2] = np.where(rng.random((8, 512)) < 0.01, rows[2] + 1e3, rows[2])
    rows[3] = np.where(rng.random((8, 512)) < 0.01, np.nan, rows[3])
    rows[4] = np.full((8, 512), 3.0)
    rows[5] = 1e306 * (1.0 + rows[5] % 1.0)  # the sum is too large for a number
    ahead = [FromDraws(each) for each in rows]
    FromDraws.look_ahead(ahead, ps)
    for found, each in zip(ahead, rows, strict=True):
        alone = FromDraws(each)
        assert repr(found.mean("")) == repr(alone.mean(""))
        assert repr(found.sd("")) == repr(alone.sd(""))
        for _ in range(2):  # what was looked up goes with the answer, and is looked up anew
            assert repr(found.quantiles(ps, "")) == repr(alone.quantiles(ps, ""))


def test_one_looks_ahead_of_as_many_as_stay_in_the_cache() -> None:
    assert FromDraws.together(1 << 13) == 16
    assert FromDraws.together(1 << 15) == 4
    assert FromDraws.together(1 << 16) == 1  # where sorting does not pay


def test_what_is_sorted_ahead_is_at_hand_until_quantiles_are_asked_for() -> None:
    rows = np.random.default_rng(3).normal(size=(2, 8, 64))
    drawn, lost = FromDraws(rows[0]), FromDraws(np.where(rows[1] < 1.0, rows[1], np.inf))
    assert drawn.ascending is None
    FromDraws.look_ahead([drawn, lost], (0.5,))
    assert drawn.ascending is not None and lost.ascending is None
    assert drawn.ascending.tolist() == sorted(rows[0].ravel())
    drawn.quantiles((0.5,), "")
    assert drawn.ascending is None


def test_of_many_draws_nothing_is_sorted_ahead() -> None:
    """A sort of 2^17 draws takes longer than to look for the ranks that are asked for."""
    few, many = (FromDraws(np.zeros((8, size))) for size in (1 << 13, 1 << 14))
    FromDraws.look_ahead([few, many], (0.5,))
    assert few.ascending is not None and many.ascending is None


def test_of_few_values_both_know_the_same() -> None:
    rows = np.random.default_rng(0).integers(0, 2, (8, 500)).astype(float)
    rows[2, :5] = np.nan
    one, other = FromDraws(rows), tally(rows.copy())
    assert one.mean("") == other.mean("")
    assert one.sd("") == other.sd("")
    assert one.is_indicator
    assert other.is_indicator
    assert one.probability() == other.probability()
    assert one.share_of(1.0) == other.share_of(1.0)
    assert one.share_of(1.0).value == one.probability().value == np.nanmean(rows)
    assert one.finite == other.finite == pytest.approx(1 - 5 / 4000)
    for first, second in zip(
        one.quantiles([0.2, 0.9], ""), other.quantiles([0.2, 0.9], ""), strict=True
    ):
        assert (first.value, first.low, first.high) == (second.value, second.low, second.high)
