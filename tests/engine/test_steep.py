"""Which functions nothing tells of where hardly any draw is."""

import numpy as np
import pytest
from scipy import special

import guessmodel as gm
from guessmodel.engine.steep import hangs_on_draws, is_steep, unknown_behind
from guessmodel.graph.traversal import rewired

A, B = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
MANY = gm.normal(mean=0, sd=1, dim={"i": range(17)})
FEW = gm.normal(mean=0, sd=1, dim={"i": range(16)})
MONTHS = gm.uniform(0, 1, dim={"month": range(3)})
GROWTH = gm.uniform(1, 2, dim={"i": range(3)})


@pytest.mark.parametrize(
    "quantity",
    [
        gm.apply(np.cosh, A),
        MANY.max("i"),
        MANY.min("i"),
        FEW.idxmax("i"),
        FEW.quantile(0.9, "i"),
        special.expit(A + B),
        gm.exp(A + B),
        gm.tanh(A),
        (A + B) ** 9,
        A / (A + B),
        1.0 / (1.0 + FEW.sum("i")),
    ],
)
def test_what_is_unknown(quantity: gm.Quantity) -> None:
    assert unknown_behind([2.0 * quantity]) == [quantity]


@pytest.mark.parametrize(
    "quantity",
    [
        A + B * A / B - gm.maximum(A, B) + gm.where(A > B, A, gm.sqrt(abs(B))),
        (A + B) / A + 1.0 / abs(A * B),
        FEW.max("i") + FEW.sum("i") + FEW.sel(i=3),
        gm.exp(gm.constant(3.0)) * A,
        gm.log(abs(A)),
    ],
)
def test_what_is_followed(quantity: gm.Quantity) -> None:
    assert unknown_behind([quantity]) == []


@pytest.mark.parametrize(
    ("quantity", "steep"),
    [
        (gm.exp(A), False),
        (gm.exp(9 * A), True),
        (gm.tanh(9 * A), True),
        (abs(A) ** 0.5, False),
        ((A + 9) ** 200, True),
        (gm.constant(2.0) ** (9 * A), True),
        (gm.constant(2.0) ** A, False),
        ((FEW + 9) ** MONTHS, False),
        ((FEW + 9) ** (100 * MONTHS), True),
        ((A + 9) ** MONTHS, False),
        (GROWTH**MONTHS, False),
        (GROWTH ** (100 * MONTHS), True),
        (1.0 / (1e-3 + (A + B - 9) ** 2), True),
        (1.0 / (1e-3 + (A + B) ** 2), False),  # the draws themselves are near
        (A / (A + 50), False),
        (1.0 / (9.0 + A**2 + B**2), False),
        (1.0 / (1e-3 + (MANY - 9).sum("i") ** 2), False),
        ((FEW + 7).prod("i") / (FEW + 7), True),
    ],
)
def test_draws_tell_whether_it_is_steep(quantity: gm.Quantity, steep: bool) -> None:
    """256 normal numbers lie within some 6 of each other, and come as near to 7 and to 9 only where
    they are 3 times as far out; at 50, or at 153 for a deviation of 4.1, neither do."""
    assert hangs_on_draws(quantity)
    operands = {f"x{k}": x for k, x in enumerate(quantity.operands)}
    simulation = gm.Model(**operands).sample(256)
    values = {x: simulation[name].values for name, x in operands.items()}
    wide = {A: 3.0 * A, B: 3.0 * B, MANY: 3.0 * MANY, FEW: 3.0 * FEW}
    spread = rewired(operands.values(), wide)
    far = gm.Model(**{name: spread[x] for name, x in operands.items()}).sample(2048)
    farther = {x: far[name].values for name, x in operands.items()}
    assert is_steep(quantity, values.__getitem__, farther.__getitem__) is steep
