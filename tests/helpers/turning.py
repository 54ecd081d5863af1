"""Quantities that hardly ever take another turn, for tests of turns and of their margins."""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.graph.quantity import Quantity
from guessmodel.testing import assert_true_value


def normal(mean: float = 0.0, sd: float = 1.0, **more) -> Quantity:
    return gm.normal(mean=mean, sd=sd, **more)


def excess(mean: float, sd: float) -> float:
    """E max(X, 0) of a normal variable."""
    return sd * stats.norm.pdf(mean / sd) + mean * stats.norm.cdf(mean / sd)


def assert_told(quantity: Quantity, true: float, n: int) -> None:
    """That so many draws tell a mean, to less than half of it."""
    found = gm.Model(y=quantity).sample(n)["y"].mean()
    assert found.reliable
    if found.is_exact:
        assert found.value == pytest.approx(true, rel=1e-9)
    else:
        assert_true_value(found, true)
    assert found.error < 0.5 * abs(true)


def near(x: Quantity, y: Quantity) -> dict[str, Quantity]:
    """Quantities that hardly ever turn, of x about 4 times its deviation above y."""
    flags = {"a": 1.0, "b": 2.0}
    each = normal(dim={"i": range(3)}) > 1.5
    one, two, three = (gm.bernoulli(0.1) for _ in range(3))
    odds = gm.lognormal(1e-4, 1e-3)
    return {
        "above": x < y,
        "at most": x <= y,
        "holds": x > y,
        "at least": x >= y,
        "larger": gm.maximum(x, y),
        "smaller": gm.minimum(x, y),
        "sign": gm.abs(x - y),
        "ceil": gm.ceil((x - y + 90) / 100),
        "floor": gm.floor((x - y + 20) / 30),
        "round": gm.round((x - y + 40) / 100),
        "trunc": gm.trunc((x - y + 20) / 30),
        "below 0": gm.trunc((y - x - 40) / 30),
        "digits": gm.round(x - y + 40, -2),
        "quotient": (x - y + 20) // 30,
        "left": (x - y + 20) % 30,
        "fmod": np.fmod(x - y + 20, 30),
        "which": gm.sign(x - y),
        "both": (x < y + 1) & (x < 2 * y + 2),
        "one of them": (x < y) | (x < y - 0.5),
        "neither": ~((x < y) | (x < y - 0.5)),
        "labels": gm.maximum(x * gm.constant(flags, dim="i"), y),
        "all labels": each.prod("i"),
        "least label": each.min("i"),
        "most labels": each.sum("i") > 2,
        "as many": 1 + (each.sum("i") - 1) == 3,
        "share of labels": each.mean("i") >= 0.9,
        "none of them": (~each).sum("i") < 1,
        "drawn": one & two & three,
        "product": one * two * three * 1.0,
        "complements": (1 - (x > y + 1)) * (1 - (2 * x > 3 * y + 3)) * (1 - gm.bernoulli(0.9)),
        "sum": one + two + three == 3,
        "smaller one": gm.minimum(gm.minimum(one, two), x < y + 2.5),
        "chosen": gm.stack({"a": one, "b": two & three}, "k").min("k"),
        "not one of both": ((x < y + 2) != one) & (x < y + 2) & two & three,
        "of counts": (gm.poisson(0.05) > 0) & (gm.poisson(0.2) >= 2) & (gm.binomial(9, 0.5) != 3),
        "against a draw": gm.poisson(1) > x + 2,
        "just as many": (gm.poisson(0.1) == gm.constant({"a": 2.0, "b": 3.0}, dim="i")),
        "of odds": gm.bernoulli(odds),
        "number": gm.poisson(odds),
        "other number": gm.binomial(3, 1 - odds),
    }
