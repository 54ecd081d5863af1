"""Isolated values, their sums by convolution, and the step of which all are multiples."""

from __future__ import annotations

from typing import Final

import numpy as np

from guessmodel.distributions.empirical import Empirical
from guessmodel.estimators.closed import Closed
from guessmodel.numerics.arrays import FloatArray

__all__ = ["Atoms", "atoms_of", "far_atoms", "multiples", "step_of", "summed"]

Atoms = tuple[FloatArray, FloatArray]  # values, ascending, and their probabilities

_LEFT_OUT: Final = 1e-17  # of the probability, at either end
_FARTHEST: Final = 1e-300
_MOST: Final = 1 << 16  # values
_WORK: Final = 3e7  # products
_NEAR: Final = 1e-9  # of a step, within which a value is a multiple


def atoms_of(closed: Closed, left_out: float = _LEFT_OUT) -> Atoms | None:
    """Values and probabilities of what has isolated values only; None of all else, and where there
    are too many. Probabilities below 1e-17 at the ends, or others, are left out."""
    if closed.family is None:
        return np.array([closed.shift]), np.ones(1)
    if not closed.discrete:
        return None
    family, parameters = closed.family, closed.parameters
    if isinstance(family, Empirical):
        values, shares = family.values, family.shares
    else:
        low = float(family.ppf(left_out, *parameters))
        high = float(family.isf(left_out, *parameters))
        if not (low.is_integer() and high - low < _MOST):
            return None
        values = np.arange(low, high + 1.0)
        shares = np.asarray(family.pdf(values, *parameters))
        if abs(shares.sum() - 1.0) > 1e-12:  # other values than whole numbers
            return None
    values = closed.shift + closed.scale * values
    if closed.scale < 0.0:
        values, shares = values[::-1], shares[::-1]
    return (values, shares) if values.size <= _MOST else None


def far_atoms(closed: Closed) -> Atoms | None:
    """The same of probabilities from 1e-300 on, for what grows as they fall; from 1e-17 on where
    these are too many."""
    return atoms_of(closed, _FARTHEST) or atoms_of(closed)


def step_of(values: FloatArray) -> float | None:
    """The largest step of which all values are multiples, by Euclid's algorithm; None where there
    is none to speak of.

    >>> step_of(np.array([0.0, 1.5, 2.5]))
    0.5
    """
    left = np.unique(np.abs(values[values != 0.0]))
    if not left.size or not np.isfinite(left[-1]):
        return None
    largest = float(left[-1])
    while left.size > 1:
        step = float(left[0])
        rest = np.abs(left - step * np.rint(left / step))
        left = np.unique(np.append(rest[rest > _NEAR * largest], step))
        if left[0] * _MOST < largest:
            return None
    step = largest / float(np.rint(largest / left[0]))
    return float(np.rint(step)) if abs(step - np.rint(step)) < _NEAR * step else step


def multiples(step: float, places: FloatArray) -> FloatArray:
    """Multiples of a step: of hundredths 57 / 100, for 57 · 0.01 is not 0.57."""
    parts = float(np.rint(1.0 / step))
    return places / parts if abs(parts * step - 1.0) < _NEAR else step * places


def summed(count: Atoms, size: Atoms) -> Atoms | None:
    """The sum of a random number of independent values, by direct convolution, of which each
    product is positive, so that no digit is lost; None where it would take too long.

    Horner's rule: so many sizes and one more, or none more, with the probabilities of either.
    """
    step = step_of(size[0])
    numbers = np.rint(count[0]).astype(np.int64)
    if step is None or numbers[0] < 0:
        return None
    places = np.rint(size[0] / step).astype(np.int64)
    first = int(places[0])
    width, fewest, more = int(places[-1]) - first, int(numbers[0]), int(numbers[-1] - numbers[0])
    work = width * width * (0.5 * more**2 + 0.5 * fewest**2 + more * fewest)
    if work > _WORK or width * int(numbers[-1]) > _MOST:
        return None
    one = np.zeros(width + 1)
    np.add.at(one, places - first, size[1])
    shares = np.zeros(more + 1)
    np.add.at(shares, numbers - fewest, count[1])
    # Place 0 of `total` is a sum of -nought steps.
    total, nought = shares[-1:], 0
    for share in shares[-2::-1]:
        total = np.convolve(total, one)
        nought -= first
        missing = nought + 1 - total.size
        if nought < 0:
            total, nought = np.concatenate([np.zeros(-nought), total]), 0
        elif missing > 0:
            total = np.append(total, np.zeros(missing))
        total[nought] += share
    for _ in range(fewest):
        total = np.convolve(total, one)
        nought -= first
    return multiples(step, np.arange(float(total.size)) - nought), total
