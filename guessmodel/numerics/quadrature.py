"""Mean and variance from a quantile function, where there is no closed form.

E[g(X)] is the integral of g(Q(p)) over p in (0, 1), taken by the double-exponential rule
p = 1 / (1 + exp(-pi sinh t)) (Takahasi and Mori, "Double exponential formulas for numerical
integration", Publ. RIMS 9, 1974), whose nodes reach 1e-280 at either end. Beyond the outermost
node Q is continued as the power of p that it is there, which also tells whether there is an
integral at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["central_moment", "integral", "moments"]


_STEP = 1.0 / 16.0
_REACH = 6.0  # exp(-pi sinh 6) = 4e-276
_LEAST = 1e-6  # tails this near to divergence count as divergent

_T = np.arange(_STEP / 2.0, _REACH, _STEP)
_P = 1.0 / (1.0 + np.exp(np.pi * np.sinh(_T)))
_WEIGHT = _STEP * np.pi * np.cosh(_T) * _P * (1.0 - _P)


def moments(
    ppf: Callable[[FloatArray], FloatArray], isf: Callable[[FloatArray], FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Mean and variance; infinite where they diverge, NaN where the mean does not exist.

    Parameters
    ----------
    ppf, isf : callable
        Quantiles below and above: from probabilities (nodes, 1) to values (nodes, m).

    Notes
    -----
    To 1e-10 relative for smooth quantile functions; 1e-5 for a tail index within 1% of divergence.
    """
    p = _P[:, np.newaxis]
    with np.errstate(all="ignore"):
        low, high = np.asarray(ppf(p)), np.asarray(isf(p))
        centre = 0.5 * (low[0] + high[0])
        below, above = _side(low - centre, 1), _side(high - centre, 1)
        mean = centre + below + above
        middle = np.where(np.isfinite(mean), mean, centre)
        variance = _side(low - middle, 2) + _side(high - middle, 2)
    variance = np.where(np.isnan(mean), np.nan, np.where(np.isinf(mean), np.inf, variance))
    return mean, variance


def central_moment(
    ppf: Callable[[FloatArray], FloatArray],
    isf: Callable[[FloatArray], FloatArray],
    mean: float,
    power: int,
) -> float:
    """E[(X - mean)^power]; infinite or NaN where it diverges. Parameters are those of `moments`.

    >>> def low(p: FloatArray) -> FloatArray:  # of an exponential variable, whose third one is 2
    ...     return -np.log1p(-p)
    >>> round(central_moment(low, lambda q: -np.log(q), 1.0, 3), 9)
    2.0
    """
    p = _P[:, np.newaxis]
    with np.errstate(all="ignore"):
        low, high = np.asarray(ppf(p)), np.asarray(isf(p))
        return float((_side(low - mean, power) + _side(high - mean, power))[0])


def integral(f: Callable[[FloatArray], FloatArray], start: float, width: float) -> float:
    """Integral of f over (start, start + width), which may be infinite at either end.

    >>> round(integral(lambda x: 1.0 / np.sqrt(x), 0.0, 4.0), 9)
    4.0
    """
    near = f(start + width * _P)
    far = f(start + width * (1.0 - _P))
    return width * float(np.sum(_WEIGHT * (near + far)))


def _side(deviation: FloatArray, power: int) -> FloatArray:
    """Integral of deviation**power over p in (0, 1/2), and what lies beyond the last node."""
    usable = np.isfinite(deviation)  # probabilities that underflow end the tail earlier
    last = np.maximum(usable.sum(axis=0) - 1, 1)
    total = np.where(usable, deviation, 0.0) ** power * _WEIGHT[:, np.newaxis]
    inner = last - last // 4
    columns = np.arange(deviation.shape[1])
    outermost, reference = deviation[last, columns], deviation[inner, columns]
    index = np.log(np.abs(outermost / reference)) / np.log(_P[inner] / _P[last])
    index = np.where(np.isfinite(index), np.maximum(index, 0.0), 0.0)
    rest = 1.0 - power * index
    edge = 1.0 / (1.0 + np.exp(np.pi * np.sinh(_T[last] + 0.5 * _STEP)))
    beyond = outermost * (_P[last] / edge) ** index
    sign = np.sign(outermost) ** power
    tail = np.where(rest > _LEAST, edge * beyond**power / rest, sign * math.inf)
    return np.asarray(total.sum(axis=0) + tail)
