"""geometric: its convention, formulas and messages; SciPy is the independent method."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions.geometric import Geometric, geometric
from guessmodel.distributions.negative_binomial import NegativeBinomial
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize("p", [1e-4, 0.01, 0.45, 0.9987])
def test_formulas_agree_with_each_other_and_with_scipy(p: float) -> None:
    # SciPy has upper quantiles of counts from 1 - q, so they are not compared far out.
    check_family(Geometric(), (p,), reference=stats.geom(p), tail=1e-9)
    check_family(Geometric(), (p,))


def test_it_counts_the_trial_that_succeeds() -> None:
    assert Geometric().pdf([0.0, 1.0, 2.0], 0.25).tolist() == [0.0, 0.25, 0.1875]
    assert geometric(0.25).sample(64).mean().value == pytest.approx(4.0)


def test_the_failures_before_are_one_fewer() -> None:
    k = np.arange(0.0, 30.0)
    failures = NegativeBinomial().pdf(k, 1.0, 0.2)
    assert Geometric().pdf(k + 1.0, 0.2) == pytest.approx(failures, rel=1e-12)


def test_far_out_the_quantile_is_the_logarithm() -> None:
    # S(k) = (1 - p)^k: below 1e-200 from k = 200 log(10) / -log(1 - p) on.
    k = np.ceil(200.0 * np.log(10.0) / -np.log(0.9))
    assert float(Geometric().isf(1e-200, 0.1)) == k


def test_rare_successes_and_certain_ones() -> None:
    assert float(Geometric().ppf(0.5, 1e-12)) == pytest.approx(np.log(2.0) * 1e12, rel=1e-9)
    assert Geometric().ppf([0.0, 0.5, 1.0], 1.0).tolist() == [1.0, 1.0, 1.0]


def test_by_its_mean() -> None:
    node = geometric(mean=5)
    assert float(node.parameters[0].operation.value) == 0.2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"p": 0}, "geometric: p is 0; it must be above 0"),
        ({"p": 25}, "geometric: p is 25, not between 0 and 1; write 0.25"),
        ({"mean": 0.5}, "for the failures before it write gm.negative_binomial(1, p)"),
        ({"mean": 5, "p": 0.2}, "geometric takes one of (p=) or (mean=); got p, mean"),
    ],
)
def test_a_mistake_says_what_to_write(options: dict[str, float], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        geometric(**options)
    assert message in str(caught.value)
