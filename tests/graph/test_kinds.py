"""What values a quantity has is told by its making."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.graph.kinds import is_indicator

X = gm.normal(0, 1, name="x")
COIN = gm.bernoulli(0.5, name="coin")
SIDES = gm.stack({"a": X > 0, "b": COIN}, dim="side")


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (X > 1, True),
        ((X > 1) | (COIN == 1), True),
        (COIN, True),
        (COIN * (X > 0), True),
        (SIDES.sel(side="b"), True),
        (SIDES.max("side"), True),
        (SIDES.prod("side"), True),
        (gm.where(X > 0, COIN, 1), True),
        (gm.where(X > 0, COIN, 2), False),
        (SIDES.sum("side"), False),
        (COIN + COIN, False),
        (X, False),
    ],
)
def test_what_can_be_nothing_but_0_and_1(quantity: gm.Quantity, expected: bool) -> None:
    assert is_indicator(quantity) is expected
    if expected:
        assert np.isin(quantity.sample(64).values, (0.0, 1.0)).all()


def test_an_event_that_was_never_drawn_has_the_error_of_a_rare_one() -> None:
    # Ten normal variables above 0 at once: 2^-10 of 512 draws, and of the draws of `mean` alone an
    # error of 0. The limit for 0 of n is 1 - 0.05^(1/n) (Clopper and Pearson).
    inputs = [gm.normal(-1, 1, name=f"x{i}") for i in range(12)]
    both = gm.stack({i: x > 0.9 for i, x in enumerate(inputs)}, dim="input").min("input")
    mean = both.sample(512).mean()
    assert mean.value == 0.0
    assert mean.high == pytest.approx(1 - 0.05 ** (1 / 512))
