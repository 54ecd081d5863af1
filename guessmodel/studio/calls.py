"""Calls of constructors in a source: what their arguments are for, and others in their place."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, final

import libcst as cst

from guessmodel.distributions.spelled import Argument, Spelled, constructor
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.graph.dims import Dim
from guessmodel.interop.python_text import in_quotes, number_text
from guessmodel.units import DIMENSIONLESS, Unit, conversion, parse
from guessmodel.units.figures import Figure

__all__ = [
    "TEXTS",
    "Place",
    "argument",
    "by_parameter",
    "closed",
    "function",
    "key",
    "keys",
    "member",
    "named",
    "number",
    "refusal",
    "unit_argument",
    "unit_text",
    "with_number",
]

TEXTS: Final = {"dim", "shared", "name", "doc", "source", "format"}  # stay what they are
_CLOSE: Final = 1e-9  # of a probability


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Where a quantity is made: its name in the file, a line of the statement, its unit, its
    dimension, if it has one, and the label that is meant alone; None: it is meant as a whole."""

    name: str
    line: int
    unit: Unit
    dim: Dim | None = None
    label: Any = None


def refusal(place: Place) -> str:
    """What is said of what cannot be written."""
    return (
        f"line {place.line} does not give {place.name} the value of one call, such as "
        "gm.lognormal(5, 8); change it in the file"
    )


def function(call: cst.Call) -> str:
    """The constructor that is called."""
    func = call.func
    if isinstance(func, cst.Attribute) and isinstance(func.value, cst.Name):
        return func.attr.value
    return func.value if isinstance(func, cst.Name) else ""


def key(node: cst.BaseExpression) -> Any:
    """What a literal is; None of what is none."""
    try:
        return ast.literal_eval(cst.Module([]).code_for_node(node))
    except (ValueError, SyntaxError):
        return None


def keys(call: cst.Call) -> list[str]:
    """The parameter that each argument of a call is for."""
    name = function(call)
    if name == "parse":
        order = ["text"]
    elif name == "constant":
        order = ["value", "unit"]
    else:
        signature = inspect.signature(constructor(name)).parameters.values()
        order = [p.name for p in signature if p.kind is p.POSITIONAL_OR_KEYWORD]
    keys = []
    for i, arg in enumerate(call.args):
        if arg.star or (arg.keyword is None and i >= len(order)):
            raise UsageError("it is called with more than plain arguments; change it in the file")
        keys.append(order[i] if arg.keyword is None else arg.keyword.value)
    return keys


def by_parameter(call: cst.Call) -> dict[str, cst.Arg]:
    """The arguments of a call by the parameters that they are for."""
    return dict(zip(keys(call), call.args, strict=True))


def unit_text(arg: cst.Arg | None) -> Unit | None:
    """The unit that stands in a call."""
    text = None if arg is None else key(arg.value)
    if not isinstance(text, str):
        return None
    try:
        return parse(text)
    except GuessmodelError:
        return None


def with_number(arg: cst.Arg, value: Argument) -> cst.Arg:
    """The argument with another number; one that has not changed stays as it is written."""
    if isinstance(value, Mapping):
        return arg.with_changes(value=_with_shares(arg.value, value))
    known = key(arg.value)
    if isinstance(known, int | float) and not isinstance(known, bool) and known == value:
        return arg
    return arg.with_changes(value=number(value))


def _with_shares(node: cst.BaseExpression, shares: Mapping[Any, Any]) -> cst.Dict:
    """The probabilities of labels, in a dict that has them all; those that have not changed stay
    as they are written."""
    entries = node.elements if isinstance(node, cst.Dict) else ()
    changed = []
    for each in entries:
        label = key(each.key) if isinstance(each, cst.DictElement) else None
        if label not in shares:
            break
        known = key(each.value)
        same = isinstance(known, int | float) and abs(known - shares[label]) <= _CLOSE
        changed.append(each if same else each.with_changes(value=number(shares[label])))
    if not isinstance(node, cst.Dict) or len(changed) != len(shares):
        raise UsageError(
            "its labels do not stand in one dict, as {'a': 0.7}; change it in the file"
        )
    return node.with_changes(elements=changed)


def argument(module: cst.Module, name: str, value: Argument, place: int) -> cst.Arg:
    """The argument of a parameter; by its name unless it usually stands at that place."""
    written = _spelled(module, value) if isinstance(value, Spelled) else number(value, module)
    first = {"low": 0, "high": 1, "value": 0, "data": 0, "q": 0, "components": 0}
    if first.get(name) == place:
        return cst.Arg(written)
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return cst.Arg(written, keyword=cst.Name(name), equal=equal)


def _spelled(module: cst.Module, value: Spelled) -> cst.Call:
    args = [argument(module, k, v, i) for i, (k, v) in enumerate(value.arguments.items())]
    if value.unit is not None and value.unit != DIMENSIONLESS:
        args.append(unit_argument(value.unit))
    return cst.Call(func=member(module, value.function), args=closed(args))


def number(value: Argument, module: cst.Module | None = None) -> cst.BaseExpression:
    """A value as it is written."""
    if isinstance(value, Figure):
        if value.unit.is_dimensionless:  # percent, say
            return number(float(conversion(value.unit, DIMENSIONLESS).apply(value.value)))
        if module is None:
            raise UsageError("a number with a unit of its own goes into no plain argument")
        args = [cst.Arg(number(value.value)), cst.Arg(cst.SimpleString(in_quotes(str(value.unit))))]
        return cst.Call(func=member(module, "constant"), args=closed(args))
    if isinstance(value, str):
        return cst.SimpleString(in_quotes(value))
    if isinstance(value, int | float):
        return cst.parse_expression(number_text(float(value)))
    if isinstance(value, Spelled) and module is not None:
        return _spelled(module, value)
    if isinstance(value, Spelled | Mapping):
        raise UsageError("a family inside another is not written here; change it in the file")
    return cst.List([cst.Element(number(each, module)) for each in value])


def unit_argument(unit: Unit) -> cst.Arg:
    """`unit=`."""
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    text = cst.SimpleString(in_quotes(str(unit)))
    return cst.Arg(text, keyword=cst.Name("unit"), equal=equal)


def closed(args: list[cst.Arg]) -> list[cst.Arg]:
    """Commas between arguments; those that are there keep their blanks."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    missing = cst.MaybeSentinel.DEFAULT
    last = len(args) - 1
    return [
        a.with_changes(comma=comma) if a.comma is missing and i < last else a
        for i, a in enumerate(args)
    ]


def named(module: cst.Module, call: cst.Call, name: str) -> cst.BaseExpression:
    """What a call calls, or another constructor in its place."""
    if function(call) == name:
        return call.func
    if isinstance(call.func, cst.Attribute):
        return call.func.with_changes(attr=cst.Name(name))
    return member(module, name)


def member(module: cst.Module, function: str) -> cst.Attribute:
    """`gm.function`, by the name under which the file has guessmodel."""
    for statement in module.body:
        if not isinstance(statement, cst.SimpleStatementLine):
            continue
        for each in statement.body:
            if isinstance(each, cst.Import):
                for alias in each.names:
                    if alias.evaluated_name == "guessmodel":
                        name = alias.evaluated_alias or "guessmodel"
                        return cst.Attribute(cst.Name(name), cst.Name(function))
    raise UsageError(f"the file does not import guessmodel as a whole, for {function}; add it")
