"""Numbers that share draws: none without a moment loses its mark, and those with all have none."""

import math
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.estimators.tails.index import TailIndex

INF = math.inf


def index(quantity: gm.Quantity) -> tuple[float, float]:
    return TailIndex().of(quantity, ())


def pareto(shape: float = 1.5) -> gm.Quantity:
    return gm.pareto(scale=1, shape=shape)


# Each is bounded, or at most a sum of numbers that have all moments.
x, y, z = gm.lognormal(1, 3), gm.lognormal(2, 5), gm.lognormal(1, 9)
u, v, w = gm.uniform(0, 1), gm.uniform(0, 1), gm.uniform(0.02, 0.25)
p, q, b = pareto(), pareto(), gm.beta(alpha=1, beta=3)
share = x / (x + y)
part = p / (p + q)
mean = (1 - w) * ((x / y) / (1 + x / y)) + w * gm.uniform(60, 90, "percent").to("percent")
costs = gm.pareto(scale=1, shape=1.5, dim={"k": range(300)})
ALL_MOMENTS: dict[str, gm.Quantity] = {
    "odds of a weighted mean of shares": mean / (1 - mean),
    "in other units": (mean.to("percent") / (1 - mean)).to("") * y,
    "odds of a share": share / (1 - share),
    "whole over a part": 1 / share,
    "part of three": x / (y + x + z),
    "part of 300": (costs / costs.sum("k")).sel(k=3) * 2,
    "part of itself and more": p / (1 + q + p),
    "written as another product": p * q / (1 + q * p),
    "sum over a term": (p + x) / p,
    "margin": (p - x) / p,
    "difference over sum": (p - q) / (p + q),
    "weights of a sum": (p * 2 + q) / (p + q + x),
    "uniform shares": 100 * u / (2 * u + v),
    "capped over itself": gm.minimum(u, 0.5) / u,
    "itself over its floor": u / gm.maximum(u, v),
    "less the capped": (p - gm.minimum(p, 2)) / p,
    "where it happens": gm.where(gm.bernoulli(0.3), p, 0) / p,
    "whole numbers below": gm.floor(p) / p,
    "whole numbers above": gm.ceil(p) / p,
    "over whole numbers": p / gm.ceil(p),
    "over a root of squares": p / gm.sqrt(p**2 + 1),
    "over a hypotenuse": p / np.hypot(p, q),
    "Hill's function": p**2 / (1 + p**2),
    "a share squared": part**2,
    "three quarters of it": 1 / (x - 0.25 * x),
    "what is left of it": 1 / (x - x * w),
    "less a share": 1 / (1 - 0.5 * u * v),
    "Bayes' rule": b * 0.9 / (b * 0.9 + (1 - b) * 0.05),
    "harmonic mean": 2 / (1 / u + 1 / v),
    "ratio to itself": (x * y) / (y * x),
    "itself less itself": p - 2 * p + p,
}


@pytest.mark.parametrize("name", ALL_MOMENTS)
def test_what_has_all_moments_is_not_marked(name: str) -> None:
    assert index(ALL_MOMENTS[name]) == (INF, INF)


@pytest.mark.parametrize(
    ("quantity", "wanted"),
    [
        (p * q / (p + q), 3),  # between half the smaller one of two and the smaller one
        (1 / (1 - u * v), 2),  # P(1 - uv < e) goes like e^2 / 2
        (u / (1 - u), 1),
        (part / (1 - part), 1.5),  # p / q
        (p * gm.sqrt(p), 1),
        (u / (gm.bernoulli(0.5) * u + u * u), 1),  # 1/u where the draw is 0
        (v / (gm.maximum(u - 0.5, 0) * v + u * v), 1),
        (p / (1 + gm.sqrt(p)), 3),
        (1 / (1 - gm.uniform(0.5, 1, dim={"k": range(5)}).prod("k")), 5),
    ],
)
def test_what_lacks_some_is_known_to(quantity: gm.Quantity, wanted: float) -> None:
    least, most = index(quantity)
    assert least == pytest.approx(wanted) and most >= wanted


# --- against a brute force ------------------------------------------------------------------------


class Node(NamedTuple):
    """A quantity, and the same function of exact numbers; denominators are noted."""

    quantity: gm.Quantity
    function: Callable[[list[Fraction], list[Fraction]], Fraction]


def _base(number: int, quantity: gm.Quantity) -> Node:
    return Node(quantity, lambda values, _: values[number])


def _graph(rng: random.Random) -> Node:
    """Arithmetic of two uniform numbers, and two Pareto ones of shapes 1 and 2."""
    pool = [
        _base(0, gm.uniform(0, 1)),
        _base(1, gm.uniform(0, 1)),
        _base(2, pareto(1)),
        _base(3, pareto(2)),
    ]
    pool = rng.sample(pool, 3)
    for _ in range(rng.randint(2, 7)):
        pool.append(_step(rng, rng.choice(pool[-3:]), rng.choice(pool)))
    return pool[-1]


def _step(rng: random.Random, a: Node, b: Node) -> Node:
    f, g = a.function, b.function
    number = Fraction(rng.choice([1, 1, 1, 2, 3]), rng.choice([1, 1, 2]))
    kind = rng.choice(["+", "-", "*", "/", "/", "min", "max", "1 -", "mean"])
    plain = float(number)
    if kind == "+":
        return Node(a.quantity + b.quantity * plain, lambda n, d: f(n, d) + g(n, d) * number)
    if kind == "-":
        return Node(a.quantity - b.quantity, lambda n, d: f(n, d) - g(n, d))
    if kind == "*":
        return Node(a.quantity * b.quantity, lambda n, d: f(n, d) * g(n, d))
    if kind == "/":

        def quotient(n: list[Fraction], d: list[Fraction]) -> Fraction:
            below = g(n, d)
            d.append(below)
            return f(n, d) / below

        return Node(a.quantity / b.quantity, quotient)
    if kind == "min":
        return Node(gm.minimum(a.quantity, b.quantity), lambda n, d: min(f(n, d), g(n, d)))
    if kind == "max":
        return Node(gm.maximum(a.quantity, b.quantity), lambda n, d: max(f(n, d), g(n, d)))
    if kind == "1 -":
        return Node(plain - a.quantity, lambda n, d: number - f(n, d))
    half = Fraction(1, 2)
    return Node(0.5 * a.quantity + 0.5 * b.quantity, lambda n, d: half * (f(n, d) + g(n, d)))


def _points(k: int) -> Iterator[tuple[int, list[Fraction]]]:
    """Numbers near the ends of their ranges, and how improbable that is, as a power of 1/2."""
    uniform = [(0, Fraction(2, 7))]
    for s in (1, 2):
        uniform += [(s, Fraction(1, 2 ** (s * k))), (s, 1 - Fraction(1, 2 ** (s * k)))]
    one = [(0, Fraction(9, 7)), *((s, Fraction(2 ** (s * k))) for s in (1, 2))]
    two = [(0, Fraction(8, 5)), *((s, Fraction(2 ** (s * k // 2))) for s in (1, 2))]
    at_one = [(1, 1 + Fraction(1, 2**k))]
    for ends in product(uniform, uniform, one + at_one, two + at_one):
        yield sum(s for s, _ in ends), [value for _, value in ends]


def _largest_index(node: Node) -> float | None:
    """An upper bound of the index: along each way to the ends of the ranges that is looked at, the
    number grows like the power -phi of the probability left, and moments of order 1/phi are
    infinite. None where a denominator has either sign, for then 0 is inside."""
    found = INF
    signs: dict[int, set[bool]] = {}
    for (weight, near), (_, far) in zip(_points(40), _points(80), strict=True):
        values = []
        for numbers in (near, far):
            below: list[Fraction] = []
            try:
                values.append(node.function(numbers, below))
            except ZeroDivisionError:
                return None
            for place, value in enumerate(below):
                signs.setdefault(place, set()).add(value > 0)
        if all(values) and weight:
            slope = (_log2(values[1]) - _log2(values[0])) / 40 / weight
            if slope > 0.02:
                found = min(found, 1 / slope)
    return None if any(len(sign) > 1 for sign in signs.values()) else found


def _log2(value: Fraction) -> float:
    return math.log2(abs(value.numerator)) - math.log2(value.denominator)


def _misses(claims: Callable[[float], float], graphs: int) -> tuple[int, int]:
    """How many claims are too bold, of how many that have an infinite moment."""
    rng = random.Random(8)
    misses = heavy = 0
    while heavy < graphs:
        node = _graph(rng)
        largest = _largest_index(node)
        if largest is not None and largest < INF:
            heavy += 1
            # Slopes over 40 halvings are not exact.
            misses += claims(index(node.quantity)[0]) > largest * 1.05
    return misses, heavy


def test_no_number_without_a_moment_is_taken_to_have_it() -> None:
    assert _misses(lambda least: least, 100) == (0, 100)


def test_a_bold_claim_is_found() -> None:
    """The twin: an index that is a tenth too large, which only exact claims give away."""
    misses, heavy = _misses(lambda least: 1.1 * least, 20)
    assert misses > heavy / 4
