"""zero_inflated: a mixture of 0 and a quantity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.normal import normal
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.poisson import poisson
from guessmodel.distributions.zero_inflated import zero_inflated
from guessmodel.errors import GuessmodelError
from guessmodel.model.model import Model


def test_it_is_0_as_often_as_said_and_else_the_quantity() -> None:
    loss = lognormal(1e3, 1e5, "USD")
    node = zero_inflated(loss, 0.9)
    assert str(node.unit) == "USD"
    drawn = Model({"loss": loss, "node": node}).sample(2**13)
    values, losses = drawn["node"].values, drawn["loss"].values
    assert (values == 0.0).mean() == pytest.approx(0.9, abs=0.002)
    assert values[values > 0.0].tolist() == losses[values > 0.0].tolist()
    # Exact: mean 0.1 E[loss], and the 95th percentile is the median of the loss.
    assert drawn["node"].mean().value == pytest.approx(0.1 * drawn["loss"].mean().value, rel=1e-9)
    assert drawn["node"].quantile(0.95).value == pytest.approx(1e4, rel=1e-9)


def test_probability_in_percent_and_uncertain() -> None:
    assert zero_inflated(constant(2), constant(25, "percent")).sample(64).mean().value == 1.5
    node = zero_inflated(constant(1), normal(mean=0.3, sd=0.05)).sample(2**12)
    assert node.mean().value == pytest.approx(0.7, abs=0.01)


def test_zeros_of_the_quantity_add_up() -> None:
    # P(0) = 0.5 + 0.5 exp(-1).
    node = zero_inflated(poisson(1), 0.5)
    zero = (node == 0).sample(2**13).probability()
    assert zero.value == pytest.approx(0.5 + 0.5 * np.exp(-1.0), abs=0.01)


@pytest.mark.parametrize(
    ("q", "p_zero", "message"),
    [
        (lognormal(1, 2), 90, "zero_inflated: p_zero is 90, not between 0 and 1; write 0.9"),
        (lognormal(1, 2), -0.1, "zero_inflated: p_zero is -0.1, not between 0 and 1"),
        (3, 0.5, "zero_inflated takes a quantity, e.g. gm.zero_inflated(loss, 0.9)"),
        (lognormal(1, 2), constant(1, "USD"), "cannot convert USD to a plain number"),
    ],
)
def test_a_mistake_says_what_to_write(q: Any, p_zero: Any, message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        zero_inflated(q, p_zero)
    assert message in str(caught.value)
