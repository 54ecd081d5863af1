"""What bounds a maximum, a root or a rounded number, by terms of its operands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, final

from guessmodel.estimators.tails.polynomials import (
    ONE,
    UNIT,
    Monomial,
    Polynomial,
    RationalFunction,
    raised,
)
from guessmodel.graph.elementwise import Elementwise, Where

__all__ = ["LIMITED", "Limits", "limits", "name_of"]

_LARGEST = {"maximum", "fmax", "hypot"}
_SMALLEST = {"minimum", "fmin"}
_SIZES = {"absolute", "fabs"}
_DOWN = {"floor", "trunc"}
_ROUNDED = {*_DOWN, "ceil", "rint"}
_POWERS = {"power", "float_power", "sqrt"}
LIMITED = frozenset({*_LARGEST, *_SMALLEST, *_SIZES, *_ROUNDED, *_POWERS, "where"})
"""Functions of which bounds are known."""


def name_of(operation: Elementwise | Where) -> str:
    """The name of the function."""
    return operation.ufunc.__name__ if isinstance(operation, Elementwise) else "where"


@final
class Limits(NamedTuple):
    """Bounds of |X| but for constant factors: it is at most each of the sums of terms in `upper`,
    and at least each term in `lower`."""

    upper: list[list[Monomial]]
    lower: list[list[Monomial]]


def limits(
    name: str, operands: list[RationalFunction], is_positive: Callable[[Polynomial], bool]
) -> Limits | None:
    """Limits of a function of operands; None where there are none of one of these."""
    if name in _POWERS:
        return _powers(name, operands, is_positive)
    forms = operands[1:] if name == "where" else operands
    if any(form.under != UNIT for form in forms):
        return None
    terms = [list(form.over) for form in forms]
    positive = [is_positive(form.over) for form in forms]
    together = [term for each in terms for term in each]
    if name in _LARGEST:
        lower = [each for each, sure in zip(terms, positive, strict=True) if sure]
        return Limits([together], lower)
    if name in _SMALLEST:
        return Limits(terms if all(positive) else [together], [])
    if name == "where":
        return Limits([together], [])
    if name in _SIZES:
        return Limits(terms, [])
    if name in _ROUNDED:
        exact = name in _DOWN and positive[0]
        return Limits(
            [together if exact else [*together, ONE]],
            terms if name == "ceil" and positive[0] else [],
        )
    return None


def _powers(
    name: str, operands: list[RationalFunction], is_positive: Callable[[Polynomial], bool]
) -> Limits | None:
    """A power of a sum of n positive terms is at least the power of each, and at most that of n
    times the largest."""
    exponent = 0.5 if name == "sqrt" else operands[1].constant
    x = operands[0]
    if exponent is None or exponent <= 0.0 or x.under != UNIT or not is_positive(x.over):
        return None
    terms = [raised(term, exponent) for term in x.over]
    return Limits([terms], [terms])
