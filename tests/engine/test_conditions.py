"""Numbers that tell whether conditions hold, against the conditions, draw by draw."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.engine.conditions import Count, holding, is_condition, leaves
from guessmodel.engine.run import run_plan
from guessmodel.estimators.program import program_of
from guessmodel.graph.quantity import Quantity

N = 256
DIMS = {"i": ["a", "b", "c"], "k": [1, 2]}

Make = Callable[[Quantity, Quantity], Quantity]

COMBINE: list[Make] = [
    lambda a, b: a & b,
    lambda a, b: a | b,
    lambda a, b: a ^ b,
    lambda a, b: a * b,
    lambda a, b: gm.minimum(a, b),
    lambda a, b: gm.maximum(a, b),
    lambda a, b: a != b,
    lambda a, b: (1 - a) * b,
    lambda a, b: a & ~b,
    lambda a, b: a + b >= 1,
    lambda a, b: a + b + a > 2,
    lambda a, b: b + a >= 2,
    lambda a, b: a + b == 1,
    lambda a, b: a + (1 - b) + 1 != 1,
    lambda a, b: a + b < 1.5,
    lambda a, b: a.sum("i") + b.sum("i") > 4,
    lambda a, b: (a & b).mean("i") <= 0.5,
    lambda a, b: (a + b).sum("i") == 3,
    lambda a, b: (a | b).prod("i"),
    lambda a, b: a.min("i") | b.max("i"),
    lambda a, b: gm.stack({"x": a, "y": b}, "z").sum("z") >= 2,
    lambda a, b: (a.sel(i="b") & b).sel(i=["c", "a"]).max("i"),
]


@pytest.mark.parametrize("number", range(len(COMBINE)))
@settings(max_examples=20)
@given(seed=st.integers(0, 1 << 16), labelled=st.tuples(st.booleans(), st.booleans()))
def test_what_holds_is_above_0(number: int, seed: int, labelled: tuple[bool, bool]) -> None:
    a = gm.uniform(0, 1, dim=DIMS, name="a") > (0.5 if labelled[0] else gm.uniform(0, 1))
    b = gm.bernoulli(gm.beta(alpha=1, beta=1), dim={"i": DIMS["i"]} if labelled[1] else DIMS)
    node = COMBINE[number](a, b)
    assert is_condition(node)
    parts = leaves(node)
    plan = program_of(gm.Model(y=node)).compiled({f"{k}": x for k, x in enumerate([node, *parts])})
    draws, _ = run_plan(plan, plan.points("random", N, seed))
    size = np.random.default_rng(seed).uniform(0.1, 10.0, N)
    of = {leaf: (draws[f"{k + 1}"] - 0.5) * size for k, leaf in enumerate(parts)}
    found = holding(node, of.__getitem__)
    assert found.shape == draws["0"].shape
    assert np.array_equal(found > 0.0, draws["0"] == 1.0)
    assert np.all(found != 0.0)


def test_how_far_is_how_far_the_part_is_that_decides() -> None:
    x = gm.normal(mean=0, sd=1, dim={"i": range(5)})
    node = (x > 1).sum("i") >= 3
    away = np.array([[-5.0], [2.0], [-1.0], [-3.0], [4.0]])
    assert holding(node, lambda _: away).tolist() == [-1.0]
    assert holding(~node, lambda _: away).tolist() == [1.0]
    exactly = (x > 1).sum("i") == 2
    assert holding(exactly, lambda _: away).tolist() == [1.0]


@pytest.mark.parametrize(
    "make",
    [
        lambda x, b: x + b > 1,  # of numbers that are no conditions
        lambda x, b: 2.0 * b + b > 1,
        lambda x, b: b + b + b != 1.0,  # no range of numbers
        lambda x, b: b.sum("i") >= 0,  # always
        lambda x, b: x * b,
        lambda x, b: gm.maximum(x, 1 - x),
    ],
)
def test_what_is_no_count(make: Make) -> None:
    x, b = gm.normal(1, 2), gm.bernoulli(0.5, dim={"i": range(3)})
    assert Count.of(make(x, b)) is None


def test_long_chains_do_not_recurse() -> None:
    event = gm.bernoulli(0.5) * gm.bernoulli(0.5)
    for _ in range(1500):
        event = event * gm.bernoulli(0.5)
    assert is_condition(event)


@pytest.mark.parametrize("k", range(1, 100))
def test_shares_of_labels_are_counted_as_a_run_has_them(k: int) -> None:
    """7 of 100 are 0.07, though 0.07 * 100 is more than 7."""
    each = gm.bernoulli(0.5, dim={"i": range(100)})
    count = Count.of(each.mean("i") >= k / 100)
    assert count is not None
    assert (count.least, count.most) == (k, 100)
    count = Count.of(each.mean("i") <= k / 100)
    assert count is not None
    assert (count.least, count.most) == (0, k)
