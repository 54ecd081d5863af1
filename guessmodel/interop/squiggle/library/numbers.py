"""Functions of numbers and of lists of numbers, and statistics of distributions."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Final

from guessmodel.interop.squiggle.algebra import (
    Real,
    arithmetic,
    compared,
    function_of,
    mention,
    number,
)
from guessmodel.interop.squiggle.library.registry import (
    DIST,
    FUNCTION,
    LIST,
    NUMBER,
    NUMBERS,
    REAL,
    SINGLE,
    TEXT,
    Runner,
    define,
    unsupported,
)
from guessmodel.interop.squiggle.nodes import call
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import Bool, Dist, Domain, List, Num, Str, Value

__all__ = ["CONSTANTS"]

CONSTANTS: Final = {
    "Math.pi": math.pi,
    "Math.e": math.e,
    "Math.ln2": math.log(2),
    "Math.ln10": math.log(10),
    "Math.log2e": 1 / math.log(2),
    "Math.log10e": 1 / math.log(10),
    "Math.sqrt2": math.sqrt(2),
    "Math.sqrt1_2": math.sqrt(0.5),
    "Math.phi": (1 + math.sqrt(5)) / 2,
    "Math.tau": 2 * math.pi,
    "Number.maxValue": 1.7976931348623157e308,
    "Number.minValue": 5e-324,
}


def _enter_functions() -> None:
    bare = ("exp", "log", "log10", "log2", "floor", "ceil", "abs", "round")
    for name in (*bare, "sqrt", "sin", "cos", "tan", "asin", "acos", "atan"):
        names = f"{name} Number.{name}" if name in bare else f"Math.{name}"

        @define(names, SINGLE)
        def apply(run: Runner, value: Real, name: str = name) -> Value:
            if name == "round" and isinstance(value, Dist):  # .5 goes up, with negatives too
                return function_of("floor", arithmetic("+", value, number(0.5)))
            return function_of(name, value)

    comparisons = {"smaller": "<", "smallerEq": "<=", "larger": ">", "largerEq": ">="}
    for name, symbol in comparisons.items():

        @define(f"{name} Number.{name}", REAL, REAL)
        def compare(run: Runner, a: Real, b: Real, symbol: str = symbol) -> Value:
            return compared(symbol, a, b)


_enter_functions()


@define("mod Number.mod", SINGLE, SINGLE)
def _mod(run: Runner, a: Real, b: Real) -> Value:
    whole = function_of("floor", arithmetic("/", a, b))
    return arithmetic("-", a, arithmetic("*", b, whole))


@define("Number.rangeDomain", NUMBER, NUMBER)
def _domain(run: Runner, low: Num, high: Num) -> Value:
    return Domain(low.value, high.value, dates=False)


# --- the smaller and the larger -------------------------------------------------------------------


def _enter_extremes() -> None:
    for name, ours in (("min", "minimum"), ("max", "maximum")):
        names = f"{name} Number.{name} SampleSet.{name}"
        of = min if name == "min" else max

        @define(names, NUMBER, NUMBER)
        def two(run: Runner, a: Num, b: Num, of: Callable[..., float] = of) -> Value:
            return _chosen([a, b], of(a.value, b.value))

        for kinds in ((DIST, DIST), (DIST, NUMBER), (NUMBER, DIST), (SINGLE, SINGLE)):

            @define(names, *kinds)
            def drawn(run: Runner, a: Real, b: Real, ours: str = ours) -> Value:
                single = all(v.single for v in (a, b) if isinstance(v, Dist))
                return Dist(call(ours, mention(a), mention(b)), single=single)

        @define(f"{name} Number.{name}", NUMBERS)
        def many(run: Runner, values: List, of: Callable[..., float] = of) -> Value:
            numbers = _numbers(values)
            return _chosen(list(values.items), of(numbers))

        @define(f"{name} Number.{name}", LIST)
        def listed(run: Runner, values: List, ours: str = ours) -> Value:
            reals: list[Real] = [
                v for v in values.items if isinstance(v, Num | Dist) and SINGLE.fits(v)
            ]
            if len(reals) != len(values.items) or not reals:
                raise Refused("a list of numbers is wanted")
            result = reals[0]
            for value in reals[1:]:
                result = Dist(call(ours, mention(result), mention(value)), single=True)
            return result

        @define(f"{name} Dist.{name}", DIST)
        def bound(run: Runner, value: Dist, name: str = name) -> Value:
            raise Refused(
                f"{name} of a distribution depends on how many samples there are; write "
                f"quantile(…, {0.001 if name == 'min' else 0.999})"
            )


def _chosen(values: list[Value], wanted: float) -> Num:
    """The first of the numbers that is the wanted one, so that it keeps its name."""
    for value in values:
        if isinstance(value, Num) and value.value == wanted:
            return value
    return number(wanted)


def _numbers(values: List) -> list[float]:
    numbers = [value.value for value in values.items if isinstance(value, Num)]
    if not numbers:
        raise Refused("the list is empty")
    return numbers


_enter_extremes()


# --- lists of numbers -----------------------------------------------------------------------------


def _mean(xs: list[float]) -> float:
    return math.fsum(xs) / len(xs)


def _variance(xs: list[float]) -> float:
    middle = _mean(xs)
    return math.fsum((x - middle) ** 2 for x in xs) / len(xs)


def _quantile(xs: list[float], level: float) -> float:
    """The inclusive percentile of spreadsheets: between two values, by their distance."""
    if not 0 <= level <= 1:
        raise Refused(f"a quantile is asked for at {level:g}, which is not within 0 and 1")
    ordered = sorted(xs)
    place = level * (len(ordered) - 1)
    below = min(math.floor(place), len(ordered) - 1)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _enter_statistics() -> None:
    of_lists: dict[str, Callable[[list[float]], float]] = {
        "mean": _mean,
        "geomean": lambda xs: math.prod(xs) ** (1 / len(xs)) if math.prod(xs) >= 0 else math.nan,
        "stdev": lambda xs: math.sqrt(_variance(xs)),
        "variance": _variance,
        "median": lambda xs: _quantile(xs, 0.5),
    }
    for name, function in of_lists.items():

        @define(f"{name} Number.{name}", NUMBERS)
        def of_list(
            run: Runner, values: List, function: Callable[[list[float]], float] = function
        ) -> Value:
            return number(function(_numbers(values)))

    for name, ours in (("mean", "mean"), ("stdev", "sd"), ("variance", "variance")):

        @define(f"{name} Dist.{name}", DIST)
        def of_dist(run: Runner, value: Dist, ours: str = ours) -> Value:
            return run.statistic(ours, value.node)


_enter_statistics()


@define("quantile Number.quantile", NUMBERS, NUMBER)
def _list_quantile(run: Runner, values: List, level: Num) -> Value:
    return number(_quantile(_numbers(values), level.value))


@define("mode Dist.mode", DIST)
def _mode(run: Runner, value: Dist) -> Value:
    return run.statistic("mode", value.node)


@define("median Dist.median", DIST)
def _median(run: Runner, value: Dist) -> Value:
    return run.statistic("quantile", value.node, 0.5)


@define("quantile inv Dist.quantile Dist.inv", DIST, NUMBER)
def _dist_quantile(run: Runner, value: Dist, level: Num) -> Value:
    return run.statistic("quantile", value.node, level.value)


@define("cdf Dist.cdf", DIST, NUMBER)
def _cdf(run: Runner, value: Dist, at: Num) -> Value:
    return run.statistic("cdf", value.node, at.value)


@define("integralSum Dist.integralSum", DIST)
def _whole(run: Runner, value: Dist) -> Value:
    return number(1)


@define("isNormalized Dist.isNormalized", DIST)
def _is_whole(run: Runner, value: Dist) -> Value:
    return Bool(True)


@define("sort Number.sort", NUMBERS)
def _sorted(run: Runner, values: List) -> Value:
    numbers = [value for value in values.items if isinstance(value, Num)]
    numbers.sort(key=lambda one: one.value)
    return List(tuple(numbers))


# --- Danger ---------------------------------------------------------------------------------------


def _factorial(x: float) -> float:
    if x < 0 or x != int(x) or x > 170:
        raise Refused(f"a factorial is of whole numbers from 0 to 170, and not of {x:g}")
    return float(math.factorial(int(x)))


def _choose(n: float, k: float) -> float:
    if not 0 <= k <= n:
        raise Refused(f"{k:g} of {n:g} cannot be chosen")
    return _factorial(n) / (_factorial(n - k) * _factorial(k))


@define("factorial Danger.factorial", NUMBER)
def _factorial_of(run: Runner, x: Num) -> Value:
    return number(_factorial(x.value))


@define("choose Danger.choose", NUMBER, NUMBER)
def _chosen_from(run: Runner, n: Num, k: Num) -> Value:
    return number(_choose(n.value, k.value))


@define("binomial Danger.binomial", NUMBER, NUMBER, NUMBER)
def _probability(run: Runner, n: Num, k: Num, p: Num) -> Value:
    chance = p.value**k.value * (1 - p.value) ** (n.value - k.value)
    return number(_choose(n.value, k.value) * chance)


@define("laplace Danger.laplace", NUMBER, NUMBER)
def _laplace(run: Runner, successes: Num, trials: Num) -> Value:
    return arithmetic(
        "/", arithmetic("+", successes, number(1)), arithmetic("+", trials, number(2))
    )


@define("parseFloat Danger.parseFloat", TEXT)
def _parsed(run: Runner, text: Str) -> Value:
    try:
        return number(float(text.value))
    except ValueError:
        return Str("Parse Failed")


@define("Danger.combinations", LIST, NUMBER)
def _combinations(run: Runner, values: List, size: Num) -> Value:
    if size.value != int(size.value) or not 0 < size.value <= len(values.items):
        raise Refused(f"{size.value:g} of {len(values.items)} cannot be combined")
    run.check(math.comb(len(values.items), int(size.value)))
    return List(tuple(List(one) for one in combinations(values.items, int(size.value))))


@define("Danger.allCombinations", LIST)
def _all_combinations(run: Runner, values: List) -> Value:
    sizes = range(1, len(values.items) + 1)
    run.check(2 ** min(len(values.items), 100))
    found = [List(one) for size in sizes for one in combinations(values.items, size)]
    return List(tuple(found))


@define(
    "Danger.integrateFunctionBetweenWithNumIntegrationPoints "
    "integrateFunctionBetweenWithNumIntegrationPoints",
    *(FUNCTION, NUMBER, NUMBER, NUMBER),
)
def _integral(run: Runner, function: Value, low: Num, high: Num, points: Num) -> Value:
    return _trapezium(run, function, low.value, high.value, points.value)


@define(
    "Danger.integrateFunctionBetweenWithEpsilon integrateFunctionBetweenWithEpsilon",
    *(FUNCTION, NUMBER, NUMBER, NUMBER),
)
def _integral_by_step(run: Runner, function: Value, low: Num, high: Num, step: Num) -> Value:
    if step.value == 0:
        raise Refused("the step of an integral cannot be 0")
    return _trapezium(run, function, low.value, high.value, (high.value - low.value) / step.value)


def _trapezium(run: Runner, function: Value, low: float, high: float, points: float) -> Num:
    """The sum of trapezia between so many points, the ends among them."""
    count = int(points) if math.isfinite(points) else 0
    if count < 2:
        raise Refused("an integral needs two points at least")
    run.check(count)
    width = (high - low) / (count - 1)
    total = 0.0
    for i in range(count):
        value = run.call(function, [number(low + i * width)])
        if not isinstance(value, Num):
            raise Refused("the function of an integral gives numbers; take the mean inside it")
        total += value.value * (0.5 if i in (0, count - 1) else 1.0)
    return number(total * width)


unsupported("pdf Dist.pdf", "densities are not imported, only what can be drawn")
unsupported(
    "Dist.klDivergence Dist.logScore sparkline Dist.sparkline",
    "scores and sparklines are not imported; guessmodel scores claims by `guessmodel check`",
)
unsupported("Danger.now", "it changes with each run; write the date")
unsupported("System.sampleCount", "guessmodel's number of draws is an option of the run")
unsupported(
    "Danger.optimalAllocationGivenDiminishingMarginalReturnsForManyFunctions Danger.json "
    "Danger.jsonString RelativeValues.wrap",
    "it is not imported",
)
