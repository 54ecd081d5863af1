import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from guessmodel.errors import UsageError
from guessmodel.estimators import replicates as estimators
from guessmodel.estimators import skewed_tails
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.numerics.moments import Moments

Array = NDArray[np.float64]


def draws(replicates: int = 8, n: int = 500, seed: int = 0) -> Array:
    return np.random.default_rng(seed).gamma(2.0, 3.0, (replicates, n))


def normals(replicates: int = 8, n: int = 500, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(3.0, 2.0, (replicates, n))


def uniforms(replicates: int = 8, n: int = 500) -> Array:
    """Without tails, so that no draw makes the means of replicates skewed."""
    return np.random.default_rng(0).uniform(3.0, 5.0, (replicates, n))


def half_width(per_replicate: Array) -> float:
    """Student's t over replicates, by SciPy."""
    return float(stats.t.ppf(0.95, len(per_replicate) - 1) * stats.sem(per_replicate))


def quantile_by_sorting(values: Array, p: float) -> tuple[float, float, float]:
    """The rule of `quantiles`, on a full sort and with SciPy's t."""
    ordered = np.sort(values, axis=None)
    n, (replicates, size) = values.size, values.shape
    rank = round(p * (n + 1))
    x = ordered[rank - 1]
    spread = max(half_width((values <= x).mean(axis=1)), half_width((values < x).mean(axis=1)))
    reach = max(spread, 0.88 / (size * math.sqrt(replicates))) * n
    first, last = max(math.floor(rank - reach), 1), min(math.ceil(rank + reach), n)
    return float(x), float(ordered[first - 1]), float(ordered[last - 1])


def ends(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


@pytest.mark.parametrize("replicates", [2, 8, 64])
def test_mean_is_students_t_over_replicates(replicates: int) -> None:
    values = uniforms(replicates)
    found = estimators.mean(values, unit="USD")
    half = half_width(values.mean(axis=1))
    assert ends(found) == pytest.approx((values.mean(), values.mean() - half, values.mean() + half))
    assert (found.unit, found.estimator, found.note) == ("USD", "replicates", None)
    assert estimators.mean(Moments.of(values), unit="USD") == found


def test_sd_is_students_t_over_squared_deviations() -> None:
    values = normals()
    squares = ((values - values.mean()) ** 2).mean(axis=1)
    half = half_width(squares)
    low, high = math.sqrt(values.var() - half), math.sqrt(values.var() + half)
    assert ends(estimators.sd(values)) == pytest.approx((values.std(), low, high))


def stretches(values: Array) -> tuple[float, float]:
    """How much longer than Student's t the interval of the mean is, downwards and upwards."""
    mean, half = estimators.mean(values), half_width(values.mean(axis=1))
    return (mean.value - mean.low) / half, (mean.high - mean.value) / half


@pytest.fixture
def by_tails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what the largest draw of each replicate makes of Student's t, for which
    test_skewed_tails.py is."""
    monkeypatch.setattr(skewed_tails, "_SKEWED", 0.0)


@pytest.mark.usefixtures("by_tails_alone")
def test_the_interval_of_a_mean_is_longer_towards_the_heavier_tail() -> None:
    values = np.exp(normals(8, 4096) / 4)  # a lognormal with sigma 0.5
    down, up = stretches(values)
    assert down == pytest.approx(1.0)
    assert 1.05 < up < 1.3
    assert stretches(-values) == pytest.approx((up, down))
    assert stretches(5e4 + 100 * values) == pytest.approx((down, up))
    heavy = np.exp(normals(8, 4096))
    assert stretches(heavy) == pytest.approx((1.0, 1.6))


@pytest.mark.usefixtures("by_tails_alone")
def test_many_replicates_average_the_skewness_out() -> None:
    heavy = np.exp(normals(128, 4096))
    assert stretches(heavy) == pytest.approx((1.0, 1 + 0.6 * math.sqrt(8 / 128)))


def test_the_interval_of_a_heavy_tailed_sd_is_longer_upwards() -> None:
    values = np.exp(normals(8, 4096))
    found = estimators.sd(values)
    half = half_width(((values - values.mean()) ** 2).mean(axis=1))
    assert found.value**2 - found.low**2 == pytest.approx(half)
    assert found.high**2 - found.value**2 == pytest.approx(2.5 * half)


def test_a_constant_has_no_error_and_no_rounding() -> None:
    values = np.full((8, 100), 0.1)
    assert ends(estimators.mean(values)) == (0.1, 0.1, 0.1)
    assert ends(estimators.sd(values)) == (0.0, 0.0, 0.0)
    assert ends(estimators.quantile(values, 0.3)) == (0.1, 0.1, 0.1)
    low, high = estimators.guesstimate_interval(values)
    assert ends(low) == ends(high) == (0.1, 0.1, 0.1)


@pytest.mark.parametrize(
    ("statistic", "tail_index", "note"),
    [
        (estimators.mean, 1.0, "the mean does not exist"),
        (estimators.mean, 2.0, "unreliable: infinite variance"),
        (estimators.mean, 2.1, None),
        (estimators.sd, 1.0, "the mean does not exist"),
        (estimators.sd, 2.0, "the variance is infinite"),
        (estimators.sd, 4.0, "unreliable: infinite fourth moment"),
        (estimators.sd, 4.1, None),
    ],
)
def test_heavy_tails_are_refused_or_marked(
    statistic: Callable[..., Estimate], tail_index: float, note: str | None
) -> None:
    found = statistic(draws(), tail_index=tail_index)
    assert found.note == note
    assert math.isnan(found.value) == (note is not None and "unreliable" not in note)


def test_a_mean_that_hangs_on_one_draw_is_marked() -> None:
    values = draws()
    values[3, 7] = 400.0
    share = (400 - values.mean()) ** 2 / (values.var() * values.size)
    for found in (estimators.mean(values), estimators.sd(values)):
        assert found.note == f"unreliable: the largest draws hold {share:.0%} of the variance"
        assert found.low < found.value < found.high


def test_a_mean_that_hangs_on_a_draw_of_each_replicate_is_marked() -> None:
    values = normals(16, 5000)
    values[:, 0] = 150.0  # 3% of all squares one by one (147² of 665,744), 52% together
    found = estimators.mean(values)
    assert found.note is not None
    assert found.note.startswith("unreliable: the largest draws hold")
    values[:6, 0] = 3.0
    assert estimators.mean(values).note is not None
    values[6:, 0] = 3.0
    assert estimators.mean(values).note is None


@pytest.mark.parametrize("n", [50, 500, 2**17])
@pytest.mark.parametrize("p", [0.05, 0.3, 0.5, 0.95])
def test_quantiles_by_a_full_sort(n: int, p: float) -> None:
    values = draws(8, n)
    assert ends(estimators.quantile(values, p)) == quantile_by_sorting(values, p)
    rounded = np.ceil(values)
    assert ends(estimators.quantile(rounded, p)) == quantile_by_sorting(rounded, p)


def test_quantiles_of_stratified_draws_have_a_least_width() -> None:
    values = (np.arange(64) + np.random.default_rng(0).random((8, 64))) / 64
    # Rank 256 is the last of stratum 32: all replicates have 32 draws up to it.
    found = estimators.quantile(values, 0.5)
    assert ends(found) == quantile_by_sorting(values, 0.5)
    ordered = np.sort(values, axis=None)
    assert (found.low, found.high) == (ordered[252], ordered[258])  # 0.88 √8 = 2.5 ranks


def test_quantiles_come_in_the_order_asked_for() -> None:
    values = draws(8, 2**14)
    found = estimators.quantiles(values, [0.95, 0.05, 0.5], unit="USD")
    assert found == [estimators.quantile(values, p, unit="USD") for p in (0.95, 0.05, 0.5)]
    assert {one.estimator for one in found} == {"order statistics"}


@pytest.mark.parametrize("p", [0.01, 0.05, 0.3])
def test_quantiles_of_the_negative_are_mirrored(p: float) -> None:
    values = draws()
    value, low, high = ends(estimators.quantile(values, p))
    assert ends(estimators.quantile(-values, 1 - p)) == (-value, -high, -low)


def test_an_atom_counts_with_the_larger_spread() -> None:
    values = np.zeros((8, 100))  # P(X ≤ 0) is 1 everywhere; P(X < 0) differs between replicates
    for r, row in enumerate(values):
        row[: 46 + r] = np.linspace(-2, -1, 46 + r)
    value, low, high = ends(estimators.quantile(values, 0.51))
    assert (value, high) == (0.0, 0.0)
    assert -1.2 < low <= -1.0


def test_a_quantile_inside_an_atom_has_no_error() -> None:
    values = np.round(draws() / 10)
    assert ends(estimators.quantile(values, 0.2)) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("p", "needed"), [(0.001, 8192), (0.999, 8192), (0.015625, 512), (1e-6, 8 * 2**20)]
)
def test_too_few_draws_beyond_a_quantile_are_refused(p: float, needed: int) -> None:
    found = estimators.quantile(draws(8, 32), p, unit="USD")
    assert math.isnan(found.value)
    assert found.note == f"needs {needed} samples or more"
    if needed <= 8192:
        assert estimators.quantile(draws(8, needed // 8), p).reliable
        assert not estimators.quantile(draws(8, needed // 16), p).reliable


def test_interval_is_two_quantiles() -> None:
    values = draws()
    assert estimators.interval(values, unit="m") == Interval(
        *estimators.quantiles(values, [0.05, 0.95], unit="m")
    )
    narrow = estimators.interval(values, 0.5)
    assert ends(narrow.low) == ends(estimators.quantile(values, 0.25))


def test_probability_is_students_t_over_replicates() -> None:
    hits = draws() > 6
    share, half = hits.mean(), half_width(hits.mean(axis=1))
    found = estimators.probability(hits)
    assert ends(found) == pytest.approx((share, share - half, share + half))
    assert found.estimator == "replicates"
    assert estimators.probability(hits.astype(float)) == found


def test_probability_has_a_least_width() -> None:
    hits = np.tile(np.arange(64) < 20, (8, 1))  # all replicates agree
    found = estimators.probability(hits)
    assert found.value == 20 / 64
    assert found.error == pytest.approx(0.88 / math.sqrt(8) / 64)
    assert found.error >= 0.31 / 64


@pytest.mark.parametrize("count", [0, 1, 29])
def test_rare_events_have_exact_binomial_limits(count: int) -> None:
    hits = np.zeros((8, 500))
    hits.flat[:count] = 1
    limits = stats.binomtest(count, 4000).proportion_ci(0.9, "exact")
    found = estimators.probability(hits)
    assert ends(found) == pytest.approx((count / 4000, limits.low, limits.high), rel=1e-9)
    assert found.estimator == "binomial"
    rest = estimators.probability(1 - hits)
    assert ends(rest) == pytest.approx((1 - count / 4000, 1 - limits.high, 1 - limits.low))


def test_a_probability_stays_a_share() -> None:
    hits = np.zeros((8, 500))
    hits[0, :60] = 1
    found = estimators.probability(hits)
    assert found.low == 0.0
    assert estimators.probability(1 - hits).high == 1.0


def test_non_finite_draws_are_left_out() -> None:
    values = draws()
    values[0, :20] = np.nan
    values[5, 100:400] = np.inf
    kept = values[np.isfinite(values)]
    assert estimators.mean(values).value == pytest.approx(kept.mean())
    assert estimators.sd(values).value == pytest.approx(kept.std())
    assert estimators.quantile(values, 0.5).value == np.sort(kept)[round((kept.size + 1) / 2) - 1]
    hits = np.where(np.isfinite(values), values > 6, np.nan)
    assert estimators.probability(hits).value == pytest.approx((kept > 6).mean())


def test_replicates_that_lost_draws_weigh_less() -> None:
    # The ratio estimator's residuals: Σ over replicates of (total − count · mean)²
    values = uniforms()
    values[5, 100:] = np.nan
    counts = np.isfinite(values).sum(axis=1)
    totals = np.nansum(values, axis=1)
    mean = totals.sum() / counts.sum()
    error = math.sqrt(8 / 7 * ((totals - counts * mean) ** 2).sum()) / counts.sum()
    assert estimators.mean(values).error == pytest.approx(stats.t.ppf(0.95, 7) * error)


@pytest.mark.parametrize(
    "statistic",
    [
        estimators.mean,
        estimators.sd,
        estimators.probability,
        lambda values: estimators.quantile(values, 0.5),
        lambda values: estimators.guesstimate_interval(values).low,
    ],
)
def test_nothing_finite_is_refused(statistic: Callable[[Array], Estimate]) -> None:
    found = statistic(np.full((8, 10), np.nan))
    assert (str(found), found.reliable) == ("no finite draws", False)


def test_draws_too_large_to_square_or_add_are_refused() -> None:
    large = normals() * 1e200
    found = estimators.mean(large)
    assert found.value == pytest.approx(large.mean())
    assert not found.reliable
    assert str(estimators.sd(large)) == "too large for a number"
    assert str(estimators.mean(normals() * 1e307)) == "too large for a number"
    assert str(estimators.sd(normals() * 1e307)) == "too large for a number"


def test_draws_too_small_to_square_have_a_mean() -> None:
    small = normals() * 1e-200
    assert estimators.mean(small).value == pytest.approx(small.mean())
    assert estimators.sd(small).value == 0.0


def test_shares_outside_0_and_1_are_refused() -> None:
    with pytest.raises(UsageError, match=r"^mass=90 is not between 0 and 1; write 0\.9$"):
        estimators.interval(draws(), 90)
    with pytest.raises(UsageError, match=r"^p=0 is not between 0 and 1$"):
        estimators.quantile(draws(), 0)
    with pytest.raises(UsageError, match=r"^p=nan is not between 0 and 1$"):
        estimators.quantile(draws(), math.nan)


def test_one_replicate_has_no_error() -> None:
    with pytest.raises(ValueError, match=r"needs draws of shape \(R, N\) with R >= 2"):
        estimators.mean(draws(1))
    with pytest.raises(ValueError, match=r"got \(100,\)"):
        estimators.quantile(np.zeros(100), 0.5)


def test_a_quantile_is_as_uncertain_as_its_share_is_known_to_be() -> None:
    rows = np.arange(8000.0).reshape(1000, 8).T  # the replicates agree
    (alone,) = estimators.quantiles(rows, [0.5])
    (wide,) = estimators.quantiles(rows, [0.5], least=lambda x: 0.1 if abs(x - 4000) < 2 else 9.0)
    assert alone.error < 8
    assert (wide.low, wide.high) == pytest.approx((3200, 4800), abs=2)


@pytest.mark.parametrize("p", [1e-5, 1e-4])
def test_halves_of_two_values_may_have_missed_a_third(p: float) -> None:
    """Of 0, 1 and 2 with probabilities 1/2, 1/2 - p and p the variance is 1/4 + 2 p - p²: all
    replicates of 512 draws that have met no 2 agree on 1/4."""
    halves = np.tile([0.0, 1.0], (8, 256))
    found = estimators.sd(halves)
    assert found.value == 0.5
    assert found.low <= math.sqrt(0.25 + 2.0 * p - p * p) <= found.high
    assert found.error < 0.001
