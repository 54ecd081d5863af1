"""Metalog draws: by points that the curve goes through, or by its coefficients."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from guessmodel.distributions.checks import forbid, ordered
from guessmodel.distributions.metalog_curve import basis, from_line, to_line
from guessmodel.distributions.metalog_family import STEEPEST, Metalog
from guessmodel.distributions.parametrisation import Form, construct
from guessmodel.errors import GuessmodelError, ModelError, WrongKind, caller, public
from guessmodel.graph.dims import Labels
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.values import is_number, is_whole
from guessmodel.units import Unit

__all__ = ["metalog"]

_PERCENTILE = re.compile(r"p(\d+)(?:_(\d+))?")
_MOST_BY_DEFAULT = 5
_MOST_COEFFICIENTS = 32


@public
def metalog(
    unit: str | Unit | None = None,
    *,
    quantiles: Mapping[float, Value] | None = None,
    coefficients: Sequence[float] | None = None,
    lower: Value | None = None,
    upper: Value | None = None,
    terms: int | None = None,
    dim: str | Labels | None = None,
    shared: str | Sequence[str] = (),
    name: str | None = None,
    doc: str | None = None,
    source: str | None = None,
    format: str | None = None,
    **percentiles: Value,
) -> Quantity:
    """Draw from the smooth distribution through given quantiles: for asymmetric intervals.

    Two points or more, either as percentiles `p5=1, p50=2, p95=9` (`p2_5` is the 2.5th) or as
    `quantiles={0.05: 1, 0.5: 2, 0.95: 9}`; `lower` and `upper` are bounds that are never reached.
    Up to five points are met exactly; of more, the least-squares curve of five terms is taken.
    `terms` says otherwise; two terms are the logistic distribution.
    `coefficients` are those of Keelin's a1, a2, … instead of points, plain numbers.

    Raises ModelError where no increasing curve goes through the points, and says which would.

    Notes
    -----
    Values z (logarithms of the distances from the bounds, if any) are linear in the coefficients,
    z = Y a, solved as Keelin (2016), equation (7). Mean and variance are integrals of the quantile
    function, by double-exponential quadrature.

    >>> metalog(p5=1, p50=2, p95=9, lower=0, unit="hour")
    <draw metalog, ... [hour]>
    >>> print(metalog(coefficients=[8, 1], unit="hour").sample(8).median())  # logistic
    8 hour
    """
    where = caller()
    limits = {"lower": lower, "upper": upper}
    bounds = tuple(key for key, value in limits.items() if value is not None)
    try:
        if coefficients is not None:
            if percentiles or quantiles is not None or terms is not None:
                raise ModelError("metalog: coefficients stand alone, but for lower and upper")
            family, form, points = _by_coefficients(coefficients, bounds)
        else:
            family, form, points = _through(_points(percentiles, quantiles), terms, bounds)
    except GuessmodelError as error:
        raise type(error)(error.message, where) from None
    given = {**points, **limits}
    return construct(
        family,
        (form,),
        given,
        unit,
        dim=dim,
        shared=shared,
        name=name,
        doc=doc,
        source=source,
        format=format,
    )


def _by_coefficients(
    coefficients: Any, bounds: tuple[str, ...]
) -> tuple[Metalog, Form, dict[str, Any]]:
    """The family and what it is given, by its canonical parameters."""
    if not isinstance(coefficients, Sequence | np.ndarray) or isinstance(coefficients, str):
        raise WrongKind(f"metalog: coefficients={coefficients!r}; write a list of numbers")
    if not all(is_number(a) for a in coefficients):
        raise WrongKind("metalog: coefficients are plain numbers; only points can be quantities")
    if not 2 <= len(coefficients) <= _MOST_COEFFICIENTS:
        raise ModelError(
            f"metalog takes 2 to {_MOST_COEFFICIENTS} coefficients, not {len(coefficients)}"
        )
    family = Metalog(len(coefficients), bounds)
    names = [name for name in family.parameters if name not in bounds]

    def convert(**values: Any) -> Sequence[Any]:
        parameters = [values[name] for name in family.parameters]
        if not any(isinstance(x, Quantity) for x in parameters):
            if len(bounds) == 2:
                ordered("metalog", lower=values["lower"], upper=values["upper"])
            known = np.isfinite(sum(np.asarray(x) for x in parameters))
            if np.any(~family.valid(*parameters) & known):
                raise ModelError("metalog: the curve of these coefficients is not increasing")
        return parameters

    powers = {**dict.fromkeys(names, 0), **dict.fromkeys(bounds, 1)}
    return family, Form(powers, convert), dict(zip(names, coefficients, strict=True))


def _through(
    points: Mapping[float, Value], terms: int | None, bounds: tuple[str, ...]
) -> tuple[Metalog, Form, dict[str, Any]]:
    """The family and what it is given, through points."""
    family = Metalog(_terms(terms, len(points)), bounds)
    keys = {f"p{100.0 * y:.10g}": y for y in points}

    def convert(**values: Any) -> Sequence[Any]:
        return _coefficients(family, keys, values)

    form = Form(dict.fromkeys((*keys, *bounds), 1), convert)
    return family, form, dict(zip(keys, points.values(), strict=True))


def _points(
    percentiles: Mapping[str, Value], quantiles: Mapping[float, Value] | None
) -> dict[float, Value]:
    points: dict[float, Value] = {}
    for key, value in percentiles.items():
        match = _PERCENTILE.fullmatch(key)
        if match is None:
            raise ModelError(
                f"metalog takes percentiles, e.g. p5=1, p50=2 (p2_5 is the 2.5th), not {key}="
            )
        points[float(f"{match[1]}.{match[2] or 0}") / 100.0] = value
    if quantiles is not None:
        if percentiles:
            raise ModelError("metalog takes quantiles={…} or percentiles such as p5=, not both")
        if not isinstance(quantiles, Mapping):
            raise ModelError("metalog: quantiles are {probability: value}, e.g. {0.05: 1, 0.95: 9}")
        points = dict(quantiles)
    if len(points) < 2:
        raise ModelError("metalog takes two points or more, e.g. p5=1, p50=2, p95=9")
    for y in points:
        if not is_number(y) or not 0.0 < y < 1.0:
            raise ModelError(f"metalog: {y} is not a probability between 0 and 1 (p5 is 0.05)")
    return {float(y): points[y] for y in sorted(points)}


def _terms(terms: int | None, points: int) -> int:
    if terms is None:
        return min(points, _MOST_BY_DEFAULT)
    if not is_whole(terms) or not 2 <= terms <= points:
        raise ModelError(f"metalog: terms is {terms!r}; {points} points take 2 to {points}")
    return int(terms)


def _coefficients(
    family: Metalog, keys: Mapping[str, float], values: Mapping[str, Any]
) -> Sequence[Any]:
    bounds = {key: values[key] for key in family.bounds}
    points = {key: values[key] for key in keys}
    for (first, low), (second, high) in pairwise(points.items()):
        ordered("metalog", **{first: low, second: high})
    lowest, highest = next(iter(points)), next(reversed(points))
    for key, inner in (("lower", lowest), ("upper", highest)):
        if key in bounds:
            outside = (
                points[inner] <= bounds[key] if key == "lower" else points[inner] >= bounds[key]
            )
            side = "above" if key == "lower" else "below"
            forbid(
                outside,
                f"metalog: {inner} must lie {side} {key}, a bound that is never reached",
            )
    line = [to_line(value, bounds) for value in points.values()]
    fitted = _fit(list(keys.values()), family.terms, line)
    parameters = (*fitted, *bounds.values())
    if not any(isinstance(x, Quantity) for x in parameters):
        unknown = np.isnan(sum(np.asarray(x) for x in parameters))
        bad = np.argwhere(~(family.valid(*parameters) | unknown))
        if len(bad):
            at = tuple(bad[0])
            values = {
                key: float(np.broadcast_to(x, unknown.shape)[at]) for key, x in values.items()
            }
            raise ModelError(_advice(family, keys, values))
    return parameters


def _fit(probabilities: Sequence[float], terms: int, line: Sequence[Any]) -> list[Any]:
    """Coefficients that meet the points, by least squares if there are more points than terms."""
    solution = np.linalg.pinv(np.array([basis(y, terms) for y in probabilities]))
    fitted = [sum(float(f) * z for f, z in zip(row, line, strict=True)) for row in solution]
    if any(isinstance(z, Quantity) for z in line):
        return fitted
    # Rounding must not bend a straight line (uniform, logistic) downwards at an end.
    noise = 1e-13 * np.max(np.abs(np.broadcast_arrays(*line)), axis=0)
    return [np.where(np.abs(a) <= noise, 0.0, a) for a in fitted]


def _advice(family: Metalog, keys: Mapping[str, float], values: Mapping[str, float]) -> str:
    bounds = {key: values[key] for key in family.bounds}
    line = [to_line(values[key], bounds) for key in keys]
    probabilities = list(keys.values())
    problem = "metalog: no increasing curve goes through these points; "
    if family.terms == len(keys) == 3:
        low, high = (float(from_line(z, bounds)) for z in _middle(probabilities, line))
        return problem + f"move {list(keys)[1]} between {low:.4g} and {high:.4g}"
    for fewer in range(family.terms - 1, 1, -1):
        nearest = _fit(probabilities, fewer, line)
        if Metalog(fewer, family.bounds).valid(*nearest, *bounds.values()):
            return problem + f"write terms={fewer} for the nearest that does, or move a point"
    return problem + "move a point"


def _middle(probabilities: Sequence[float], line: Sequence[Any]) -> tuple[float, float]:
    """Where the second of three points may lie: |a3| < STEEPEST a2, both linear in it."""
    (_, a2, a3) = _fit(probabilities, 3, [line[0], 0.0, line[2]])
    (_, b2, b3) = _fit(probabilities, 3, [0.0, 1.0, 0.0])
    ends = [(sign * STEEPEST * a2 - a3) / (b3 - sign * STEEPEST * b2) for sign in (-1.0, 1.0)]
    return min(ends), max(ends)
