"""Which means are marked: those whose tail may hold more than was drawn, not all that few draws
decide. Marks that come and go with the draws would be worse than none, for they are missing where
the large draws are missing."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from guessmodel.estimators import replicates as estimators
from guessmodel.estimators import skewed_tails
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.shape import Shortfall, skewness
from guessmodel.estimators.skewed_tails import Extremes
from guessmodel.estimators.stratified import Stratum
from guessmodel.numerics.moments import Moments
from guessmodel.numerics.pareto_tail import DrawnTail

Rows = NDArray[np.float64]
RUNS = 40


def excess(rng: np.random.Generator) -> Rows:
    """What a normal variable exceeds 1.6 by: of 4,096 draws 225 are not 0, and the largest hold a
    fifth of the variance, or more, or less."""
    return np.maximum(rng.normal(size=(8, 512)) - 1.6, 0.0)


def heavy(rng: np.random.Generator) -> Rows:
    """Without a variance."""
    return rng.pareto(1.2, size=(8, 512))


def marked(rows: Callable[..., Rows], statistic: Callable[[Rows], Estimate]) -> float:
    return float(
        np.mean([not statistic(rows(np.random.default_rng(k))).reliable for k in range(RUNS)])
    )


def of_tail(rows: Rows) -> Estimate:
    return Shortfall(1.645, 0.05)([Stratum(1.0, rows)])


def shape(rows: Rows) -> Estimate:
    return skewness([Stratum(1.0, rows)])


def normal(rng: np.random.Generator) -> Rows:
    return rng.normal(size=(8, 512))


@pytest.mark.parametrize(
    ("rows", "statistic"),
    [
        (excess, estimators.mean),
        (excess, estimators.sd),
        (normal, of_tail),
        (normal, shape),
    ],
)
def test_light_tails_are_not_marked(
    rows: Callable[..., Rows],
    statistic: Callable[[Rows], Estimate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert marked(rows, statistic) < 0.1
    monkeypatch.setattr(DrawnTail, "without_variance", lambda _: True)
    monkeypatch.setattr(DrawnTail, "grows", lambda *_: True)
    monkeypatch.setattr(skewed_tails, "_MUCH", 0.02)
    assert marked(rows, statistic) > 0.5  # by the share of the variance alone


@pytest.mark.parametrize("statistic", [estimators.mean, estimators.sd, shape])
def test_heavy_tails_are_marked(
    statistic: Callable[[Rows], Estimate], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert marked(heavy, statistic) > 0.9
    monkeypatch.setattr(DrawnTail, "without_variance", lambda _: False)
    monkeypatch.setattr(DrawnTail, "grows", lambda *_: False)
    monkeypatch.setattr(skewed_tails, "_MOST", 1.0)
    assert marked(heavy, statistic) < 0.5


def with_an_end(rng: np.random.Generator) -> Rows:
    """An exponential where it and another add up to more than 3: as likely anywhere from 0 to 3,
    and then an exponential tail. The lower end is about as far from the mean as the tail begins."""
    beyond = np.where(rng.random((8, 100)) < 0.25, rng.exponential(size=(8, 100)), np.nan)
    return np.where(np.isnan(beyond), rng.uniform(0, 3, size=(8, 100)), 3.0 + beyond)


def test_the_end_of_the_other_tail_is_none_that_falls_slowly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert marked(with_an_end, estimators.mean) < 0.1
    monkeypatch.setattr("guessmodel.numerics.pareto_tail.farther_shape", lambda *_: 1.0)
    assert marked(with_an_end, estimators.mean) > 0.15  # by both tails together


def few(rng: np.random.Generator) -> Rows:
    return rng.lognormal(sigma=1.0, size=(8, 32))


def test_few_draws_do_not_tell_of_one_tail_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert marked(few, estimators.mean) > 0.9
    monkeypatch.setattr("guessmodel.numerics.pareto_tail._TELLING", 0)
    assert marked(few, estimators.mean) < 0.8


def lognormal(rng: np.random.Generator) -> Rows:
    """Of which the error of a standard deviation hangs on a few draws."""
    return rng.lognormal(sigma=1.0, size=(8, 512))


def wide(rng: np.random.Generator) -> Rows:
    return rng.lognormal(sigma=1.8, size=(8, 512))


@pytest.mark.parametrize(
    ("rows", "statistic", "most_often"),
    [(lognormal, estimators.sd, False), (wide, estimators.sd, True), (lognormal, shape, True)],
)
def test_a_mark_does_not_come_and_go_with_the_farthest_draws(
    rows: Callable[..., Rows], statistic: Callable[[Rows], Estimate], most_often: bool
) -> None:
    """In nine runs of ten it is there, or not there; and the farthest draws do not decide it."""
    share = marked(rows, statistic)
    assert share > 0.9 if most_often else share < 0.1

    def without_the_farthest(rng: np.random.Generator) -> Rows:
        found = rows(rng).ravel()
        order = np.argsort(found)
        found[order[-8:]] = found[order[-8]]
        return found.reshape(8, 512)

    assert marked(without_the_farthest, statistic) == pytest.approx(share, abs=0.05)


def test_the_error_of_a_power_reaches_as_far_as_that_of_a_variance() -> None:
    rows = np.random.default_rng(1).exponential(size=(8, 512)) ** 3
    plain, power = (estimators.mean(rows, order=order) for order in (1, 3))
    assert power.high - power.value > 1.2 * (plain.high - plain.value)


STRATA = 64


def missed_above(rng: np.random.Generator, runs: int) -> float:
    """The percentage of intervals of means that end below what is true, of an exponential and of a
    lognormal variable: one draw in each of 64 strata, as a net has them of one input."""
    missed = 0
    for _ in range(runs):
        u = (np.arange(STRATA) + rng.random((8, STRATA))) / STRATA
        missed += estimators.mean(-np.log1p(-u)).high < 1.0
        missed += estimators.mean(np.exp(0.3 * special.ndtri(u))).high < np.exp(0.045)
    return 100.0 * missed / (2 * runs)


def test_what_one_input_decides_is_missed_no_more_often_than_most(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """5% would be just right above, and below it is 1 to 2%."""
    assert missed_above(rng, 2000) < 9.5
    monkeypatch.setattr(skewed_tails, "_SKEWED", 0.0)
    assert missed_above(rng, 2000) > 10.5


def test_the_largest_draws_make_the_skewness_of_means() -> None:
    """Replicates that differ in their largest draw alone, or in their smallest, or in both."""
    rows = np.zeros((8, 100))
    rows[:, 0], rows[:, 1] = np.arange(8.0) + 1.0, -1.0
    assert Extremes.of(Moments.of(rows), 0.0).skewness == pytest.approx(2.0)
    assert Extremes.of(Moments.of(-rows), 0.0).skewness == pytest.approx(-2.0)
    rows[:, 1] = -rows[::-1, 0]
    assert Extremes.of(Moments.of(rows), 0.0).skewness == 0.0


def test_the_5_percent_point_is_farther_off_by_the_skewness() -> None:
    """Of t over 8 means of skewness 2, by Hall's expansion with SciPy's quantiles."""
    normal, t = stats.norm.ppf(0.95), stats.t.ppf(0.95, 7)
    farther = 1.0 + 2.0 * (2.0 * normal**2 + 1.0) / (6.0 * np.sqrt(8)) / t
    light = Extremes(up=3.0, down=3.0, share=0.01, log_draws=6.0, replicates=8, skewness=2.0)
    assert (light.stretch_low(), light.stretch_high()) == pytest.approx((1.0, farther))
