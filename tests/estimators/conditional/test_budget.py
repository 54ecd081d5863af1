"""Conditional estimates cost no more than the draws, whatever is asked, and in which order."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.conditional import budget, integration
from guessmodel.graph import dims as dimensions

METHODS = ("nets", "lhs", "random")


def recurrence(months: int) -> gm.Model:
    """value[t+1] = value[t] * (1 + growth[t]) - cost[t], a named step a month."""
    value = gm.lognormal(50, 200)
    named = {"value0": value}
    for t in range(months):
        growth, cost = gm.normal(-0.02, 0.05), gm.lognormal(1, 3)
        value = value * (1 + growth) - cost
        named |= {f"growth{t}": growth, f"cost{t}": cost, f"value{t + 1}": value}
    return gm.Model(**named)


def labelled_recurrence(months: int) -> gm.Model:
    """The same with labels: closed by cumulative products and sums."""
    growth = gm.normal(dict.fromkeys(range(months), (-0.02, 0.05)), dim="month")
    cost = gm.lognormal(dict.fromkeys(range(months), (1, 3)), dim="month")
    value, values = gm.lognormal(50, 200), {}
    for t in range(months):
        value = values[t] = value * (1 + growth.sel(month=t)) - cost.sel(month=t)
    return gm.Model(growth=growth, cost=cost, value=gm.stack(values, dim="month"))


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What conditional estimates compute: results of operations, coordinate by coordinate and draw
    by draw."""
    computed: list[int] = []
    carry_out = integration.run_replicates

    def counted(plan: Any, points: Any, replicates: Any, *rest: Any, **options: Any) -> None:
        rows = sum(dimensions.size(step.result.dims) for step in plan.steps)
        computed.append(rows * points.size * len(replicates))
        carry_out(plan, points, replicates, *rest, **options)

    monkeypatch.setattr(integration, "run_replicates", counted)
    return computed


def of_the_draws(model: gm.Model, n: int) -> int:
    return n * sum(dimensions.size(step.result.dims) for step in model.plan().steps)


@pytest.mark.parametrize("make", [recurrence, labelled_recurrence])
def test_a_recurrence_costs_no_more_than_its_draws(make: Any, numbers: list[int]) -> None:
    model = make(36)
    model.sample(2**14).summary()
    assert sum(numbers) < of_the_draws(model, 2**14)


def test_without_a_budget_it_would(numbers: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_LEAST", 1 << 60)
    model = recurrence(12)
    model.sample(2**14).summary()
    assert sum(numbers) > of_the_draws(model, 2**14)


def test_outputs_come_first() -> None:
    simulation = recurrence(36).sample(2**14)
    assert simulation["value36"].median().estimator == "conditional"
    assert simulation["value1"].median().estimator == "conditional"
    assert simulation["value35"].median().estimator == "order statistics"


def test_the_order_of_questions_changes_nothing() -> None:
    names = [f"value{t}" for t in range(1, 25)]
    told = []
    for order in (names, names[::-1]):
        simulation = recurrence(24).sample(2**12)
        answers = {name: repr(simulation[name].quantiles(0.05, 0.5, 0.95)) for name in order}
        told.append([answers[name] for name in names])
    assert told[0] == told[1]


def test_what_no_draw_leads_to_takes_nothing_from_the_others() -> None:
    # x tail_factors each step on two paths; there are so many that they would use up the budget.
    x = gm.lognormal(1, 2)
    steps = {f"step{i}": gm.ceil(x * (i + 1)) + x for i in range(300)}
    product = gm.constant(1)
    for _ in range(8):
        product = product * (gm.normal(5, 9) + gm.lognormal(1, 3))
    simulation = gm.Model(steps, product=product).sample(2**12)
    assert simulation["product"].median().estimator == "conditional"
    assert simulation["step7"].median().estimator == "order statistics"


@pytest.mark.parametrize("method", METHODS)
def test_nets_grow_with_the_run(method: str) -> None:
    model = gm.Model(cost=gm.lognormal(1, 3) * gm.normal(2, 4) + gm.lognormal(5, 9))
    found = [
        model.sample(2**k, method=method)["cost"].quantiles(0.05, 0.5, 0.95) for k in (12, 16, 20)
    ]
    for few, more in pairwise(found):  # each error is itself known to a quarter
        ratios = [a.error / b.error for a, b in zip(few, more, strict=True)]
        assert np.prod(ratios) ** (1 / 3) > 1.5


def test_many_draws_are_no_worse_than_counting_them() -> None:
    # The truth: the distribution of a normal plus a lognormal by adaptive quadrature over the
    # normal's probability, in SciPy.
    a, b = gm.lognormal(mu=0, sigma=1), gm.normal(mean=2, sd=3)
    grid, weights = np.polynomial.legendre.leggauss(400)
    z = stats.norm.ppf(0.5 + grid / 2.0)

    def below(x: float) -> float:
        return float(weights @ stats.lognorm(1.0).cdf(x - 2.0 - 3.0 * z) / 2.0)

    model = gm.Model(y=a + b)
    chosen, counted = [], []
    for p in (0.05, 0.5, 0.95):
        truth = optimize.brentq(lambda x, p=p: below(x) - p, -50.0, 50.0, xtol=1e-12)
        for seed in range(4):
            result = model.sample(2**18, seed=seed)["y"]
            rows = result.values.reshape(8, -1)
            chosen.append(result.quantile(p).value - truth)
            counted.append(estimators.quantile(rows, p).value - truth)
    assert np.sqrt(np.mean(np.square(chosen))) < np.sqrt(np.mean(np.square(counted)))


def test_counting_on_nets_of_few_inputs_is_not_forestalled() -> None:
    # A step cuts N^(1 - 1/d) of N boxes: of d = 2 inputs counting on a net has about N^(-1/4) times
    # the error of independent draws, of many inputs nearly all of it.
    def clear(inputs: int, method: str = "nets") -> float:
        model = gm.Model(y=sum(gm.lognormal(1, 3) for _ in range(inputs)))
        simulation = model.sample(2**16, method=method)
        y = model.quantities["y"]
        found = simulation.knowledge.conditional(y, (), y)
        assert found is not None
        return found.least_share()

    assert clear(2) == pytest.approx(2**-3.25)
    assert clear(3) == pytest.approx(2 ** (-13 / 6))
    assert clear(2, "random") == clear(12) == pytest.approx(1 / 3)
