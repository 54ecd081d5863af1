"""Draws and tallies give the same statistics where both can be exact."""

import numpy as np
import pytest

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.sampled import FromCounts, FromDraws
from guessmodel.estimators.sketch import Sketch
from guessmodel.numerics.counts import Counts, Sums, suitable_thresholds
from guessmodel.numerics.moments import Moments


def tally(rows: np.ndarray) -> FromCounts:
    thresholds, discrete = suitable_thresholds(rows, 1 << 10)
    counted = Sums.empty(thresholds, discrete=discrete)
    for row in rows:
        counts = Counts(counted.thresholds)
        counts.add(row[np.isfinite(row)])
        counted.add(counts)
    lost = np.where(np.isfinite(rows), 0.0, np.nan)  # a share is one of the draws that are left
    shares = {code: Moments.of((rows == code) + lost) for code in (0.0, 1.0)}
    return FromCounts(Moments.of(rows), Sketch(counted), shares, rows.size)


def test_draws_are_given_to_the_estimators() -> None:
    rows = np.random.default_rng(0).lognormal(size=(8, 500))
    drawn = FromDraws(rows)
    assert drawn.mean("USD") == estimators.mean(rows, unit="USD")
    assert drawn.sd("USD") == estimators.sd(rows, unit="USD")
    assert drawn.quantiles([0.1, 0.5], "USD") == estimators.quantiles(rows, [0.1, 0.5], unit="USD")
    assert drawn.guesstimate_interval("") == estimators.guesstimate_interval(rows)
    assert not drawn.is_indicator


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
