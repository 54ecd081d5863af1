"""What a claim is given, checked at the claim's own line; and the module that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from guessmodel.claims.published import Published
from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    UsageError,
    WrongKind,
    calling_module,
    did_you_mean,
    relocated,
)
from guessmodel.graph.dims import Dims, Label
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import instead_of_percent, is_number
from guessmodel.units import Unit

__all__ = [
    "check_applicable",
    "check_kind",
    "check_p",
    "check_probability",
    "chosen_labels",
    "known_names",
    "read_for",
    "title_of",
]


def check_kind(value: object, function: str, names: Mapping[int, str], where: Location) -> None:
    """Raise WrongKind for what is no quantity to claim something of, with what to write
    instead."""
    if isinstance(value, Quantity):
        if value.categories:
            label = value.categories[0]
            raise WrongKind(
                f"{function}: a category has no statistics; claim the probability of a label, "
                f"(q == {label!r})",
                where,
            )
        return
    if isinstance(value, str):
        known = list(names.values())
        hint = f"; write {value} without quotes" if value in known else did_you_mean(value, known)
        hint = hint or (f"; there are {', '.join(known[:8])}" if known else "")
        raise WrongKind(
            f"{function} takes the quantity itself, not its name {value!r}{hint}", where
        )
    kind = type(value).__name__
    raise WrongKind(f"{function} takes a quantity, not a value of type {kind}", where)


def check_p(p: float, where: Location) -> None:
    """Raise UsageError for what is no probability of a quantile."""
    if not is_number(p):
        raise UsageError(f"quantiles={{{p!r}: …}}: write a probability such as 0.25", where)
    if not 0.0 < p < 1.0:
        told = f"quantiles={{{p:g}: …}} is not between 0 and 1{instead_of_percent(p)}"
        raise UsageError(told, where)


def check_probability(quantity: Quantity, figure: Published, title: str, where: Location) -> None:
    """Raise UsageError for a probability of what is no comparison, or one beyond 0 to 1."""
    if not quantity.unit.is_plain:
        raise UsageError(
            f"{title} is in {quantity.unit}, not an indicator; compare it first, as in (q > 5)",
            where,
        )
    if not 0.0 <= figure.value <= 1.0:
        hint = f"; write '{figure.value:g}%'" if 1.0 < figure.value <= 100.0 else ""
        raise UsageError(f"probability {figure.text} is not between 0 and 1{hint}", where)


def chosen_labels(
    dims: Dims, at: Mapping[str, Label], title: str, where: Location
) -> dict[str, Label]:
    """`at` in the order of the dimensions; each must be there, with a label that it has."""
    names = [dim.name for dim in dims]
    for name in at:
        if name not in names:
            known = ", ".join(repr(n) for n in names)
            hint = did_you_mean(str(name), names) or (f"; it has {known}" if known else "")
            raise DimensionError(f"{title} has no dimension '{name}'{hint}", where)
    found: dict[str, Label] = {}
    for dim in dims:
        if dim.name not in at:
            shown = ", ".join(repr(label) for label in dim.labels[:6])
            more = ", …" if len(dim) > 6 else ""
            raise DimensionError(
                f"{title} has the dimension '{dim.name}'; say which label is meant: "
                f"at={{'{dim.name}': {dim.labels[0]!r}}} (labels: {shown}{more})",
                where,
            )
        label = at[dim.name]
        try:
            found[dim.name] = dim.labels[dim.index(label)]
        except DimensionError as error:
            words = [str(known) for known in dim.labels]
            hint = did_you_mean(str(label), words)
            raise DimensionError(f"{title}: {error.message}{hint}", where) from None
    return found


def check_applicable(
    quantity: Quantity, labels: Mapping[str, Label], title: str, where: Location
) -> None:
    """Raise DimensionError for a label at which the quantity is not applicable."""
    mask = quantity.axes.mask
    position = tuple(dim.index(labels[dim.name]) for dim in quantity.dims)
    if mask is not None and not mask[position]:
        shown = ", ".join(str(label) for label in labels.values())
        raise DimensionError(f"{title} is not applicable at [{shown}]", where)


_Given = TypeVar("_Given")
_Read = TypeVar("_Read")


def read_for(
    reader: Callable[[_Given, Unit], _Read],
    kind: str,
    value: _Given,
    unit: Unit,
    title: str,
    where: Location,
) -> _Read:
    """What is read of a figure; an error names the claim, at the user's line."""
    try:
        return reader(value, unit)
    except GuessmodelError as error:
        raise relocated(error, where, f"{kind} of {title}: ") from None


def known_names() -> dict[int, str]:
    """Names of the quantities in the calling module, by identity."""
    found: dict[int, str] = {}
    for name, value in calling_module().items():
        if isinstance(value, Quantity):
            found.setdefault(id(value), name)
    return found


def title_of(quantity: Quantity, names: Mapping[int, str]) -> str:
    """What messages call a quantity."""
    known = names.get(id(quantity)) or quantity.name
    return f"'{known}'" if known else "the quantity"
