"""No argument of a constructor is dropped in silence: each has an effect, or is refused.

Each form of each family is called with each argument of the family. Other functions are in
`test_arguments_of_functions.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import pytest
from categories_given import NUMBERS, refused
from constructor_forms import ALL, CALLS, SIPS, TREE, Arguments, Preliz, arguments_of, call
from scipy import stats

import guessmodel as gm
from guessmodel.errors import GuessmodelError
from guessmodel.graph.quantity import Quantity

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


@pytest.mark.parametrize(("function", "form", "argument"), CALLS)
def test_constructors_take_no_category_for_a_number(
    function: str, form: Mapping[str, Any], argument: str
) -> None:
    for kind in NUMBERS if argument != "name" else ():
        assert refused(lambda x: call(function, {**form, argument: x}), kind)
