"""Shape and tails of a quantity whose distribution is known, by its density and quantiles.

None where the distribution gives no answer to many digits: of atoms beside what is continuous, and
of quantiles with kinks, which the rule of integration does not see.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from guessmodel.estimators.closed_form import Closed
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.quadrature import central_moment, moments

__all__ = ["mode", "quantiles", "shortest", "shortest_between", "shortfall", "standardised_moment"]


_PARTS: Final = 32  # of a mixture, whose quantiles are searched for: more cost more than draws
_FEW_PARTS: Final = 8  # where hundreds of quantiles are
_ROUNDING: Final = 1e-12  # of a sum that is 0
_AGREE: Final = 1e-8  # of two integrals that should be the same
_LEVELS: Final = 2001  # probabilities at which a peak is looked for
_GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0
_STEPS: Final = 80  # of the golden section, each of which takes away 38%
_PEAK: Final = 1e-7
_FLAT: Final = 1e-9
_VALLEY: Final = 1.01  # times the least width, up to which valleys are looked at
_VALLEYS: Final = 4  # at most
_POINTS: Final = 17  # in which the bottom of one is looked for,
_ROUNDS: Final = 6  # each in an eighth of the last


def standardised_moment(closed: Closed, power: int) -> float | None:
    """E[z^power] of z = (X - mean) / sd."""
    mean, sd = closed.mean(), closed.sd()
    if not (math.isfinite(mean) and 0.0 < sd < math.inf):
        return None
    if closed.discrete:
        atoms = _atoms(closed)
        return None if atoms is None else float(((atoms[0] - mean) / sd) ** power @ atoms[1])
    if _component_count(closed) > _PARTS:
        return None
    low, high = (
        lambda p, ends=ends: (ends(p) - mean) / sd  # as powers of sd may be no numbers
        for ends in quantiles(closed)
    )
    if not abs(float(moments(low, high)[1][0]) - 1.0) <= _AGREE:
        return None
    found = central_moment(low, high, 0.0, power)
    if abs(found) < _ROUNDING:
        return 0.0
    return found if math.isfinite(found) else None


def shortfall(closed: Closed, share: float, *, upper: bool) -> float | None:
    """The mean of the `share` of all values that is largest, or smallest: the integral of the
    quantile function there, or the sum of isolated values until they make up the share."""
    if closed.discrete:
        atoms = _atoms(closed)
        if atoms is None:
            return None
        values, shares = (each[::-1] for each in atoms) if upper else atoms
        taken = np.diff(np.minimum(np.cumsum(shares), share), prepend=0.0)
        return float(values @ taken / share)
    if _component_count(closed) > _PARTS:
        return None
    low, high = quantiles(closed)
    beyond = high if upper else low

    def between(start: float, width: float) -> float:
        near, far = (
            (lambda p: beyond(start + width * p)),
            (lambda p: beyond(start + width * (1 - p))),
        )
        return float(moments(near, far)[0][0])

    whole = between(0.0, share)
    halves = (between(0.0, share / 2.0) + between(share / 2.0, share / 2.0)) / 2.0
    size = max(abs(whole), closed.sd() if math.isfinite(closed.sd()) else 0.0)
    return whole if math.isfinite(whole) and abs(whole - halves) <= _AGREE * size else None


def mode(closed: Closed) -> float | None:
    """Where the density is largest; nan where it is so all along an interval."""
    family = closed.family
    if family is None or family.discrete:
        return None
    parameters = closed.parameters
    u = np.linspace(0.0, 1.0, _LEVELS)
    ends = [float(end) for end in family.support(*parameters)]
    with np.errstate(all="ignore"):
        inner = np.concatenate(
            [family.ppf(u[1:1001], *parameters), family.isf(u[999:0:-1], *parameters)]
        )
        x = np.unique(np.concatenate([[e for e in ends if math.isfinite(e)], inner]))

        def density(at: FloatArray) -> FloatArray:
            return np.nan_to_num(np.asarray(family.pdf(at, *parameters)), nan=-1.0, posinf=math.inf)

        height = density(x)
        best = int(height.argmax())
        if not math.isfinite(float(height[best])):
            return closed.shift + closed.scale * float(x[best])
        level = np.flatnonzero(height >= (1.0 - _FLAT) * height[best])
        if level.size > 2:
            return math.nan
        low, high = float(x[max(best - 1, 0)]), float(x[min(best + 1, x.size - 1)])
        peak = _least(lambda at: -float(density(np.array([at]))[0]), low, high)
        if float(density(np.array([peak]))[0]) < height[best]:
            peak = float(x[best])
        spread = float(family.isf(0.25, *parameters) - family.ppf(0.25, *parameters))
    if abs(peak) < _PEAK * spread:  # the section ends there, as a flat top has no more digits
        peak = 0.0
    return closed.shift + closed.scale * peak


def shortest(closed: Closed, mass: float) -> tuple[float, float] | None:
    """The ends of the shortest interval that holds `mass`."""
    if closed.discrete or _component_count(closed) > _FEW_PARTS:
        return None
    return shortest_between(*quantiles(closed), mass)


def shortest_between(
    low: Callable[[FloatArray], FloatArray], high: Callable[[FloatArray], FloatArray], mass: float
) -> tuple[float, float]:
    """The same by quantiles from below, and from above."""
    rest = 1.0 - mass

    def ends(below: FloatArray) -> tuple[FloatArray, FloatArray]:
        with np.errstate(all="ignore"):
            return low(below), high(np.maximum(rest - below, 0.0))

    def widths(below: FloatArray) -> FloatArray:
        start, stop = ends(below)
        wide = np.nan_to_num(stop - start, nan=math.inf)
        # A value of no probability, as that of a sign at 0, is no end: the other is below it.
        return np.where(wide < 0.0, math.inf, wide)

    below = rest * np.linspace(0.0, 1.0, 513)
    found = widths(below)
    least = float(found.min())
    flat = np.flatnonzero(found <= (1.0 + _FLAT) * least)
    u = float(below[flat[flat.size // 2]])
    if flat.size < 3:
        # Of several valleys the deepest may lie between its neighbours.
        beside = np.concatenate([[math.inf], found, [math.inf]])
        valleys = (found <= beside[:-2]) & (found <= beside[2:]) & (found <= _VALLEY * least)
        places = np.flatnonzero(valleys)
        bottoms = [
            _bottom(widths, float(below[max(k - 1, 0)]), float(below[min(k + 1, 512)]))
            for k in places[np.argsort(found[places])][:_VALLEYS].tolist()
        ]
        u = min(bottoms)[1]
    a, b = ends(np.array([u]))
    return float(a[0]), float(b[0])


def _bottom(f: Callable[[FloatArray], FloatArray], low: float, high: float) -> tuple[float, float]:
    """The least value of a function with one valley, and where that is: at an end, if it is so in
    three rounds."""
    first, last = low, high
    at = best = low
    for number in range(_ROUNDS):
        x = np.linspace(low, high, _POINTS)
        values = f(x)
        k = int(values.argmin())
        at, best = float(x[k]), float(values[k])
        if number > 1 and at in (first, last):
            break
        low, high = float(x[max(k - 1, 0)]), float(x[min(k + 1, _POINTS - 1)])
    return best, at


def _component_count(closed: Closed) -> int:
    return len(getattr(closed.family, "parts", ()))


def _atoms(closed: Closed) -> tuple[FloatArray, FloatArray] | None:
    from guessmodel.estimators.lattices import atoms_of

    return atoms_of(closed)


def quantiles(
    closed: Closed,
) -> tuple[Callable[[FloatArray], FloatArray], Callable[[FloatArray], FloatArray]]:
    """Quantiles from below, and from above."""
    family, scale, shift = closed.family, closed.scale, closed.shift
    assert family is not None

    def low(p: FloatArray) -> FloatArray:
        return np.asarray(shift + scale * family.ppf(p, *closed.parameters))

    def high(q: FloatArray) -> FloatArray:
        return np.asarray(shift + scale * family.isf(q, *closed.parameters))

    return (low, high) if scale > 0.0 else (high, low)


def _least(f: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one valley is smallest: the golden section (Kiefer 1953)."""
    a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_a, at_b = f(a), f(b)
    for _ in range(_STEPS):
        if at_a <= at_b:
            high, b, at_b = b, a, at_a
            a = high - _GOLDEN * (high - low)
            at_a = f(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + _GOLDEN * (high - low)
            at_b = f(b)
    return (low + high) / 2.0
