"""No argument of a constructor is dropped in silence: each has an effect, or is refused.

Each form of each family is called with each argument of the family: the tables are complete, so
that a new family or argument fails here until it has its row. Other functions are in
`test_arguments_of_functions.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import xarray
from categories_given import NUMBERS, refused
from scipy import stats

import guessmodel as gm
from guessmodel.errors import GuessmodelError
from guessmodel.graph.quantity import Quantity

Arguments = Mapping[str, Any]


class Preliz:
    """A stand-in for what has the interface of PreliZ."""

    __module__ = "preliz.distributions.some"
    kind, is_frozen, params, param_names = "continuous", True, (), ()

    def __init__(self, frozen: Any) -> None:
        self.support = frozen.support()
        self.ppf, self.isf, self.cdf, self.sf = frozen.ppf, frozen.isf, frozen.cdf, frozen.sf
        self.pdf, self.mean, self.var = frozen.pdf, frozen.mean, frozen.var


FIT = xarray.Dataset({key: (("chain", "draw"), [[1.0, 2.0, 5.0]]) for key in ("x", "y")})
SIPS = {
    "U01": {"rng": [{"name": k, "function": "HDR_2_0", "arguments": {"varId": k}} for k in "xy"]},
    "sips": [
        {
            "name": k,
            "ref": {"source": "rng", "name": k},
            "function": "Metalog_1_0",
            "arguments": {"aCoefficients": [2.0, 0.5]},
        }
        for k in "xy"
    ],
}
TREE = xarray.DataTree.from_dict({"posterior": FIT, "prior": FIT + 1.0})
ROW = {"a": (1, 2), "b": (2, 4)}
LABELLED = gm.constant({"a": 1.0, "b": 2.0}, dim="case")

# For each family the sets of arguments that make a draw of it, one a parametrisation.
FORMS: dict[str, list[Arguments]] = {
    "arcsine": [
        {"low": 1.0, "high": 5.0},
        {"mean": 3.0, "sd": 1.0},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "bernoulli": [{"p": 0.3}],
    "beta": [
        {"low": 0.2, "high": 0.4},
        {"mean": 0.3, "sd": 0.1},
        {"alpha": 2.0, "beta": 3.0},
        {"successes": 3, "trials": 10, "prior": "uniform"},
        {"quantiles": {0.1: 0.2, 0.5: 0.4}},
        {"low": 0.3, "high": 0.4, "lower": 0.25, "upper": 0.8},
        {"mean": 0.3, "sd": 0.1, "lower": 0.0, "upper": 2.0},
        {"alpha": 2.0, "beta": 3.0, "lower": 0.0, "upper": 2.0},
    ],
    "binomial": [{"trials": 10, "p": 0.3}],
    "cauchy": [
        {"low": 2.0, "high": 3.0},
        {"location": 2.0, "scale": 1.0},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "chi2": [{"df": 3.0}],
    "double_triangular": [
        {"low": 1.0, "high": 5.0, "mode": 2.0, "below": 0.6},
        {"quantiles": {0.1: 1.0, 0.9: 5.0}, "mode": 2.0, "below": 0.6},
    ],
    "exponential": [{"mean": 2.0}, {"rate": 2.0}],
    "f": [{"df1": 3.0, "df2": 9.0}],
    "gamma": [
        {"low": 2.0, "high": 3.0},
        {"mean": 2.0, "sd": 1.0},
        {"shape": 2.0, "scale": 1.5},
        {"shape": 2.0, "rate": 1.5},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "geometric": [{"p": 0.3}, {"mean": 4.0}],
    "inverse_gamma": [
        {"low": 2.0, "high": 3.0},
        {"mean": 2.0, "sd": 1.0},
        {"shape": 2.0, "scale": 1.5},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "logistic": [
        {"low": 2.0, "high": 3.0},
        {"mean": 2.0, "sd": 1.0},
        {"location": 2.0, "scale": 1.5},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "lognormal": [
        {"low": 2.0, "high": 3.0},
        {"mean": 2.0, "sd": 1.0},
        {"mu": 2.0, "sigma": 1.5},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "loguniform": [{"low": 1.0, "high": 3.0}, {"quantiles": {0.1: 1.0, 0.5: 2.0}}],
    "metalog": [
        {"p5": 1.0, "p50": 2.0, "p95": 5.0},
        {"quantiles": {0.1: 1.0, 0.5: 2.0, 0.9: 5.0}, "lower": 0.5, "upper": 9.0, "terms": 3},
        {"coefficients": [2.0, 0.5]},
    ],
    "negative_binomial": [
        {"successes": 3, "p": 0.3},
        {"mean": 4.0, "dispersion": 2.0},
        {"mean": 4.0, "sd": 3.0},
    ],
    "normal": [
        {"low": 2.0, "high": 3.0},
        {"mean": 2.0, "sd": 1.0},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "pareto": [
        {"low": 2.0, "high": 3.0},
        {"mean": 2.0, "sd": 1.0},
        {"scale": 2.0, "shape": 2.5},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "pert": [
        {"low": 1.0, "high": 5.0, "mode": 2.0, "weight": 3.0},
        {"quantiles": {0.1: 1.0, 0.9: 5.0}, "mode": 2.0, "weight": 3.0},
    ],
    "poisson": [{"mean": 4.0}],
    "student_t": [
        {"low": 2.0, "high": 3.0, "df": 4.0},
        {"df": 4.0, "location": 2.0, "scale": 1.5},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}, "df": 4.0},
    ],
    "triangular": [
        {"low": 1.0, "high": 5.0, "mode": 2.0},
        {"quantiles": {0.1: 1.0, 0.9: 5.0}, "mode": 2.0},
    ],
    "uniform": [
        {"low": 1.0, "high": 5.0},
        {"mean": 3.0, "sd": 1.0},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
    "weibull": [
        {"low": 2.0, "high": 3.0},
        {"shape": 2.0, "scale": 1.5},
        {"quantiles": {0.1: 1.0, 0.5: 2.0}},
    ],
}
# Draws that are made of other things than parameters: data, draws, distributions.
MADE: dict[str, list[Arguments]] = {
    "categorical": [
        {"p": {"a": 0.25, "b": 0.75}},
        {"p": gm.constant(0.5, dim={"case": ["a", "b"], "way": ["c", "d"]}), "along": "way"},
    ],
    "constant": [{"value": 3.0}],
    "dirichlet": [{"concentrations": {"a": 2.0, "b": 3.0}, "dim": "case"}],
    "empirical": [
        *({"data": [1.0, 2.0, 5.0]}, {"data": [1.0, 2.0], "weights": [1.0, 3.0]}),
        {"data": {"x": [1.0, 2.0], "y": [3.0, 4.0]}},
    ],
    "from_arviz": [{"data": FIT}, {"data": TREE, "variables": ["x", "y"], "group": "posterior"}],
    "from_preliz": [{"distribution": Preliz(stats.gamma(2))}],
    "from_scipy": [{"distribution": stats.gumbel_r(5, 2)}],
    "from_sipmath": [{"data": SIPS}],
    "hurdle": [
        {"q": gm.gamma(2, 3), "p_zero": 0.4},
        {"q": gm.gamma(ROW, dim="case"), "p_zero": 0.4},
    ],
    "mixture": [{"components": [1.0, 4.0]}, {"components": [1.0, 4.0], "weights": [1.0, 3.0]}],
    "multivariate_normal": [
        {"mean": {"a": 1.0, "b": 2.0}, "cov": [[1.0, 0.2], [0.2, 1.0]], "dim": "case"},
        {
            **{"mean": {"a": 1.0, "b": 2.0}, "sd": {"a": 1.0, "b": 2.0}, "dim": "case"},
            "correlation": [[1.0, 0.2], [0.2, 1.0]],
        },
    ],
    "pool": [
        {"experts": [gm.normal(2, 3), gm.normal(4, 9)]},
    ],
    "truncated": [
        {"q": gm.normal(2, 3), "lower": 2.2},
        {"q": gm.normal(2, 3), "upper": 2.2},
        {"q": gm.normal(ROW, dim="case"), "lower": 1.2, "upper": 2.2},
    ],
    "zero_inflated": [
        {"q": gm.normal(2, 3), "p_zero": 0.4},
        {"q": gm.normal(ROW, dim="case"), "p_zero": 0.4},
    ],
}
# Another value for each argument, to be added to a call that lacks it, or put in place of its own.
OTHERS: dict[str, Any] = {
    **dict.fromkeys(("low", "p", "below"), 0.22),
    **dict.fromkeys(("high", "upper", "mode"), 4.5),
    **dict.fromkeys(("mean", "sd", "alpha", "beta", "successes", "trials", "df", "df1"), 0.9),
    **dict.fromkeys(("location", "scale", "rate", "mu", "sigma", "dispersion", "weight"), 0.8),
    **dict.fromkeys(("shape", "df2"), 4.2),
    **{"successes": 2, "trials": 12, "terms": 2, "lower": 0.4, "prior": "jeffreys", "mass": 0.8},
    **{"p5": 0.9, "p50": 2.1, "p95": 5.1, "quantiles": {0.2: 0.3, 0.6: 0.6}},
    **{"value": 4.0, "concentrations": {"a": 1.0, "b": 3.0}, "data": [2.0, 7.0]},
    **{"weights": [2.0, 1.0], "distribution": stats.gumbel_r(6, 2), "components": [2.0, 3.0]},
    **{"experts": [gm.normal(1, 3), gm.normal(4, 9)], "method": "log"},
    **{"q": gm.normal(5, 7), "p_zero": 0.2, "columns": ["x"]},
    **{"variables": ["x"], "group": "prior", "coefficients": [2.0, 0.6]},
    **{key: [[1.0, 0.3], [0.3, 1.0]] for key in ("cov", "correlation")},
    **{"unit": "percent", "dim": {"month": range(3)}, "shared": "case"},
    **{"along": "case", "name": "x", "doc": "what", "source": "where from", "format": "2 digits"},
}

SPECIAL: dict[tuple[str, str], Any] = {
    ("beta", "sd"): 0.07,
    ("categorical", "p"): {"a": 0.5, "b": 0.5},
    ("from_arviz", "data"): TREE["prior"],
    ("from_preliz", "distribution"): Preliz(stats.gamma(3)),
    ("from_sipmath", "data"): {**SIPS, "sips": SIPS["sips"][:1]},
    ("beta", "high"): 0.5,
    ("hurdle", "q"): gm.gamma(5, 7),
    **{(f, "quantiles"): {0.2: 1.0, 0.9: 4.0} for f in ("double_triangular", "pert", "triangular")},
    ("metalog", "upper"): 9.5,
    ("geometric", "mean"): 5.0,
    ("negative_binomial", "sd"): 3.5,
    ("metalog", "quantiles"): {0.1: 1.1, 0.5: 2.0, 0.9: 5.0},
    ("multivariate_normal", "mean"): {"a": 1.0, "b": 3.0},
    ("multivariate_normal", "sd"): {"a": 1.0, "b": 3.0},
    ("multivariate_normal", "dim"): "other",
    ("dirichlet", "dim"): {"case": ["a", "b"], "month": range(3)},
}
# Arguments that are there to say what to write instead.
REFUSED = {
    *((function, "unit") for function in ("bernoulli", "binomial", "chi2", "f", "geometric")),
    *((function, "unit") for function in ("negative_binomial", "poisson")),
    ("categorical", "format"),
    *(("exponential", end) for end in ("low", "high")),
}


def other(function: str, argument: str) -> Any:
    return SPECIAL.get((function, argument), OTHERS[argument])


def call(function: str, arguments: Arguments) -> Any:
    return getattr(gm, function)(**arguments)


def seen(made: Any) -> Any:
    """All that a quantity is: what it is called, its labels, and its draws."""
    if isinstance(made, dict):
        return {name: seen(each) for name, each in made.items()}
    if not isinstance(made, Quantity):
        return repr(made)
    variate = () if made.variate is None else made.variate.dims
    draws = gm.Model(x=made).sample(64, method="random")["x"].values
    words = (made.name, made.doc, made.source, made.format, str(made.unit), variate)
    return (*words, made.dims, draws.tobytes())


def arguments_of(function: str) -> set[str]:
    found = set(inspect.signature(getattr(gm, function)).parameters)
    return (found - {"percentiles"}) | ({"p5", "p50", "p95"} if function == "metalog" else set())


ALL = {**FORMS, **MADE}
CALLS = [
    (function, form, argument)
    for function, forms in ALL.items()
    for form in forms
    for argument in sorted(arguments_of(function))
]


@pytest.mark.parametrize(("function", "form", "argument"), CALLS)
def test_every_argument_of_a_constructor_has_an_effect_or_is_refused(
    function: str, form: Arguments, argument: str
) -> None:
    before = seen(call(function, form))
    try:
        made = call(function, {**form, argument: other(function, argument)})
    except GuessmodelError:
        return
    assert seen(made) != before


def test_the_table_has_every_constructor() -> None:
    made = {
        name
        for name in gm.__all__
        if "doc" in inspect.signature(getattr(gm, name)).parameters
        and name not in ("Quantity", "scenario", "seek", "sweep")
    }
    assert made == set(ALL)


@pytest.mark.parametrize("function", ALL)
def test_the_table_has_a_use_of_every_argument(function: str) -> None:
    useless = set()
    for argument in arguments_of(function):
        labelled = {**ALL[function][0], "dim": {"case": ["a", "b"]}}
        for form in (*ALL[function], labelled):
            try:
                call(function, {**form, argument: other(function, argument)})
                break
            except (GuessmodelError, TypeError):
                continue
        else:
            useless.add((function, argument))
    assert useless == {pair for pair in REFUSED if pair[0] == function}


# --- labels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "form"), [(name, form) for name, forms in ALL.items() for form in forms]
)
def test_a_dimension_without_labels_is_an_error(function: str, form: Arguments) -> None:
    if function in ("hurdle", "pool", "truncated", "zero_inflated"):
        return  # have the labels of the quantity that they are made of
    if function == "multivariate_normal" and "dim" in form:
        return  # gives several quantities without
    with pytest.raises(GuessmodelError, match="write|no dimension|need the name"):
        call(function, {**form, "dim": "month"} if "dim" not in form else {**form, "dim": None})


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize(("function", "forms"), FORMS.items())
def test_labels_of_a_dimension_are_those_of_the_parameters(
    function: str, forms: list[Arguments], method: str
) -> None:
    # The same draws as with the parameters written at each label.
    form = next(form for form in forms if "quantiles" not in form)
    name = next(name for name, value in form.items() if isinstance(value, float | int))
    written = {**form, name: dict.fromkeys((1, 2, 3), form[name]), "dim": "month"}
    along = {**form, "dim": {"month": range(1, 4)}}
    one, other = (
        gm.Model(x=call(function, each)).sample(1024, method=method)["x"].values
        for each in (written, along)
    )
    assert one.shape == (3, 1024)
    np.testing.assert_array_equal(one, other)
    assert len({row.tobytes() for row in one}) == 3


def largest_correlation(made: Quantity) -> float:
    rows = gm.Model(x=made).sample(1 << 14, method="random")["x"].values.reshape(6, -1)
    return float(np.abs(np.corrcoef(rows) - np.eye(6)).max())


@pytest.mark.parametrize("function", ["empirical", "from_scipy", "mixture", "normal"])
def test_draws_are_independent_from_label_to_label(function: str) -> None:
    # Of independent draws a correlation has the sd 1/128: 6 of them in one of 1e7 pairs.
    dims = {"month": range(3), "place": ["a", "b"]}
    form = ALL[function][0]
    assert largest_correlation(call(function, {**form, "dim": dims})) < 6.0 / 128.0
    one = call(function, form)
    same = one * gm.constant(1.0, dim=dims)
    assert largest_correlation(same) > 6.0 / 128.0  # the measure would see a draw that is shared


def test_a_draw_keeps_its_dimensions_where_others_are_made_of_it() -> None:
    price = gm.normal(5, 8, "USD", dim={"month": range(3)})
    model = gm.Model(price=price, cut=gm.truncated(price, lower=6), total=price.sum("month"))
    for changed in (model, model.with_(price="6 to 9 USD")):
        assert changed.sample(64)["cut"].values.shape == (3, 64)
        assert len({row.tobytes() for row in changed.sample(64)["price"].values}) == 3
    mean = gm.normal(5, 8)
    linked = gm.Model(mean=mean, x=gm.normal(mean=mean, sd=1, dim={"month": range(3)}))
    assert linked.with_(mean=7).sample(64)["x"].values.shape == (3, 64)


def test_a_mixture_does_not_give_one_draw_to_all_labels() -> None:
    with pytest.raises(GuessmodelError, match="normal is one draw for all labels of 'month'"):
        gm.mixture([0, gm.normal(5, 8)], [0.9, 0.1], dim={"month": range(3)})
    fine = gm.normal(5, 8, dim={"month": range(3)})
    assert gm.mixture([0, fine], [0.9, 0.1]).dims == fine.dims


def test_a_dimension_that_repeats_labels_is_an_error() -> None:
    trend = gm.constant({1: 0.2, 2: 0.3}, dim="month")
    for dim in ("month", {"month": (1, 2)}, {"month": (1, 2), "place": ("x", "y")}):
        for make in (
            lambda dim: gm.normal(mean=trend, sd=1, dim=dim),
            lambda dim: gm.beta(mean=trend, sd={1: 0.1, 2: 0.2}, dim=dim).sel(month=9),
            lambda dim: gm.mixture([0, trend], [0.1, 0.9], dim=dim),
            lambda dim: gm.categorical({"a": trend, "b": 1 - trend}, dim=dim),
        ):
            with pytest.raises(
                GuessmodelError, match="has no effect, for .* has a 'month' alr|has no label 9"
            ):
                make(dim)
    assert len(gm.normal(mean=trend, sd=1, dim={"place": ("x", "y")}).dims) == 2


@pytest.mark.parametrize(("function", "form", "argument"), CALLS)
def test_constructors_take_no_category_for_a_number(
    function: str, form: Mapping[str, Any], argument: str
) -> None:
    for kind in NUMBERS if argument != "name" else ():
        assert refused(lambda x: call(function, {**form, argument: x}), kind)
