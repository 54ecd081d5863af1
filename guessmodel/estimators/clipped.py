"""Linear functions between two bounds, such as `min(max(2 * x - 3, 0), 10)`: which one a quantity
is of another, and their mean and deviation where the distribution of x is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, final

import numpy as np

from guessmodel.estimators.closed import grid_of
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.exact_shape import quantiles
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise
from guessmodel.numerics.quadrature import moments

__all__ = ["Clipped", "followed", "moments_between"]

_LONGEST: Final = 32  # functions one upon the other
_AGREE: Final = 1e-8  # of two integrals that should be the same
_SWAPPED: Final = (np.minimum, np.maximum, np.add, np.multiply, np.subtract)


@final
@dataclass(frozen=True, slots=True)
class Clipped:
    """x -> factor x + shift, kept between low and high."""

    factor: float = 1.0
    shift: float = 0.0
    low: float = -math.inf
    high: float = math.inf
    grid: float = 1.0  # of which all is a multiple where x is a whole number (`Closed.grid`)

    def plus(self, value: float) -> Clipped:
        """The same with a constant added."""
        ends = self.low + value, self.high + value
        grid = min(self.grid, grid_of(value))
        return Clipped(self.factor, self.shift + value, *ends, grid)

    def times(self, value: float) -> Clipped:
        """The same times a number that is not 0."""
        low, high = sorted((self.low * value, self.high * value))
        grid = self.grid * grid_of(value)
        return Clipped(self.factor * value, self.shift * value, low, high, grid)

    def at_most(self, value: float) -> Clipped:
        """The smaller of it and a constant."""
        return replace(self, low=min(self.low, value), high=min(self.high, value))

    def at_least(self, value: float) -> Clipped:
        """The larger of it and a constant."""
        return replace(self, low=max(self.low, value), high=max(self.high, value))

    def after(self, inner: Closed) -> Closed:
        """The line, without the bounds, of a known variable."""
        scale, shift = self.factor * inner.scale, self.factor * inner.shift + self.shift
        return replace(inner, scale=scale, shift=shift, grid=self.grid * min(inner.grid, 1.0))

    def __call__(self, x: Any) -> Any:
        """The function at numbers or arrays."""
        return np.clip(self.factor * np.asarray(x) + self.shift, self.low, self.high)


_STEPS: Final[dict[np.ufunc, Callable[[Clipped, float], Clipped]]] = {
    np.add: Clipped.plus,
    np.multiply: Clipped.times,
    np.minimum: Clipped.at_most,
    np.maximum: Clipped.at_least,
}


_Step = tuple[np.ufunc, float]


def followed(forms: ClosedForms, element: Element) -> tuple[Element, Clipped]:
    """What a quantity at a coordinate is a clipped line of, as far as that can be told, and the
    line."""
    steps: list[_Step] = []  # the last one first
    while len(steps) < _LONGEST and (found := _undone(forms, element)) is not None:
        element, undone = found
        steps += undone
    made = Clipped()
    for step, value in reversed(steps):
        made = _STEPS[step](made, value)
    return element, made


def _undone(forms: ClosedForms, element: Element) -> tuple[Element, list[_Step]] | None:
    """What a quantity is one operation away from, and the steps of that, the last one first; None
    of an operation that is no step of a line."""
    operation = element.node.operation
    if isinstance(operation, Convert):
        conversion = operation.conversion
        (only,) = operands_of(element)
        return only, [(np.add, conversion.shift), (np.multiply, conversion.factor)]
    if not isinstance(operation, Elementwise):
        return None
    ufunc, operands = operation.ufunc, list(operands_of(element))
    if ufunc is np.negative:
        return operands[0], [(np.multiply, -1.0)]
    if ufunc is not np.divide and ufunc not in _SWAPPED:
        return None
    first, second = operands
    known = _number(forms, second)
    if known is None and ufunc in _SWAPPED:
        first, second, known = second, first, _number(forms, first)
        if ufunc is np.subtract and known is not None:  # c - x
            return first, [(np.add, known), (np.multiply, -1.0)]
    if known is None or (ufunc in (np.multiply, np.divide) and known == 0.0):
        return None
    if ufunc is np.subtract:
        return first, [(np.add, -known)]
    if ufunc is np.divide:
        return first, [(np.multiply, 1.0 / known)]
    return first, [(ufunc, known)]


def _number(forms: ClosedForms, element: Element) -> float | None:
    known = forms.at(element.node, element.position)
    return known.shift if known is not None and known.family is None else None


def moments_between(closed: Closed, low: float, high: float) -> tuple[float, float] | None:
    """Mean and standard deviation of a continuous variable that is kept between two bounds: what
    lies beyond is there itself, and between them it is the integral of the quantile function. None
    where that is not known to many digits."""
    if low == -math.inf and high == math.inf:
        return closed.mean(), closed.sd()
    if closed.discrete:
        return None
    below = closed.cdf(low) if low > -math.inf else 0.0
    above = closed.share(high, above=True, including=True) if high < math.inf else 0.0
    parts = [(below, low, 0.0), (above, high, 0.0)]
    inner = 1.0 - below - above
    if inner > 0.0:
        rising, falling = quantiles(closed)

        def between(start: float, width: float) -> tuple[float, float]:
            rest = above + inner * (1.0 - start - width)
            mean, variance = moments(
                lambda p: rising(below + inner * (start + width * p)),
                lambda q: falling(rest + inner * width * q),
            )
            return float(mean[0]), float(variance[0])

        mean, variance = between(0.0, 1.0)
        halves = between(0.0, 0.5), between(0.5, 0.5)
        again = 0.5 * (halves[0][0] + halves[1][0])
        if not abs(mean - again) <= _AGREE * math.sqrt(variance):
            return None
        parts.append((inner, mean, variance))
    parts = [part for part in parts if part[0] > 0.0]
    centre = sum(share * mean for share, mean, _ in parts)
    spread = sum(share * (variance + (mean - centre) ** 2) for share, mean, variance in parts)
    return centre, math.sqrt(spread)
