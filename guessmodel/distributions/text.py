"""A quantity from text: `5 to 8 USD/hour`, `3 of 10` and `pert(1, 3, 9)` are draws, `160K USD` a
constant."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from guessmodel import units
from guessmodel.distributions.composed_text import (
    COMPOSED,
    UNWRITTEN,
    ArgumentText,
    by_name,
    figures_of,
    listed,
    number_of,
    parts,
    refuse_labels,
    unit_of,
)
from guessmodel.distributions.ranges import BOUNDS, INTERVALS
from guessmodel.distributions.spelled import Argument, Spelled, constructor, hinting
from guessmodel.distributions.typed import figure_or_range
from guessmodel.errors import GuessmodelError, UsageError, caller, did_you_mean, public, relocated
from guessmodel.graph.dims import Dim, Dims
from guessmodel.graph.quantity import Quantity
from guessmodel.units import DIMENSIONLESS, Unit
from guessmodel.units.figures import Figure, Range, parse_figure, parse_unit

__all__ = ["FAMILIES", "is_share", "parse", "quantity_from_text", "spelled"]

FAMILIES: Final = (
    *("arcsine", "bernoulli", "beta", "binomial", "cauchy", "chi2", "double_triangular"),
    *("exponential", "f"),
    *("gamma", "geometric", "inverse_gamma", "logistic", "lognormal", "loguniform", "metalog"),
    *("negative_binomial", "normal", "pareto", "pert", "poisson", "student_t", "triangular"),
    *("uniform", "weibull"),
)
_CALL: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*\((.*)\)\s*([^()]*)", re.DOTALL)
_OF: Final = re.compile(r"(.*?[\s0-9KMBT])of(?=[\s.0-9])(.*)", re.DOTALL)
_LIST: Final = re.compile(r"\s*\[(.*)\]\s*(.*)", re.DOTALL)
_PART: Final = re.compile(r"[^,]+")
_T = TypeVar("_T")
_NO_NUMBERS: Final = {"unit", "quantiles", "prior", "dim", "shared", "name", "doc", "source"}


@public
def parse(text: str) -> Quantity:
    """The quantity that a text means, as for `--set` and `model.with_`.

    - `40%`, `160K USD`, `1.5e6`: a constant.
    - `5 to 10`, `1K..2M`, `[8, 10]`, `0.5 to 2 USD/hour`: a range, by its 5th and 95th percentile;
      lognormal where its low end is above 0, normal where it is below.
    - `3 of 10`: a share, by successes in trials from a uniform prior: beta(1 + 3, 1 + 7).
    - `pert(1, 3, 9)`, `beta(20% to 40%)`: a draw of the family.

    Raises UsageError where it is none of these, or means two things, with a caret under the first
    character that does not fit; UnitError for units that nobody knows.

    >>> print(parse("5 to 10 USD/hour").sample().interval())
    5 to 10 USD/hour
    >>> print(parse("3 of 10").sample().mean())
    0.3333
    >>> parse("5 to 1o USD")
    Traceback (most recent call last):
    guessmodel.errors.UnitError: ...: unknown unit 'o'...
      5 to 1o USD
            ^
    """
    where = caller()
    try:
        return quantity_from_text(text)
    except GuessmodelError as error:
        raise relocated(error, where) from None


def quantity_from_text(
    text: str, unit: Unit = DIMENSIONLESS, kept: str | None = None, dims: Dims = ()
) -> Quantity:
    """A figure is a constant, `family(…)` a draw by the constructor of that name, a range a 90%
    interval, and `3 of 10` a share by successes in trials.

    A range is drawn from the family `kept`, that of the draw whose place it takes; where there is
    none, it is lognormal where its low end is above 0, else normal (also of temperatures in degC or
    degF, whose 0 is no end). Plain numbers of a family are counted in `unit`; shares
    (`dirichlet(2, 3)`) lie along `dims`, those of what is replaced: of a category its labels.

    A range from 0 says neither: a lognormal has no such end, and a normal lies below it as often.

    Raises UsageError where the text is none of these, ModelError where the family has no such
    range; text that cannot be read is shown with a caret.

    >>> quantity_from_text("5 to 8 USD/hour").describe().split(",")[0]
    'lognormal'
    >>> quantity_from_text("-1 to 2").describe().split(",")[0]
    'normal'
    >>> quantity_from_text("5 to 8", kept="gamma").describe().split(",")[0]
    'gamma'
    >>> quantity_from_text("pert(1, 3, 9 USD)").describe().split(",")[0]
    'pert'
    """
    try:
        return _spelled(text, unit, kept, dims).made()
    except GuessmodelError as error:
        if isinstance(text, str):
            raise error.pointing_into(text) from None
        raise


def is_share(text: str) -> bool:
    """Whether a text means a share of a whole: 3 of 10 is about 30 percent, not 0.3 of them."""
    return _OF.fullmatch(text) is not None


def spelled(
    text: str, unit: Unit = DIMENSIONLESS, kept: str | None = None, dims: Dims = ()
) -> Spelled:
    """The call that a text means, which is read as `quantity_from_text` reads it.

    >>> spelled("5 to 8 USD/hour")
    Spelled(function='lognormal', arguments={'low': 5.0, 'high': 8.0}, unit=Unit('USD/hour'))
    """
    return _spelled(text, unit, kept, dims)


def _spelled(text: str, unit: Unit, kept: str | None, dims: Dims = ()) -> Spelled:
    if isinstance(text, str):  # what is none, `figure_or_range` refuses
        if call := _CALL.fullmatch(text):
            return _called(call, unit, dims)
        if trials := _OF.fullmatch(text):
            return _successes(trials)
    value = figure_or_range(text)
    if isinstance(value, Figure):
        return Spelled("constant", {"value": value.value}, value.unit)
    return _ranged(value, text, unit, kept)


def _ranged(value: Range, text: str, unit: Unit, kept: str | None) -> Spelled:
    """A range alone, drawn from a family that is kept, or else from the one that its ends ask
    for."""
    low, high, written = value.low, value.high, text.strip()
    if kept is None:
        if low.value == 0.0 != high.value and not low.unit.is_absolute:
            raise UsageError(
                f"'{written}' is unclear, for a lognormal cannot reach 0: write normal({written}), "
                f"or uniform({written}) for bounds",
                column=len(text) - len(text.lstrip()),
            )
        above = low.value > 0 and not low.unit.is_absolute
        ends = {"low": low.value, "high": high.value}
        return Spelled("lognormal" if above else "normal", ends, low.unit)
    other = "lognormal" if kept == "normal" else "normal"
    if kept not in INTERVALS | BOUNDS:
        raise UsageError(
            f"a range alone says nothing of a {kept}; write the family too: {other}({written})"
        )
    hint = f"a range keeps the family, {kept}; for another write {other}({written})"
    with hinting(hint):
        found = _constructed(kept, [low, high], {}, unit_of([low, high], unit))
    return replace(found, hint=hint)


def _successes(text: re.Match[str]) -> Spelled:
    """A share by successes in trials, from a uniform prior."""
    counts = [_inside(text, group, parse_figure) for group in (1, 2)]
    for group, count in zip((1, 2), counts, strict=True):
        if count.unit != DIMENSIONLESS or not count.value.is_integer() or count.value < 0:
            raise UsageError(
                f"'{count.text}' is no number of {('successes', 'trials')[group - 1]}; write whole "
                "numbers, such as 3 of 10",
                column=text.start(group),
            )
    successes, trials = (count.value for count in counts)
    if successes > trials or trials == 0:
        raise UsageError(
            f"{counts[0].text} successes are more than {counts[1].text} trials can have"
            if trials
            else "no trials tell nothing; write for example 3 of 10",
            column=text.start(1),
        )
    given: dict[str, Argument] = {"successes": successes, "trials": trials, "prior": "uniform"}
    return Spelled("beta", given, None)


def _inside(text: re.Match[str], group: int, read: Callable[[str], _T]) -> _T:
    """Read a part of a text; an error points into the whole."""
    return ArgumentText(text[group], text.start(group)).read(read)


def _called(call: re.Match[str], unit: Unit, dims: Dims) -> Spelled:
    name = call[1]
    if name == "empirical":
        return _observed(call, unit)
    if name in COMPOSED:
        return _composed(call, unit, dims)
    if name in UNWRITTEN:
        raise UsageError(
            f"a {name} is made of more than numbers and has no text; give it as a quantity, in "
            f"model.with_ or gm.scenario: {UNWRITTEN[name]}",
            column=call.start(1),
        )
    if name not in FAMILIES:
        hint = (
            did_you_mean(name, [*FAMILIES, *COMPOSED, *UNWRITTEN, "empirical"])
            or f"; there are {', '.join((*FAMILIES, 'empirical', *COMPOSED))}"
        )
        raise UsageError(f"there is no family '{name}'{hint}", column=call.start(1))
    places: list[Figure] = []
    named: dict[str, Figure] = {}
    for part in _PART.finditer(call[2]):
        begin = call.start(2) + part.start()
        key, equals, figure = part[0].partition("=")
        if equals:
            key = key.strip()
            if key in named:
                raise UsageError(f"{name}: {key}= is given twice", column=begin)
            figure_begin = begin + part[0].index("=") + 1
            found = ArgumentText(figure, figure_begin).read(parse_figure)
            named[key] = found.as_share() if key == "mass" else found
            continue
        if not part[0].strip():
            continue
        value = ArgumentText(part[0], begin).read(figure_or_range)
        places += [value.low, value.high] if isinstance(value, Range) else [value]
    behind = call[3]
    own = unit_of([*places, *named.values()], unit)
    if behind.strip():
        own = _inside(call, 3, parse_unit)
    return _constructed(name, places, named, own)


def _observed(call: re.Match[str], unit: Unit) -> Spelled:
    """Data that are resampled: `empirical([3, 5, 9] USD)`."""
    inside, start, behind = call[2], call.start(2), call[3]
    if listed := _LIST.fullmatch(inside):
        start += listed.start(1)
        inside, behind = listed[1], f"{listed[2]} {behind}"
    figures = [
        ArgumentText(part[0], start + part.start()).read(parse_figure)
        for part in _PART.finditer(inside)
        if part[0].strip()
    ]
    own = units.parse(behind.strip()) if behind.strip() else unit_of(figures, unit)
    return Spelled("empirical", {"data": [number_of(figure, own) for figure in figures]}, own)


def _composed(call: re.Match[str], unit: Unit, dims: Dims) -> Spelled:
    """What is made of other texts; see `composed_text`."""
    name = call[1]
    if name in ("dirichlet", "categorical"):
        return _shares(call, dims)
    second = {"mixture": "weights", "truncated": "lower"}.get(name, "p_zero")
    first = "components" if name == "mixture" else "q"
    more = ("upper",) if name == "truncated" else ()
    given = by_name(name, parts(call[2], call.start(2)), (first, second, *more))
    behind = call[3].strip()
    own = _inside(call, 3, parse_unit) if behind else unit

    def inner(part: ArgumentText) -> Spelled:
        found = part.read(lambda text: _spelled(text, own, None))
        plain = found.unit == DIMENSIONLESS and found.function != "bernoulli"
        return replace(found, unit=own) if plain else found

    subject = given.pop(first, None)
    elements = None if subject is None else listed(subject) if name == "mixture" else [subject]
    if not elements or (second == "p_zero" and not given):
        raise UsageError(f"write {COMPOSED[name]}", column=call.start(2))
    draws = [inner(part) for part in elements]
    arguments: dict[str, Argument] = {first: draws if name == "mixture" else draws[0]}
    for key, part in given.items():
        if name == "mixture":
            arguments[key] = [number_of(each, DIMENSIONLESS) for each in figures_of(part)]
        else:
            inside = draws[0].made().unit if name == "truncated" else DIMENSIONLESS
            arguments[key] = number_of(part.read(parse_figure), inside)
    return Spelled(name, arguments, None)


def _shares(call: re.Match[str], dims: Dims) -> Spelled:
    """Shares along the one dimension of what is replaced, by concentrations in its order; or the
    probabilities of labels, in the order of those of the category that is replaced."""
    known = {str(label) for dim in dims for label in dim.labels}
    name, given = call[1], parts(call[2], call.start(2), known)
    if name == "categorical" and not dims and given and all(part.key for part in given):
        dims = (Dim("label", tuple(part.key for part in given)),)
    if name == "categorical" and not dims:
        raise UsageError(f"write {COMPOSED[name]}", column=call.start(2))
    if len(dims) != 1:
        raise UsageError(
            "dirichlet as text stands in place of shares along one dimension; else give it as a "
            'quantity: gm.dirichlet({"a": 2, "b": 3}, dim="way")',
            column=call.start(1),
        )
    (dim,) = dims
    if len(given) != len(dim):
        what = "concentration" if name == "dirichlet" else "probability"
        raise UsageError(
            f"{name} takes a {what} for each {dim.name}: {len(dim)}, not {len(given)}",
            column=call.start(2),
        )
    names = [str(label) for label in dim.labels]
    refuse_labels(name, given, names)
    found = by_name(name, given, tuple(names))
    values = [number_of(found[n].read(parse_figure), DIMENSIONLESS) for n in names]
    shapes = dict(zip(dim.labels, values, strict=True))
    if name == "categorical":
        return Spelled(name, {"p": shapes}, None)
    return Spelled("dirichlet", {"concentrations": shapes, "dim": dim.name}, None)


def _constructed(
    name: str, places: Sequence[Figure], named: Mapping[str, Figure], own: Unit
) -> Spelled:
    """The draw of a constructor, given numbers in their places and by name."""
    make = constructor(name)
    parameters = inspect.signature(make).parameters
    known = [key for key in parameters if key not in _NO_NUMBERS | {"format"}]
    open_ended = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for key in named:
        if key in _NO_NUMBERS | {"format"}:
            raise UsageError(f"{name} has no {key}= as text; write it in Python")
        if key not in known and not open_ended:
            make(**{key: 1})  # is refused, with all that there is instead
    scaled = "low" in parameters or open_ended
    places_of = [k for k, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    order = [key for key in places_of if key != "unit"]
    if len(places) == 3 and "mode" in known:
        order = ["low", "mode", "high"]
    if len(places) > len(order):
        raise UsageError(f"{name} takes {', '.join(order) or 'numbers by name'}; got {len(places)}")
    given: dict[str, Argument] = {}
    for key, figure in zip(order, places, strict=False):
        given[key] = number_of(figure, own) if scaled else _argument(figure)
    for key, figure in named.items():
        if key in given:
            raise UsageError(f"{name}: {key} is given twice")
        inside = key in ("low", "high", "mode") or (open_ended and key != "terms")
        given[key] = number_of(figure, own) if inside else _argument(figure)
    return Spelled(name, given, own if scaled else None)


def _argument(figure: Figure) -> float | Figure:
    if figure.unit == DIMENSIONLESS:
        return int(figure.value) if figure.value.is_integer() else figure.value
    return figure
