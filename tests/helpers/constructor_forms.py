"""For each constructor of quantities the sets of arguments that make one: complete, so that a new
family or argument fails in `test_arguments.py` until it has its row."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import xarray
from scipy import stats

import guessmodel as gm

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
ALL = {**FORMS, **MADE}


def call(function: str, arguments: Arguments) -> Any:
    return getattr(gm, function)(**arguments)


def arguments_of(function: str) -> set[str]:
    found = set(inspect.signature(getattr(gm, function)).parameters)
    return (found - {"percentiles"}) | ({"p5", "p50", "p95"} if function == "metalog" else set())


CALLS = [
    (function, form, argument)
    for function, forms in ALL.items()
    for form in forms
    for argument in sorted(arguments_of(function))
]
