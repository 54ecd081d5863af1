"""Moments of a function of one random number, which may have kinks and jumps, by quadrature.

The integral runs over normal scores, by Gauss and Legendre's rule on parts that are divided where
the rule and the same on their halves disagree: a kink then costs some divisions, and no digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.central_moments import CentralMoments
from guessmodel.numerics.normal import tail
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.numerics.squarable import power_of

__all__ = ["moments_over_scores"]


_FAR: Final = 37.0  # the probability beyond is 6e-300
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_WIDTH: Final = 2.0  # of a part at first
_INTO: Final = 4  # parts, into which one is divided
_ROUNDS: Final = 20  # of dividing: 4^-20 is 1e-12
_MOST: Final = 512  # parts in a round
_AGREE: Final = 1e-10  # of each integral


def moments_over_scores(
    f: Callable[[FloatArray, FloatArray], FloatArray],
    order: int,
    edges: FloatArray | None = None,
) -> CentralMoments | None:
    """Mean and central moments up to the order, 2 or 4, of f(U) with U uniform; None where the
    integrals do not settle, or f is not finite.

    Parameters
    ----------
    f : of U and 1 - U, each accurate where it is small
    edges : normal scores at which f is known to jump or to have kinks; between two of them there
        may be little that the rule would meet

    >>> excess = moments_over_scores(lambda u, rest: np.maximum(-np.log(rest) - 1.0, 0.0), 2)
    >>> excess is not None and abs(excess.mean - math.exp(-1.0)) < 1e-9  # of an exponential over 1
    True
    """
    middle = np.arange(-2.0, 2.5, 0.5)
    usual = f(tail(-middle), tail(middle))
    centre, unit = float(usual[middle.size // 2]), power_of(usual)
    if not np.isfinite(usual).all():
        return None
    shift = math.ldexp(centre, -unit)
    powers = np.arange(1, order + 1)[:, np.newaxis, np.newaxis]

    def rule(left: FloatArray, width: FloatArray) -> FloatArray | None:
        """The integrals of the powers over some parts: shape (order, parts)."""
        z = left[:, np.newaxis] + width[:, np.newaxis] * (_POINTS + 1.0) / 2.0
        flat = z.ravel()
        values = f(tail(-flat), tail(flat)).reshape(z.shape) - centre
        values = np.ldexp(values, -unit) if unit else values
        if not np.isfinite(values).all():
            return None
        # The density goes into the power, which by itself may be beyond the numbers.
        size = np.abs(values) * np.exp(-z * z / (2.0 * powers))
        signs = np.where(powers % 2, np.sign(values), 1.0)
        found: FloatArray = (signs * size**powers) @ _WEIGHTS * (width / 2.0)
        return found / math.sqrt(2.0 * math.pi)

    ends = np.arange(-_FAR, _FAR + _WIDTH / 2.0, _WIDTH)
    ends = ends if edges is None else np.union1d(ends, edges)
    left, width = ends[:-1], np.diff(ends)
    with np.errstate(all="ignore"):
        coarse = rule(left, width)
        if coarse is None or not np.isfinite(coarse).all():
            return None
        scale = np.abs(coarse).sum(axis=1)
        spread = math.sqrt(float(scale[1]))
        if only_rounding(shift - spread, shift + spread):
            return CentralMoments.certain(centre, order)
        if np.any(np.abs(coarse[:, [0, -1]]).max(axis=1) > _AGREE * scale):
            return None  # what is beyond counts
        total = _refined(rule, left, width, coarse)
    if total is None:
        return None
    raw = [1.0, *total.tolist()]
    away = raw[1]
    central = [
        math.fsum(math.comb(k, j) * raw[j] * (-away) ** (k - j) for j in range(k + 1))
        for k in range(2, order + 1)
    ]
    central[0] = max(central[0], 0.0)
    return CentralMoments.of(shift + away, central, unit)


def _refined(
    rule: Callable[[FloatArray, FloatArray], FloatArray | None],
    left: FloatArray,
    width: FloatArray,
    coarse: FloatArray,
) -> FloatArray | None:
    """Integrals over all parts, which are divided where the rule and the same on their pieces
    disagree; None where they do not settle.

    Parameters
    ----------
    rule : the integrals over some parts, shape (order, parts), by their left ends and widths
    left, width : (parts,)
    coarse : the rule's integrals over these parts, (order, parts)

    Returns
    -------
    (order,)
    """
    order, total = len(coarse), np.zeros(len(coarse))
    scale = np.abs(coarse).sum(axis=1)
    for _ in range(_ROUNDS):
        parts = np.arange(_INTO) / _INTO
        inner = (left[:, np.newaxis] + width[:, np.newaxis] * parts).ravel()
        finer = rule(inner, np.repeat(width / _INTO, _INTO))
        if finer is None:
            return None
        sums = finer.reshape(order, -1, _INTO).sum(axis=2)
        off = np.abs(sums - coarse) > _AGREE * scale[:, np.newaxis] / _INTO
        again = off.any(axis=0)
        total += sums[:, ~again].sum(axis=1)
        if not again.any():
            return total
        left = inner.reshape(-1, _INTO)[again].ravel()
        width = np.repeat(width[again] / _INTO, _INTO)
        coarse = finer.reshape(order, -1, _INTO)[:, again].reshape(order, -1)
        if left.size > _MOST:
            return None
    if np.any(np.abs(coarse).sum(axis=1) > _AGREE * scale):
        return None
    total += coarse.sum(axis=1)
    return total
