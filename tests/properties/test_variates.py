"""A draw that is replaced by another keeps its random number: the new one increases in the old.

And the other promises of variates as nodes: labels, shared dimensions, what others may not move.
"""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.graph.variates import CAUCHY, EXPONENTIAL, LOGISTIC, NORMAL, UNIFORM
from guessmodel.sampling import METHODS

methods = pytest.mark.parametrize("method", METHODS)

FAMILIES = {
    "normal": lambda: gm.normal(2, 9),
    "lognormal": lambda: gm.lognormal(2, 9),
    "gamma": lambda: gm.gamma(mean=5, sd=3),
    "beta": lambda: gm.beta(alpha=2, beta=5),
    "exponential": lambda: gm.exponential(mean=3),
    "logistic": lambda: gm.logistic(2, 3),
    "cauchy": lambda: gm.cauchy(-1, 1),
    "uniform": lambda: gm.uniform(0.1, 1),
    "triangular": lambda: gm.triangular(1, 3, mode=2),
}


def draws(model, name, method, n=2**12):
    return model.sample(n, method=method)[name].values


def assert_increases(new, old):
    order = np.argsort(old)
    assert np.unique(old).size == old.size
    assert np.all(np.diff(new[order]) > -1e-9 * np.abs(new[order][1:]))
    assert stats.spearmanr(new, old)[0] > 1.0 - 1e-9


@methods
@pytest.mark.parametrize("old", FAMILIES)
def test_a_draw_through_another_family_increases_in_the_old_one(method, old):
    model = gm.Model(price=FAMILIES[old]())
    before = draws(model, "price", method)
    for make in FAMILIES.values():
        assert_increases(draws(model.with_(price=make()), "price", method), before)
    assert_increases(draws(model.with_(price="lognormal(5 to 80)"), "price", method), before)
    again = model.with_(price="lognormal(5 to 80)").with_(price=FAMILIES[old]())
    assert draws(again, "price", method).tolist() == before.tolist()


@methods
def test_also_where_its_parameters_vary(method):
    model = gm.Model(price=gm.lognormal(2, 9))
    wide = gm.uniform(1, 1 + 1e-12)
    for new in (gm.gamma(mean=5, sd=wide), gm.normal(mean=5, sd=wide)):
        assert_increases(
            draws(model.with_(price=new), "price", method), draws(model, "price", method)
        )


@methods
def test_and_has_the_distribution_that_was_asked_for(method):
    model = gm.Model(price=gm.lognormal(2, 9)).with_(price=gm.gamma(shape=2, scale=3))
    found = draws(model, "price", method, 2**14)
    # Kolmogorov-Smirnov against SciPy's own gamma distribution, false alarm below 1e-6.
    assert stats.kstest(found, stats.gamma(2, scale=3).cdf).pvalue > 1e-6
    assert stats.kstest(found, stats.gamma(2, scale=3.3).cdf).pvalue < 1e-6


@pytest.mark.parametrize(
    ("base", "law"),
    [
        (NORMAL, stats.norm),
        (UNIFORM, stats.uniform),
        (EXPONENTIAL, stats.expon),
        (LOGISTIC, stats.logistic),
        (CAUCHY, stats.cauchy),
    ],
)
def test_probabilities_of_standard_variates_are_precise_in_both_tails(base, law):
    p = np.array([1e-15, 1e-9, 0.01, 0.3, 0.5, 0.7])
    low, high = law.ppf(p), law.isf(p)
    assert base.cdf(low) == pytest.approx(p, rel=1e-12)
    tolerance = 1e-12 if base is not UNIFORM else 0.1  # it has no digits next to 1
    assert base.sf(high) == pytest.approx(p, rel=tolerance)


@methods
def test_a_draw_in_another_unit_keeps_its_variate_too(method):
    model = gm.Model(price=gm.lognormal(2, 9, "hour").to("minute"))
    new = model.with_(price=gm.gamma(mean=5, sd=3, unit="hour"))
    assert_increases(draws(new, "price", method), draws(model, "price", method))


@methods
def test_the_draw_that_is_left_elsewhere_stays_and_goes_together(method):
    own = gm.lognormal(2, 9, "hour")
    model = gm.Model(price=own.to("minute"), other=own * 2)
    new = model.with_(price="5 to 80 minute")
    assert draws(new, "other", method).tolist() == draws(model, "other", method).tolist()
    assert_increases(draws(new, "price", method), draws(new, "other", method))
    alone = new.sample(2**12, method=method, quantities="price")["price"].values
    assert alone.tolist() == draws(new, "price", method).tolist()


@methods
def test_labels_that_override_a_parameter_are_a_sweep_over_one_draw(method):
    low = gm.constant(2)
    model = gm.Model(low=low, price=gm.lognormal(low, 9), other=gm.normal(0, 1))
    swept = model.with_(low=gm.constant({"a": 2, "b": 4}, dim="case"))
    run = swept.sample(2**12, method=method)
    a, b = (run["price"].sel(case=label).values for label in "ab")
    assert a.tolist() == draws(model, "price", method).tolist()
    assert_increases(b, a)
    labelled = gm.Model(price=gm.lognormal({"a": (2, 9), "b": (4, 9)}, dim="case"))
    run = labelled.sample(2**12, method=method)
    a, b = (run["price"].sel(case=label).values for label in "ab")
    assert abs(stats.spearmanr(a, b)[0]) < 5 / 2**6


@methods
def test_labels_keep_theirs_and_text_stands_at_each(method):
    model = gm.Model(price=gm.lognormal({"a": (2, 9), "b": (4, 9)}, dim="case"))
    for change in ("1 to 3", gm.gamma(mean={"a": 2, "b": 3}, sd=1, dim="case")):
        new = model.with_(price=change).sample(2**10, method=method)["price"]
        old = model.sample(2**10, method=method)["price"]
        for label in "ab":
            assert_increases(new.sel(case=label).values, old.sel(case=label).values)


@methods
def test_new_dimensions_and_shared_ones_are_those_of_the_variate(method):
    months = {"month": range(1, 4)}
    anew = gm.normal(0, 1, dim=months)
    same = gm.normal(0, 1, dim=months, shared="month")
    assert anew.variate.dims == anew.dims == same.dims
    assert same.variate.dims == ()
    run = gm.Model(anew=anew, same=same).sample(2**10, method=method)
    first, last = (run["same"].sel(month=month).values for month in (1, 3))
    assert first.tolist() == last.tolist()
    first, last = (run["anew"].sel(month=month).values for month in (1, 3))
    assert abs(stats.spearmanr(first, last)[0]) < 5 / 2**5


@methods
def test_a_draw_of_the_model_that_takes_the_place_of_another_stays_itself(method):
    model = gm.Model(a=gm.normal(0, 1), b=gm.lognormal(2, 9))
    both = model.with_(a=model.quantities["b"]).sample(2**10, method=method)
    assert both["a"].values.tolist() == both["b"].values.tolist()
    assert both["b"].values.tolist() == draws(model, "b", method, 2**10).tolist()


@methods
def test_one_draw_for_two_names_is_one_draw(method):
    x = gm.gamma(mean=5, sd=3)
    model = gm.Model(a=gm.normal(0, 1), b=gm.lognormal(2, 9)).with_(a=x, b=x + 1)
    run = model.sample(2**10, method=method)
    assert run["b"].values.tolist() == (run["a"].values + 1).tolist()


@methods
def test_what_takes_the_place_of_a_constant_is_a_draw_of_that_name(method):
    model = gm.Model(price=gm.constant(3), demand=gm.normal(2, 9)).with_(price="2 to 9")
    direct = gm.Model(price=gm.lognormal(2, 9))
    assert draws(model, "price", method).tolist() == draws(direct, "price", method).tolist()
