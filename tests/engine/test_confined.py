"""Which values of a source lie in a range of its probabilities."""

from collections.abc import Sequence

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.engine.confined import Cell, occurs_in
from guessmodel.engine.plan import Plan
from guessmodel.engine.scored import Scored, coordinates
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics import normal
from guessmodel.numerics.arrays import BoolArray

CONTINUOUS = {
    "normal": gm.normal(1, 2),
    "lognormal": gm.lognormal(1, 9),
    "uniform": gm.uniform(3, 4),
    "beta": gm.beta(0.2, 0.3),
    "bernoulli": gm.bernoulli(0.5),  # a uniform number decides
}


def within(quantity: Quantity, cell: Cell, p: Sequence[float]) -> BoolArray:
    """Whether the values at some probabilities, counted from the cell's end, lie in it."""
    plan: Plan = gm.Model(x=quantity).plan()
    z = normal.isf(np.array(p)) if cell.upper else normal.ppf(np.array(p))
    points = Scored(plan, coordinates(plan), z.reshape(1, 1, -1))
    own = Cell(cell.positions, plan.streams[0].keys[0], cell.upper, cell.near, cell.far)
    return occurs_in(points, plan.streams, [own])[0, 0]


@pytest.mark.parametrize("family", CONTINUOUS)
@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("p", [0.01, 1e-5])
def test_no_value_of_a_tail_is_left_out(family: str, upper: bool, p: float) -> None:
    """Neither the farthest nor the nearest: what is aimed at them meets nothing else."""
    quantity, cell = CONTINUOUS[family], Cell(frozenset(), "", upper, 0.0, p)
    inside = [p * share for share in (1.0 - 1e-9, 1.0 - 1e-7, 0.5, 1e-3, 1e-6, 1e-9)]
    assert within(quantity, cell, inside).all()
    assert not within(quantity, cell, [p * 1.001, p * 2.0, 0.5]).any()


def test_a_window_has_two_ends() -> None:
    cell = Cell(frozenset(), "", True, 1e-3, 3e-3)
    inside, outside = [1.0000001e-3, 2e-3, 2.9999999e-3], [0.999e-3, 3.003e-3, 1e-9, 0.3]
    assert within(gm.normal(1, 2), cell, inside).all()
    assert not within(gm.normal(1, 2), cell, outside).any()


def test_of_a_value_that_has_a_probability_all_is_in_it_or_nothing() -> None:
    """P(poisson(1) > 4) = 1 - 65/24 exp(-1)."""
    p = 1.0 - 65.0 / 24.0 * np.exp(-1.0)
    cell = Cell(frozenset(), "", True, 0.0, p)
    assert within(gm.poisson(1.0), cell, [p * (1.0 - 1e-9), p / 2.0, p * 1e-9]).all()
    assert not within(gm.poisson(1.0), cell, [p * (1.0 + 1e-9), p * 1.5, 0.5]).any()
