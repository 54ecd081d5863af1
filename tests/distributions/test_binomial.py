"""binomial: its formulas and messages; SciPy is the independent method."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions import integer_valued
from guessmodel.distributions.binomial import Binomial, binomial
from guessmodel.distributions.normal import normal
from guessmodel.distributions.poisson import poisson
from guessmodel.errors import GuessmodelError
from guessmodel.graph.functions import round as rounded
from guessmodel.testing.families import check_family


@pytest.mark.parametrize("trials", [1.0, 10.0, 1000.0, 1e6])
@pytest.mark.parametrize("p", [1e-8, 0.02, 0.5, 0.97])
def test_formulas_agree_with_each_other_and_with_scipy(trials: float, p: float) -> None:
    check_family(Binomial(), (trials, p), reference=stats.binom(trials, p))


@pytest.mark.parametrize("at", [(0.0, 0.3), (5.0, 0.0), (5.0, 1.0)])
def test_certain_outcomes(at: tuple[float, float]) -> None:
    family, value = Binomial(), at[0] * at[1]
    assert family.ppf([0.0, 0.3, 1.0], *at).tolist() == [value] * 3
    assert family.isf([0.0, 0.3, 1.0], *at).tolist() == [value] * 3
    assert family.pdf([value, value + 1.0], *at).tolist() == [1.0, 0.0]
    assert family.cdf([value - 1.0, value], *at).tolist() == [0.0, 1.0]


def test_the_smallest_probability_above() -> None:
    # P(all succeed) = p ** trials, the survival function at trials - 1.
    p, trials = 0.01, 100.0
    family = Binomial()
    assert float(family.sf(99.0, trials, p)) == pytest.approx(1e-200, rel=1e-9)
    assert family.isf([0.9e-200, 1.1e-200], trials, p).tolist() == [100.0, 99.0]


def test_trials_from_a_unit_conversion_are_whole_again() -> None:
    family = Binomial()
    assert family.valid(99.99999999999999, 0.5)
    assert family.support(99.99999999999999, 0.5)[1] == 100.0
    assert not family.valid(99.5, 0.5)


def test_trials_may_be_uncertain() -> None:
    # A thinned Poisson count is Poisson again: mean and variance 10 * 0.3.
    thinned = binomial(poisson(10, "user"), 0.3).sample(2**13)
    assert str(thinned.unit) == "user"
    assert thinned.mean().value == pytest.approx(3.0, rel=0.03)
    assert thinned.sd().value == pytest.approx(np.sqrt(3.0), rel=0.05)
    assert np.isfinite(binomial(rounded(normal(20, 30)), 0.5).sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2.4, 0.3), "binomial: trials is 2.4; write a whole number, e.g. 2"),
        ((-2, 0.3), "binomial: trials is -2; it must not be below 0"),
        ((10, 20), "binomial: p is 20, not between 0 and 1; write 0.2"),
        ((10,), "binomial takes (trials=, p=); got trials"),
        (
            (normal(5, 9), 0.3),
            "binomial: trials is a normal draw, which is no whole number; write gm.round(trials)",
        ),
        ((10, 0.2, "thousand user"), "binomial counts one by one, not in thousand*user"),
    ],
)
def test_a_mistake_says_what_to_write(arguments: tuple[float, ...], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        binomial(*arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize("by_strides", [False, True])
def test_a_stride_that_meets_the_end_of_the_support_does_not_end_there(
    monkeypatch: pytest.MonkeyPatch, by_strides: bool
) -> None:
    """With q = 1 - p, P(X <= 10) of 11 trials is 1 - p^11, and P(X <= 9) less 11 p^10 q."""
    trials, p, level = 11.0, 0.99737949, 0.00058246
    assert 1.0 - p**11 - 11.0 * p**10 * (1.0 - p) < level < 1.0 - p**11
    if by_strides:  # as if rounding might decide everywhere
        monkeypatch.setattr(integer_valued, "_DOUBT", np.inf)
    assert Binomial().ppf(np.array([level]), trials, p) == 10.0
