"""Families, mixtures, truncation, and arithmetic of distributions.

A constructor makes samples, or a shape where it stands in `Sym`. Positional parameters are those of
the language: mean and standard deviation, mu and sigma, rate, and so on.
"""

from __future__ import annotations

import math
from itertools import pairwise

from guessmodel.distributions.proportions import as_proportions
from guessmodel.interop.squiggle.algebra import (
    Real,
    arithmetic,
    draw,
    function_of,
    mention,
    number,
    samples,
)
from guessmodel.interop.squiggle.library.registry import (
    DIST,
    DRAWN,
    LIST,
    NUMBER,
    NUMBERS,
    REAL,
    REALS,
    Kind,
    Runner,
    define,
    optional,
    record,
    unsupported,
)
from guessmodel.interop.squiggle.nodes import Node, call, fresh, literal, operation
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import Dict, Dist, List, Num, Value

__all__: list[str] = []

# Positional parameters of a constructor, as keywords of ours. "" is positional with us, too.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "normal": ("mean", "sd"),
    "lognormal": ("mu", "sigma"),
    "uniform": ("", ""),
    "beta": ("alpha", "beta"),
    "cauchy": ("location", "scale"),
    "gamma": ("shape", "scale"),
    "logistic": ("location", "scale"),
    "exponential": ("rate",),
    "bernoulli": ("",),
}
_BY_QUANTILES = ("normal", "lognormal")
_BY_MEAN = ("normal", "lognormal", "beta")
_MASSES = {("p5", "p95"): None, ("p10", "p90"): 0.8, ("p25", "p75"): 0.5}


def _enter_families() -> None:
    for family, parameters in _FAMILIES.items():
        for shape in (False, True):
            names = f"Sym.{family}" if shape else f"{family} Dist.{family}"
            _enter(names, family, parameters, shape)
            if family in _BY_QUANTILES:
                for keys, mass in _MASSES.items():
                    _enter_quantiles(names, family, keys, mass, shape)
            if family in _BY_MEAN:
                _enter_mean(names, family, shape)


def _enter(names: str, family: str, parameters: tuple[str, ...], shape: bool) -> None:
    @define(names, *[NUMBER if shape else REAL] * len(parameters))
    def construct(run: Runner, *values: Real) -> Value:
        positional = [v for v, name in zip(values, parameters, strict=True) if not name]
        named = {name: v for v, name in zip(values, parameters, strict=True) if name}
        return draw(family, *positional, symbolic=shape, **named)


def _enter_quantiles(
    names: str, family: str, keys: tuple[str, str], mass: float | None, shape: bool
) -> None:
    @define(names, record(**dict.fromkeys(keys, _PARAMETER)))
    def construct(run: Runner, given: Dict) -> Value:
        low, high = (_real(given.items[key]) for key in keys)
        return _between(family, low, high, mass, shape)


def _enter_mean(names: str, family: str, shape: bool) -> None:
    @define(names, record(mean=_PARAMETER, stdev=_PARAMETER))
    def construct(run: Runner, given: Dict) -> Value:
        mean, stdev = _real(given.items["mean"]), _real(given.items["stdev"])
        return draw(family, symbolic=shape, mean=mean, sd=stdev)


def _between(family: str, low: Real, high: Real, mass: float | None, shape: bool) -> Dist:
    if isinstance(low, Num) and isinstance(high, Num) and not low.value < high.value:
        raise Refused(f"the low value {low.value:g} is not below the high value {high.value:g}")
    for end in (low, high):
        if family == "lognormal" and isinstance(end, Num) and end.value <= 0:
            raise Refused(
                f"a lognormal is above 0, and {end.value:g} is not; write normal({{p5: …, p95: …}})"
            )
    extra = {} if mass is None else {"mass": number(mass)}
    return draw(family, low, high, symbolic=shape, **extra)


def _real(value: Value) -> Real:
    assert isinstance(value, Num | Dist)
    return value


_PARAMETER: Kind = REAL
_enter_families()


@define("to Dist.to", REAL, REAL)
def _to(run: Runner, low: Real, high: Real) -> Value:
    return _between("lognormal", low, high, None, False)


@define("triangular Dist.triangular", REAL, REAL, REAL)
def _triangular(run: Runner, low: Real, mode: Real, high: Real) -> Value:
    return draw("triangular", low, high, mode=mode)


@define("Sym.triangular", NUMBER, NUMBER, NUMBER)
def _symbolic_triangular(run: Runner, low: Num, mode: Num, high: Num) -> Value:
    return draw("triangular", low, high, mode=mode, symbolic=True)


@define("Danger.binomialDist", REAL, REAL)
def _binomial(run: Runner, trials: Real, p: Real) -> Value:
    return draw("binomial", trials, p)


@define("Danger.poissonDist", REAL)
def _poisson(run: Runner, mean: Real) -> Value:
    return draw("poisson", mean)


@define(
    "pointMass Sym.pointMass Dist.make Dist SampleSet SampleSet.make SampleSet.fromNumber", NUMBER
)
@define("PointSet PointSet.make PointSet.fromNumber", NUMBER)
def _point(run: Runner, value: Num) -> Value:
    return draw_of(value)


@define("Dist Dist.make", DIST)
def _same(run: Runner, value: Dist) -> Value:
    return value


@define("SampleSet SampleSet.make SampleSet.fromDist", DIST)
def _samples(run: Runner, value: Dist) -> Value:
    return samples(value)


@define("SampleSet SampleSet.make SampleSet.fromList", NUMBERS)
def _data(run: Runner, values: List) -> Value:
    if len(values.items) < 6:
        raise Refused("a sample set has more than five numbers")
    run.remark("lists of numbers taken as samples are data that are drawn from (gm.empirical)")
    return Dist(call("empirical", tuple(_nodes(values))))


@define("PointSet PointSet.make PointSet.fromDist", DIST)
def _points(run: Runner, value: Dist) -> Value:
    return value if value.shape else Dist(fresh(value.node), shape=True)


@define("PointSet.downsample", DIST, NUMBER)
def _thinned(run: Runner, value: Dist, points: Num) -> Value:
    return value


@define("PointSet.makeDiscrete", LIST)
def _discrete(run: Runner, points: List) -> Value:
    at = Kind("", record(x=NUMBER, y=NUMBER).fits)
    if not points.items or not all(map(at.fits, points.items)):
        raise Refused("a discrete distribution is a list of {x, y}")
    pairs = [point.items for point in points.items if isinstance(point, Dict)]
    xs, ys = ([_real(pair[key]) for pair in pairs] for key in "xy")
    return Dist(
        call("empirical", tuple(map(mention, xs)), keywords={"weights": tuple(map(mention, ys))}),
        True,
    )


@define("normalize Dist.normalize", DIST)
def _normalized(run: Runner, value: Dist) -> Value:
    return value


# --- mixtures and truncation ----------------------------------------------------------------------


@define("mixture mx Dist.mixture Dist.mx", REALS)
def _evenly(run: Runner, components: List) -> Value:
    return _mixed([_real(value) for value in components.items], None)


@define("mixture mx Dist.mixture Dist.mx", REALS, NUMBERS)
def _weighted(run: Runner, components: List, weights: List) -> Value:
    return _mixed([_real(value) for value in components.items], weights)


def _enter_mixtures() -> None:
    for size in range(1, 6):

        @define("mixture mx Dist.mixture Dist.mx", *[REAL] * size, optional(NUMBERS))
        def mix(run: Runner, *values: Value) -> Value:
            weights = values[-1] if isinstance(values[-1], List) else None
            parts = [_real(value) for value in values if not isinstance(value, List)]
            return _mixed(parts, weights)


_enter_mixtures()


def _mixed(parts: list[Real], weights: List | None) -> Dist:
    if not parts:
        raise Refused("a mixture needs a distribution")
    if weights is not None and len(weights.items) != len(parts):
        raise Refused(f"a mixture of {len(parts)} has {len(weights.items)} weights")
    shape = all(isinstance(part, Num) or part.shape for part in parts)
    shares = [literal(1.0) for _ in parts] if weights is None else _nodes(weights)
    sizes = [node.value or 0.0 for node in shares]
    if not sum(sizes) > 0 or min(sizes) < 0:
        raise Refused("weights are 0 or more, and one is above 0")
    if len(parts) == 1:
        return draw_of(parts[0])
    if all(node.plain and not node.abstract for node in shares):  # what Python makes are numbers
        shares = [
            node if size == told else literal(told)
            for node, size, told in zip(shares, sizes, as_proportions(sizes), strict=True)
        ]
    return Dist(call("mixture", tuple(mention(part) for part in parts), tuple(shares)), shape)


def draw_of(part: Real) -> Dist:
    """A number as a distribution, too."""
    if isinstance(part, Dist):
        return part
    return Dist(call("constant", part.node, value=part.value) if part.node.plain else part.node)


@define("truncate Dist.truncate", DIST, NUMBER, NUMBER)
def _truncate(run: Runner, value: Dist, low: Num, high: Num) -> Value:
    return _truncated(run, value, low, high)


@define("truncateLeft Dist.truncateLeft", DIST, NUMBER)
def _truncate_left(run: Runner, value: Dist, low: Num) -> Value:
    return _truncated(run, value, low, None)


@define("truncateRight Dist.truncateRight", DIST, NUMBER)
def _truncate_right(run: Runner, value: Dist, high: Num) -> Value:
    return _truncated(run, value, None, high)


def _truncated(run: Runner, value: Dist, low: Num | None, high: Num | None) -> Dist:
    """Truncation keeps the samples within the bounds and draws as many as there were from them:
    what comes of it is independent of what was truncated."""
    node = value.node
    bounds = [None if x is None or math.isinf(x.value) else x.node for x in (low, high)]
    if all(bound is None for bound in bounds):
        return value
    if _can_be_truncated(node):
        shown = node if node.bound and node.form != "mixture" else fresh(node)
        ends = zip(("lower", "upper"), bounds, strict=True)
        limits = {name: bound for name, bound in ends if bound is not None}
        return Dist(call("truncated", shown, keywords=limits), shape=value.shape)
    ends = zip(("low", "high"), bounds, strict=True)
    limits = {name: bound for name, bound in ends if bound is not None}
    made = call("filtered", fresh(node), keywords=limits)
    made.note = "draws beyond the bounds are dropped, and its inputs are its own, as in Squiggle"
    run.remark("what is calculated was truncated: its inputs are drawn anew, as in Squiggle")
    return Dist(made, shape=value.shape)


def _can_be_truncated(node: Node) -> bool:
    """Whether it is a draw of a family with known parameters, or a mixture of such draws."""
    parts = [operand for operand in node.operands if operand.value is None]
    if node.form not in ("mixture", "truncated"):
        return node.is_draw and not parts
    return all(map(_can_be_truncated, parts))


# --- arithmetic -----------------------------------------------------------------------------------


def _enter_arithmetic() -> None:
    symbols = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "pow": "**"}
    for name, symbol in symbols.items():

        @define(f"{name} Dist.{name} Number.{name}", REAL, REAL)
        def combine(run: Runner, a: Real, b: Real, symbol: str = symbol) -> Value:
            return arithmetic(symbol, a, b)


_enter_arithmetic()


@define("log Dist.log", REAL, REAL)
def _log_to(run: Runner, value: Real, base: Real) -> Value:
    return arithmetic("/", function_of("log", value), function_of("log", base))


def _enter_functions() -> None:
    for name in ("exp", "log", "log10"):

        @define(f"{name} Dist.{name}", DRAWN)
        def apply(run: Runner, value: Dist, name: str = name) -> Value:
            return function_of(name, value)


_enter_functions()


@define("unaryMinus Dist.unaryMinus Number.unaryMinus", REAL)
def _negative(run: Runner, value: Real) -> Value:
    return negative(value)


def negative(value: Real) -> Real:
    """`-x`."""
    if isinstance(value, Num):
        return Num(-value.value, operation("neg", value.node, value=-value.value))
    return Dist(operation("neg", mention(value)), value.shape, value.single)


def _nodes(values: List) -> list[Node]:
    return [value.node for value in values.items if isinstance(value, Num)]


@define("sum Dist.sum Number.sum", REALS)
def _sum(run: Runner, values: List) -> Value:
    return (_running("+", values) or [number(0)])[-1]


@define("product Dist.product Number.product", REALS)
def _product(run: Runner, values: List) -> Value:
    return (_running("*", values) or [number(1)])[-1]


def _running(symbol: str, values: List) -> list[Real]:
    """What the values come to, each joined to those before it by an operator."""
    found: list[Real] = []
    for value in values.items:
        found.append(arithmetic(symbol, found[-1], _real(value)) if found else _real(value))
    return found


@define("cumsum Dist.cumsum Number.cumsum", REALS)
def _running_sum(run: Runner, values: List) -> Value:
    return List(tuple(_running("+", values)))


@define("cumprod Dist.cumprod Number.cumprod", REALS)
def _running_product(run: Runner, values: List) -> Value:
    return List(tuple(_running("*", values)))


@define("diff Dist.diff Number.diff", REALS)
def _differences(run: Runner, values: List) -> Value:
    reals = [_real(value) for value in values.items]
    if not reals:
        raise Refused("the list is empty")
    return List(tuple(arithmetic("-", b, a) for a, b in pairwise(reals)))


unsupported(
    "Dist.dotAdd Dist.dotSubtract Dist.dotMultiply Dist.dotDivide Dist.dotPow dotExp Dist.dotExp "
    "unaryDotMinus",
    "pointwise operators combine densities, and what comes out is no distribution until it is "
    "normalized; for a mixture write mixture(a, b, [0.3, 0.7])",
)
unsupported(
    "PointSet.makeContinuous PointSet.mapY PointSet.support Danger.yTransform",
    "densities are not imported, only what can be drawn; write a family, or its quantiles",
)
