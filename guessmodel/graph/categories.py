"""Categories: quantities whose draws count labels. What they are compared with, and what is refused
of them, for a place in a list of labels is no number to calculate with.

Every quantity looks at its operands when it is made (`kept`). So no operation, constructor or
rewriting of the graph can take a category for a number, also none that is yet to be written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from guessmodel.errors import DimensionError, Location, UsageError, WrongKind, caller
from guessmodel.graph.dims import Label
from guessmodel.graph.elementwise import Elementwise, Placed
from guessmodel.graph.operation import Operation
from guessmodel.graph.unit_rules import comparison

if TYPE_CHECKING:
    from guessmodel.graph.quantity import Quantity

__all__ = [
    "NEVER",
    "check",
    "coded",
    "have_order",
    "kept",
    "known_label",
    "most_frequent",
    "place_of",
    "refuse_arithmetic",
    "refuse_numbers",
]

NEVER: Final = "never"
_EQUALITIES: Final = (np.equal, np.not_equal)
_COMPARISONS: Final = (*_EQUALITIES, np.less, np.less_equal, np.greater, np.greater_equal)


def coded(ufunc: np.ufunc, operands: Sequence[Any]) -> tuple[Any, Any] | None:
    """Both sides of a comparison with a category, as places in its list of labels; None for all
    else. A number between two labels stands half-way between their places, and "never" after all.

    Raises WrongKind for what is no label, and where labels have no order.
    """
    if ufunc not in _COMPARISONS or len(operands) != 2:
        return None
    left, right = operands
    if _labels(left):
        return left, _place(ufunc, left, right)
    if _labels(right):
        return _place(ufunc, right, left), right
    for text in operands:
        if isinstance(text, str) and ufunc in _EQUALITIES:
            raise _unknown(text, ())
    return None


def refuse_arithmetic(
    what: str, operands: Sequence[Quantity], where: Location | None = None
) -> None:
    """Raise WrongKind for a category among the operands."""
    for each in operands:
        if labels := each.categories:
            raise WrongKind(
                f"{what} takes numbers, and {each.label} is a category; compare it "
                f"(== {labels[0]!r}), or gm.choose({{{labels[0]!r}: 1, …}}, by=…) gives a quantity",
                where or caller(),
            )


def check(category: Quantity) -> None:
    """Raise for a format, which numbers have, and DimensionError where results would have two
    dimensions of the name "category"."""
    if category.format is not None:
        raise WrongKind(
            f"format={category.format!r} says how numbers are written, and {category.label} is a "
            "category; leave it out",
            category.location,
        )
    if any(dim.name == "category" for dim in category.dims):
        raise DimensionError(
            f"{category.label} is one of several categories at each label of a dimension that is "
            "called 'category' itself; call that one something else",
            category.location,
        )


def place_of(label: Label, name: str, labels: Sequence[Label]) -> int:
    """The place of a label of a named category; UsageError for another label."""
    if label not in labels:
        known = ", ".join(map(repr, labels)) or "none, for it is no category"
        raise UsageError(f"'{name}' has no label {label!r}; its labels: {known}")
    return labels.index(label)


def refuse_numbers(name: str, quantity: Quantity) -> None:
    """Raise UsageError where a statistic of numbers is asked of a category."""
    if labels := quantity.categories:
        raise UsageError(
            f"'{name}' is a category and has no statistics of numbers; ask for "
            f".category_probability({labels[0]!r}), or compare it first: (q == {labels[0]!r})"
        )


def most_frequent(quantity: Quantity, chance: Callable[[Label], Any]) -> str:
    """The three labels of highest probability, as text."""
    shares = [(chance(label), label) for label in quantity.categories]
    shares.sort(key=lambda pair: -pair[0].value)
    return ", ".join(f"{label}: {share}" for share, label in shares[:3])


def kept(operation: Any, operands: Sequence[Quantity], where: Location) -> tuple[Label, ...]:
    """The labels that the values of a quantity count because it chooses from categories; none where
    it makes numbers of them, as a comparison does.

    Raises WrongKind for a category where a number is needed, and where categories of different
    labels, or categories and numbers, are mixed.
    """
    if not any(each.categories for each in operands):
        return ()
    what = operation.family.name if hasattr(operation, "family") else operation.name
    if not isinstance(operation, Operation):
        refuse_arithmetic(what, operands, where)
        return ()
    places = [place for place in range(len(operands)) if operation.takes_labels(place)]
    numbers = [each for place, each in enumerate(operands) if place not in places]
    refuse_arithmetic(what, numbers, where)
    compared = operation.rule is comparison if isinstance(operation, Elementwise) else False
    if not (operation.chooses or compared):
        return ()
    found = dict.fromkeys(
        operands[place].categories
        for place in places
        if not (compared and isinstance(operands[place].operation, Placed))
    )
    if len(found) > 1 and () in found:
        refuse_arithmetic(what, operands, where)
    if len(found) > 1:
        shown = " and ".join(f"({_listed(labels)})" for labels in found)
        raise WrongKind(f"{what}: categories of different labels, {shown}, do not mix", where)
    return next(iter(found)) if operation.chooses else ()


def _labels(value: Any) -> tuple[Label, ...]:
    found: tuple[Label, ...] = getattr(value, "categories", ()) if hasattr(value, "axes") else ()
    return found


def _place(ufunc: np.ufunc, category: Quantity, other: Any) -> Any:
    labels = category.categories
    if isinstance(other, np.generic) or (isinstance(other, np.ndarray) and other.ndim == 0):
        other = other.item()
    equality = ufunc in _EQUALITIES
    if equality and isinstance(other, str | int | float):
        if other not in labels:
            raise _unknown(other, labels)
        return known_label(labels.index(other), labels)
    if equality and _labels(other) == labels:
        return other
    ordered = _ordered(labels)
    if _labels(other):
        if _labels(other) == labels:
            return other
        raise WrongKind(
            "two categories of different labels cannot be compared; compare each with a label: "
            f"== {labels[0]!r}",
            caller(),
        )
    if isinstance(other, str):
        if other != NEVER or other not in labels:
            raise _unknown(other, labels)
        return known_label(labels.index(other), labels)
    if isinstance(other, int | float) and other != other:
        raise WrongKind("a category cannot be compared with NaN; write one of its labels", caller())
    from guessmodel.graph.quantity import wire

    return wire(Placed(ordered), other)


def known_label(place: int, labels: Sequence[Label]) -> Quantity:
    """The label at a place, as a category that is known."""
    from guessmodel.graph.quantity import as_quantity

    return replace(as_quantity(place), categories=tuple(labels))


def have_order(labels: Sequence[Label]) -> bool:
    """Whether labels are numbers in rising order, and a higher place is a higher number."""
    try:
        return bool(_ordered(labels))
    except WrongKind:
        return False


def _ordered(labels: Sequence[Label]) -> tuple[float, ...]:
    """The labels as numbers in rising order, without "never"."""
    numbers = labels[:-1] if labels[-1] == NEVER else labels
    found = [float(label) for label in numbers if isinstance(label, int | float)]
    if len(found) < len(numbers):
        why = "are no numbers and have no order"
    elif any(a >= b for a, b in pairwise(found)):
        why = "are not in ascending order"
    else:
        return tuple(found)
    raise WrongKind(
        f"the labels of a category ({_listed(labels)}) {why}; write == {labels[0]!r}, and | for "
        "several",
        caller(),
    )


def _unknown(other: Any, labels: Sequence[Label]) -> WrongKind:
    return WrongKind(f"{other!r} is none of the labels; write one of {_listed(labels)}", caller())


def _listed(labels: Sequence[Label], most: int = 6) -> str:
    """The labels as text, of many the first and the last."""
    shown = [*map(repr, labels)]
    return ", ".join(shown if len(shown) <= most + 1 else [*shown[: most - 1], "…", shown[-1]])
