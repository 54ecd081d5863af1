"""Python's operators on quantities do what NumPy does on their draws."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.graph.quantity import Quantity


@pytest.fixture
def x() -> Quantity:
    return gm.normal(-1, 2)


@pytest.fixture
def y() -> Quantity:
    return gm.lognormal(1, 3)


ARITHMETIC = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "floor divide": lambda a, b: a // b,
    "remainder": lambda a, b: a % b,
    "less": lambda a, b: a < b,
    "at most": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    "at least": lambda a, b: a >= b,
    "equal": lambda a, b: a == b,
    "unequal": lambda a, b: a != b,
}


@pytest.mark.parametrize("name", ARITHMETIC)
def test_operators_do_what_numpy_does_on_the_same_draws(name, x, y):
    operate = ARITHMETIC[name]
    model = gm.Model(x=x, y=y, both=operate(x, y), right=operate(x, 0.7), left=operate(0.7, y))
    sim = model.sample(1024)
    a, b = sim["x"].values, sim["y"].values
    np.testing.assert_array_equal(sim["both"].values, operate(a, b))
    np.testing.assert_array_equal(sim["right"].values, operate(a, 0.7))
    np.testing.assert_array_equal(sim["left"].values, operate(0.7, b))


def test_powers_and_unary_operators(x, y):
    model = gm.Model(
        x=x, y=y, p=y**x, q=2**x, neg=-x, pos=+x, size=abs(x), near=round(x), tenth=round(x, 1)
    )
    sim = model.sample(512)
    a, b = sim["x"].values, sim["y"].values
    np.testing.assert_allclose(sim["p"].values, b**a)
    np.testing.assert_allclose(sim["q"].values, 2**a)
    np.testing.assert_array_equal(sim["neg"].values, -a)
    np.testing.assert_array_equal(sim["pos"].values, a)
    np.testing.assert_array_equal(sim["size"].values, np.abs(a))
    np.testing.assert_array_equal(sim["near"].values, np.round(a))
    np.testing.assert_allclose(sim["tenth"].values, np.round(a, 1))


def test_indicators_combine(x):
    high, low = x > 1, x < 0
    sim = gm.Model(x=x, any=high | low, none=~(high | low), both=high & low, one=high ^ low).sample(
        512
    )
    a = sim["x"].values
    np.testing.assert_array_equal(sim["any"].values, (a > 1) | (a < 0))
    np.testing.assert_array_equal(sim["none"].values, ~((a > 1) | (a < 0)))
    assert not sim["both"].values.any()
    np.testing.assert_array_equal(sim["one"].values, sim["any"].values)


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_the_same_object_is_the_same_draw(method, x):
    sim = gm.Model(zero=x - x, square=x * x, one=(x == x)).sample(4096, method=method)
    assert not sim["zero"].values.any()
    assert sim["square"].values.min() >= 0.0
    assert sim["one"].values.all()
