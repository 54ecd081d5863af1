"""Edits written into the source: the call that makes a quantity gets other numbers, and everything
else in the file stays as it is, to the last blank.

What is written are numbers and units that were read by the grammar of figures, never what was
typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from guessmodel.distributions.spelled import Spelled
from guessmodel.distributions.text import FAMILIES
from guessmodel.errors import UsageError
from guessmodel.interop.python_text import in_quotes
from guessmodel.studio.by_label import labelled, with_label
from guessmodel.studio.calls import (
    TEXTS,
    Place,
    argument,
    by_parameter,
    closed,
    function,
    keys,
    named,
    refusal,
    unit_argument,
    unit_text,
    with_number,
)
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = ["Rewritten", "rewritten"]

_CALLS: Final = {*FAMILIES, "categorical", "constant", "parse", "empirical", "truncated"}


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
        raise UsageError(refusal(place))
    outer, inner = call
    if place.label is not None or labelled(inner, place):
        changed: cst.BaseExpression = with_label(module, inner, place, value)
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
        texts = TEXTS - {"dim", "shared"}
        args = [a for a in node.args if a.keyword is None or a.keyword.value not in texts]
        return node.with_changes(args=args)
    return node.with_changes(func=node.func.with_changes(value=_bare(node.func.value)))


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
    return (value, inner) if function(inner) in _CALLS else None


# --- writing it ---------------------------------------------------------------------------------


def _with_value(
    module: cst.Module, call: cst.Call, place: Place, value: Spelled, *, converted: bool
) -> cst.BaseExpression:
    old, new = by_parameter(call), dict(value.arguments)
    written = unit_text(old.get("unit"))
    target = place.unit if value.unit in (None, DIMENSIONLESS) else value.unit
    same = function(call) == value.function
    kept = {key for key in old if key in TEXTS}
    numbers = [key for key in old if key not in kept and key != "unit"]
    if same and set(numbers) == set(new):
        args = [
            with_number(arg, new[key]) if key in new else arg
            for key, arg in zip(keys(call), call.args, strict=True)
        ]
    else:
        args = [argument(module, key, each, i) for i, (key, each) in enumerate(new.items())]
        args += [arg for key, arg in zip(keys(call), call.args, strict=True) if key in kept]
        args = closed(args)
        written = None
    wanted = None if value.unit is None else target
    if wanted is not None and wanted != DIMENSIONLESS and written != wanted:
        args = _with_unit(call, args, wanted, there=written is not None)
    elif wanted is not None and wanted == DIMENSIONLESS and written not in (None, wanted):
        raise UsageError(refusal(place))
    found = call.with_changes(func=named(module, call, value.function), args=args)
    if converted or target == place.unit:
        return found
    to = cst.Attribute(value=found, attr=cst.Name("to"))
    text = cst.SimpleString(in_quotes(str(place.unit)))
    return cst.Call(func=to, args=[cst.Arg(text)])


def _with_unit(call: cst.Call, args: list[cst.Arg], unit: Unit, *, there: bool) -> list[cst.Arg]:
    text = cst.SimpleString(in_quotes(str(unit)))
    if there:
        return [
            a.with_changes(value=text) if k == "unit" else a
            for k, a in zip(keys(call), args, strict=True)
        ]
    numbers = [i for i, a in enumerate(args) if a.keyword is None or a.keyword.value not in TEXTS]
    at = numbers[-1] + 1 if numbers else 0
    return closed([*args[:at], unit_argument(unit), *args[at:]])
