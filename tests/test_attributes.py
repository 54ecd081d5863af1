"""What is no attribute, number or table is told, at the line of the user, with what to write."""

import copy
import datetime

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


FLOW = gm.normal(1, 2, "USD", dim={"month": [1, 2, 3]})
SHOP = gm.Model(flow=FLOW, total=FLOW.sum("month")).sample(1024)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: COST & COST, "& needs a condition but got USD; compare it first, as in q > gm.c"),
        (lambda: ~COST, "~ needs a condition but got USD; compare it first, as in q > gm.constant"),
        (lambda: gm.where(COST, 1, 0), "where needs a condition but got USD; c"),
        (lambda: gm.binomial(0.2, 10), "the number of trials comes first; write binomial(10, 0.2)"),
        (lambda: gm.Model(cost=3), "'cost' is an int, not a quantity; write gm.constant(3)"),
        (lambda: gm.Model(cost="3"), "'cost' is a str, not a quantity"),
        (lambda: gm.normal("5", "10"), "text '5' is not a quantity; write 5"),
        (
            lambda: gm.normal("5 USD", 10),
            "text '5 USD' is not a quantity; write gm.constant('5 USD')",
        ),
        (lambda: gm.normal("USD", 10), "write a number, or unit='USD' for a unit"),
        (
            lambda: FLOW + gm.constant({"1": 1, "2": 2, "3": 3}, "USD", dim="month"),
            "in another; write numbers in both, or text",
        ),
        (
            lambda: FLOW + gm.constant({2: 1, 1: 2, 3: 3}, "USD", dim="month"),
            "in another; write them in one order",
        ),
        (
            lambda: FLOW + gm.constant({1: 1, 2: 2}, "USD", dim="month"),
            "select the common ones with .sel(month=[...])",
        ),
        (
            lambda: gm.multivariate_normal({"a": gm.constant(1), "b": 2}, cov=[[1, 0], [0, 1]]),
            "a quantity stands where a number is needed; write the number, and its unit as unit=",
        ),
        (lambda: gm.multivariate_normal({"a": 1, "b": 2}, cov=3), "cov is one number; write 2 x 2"),
        (
            lambda: SHOP.model.seek("total", "P80", 3, by="flow"),
            "no statistic 'P80'; did you mean 'p",
        ),
        (lambda: gm.compare("a.py", "b.py"), "not a str; write gm.Model.from_file('a.py')"),
        (lambda: gm.compare(SHOP, SHOP), "compare takes two models, not a Simulation"),
        (lambda: gm.Model("a.py"), "a model in a file is gm.Model.from_file('a.py')"),
        (lambda: SHOP.model.with_(flow=(3, 5)), "a range is text, such as '3 to 5'"),
        (lambda: SHOP.model.sweep(flow=[3, 5]), "sweep needs over; it takes over, output, …"),
        (
            lambda: SHOP.model.seek("total", "P(total>5 USD)", "5%", by="flow"),
            "no statistic 'P(total>5 USD)'; write 'P(> 5 USD)'",
        ),
        (
            lambda: SHOP.model.seek("total", "prob <= 3", "5%", by="flow"),
            "no statistic 'prob <= 3'; write 'P(<= 3)'",
        ),
        (
            lambda: SHOP.model.seek("total", "Average", 3, by="flow"),
            "no statistic 'Average'; write 'mean'",
        ),
        (
            lambda: SHOP.given("total > 3 USD or total < 1 USD"),
            "for or write either = (a > 1) | (b",
        ),
        (lambda: SHOP.given("total > 3 USD and"), "a comparison is missing beside and"),
        (lambda: SHOP.given("and total > 3 USD"), "a comparison is missing beside and"),
        (lambda: SHOP.given("total = 3 USD"), "write == for 'is equal to'"),
        (
            lambda: SHOP.given("flow > 3 USD"),
            "choose one, as text by cost[1], in Python by .sel(mon",
        ),
    ],
)
def test_what_does_not_fit_is_told(wrong, told: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(gm.GuessmodelError) as caught:
        wrong()
    assert told in str(caught.value)


def test_one_correlation_is_that_of_every_pair() -> None:
    means, sd = {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2, "c": 4}
    one = gm.multivariate_normal(means, sd=sd, correlation=0.5)
    total = sum(one.values())
    assert isinstance(total, gm.Quantity)
    assert total.sample(64).sd().value == pytest.approx((1 + 4 + 16 + 2 * 0.5 * (2 + 4 + 8)) ** 0.5)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (datetime.date(2027, 1, 4), "a date is neither a number nor a quantity; count the days"),
        (datetime.datetime(2027, 1, 4), "a datetime is neither a number nor a quantity; count"),
        (np.datetime64("2027-01-04"), "gm.constant((deadline - start).days, 'day')"),
        (datetime.timedelta(days=3, hours=12), "write gm.constant(3.5, 'day')"),
        (np.timedelta64(3, "D"), "write gm.constant(3, 'day')"),
    ],
)
def test_dates_and_spans_say_how_they_are_counted(value: object, told: str) -> None:
    days = gm.normal(1, 2, "day")
    for use in (lambda: gm.constant(value), lambda: days + value, lambda: days > value):
        with pytest.raises(gm.GuessmodelError) as caught:
            use()
        assert told in str(caught.value)
