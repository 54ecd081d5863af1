"""Comparisons that can hold with equality, against plain NumPy on the draws of the inputs.

A value that is taken with a probability (the cap of a `minimum`, the constant branch of a `where`)
is on one side of `<` and on the other of `<=`. Each operation is compared with such a value and
with others, in all directions, on both sides.
"""

from dataclasses import replace

import numpy as np
import pytest

import guessmodel as gm

N = 2**12
OFF = 0.02  # of two shares of 4,096 net points in three dimensions; an atom here holds 10% at least
OPERATORS = [np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal]

X = gm.normal(mean=0.1, sd=1, name="x")
Y = gm.normal(mean=0.2, sd=1, name="y")
COIN = gm.bernoulli(0.3, name="coin")
COUNT = gm.poisson(2, name="count")
DIE = gm.empirical([1, 2, 3, 4, 5, 6], name="die")
INPUTS = {"x": X, "y": Y, "coin": COIN, "count": COUNT, "die": DIE}

# Of gm or NumPy (`f`) and the inputs: a quantity, and the values that it may take with probability.
CASES = {
    "minimum": (lambda f, i: f.minimum(i.x, 0.3), [0.3]),
    "maximum": (lambda f, i: f.maximum(i.x, 0.3), [0.3]),
    "clip": (lambda f, i: f.clip(i.x, -0.5, 0.7), [-0.5, 0.7]),
    "where": (lambda f, i: f.where(i.coin, i.x, 0.0), [0.0]),
    "where, other branch": (lambda f, i: f.where(i.coin, 0.0, i.x), [0.0]),
    "negative": (lambda f, i: -f.minimum(i.x, 0.3), [-0.3]),
    "negative maximum": (lambda f, i: -f.maximum(i.x, 0.3), [-0.3]),
    "sum": (lambda f, i: f.maximum(i.x, 0.1) + 0.2, [0.1 + 0.2]),
    "difference": (lambda f, i: f.minimum(i.x, 0.1) - 0.3, [0.1 - 0.3]),
    "difference from": (lambda f, i: 0.3 - f.minimum(i.x, 0.1), [0.3 - 0.1]),
    "product": (lambda f, i: f.minimum(i.x, 0.1) * 1.1, [0.1 * 1.1]),
    "negative product": (lambda f, i: f.maximum(i.x, 0.1) * -1.1, [0.1 * -1.1]),
    "product of a random sign": (
        lambda f, i: f.maximum(i.x, 0.1) * f.where(i.coin, -1.1, 2.2),
        [0.1 * -1.1, 0.1 * 2.2],
    ),
    "quotient": (lambda f, i: f.minimum(i.x, 0.7) / 0.3, [0.7 / 0.3]),
    "quotient of a constant": (lambda f, i: 0.7 / f.maximum(i.x, 0.3), [0.7 / 0.3]),
    "quotient of a negative constant": (lambda f, i: -0.7 / f.maximum(i.x, 0.3), [-0.7 / 0.3]),
    "quotient by negatives": (lambda f, i: 0.7 / f.minimum(i.x, -0.3), [0.7 / -0.3]),
    "quotient of negatives": (lambda f, i: -0.7 / f.minimum(i.x, -0.3), [-0.7 / -0.3]),
    "quotient by zero": (lambda f, i: 0.7 / f.maximum(i.x, 0.0), [np.inf, 0.0]),
    "quotient by zero from below": (lambda f, i: 0.7 / f.minimum(i.x, 0.0), [np.inf, -1.0]),
    "even power": (lambda f, i: f.maximum(i.x, 0.3) ** 2, [0.3**2]),
    "even power of a sign": (lambda f, i: f.minimum(i.x, 0.3) ** 2, [0.3**2]),
    "odd power": (lambda f, i: f.minimum(i.x, 0.3) ** 3, [0.3**3]),
    "negative power": (lambda f, i: f.maximum(i.x, 0.3) ** -2.0, [0.3**-2.0]),
    "root": (lambda f, i: f.maximum(i.x, 0.3) ** 0.5, [0.3**0.5]),
    "square at zero": (lambda f, i: f.maximum(i.x, 0.0) ** 2, [0.0]),
    "square root at zero": (lambda f, i: f.sqrt(f.maximum(i.x, 0.0)), [0.0]),
    "square root of twice zero": (
        lambda f, i: f.sqrt(f.maximum(f.maximum(i.x, 0.0), 0.0)),
        [0.0],
    ),
    "exp": (lambda f, i: f.exp(f.minimum(i.x, 0.3)), [np.exp(0.3)]),
    "exp of the opposite": (lambda f, i: f.exp(-f.minimum(i.x, 0.3)), [np.exp(-0.3)]),
    "expm1": (lambda f, i: f.expm1(f.minimum(i.x, 0.3)), [np.expm1(0.3)]),
    "log": (lambda f, i: f.log(f.maximum(i.x, 0.3)), [np.log(0.3)]),
    "log10": (lambda f, i: f.log10(f.maximum(i.x, 0.3)), [np.log10(0.3)]),
    "log2": (lambda f, i: f.log2(f.maximum(i.x, 0.3)), [np.log2(0.3)]),
    "log1p": (lambda f, i: f.log1p(f.maximum(i.x, 0.3)), [np.log1p(0.3)]),
    "log of zero": (lambda f, i: f.log(f.maximum(i.x, 0.0)), [-np.inf, 0.0]),
    "ceil": (lambda f, i: f.ceil(i.x * 2), [0.0, 1.0]),
    "floor": (lambda f, i: f.floor(i.x * 2), [0.0, -1.0]),
    "trunc": (lambda f, i: f.trunc(i.x * 2), [0.0, 1.0]),
    "round": (lambda f, i: f.round(i.x * 2), [0.0, 1.0]),
    "sign": (lambda f, i: f.sign(i.x), [1.0, -1.0, 0.0]),
    "abs": (lambda f, i: f.abs(f.maximum(i.x, -0.3)), [0.3, 0.0]),
    "Bernoulli": (lambda _, i: i.coin, [0.0, 1.0]),
    "scaled Bernoulli": (lambda _, i: i.coin * i.x, [0.0]),
    "Poisson": (lambda _, i: i.count, [2.0, 3.0]),
    "shifted, scaled Poisson": (lambda _, i: 0.3 - 0.1 * i.count, [0.3 - 0.1 * 2.0]),
    "die": (lambda _, i: i.die, [1.0, 6.0, 3.0]),
    "die and a cap": (lambda f, i: f.minimum(i.x * i.die, 1.5), [1.5]),
    "discrete cap": (lambda f, i: f.minimum(i.x + 3, i.die), [3.0, 1.0]),
    "discrete floor": (lambda f, i: f.maximum(i.x + 3, i.die), [3.0, 6.0]),
    "two caps": (lambda f, i: f.minimum(f.minimum(i.x, 0.3) + i.coin, 0.9), [0.9, 0.3]),
    "a cap in a branch": (lambda f, i: f.where(i.coin, f.minimum(i.x, 0.0), 0.0), [0.0]),
    "a branch under a cap": (lambda f, i: f.minimum(f.where(i.coin, i.x, 0.5), 0.5), [0.5]),
    "a cap on nothing": (lambda f, i: f.minimum(i.x, 1e3), [1e3, 0.0]),
    "positive part": (lambda f, i: f.maximum(3.0 * i.x - 1.0 * i.y, 0.0) * 1.1, [0.0]),
}


class Inputs:
    """Inputs by name, as attributes."""

    def __init__(self, values):
        self.__dict__.update(values)


class Typed:
    """NumPy's names of the functions, as guessmodel has them."""

    def __getattr__(self, name):
        return getattr(gm, name)


@pytest.fixture(scope="module")
def drawn():
    simulation = gm.Model(INPUTS).sample(N)
    return Inputs({name: simulation[name].values for name in INPUTS})


def events(quantity, threshold):
    """Every comparison as a quantity, its operator, whether the quantity is on the left."""
    other = threshold if isinstance(threshold, gm.Quantity) else gm.constant(threshold)
    for operator in OPERATORS:
        yield operator, True, operator(quantity, threshold)
        yield operator, False, operator(other, quantity)


def wrong(quantity, values, thresholds):
    """Comparisons whose probability is not the share of the values. Of each threshold, the
    quantity and its values."""
    made = {}
    for threshold, limit in thresholds:
        for operator, left, event in events(quantity, threshold):
            share = np.mean(operator(values, limit) if left else operator(limit, values))
            made[f"e{len(made)}"] = operator.__name__, left, event, share
    model = gm.Model(INPUTS, **{name: event for name, (_, _, event, _) in made.items()})
    simulation = model.sample(N)
    found = []
    for name, (*case, _, share) in made.items():
        estimate = simulation[name].probability()
        if abs(estimate.value - share) > OFF + 4 * estimate.error:
            found.append((*case, estimate, share))
    return found


@pytest.mark.parametrize("case", CASES)
def test_comparisons_with_a_number(case, drawn):
    build, atoms = CASES[case]
    with np.errstate(all="ignore"):
        values = build(np, drawn) + np.zeros(N)
    finite = values[np.isfinite(values)]
    thresholds = [*filter(np.isfinite, atoms), np.quantile(finite, 0.4)]
    assert wrong(build(Typed(), Inputs(INPUTS)), values, [(float(t), t) for t in thresholds]) == []


# Of gm or NumPy and the inputs: two quantities that are equal with a probability.
PAIRS = {
    "a cap and itself": lambda f, i: (f.minimum(i.x, i.y), i.y),
    "a floor and itself": lambda f, i: (f.maximum(i.x, i.y), i.y),
    "a cap in cents": lambda f, i: (f.minimum(i.x, i.y) * 1.1, i.y * 1.1),
    "a cap, turned": lambda f, i: (0.3 - f.minimum(i.x, i.y), 0.3 - i.y),
    "a branch and itself": lambda f, i: (f.where(i.coin, i.x, i.y), i.y),
    "a branch and what it is not": lambda f, i: (f.where(i.coin, i.x, i.y), i.die),
    "counts": lambda f, i: (i.count, i.die),
    "a count and a cap": lambda f, i: (f.minimum(3 * i.x, i.count), i.die),
    "a count and a branch": lambda f, i: (f.where(i.coin, i.die, i.x), i.count),
    "whole numbers": lambda f, i: (f.ceil(2 * i.x), f.floor(2 * i.y)),
}


@pytest.mark.parametrize("case", PAIRS)
def test_comparisons_of_quantities(case, drawn):
    build = PAIRS[case]
    quantity, other = build(Typed(), Inputs(INPUTS))
    assert wrong(quantity, build(np, drawn)[0], [(other, build(np, drawn)[1])]) == []


def test_a_cap_in_another_unit():
    load = gm.normal(mean=90, sd=20, unit="kWh")
    met = gm.minimum(load, gm.constant(100, "kWh")) >= gm.constant(0.1, "MWh")
    # P(load >= 100) = P(Z >= 1/2), from a table of the normal distribution.
    assert met.sample(64).probability().value == pytest.approx(0.30853754, abs=1e-7)


def test_a_division_by_negative_numbers_falls_where_it_is_positive():
    x = gm.uniform(-4, -2)
    # 1 / x is between -1/2 and -1/4; below -1/3 where x is above -3.
    for quotient, share in ((1 / x, 0.5), (-1 / x, 0.0), (2 / 3 + 1 / x, 0.0), (2 / x, 1.0)):
        assert (quotient <= -1 / 3).sample(64).probability().value == pytest.approx(share)


@pytest.mark.parametrize("name", ["numpy.minimum", "numpy.maximum"])
def test_borders_on_the_wrong_side_would_be_seen(name, monkeypatch, drawn):
    import guessmodel.estimators.conditional.shares as module

    right = module.comparison

    def swapped(*args):
        found = right(*args)
        return found and replace(found, at_borders=tuple(~at for at in found.at_borders))

    monkeypatch.setattr(module, "comparison", swapped)
    build, _ = CASES[name.removeprefix("numpy.")]
    assert wrong(build(Typed(), Inputs(INPUTS)), build(np, drawn), [(0.3, 0.3)])


def test_a_bound_that_is_never_reached_changes_nothing():
    # At the bound itself 1 / max(x, -1) is -1, and on the other side of 0.
    x = gm.uniform(1, 2)
    y = gm.normal(5, 6, name="y")
    for bound, share in ((-1, 1.0), (gm.minimum(y, -1), 1.0), (gm.where(y > 5.5, 1.5, -1), 1.0)):
        above = 1 / gm.maximum(x, bound) > -0.5
        assert above.sample(64).probability().value == pytest.approx(share)
        below = -1 / gm.minimum(-x, -1 * bound) < -0.5
        assert below.sample(64).probability().value == pytest.approx(0.0)
