"""bernoulli: its formulas and messages; SciPy is the independent method."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions.bernoulli import Bernoulli, bernoulli
from guessmodel.distributions.normal import normal
from guessmodel.distributions.parametrisation import constant
from guessmodel.errors import GuessmodelError
from guessmodel.model.model import Model
from guessmodel.testing.families import check_family


@pytest.mark.parametrize("p", [0.0, 1e-9, 0.3, 0.5, 0.999, 1.0])
def test_formulas_agree_with_each_other_and_with_scipy(p: float) -> None:
    check_family(Bernoulli(), (p,), reference=stats.bernoulli(p))


def test_a_small_probability_keeps_its_digits_above() -> None:
    q = np.array([1e-20, 2.9e-18, 3.1e-18])
    assert Bernoulli().isf(q, 3e-18).tolist() == [1.0, 1.0, 0.0]
    assert Bernoulli().sf(0.0, 3e-18) == 3e-18


def test_values_outside_and_probabilities_outside() -> None:
    family = Bernoulli()
    assert family.cdf([-1.0, 0.5, 1.0], 0.3).tolist() == [0.0, 0.7, 1.0]
    assert family.pdf([-1.0, 0.0, 0.5, 1.0], 0.25).tolist() == [0.0, 0.75, 0.0, 0.25]
    assert np.isnan(family.ppf([-0.1, 1.1, np.nan], 0.3)).all()
    assert np.isnan(family.cdf(0.0, 1.5))
    assert family.ppf([0.0, 1.0], 0.3).tolist() == [0.0, 1.0]
    # At the jump itself 0 suffices: P(X <= 0) >= 0.75 and P(X > 0) <= 0.25.
    assert float(family.ppf(0.75, 0.25)) == float(family.isf(0.25, 0.25)) == 0.0


def test_percent_labels_and_quantities() -> None:
    assert bernoulli(constant(30, "percent")).sample(64).mean().value == pytest.approx(0.3)
    by_label = bernoulli({"a": 0.1, "b": 0.9, "c": None}, dim="case")
    assert by_label.sel(case="b").sample(2**12).mean().value == pytest.approx(0.9, abs=0.01)
    # The mean of a hierarchical indicator is the mean of its probability.
    uncertain = bernoulli(normal(mean=0.4, sd=0.05))
    assert uncertain.sample(2**12).mean().value == pytest.approx(0.4, abs=0.02)


def test_a_constant_given_as_probability_stays_linked() -> None:
    p = constant(0.3)
    model = Model({"p": p, "hit": bernoulli(p)})
    assert model.with_(p=0.9).sample(64)["hit"].mean().value == pytest.approx(0.9)
    with pytest.raises(GuessmodelError, match="bernoulli has no distribution for parameters 9"):
        model.with_(p=9).sample(64)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((30,), "bernoulli: p is 30, not between 0 and 1; write 0.3"),
        ((-0.1,), "bernoulli: p is -0.1, not between 0 and 1"),
        ((0.3, "USD"), "bernoulli draws plain numbers, not USD"),
        ((), "bernoulli takes (p=); got nothing"),
        ((float("nan"),), "bernoulli: p is nan; write a finite number"),
    ],
)
def test_a_mistake_says_what_to_write(arguments: tuple[float, ...], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        bernoulli(*arguments)
    assert message in str(caught.value)
