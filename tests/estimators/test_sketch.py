"""Sketches against all draws, counted and sorted by NumPy."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.sketch import Sketch
from guessmodel.numerics.counts import Counts, CountSums
from guessmodel.numerics.counts import suitable_thresholds as thresholds_of

PS = (2e-4, 0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.77, 0.95, 0.99, 0.999)


def draws(replicates=16, size=1 << 12, seed=1):
    return np.random.default_rng(seed).lognormal(1.0, 0.8, (replicates, size))


def place(draws, most: int) -> CountSums:
    thresholds, discrete = thresholds_of(draws, most)
    return CountSums.empty(thresholds, discrete=discrete)


def filled(counted: CountSums, rows, chunk=1000) -> CountSums:
    """Count rows, each in chunks."""
    counts = Counts(counted.thresholds)
    for row in rows:
        for start in range(0, len(row), chunk):
            part = row[start : start + chunk]
            counts.add(part[np.isfinite(part)].copy())
        counted.add(counts)
        counts.reset()
    return counted


def quantile(counted: CountSums, rows, p: float) -> Estimate:
    finite = rows[np.isfinite(rows)]
    return Sketch(counted).quantile(p, float(finite.min()), float(finite.max()), "USD")


def farthest(counted: CountSums, rows) -> float:
    """How far, as a share of the draws, quantiles lie from the rank they should have."""
    ordered = np.sort(rows[np.isfinite(rows)])
    n, distances = ordered.size, []
    for p in PS:
        value, rank = quantile(counted, rows, p).value, round(p * (n + 1))
        less, up_to = (
            np.searchsorted(ordered, value, "left"),
            np.searchsorted(ordered, value, "right"),
        )
        distances.append(max(less + 1 - rank, rank - max(up_to, less + 1), 0) / n)
    return max(distances)


@pytest.mark.parametrize("ties", [False, True])
def test_counts_are_those_of_all_draws(ties):
    rows = np.round(draws(), 1) if ties else draws()
    rows[3, :7] = np.nan
    counted = filled(place(rows[0, :600], 128), rows)
    e = counted.thresholds
    less = np.array([[np.count_nonzero(row < x) for x in e] for row in rows])
    up_to = np.array([[np.count_nonzero(row <= x) for x in e] for row in rows])
    sizes = np.isfinite(rows).sum(axis=1)
    for sums, counts in ((counted.less, less), (counted.up_to, up_to)):
        np.testing.assert_array_equal(sums[0], counts.sum(axis=0))
        np.testing.assert_array_equal(sums[1], (counts**2).sum(axis=0))
        np.testing.assert_array_equal(sums[2], (counts * sizes[:, None]).sum(axis=0))
    assert (counted.draws, counted.squares) == (sizes.sum(), (sizes**2).sum())


def rank_error(sums):
    """Largest share of the draws strictly between two neighbouring thresholds, or beyond them all:
    no rank is known worse than that."""
    ends = np.concatenate(([0], sums.up_to[0]))
    return (np.append(sums.less[0], sums.draws) - ends).max() / sums.draws


def test_ranks_are_as_near_as_the_rank_error_says():
    rows = draws()
    fine, coarse = (filled(place(draws(8, 4096, 2), most), rows) for most in (4096, 256))
    assert rank_error(fine) < 0.004  # about 2/most, and the noise of the draws that placed them
    for counted in (fine, coarse):
        assert farthest(counted, rows) <= rank_error(counted)
        for p in PS:
            estimate = quantile(counted, rows, p)
            assert estimate.low <= np.quantile(rows, p, method="nearest") <= estimate.high


def test_a_wrong_rank_error_is_seen():
    rows = draws()
    counted = filled(place(draws(8, 4096, 2), 256), rows)
    moved = CountSums(
        counted.thresholds * 1.02,  # counted elsewhere than it says
        counted.discrete,
        counted.replicates,
        counted.draws,
        counted.squares,
        counted.less,
        counted.up_to,
    )
    assert farthest(moved, rows) > rank_error(moved) / 2
    assert any(
        not Sketch(moved).quantile(p, 0.0, 1e3).low
        <= np.quantile(rows, p, method="nearest")
        <= Sketch(moved).quantile(p, 0.0, 1e3).high
        for p in PS
    )


def test_the_half_width_is_student_t_over_the_replicates():
    rows = draws()
    counted = filled(CountSums.empty(np.linspace(0.0, 20.0, 2001), discrete=False), rows)
    middle = 300  # the threshold 3.0
    shares = (rows <= counted.thresholds[middle]).mean(axis=1)
    half = stats.t.ppf(0.95, 15) * shares.std(ddof=1) / 4.0
    estimate = quantile(counted, rows, float(shares.mean()))
    ends = np.quantile(rows, [shares.mean() - half, shares.mean() + half])
    assert estimate.value == pytest.approx(3.0, abs=0.01)
    assert (estimate.low, estimate.high) == pytest.approx(tuple(ends), abs=0.02)
    assert estimate.estimator == "sketch"


def test_replicates_that_lost_draws_have_the_error_of_a_ratio():
    rows = draws()
    rows[rows > 6.0] = np.nan
    sizes, inside = np.isfinite(rows).sum(axis=1), (rows <= 3.0).sum(axis=1)
    share = inside.sum() / sizes.sum()
    residuals = inside - sizes * share
    half = stats.t.ppf(0.95, 15) * math.sqrt((residuals**2).sum() * 16 / 15) / sizes.sum()
    counted = filled(CountSums.empty(np.linspace(0.0, 20.0, 20001), discrete=False), rows)
    estimate = quantile(counted, rows, share)
    finite = rows[np.isfinite(rows)]
    ends = np.quantile(finite, [share - half, share + half])
    assert (estimate.low, estimate.high) == pytest.approx(tuple(ends), abs=0.004)


def test_the_order_of_merging_does_not_matter():
    rows, pilot = draws(), draws(8, 512, 2)
    whole = filled(place(pilot, 512), rows)
    parts = [filled(place(pilot, 512), rows[i::3], chunk=333) for i in (2, 0, 1)]
    for part in parts[1:]:
        parts[0].merge(part)
    np.testing.assert_array_equal(parts[0].less, whole.less)
    np.testing.assert_array_equal(parts[0].up_to, whole.up_to)
    assert [quantile(parts[0], rows, p) for p in PS] == [quantile(whole, rows, p) for p in PS]


def test_quantiles_of_whole_numbers_are_whole_numbers():
    rows = np.random.default_rng(5).poisson(300.0, (8, 1 << 12)).astype(float)
    for most in (1 << 12, 64):  # all values, or some
        counted = filled(place(rows[0], most), rows)
        for p in PS[1:-1]:
            estimate = quantile(counted, rows, p)
            assert estimate.value.is_integer()
            assert estimate.low <= np.quantile(rows, p, method="nearest") <= estimate.high


def test_inside_an_atom_there_is_no_error():
    rows = np.random.default_rng(5).poisson(1.0, (8, 1 << 12)).astype(float)
    estimate = quantile(filled(place(rows[0], 256), rows), rows, 0.2)
    assert (estimate.low, estimate.value, estimate.high) == (0.0, 0.0, 0.0)


def test_indicators_are_told_from_numbers():
    hits = (draws() > 4.0).astype(float)
    counted = filled(place(hits[0], 256), hits)
    assert counted.is_indicator
    assert filled(place(np.zeros(8), 256), hits).is_indicator  # none among the first
    assert not filled(place(np.zeros(8), 256), draws()).is_indicator
    assert not filled(place(draws(), 256), hits).is_indicator


def test_thresholds_crowd_around_the_percentiles_shown_and_in_the_tails():
    counted = place(np.random.default_rng(0).random(1 << 17), 1 << 14)
    e = counted.thresholds
    assert (1 << 14) * 0.9 < e.size < (1 << 14) * 1.2
    for p in (0.05, 0.5, 0.95):
        near = e[np.abs(e - p) < 2e-3]
        assert near.size > 1000
    assert np.count_nonzero(e < 1e-4) > 100


def test_guesstimate_interval_is_the_rule_on_all_draws():
    from guessmodel.estimators.replicates import guesstimate_interval, mean

    rows = draws(16, 1 << 13)
    counted = filled(place(draws(8, 4096, 2), 1 << 12), rows)
    found = Sketch(counted).guesstimate_interval(mean(rows), float(rows.min()), float(rows.max()))
    for ours, exact in zip(found, guesstimate_interval(rows), strict=True):
        assert ours.low <= exact.value <= ours.high
        assert ours.value == pytest.approx(exact.value, rel=0.01)
        assert ours.error < 5 * exact.error


def test_what_cannot_be_told_is_refused():
    empty = place(np.full(8, np.nan), 256)
    assert str(Sketch(empty).quantile(0.5, math.inf, -math.inf)) == "no finite draws"
    rows = draws(8, 100)
    assert (
        str(quantile(filled(place(rows, 256), rows), rows, 0.001)) == "needs 8000 samples or more"
    )
    assert quantile(filled(place(rows, 256), rows), rows, 0.01).reliable
