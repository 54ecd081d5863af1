"""metalog: the curve through points, and the advice where there is none."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.metalog import metalog
from guessmodel.distributions.metalog_family import Metalog
from guessmodel.distributions.parametrisation import constant
from guessmodel.errors import GuessmodelError
from guessmodel.graph.quantity import Quantile, Quantity


def made(quantity: Quantity) -> tuple[Metalog, list[float]]:
    assert isinstance(quantity.operation, Quantile)
    family = quantity.operation.family
    assert isinstance(family, Metalog)
    return family, [float(each.operation.value) for each in quantity.parameters]


@pytest.mark.parametrize("limits", [{}, {"lower": 0}, {"upper": 12}, {"lower": 0, "upper": 12}])
@pytest.mark.parametrize(
    "points",
    [
        {0.05: 1, 0.95: 9},
        {0.05: 1, 0.5: 3, 0.95: 9},
        {0.1: 1, 0.5: 3.5, 0.8: 6},
        {0.05: 1, 0.25: 2.5, 0.5: 4, 0.75: 6, 0.95: 9},
    ],
)
def test_the_points_are_met(points: dict[float, float], limits: dict[str, float]) -> None:
    family, at = made(metalog(quantiles=points, **limits))
    assert family.ppf(list(points), *at) == pytest.approx(list(points.values()), rel=1e-10)
    assert family.cdf(list(points.values()), *at) == pytest.approx(list(points), rel=1e-10)
    low, high = family.support(*at)
    assert low == limits.get("lower", -np.inf)
    assert high == limits.get("upper", np.inf)


def test_percentiles_by_name() -> None:
    same = [
        metalog(p2_5=1, p50=3, p97_5=9, lower=0),
        metalog(quantiles={0.025: 1, 0.5: 3, 0.975: 9}, lower=0),
    ]
    assert made(same[0])[1] == pytest.approx(made(same[1])[1], rel=1e-12)


def test_more_points_than_terms_are_fitted_by_least_squares() -> None:
    y = np.array([0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95])
    x = np.array([1.0, 1.4, 2.2, 3.1, 4.0, 6.2, 7.0])
    family, at = made(metalog(quantiles=dict(zip(y.tolist(), x.tolist(), strict=True)), terms=3))
    assert family.terms == 3

    def residual(a: Any) -> Any:
        return family.ppf(y, *a) - x

    best = optimize.least_squares(residual, [3.0, 1.0, 0.0], xtol=1e-15, ftol=1e-15, gtol=1e-15)
    assert at == pytest.approx(best.x.tolist(), rel=1e-7)
    assert made(metalog(quantiles=dict(zip(y.tolist(), x.tolist(), strict=True))))[0].terms == 5


def test_points_of_a_uniform_give_a_uniform() -> None:
    family, at = made(metalog(quantiles={0.1: 1, 0.3: 3, 0.7: 7, 0.9: 9}))
    assert [float(end) for end in family.support(*at)] == pytest.approx([0.0, 10.0], abs=1e-12)
    assert family.cdf([-1.0, 2.0, 11.0], *at) == pytest.approx([0.0, 0.2, 1.0], abs=1e-12)
    assert family.pdf([-1.0, 2.0, 11.0], *at) == pytest.approx([0.0, 0.1, 0.0], abs=1e-12)


def test_units_labels_and_quantities() -> None:
    hours = metalog(p5=constant(1, "hour"), p50=constant(3, "hour"), p95=constant(9, "hour"))
    assert str(hours.unit) == "hour"
    in_days = metalog(p5=constant(12, "hour"), p50=1, p95=3, unit="day", lower=0)
    assert str(in_days.unit) == "day"
    assert in_days.sample(2**12).quantile(0.05).value == pytest.approx(0.5, rel=0.01)
    with pytest.raises(GuessmodelError, match="no increasing curve"):
        metalog(p5=constant(1, "hour"), p50=constant(9, "hour"), p95=constant(10, "hour"))
    labels = metalog(
        p5={"a": 1, "b": 2, "c": None},
        p50={"a": 2, "b": 7, "c": 1},
        p95={"a": 9, "b": 12, "c": 3},
        lower=0,
        dim="case",
    )
    assert labels.sel(case="b").sample(2**12).median().value == pytest.approx(7.0, rel=0.01)
    # The median of a metalog whose median is uncertain lies where that one lies.
    uncertain = metalog(p5=1, p50=lognormal(2.9, 3.1), p95=9, lower=0)
    assert uncertain.sample(2**12).median().value == pytest.approx(3.0, rel=0.02)


ADVISED = re.compile(r"move p50 between ([0-9.e+-]+) and ([0-9.e+-]+)$")


@pytest.mark.parametrize("limits", [{}, {"lower": 0}, {"upper": 12}, {"lower": 0, "upper": 12}])
@pytest.mark.parametrize("low", ["p5", "p20"])
def test_the_advice_for_three_points_is_exact(low: str, limits: dict[str, float]) -> None:
    with pytest.raises(GuessmodelError) as caught:
        metalog(**{low: 1, "p50": 9.9, "p95": 10}, **limits)
    advice = ADVISED.search(str(caught.value))
    assert advice is not None, str(caught.value)
    first, last = float(advice[1]), float(advice[2])
    margin = 1e-3 * (last - first)  # the advice is rounded
    for inside in (first + margin, 0.5 * (first + last), last - margin):
        metalog(**{low: 1, "p50": inside, "p95": 10}, **limits)
    for outside in (first - margin, last + margin):
        if 1 < outside < 10:
            with pytest.raises(GuessmodelError, match="no increasing curve"):
                metalog(**{low: 1, "p50": outside, "p95": 10}, **limits)


def test_the_advice_for_more_points_can_be_followed() -> None:
    points = {0.05: 1, 0.25: 2, 0.5: 2.1, 0.75: 9, 0.95: 10}
    with pytest.raises(GuessmodelError, match=r"write terms=3 for the nearest that does") as caught:
        metalog(quantiles=points)
    assert "no increasing curve goes through these points" in str(caught.value)
    metalog(quantiles=points, terms=3)
    with pytest.raises(GuessmodelError, match="no increasing curve"):
        metalog(quantiles=points, terms=4)


def test_the_advice_is_about_the_label_that_fails() -> None:
    with pytest.raises(GuessmodelError, match=r"move p50 between 2\.124 and 8\.876"):
        metalog(p5={"a": 1, "b": 1}, p50={"a": 5, "b": 9}, p95={"a": 10, "b": 10}, dim="case")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"p5": 1}, "metalog takes two points or more, e.g. p5=1, p50=2, p95=9"),
        ({"p5": 3, "p95": 2}, "metalog: p5 (3) lies above p95 (2); swap them"),
        (
            {"p5": 3, "high": 2},
            "metalog takes percentiles, e.g. p5=1, p50=2 (p2_5 is the 2.5th), not high=",
        ),
        (
            {"p5": 1, "p95": 9, "lower": 1},
            "metalog: p5 must lie above lower, a bound that is never",
        ),
        (
            {"p5": 1, "p95": 9, "upper": 9},
            "metalog: p95 must lie below upper, a bound that is never",
        ),
        (
            {"quantiles": {5: 1, 95: 9}},
            "metalog: 5 is not a probability between 0 and 1 (p5 is 0.05)",
        ),
        ({"quantiles": [1, 2]}, "metalog: quantiles are {probability: value}"),
        (
            {"quantiles": {0.5: 1}, "p5": 0},
            "metalog takes quantiles={…} or percentiles such as p5=",
        ),
        ({"p5": 1, "p95": 9, "terms": 3}, "metalog: terms is 3; 2 points take 2 to 2"),
        ({"p5": 1, "p95": float("inf")}, "metalog: p95 is inf; write a finite number"),
    ],
)
def test_a_mistake_says_what_to_write(options: dict[str, Any], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        metalog(**options)
    assert message in str(caught.value)
    assert caught.value.where is not None


def test_by_coefficients() -> None:
    # Those of the metalog through three points, by Keelin's (2016) equations (14): the same draw.
    points = metalog(p10=1, p50=2, p90=5, unit="day")
    family, found = made(points)
    again = metalog(coefficients=found, unit="day")
    assert made(again) == (family, found)
    logit = np.log(9.0)
    assert found == pytest.approx([2.0, 4.0 / (2.0 * logit), (6.0 - 4.0) / (0.8 * logit)])
    bounded = metalog(coefficients=[0.2, 0.8, -0.3], lower=-1, upper=4)
    assert made(bounded) == (Metalog(3, ("lower", "upper")), [0.2, 0.8, -0.3, -1.0, 4.0])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"coefficients": [8]}, "takes 2 to 32 coefficients, not 1"),
        ({"coefficients": [8, -1]}, "the curve of these coefficients is not increasing"),
        ({"coefficients": "8, 1"}, "coefficients='8, 1'; write a list of numbers"),
        ({"coefficients": [1, 2], "p5": 3}, "coefficients stand alone, but for lower and upper"),
        ({"coefficients": [1, 2], "terms": 2}, "coefficients stand alone"),
        ({"coefficients": [1, float("nan")]}, "a2 is nan; write a finite number"),
        ({"coefficients": [1, 2], "lower": 3, "upper": 2}, "lower .3. lies above upper"),
        ({"coefficients": [1, constant(2)]}, "plain numbers; only points can be quantities"),
    ],
)
def test_coefficients_that_are_refused(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(GuessmodelError, match=told):
        metalog(**arguments)
