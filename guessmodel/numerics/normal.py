"""The standard normal distribution without SciPy, whose import alone costs 0.2 s."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from guessmodel.numerics.arrays import FloatArray

__all__ = ["isf", "ppf", "quantile", "sf", "tail"]

_Coefficients = tuple[float, ...]

# M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution",
# Applied Statistics 37 (1988), routine PPND16: three rational functions of degree 7 over 7,
# lowest power first.
_CENTRE: tuple[_Coefficients, _Coefficients] = (
    (
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
_TAIL: tuple[_Coefficients, _Coefficients] = (
    (
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)
_FAR_TAIL: tuple[_Coefficients, _Coefficients] = (
    (
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ),
    (
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)

# exp(z²/2) P(Z > z) for z >= 0: the rational function of degree 9 over 10 of which the largest
# relative error is least at 80 Chebyshev points of (z - 3)/(z + 3): 1.4e-16.
_SCALED_TAIL: tuple[_Coefficients, _Coefficients] = (
    (
        0.5,
        0.78218264741923351,
        0.604675892358322775,
        0.296950315672906757,
        0.101129685755277789,
        0.0246740178485809718,
        0.00431348375016397944,
        0.0005229653385908415,
        0.0000402237591865646253,
        1.51867353036331951e-6,
        0.0,
    ),
    (
        1.0,
        2.36224985564131695,
        2.59415447329214707,
        1.74857302636405977,
        0.803609118935588464,
        0.264105170896363986,
        0.0631518572247493774,
        0.0109131263370271791,
        0.00131468645445768296,
        0.000100826012088242976,
        3.80675001114536162e-6,
    ),
)
_EXACT = 16.0
_FARTHEST = 40.0  # the tail beyond is less than the smallest number


def _rational(x: FloatArray, coefficients: tuple[_Coefficients, _Coefficients]) -> FloatArray:
    above, below = coefficients
    numerator = np.full_like(x, above[-1])
    denominator = np.full_like(x, below[-1])
    for a, b in zip(above[-2::-1], below[-2::-1], strict=True):
        numerator *= x
        numerator += a
        denominator *= x
        denominator += b
    numerator /= denominator
    return numerator


def ppf(p: npt.ArrayLike) -> FloatArray:
    """Standard normal quantile, to about 1e-16 relative for small `p`.

    Parameters
    ----------
    p : array_like
        Probabilities. 0 gives minus infinity, 1 plus infinity, anything outside NaN.

    Examples
    --------
    >>> ppf([0.05, 0.5, 0.975]).round(6).tolist()
    [-1.644854, 0.0, 1.959964]
    """
    if isinstance(p, float):
        return np.asarray(quantile(p))
    return _ppf(np.asarray(p, dtype=np.float64))


def _ppf(p: FloatArray) -> FloatArray:
    flat = p.ravel()
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = flat - 0.5
        out = centred * _rational(0.180625 - centred * centred, _CENTRE)
        outer = np.flatnonzero(~(np.abs(centred) <= 0.425))
        if outer.size:
            tail = flat[outer]
            r = np.sqrt(-np.log(np.minimum(tail, 1.0 - tail)))
            value = np.where(r <= 5.0, _rational(r - 1.6, _TAIL), _rational(r - 5.0, _FAR_TAIL))
            value[np.isinf(r)] = np.inf
            out[outer] = np.copysign(value, centred[outer])
    return out.reshape(p.shape)


@lru_cache(maxsize=256)
def quantile(p: float) -> float:
    """`ppf` of one probability, kept: a model asks for the same few again and again.

    Examples
    --------
    >>> round(quantile(0.95), 6)
    1.644854
    """
    return float(_ppf(np.asarray(p)))


def isf(q: npt.ArrayLike) -> FloatArray:
    """The value exceeded with probability `q`, to about 1e-16 relative for small `q`.

    Examples
    --------
    >>> isf(1e-20).round(6).item()
    9.26234
    """
    return -ppf(q)


def sf(z: FloatArray) -> FloatArray:
    """P(Z > z), to 2e-15 of itself; a table is faster (`normal_cdf`), but less exact.

    Examples
    --------
    >>> sf(np.array([0.0, 1.644854])).round(6).tolist()
    [0.5, 0.05]
    """
    flat = z.ravel()
    away = np.minimum(np.abs(flat), _FARTHEST)
    found = _rational(away, _SCALED_TAIL)
    short = np.rint(_EXACT * away) / _EXACT  # its square is exact
    rest = away - short
    away += short
    rest *= away
    short *= short
    for exponent in (short, rest):
        exponent *= -0.5
        found *= np.exp(exponent, out=exponent)
    np.subtract(1.0, found, out=found, where=flat < 0.0)
    return found.reshape(z.shape)


def tail(z: FloatArray) -> FloatArray:
    """The same one by one, which takes ten times as long, but does not rise by rounding where z
    does: what looks for the turns of a function needs that.

    Examples
    --------
    >>> tail(np.array([0.0, 1.644854])).round(6).tolist()
    [0.5, 0.05]
    """
    scaled = (z / math.sqrt(2.0)).ravel().tolist()
    return np.fromiter(map(math.erfc, scaled), np.float64, len(scaled)).reshape(z.shape) / 2.0
