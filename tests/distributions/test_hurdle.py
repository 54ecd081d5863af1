"""hurdle: 0 with a probability, else above it; SciPy's zero-truncated distributions beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.distributions.hurdle import Hurdle
from guessmodel.distributions.lognormal import Lognormal
from guessmodel.distributions.pareto import Pareto
from guessmodel.distributions.poisson import POISSON
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


class Passed:
    """Zero with probability p, else `inner` above 0, from SciPy's formulas."""

    def __init__(self, p: float, inner: Any) -> None:
        self.p, self.inner = p, inner
        self.k = np.arange(1.0, 400.0)
        share = inner.pmf(self.k)
        self.share = (1.0 - p) * share / share.sum()

    def cdf(self, x: Any) -> Any:
        return np.array([self.p + self.share[self.k <= each].sum() for each in np.ravel(x)])

    def sf(self, x: Any) -> Any:
        return np.array([self.share[self.k > each].sum() for each in np.ravel(x)])

    def ppf(self, p: Any) -> Any:
        return np.array([0.0 if x <= self.p else self.after(1.0 - x) for x in np.ravel(p)])

    def isf(self, q: Any) -> Any:
        return np.array([0.0 if x >= 1.0 - self.p else self.after(x) for x in np.ravel(q)])

    def after(self, q: float) -> float:
        above = np.array([self.share[self.k > each].sum() for each in self.k])
        return float(self.k[np.argmax(above <= q * (1.0 + 1e-12))])

    def mean(self) -> float:
        return float(self.share @ self.k)

    def var(self) -> float:
        return float(self.share @ self.k**2) - self.mean() ** 2


@pytest.mark.parametrize("p", [0.0, 0.01, 0.4, 0.9])
@pytest.mark.parametrize("mean", [0.2, 3.0, 40.0])
def test_counts_are_truncated_at_one(p: float, mean: float) -> None:
    check_family(Hurdle(POISSON), (p, mean), reference=Passed(p, stats.poisson(mean)), tail=1e-9)


@pytest.mark.parametrize("p", [0.0, 0.3, 0.999])
def test_a_positive_family_is_scaled(p: float) -> None:
    family, at, known = Hurdle(Lognormal()), (p, 0.5, 0.8), stats.lognorm(0.8, scale=np.exp(0.5))
    x = np.array([0.1, 1.0, 5.0, 100.0])
    assert family.sf(x, *at) == pytest.approx((1 - p) * known.sf(x), rel=1e-12)
    assert family.cdf(x, *at) == pytest.approx(p + (1 - p) * known.cdf(x), rel=1e-12)
    assert family.cdf([-1.0, 0.0], *at).tolist() == pytest.approx([0.0, p], abs=1e-15)
    assert family.pdf(x, *at) == pytest.approx((1 - p) * known.pdf(x), rel=1e-12)
    q = np.array([1e-12, 1e-5, 0.4, 0.9]) * (1 - p)
    assert family.isf(q, *at) == pytest.approx(known.isf(q / (1 - p)), rel=1e-10)
    assert family.ppf(1.0 - q[2:], *at) == pytest.approx(known.isf(q[2:] / (1 - p)), rel=1e-9)
    assert float(family.mean(*at)) == pytest.approx((1 - p) * known.mean(), rel=1e-12)
    square = (1 - p) * (known.var() + known.mean() ** 2)
    variance = square - ((1 - p) * known.mean()) ** 2
    assert float(family.variance(*at)) == pytest.approx(variance, rel=1e-9)
    assert family.ppf([0.0, p / 2, p], *at).tolist() == [0.0, 0.0, 0.0]


def test_the_ends_are_those_of_what_passes() -> None:
    family = Hurdle(Pareto())
    assert family.support(0.3, 2.0, 1.5)[0] == 0.0
    assert family.support(0.0, 2.0, 1.5)[0] == 2.0
    assert float(family.mean(0.3, 2.0, 0.9)) == np.inf
    heavy = (gm.hurdle(gm.pareto(scale=1, shape=0.9), 0.5) * 2).sample(64)
    assert "does not exist" in str(heavy.mean()) or "infinite" in str(heavy.mean())
    assert "not finite" in (1 / gm.hurdle(gm.lognormal(1, 2), 0.5)).sample(64).mean().note


def test_in_a_model() -> None:
    # P(0) is p_zero itself, not p_zero + (1 - p_zero) exp(-1) as of zero_inflated.
    claims = gm.hurdle(gm.poisson(1, "item"), 0.5, name="claims")
    drawn = gm.Model(claims=claims).sample(2**12)["claims"]
    assert str(drawn.unit) == "item"
    assert (drawn.values == 0.0).mean() == pytest.approx(0.5, abs=1e-3)
    assert drawn.mean().value == pytest.approx(0.5 / (1 - np.exp(-1)), rel=1e-12)
    uncertain = gm.hurdle(gm.poisson(gm.gamma(mean=3, sd=1)), gm.beta(0.2, 0.6)).sample(2**14)
    known = optimize.root(lambda at: stats.beta.cdf([0.2, 0.6], *at) - [0.05, 0.95], [3.0, 5.0]).x
    assert (uncertain.values == 0.0).mean() == pytest.approx(stats.beta.mean(*known), abs=5e-3)
    labelled = gm.hurdle(gm.poisson({"a": 1, "b": 5}, dim="site"), 0.2).sample(256)
    assert labelled.values.shape == (2, 256)
    mixed = gm.hurdle(gm.mixture([0, gm.lognormal(1, 4)]), 0.25).sample(2**12)
    assert (mixed.values == 0.0).mean() == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: gm.hurdle(3, 0.5), "hurdle takes a draw: gm.hurdle(gm.poisson(2), 0.7)"),
        (
            lambda: gm.hurdle(gm.poisson(2) * 2, 0.5),
            "hurdle takes a draw, but * is derived; make it of the draws behind it",
        ),
        (
            lambda: gm.hurdle(gm.normal(1, 2), 0.5),
            "hurdle: the normal is not above 0 throughout; cut it first with gm.truncated(q, low",
        ),
        (
            lambda: gm.hurdle(gm.poisson(2), 70),
            "hurdle: p_zero is 70, not between 0 and 1; write 0.7",
        ),
        (lambda: gm.hurdle(gm.poisson(2), gm.constant(1, "USD")), "cannot convert USD"),
        (
            lambda: gm.hurdle(gm.mixture([0, gm.poisson(gm.lognormal(1, 2))]), 0.5),
            "hurdle: the components of this mixture vary",
        ),
        (
            lambda: gm.hurdle(gm.correlate([gm.gamma(1, 2), gm.gamma(1, 3)], rank=0.5)[0], 0.5),
            "is correlated with other draws; write gm.hurdle before gm.correlate",
        ),
    ],
)
def test_a_mistake_says_what_to_write(make: Any, message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        make()
    assert message in str(caught.value)
