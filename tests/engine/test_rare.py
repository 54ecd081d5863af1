"""Rare events of a plan: which they are, how probable, and draws in which they happen."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.engine.confined import confined, occurs
from guessmodel.engine.rare import rare_cells, rare_crossings, rare_events, seldom
from guessmodel.engine.run import run_plan
from guessmodel.graph.quantity import Quantity
from guessmodel.sampling import design

N = 1 << 16


def cells(quantity: Quantity, n: int = N) -> list[tuple[bool, float, float]]:
    model = gm.Model(y=quantity)
    plan = model.plan()
    found = rare_events(plan, [quantity], model.keys, seldom(n))[0]
    return [(cell.upper, cell.near, cell.probability) for cell in found]


def shared(p_zero: float) -> Quantity:
    loss = gm.lognormal(1, 2)
    return gm.zero_inflated(loss, p_zero) + loss


CASES = [
    (lambda: gm.bernoulli(1e-5) * 1.0, [(True, 0.0, 1e-5)]),
    (lambda: gm.bernoulli(1 - 1e-5) * 1.0, [(False, 0.0, 1e-5)]),
    (lambda: gm.bernoulli(0.01) * 1.0, []),
    (lambda: gm.poisson(1e-5) * 2.0, [(True, 0.0, float(stats.poisson.sf(0, 1e-5)))]),
    (lambda: gm.binomial(3, 1e-5) * 2.0, [(True, 0.0, float(stats.binom.sf(0, 3, 1e-5)))]),
    (lambda: gm.poisson(3.0) * 2.0, []),  # a tail as any draw has
    (lambda: gm.zero_inflated(gm.lognormal(1, 2), 1 - 1e-5) * 2.0, [(True, 0.0, 1e-5)]),
    (lambda: shared(1 - 1e-5), [(True, 0.0, 1e-5)]),
    (lambda: gm.mixture([1, 7, 2], [0.5, 1e-5, 0.49999]) * gm.normal(1, 2), [(True, 0.0, 1e-5)]),
    (lambda: gm.empirical([0, 5, 9], weights=[0.4, 1e-5, 0.59999]) * 2, [(False, 0.4, 1e-5)]),
    (lambda: gm.bernoulli({"a": 0.5, "b": 2e-5}, dim="k").sum("k") * 1.0, [(True, 0.0, 2e-5)]),
    (lambda: gm.where(gm.normal(1, 2) > 1.8, 1.0, 0.0), []),
    (lambda: gm.normal(1, 2) + gm.gamma(shape=2, scale=3), []),
]


@pytest.mark.parametrize(("build", "expected"), CASES)
def test_rare_values_are_found_with_their_probabilities(build, expected):
    found = cells(build())
    assert [each[0] for each in found] == [each[0] for each in expected]
    for (_, near, mass), (_, true_near, true_mass) in zip(found, expected, strict=True):
        assert near == pytest.approx(true_near, rel=1e-9)
        assert mass == pytest.approx(true_mass, rel=1e-6)


@pytest.mark.parametrize("threshold", [4.5, -5.0, 7.0])
def test_a_rare_comparison_lies_within_its_cell(threshold):
    x = gm.normal(mean=0, sd=1)
    far = float(stats.norm.sf(abs(threshold)))
    ((upper, near, mass),) = cells(gm.where(x > threshold, 1.0, 0.0))
    assert upper == (threshold > 0.0)
    assert near == 0.0
    assert far <= mass <= 2.0 * far


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_ranges_of_draws_of_one_variate_lie_apart(method):
    """Each draw of a run lies in one range at most, and where it lies in none no draw of the plan
    has a rare value: of labels that share a variate, of counts, and of comparisons with both."""
    risk = gm.bernoulli({"a": 1e-4, "b": 3e-4, "c": 2e-3}, dim="k", shared="k")
    number = gm.poisson({"a": 2e-4, "b": 1e-3, "c": 2.3e-3}, dim="k", shared="k")
    part = gm.categorical({"x": 0.001, "y": 0.998, "z": 0.001})
    outputs = {"risk": risk > 0, "number": number >= 1, "part": 1 * (part != "y")}
    model = gm.Model(**outputs)
    plan, n = model.plan(), 1 << 16
    found, without = rare_events(plan, list(outputs.values()), model.keys, 0.0025)
    assert not without
    met = occurs(method, n, 3, plan, found).reshape(len(found), -1)
    draws, _ = run_plan(plan, design(method, n, 3, plan.streams))
    for name in outputs:
        own = [k for k, cell in enumerate(found) if f".{name}/" in cell.key]
        assert len(own) == (2 if name == "part" else 3)
        times = met[own].sum(axis=0)
        assert times.max() == 1
        for row in draws[name].reshape(-1, times.size):
            assert row.any()
            assert not row[times == 0].any()
        for k in own:  # as often as they should: within five standard deviations
            expected = n * found[k].probability
            assert abs(met[k].sum() - expected) < 5 * expected**0.5 + 1


COUNTS: dict[str, Callable[[], Quantity]] = {
    "poisson": lambda: gm.poisson(0.998),
    "binomial": lambda: gm.binomial(12, 0.15),
    "geometric": lambda: gm.geometric(0.4),
    "negative binomial": lambda: gm.negative_binomial(successes=1.7, p=0.6),
    "data": lambda: gm.empirical([0, 1, 2, 5, 9, 14], weights=[500, 300, 150, 4, 2, 1]),
    "labels of one variate": lambda: gm.poisson({"a": 0.7, "b": 1.6}, dim="k", shared="k"),
}


@pytest.mark.parametrize("family", COUNTS)
@pytest.mark.parametrize(
    "compared", [lambda x: x % 2 >= 1, lambda x: gm.cos(x) > 0.5, lambda x: abs(x - 3) < 1.5]
)
def test_comparisons_that_turn_over_among_the_values_of_a_count_have_whole_values(family, compared):
    """A draw is told to be in a range by its value, so that a range with a part of the probability
    of a value would take all its draws from the others."""
    x = COUNTS[family]()
    event = compared(x)
    model = gm.Model(event=event, also=x + gm.normal(1, 2))
    plan, n = model.plan(), 1 << 16
    found, _ = rare_events(plan, [event], model.keys, 10 / 1024)
    met = occurs("random", n, 3, plan, found).reshape(len(found), n)
    assert met.sum(axis=0).max(initial=0) <= 1
    for cell, there in zip(found, met.sum(axis=1), strict=True):
        expected = n * cell.probability
        assert abs(there - expected) < 5 * expected**0.5 + 3


def test_what_is_rare_depends_on_the_number_of_draws():
    event = gm.bernoulli(0.005) * 1.0
    assert cells(event, 1 << 10)
    assert not cells(event, 1 << 11)  # expected 10.2 times


def test_what_is_rare_in_4096_draws_is_so_in_larger_runs():
    for draws in (1 << 12, 1 << 16, 1 << 20):
        assert cells(gm.bernoulli(0.002) * 1.0, draws)
        assert not cells(gm.bernoulli(0.003) * 1.0, draws)


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_in_a_confined_run_the_event_happens_always(method):
    poisson, x = gm.poisson(0.001), gm.normal(mean=0, sd=1)
    model = gm.Model(n=poisson * 1.0, x=x, far=gm.where(x > 4.5, 1.0, 0.0))
    plan = model.plan()
    roots = list(model.quantities.values())
    counts = rare_cells(plan, seldom(1 << 12))
    crossings = rare_crossings(plan, roots, model.keys, seldom(1 << 12))[0]
    assert (len(counts), len(crossings)) == (1, 1)
    for cell, name in ((counts[0], "n"), (crossings[0][0], "far")):
        given = confined(plan, cell)
        draws, _ = run_plan(given, design(method, 4096, 7, given.streams))
        free, _ = run_plan(plan, design(method, 4096, 7, plan.streams))
        other = "x" if name == "n" else "n"
        assert np.array_equal(draws[other], free[other])  # nothing else moves
        if name == "n":  # Poisson of at least 1
            assert draws["n"].min() == 1.0
            true = 0.001 / -np.expm1(-0.001)
        else:
            true = float(stats.norm.sf(4.5)) / cell.probability
        assert draws[name].mean() == pytest.approx(true, abs=0.05)


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_the_draws_that_meet_an_event_are_known(method):
    risk = gm.bernoulli(0.002)
    model = gm.Model(y=risk * 1.0, x=gm.normal(1, 2), z=gm.lognormal(1, 2))
    plan = model.plan()
    found = rare_cells(plan, seldom(1 << 12))
    seen = occurs(method, 4096, 5, plan, found)
    draws, _ = run_plan(plan, design(method, 4096, 5, plan.streams))
    assert seen.shape == (1, 8, 512)
    assert np.array_equal(seen[0].ravel(), draws["y"] == 1.0)
    assert 0 < seen.sum() < 40


WEIGHTS = [1 - 1e-5, 1e-5]


@pytest.mark.parametrize(
    ("make", "upper", "inside"),
    [
        (lambda: gm.mixture([gm.normal(1, 2), gm.normal(1e6, 2e6)], WEIGHTS), True, 1 - 1e-5),
        (lambda: gm.mixture([gm.normal(1, 2), gm.normal(-2e6, -1e6)], WEIGHTS), False, 1 - 1e-5),
        # As far as the usual component is not there.
        (lambda: gm.mixture([gm.normal(1, 2), gm.lognormal(1, 1e6)], WEIGHTS), True, 0.7),
    ],
)
def test_a_rare_component_is_in_a_tail(
    make: Callable[[], Quantity], upper: bool, inside: float
) -> None:
    """And what of it is outside, in the tail around it."""
    tail, around = sorted(cells(make() * 2.0), key=lambda cell: cell[1])
    assert tail[:2] == (upper, 0.0)
    assert inside * 1e-5 <= tail[2] <= 1.1e-5
    assert around == (upper, tail[2], pytest.approx(3 * tail[2]))


def test_a_rare_component_within_what_is_usual_is_no_event() -> None:
    assert cells(gm.mixture([gm.normal(1, 2), gm.normal(1.4, 1.6)], WEIGHTS) * 2.0) == []
