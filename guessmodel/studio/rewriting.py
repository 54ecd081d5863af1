"""Edits written into the source: the call that makes a quantity gets other numbers, and everything
else in the file stays as it is, to the last blank.

What is written are numbers and units that were read by the grammar of figures, never what was
typed.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, final

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from guessmodel.distributions.spelled import Argument, Spelled, constructor
from guessmodel.distributions.text import FAMILIES
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.interop.python_text import literal, number_text
from guessmodel.units import DIMENSIONLESS, Unit, conversion, parse
from guessmodel.units.figures import Figure

__all__ = ["Place", "Rewritten", "rewritten"]

_CALLS: Final = {*FAMILIES, "categorical", "constant", "parse", "empirical", "truncated"}
_CLOSE: Final = 1e-9  # of a probability
_TEXTS: Final = {"dim", "shared", "name", "doc", "source", "format"}  # stay what they are


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Where a quantity is made: its name in the file, a line of the statement, its unit, and the
    label that is meant alone; None: it is meant as a whole."""

    name: str
    line: int
    unit: Unit
    label: Any = None


@final
@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new source of a file, and in it the expression that makes the quantity, without what
    only describes it."""

    source: str
    expression: str


def rewritten(source: str, place: Place, value: Spelled) -> Rewritten:
    """The source of a file in which a quantity has another value.

    Raises UsageError where the statement is not one call of a constructor given to a name.
    """
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    module = wrapper.module
    lines = wrapper.resolve(PositionProvider)
    call = None
    for node in _statements(module):
        span = lines[node]
        if span.start.line <= place.line <= span.end.line:
            call = _given_to(node, place.name)
    if call is None:
        raise UsageError(_refusal(place))
    outer, inner = call
    if place.label is not None or _labelled(inner) is not None:
        changed: cst.BaseExpression = _with_label(inner, place, value)
    else:
        changed = _with_value(module, inner, place, value, converted=outer is not inner)
    bare = outer.deep_replace(inner, _bare(changed))
    new = module.deep_replace(inner, changed)
    assert isinstance(new, cst.Module) and isinstance(bare, cst.BaseExpression)
    return Rewritten(new.code, cst.Module([]).code_for_node(bare))


def _bare(node: cst.BaseExpression) -> cst.BaseExpression:
    """A call without the texts that describe what it makes."""
    assert isinstance(node, cst.Call)
    if not isinstance(node.func, cst.Attribute) or node.func.attr.value != "to":
        texts = _TEXTS - {"dim", "shared"}
        args = [a for a in node.args if a.keyword is None or a.keyword.value not in texts]
        return node.with_changes(args=args)
    return node.with_changes(func=node.func.with_changes(value=_bare(node.func.value)))


def _refusal(place: Place) -> str:
    return (
        f"line {place.line} does not give {place.name} the value of one call, such as "
        "gm.lognormal(5, 8); change it in the file"
    )


# --- finding it ---------------------------------------------------------------------------------


def _statements(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Assignments of a module, outside functions, classes and loops, which run more than once."""
    if isinstance(node, cst.Assign | cst.AnnAssign):
        yield node
    elif not isinstance(node, cst.FunctionDef | cst.ClassDef | cst.For | cst.While):
        for child in node.children:
            yield from _statements(child)


def _given_to(node: cst.CSTNode, name: str) -> tuple[cst.Call, cst.Call] | None:
    """The call that a statement gives to a name, and what it converts by `.to(…)`, which may be
    itself."""
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        target, value = node.targets[0].target, node.value
    elif isinstance(node, cst.AnnAssign) and node.value is not None:
        target, value = node.target, node.value
    else:
        return None
    if not (isinstance(target, cst.Name) and target.value == name and isinstance(value, cst.Call)):
        return None
    inner = value
    while isinstance(inner.func, cst.Attribute) and inner.func.attr.value == "to":
        if not isinstance(inner.func.value, cst.Call):
            return None
        inner = inner.func.value
    return (value, inner) if _function(inner) in _CALLS else None


def _function(call: cst.Call) -> str:
    func = call.func
    if isinstance(func, cst.Attribute) and isinstance(func.value, cst.Name):
        return func.attr.value
    return func.value if isinstance(func, cst.Name) else ""


# --- writing it ---------------------------------------------------------------------------------


def _with_value(
    module: cst.Module, call: cst.Call, place: Place, value: Spelled, *, converted: bool
) -> cst.BaseExpression:
    old, new = _by_parameter(call), dict(value.arguments)
    written = _unit_text(old.get("unit"))
    target = place.unit if value.unit in (None, DIMENSIONLESS) else value.unit
    same = _function(call) == value.function
    kept = {key for key in old if key in _TEXTS}
    numbers = [key for key in old if key not in kept and key != "unit"]
    if same and set(numbers) == set(new):
        args = [
            _with_number(arg, new[key]) if key in new else arg
            for key, arg in zip(_keys(call), call.args, strict=True)
        ]
    else:
        args = [_argument(module, key, each, value, i) for i, (key, each) in enumerate(new.items())]
        args += [arg for key, arg in zip(_keys(call), call.args, strict=True) if key in kept]
        args = _closed(args)
        written = None
    wanted = None if value.unit is None else target
    if wanted is not None and wanted != DIMENSIONLESS and written != wanted:
        args = _with_unit(call, args, wanted, there=written is not None)
    elif wanted is not None and wanted == DIMENSIONLESS and written not in (None, wanted):
        raise UsageError(_refusal(place))
    found = call.with_changes(func=_named(module, call, value.function), args=args)
    if converted or target == place.unit:
        return found
    to = cst.Attribute(value=found, attr=cst.Name("to"))
    text = cst.SimpleString(literal(str(place.unit)))
    return cst.Call(func=to, args=[cst.Arg(text)])


def _with_label(call: cst.Call, place: Place, value: Spelled) -> cst.Call:
    """The same for one label, or for all: the entries of the dict of labels."""
    first = _labelled(call)
    unit_fits = value.unit in (None, DIMENSIONLESS, place.unit)
    if first is None or value.function != _function(call) or not unit_fits:
        which = "all labels" if place.label is None else "this label alone"
        raise UsageError(
            f"line {place.line} gives no value to {which}, of this kind and in "
            f"{place.unit or 'plain numbers'}; change it in the file"
        )
    others = set(_keys(call)[1:]) - _TEXTS - {"unit"}
    if others or set(value.arguments) - {"low", "high", "value"}:
        raise UsageError(
            f"{value.function} of one label has no such arguments; change it in the file"
        )
    numbers = [_number(each) for each in value.arguments.values()]
    entry = numbers[0] if len(numbers) == 1 else cst.Tuple([cst.Element(each) for each in numbers])
    elements = []
    found = False
    for each in first.elements:
        wanted = place.label is None or (
            isinstance(each, cst.DictElement) and _key(each.key) == place.label
        )
        if isinstance(each, cst.DictElement) and wanted:
            found = True
            each = each.with_changes(value=entry)
        elements.append(each)
    if not found:
        raise UsageError(_refusal(place))
    arg = call.args[0].with_changes(value=first.with_changes(elements=elements))
    return call.with_changes(args=[arg, *call.args[1:]])


def _labelled(call: cst.Call) -> cst.Dict | None:
    """The dict of labels that a call begins with; None where it is called otherwise, and of
    probabilities by label, which are one value."""
    if not call.args or call.args[0].keyword is not None or _function(call) == "categorical":
        return None
    first = call.args[0].value
    return first if isinstance(first, cst.Dict) else None


def _key(node: cst.BaseExpression) -> Any:
    try:
        return ast.literal_eval(cst.Module([]).code_for_node(node))
    except (ValueError, SyntaxError):
        return None


def _keys(call: cst.Call) -> list[str]:
    """The parameter that each argument of a call is for."""
    name = _function(call)
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


def _by_parameter(call: cst.Call) -> dict[str, cst.Arg]:
    return dict(zip(_keys(call), call.args, strict=True))


def _unit_text(arg: cst.Arg | None) -> Unit | None:
    """The unit that stands in a call."""
    text = None if arg is None else _key(arg.value)
    if not isinstance(text, str):
        return None
    try:
        return parse(text)
    except GuessmodelError:
        return None


def _with_number(arg: cst.Arg, value: Argument) -> cst.Arg:
    """The argument with another number; one that has not changed stays as it is written."""
    if isinstance(value, Mapping):
        return arg.with_changes(value=_with_shares(arg.value, value))
    known = _key(arg.value)
    if isinstance(known, int | float) and not isinstance(known, bool) and known == value:
        return arg
    return arg.with_changes(value=_number(value))


def _with_shares(node: cst.BaseExpression, shares: Mapping[Any, Any]) -> cst.Dict:
    """The probabilities of labels, in a dict that has them all; those that have not changed stay
    as they are written."""
    entries = node.elements if isinstance(node, cst.Dict) else ()
    changed = []
    for each in entries:
        label = _key(each.key) if isinstance(each, cst.DictElement) else None
        if label not in shares:
            break
        known = _key(each.value)
        same = isinstance(known, int | float) and abs(known - shares[label]) <= _CLOSE
        changed.append(each if same else each.with_changes(value=_number(shares[label])))
    if not isinstance(node, cst.Dict) or len(changed) != len(shares):
        raise UsageError(
            "its labels do not stand in one dict, as {'a': 0.7}; change it in the file"
        )
    return node.with_changes(elements=changed)


def _argument(module: cst.Module, key: str, value: Argument, of: Spelled, place: int) -> cst.Arg:
    number = _spelled(module, value, of) if isinstance(value, Spelled) else _number(value, module)
    first = {"low": 0, "high": 1, "value": 0, "data": 0, "q": 0, "components": 0}
    if first.get(key) == place:
        return cst.Arg(number)
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return cst.Arg(number, keyword=cst.Name(key), equal=equal)


def _spelled(module: cst.Module, value: Spelled, _: Spelled) -> cst.Call:
    args = [_argument(module, k, v, value, i) for i, (k, v) in enumerate(value.arguments.items())]
    if value.unit is not None and value.unit != DIMENSIONLESS:
        args.append(_unit_argument(value.unit))
    return cst.Call(func=_member(module, value.function), args=_closed(args))


def _number(value: Argument, module: cst.Module | None = None) -> cst.BaseExpression:
    if isinstance(value, Figure):
        if value.unit.is_dimensionless:  # percent, say
            return _number(float(conversion(value.unit, DIMENSIONLESS).apply(value.value)))
        if module is None:
            raise UsageError("a number with a unit of its own goes into no plain argument")
        args = [cst.Arg(_number(value.value)), cst.Arg(cst.SimpleString(literal(str(value.unit))))]
        return cst.Call(func=_member(module, "constant"), args=_closed(args))
    if isinstance(value, str):
        return cst.SimpleString(literal(value))
    if isinstance(value, int | float):
        return cst.parse_expression(number_text(float(value)))
    if isinstance(value, Spelled) and module is not None:
        return _spelled(module, value, value)
    if isinstance(value, Spelled | Mapping):
        raise UsageError("a family inside another is not written here; change it in the file")
    return cst.List([cst.Element(_number(each, module)) for each in value])


def _unit_argument(unit: Unit) -> cst.Arg:
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    text = cst.SimpleString(literal(str(unit)))
    return cst.Arg(text, keyword=cst.Name("unit"), equal=equal)


def _with_unit(call: cst.Call, args: list[cst.Arg], unit: Unit, *, there: bool) -> list[cst.Arg]:
    text = cst.SimpleString(literal(str(unit)))
    if there:
        keys = _keys(call)
        return [
            a.with_changes(value=text) if k == "unit" else a
            for k, a in zip(keys, args, strict=True)
        ]
    numbers = [i for i, a in enumerate(args) if a.keyword is None or a.keyword.value not in _TEXTS]
    at = numbers[-1] + 1 if numbers else 0
    return _closed([*args[:at], _unit_argument(unit), *args[at:]])


def _closed(args: list[cst.Arg]) -> list[cst.Arg]:
    """Commas between arguments; those that are there keep their blanks."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    missing = cst.MaybeSentinel.DEFAULT
    last = len(args) - 1
    return [
        a.with_changes(comma=comma) if a.comma is missing and i < last else a
        for i, a in enumerate(args)
    ]


def _named(module: cst.Module, call: cst.Call, function: str) -> cst.BaseExpression:
    if _function(call) == function:
        return call.func
    if isinstance(call.func, cst.Attribute):
        return call.func.with_changes(attr=cst.Name(function))
    return _member(module, function)


def _member(module: cst.Module, function: str) -> cst.Attribute:
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
