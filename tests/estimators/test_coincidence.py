"""Events of several inputs that are counted alike: which they are, and what is covered then.

The expected value of a count of k events of probability p is k p, of a product of independent
quantities the product of their means, and the variance of a count k p (1 - p).
"""

from collections.abc import Callable
from functools import reduce
from operator import add

import numpy as np
import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.estimators.coincidence import coincidences
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.program import program_of
from guessmodel.graph.quantity import Quantity

N = 1 << 10  # draws of a replicate
P = 100.08 / N  # of an event that a replicate counts 100 times, or seldom 101
EDGE = stats.norm.isf(P)
# With 8 replicates 100.08 is 100 (51%) or 100.125 (36%); with 100.25 it is one of them in 98%.
HALF = 0.25 - 0.08


def above(count: int) -> list[Quantity]:
    """Events of probability P, of inputs of several families."""
    inputs = [gm.normal(mean=0, sd=1), gm.lognormal(mu=0, sigma=1), gm.exponential(mean=3)]
    ends = [EDGE, np.exp(EDGE), -3 * np.log(P)]
    events = []
    for i in range(count):
        x = inputs[i % 3] if i < 3 else gm.normal(mean=0, sd=1) * 2 + 1
        events.append(x > (float(ends[i % 3]) if i < 3 else 1 + 2 * float(EDGE)))
    return events


def total(quantities: list[Quantity]) -> Quantity:
    return reduce(add, quantities)


def labelled(count: int) -> Quantity:
    return gm.normal(mean=0, sd=1, dim={"i": range(count)}) > float(EDGE)


def moved(quantity: Quantity, method: str = "nets", size: int = N) -> float:
    """By how many draws the sum over a replicate may be off."""
    program = program_of(gm.Model(y=quantity))
    found = coincidences(program, ("y",), method, 8, size)("y", ())
    wide = found.mean(Estimate(0.0, 0.0, 0.0, "replicates"))
    return wide.high * size / HALF


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (total(above(5)), 5.0),
        (5 - 3 * total(above(4)) / 2, 6.0),
        (labelled(12).sum("i"), 12.0),
        (labelled(12).mean("i"), 1.0),
        (labelled(300).sum("i"), 300.0),  # more than there are draws for each
        (above(2)[0] - above(2)[1], 0.0),  # what one counts more the other takes away
        (above(1)[0] * 3, 0.0),  # one alone
        (gm.normal(mean=0, sd=1) + gm.normal(mean=0, sd=1), 0.0),
        (total([gm.bernoulli(P) * 1.0 for _ in range(5)]), 0.0),  # each has jitter of its own
        (total([gm.normal(mean=0, sd=1) > z for z in (0.5, 0.6, 0.7)]), 0.0),
        (total([gm.normal(mean=0, sd=1) > stats.norm.isf(20 / N) for _ in "abc"]), 0.0),  # outer
        ((total(above(4)) >= 1) * 1.0, 4 * (1 - P) ** 3),
        (total(above(4)) * gm.uniform(1, 3), 8.0),
    ],
)
def test_what_all_events_of_a_stratum_move(quantity: Quantity, expected: float) -> None:
    assert moved(quantity) == pytest.approx(expected, rel=0.1)
    assert moved(quantity, "lhs") == moved(quantity)
    assert moved(quantity, "random") == 0.0
    assert moved(quantity, size=64) == 0.0  # all strata are outer ones


def test_strata_round_each_for_itself() -> None:
    other = stats.norm.isf(300.08 / N)
    pairs = total([gm.normal(mean=0, sd=1) > z for z in (EDGE, EDGE, other, other)])
    assert moved(pairs) == pytest.approx(np.hypot(2.0, 2.0), rel=0.03)
    numbers = total([gm.ceil(gm.normal(mean=0, sd=1e4)) for _ in "ab"])
    assert moved(numbers) == 0.0  # so many roundings that they show


def test_the_farthest_number_within_is_at_the_end_of_the_interval() -> None:
    # 0.4 more than 102 draws, by 8 replicates: 1 to 5 of them count one more in 93%, 2 to 5 in 84%.
    edge = stats.norm.isf(102.4 / 512)
    risks = total([(k + 1) * (gm.normal(mean=0, sd=1) > float(edge)) for k in range(10)])
    moves = sum(range(1, 11))
    assert 0.4 - 1 / 8 <= moved(risks, size=512) * HALF / moves < 1.05 * (0.4 - 1 / 8)


def test_long_loops_take_no_recursion() -> None:
    event = growing = above(1)[0] * 1.0
    for _ in range(3000):
        growing = growing + gm.normal(mean=0, sd=1) * event
    assert np.isfinite(moved(growing))


COUNT = 12
CASES: dict[str, tuple[Callable[[], Quantity], float]] = {
    "named": (lambda: total(above(COUNT)), COUNT * P),
    "labelled": (lambda: labelled(COUNT).sum("i"), COUNT * P),
    "costs": (
        lambda: total([gm.where(event, gm.uniform(4.9, 5.1), 0.0) for event in above(COUNT)]),
        5 * COUNT * P,
    ),
    "times another": (lambda: total(above(COUNT)) * gm.uniform(4.9, 5.1), 5 * COUNT * P),
}


@pytest.mark.parametrize("case", CASES)
def test_means_of_such_sums_are_covered(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build, true = CASES[case]
    model = gm.Model(y=build())

    def covered() -> float:
        found = (model.sample(8 * N, seed=seed)["y"].mean() for seed in range(40))
        return float(np.mean([each.low <= true <= each.high for each in found]))

    # At a coverage of 85% fewer than 22 of 40 have a probability below 1e-6.
    assert covered() >= 22 / 40
    monkeypatch.setattr("guessmodel.estimators.coincidence.OnEdges.half", lambda *_: 0.0)
    assert covered() < 0.85


def test_standard_deviations_are_wide_enough() -> None:
    found = coincidences(program_of(gm.Model(y=total(above(4)))), ("y",), "nets", 8, N)("y", ())
    sd = np.sqrt(4 * P * (1 - P))
    wide = found.sd(Estimate(sd, sd, sd, "replicates"), 4 * P)
    # One more event changes E[(Y - m)^2] by E[2 (Y' - m) + 1] with m = 4 p and E[Y'] = 3 p.
    expected = 4 * (1 - 2 * P) * HALF / N
    assert wide.high**2 - sd**2 == pytest.approx(expected, rel=0.3)  # of 128 draws


def noisy() -> tuple[Quantity, Callable[[float], float]]:
    """Many such events and noise, which is integrated out: its conditional CDF is nearly linear in
    their number. With the CDF, a mixture of normal ones."""
    k, sd = np.arange(41), 20.0
    number = stats.binom(40, P).pmf(k)
    quantity = labelled(40).sum("i") + gm.normal(mean=0, sd=sd)
    return quantity, lambda t: float(number @ stats.norm.cdf((t - k) / sd))


def test_conditional_estimates_and_shares_of_draws_are_covered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quantity, cdf = noisy()
    model = gm.Model(y=quantity, low=quantity < 10.0)
    p30 = float(optimize.brentq(lambda t: cdf(t) - 0.3, -100, 100))

    def covered(build: gm.Model) -> tuple[float, ...]:
        held = []
        for seed in range(40):
            simulation = build.sample(8 * N, seed=seed)
            p = simulation["low"].probability()
            found = ((p, cdf(10.0)), (simulation["y"].quantile(0.3), p30))
            assert all(each.estimator == "conditional" for each, _ in found)
            held.append([each.low <= true <= each.high for each, true in found])
        return tuple(np.mean(held, axis=0).tolist())

    assert min(covered(model)) >= 22 / 40  # below with probability 1e-6 where it is 85%
    monkeypatch.setattr("guessmodel.estimators.coincidence.OnEdges.half", lambda *_: 0.0)
    assert max(covered(gm.Model(y=quantity, low=quantity < 10.0))) < 0.7


def test_counted_shares_allow_for_them() -> None:
    z = gm.normal(mean=0, sd=0.1)  # by two paths, so that the quantity is counted
    quantity = labelled(12).sum("i") + gm.maximum(z, 0) + gm.minimum(z, 0)
    result = gm.Model(y=quantity).sample(8 * N, seed=1)["y"]
    # P(at most 1 of 12): 12 events, each of which takes away P(1 of the 11 others).
    alone = 12 * stats.binom(11, P).pmf(1) * HALF / N
    for found in (result.cdf(1.5), result.exceedance(1.5)):
        assert found.error >= 0.7 * alone  # told by 128 draws
    assert result.knowledge.coincidences("y", ()).share(1.5) == pytest.approx(alone, rel=0.3)
