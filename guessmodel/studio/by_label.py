"""Calls of constructors in a source that get another value at one label, or at each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import libcst as cst

from guessmodel.distributions.spelled import Argument, Spelled
from guessmodel.errors import UsageError
from guessmodel.graph.dims import Label
from guessmodel.interop.python_text import in_quotes
from guessmodel.studio.calls import (
    TEXTS,
    Place,
    argument,
    by_parameter,
    closed,
    function,
    key,
    named,
    number,
    refusal,
)
from guessmodel.units import DIMENSIONLESS

__all__ = ["labelled", "with_label"]

_PAIR: Final = ("low", "high")  # one argument by label, each entry a tuple
_IN_A_LINE: Final = 4  # labels
_INDENT: Final = "    "
_COMMA: Final = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def labelled(call: cst.Call, place: Place) -> bool:
    """Whether a call has its numbers by label, so that a value for all labels is one for each;
    not so of probabilities by label, which are one value."""
    if place.dim is None or function(call) == "categorical":
        return False
    return any(_by_label(call, arg) for each, arg in _numbers(call).items())


def with_label(module: cst.Module, call: cst.Call, place: Place, value: Spelled) -> cst.Call:
    """The call with another value at one label, or at all."""
    unit_fits = value.unit in (None, DIMENSIONLESS, place.unit)
    same = function(call) == value.function
    several = any(isinstance(each, Mapping) for each in value.arguments.values())
    if place.dim is None or several or not unit_fits or not (same or place.label is None):
        which = "all labels" if place.label is None else "this label alone"
        raise UsageError(
            f"line {place.line} gives no value to {which}, of this kind and in "
            f"{place.unit or 'plain numbers'}; change it in the file"
        )
    new = dict(value.arguments)
    numbers = _numbers(call)
    if same and _known(numbers) == set(new):
        return _changed(call, place, new, numbers)
    if place.label is not None:
        raise UsageError(
            f"{value.function} of one label has no such arguments; change it in the file"
        )
    return _anew(module, call, place, value, new)


def _changed(
    call: cst.Call, place: Place, new: Mapping[str, Argument], numbers: Mapping[str, cst.Arg]
) -> cst.Call:
    """Each argument keeps its place; one that is the same as before stays as it is written."""
    entries = {each: number(one) for each, one in new.items()}
    parts = {each: arg.value for each, arg in numbers.items()}
    apart = any(_by_label(call, numbers[each]) for each in _PAIR if each in numbers)
    if "high" in entries and ("high" not in numbers or not apart):
        entries["low"] = _tuple(entries["low"], entries.pop("high"))
        if "high" in parts:
            parts["low"] = _tuple(parts["low"], parts.pop("high"))
    changed = {
        each: _entries(call, numbers[each], place, parts[each], entry)
        for each, entry in entries.items()
        if _by_label(call, numbers[each]) or key(parts[each]) != new[each]
    }
    args = []
    for each, arg in by_parameter(call).items():
        if each not in numbers and arg.keyword is None and len(parts) < len(numbers):
            arg = _by_name(each, arg)  # its place has moved
        if each in parts or each not in numbers:
            args.append(arg.with_changes(value=changed.get(each, arg.value)))
    return call.with_changes(args=_named_dim(args, place))


def _anew(
    module: cst.Module, call: cst.Call, place: Place, value: Spelled, new: Mapping[str, Argument]
) -> cst.Call:
    """All labels get numbers that the call has not had: these come first."""
    assert place.dim is not None
    entries: dict[str, cst.BaseExpression] = {each: number(one) for each, one in new.items()}
    if all(each in entries for each in _PAIR):
        entries = {"low": _tuple(*map(entries.pop, _PAIR)), **entries}
    tables = {each: _table([(x, e) for x in place.dim.labels]) for each, e in entries.items()}
    args = [
        argument(module, each, 0.0, i).with_changes(value=table)
        for i, (each, table) in enumerate(tables.items())
    ]
    args += [
        _by_name(each, arg)
        for each, arg in by_parameter(call).items()
        if each not in _numbers(call)
    ]
    func = named(module, call, value.function)
    return call.with_changes(func=func, args=closed(_named_dim(args, place)))


# --- a call, and its arguments ------------------------------------------------------------------


def _numbers(call: cst.Call) -> dict[str, cst.Arg]:
    return {k: arg for k, arg in by_parameter(call).items() if k not in TEXTS | {"unit"}}


def _known(numbers: Mapping[str, cst.Arg]) -> set[str]:
    """The parameters of which a call has numbers; both ends may stand in one argument."""
    return {*numbers, "high"} if "low" in numbers else set(numbers)


def _by_label(call: cst.Call, arg: cst.Arg) -> bool:
    """Whether an argument has a value of its own for each label: a dict, or what the file gives a
    name to, where the call names a dimension alone."""
    if isinstance(arg.value, cst.Dict):
        return True
    dim = by_parameter(call).get("dim")
    alone = dim is not None and isinstance(key(dim.value), str)
    return alone and isinstance(arg.value, cst.Name)


# --- what is written ----------------------------------------------------------------------------


def _entries(
    call: cst.Call, arg: cst.Arg, place: Place, was: cst.BaseExpression, entry: cst.BaseExpression
) -> cst.BaseExpression:
    """A value for each label: the new one at the label that is meant, or at all of them."""
    assert place.dim is not None
    labels = place.dim.labels
    if isinstance(arg.value, cst.Dict):
        return _in_dict(arg.value, place, entry)
    if place.label is None:
        return _table([(label, entry) for label in labels])
    if _by_label(call, arg):
        return cst.Dict([cst.StarredDictElement(arg.value), _element(place.label, entry)])
    return _table([(label, entry if label == place.label else was) for label in labels])


def _in_dict(there: cst.Dict, place: Place, entry: cst.BaseExpression) -> cst.BaseExpression:
    assert place.dim is not None
    starred = any(isinstance(each, cst.StarredDictElement) for each in there.elements)
    if place.label is None and starred:
        return _table([(label, entry) for label in place.dim.labels])
    elements: list[cst.BaseDictElement] = []
    found = False
    for each in there.elements:
        wanted = isinstance(each, cst.DictElement) and place.label in (None, key(each.key))
        found = found or wanted
        elements.append(each.with_changes(value=entry) if wanted else each)
    if not found and not starred:
        raise UsageError(refusal(place))
    if not found:
        elements = [*elements[:-1], elements[-1].with_changes(comma=_COMMA)]
        elements.append(_element(place.label, entry))
    return there.with_changes(elements=elements)


def _named_dim(args: Sequence[cst.Arg], place: Place) -> list[cst.Arg]:
    """A dimension that had its labels in `dim=` has them in a dict of values now."""
    assert place.dim is not None
    name = cst.SimpleString(in_quotes(place.dim.name))
    return [
        arg.with_changes(value=name)
        if arg.keyword is not None
        and arg.keyword.value == "dim"
        and not isinstance(key(arg.value), str)
        else arg
        for arg in args
    ]


def _by_name(name: str, arg: cst.Arg) -> cst.Arg:
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return cst.Arg(arg.value, keyword=cst.Name(name), equal=equal, comma=arg.comma)


def _element(label: Label, value: cst.BaseExpression) -> cst.DictElement:
    text = in_quotes(label) if isinstance(label, str) else repr(label)
    return cst.DictElement(cst.parse_expression(text), value)


def _table(entries: Sequence[tuple[Label, cst.BaseExpression]]) -> cst.Dict:
    """A dict of labels; of many each has a line."""
    elements = [_element(label, value) for label, value in entries]
    if len(elements) <= _IN_A_LINE:
        return cst.Dict(elements)
    comma = cst.Comma(whitespace_after=_line(_INDENT))
    closing = cst.Comma(whitespace_after=_line(""))
    *most, last = elements
    lined = [*(each.with_changes(comma=comma) for each in most), last.with_changes(comma=closing)]
    return cst.Dict(lined, lbrace=cst.LeftCurlyBrace(whitespace_after=_line(_INDENT)))


def _line(indent: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(last_line=cst.SimpleWhitespace(indent))


def _tuple(*parts: cst.BaseExpression) -> cst.Tuple:
    return cst.Tuple([cst.Element(each) for each in parts])
