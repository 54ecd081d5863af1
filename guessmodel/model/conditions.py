"""Conditions as text: `demand > 1000`, `5 USD < price <= 8 USD and not over_budget`."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.graph.number_in import number_in, number_node
from guessmodel.graph.operators import COMPARISONS
from guessmodel.graph.quantity import Quantity
from guessmodel.model.elements import pick

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = ["condition_from"]

_BOTH: Final = re.compile(r"\s+and\s+|\s*&\s*")
_OTHER: Final = re.compile(r"\bor\b|\|")
_ENDS: Final = re.compile(r"^\s*(and\b|&)|(\band|&)\s*$")
_ALONE: Final = re.compile(r"(?<![<>=!])=(?!=)")
_SIGN: Final = re.compile(r"(<=|>=|==|!=|<|>)")
_COMPARED: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    **COMPARISONS,
    "==": operator.eq,
    "!=": operator.ne,
}
_OPERATORS: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def condition_from(model: Model, text: str) -> Quantity:
    """The indicator that a text describes: comparisons of quantities, arithmetic of them and
    figures (`5M USD`; plain numbers are counted in the unit of the other side), joined by `and`;
    an indicator of the model alone, or `not` it. Names are those of tables, `cost[2025]` too.

    Nothing is evaluated but names, numbers and `+ - * / **`. Raises UsageError for another text,
    UnitError for figures that do not fit.

    >>> import guessmodel as gm
    >>> model = gm.Model(price=gm.normal(5, 8, "USD"), n=gm.poisson(mean=3))
    >>> condition_from(model, "price * n > 20 USD and n <= 4")
    <derived &, ...>
    """
    if _OTHER.search(text):
        raise UsageError(
            f"cannot read the condition {text!r}: comparisons are joined by and; for or write "
            "either = (a > 1) | (b > 2) into the model, and 'either' here"
        )
    if _ENDS.search(text):
        raise UsageError(f"cannot read the condition {text!r}: a comparison is missing beside and")
    if _ALONE.search(text):
        raise UsageError(f"cannot read the condition {text!r}: write == for 'is equal to'")
    found: Quantity | None = None
    for part in _BOTH.split(text.strip()):
        for held in _comparisons(model, part.strip(), text):
            found = held if found is None else found & held
    assert found is not None
    return found


def _comparisons(model: Model, part: str, whole: str) -> list[Quantity]:
    sides = [side.strip() for side in _SIGN.split(part)]
    if len(sides) == 1:
        if part.startswith("not "):
            return [~_quantity(model, part[4:].strip(), whole)]
        return [_quantity(model, part, whole)]
    if not all(sides):
        raise _unreadable(whole)
    values = [_side(model, side) for side in sides[::2]]
    made = []
    for left, sign, right in zip(values, sides[1::2], values[1:], strict=False):
        if isinstance(left, str) and isinstance(right, str):
            for side in (left, right):
                if side.isidentifier():
                    model.find(side)  # raises, with the name that may be meant
            raise UsageError(f"{whole!r} compares no quantity of the model")
        a, b = _pair(left, right)
        made.append(_COMPARED[sign](a, b))
    return made


def _pair(left: Quantity | str, right: Quantity | str) -> tuple[Any, Any]:
    """Both sides; a text is a label of a category, or a figure in the unit of the other side."""
    if isinstance(left, str):
        assert isinstance(right, Quantity)
        return _pair(right, left)[::-1]
    if isinstance(right, Quantity):
        return left, right
    if left.categories:
        known = {str(label): label for label in left.categories}
        word = right.strip("'\"")
        return left, known.get(word, _figure(word))
    return left, number_node(number_in(left.unit, right), left.unit, left.location)


def _figure(word: str) -> str | float:
    """A number between labels, or the text as it is."""
    try:
        return float(word)
    except ValueError:
        return word


def _side(model: Model, text: str) -> Quantity | str:
    """A quantity, or the text of what may be a figure or a label."""
    try:
        return _quantity(model, text, text)
    except GuessmodelError:
        if re.match(r"[^\W\d]", text) and re.search(r"[-+*/\[]", text):
            raise  # arithmetic with a name that is not there, or a label
        return text


def _quantity(model: Model, text: str, whole: str) -> Quantity:
    """An expression of quantities."""
    names: dict[str, Quantity] = {}

    def named(match: re.Match[str]) -> str:
        key = f"q{len(names)}_"
        names[key] = _element(model, match[0].strip())
        return key

    code = re.sub(r"[^\W\d][\w.]*(?:\[[^\]]*\])?", named, text)
    try:
        tree = ast.parse(code, mode="eval").body
    except (SyntaxError, ValueError):
        raise _unreadable(whole) from None
    made = _evaluated(tree, names, whole)
    if not isinstance(made, Quantity):
        raise _unreadable(whole)
    return made


def _element(model: Model, text: str) -> Quantity:
    name, labels = pick(model, text)
    return model.quantities[name].sel(**labels)


def _evaluated(tree: ast.expr, names: Mapping[str, Quantity], whole: str) -> Any:
    if isinstance(tree, ast.Name):
        return names[tree.id]
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int | float):
        return tree.value
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return -_evaluated(tree.operand, names, whole)
    if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATORS:
        left, right = (_evaluated(side, names, whole) for side in (tree.left, tree.right))
        return _OPERATORS[type(tree.op)](left, right)
    raise _unreadable(whole)


def _unreadable(text: str) -> UsageError:
    return UsageError(
        f"cannot read the condition {text!r}; write for example 'demand > 1000', or "
        "'5 USD < price and not over_budget'"
    )
