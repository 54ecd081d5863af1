"""What takes the place of quantities: numbers, text such as `5 to 8 USD/hour`, other quantities."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, final

import numpy as np

from guessmodel import units
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    UsageError,
    WrongKind,
    did_you_mean,
    relocated,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.categories import known_label
from guessmodel.graph.dims import Dim, Label
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.kinds import is_yes_or_no
from guessmodel.graph.naming import adopt, converted_draw, draw_keys
from guessmodel.graph.quantity import (
    Constant,
    Quantile,
    Quantity,
    Variate,
    as_quantity,
    constant_node,
)
from guessmodel.graph.traversal import ancestors, rewired
from guessmodel.model.elements import pick
from guessmodel.model.parts import own_number, with_parts
from guessmodel.units import DIMENSIONLESS
from guessmodel.units.formats import format_written

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = [
    "Rule",
    "alone",
    "changed",
    "family_kept",
    "refuse_between",
    "replacement",
]


@final
@dataclass(frozen=True, slots=True)
class Rule:
    """A value that is made for the quantity whose place it takes, in its unit."""

    make: Callable[[Quantity], Quantity]


_Made = dict[Quantity, tuple[Quantity, Quantity | None]]  # what takes a place, and its variate


def changed(
    model: Model,
    changes: Iterable[tuple[Any, Any]],
    where: Location,
    source: str | None = None,
    known: _Made | None = None,
) -> Model:
    """See `Model.with_`: pairs of what is changed, and what takes its place. Values that are no
    quantities have a `source`; `known` is what the same changes made of other variants of the
    model."""
    if model.variants:
        from guessmodel.model.side_by_side import joined

        named_by = [(model.find(k) if isinstance(k, Quantity) else k, v) for k, v in changes]
        made_once: _Made = {}
        return joined(
            {n: changed(each, named_by, where, source, made_once) for n, each in model.variants}
        )
    known = {} if known is None else known
    named = set(model.quantities.values())
    replacements: dict[Quantity, Quantity] = {}
    owned: dict[Quantity, str] = {}
    made: list[Quantity] = []
    for name, places in _by_name(model, changes, where).items():
        old = model.quantities[name]
        try:
            if old not in known:
                known[old] = _in_place_of(old, name, places, named, source)
        except GuessmodelError as error:
            raise relocated(error, where, f"{name}: ") from None
        replacements[old], variate = known[old]
        if variate is not None:
            owned[variate] = model.entries[name].key
        if not all(isinstance(value, Quantity) for value in places.values()):
            made.append(old)
    try:
        replacements = _through(replacements, model.name_of)
        replacements = _on_old_variates(replacements, model.keys, named)
        roots = [entry.quantity for entry in model.all_entries]
        roots += [subject for each in model.attached for subject in each.subjects]
        new_nodes = rewired(roots, replacements)
    except GuessmodelError as error:
        raise relocated(error, where) from None
    entries = {id(e): replace(e, quantity=new_nodes[e.quantity]) for e in model.all_entries}
    everything = tuple(entries.values())
    result = model._version(
        [entries[id(entry)] for entry in model.entries.values()],
        everything,
        attached=tuple(each.rewired(new_nodes) for each in model.attached),
        former=model.universe,
        keys=draw_keys(everything, {**model.keys, **owned}),
    )
    fresh = set(ancestors(replacements[old] for old in made))
    adopt({node: key for node, key in result.keys.items() if node in fresh})
    return result


def alone(model: Model, name: str, universe: Set[str]) -> Model:
    """One quantity of a model, on the draws of a larger universe: changed by `with_`, it is what it
    would be in the model so changed, for little."""
    entry = model.entries[name]
    own = set(ancestors([entry.quantity]))
    keys = {variate: key for variate, key in model.keys.items() if variate in own}
    return model._version([entry], (entry,), former=model.universe | universe, keys=keys)


def _in_place_of(
    old: Quantity,
    name: str,
    places: Mapping[tuple[int, ...] | None, Any],
    named: Set[Quantity],
    source: str | None,
) -> tuple[Quantity, Quantity | None]:
    """What takes the place of a quantity, and a variate of it that its name owns, if any."""

    def replaced(old: Quantity, value: Any) -> Quantity:
        new = replacement(old, value, named)
        if is_yes_or_no(old):
            _check_yes_or_no(new)
        return new if isinstance(value, Quantity) else replace(new, source=source)

    new = replaced(old, places[None]) if None in places else old
    parts = {
        position: replaced(new, value) for position, value in places.items() if position is not None
    }
    if old in set(ancestors([*parts.values(), *([] if new is old else [new])])):
        raise ModelError(
            f"changing '{name}' to something that depends on '{name}' closes a cycle; "
            "build it from other quantities"
        )
    return with_parts(new, parts, named) if parts else (new, None)


def _check_yes_or_no(new: Quantity) -> None:
    """Raise UsageError where a number between, or a draw of such, takes the place of what is yes or
    no."""
    operation = new.operation
    if isinstance(operation, Constant):
        refuse_between(operation.value)
    if isinstance(operation, Quantile) and not operation.family.discrete:
        raise UsageError(
            f"it is 1 or 0, yes or no, and draws of a {operation.family.name} are neither; write "
            "bernoulli(0.3), or in Python gm.bernoulli(p) with an uncertain p"
        )


def refuse_between(values: Any) -> None:
    """Raise UsageError for a value of what is yes or no that is neither 1 nor 0: it would count as
    yes."""
    wrong = next((float(x) for x in np.ravel(values) if x not in (0.0, 1.0) and x == x), None)
    if wrong is None:
        return
    instead = "write 1 or 0"
    if 0.0 < wrong < 1.0:
        instead = f"for another chance write bernoulli({format_written(wrong)})"
    raise UsageError(f"it is 1 or 0, yes or no, and not {format_written(wrong)}; {instead}")


def _by_name(
    model: Model, changes: Iterable[tuple[Any, Any]], where: Location
) -> dict[str, dict[tuple[int, ...] | None, Any]]:
    """The changes of each quantity: by the positions of labels, None of the whole."""
    found: dict[str, dict[tuple[int, ...] | None, Any]] = {}
    for key, value in changes:
        try:
            for name, position, each in _pieces(model, key, value):
                places = found.setdefault(name, {})
                if position in places:
                    raise UsageError(f"'{name}' is changed twice")
                places[position] = each
        except GuessmodelError as error:
            raise relocated(error, where) from None
    return found


def _pieces(
    model: Model, key: Any, value: Any
) -> Iterator[tuple[str, tuple[int, ...] | None, Any]]:
    """What one change does: to all of a quantity, or to some of its labels, which the key names
    (`cost[twitter]`) or a mapping."""
    name, labels = pick(model, key) if isinstance(key, str) else (model.find(key), {})
    dims = model.quantities[name].dims
    if labels:
        yield name, tuple(dim.index(labels[dim.name]) for dim in dims), value
    elif isinstance(value, Mapping) and dims:
        for label, each in value.items():
            steps = label if isinstance(label, tuple) else (label,)
            if len(steps) != len(dims):
                has = dimensions.describe(dims)
                raise UsageError(f"{name}: give one label a dimension; it has {has}, not {label!r}")
            yield name, tuple(d.index(step) for d, step in zip(dims, steps, strict=True)), each
    else:
        yield name, None, value


def replacement(old: Quantity, value: Any, named: Set[Quantity] = frozenset()) -> Quantity:
    """A value as a quantity in the unit of the one that it replaces; plain numbers are counted
    in that unit.

    A value without labels stands at each label of the old one. A range then is a draw of its own
    at each, as in the old one; a quantity is the same draw at all. In text a range keeps the family
    of the draw whose place it takes; `named` are the quantities of the model.

    What takes the place of a category has its labels: one of them, `categorical(…)` as text, or
    another category.

    Raises UnitError, UsageError or WrongKind where the value does not fit.
    """
    from guessmodel.distributions.text import is_share, quantity_from_text

    if isinstance(value, Rule):
        return value.make(old)
    if old.categories:
        new = _of_labels(old.categories, value)
    elif isinstance(value, str):
        new = quantity_from_text(value, old.unit, family_kept(old, named), old.dims)
    elif isinstance(value, list | tuple) and len(value) == 2:
        low, high = value
        raise WrongKind(f"a range is text, such as '{low} to {high}'")
    else:
        new = as_quantity(value)
    if new.categories != old.categories:
        raise WrongKind(_other_labels(old.categories, new.categories))
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(f"{value} is no value; write a finite number")
    plain = isinstance(new.operation, Constant | Quantile) and new.unit == DIMENSIONLESS
    plain = plain and not (isinstance(value, str) and is_share(value))
    if old.dims and not new.dims:
        new = _at_each_label(new, old, same=isinstance(value, Quantity))
    if isinstance(value, Quantity):
        return new.to(old.unit)
    new = replace(new, unit=old.unit) if plain else new.to(old.unit)
    if isinstance(new.operation, Convert) and isinstance(new.operands[0].operation, Constant):
        value = new.operation.conversion.apply(new.operands[0].operation.value)
        new = constant_node(value, new.dims, new.unit, new.location)
    return replace(new, format=old.format)


def _of_labels(labels: Sequence[Label], value: Any) -> Quantity:
    """A value in the place of a category."""
    from guessmodel.distributions.text import quantity_from_text

    if isinstance(value, Quantity):
        return value
    text = str(value).strip()
    if text in map(str, labels):
        return known_label([str(label) for label in labels].index(text), labels)
    if isinstance(value, str) and "(" in value:
        return quantity_from_text(value, dims=(Dim("label", tuple(labels)),))
    hint = did_you_mean(text, [str(label) for label in labels])
    raise UsageError(
        f"{value!r} is none of its labels{hint or ', ' + ', '.join(map(repr, labels))}; write one, "
        f"or categorical({', '.join(['…'] * len(labels))}) with the probability of each"
    )


def _other_labels(old: Sequence[Label], new: Sequence[Label]) -> str:
    if not new:
        return f"it is a category of {', '.join(map(repr, old))}, and what is given a number"
    what = f"a category of {', '.join(map(repr, old))}" if old else "a number"
    return f"it is {what}, and what is given a category of {', '.join(map(repr, new))}"


def _through(
    replacements: Mapping[Quantity, Quantity], name_of: Callable[[Quantity], str]
) -> dict[Quantity, Quantity]:
    """The replacements, in which what they are built from is replaced too.

    Raises ModelError where changes, each of them fine, depend on each other.
    """
    below = {old: replacements.keys() & set(ancestors([new])) for old, new in replacements.items()}
    done: dict[Quantity, Quantity] = {}
    while below:
        ready = [old for old, olds in below.items() if not olds - done.keys()]
        if not ready:
            path: dict[Quantity, int] = {}
            step = next(iter(below))
            while step not in path:
                path[step] = len(path)
                step = next(iter(below[step] - done.keys()))
            cycle = {old for old, place in path.items() if place >= path[step]}
            names = " and ".join(f"'{name_of(old)}'" for old in replacements if old in cycle)
            raise ModelError(f"the changes of {names} depend on each other; that is a cycle")
        for old in ready:
            new = replacements[old]
            done[old] = rewired([new], done)[new] if below.pop(old) else new
    return {old: done[old] for old in replacements}


def _on_old_variates(
    replacements: Mapping[Quantity, Quantity],
    keys: Mapping[Quantity, str],
    named: Set[Quantity],
) -> dict[Quantity, Quantity]:
    """The replacements, in which a draw that takes the place of a draw is made of the same variate:
    it is then an increasing function of the old one.

    A draw that the model (of these keys) has already stays what it is, and so does one that has
    other labels than the old one.
    """
    kept: dict[Quantity, Quantity] = {}
    for old, new in replacements.items():
        was, now = own_number(old, named), own_number(new, named)
        if was is None or now is None or now in keys or now in kept:
            continue
        if not isinstance(now.operation, Variate):
            continue  # correlated with others already
        if set(was.dims) == set(now.dims):
            kept[now] = was
    moved = rewired(replacements.values(), kept)
    return {old: moved[new] for old, new in replacements.items()}


def family_kept(old: Quantity, named: Set[Quantity]) -> str | None:
    """The family of a draw, or of an unnamed draw in another unit; None of anything else."""
    draw = old if isinstance(old.operation, Quantile) else converted_draw(old, named)
    if draw is None:
        return None
    assert isinstance(draw.operation, Quantile)
    return draw.operation.family.name


def _at_each_label(new: Quantity, old: Quantity, *, same: bool) -> Quantity:
    from guessmodel.distributions.draws import variate

    ones = np.ones(dimensions.shape(old.dims))
    if old.axes.mask is not None:
        ones[~old.axes.mask] = np.nan

    def spread(node: Quantity) -> Quantity:
        assert isinstance(node.operation, Constant)
        made = constant_node(node.operation.value * ones, old.dims, node.unit, node.location)
        return replace(made, categories=node.categories)

    if isinstance(new.operation, Constant):
        return spread(new)
    if new.categories and (same or not isinstance(new.operation, Quantile)):
        labels = constant_node(ones, old.dims, DIMENSIONLESS, new.location)
        return new.where(labels, new)
    if new.unit.is_absolute and (same or not isinstance(new.operation, Quantile)):
        delta = units.difference(new.unit)
        return new + constant_node(ones - 1.0, old.dims, delta, new.location)
    if same or not isinstance(new.operation, Quantile):
        return new * constant_node(ones, old.dims, DIMENSIONLESS, new.location)
    first, *rest = new.parameters
    first = spread(first)
    dims = old.dims if old.variate is None else old.variate.dims
    own = variate(new.operation.family, dims, new.location)
    return replace(new, operands=(own, first, *rest), axes=first.axes)
