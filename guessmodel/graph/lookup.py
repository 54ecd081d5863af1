"""Choosing among quantities by a category, and looking numbers up in a table."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal

from guessmodel import units
from guessmodel.errors import (
    GuessmodelError,
    ModelError,
    UsageError,
    WrongKind,
    caller,
    did_you_mean,
    public,
)
from guessmodel.graph.bounded import clip, filtered
from guessmodel.graph.dims import Label
from guessmodel.graph.functions import where
from guessmodel.graph.kinds import values_counted
from guessmodel.graph.number_in import number_in, number_node
from guessmodel.graph.quantity import Operand, Quantity, as_quantity
from guessmodel.units import Unit
from guessmodel.units.figures import parse_figure

__all__ = ["choose", "interpolate"]


@public
def choose(
    options: Mapping[Label, Operand], by: Quantity, otherwise: Operand | None = None
) -> Quantity:
    """In each draw the option whose label `by` has there.

    Parameters
    ----------
    options : quantities or numbers of one dimension, by label
    by : a category, as `gm.categorical` and `idxmin` give, or a quantity whose values are compared
        with the labels
    otherwise : for values that have no option; needed unless each value that `by` may have has one:
        each label of a category, each year of `idxmin` over years, 0 and 1 of an event

    Raises
    ------
    UsageError
        For a label that `by` never has, or one without an option.
    UnitError, WrongKind
        For options that do not fit each other, or are none.

    >>> import guessmodel as gm
    >>> costs = gm.normal({"fast": (2, 4), "safe": (1, 6)}, dim="way", unit="USD")
    >>> cheapest = costs.idxmin("way")
    >>> fast, safe = gm.constant(1, "day"), gm.constant(3, "day")
    >>> days = gm.choose({"fast": fast, "safe": safe}, by=cheapest)
    >>> 1.0 < days.sample(1024).mean().value < 3.0
    True
    """
    at = caller()
    if not isinstance(options, Mapping) or not options:
        raise WrongKind("choose takes options by label: gm.choose({'a': cost, …}, by=way)", at)
    if not isinstance(by, Quantity):
        raise WrongKind(f"by= is a category such as costs.idxmin('way'), not {by!r}", at)
    labels = values_counted(by)
    if labels:
        for label in options:
            if label not in labels:
                known = ", ".join(map(repr, labels))
                hint = did_you_mean(str(label), list(map(str, labels))) or f"; it has {known}"
                raise UsageError(f"choose: {by.label} has no label {label!r}{hint}", at)
        missing = [label for label in labels if label not in options]
        if missing and otherwise is None:
            raise UsageError(
                f"choose: there is no option for {missing[0]!r}; add one, or otherwise=", at
            )
    elif otherwise is None:
        raise UsageError(
            "choose: by= may have other values, for it is no category; give otherwise=", at
        )
    pairs = [(label, as_quantity(option, where=at)) for label, option in options.items()]
    if otherwise is None:
        (_, found), pairs = pairs[-1], pairs[:-1]
    else:
        found = as_quantity(otherwise, where=at)
    for label, option in reversed(pairs):
        found = where(by == label, option, found)
    return found


@public
def interpolate(
    x: Quantity,
    table: Mapping[Any, Any],
    unit: str | Unit | None = None,
    *,
    beyond: Literal["drop", "hold"] = "drop",
) -> Quantity:
    """What a table says at x, on straight lines between its points.

    Parameters
    ----------
    table : numbers by number, or figures by figure (`{"5 km": "3 USD"}`); plain numbers are in the
        unit of x, and in `unit`
    beyond : what becomes of draws beyond the ends of the table: "drop" leaves them out, as
        `gm.filtered` does, and results tell so; "hold" keeps the value at the end

    Raises
    ------
    UsageError, UnitError
        For fewer than two points, figures that do not fit, or another word.

    >>> import guessmodel as gm
    >>> distance = gm.uniform(3, 7, "km")
    >>> fare = interpolate(distance, {"0 km": "3 USD", "5 km": "8 USD", "10 km": "10 USD"})
    >>> round(fare.sample().median().value, 2)  # at 5 km, the median
    8.0
    """
    at = caller()
    if not isinstance(x, Quantity):
        raise WrongKind(f"interpolate looks up a quantity, not {x!r}", at)
    if not isinstance(table, Mapping) or len(table) < 2:
        raise UsageError("interpolate needs a table of two points at least: {0: 10, 5: 20}", at)
    if beyond not in ("drop", "hold"):
        raise UsageError(f"beyond={beyond!r}: write 'drop' or 'hold'", at)
    try:
        target = _unit_of(table, unit)
        points = sorted((number_in(x.unit, a), number_in(target, b)) for a, b in table.items())
    except GuessmodelError as error:
        raise type(error)(f"interpolate: {error.message}", at) from None
    if any(a == b for (a, _), (b, _) in pairwise(points)):
        raise ModelError("interpolate: the table has two values at one point", at)

    def known(value: float, own: Unit) -> Quantity:
        return number_node(value, own, at)

    # Each point has a weight: all of it there, and none at the points before and after it, so that
    # the value there is that of the table to the last digit.
    span = units.difference(target)
    passed: list[Quantity] = [known(1.0, units.parse(None))]  # from 0 to 1 between two points
    for (a, _), (b, _) in pairwise(points):
        along = clip(x, known(a, x.unit), known(b, x.unit)) - known(a, x.unit)
        passed.append(along / known(b - a, units.difference(x.unit)))
    found = known(points[-1][1], span) * passed[-1]
    for (_, value), (here, after) in zip(points, pairwise(passed), strict=False):
        found = found + known(value, span) * (here - after)
    if span != target:
        found = known(0.0, target) + found
    if beyond == "drop":  # 0 where x lies in the table, and nothing beyond
        start, end = points[0][0], points[-1][0]
        there = filtered(x, known(start, x.unit), known(end, x.unit)) - known(start, x.unit)
        width = known(end - start, units.difference(x.unit))
        found = found + known(0.0, span) * (there / width)
    return found


def _unit_of(table: Mapping[Any, Any], unit: str | Unit | None) -> Unit:
    """The unit given, else that of the first figure."""
    if unit is not None:
        return units.parse(unit)
    value = next(iter(table.values()))
    return parse_figure(value).unit if isinstance(value, str) else units.parse(None)
