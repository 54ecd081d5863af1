"""Guesstimate's functions, and how each is written with ours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce
from typing import Final

from guessmodel.distributions.proportions import as_proportions
from guessmodel.interop.guesstimate.converting import CHAINED, Converted, Converter, listed, number
from guessmodel.interop.guesstimate.finance import FINANCE
from guessmodel.interop.guesstimate.formulas import Applied, Items, Node, Number, Reference
from guessmodel.interop.guesstimate.refusals import Refused
from guessmodel.interop.guesstimate.tables import MANY, Function
from guessmodel.interop.python_text import Atom, ListOf

__all__ = ["FUNCTIONS"]


# --- draws ----------------------------------------------------------------------------------------


def _family(family: str, *names: str, optional: int = 0) -> Function:
    """A family of ours that has its parameters by these names; some may be left out."""

    def convert(c: Converter, node: Applied) -> Converted:
        given = list(zip(names, c.all(node.arguments), strict=False))
        places = [x for key, x in given if not key]
        return c.drawn(node, family, *places, **{key: x for key, x in given if key})

    return Function(len(names) - optional, len(names), convert)


def _test(c: Converter, node: Applied) -> Converted:
    if len(node.arguments) == 2:
        raise Refused(f"{node.name} takes 1 argument or 3; it has 2", node.column)
    if len(node.arguments) == 3:
        c.remark(
            f"{node.name}(p, a, b) ignores a and b in Guesstimate, and is 1 with probability p, "
            "else 0, as here; for the choice write gm.where(condition, a, b)"
        )
    return c.drawn(node, "bernoulli", c.convert(node.arguments[0]))


def _binomial(c: Converter, node: Applied) -> Converted:
    trials, p = c.all(node.arguments)
    first = node.arguments[0]
    if trials.value is None and not (isinstance(first, Reference) and c.whole(first.cell)):
        c.remark("binomial: a number of trials that is not whole is rounded up, as in Guesstimate")
        trials = c.called("gm.ceil", trials)
    return c.drawn(node, "binomial", trials, p)


def _negative_binomial(c: Converter, node: Applied) -> Converted:
    r, p = c.all(node.arguments)
    other = c.arithmetic("-", number(1.0), p, node.column)
    if other.value is not None:
        other = number(float(f"{other.value:.15g}"))
    return c.drawn(node, "negative_binomial", successes=r, p=other)


def _random(c: Converter, node: Applied) -> Converted:
    ends = c.all(node.arguments)
    ends = [number(0.0)] * (len(ends) < 2) + ends + [number(1.0)] * (len(ends) < 1)
    return c.drawn(node, "uniform", *ends)


def _random_int(c: Converter, node: Applied) -> Converted:
    """Whole numbers from a to b - 1."""
    inner = Applied("uniform", node.arguments, node.column)
    c.remark("randomInt(a, b) is at most b - 1")
    return c.called("gm.floor", c.drawn(inner, "uniform", *c.all(node.arguments)))


def _scenarios(c: Converter, node: Applied) -> Converted:
    listed = [each.items for each in node.arguments if isinstance(each, Items)]
    if len(listed) < len(node.arguments):
        raise Refused(f"{node.name} takes lists in brackets", node.column)
    values, *weights = listed
    if weights and len(weights[0]) != len(values):
        raise Refused(
            f"{node.name} has {len(values)} values and {len(weights[0])} weights", node.column
        )
    draws = [each for each in values if not isinstance(each, Number)]
    if all(isinstance(x, Applied) and _is_family(x) for x in draws):
        c.bare |= set(map(id, draws))  # all that the mixture is made of is written inside it
    parts = [Converted(ListOf(tuple(each.expression for each in c.all(values))))]
    for items in weights:
        shares = c.all(items)
        known = [x.value for x in shares if x.value is not None]
        if known and (min(known) < 0.0 or (len(known) == len(shares) and math.fsum(known) == 0.0)):
            raise Refused("weights are not below 0, and one is above", node.column)
        if len(known) == len(shares) and (told := as_proportions(known)) != known:
            shares = [number(each) for each in told]  # in Guesstimate all are proportions
        parts.append(Converted(ListOf(tuple(x.expression for x in shares))))
    return c.named(node, c.called("gm.mixture", *parts), "mixture")


def _is_family(node: Applied) -> bool:
    """Whether a call is a draw from plain numbers."""
    plain = all(isinstance(x, Number) for x in node.arguments)
    return plain and node.name in _DRAWN


# --- filters --------------------------------------------------------------------------------------


def _filter(*ends: str) -> Function:
    def convert(c: Converter, node: Applied) -> Converted:
        x, *bounds = c.all(node.arguments)
        if len(bounds) == 2:
            low, high = (bound.value for bound in bounds)
            if low is not None and high is not None and low > high:
                raise Refused("the lower bound lies above the upper one", node.column)
            return c.called("gm.filtered", x, *bounds)
        return c.called("gm.filtered", x, **dict(zip(ends, bounds, strict=True)))

    return Function(1 + len(ends), 1 + len(ends), convert)


# --- mathematics ----------------------------------------------------------------------------------


def _ours(name: str) -> Function:
    return Function(1, 1, lambda c, node: c.called(f"gm.{name}", *c.all(node.arguments)))


def _numpy(name: str, count: int = 1) -> Function:
    def convert(c: Converter, node: Applied) -> Converted:
        c.imports.add("numpy")
        given = c.all(node.arguments)
        made = [x if x.value is None else c.called("gm.constant", x) for x in given]
        return c.called(f"np.{name}", *made)

    return Function(count, count, convert)


def _operator(symbol: str) -> Function:
    def convert(c: Converter, node: Applied) -> Converted:
        return c.convert(Applied(symbol, node.arguments, node.column, operator=True))

    count = 1 if symbol in ("neg", "pos", "not") else 2
    return Function(count, count, convert)


def _to_the(exponent: float) -> Function:
    def convert(c: Converter, node: Applied) -> Converted:
        return c.arithmetic("^", c.convert(node.arguments[0]), number(exponent), node.column)

    return Function(1, 1, convert)


def _root(c: Converter, node: Applied) -> Converted:
    x, degree = c.all(node.arguments)
    power = c.arithmetic("/", number(1.0), degree, node.column)
    return c.arithmetic("^", x, power, node.column)


def _items(node: Applied) -> tuple[Node, ...]:
    """The arguments, or those of the one list."""
    first = node.arguments[0]
    if len(node.arguments) == 1 and isinstance(first, Items):
        return first.items
    return node.arguments


def _each(function: str) -> Function:
    """A function of two of ours, over several."""

    def convert(c: Converter, node: Applied) -> Converted:
        parts = c.all(_items(node))
        if len(parts) > CHAINED:
            c.imports.add("functools")
            pair = Converted(Atom(f"gm.{function}"))
            return c.called("functools.reduce", pair, listed(parts))
        first, *others = parts
        return reduce(lambda x, y: c.called(f"gm.{function}", x, y), others, first)

    return Function(1, MANY, convert)


def _total(operator: str, *, mean: bool = False) -> Function:
    def convert(c: Converter, node: Applied) -> Converted:
        parts = c.all(_items(node))
        total = c.total(operator, parts, node.column)
        if len(parts) == 1 and total.value is None:
            c.remark(
                f"{node.name} of one cell is the cell itself, draw by draw, as in Guesstimate; its "
                "mean is a statistic, which run shows"
            )
        if not mean or len(parts) == 1:
            return total
        return c.arithmetic("/", total, number(float(len(parts))), node.column)

    return Function(1, MANY, convert)


def _log(c: Converter, node: Applied) -> Converted:
    x, *base = c.all(node.arguments)
    if base:
        return c.arithmetic("/", c.called("gm.log", x), c.called("gm.log", base[0]), node.column)
    c.remark("log is the natural logarithm, as in Guesstimate")
    return c.called("gm.log", x)


def _round(c: Converter, node: Applied) -> Converted:
    x, *digits = c.all(node.arguments)
    places = digits[0].value if digits else 0.0
    if places is None or not 0.0 <= places <= 15.0 or not places.is_integer():
        raise Refused("round: the number of decimals is a number from 0 to 15", node.column)
    if not c.faithful:
        c.remark("round takes halves to the even neighbour here, away from 0 in Guesstimate")
        return c.called("gm.round", x, *digits)
    scale = number(10.0**places)
    size = c.arithmetic("*", scale, c.called("gm.abs", x), node.column)
    whole = c.called("gm.floor", c.arithmetic("+", size, number(0.5), node.column))
    signed = c.arithmetic("*", c.called("gm.sign", x), whole, node.column)
    return c.arithmetic("/", signed, scale, node.column)


_NUMPY: Final = {
    "acos": "arccos",
    "acosh": "arccosh",
    "asin": "arcsin",
    "asinh": "arcsinh",
    "atan": "arctan",
    "atanh": "arctanh",
    "cbrt": "cbrt",
    "cosh": "cosh",
    "sinh": "sinh",
}
_OPERATORS: Final = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "mod": "%",
    "pow": "^",
    "larger": ">",
    "largerEq": ">=",
    "smaller": "<",
    "smallerEq": "<=",
    "equal": "==",
    "unequal": "!=",
    "unaryMinus": "neg",
    "unaryPlus": "pos",
}

_FAMILIES: Final[Mapping[str, Function]] = {
    "normal": _family("normal", "mean", "sd"),
    "lognormal": _family("lognormal", "mu", "sigma"),
    "uniform": _family("uniform", "", ""),
    "beta": _family("beta", "alpha", "beta"),
    "gamma": _family("gamma", "shape", "scale"),
    "invgamma": _family("inverse_gamma", "shape", "scale"),
    "exponential": _family("exponential", "rate"),
    "weibull": _family("weibull", "scale", "shape"),
    "cauchy": _family("cauchy", "location", "scale"),
    "chisquare": _family("chi2", "df"),
    "studentt": _family("student_t", "df"),
    "centralF": _family("f", "df1", "df2"),
    "triangular": _family("triangular", "", "", "mode", optional=1),
    "doubleTriangular": _family("double_triangular", "", "", "mode", optional=1),
    "PERT": _family("pert", "", "", "mode", "weight", optional=2),
    "bernoulli": _family("bernoulli", ""),
    "poisson": _family("poisson", ""),
}
_DRAWN: Final = frozenset(_FAMILIES)

FUNCTIONS: Final[Mapping[str, Function]] = {
    **_FAMILIES,
    "if": Function(1, 3, _test),
    "test": Function(1, 3, _test),
    "binomial": Function(2, 2, _binomial),
    "negBinomial": Function(2, 2, _negative_binomial),
    "scenarios": Function(2, 2, _scenarios),
    "pickRandom": Function(1, 1, _scenarios),
    "random": Function(0, 2, _random),
    "randomInt": Function(2, 2, _random_int),
    "filterLessThan": _filter("low"),
    "filterGreaterThan": _filter("high"),
    "filterBetween": _filter("low", "high"),
    **FINANCE,
    **{name: _ours(name) for name in ("abs", "ceil", "exp", "expm1", "floor", "log10", "log1p")},
    **{name: _ours(name) for name in ("log2", "sign", "sqrt", "sin", "cos", "tan", "tanh")},
    "fix": _ours("trunc"),
    "log": Function(1, 2, _log),
    "round": Function(1, 2, _round),
    "square": _to_the(2.0),
    "cube": _to_the(3.0),
    "nthRoot": Function(2, 2, _root),
    **{name: _numpy(ours) for name, ours in _NUMPY.items()},
    "atan2": _numpy("arctan2", 2),
    "hypot": _numpy("hypot", 2),
    "min": _each("minimum"),
    "max": _each("maximum"),
    "sum": _total("+"),
    "prod": _total("*"),
    "mean": _total("+", mean=True),
    **{name: _operator(symbol) for name, symbol in _OPERATORS.items()},
}
