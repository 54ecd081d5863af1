"""from_scipy: frozen distributions of scipy.stats as draws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.from_scipy import FromScipy, from_scipy
from guessmodel.errors import GuessmodelError
from guessmodel.graph.quantity import Quantile


def test_it_is_the_frozen_distribution() -> None:
    known = stats.gumbel_r(5, 2)
    family = FromScipy(known, False)
    p = np.array([1e-9, 0.3, 0.9])
    assert family.ppf(p).tolist() == known.ppf(p).tolist()
    assert family.isf(p).tolist() == known.isf(p).tolist()
    x = np.array([0.0, 5.0, 20.0])
    for name in ("pdf", "cdf", "sf"):
        assert getattr(family, name)(x).tolist() == getattr(known, name)(x).tolist()
    # Gumbel: mean 5 + 2 gamma, variance (2 pi)² / 6.
    assert float(family.mean()) == pytest.approx(5.0 + 2.0 * np.euler_gamma)
    assert float(family.variance()) == pytest.approx(4.0 * np.pi**2 / 6.0)
    assert [float(end) for end in family.support()] == [-np.inf, np.inf]
    assert family.valid()


def test_a_discrete_one() -> None:
    family = FromScipy(stats.hypergeom(20, 7, 12), True)
    assert family.discrete
    assert family.ppf([0.0, 1.0]).tolist() == [0.0, 7.0]
    assert family.isf([1.0, 0.0]).tolist() == [0.0, 7.0]
    assert family.pdf([3.0, 3.5]).tolist() == [stats.hypergeom(20, 7, 12).pmf(3), 0.0]


def test_in_a_model() -> None:
    node = from_scipy(stats.gumbel_r(5, scale=2), "day")
    assert str(node.unit) == "day"
    assert isinstance(node.operation, Quantile)
    assert node.operation.given == {"args": (5,), "scale": 2}
    assert node.sample(2**10).quantile(0.9).value == pytest.approx(stats.gumbel_r(5, 2).ppf(0.9))
    drawn = from_scipy(stats.skellam(4, 2)).sample(2**12).values
    assert drawn.tolist() == np.round(drawn).tolist()
    assert drawn.mean() == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(
    ("distribution", "message"),
    [
        (stats.norm, "from_scipy takes a frozen distribution: write scipy.stats.norm(…) with its"),
        (3, "from_scipy takes a frozen distribution such as scipy.stats.gumbel_r(5, 2), not a int"),
        (stats.multivariate_normal(np.zeros(2)), "from_scipy takes a frozen distribution such as"),
        (stats.norm([1, 2]), "from_scipy: scipy norm has arrays as parameters; write one"),
        (stats.norm(1, -2), "from_scipy: scipy norm has no distribution for its parameters"),
        (
            stats.rv_discrete(values=([1, 2], [0.5, 0.5]))(),
            "from_scipy: a table of values is written gm.empirical(values, weights=probabilities)",
        ),
    ],
)
def test_a_mistake_says_what_to_write(distribution: Any, message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        from_scipy(distribution)
    assert message in str(caught.value)
    assert caught.value.where is not None


@pytest.mark.parametrize(
    ("distribution", "up", "down", "at_low"),
    [
        # Tail indices from the densities: of t its degrees of freedom, of F half the second ones.
        (stats.t(3), 3.0, 3.0, math.inf),
        (stats.t(2.2, loc=5, scale=3), 2.2, 2.2, math.inf),
        (stats.cauchy(), 1.0, 1.0, math.inf),
        (stats.pareto(2.5, loc=10), 2.5, math.inf, 1.0),
        (stats.invgamma(3), 3.0, math.inf, math.inf),
        (stats.f(5, 6), 3.0, math.inf, 2.5),
        (stats.burr(2, 3), 2.0, math.inf, 6.0),
        (stats.levy(), 0.5, math.inf, math.inf),
    ],
)
def test_tails_like_powers_are_seen(distribution, up, down, at_low) -> None:
    ends = FromScipy(distribution, False).ends()
    assert ends is not None
    assert (ends.up.power, ends.down.power, ends.at_low) == (up, down, at_low)


@pytest.mark.parametrize(
    "distribution",
    [
        *(stats.norm(), stats.lognorm(1), stats.lognorm(3), stats.expon(), stats.gumbel_r()),
        *(stats.weibull_min(0.5), stats.beta(0.5, 2), stats.logistic(), stats.gamma(0.3)),
    ],
)
def test_nothing_is_said_of_other_tails(distribution) -> None:
    assert FromScipy(distribution, False).ends() is None


def test_moments_whose_error_does_not_exist_are_marked() -> None:
    # The error of a deviation needs a fourth moment, which t(3) has not; that of a difference is
    # known without draws: var t(3) = 3.
    a, b = gm.from_scipy(stats.t(3)), gm.from_scipy(stats.t(3), name="b")
    assert gm.maximum(a, b).sample(4096).sd().note == "unreliable: infinite fourth moment"
    difference = (a - b).sample(4096).sd()
    assert difference.is_exact
    assert difference.value == pytest.approx(6**0.5, rel=1e-12)
    assert gm.from_scipy(stats.cauchy()).sample(64).mean().note == "the mean does not exist"


def test_a_family_that_is_not_good_far_out_says_nothing_of_it() -> None:
    # Of the 1e-300 quantile of this one SciPy warns, and warnings are errors here.
    result = from_scipy(stats.invgauss(2 / 3, scale=3), name="x").sample(1024)
    assert result.mean().value == pytest.approx(2.0)


OLD = not hasattr(stats, "Normal")


@pytest.mark.skipif(OLD, reason="SciPy before 1.15")
@pytest.mark.parametrize(
    ("make", "frozen"),
    [
        (lambda: stats.Normal(mu=3, sigma=2), stats.norm(3, 2)),
        (lambda: stats.Uniform(a=1, b=4), stats.uniform(1, 3)),
        (lambda: 2 * stats.Normal(mu=1) + 5, stats.norm(7, 2)),
        (lambda: stats.exp(stats.Normal(sigma=0.5)), stats.lognorm(0.5)),
        (lambda: stats.truncate(stats.Normal(), 0, 2), stats.truncnorm(0, 2)),
    ],
)
def test_a_distribution_of_the_new_kind_is_the_old_one(make: Any, frozen: Any) -> None:
    new, old = gm.from_scipy(make(), "day").sample(1024), gm.from_scipy(frozen, "day").sample(1024)
    assert new.values == pytest.approx(old.values, rel=1e-6, abs=1e-9)
    assert new.mean().value == pytest.approx(frozen.mean(), abs=1e-9)
    assert new.sd().value == pytest.approx(frozen.std())
    assert new.quantile(0.99).value == pytest.approx(frozen.ppf(0.99))


@pytest.mark.skipif(not hasattr(stats, "Binomial"), reason="SciPy before 1.16")
def test_a_discrete_one_of_the_new_kind() -> None:
    heads = gm.from_scipy(stats.Binomial(n=10, p=0.3))
    assert heads.sample(1024).quantile(0.95).value == 5
    assert (heads == 3).sample().probability().value == pytest.approx(stats.binom(10, 0.3).pmf(3))


def test_a_histogram() -> None:
    """Densities 1/6, 2/6 and 3/6 on unit bins: mean (0.5 + 2 · 1.5 + 3 · 2.5) / 6."""
    found = gm.from_scipy(stats.rv_histogram(([1, 2, 3], [0, 1, 2, 3]), density=False), "ms")
    assert found.sample(64).mean().value == pytest.approx(11 / 6)
    assert found.sample(64).quantile(0.5).value == pytest.approx(2)


@pytest.mark.skipif(OLD, reason="SciPy before 1.15")
def test_arrays_as_parameters_of_the_new_kind_are_refused() -> None:
    with pytest.raises(
        gm.GuessmodelError, match="Normal has arrays as parameters; write one gm.fr"
    ):
        gm.from_scipy(stats.Normal(mu=[1, 2]))
