"""Counts: likelihoods against a search of SciPy's, and the coverage of what the line predicts."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from controlled import controlled
from scipy import optimize, special, stats

import guessmodel as gm
from guessmodel.fitting.counts import dispersion, levels, whole
from guessmodel.fitting.families import FITTABLE
from guessmodel.graph.quantity import Quantity

COUNTS = stats.nbinom(2, 0.25).rvs(60, random_state=3)
TRUTHS = {
    "poisson": stats.poisson(4),
    "geometric": stats.geom(0.3),
    "negative_binomial": stats.nbinom(2, 2 / 7),
}


def test_a_negative_binomial_is_where_its_likelihood_is_largest() -> None:
    def less(at: Any) -> float:
        m, r = np.exp(at)
        return -float(stats.nbinom.logpmf(COUNTS, r, r / (r + m)).sum())

    other = optimize.minimize(less, (1.0, 0.0), method="Nelder-Mead", options={"xatol": 1e-7})
    assert dispersion(COUNTS[None].astype(float))[0] == pytest.approx(np.exp(other.x), rel=1e-4)
    found = gm.fit(COUNTS, "negative_binomial").best
    assert (4.0 - found.aic) / 2.0 == pytest.approx(-float(other.fun), abs=1e-6)
    even = np.array([[3.0, 3.0, 4.0, 3.0]])  # spread less than a Poisson count: the limit
    assert dispersion(even)[0, 1] == pytest.approx(1e4)


@pytest.mark.parametrize("n", [40, 4000])
@pytest.mark.parametrize("family", list(TRUTHS))
def test_what_is_worked_out_once_a_count_is_that_of_each(family: str, n: int) -> None:
    """Against SciPy's, asked of each of them: of 40 numbers from 0 to about 60 each is, of 4000
    each count."""
    own, made = FITTABLE[family], np.random.default_rng(n)
    parameters = {"negative_binomial": [12.0, 2.0]}.get(family, [12.0])
    known, u = own.frozen(np.array(parameters)), made.random((3, n))
    drawn = own.drawn(known, u)
    assert np.array_equal(drawn, known.ppf(u))
    theirs = own.frozen(own.estimate(drawn))
    for distribution, x in ((theirs, drawn), (known, drawn[0])):
        plain = 0.5 * (distribution.cdf(x) + distribution.cdf(x - 1.0))
        assert np.array_equal(own.place(distribution, x), plain)


def test_the_dispersion_of_many_counts_is_where_the_slope_of_the_likelihood_is_0() -> None:
    """Σ (ψ(x + r) − ψ(r)) + n log(r/(r + m)), summed up datum by datum, falls as r grows."""
    x = stats.nbinom(2, 0.25).rvs((2, 3000), random_state=1).astype(float)
    for row, (m, r) in zip(x, dispersion(x), strict=True):
        assert m == pytest.approx(row.mean())
        steps = [r * 0.999999, r * 1.000001]
        slopes = [
            float(
                np.sum(special.digamma(row + at) - special.digamma(at))
                + 3000 * np.log(at / (at + m))
            )
            for at in steps
        ]
        assert slopes[0] > 0.0 > slopes[1]


def test_counts_are_taken_one_by_one_where_that_is_no_more_work() -> None:
    assert levels(3.0, 5.0, 4).tolist() == [3.0, 4.0, 5.0]
    assert levels(3.0, 5.0, 3) is levels(0.0, np.inf, 9) is levels(np.nan, 5.0, 9) is None


K = np.arange(0.0, 200.0)


def held(low: Any, high: Any, truth: Any) -> Any:
    """Probability of a next count in the central 90%, whose ends may split a count, by P(X < k) and
    P(X <= k)."""
    part = np.clip(np.minimum(high, 0.95) - np.maximum(low, 0.05), 0.0, None)
    between = np.where((low > 0.05) & (low < 0.95), 1.0, 0.0)
    share = np.where(high > low, part / np.maximum(high - low, 1e-12), between)
    return share @ truth.pmf(K)


def predicted(quantity: Quantity, truth: Any) -> Any:
    draws = np.sort(quantity.sample(2**12).values)
    places = (np.searchsorted(draws, K, side) for side in ("left", "right"))
    return held(*(place / draws.size for place in places), truth)


def plain(parameters: Any, family: str, truth: Any) -> Any:
    """As if the parameters, (B, k) or (k,), were known."""
    known = FITTABLE[family].frozen(np.atleast_2d(parameters))
    k = np.broadcast_to(K, (len(np.atleast_2d(parameters)), K.size))
    return held(known.cdf(k - 1.0), known.cdf(k), truth)


@pytest.mark.parametrize(
    ("family", "n", "fits"),
    [
        ("poisson", 10, 20),
        ("geometric", 10, 20),
        ("negative_binomial", 30, 16),
    ],
)
def test_predictive_intervals_hold_what_they_say(family: str, n: int, fits: int) -> None:
    made, truth, own = np.random.default_rng(n), TRUTHS[family], FITTABLE[family]
    found = [gm.fit(truth.rvs(n, random_state=made), family).best for _ in range(fits)]
    whole_line = [predicted(each.quantity, truth) for each in found]
    beside = [float(plain(list(each.parameters.values()), family, truth)[0]) for each in found]
    many = truth.rvs((4000, n), random_state=made).astype(float)
    without = float(plain(own.estimate(many), family, truth).mean())
    mean, error = controlled(whole_line, beside, without)
    assert abs(mean - 0.9) < 0.005 + error < 0.025
    assert without < 0.895 - error


def test_a_sample_without_events_does_not_widen_the_mean() -> None:
    """The estimate of log m has about the variance (1/m + 1/r)/n, by the delta method. One of the
    samples that are drawn from this fit is of zeros alone: its mean is that of half an event."""
    found = gm.fit([0, 0, 1, 2, 3, 0, 0, 5], "negative_binomial").best
    m, r = found.parameters.values()
    told = re.search(r"mean=gm.lognormal\(mu=[^ ]+ sigma=([^)]+)\)", found.line)
    assert told and float(told[1]) == pytest.approx(((1 / m + 1 / r) / 8) ** 0.5, rel=0.5)
    assert dispersion(np.zeros((1, 8)))[0, 0] == 0.5 / 8


@pytest.mark.parametrize(
    "data", [[0, 0, 0, 1, 0, 2, 0, 0, 1, 0], [1, 1, 1, 2, 3, 4.0], [0] * 9 + [1], [1, 1, 1, 1, 2]]
)
def test_samples_all_of_one_count_give_no_warning(data: list[float]) -> None:
    """Such are drawn from fits to few small counts; warnings are errors here."""
    assert all(0.0 < each.p_value <= 1.0 for each in gm.fit(data).families)
    geometric = FITTABLE["geometric"]
    certain = geometric.frozen(np.array([1.0]))
    assert geometric.place(certain, np.array([1.0, 2.0])).tolist() == [0.5, 1.0]


@pytest.mark.parametrize("family", list(TRUTHS))
@pytest.mark.parametrize("unit", ["item", None])
def test_lines_make_what_they_say(family: str, unit: str | None) -> None:
    found = gm.fit(COUNTS + 1, family, unit=unit).best
    for text in (found.line, found.plain):
        made = eval(text, {"gm": gm})
        assert str(made.unit) == (unit or "")
        values = made.sample(256).values
        assert np.array_equal(values, np.round(values))
    made = eval(found.line, {"gm": gm}).sample(512).quantile(0.9)
    assert float(made) == float(found.quantity.sample(512).quantile(0.9))


def test_counts_are_told_by_ties() -> None:
    found = gm.fit(COUNTS)
    assert found.best.family == "negative_binomial" and found.best.fits
    assert not found["poisson"].fits
    assert found.left_out == {"geometric": "not all data are 1 or more"}
    assert "poisson" not in {each.family for each in gm.fit([120, 135, 180, 95, 240]).families}
    assert "poisson" not in {each.family for each in gm.fit([1.5, 1.5, 2, 3, 4]).families}
    zeros = np.where(np.arange(60) % 2 == 0, 0, stats.poisson(30).rvs(60, random_state=1))
    assert "take zeros for themselves (gm.hurdle)" in str(gm.fit(zeros))


def test_what_is_no_count() -> None:
    assert whole(np.array([1.0, 2.5]), 0.0) == "not all data are whole numbers"
    assert whole(np.array([0.0, 2.0]), 1.0) == "not all data are 1 or more"
    assert whole(np.array([0.0, 2.0]), 0.0) is None
    with pytest.raises(gm.GuessmodelError, match="poisson is left out: not all data are whole"):
        gm.fit([1.5, 2, 3, 4, 5], "poisson")
