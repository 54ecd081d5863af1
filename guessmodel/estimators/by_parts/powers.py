"""Moments of powers of products, and of exponentials of sums, by those of their parts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.distributions.normal import NORMAL_FAMILY
from guessmodel.estimators.by_parts.part import Part, moments_of
from guessmodel.estimators.by_parts.summands import summands
from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.tails.light import facts_of
from guessmodel.graph.along_dims import Shift, Stack, Take
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise
from guessmodel.graph.quantity import Constant
from guessmodel.numerics.central_moments import CentralMoments

if TYPE_CHECKING:
    from guessmodel.estimators.by_parts.walk import Walk

__all__ = ["POWERS", "exponential", "power", "raised"]

_DEEPEST: Final = 100  # powers of products of powers
_SELECTIONS: Final = (Take, Stack, Shift)
POWERS: Final[dict[np.ufunc, float]] = {
    np.sqrt: 1.0 / 2.0,
    np.cbrt: 1.0 / 3.0,
    np.square: 2.0,
    np.reciprocal: -1.0,
}
_QUOTIENTS: Final[dict[np.ufunc, float]] = {np.multiply: 1.0, np.divide: -1.0}


def power(walk: Walk, ufunc: np.ufunc, operands: Sequence[Element]) -> CentralMoments | None:
    """The moments of a power; where they are not known, what it depends on is to be sampled."""
    base, free = operands[0], walk.parts[operands[0]].free
    exponent = POWERS.get(ufunc)
    if exponent is None:
        part = walk.parts[operands[1]]
        free |= part.free
        if isinstance(operands[1].node.operation, Constant):
            exponent = float(moments_of(part).value)
    found = None if exponent is None else raised(walk, base, exponent)
    if found is None:
        walk.stop(free)
    return found


def raised(walk: Walk, element: Element, exponent: float, depth: int = 0) -> CentralMoments | None:
    """The moments of a power: of products those of the powers of their factors."""
    part = walk.parts.get(element)
    if part is None or depth > _DEEPEST:
        return None
    if not part.free and part.moments is not None:
        with np.errstate(all="ignore"):
            return walk.certain(np.power(part.moments.value, exponent))
    if exponent == 1.0:
        return walk.known(element).moments
    closed = walk.closed_form(element)
    whole = exponent == round(exponent)
    if (
        closed is not None
        and closed.family is LOGNORMAL
        and closed.shift == 0.0
        and (whole or closed.scale > 0.0)
    ):
        mu, sigma = closed.parameters
        power = (mu * exponent, sigma * abs(exponent))
        raised_to = Closed(LOGNORMAL, power, _power_of(closed.scale, exponent))
        return walk.of_closed(raised_to, part.free, walk.at(element, lambda x: x**exponent))
    if walk.is_of_one(element):
        return walk.one(element, lambda x: x**exponent)
    return _raised_parts(walk, element, exponent, depth, whole) if closed is None else None


def _raised_parts(
    walk: Walk, element: Element, exponent: float, depth: int, whole: bool
) -> CentralMoments | None:
    operation, operands = element.node.operation, list(operands_of(element))
    if not operands or not (whole or all(_positive(walk, each) for each in operands)):
        return None
    if isinstance(operation, _SELECTIONS):
        return raised(walk, operands[0], exponent, depth + 1)
    if isinstance(operation, Convert) and not operation.conversion.offset:
        inner = raised(walk, operands[0], exponent, depth + 1)
        return inner and inner.line(_power_of(operation.conversion.factor, exponent))
    if not isinstance(operation, Elementwise):
        return None
    if operation.ufunc in _QUOTIENTS:
        signs = (exponent, exponent * _QUOTIENTS[operation.ufunc])
        factors = [
            Part(walk.parts[each].free, raised(walk, each, sign, depth + 1))
            for each, sign in zip(operands, signs, strict=True)
        ]
        alone = not factors[0].free & factors[1].free
        known = alone and all(each.moments is not None for each in factors)
        return walk.folded(element, "prod", factors) if known else None
    if operation.ufunc in POWERS and _positive(walk, operands[0]):
        return raised(walk, operands[0], exponent * POWERS[operation.ufunc], depth + 1)
    return None


def _positive(walk: Walk, element: Element) -> bool:
    return facts_of(element.node, walk.facts).positive


def exponential(walk: Walk, element: Element, exponent: Element) -> CentralMoments | None:
    """Moments of the exponential of a sum: the product of the exponentials of its terms."""
    terms: list[tuple[Element, float]] = []
    stack = [(exponent, 1.0)]
    while stack:
        each, factor = stack.pop()
        inner = None
        if walk.parts[each].free and not walk.is_of_one(each) and walk.closed_form(each) is None:
            inner = summands(each)
        if inner is None:
            terms.append((each, factor))
        else:
            stack += [(term, factor * own) for term, own in inner]
    factors = [Part(walk.parts[each].free, _exp(walk, each, c)) for each, c in terms]
    missing = [part.free for part in factors if part.moments is None]
    if missing:
        walk.stop(reduce(lambda bits, each: bits | each, missing, 0))
        return None
    return walk.folded(element, "prod", factors)


def _exp(walk: Walk, element: Element, factor: float) -> CentralMoments | None:
    part = walk.parts[element]
    if not part.free and part.moments is not None:
        with np.errstate(all="ignore"):
            return walk.certain(np.exp(factor * moments_of(part).value))
    closed = walk.closed_form(element)
    if closed is not None and closed.family is NORMAL_FAMILY:
        mean, sd = closed.mean(), closed.sd()
        power = Closed(LOGNORMAL, (factor * mean, abs(factor) * sd))
        return walk.of_closed(power, part.free, walk.at(element, lambda x: np.exp(factor * x)))
    return walk.one(element, lambda x: np.exp(factor * x))


def _power_of(number: float, exponent: float) -> float:
    """A power of a number; infinite where it is beyond the floats."""
    with np.errstate(all="ignore"):
        return float(np.power(number, exponent))
