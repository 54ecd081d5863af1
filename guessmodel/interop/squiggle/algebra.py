"""Arithmetic: with numbers as JavaScript has it, with distributions draw by draw.

`normal(5, 2)`, `5 to 10` and the like are lists of samples to Squiggle's engine. It works through
them index by index, so that a distribution with a name is the same draw wherever it stands: what
guessmodel does. `Sym.normal(5, 2)` and point sets are shapes instead, sampled anew at each mention.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from guessmodel.interop.squiggle.nodes import Node, call, fresh, literal, operation
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import Bool, Dist, Num, Uncertain

__all__ = [
    "Real",
    "arithmetic",
    "compared",
    "draw",
    "function_of",
    "mention",
    "number",
    "samples",
]

Real = Num | Dist


def number(value: float, note: str = "") -> Num:
    """A number that comes from nowhere else."""
    return Num(float(value), literal(float(value), note))


def mention(value: Real) -> Node:
    """The node of an operand. A shape is drawn anew from its second mention on."""
    if isinstance(value, Num):
        if not math.isfinite(value.value):
            raise Refused(f"a distribution cannot be combined with {_shown(value.value)}")
        return value.node
    if not value.shape:
        return value.node
    if value.node.used:
        return fresh(value.node)
    value.node.used = True
    return value.node


def samples(value: Dist) -> Dist:
    """The same as one draw, wherever it is mentioned."""
    return Dist(mention(value)) if value.shape else value


def draw(function: str, *arguments: Real, symbolic: bool = False, **keywords: Real) -> Dist:
    """A draw of a family, whose parameters may be distributions themselves."""
    return Dist(
        call(
            function,
            *(mention(value) for value in arguments),
            keywords={name: mention(value) for name, value in keywords.items()},
        ),
        shape=symbolic,
    )


def arithmetic(symbol: str, a: Real, b: Real) -> Real:
    """`a symbol b`, where symbol is Python's."""
    if isinstance(a, Num) and isinstance(b, Num):
        value = _NUMBERS[symbol](a.value, b.value)
        if math.isfinite(value) and not (math.isfinite(a.value) and math.isfinite(b.value)):
            return number(value)  # as no model can have an infinite number, not even to divide by
        return Num(value, operation(symbol, a.node, b.node, value=value))
    node = operation(symbol, mention(a), mention(b))
    return _combined(node, a, b)


def compared(symbol: str, a: Real, b: Real) -> Bool | Uncertain:
    """A comparison: of draws, it holds in some of them."""
    if isinstance(a, Num) and isinstance(b, Num):
        return Bool(_COMPARISONS[symbol](a.value, b.value))
    if any(isinstance(value, Dist) and not value.single for value in (a, b)):
        raise Refused("distributions cannot be compared; of their draws SampleSet.map2 can compare")
    return Uncertain(operation(symbol, mention(a), mention(b)))


def function_of(name: str, value: Real) -> Real:
    """One of the functions of a number, by the name that the language has for it."""
    function, ours = _FUNCTIONS[name]
    if isinstance(value, Num):
        result = function(value.value)
        if value.node.plain or ours is None:
            return number(result)
        return Num(result, call(ours, value.node, value=result))
    if ours is None:
        raise Refused(f"{name} of what is drawn has no counterpart in guessmodel")
    return _combined(call(ours, mention(value)), value)


def _combined(node: Node, *operands: Real) -> Dist:
    drawn = [value for value in operands if isinstance(value, Dist)]
    return Dist(
        node,
        shape=all(value.shape for value in drawn),
        single=all(value.single for value in drawn),
    )


# --- numbers as JavaScript has them --------------------------------------------------------------


def _divided(a: float, b: float) -> float:
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _power(a: float, b: float) -> float:
    if abs(a) == 1 and math.isinf(b):
        return math.nan
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        return math.inf if a == 0 else math.nan


def _log_by(log: Callable[[float], float]) -> Callable[[float], float]:
    def of(x: float) -> float:
        return log(x) if x > 0 else -math.inf if x == 0 else math.nan

    return of


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _whole(rounding: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: float(rounding(x)) if math.isfinite(x) else x


def _within(function: Callable[[float], float]) -> Callable[[float], float]:
    def of(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return math.nan

    return of


_NUMBERS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
    "**": _power,
}
_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_FUNCTIONS: Final[dict[str, tuple[Callable[[float], float], str | None]]] = {
    "exp": (_exp, "exp"),
    "log": (_log_by(math.log), "log"),
    "log10": (_log_by(math.log10), "log10"),
    "log2": (_log_by(math.log2), "log2"),
    "floor": (_whole(math.floor), "floor"),
    "ceil": (_whole(math.ceil), "ceil"),
    "abs": (abs, "abs"),
    "round": (_whole(lambda x: math.floor(x + 0.5)), None),
    "sqrt": (_within(math.sqrt), "sqrt"),
    "sin": (_within(math.sin), "sin"),
    "cos": (_within(math.cos), "cos"),
    "tan": (_within(math.tan), "tan"),
    "asin": (_within(math.asin), None),
    "acos": (_within(math.acos), None),
    "atan": (_within(math.atan), None),
}


def _shown(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
