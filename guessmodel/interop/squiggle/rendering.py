"""One node → an expression of Python, made of what its operands are written as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from guessmodel.interop.python_text import (
    Atom,
    Binary,
    Call,
    Expression,
    ListOf,
    Unary,
    flat,
    number_text,
)
from guessmodel.interop.squiggle.nodes import OPERATORS, Argument, Node

__all__ = ["SUMS", "Rendered", "rendered"]

SUMS: Final = ({"+", "-"}, {"*", "/"})
"""Operators of one rank, which go on in a row."""


@final
@dataclass(frozen=True, slots=True)
class Rendered:
    """How a node is written where it is used."""

    expression: Expression
    depth: int = 0  # of the calls and brackets in it
    plain: bool = False  # a number to Python, and no quantity
    terms: int = 1  # of a sum or product

    @property
    def text(self) -> str:
        """The expression in one line."""
        return flat(self.expression)

    @property
    def quantity(self) -> Expression:
        """The expression; of a plain number the constant."""
        if not self.plain:
            return self.expression
        return Call("gm.constant", (("", self.expression),))


def rendered(node: Node, written: Mapping[Node, Rendered]) -> Rendered:
    """How a node is written, from how its operands are."""
    if node.form == "number":
        assert node.value is not None
        return Rendered(Atom(number_text(node.value), number=True), plain=True)
    operands = [written[operand] for operand in node.operands]
    depth = max((operand.depth for operand in operands), default=0)
    if node.form in OPERATORS:
        plain = all(operand.plain for operand in operands)
        if len(operands) == 1:
            sign = "-" if node.form == "neg" else node.form
            return Rendered(Unary(sign, operands[0].expression), depth + 1, plain)
        left, right = operands
        value = Binary(node.form, left.expression, right.expression)
        goes_on = isinstance(left.expression, Binary) and any(
            {left.expression.operator, node.form} <= ranks for ranks in SUMS
        )
        terms = left.terms + 1 if goes_on else 2
        return Rendered(value, depth + (not goes_on), plain, terms)
    arguments = [("", _argument(argument, written)) for argument in node.arguments]
    arguments += [(key, _argument(value, written)) for key, value in node.keywords]
    return Rendered(Call(f"gm.{node.form}", tuple(arguments)), depth + 1)


def _argument(argument: Argument, written: Mapping[Node, Rendered]) -> Expression:
    if isinstance(argument, tuple):
        return ListOf(tuple(written[node].expression for node in argument))
    return written[argument].expression
