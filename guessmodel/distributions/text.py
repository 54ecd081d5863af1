"""A quantity from text: `5 to 8 USD/hour` and `pert(1, 3, 9)` are draws, `160K USD` a constant."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import numpy as np

from guessmodel import units
from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.normal import normal
from guessmodel.errors import GuessmodelError, UsageError, caller, did_you_mean
from guessmodel.graph.quantity import Quantity, constant_node
from guessmodel.units import DIMENSIONLESS, Unit
from guessmodel.units.figures import Figure, Range, parse_figure, parse_value

__all__ = ["FAMILIES", "quantity_from_text"]

FAMILIES: Final = (
    *("bernoulli", "beta", "binomial", "cauchy", "chi2", "double_triangular", "exponential", "f"),
    *("gamma", "geometric", "inverse_gamma", "logistic", "lognormal", "loguniform", "metalog"),
    *("negative_binomial", "normal", "pareto", "pert", "poisson", "student_t", "triangular"),
    *("uniform", "weibull"),
)
_CALL: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*\((.*)\)\s*([^()]*)", re.DOTALL)
_NO_NUMBERS: Final = {"unit", "quantiles", "prior", "dim", "shared", "name", "doc", "source"}


def quantity_from_text(text: str, unit: Unit = DIMENSIONLESS, kept: str | None = None) -> Quantity:
    """A figure is a constant, `family(…)` a draw by the constructor of that name, and a range a
    90% interval.

    A range is drawn from the family `kept`, that of the draw whose place it takes; where there is
    none, it is lognormal where its low end is above 0, else normal (also of temperatures in degC or
    degF, whose 0 is no end). Plain numbers of a family are counted in `unit`.

    Raises UsageError where the text is neither, ModelError where the family has no such range.

    >>> quantity_from_text("5 to 8 USD/hour").describe().split(",")[0]
    'lognormal'
    >>> quantity_from_text("-1 to 2").describe().split(",")[0]
    'normal'
    >>> quantity_from_text("5 to 8", kept="gamma").describe().split(",")[0]
    'gamma'
    >>> quantity_from_text("pert(1, 3, 9 USD)").describe().split(",")[0]
    'pert'
    """
    call = _CALL.fullmatch(text.strip()) if isinstance(text, str) else None
    if call is not None:
        return _called(call[1], call[2], call[3], unit)
    value = parse_value(text)
    if isinstance(value, Figure):
        return constant_node(np.asarray(value.value), (), value.unit, caller())
    if kept is None:
        above = value.low.value > 0 and not value.low.unit.is_absolute
        family = lognormal if above else normal
        return family(value.low.value, value.high.value, value.low.unit)
    other = "lognormal" if kept == "normal" else "normal"
    if kept not in FAMILIES:
        raise UsageError(
            f"a range alone says nothing of a {kept}; write the family too: {other}({text.strip()})"
        )
    try:
        return _drawn(kept, [value.low, value.high], {}, _unit_of([value.low, value.high], unit))
    except GuessmodelError as error:
        hint = f"a range keeps the family, {kept}; for another write {other}({text.strip()})"
        raise type(error)(f"{error.message}\n{hint}") from None


def _called(name: str, inside: str, behind: str, unit: Unit) -> Quantity:
    if name not in FAMILIES:
        hint = did_you_mean(name, list(FAMILIES)) or f"; there are {', '.join(FAMILIES)}"
        raise UsageError(f"there is no family '{name}'{hint}")
    places: list[Figure] = []
    named: dict[str, Figure] = {}
    for part in filter(None, (part.strip() for part in inside.split(","))):
        key, equals, figure = (piece.strip() for piece in part.partition("="))
        if equals:
            if key in named:
                raise UsageError(f"{name}: {key}= is given twice")
            named[key] = parse_figure(figure)
            continue
        value = parse_value(part)
        places += [value.low, value.high] if isinstance(value, Range) else [value]
    own = units.parse(behind) if behind.strip() else _unit_of([*places, *named.values()], unit)
    return _drawn(name, places, named, own)


def _unit_of(figures: Sequence[Figure], unit: Unit) -> Unit:
    """The unit of plain numbers: that of the last figure with one; else of what is replaced."""
    return next((f.unit for f in reversed(figures) if f.unit != DIMENSIONLESS), unit)


def _drawn(name: str, places: Sequence[Figure], named: Mapping[str, Figure], own: Unit) -> Quantity:
    """The draw of a constructor, given numbers in their places and by name."""
    make: Callable[..., Quantity] = getattr(import_module(f"guessmodel.distributions.{name}"), name)
    parameters = inspect.signature(make).parameters
    known = [key for key in parameters if key not in _NO_NUMBERS | {"format"}]
    open_ended = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for key in named:
        if key not in known and not open_ended:
            raise UsageError(f"{name} has no {key}={did_you_mean(key, known)}")
    scaled = "low" in parameters or open_ended
    places_of = [k for k, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    order = [key for key in places_of if key != "unit"]
    if len(places) == 3 and "mode" in known:
        order = ["low", "mode", "high"]
    if len(places) > len(order):
        raise UsageError(f"{name} takes {', '.join(order) or 'numbers by name'}; got {len(places)}")
    given: dict[str, Any] = {}
    for key, figure in zip(order, places, strict=False):
        given[key] = _number(figure, own) if scaled else _argument(figure)
    for key, figure in named.items():
        if key in given:
            raise UsageError(f"{name}: {key} is given twice")
        inside = key in ("low", "high", "mode") or (open_ended and key != "terms")
        given[key] = _number(figure, own) if inside else _argument(figure)
    return make(**given, unit=own if scaled else None)


def _number(figure: Figure, own: Unit) -> float:
    if figure.unit in (DIMENSIONLESS, own):
        return figure.value
    return float(units.conversion(figure.unit, own).apply(figure.value))


def _argument(figure: Figure) -> Any:
    if figure.unit == DIMENSIONLESS:
        return int(figure.value) if figure.value.is_integer() else figure.value
    return constant_node(np.asarray(figure.value), (), figure.unit, caller())
