"""What is no attribute, number or table is told, at the line of the user, with what to write."""

import copy

import numpy as np
import pytest

import guessmodel as gm

COST = gm.normal(8, 12, "USD", name="cost")
SALES = gm.normal({"a": (1, 2), "b": (3, 4)}, dim="site", unit="USD", name="sales")
MODEL = gm.Model(cost=COST, sales=SALES)
RUN = MODEL.sample(1024)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: COST.std(), "a Quantity has no attribute 'std'; write q.sample().sd()"),
        (lambda: COST.clip(1, 2), "a Quantity has no attribute 'clip'; write gm.clip(q, …)"),
        (lambda: COST.convert("EUR"), "no attribute 'convert'; write q.to('USD')"),
        (lambda: COST.quantil(0.5), "no attribute 'quantil'; did you mean 'quantile'?"),
        (lambda: COST.nonsense, "a Quantity has no attribute 'nonsense'"),
        (lambda: RUN["cost"].percentile(95), "write result.quantile(0.95)"),
        (lambda: RUN["cost"].p2_5, "write result.quantile(0.025)"),
        (lambda: RUN["cost"].to_dict(), "write simulation.summary().to_dict()"),
        (lambda: RUN.cost, "a Simulation has no attribute 'cost'; write simulation['cost']"),
        (lambda: RUN.std(), "write simulation['cost'].sd()"),
        (lambda: MODEL.cost, "write model.quantities['cost'], or model.sample()['cost'] for"),
        (lambda: MODEL.simulate(), "a Model has no attribute 'simulate'; write model.sample()"),
        (lambda: MODEL["cost"], "a model has no […]; write model.quantities['cost'], or model"),
        (lambda: list(MODEL), "has no loops; write for name, quantity in model.quantities"),
        (lambda: RUN["cost"].mean().std, "an Estimate has no attribute 'std'; write estimate.err"),
        (lambda: gm.gaussian(1, 2), "module 'guessmodel' has no attribute 'gaussian'; write gm.n"),
        (lambda: gm.lognorml(1, 2), "no attribute 'lognorml'; did you mean 'lognormal'?"),
        (lambda: f"{COST:.2f}", "a Quantity is no number that could be written as '.2f'; write f"),
        (lambda: f"{RUN['cost']:,.0f}", 'write f"{result.mean():.2f}"'),
        (lambda: f"{RUN:.2f}", "a Simulation is no number that could be written as '.2f'; wri"),
        (lambda: f"{MODEL:.2f}", "a Model is no number that could be written as '.2f'; write f"),
        (lambda: RUN["sales"]["a"], "'sales', the result of a run, has labels, not positions; wri"),
        (lambda: RUN["sales"][0], "not positions; write result.sel(site='a')"),
        (lambda: RUN["cost"][0], "has no labels or positions; .values has its draws"),
        (lambda: list(RUN["sales"]), "write for label, one in result.by_label.items()"),
        (lambda: list(RUN["cost"]), "cannot be looped over; .values has its draws"),
        (lambda: len(RUN["cost"]), "has no length; result.values.shape is that of its draws"),
        (lambda: np.asarray(RUN["cost"]), "is no array; write result.values for its draws"),
        (lambda: np.hypot(*np.array(RUN["cost"])), "is no array; write result.values"),
        (lambda: setattr(COST, "name", "x"), "a Quantity never changes, so 'name' cannot be set"),
        (lambda: setattr(COST, "other", "x"), "a Quantity never changes, so 'other' cannot be set"),
        (lambda: setattr(MODEL, "cost", 3), "a Model never changes, so 'cost' cannot be set; wri"),
        (lambda: delattr(COST, "name"), "a Quantity never changes, so 'name' cannot be set"),
        (lambda: COST.median(), "this quantity has none; over draws it is simulation[quantity].m"),
        (
            lambda: SALES.quantile(0.9),
            "along one dimension; write .quantile(0.95, 'site'); over",
        ),
        (lambda: SALES.cumsum(), "cumsum goes along one dimension; write .cumsum('site')"),
        (lambda: divmod(COST, 2), "has no divmod; write a // b and a % b"),
        (lambda: SALES @ SALES, "has no @; write (a * b).sum('dim')"),
        (lambda: [1, 2][COST], "is no whole number of Python's; use gm.choose"),
        (lambda: MODEL.with_("cost=3"), "changes go by name, as in with_(cost=3), not as 'cost=3'"),
        (lambda: RUN["cost"].quantile(95), "between 0 and 1, not 95; write 0.95"),
        (lambda: RUN["cost"].quantile([0.1, 0.9]), "write quantiles(0.1, 0.9)"),
        (lambda: RUN["sales[c]"], "'sales[c]': dimension 'site' has no label 'c'; it has a, b"),
        (lambda: RUN["cost[a]"], "'cost[a]': give one label a dimension; 'cost' has no dimensions"),
    ],
)
def test_what_is_not_there_is_told(wrong, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(gm.GuessmodelError) as caught:
        wrong()
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_they_remain_what_python_expects() -> None:
    assert not hasattr(COST, "std")
    assert getattr(RUN["cost"], "std", None) is None
    assert not hasattr(gm, "gaussian")
    with pytest.raises(AttributeError):
        COST.name = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="no attribute '__len_hint__'"):
        _ = MODEL.__len_hint__
    assert copy.copy(COST) is COST
    assert bool(RUN["cost"])


def test_a_text_may_have_its_place() -> None:
    assert f"{COST:>60}" == str(COST).rjust(60)
    assert f"{RUN['cost']:<60}|" == str(RUN["cost"]).ljust(60) + "|"
    assert f"{COST}" == str(COST)


def test_a_label_is_found_by_the_name_that_tables_show() -> None:
    assert RUN["sales[b]"].mean() == RUN["sales"].sel(site="b").mean()
    beside = MODEL.sample(1024, scenarios=[gm.scenario("dear", {"sales": "5 to 9 USD"})])
    assert beside["sales[dear, b]"].median().value == 7.0  # of the same family, a normal
