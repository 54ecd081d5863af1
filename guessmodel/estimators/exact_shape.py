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

    below = rest * np.linspace(0.0, 1.0, 513)
    start, stop = ends(below)
    widths = stop - start
    least = float(np.nanmin(widths))
    flat = np.flatnonzero(widths <= (1.0 + _FLAT) * least)
    best = int(flat[flat.size // 2])
    if flat.size < 3:
        near = below[max(best - 1, 0)], below[min(best + 1, below.size - 1)]

        def width(u: float) -> float:
            a, b = ends(np.array([u]))
            return float((b - a)[0])

        u = min(*map(float, near), _least(width, *map(float, near)), key=width)
    else:
        u = float(below[best])
    a, b = ends(np.array([u]))
    return float(a[0]), float(b[0])


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
