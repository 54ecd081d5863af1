"""Which parts of a number share no draw with the rest, against a search of all ways to them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.estimators.tails.index import TailIndex
from guessmodel.estimators.tails.parts import apart, looked_through, near
from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Constant


def known(quantity: gm.Quantity) -> tuple[Element, TailIndex]:
    tails, root = TailIndex(), Element(quantity, ())
    assert tails.tails(root) is not None
    return root, tails


def parts(quantity: gm.Quantity) -> set[gm.Quantity]:
    root, tails = known(quantity)
    inside = near(root, tails._operands)
    return {each.node for each in apart(root, inside, tails.known, tails._operands)}


def made_of(seed: int, draws: int, steps: int) -> gm.Quantity:
    """Random arithmetic, with a logarithm here and there, which is no arithmetic."""
    choose = random.Random(seed)
    made: list[gm.Quantity] = [gm.lognormal(1, 2) for _ in range(draws)]
    for _ in range(steps):
        a, b = (made[choose.randrange(len(made))] for _ in range(2))
        made.append(choose.choice([a + b, a * b, a / b, a - b, gm.log1p(a * a), gm.sqrt(a * a)]))
    return made[-1]


@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 25))
def test_parts_are_apart_where_no_other_way_leads_to_their_draws(
    seed: int, draws: int, steps: int
) -> None:
    root, tails = known(made_of(seed, draws, steps))
    inside = near(root, tails._operands)
    wanted = set()
    for part in inside - {root}:
        beside, met, left = 0, {root, part}, [root]
        while left:  # all that the root is made of but for the part
            for each in tails._operands(left.pop()):
                if each in met or isinstance(each.node.operation, Constant):
                    continue
                met.add(each)
                if each in inside:
                    left.append(each)
                else:
                    beside |= tails.known[each].draws
        if not beside & tails.known[part].draws:
            wanted.add(part)
    assert apart(root, inside, tails.known, tails._operands) == wanted


def test_examples() -> None:
    x, y, z = (gm.lognormal(1, 2) for _ in range(3))
    product, total = x * y, x + y
    assert parts(product / (product + z)) == {product}
    assert parts(x / total) == set()
    assert parts(total * z) == {total}
    twice = 2 * product
    assert parts(twice + z) == {product, twice}
    assert parts(product + gm.log(x)) == set()


def test_one_looks_through_arithmetic_and_what_it_bounds_alone() -> None:
    x, y = gm.lognormal(1, 2), gm.lognormal(1, 2)
    inner = x * y
    for outer, through in (
        (inner + 1, True), (gm.maximum(inner, 1), True), (gm.floor(inner), True),
        (gm.where(x > 1, inner, 1), True), (gm.exp(inner), False), (gm.cos(inner), False),
    ):  # fmt: skip
        root, tails = known(outer * 2)
        found = {each.node for each in near(root, tails._operands)}
        assert (outer in found) == through
        assert (inner in found) == through
        assert x not in found
    assert looked_through((x + y).operation) and not looked_through(gm.floor(x).operation)


def test_one_looks_at_no_more_than_sixty_numbers() -> None:
    long = gm.lognormal(1, 2)
    for _ in range(100):
        long = long * 2 + 1
    root, tails = known(long)
    found = near(root, tails._operands)
    assert root in found and len(found) == 60


@pytest.mark.parametrize("kind", ["sum", "mean", "cumsum"])
def test_labels_are_looked_at_one_by_one(kind: str) -> None:
    x = gm.lognormal({"a": (1, 2), "b": (2, 3)}, dim="k")
    doubled = x * 2
    whole = getattr(doubled, kind)("k")
    root = Element(whole, (1,) if kind == "cumsum" else ())
    tails = TailIndex()
    assert tails.tails(root) is not None
    inside = near(root, tails._operands)
    found = apart(root, inside, tails.known, tails._operands)
    assert {Element(doubled, (0,)), Element(doubled, (1,))} <= found
