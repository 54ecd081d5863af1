"""Formulas of a sheet in Python: operators here, functions by the tables in `functions`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, final

import numpy as np

from guessmodel.distributions.spelled import constructor
from guessmodel.errors import GuessmodelError, did_you_mean
from guessmodel.interop.guesstimate.formulas import Applied, Items, Node, Number, Reference
from guessmodel.interop.guesstimate.refusals import Refused
from guessmodel.interop.python_text import (
    Atom,
    Binary,
    Call,
    Expression,
    ListOf,
    Unary,
    number_text,
)
from guessmodel.numerics.rounding import DECIMAL

__all__ = ["CHAINED", "Converted", "Converter", "listed", "number", "share"]

_CONSTANTS: Final = {
    "3.141592653589793": "math.pi",
    "2.718281828459045": "math.e",
    "6.283185307179586": "math.tau",
}
CHAINED: Final = 100
"""More operations inside each other are more than Python reads."""
_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
}
_LOGIC: Final[Mapping[str, tuple[str, Callable[[bool, bool], bool]]]] = {
    "and": ("&", lambda x, y: x and y),
    "or": ("|", lambda x, y: x or y),
    "xor": ("^", lambda x, y: x is not y),
}
_ARITHMETIC: Final[Mapping[str, tuple[str, Callable[[float, float], Any]]]] = {
    "+": ("+", lambda x, y: x + y),
    "-": ("-", lambda x, y: x - y),
    "*": ("*", lambda x, y: x * y),
    "/": ("/", lambda x, y: x / y),
    "%": ("%", lambda x, y: _remainder(x, y)),
    "^": ("**", lambda x, y: x**y),
}


@final
@dataclass(frozen=True, slots=True)
class Converted:
    """An expression of Python; `value` where it is a plain number there."""

    expression: Expression
    value: float | None = None


def number(value: float) -> Converted:
    """A plain number."""
    if value < 0.0 or (value == 0.0 and math.copysign(1.0, value) < 0.0):
        return Converted(Unary("-", Atom(number_text(-value), number=True)), value)
    return Converted(Atom(number_text(value), number=True), value)


def listed(parts: Sequence[Converted]) -> Converted:
    """A list."""
    return Converted(ListOf(tuple(part.expression for part in parts)))


def share(percent: Converted) -> Converted:
    """A rate that is given in percent."""
    if percent.value is not None:
        return number(float(f"{percent.value / 100.0:.15g}"))
    return Converted(Binary("/", percent.expression, Atom("100", number=True)))


@final
@dataclass(slots=True)
class Converter:
    """Converts the formula of one cell. Draws inside a formula get a name of their own, which owns
    their randomness."""

    functions: Mapping[str, Any]
    names: Mapping[str, str]
    """By the id of a cell its name in Python."""
    whole: Callable[[str], bool]
    """Whether a cell is a whole number in every draw."""
    faithful: bool
    helper: Callable[[str, Expression], Atom]
    """Gives an expression a name of its own, made of a word."""
    remark: Callable[[str], None]
    imports: set[str]
    root: Node | None = None
    bare: set[int] = field(default_factory=set)
    """Draws that need no name: components of a mixture that are made of plain numbers."""

    def convert(self, node: Node) -> Converted:
        """An expression for a formula; raises Refused for what there is no expression for."""
        if isinstance(node, Number):
            if node.text in _CONSTANTS:
                self.imports.add("math")
                return Converted(Atom(_CONSTANTS[node.text]), node.value)
            return number(node.value)
        if isinstance(node, Reference):
            return Converted(Atom(self.names[node.cell]))
        if isinstance(node, Items):
            raise Refused(
                "a list stands only in scenarios, pickRandom, min, max, sum …", node.column
            )
        if node.operator:
            return self._operated(node)
        function = self.functions.get(node.name)
        if function is None:
            hint = did_you_mean(node.name, list(self.functions))
            raise Refused(f"there is no function '{node.name}'{hint}", node.column)
        count = len(node.arguments)
        if not function.least <= count <= function.most:
            raise Refused(f"{node.name} takes {function.takes}; it has {count}", node.column)
        found: Converted = function.convert(self, node)
        return found

    def all(self, nodes: Sequence[Node]) -> list[Converted]:
        """Each of several nodes, converted."""
        return [self.convert(node) for node in nodes]

    def called(self, function: str, *arguments: Converted, **named: Converted) -> Converted:
        """A call of one of our functions."""
        given = [("", each.expression) for each in arguments]
        given += [(key, each.expression) for key, each in named.items()]
        return Converted(Call(function, tuple(given)))

    def drawn(
        self, node: Applied, family: str, *arguments: Converted, **named: Converted
    ) -> Converted:
        """A draw; under a name of its own, unless the cell is nothing but this draw."""
        given = [*arguments, *named.values()]
        if all(each.value is not None for each in given):
            make = constructor(family)
            try:
                make(*(x.value for x in arguments), **{key: x.value for key, x in named.items()})
            except GuessmodelError as error:
                raise Refused(error.message.splitlines()[0], node.column) from None
        return self.named(node, self.called(f"gm.{family}", *arguments, **named), family)

    def named(self, node: Node, value: Converted, word: str) -> Converted:
        """The value under a name of its own, where the cell is more than this."""
        if node is self.root or id(node) in self.bare:
            return value
        return Converted(self.helper(word, value.expression))

    # --- operators --------------------------------------------------------------------------------

    def _operated(self, node: Applied) -> Converted:
        if node.name == "?:":
            test, *branches = self.all(node.arguments)
            return self.called("gm.where", test, *branches)
        if node.name in ("pos", "neg", "not", "percent"):
            return self._signed(node)
        left, right = self.all(node.arguments)
        if node.name in _COMPARISONS:
            return self._compared(node.name, left, right)
        if node.name in _LOGIC:
            return self._combined(node.name, left, right)
        self._warn(node)
        name = "*" if node.name == "beside" else node.name
        return self.arithmetic(name, left, right, node.column)

    def arithmetic(self, name: str, left: Converted, right: Converted, column: int) -> Converted:
        """A sum, product and the like; of plain numbers it must be a number too."""
        operator, compute = _ARITHMETIC[name]
        value = None
        if left.value is not None and right.value is not None:
            value = _computed(compute, left.value, right.value, column)
            if name == "%" and value != left.value % right.value:
                return number(value)  # which Python would not make of what is written
            if name == "^":
                left = _as_float(left)
        elif name in "/%" and right.value == 0.0:
            raise Refused("this divides by zero", column)
        return Converted(Binary(operator, left.expression, right.expression), value)

    def total(self, operator: str, parts: Sequence[Converted], column: int) -> Converted:
        """A sum or product of all parts; of many it is a call with a list of them, for Python does
        not read what is thousands of operations deep."""
        first, *others = parts
        whole = first
        for part in others:
            whole = self.arithmetic(operator, whole, part, column)
        if len(parts) <= CHAINED:
            return whole
        if whole.value is None:  # a list of numbers and quantities is no list of either for mypy
            parts = [self.called("gm.constant", x) if x.value is not None else x for x in parts]
        if operator == "+":
            return Converted(self.called("sum", listed(parts)).expression, whole.value)
        self.imports |= {"functools", "operator"}
        product = self.called("functools.reduce", Converted(Atom("operator.mul")), listed(parts))
        return Converted(product.expression, whole.value)

    def _warn(self, node: Applied) -> None:
        """Say what people may read differently."""
        first, second = node.arguments
        if not isinstance(second, Applied):
            return
        one = isinstance(first, Number) and first.value == 1.0
        if node.name in "+-" and second.name == "percent" and not one:
            self.remark("a percentage that is added is a plain number: 100 + 5% is 100.05")
        if node.name == "/" and second.name == "beside":
            self.remark("what stands side by side is multiplied before it is divided by: a / (b c)")

    def _signed(self, node: Applied) -> Converted:
        (operand,) = self.all(node.arguments)
        if node.name == "percent":
            return share(operand)
        if node.name == "not":
            if operand.value is not None:
                return number(float(not operand.value))
            return Converted(Unary("~", operand.expression))
        if node.name == "pos":
            return operand
        value = None if operand.value is None else -operand.value
        if isinstance(operand.expression, Unary) and operand.expression.operator == "-":
            return Converted(operand.expression.operand, value)
        return Converted(Unary("-", operand.expression), value)

    def _compared(self, name: str, left: Converted, right: Converted) -> Converted:
        if left.value is not None and right.value is not None:
            return number(float(_COMPARISONS[name](left.value, right.value)))
        return Converted(Binary(name, left.expression, right.expression))

    def _combined(self, name: str, left: Converted, right: Converted) -> Converted:
        operator, compute = _LOGIC[name]
        if left.value is not None and right.value is not None:
            return number(float(compute(bool(left.value), bool(right.value))))
        parts = [
            each
            if each.value is None
            else self.called("gm.constant", number(float(bool(each.value))))
            for each in (left, right)
        ]
        return Converted(Binary(operator, parts[0].expression, parts[1].expression))


def _computed(compute: Callable[[float, float], Any], x: float, y: float, column: int) -> float:
    try:
        value = compute(x, y)
    except ZeroDivisionError:
        raise Refused("this divides by zero", column) from None
    except OverflowError:
        value = math.inf
    if isinstance(value, complex):
        raise Refused("the result is a complex number", column)
    if not math.isfinite(value):
        raise Refused("the result is too large for a number", column)
    return float(value)


def _remainder(x: float, y: float) -> float:
    """The remainder of decimal numbers, as quantities have it: 10 % 0.1 is 0."""
    if y == 0.0:
        raise ZeroDivisionError
    out = np.empty(1)
    DECIMAL[np.remainder](np.array([x]), np.array([y]), out=out)
    return float(out[0])


def _as_float(plain: Converted) -> Converted:
    """A base whose powers are floats: whole numbers of Python's grow without end."""
    if isinstance(plain.expression, Atom) and plain.expression.text.replace("_", "").isdigit():
        return Converted(Atom(f"{plain.expression.text}.0", number=True), plain.value)
    return plain
