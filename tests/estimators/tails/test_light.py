"""Three facts of a quantity, against closed forms, draws, and the algebra of tails."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.estimators.tails.index import TailIndex
from guessmodel.estimators.tails.light import Facts, facts_of

LIGHT, CLEAR, POSITIVE = (
    Facts(True, False, False),
    Facts(True, True, True),
    Facts(True, False, True),
)
HEAVY, NOTHING = Facts(False, True, True), Facts(False, False, False)


def facts(quantity: gm.Quantity) -> Facts:
    return facts_of(quantity, {})


def lognormal() -> gm.Quantity:
    return gm.lognormal(1, 3)


def gamma() -> gm.Quantity:
    return gm.gamma(shape=2, scale=1)


def months() -> gm.Quantity:
    return gm.lognormal(dict.fromkeys(range(3), (1, 3)), dim="month")


# E X^k exists for all k > 0 (light) and all k < 0 (clear), or not, by the density's closed form.
KNOWN: dict[str, tuple[Callable[[], gm.Quantity], Facts]] = {
    "lognormal": (lognormal, CLEAR),
    "normal about 0": (lambda: gm.normal(-1, 2), LIGHT),
    "normal, 10 sd from 0": (lambda: gm.normal(mean=10, sd=1), CLEAR),
    "normal, 8 sd from 0": (lambda: gm.normal(mean=8, sd=1), LIGHT),
    "normals, one near 0": (
        lambda: gm.normal(mean=gm.constant({"a": 10, "b": 1}, dim="k"), sd=1), LIGHT,
    ),
    "gamma: E 1/X^2 is infinite": (gamma, POSITIVE),
    "exponential: E 1/X is infinite": (lambda: gm.exponential(mean=1), POSITIVE),
    "inverse gamma: 1/X is a gamma": (lambda: gm.inverse_gamma(shape=2, scale=1), HEAVY),
    "pareto: at least its scale": (lambda: gm.pareto(scale=1, shape=3), HEAVY),
    "t": (lambda: gm.student_t(df=3), NOTHING),
    "uniform from 0": (lambda: gm.uniform(0, 1), POSITIVE),
    "uniform from 1": (lambda: gm.uniform(1, 2), CLEAR),
    "bernoulli": (lambda: gm.bernoulli(0.3), POSITIVE),
    "constants": (lambda: gm.constant({"a": 0, "b": 1}, dim="k") * 1, POSITIVE),
    "normal of uncertain mean": (lambda: gm.normal(mean=lognormal(), sd=lognormal()), LIGHT),
    "gamma of uncertain scale": (lambda: gm.gamma(shape=2, scale=lognormal()), NOTHING),
    "mixture": (lambda: gm.mixture([lognormal(), gm.uniform(1, 2)]), CLEAR),
    "mixture with a heavy part": (
        lambda: gm.mixture([lognormal(), gm.pareto(scale=1, shape=3)]), HEAVY,
    ),
    "mixture of what is shared": (lambda: gm.mixture([(x := lognormal()), x * gamma()]), POSITIVE),
    "sum, one bounded away": (lambda: lognormal() + gamma(), CLEAR),
    "difference": (lambda: lognormal() - gamma(), LIGHT),
    "product": (lambda: lognormal() * gamma(), POSITIVE),
    "quotient": (lambda: lognormal() / gamma(), Facts(False, False, True)),
    "quotient of lognormals": (lambda: lognormal() / lognormal(), CLEAR),
    "gamma / lognormal": (lambda: gamma() / lognormal(), POSITIVE),
    "its square": (lambda: (x := gm.normal(-1, 2)) * x, POSITIVE),
    "1 + its square": (lambda: 1 + (x := gm.normal(-1, 2)) * x, CLEAR),
    "two draws": (lambda: gm.normal(-1, 2) * gm.normal(-1, 2), LIGHT),
    "power": (lambda: lognormal() ** -2.5, CLEAR),
    "power of a gamma": (lambda: gamma() ** -1, Facts(False, False, True)),
    "1 / inverse gamma": (lambda: gm.inverse_gamma(shape=2, scale=1) ** -1, POSITIVE),
    "to an uncertain power": (lambda: lognormal() ** gamma(), NOTHING),
    "root": (lambda: gm.sqrt(gamma()), POSITIVE),
    "logarithm": (lambda: gm.log(lognormal()), LIGHT),
    "logarithm near 0": (lambda: gm.log(gamma()), NOTHING),
    "exponential function": (lambda: gm.exp(gamma()), NOTHING),
    "size": (lambda: abs(gm.normal(-1, 2)), POSITIVE),
    "larger": (lambda: gm.maximum(gm.normal(-1, 2), 1), CLEAR),
    "smaller": (lambda: gm.minimum(lognormal(), gamma()), POSITIVE),
    "whole": (lambda: gm.floor(lognormal()), POSITIVE),
    "rounded up": (lambda: gm.ceil(lognormal()), CLEAR),
    "wave": (lambda: gm.cos(gm.student_t(df=3)), LIGHT),
    "comparison": (lambda: gm.student_t(df=3) > 1, POSITIVE),
    "choice": (lambda: gm.where(gm.student_t(df=3) > 1, lognormal(), 2), CLEAR),
    "sum of labels": (lambda: months().sum("month"), CLEAR),
    "one label": (lambda: months().sel(month=1), CLEAR),
    "before": (lambda: months().shift(month=1, fill=0), LIGHT),
    "in degF": (lambda: gm.uniform(1, 2, "degC").to("degF"), LIGHT),
    "in minutes": (lambda: gm.uniform(1, 2, "hour").to("minute") * 1, CLEAR),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_known_facts(name: str) -> None:
    make, wanted = KNOWN[name]
    assert facts(make()) == wanted


@pytest.mark.parametrize("name", KNOWN)
def test_the_algebra_of_tails_and_the_draws_agree(name: str) -> None:
    """What is light has all moments, what is clear has those of its reciprocal; all draws are on
    the side that is told. (In other units and of labels it is the same at each coordinate.)"""
    quantity = KNOWN[name][0]()
    found = facts(quantity)
    values = gm.Model(x=quantity).sample(4096)["x"].values
    finite = values[np.isfinite(values)]
    if found.clear:
        assert finite.min() > 0.0
    if found.positive:
        assert finite.min() >= 0.0
    for position in np.ndindex(*values.shape[:-1]):
        if found.light:
            assert TailIndex().of(quantity, position).least == math.inf
        if found.clear and quantity.unit.is_plain:
            assert TailIndex().of(1 / quantity, position).least == math.inf


LEAVES: tuple[Callable[[], gm.Quantity], ...] = tuple(
    make
    for name, (make, _) in KNOWN.items()
    if not name.startswith(("constants", "normals", "in ", "before", "sum of", "one label"))
)


@given(st.integers(0, 100_000))
def test_random_arithmetic_is_never_said_to_be_lighter_than_it_is(seed: int) -> None:
    choose = random.Random(seed)
    made = [choose.choice(LEAVES)() for _ in range(4)]
    for _ in range(8):
        a, b = choose.sample(made[-5:], 2)
        made.append(
            choose.choice([a + b, a - b, a * b, a * a, a / b, gm.maximum(a, b), gm.minimum(a, b),
                           abs(a), a**2, a**-1, gm.where(a > b, a, b), gm.mixture([a, b])])
        )  # fmt: skip
    known: dict[gm.Quantity, Facts] = {}
    tails = TailIndex()
    for quantity in made:
        found = facts_of(quantity, known)
        if found.light:
            assert tails.of(quantity, ()).most == math.inf
        if found.clear:
            assert tails.of(1 / quantity, ()).most == math.inf


def test_of_a_long_chain_each_is_looked_at_once() -> None:
    x = lognormal()
    for _ in range(5000):
        x = x + 1
    known: dict[gm.Quantity, Facts] = {}
    assert facts_of(x, known) == CLEAR
    assert len(known) <= 2 * 5000 + 4  # sums, their constants, the draw and what it is made of
