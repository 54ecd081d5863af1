"""Quantiles of beta and gamma variates, and probabilities of these, also where SciPy's are wrong.

Near 0 SciPy's quantiles of a beta variate stop at 2.2e-308 where the true one is smaller, so that
with small shapes a share of the draws would stick there; here they are 0, as rounding makes them.
At probabilities below 1e-100 some of them are NaN.
For shapes above a million SciPy's quantiles of a gamma variate are up to 0.28 standard deviations
off, at probabilities below 1e-6, and such probabilities a tenth of what they should be. Those of a
beta variate take milliseconds each where both shapes are above 1e15, and have few digits; and
that it is more than a number takes 4 to 40 times as long as that it is less.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "beta_cdf",
    "beta_isf",
    "beta_ppf",
    "beta_sf",
    "gamma_cdf",
    "gamma_isf",
    "gamma_ppf",
    "gamma_sf",
    "log_beta_near_zero",
]

_NEAR_ZERO = 1e-290  # from here on SciPy's may stick
_FIRST_TERM = 1e-12  # times 1/b: up to here the CDF is its first term
_LARGE = float(1 << 20)  # shape from which the expansion is good to 1e-11 standard deviations
_SMALL = float(1 << 16)  # sum of both shapes, up to which 1 - y has digits enough,
_STEEP = 1e-5  # unless a shape below 1 makes the probability steep near 0
_FEW = 0.5  # 1 - p has all digits of a probability that is not less
_CLOSE = 0.05  # to 1: where m - log(1 + m) would lose digits, and twelve terms have them all
# Coefficients of Temme's expansion, the highest power first (DLMF 8.12.10 and following).
_FIRST = [-139 / 777600, 1 / 2835, 1 / 864, -2 / 135, 1 / 12, -1 / 3]
_SECOND = [1 / 378, -1 / 288, -1 / 540]


def beta_ppf(a: Any, b: Any, p: Any) -> Any:
    """The y that a beta variate with shapes a and b stays below with probability p."""
    from scipy.special import betaincinv

    y = betaincinv(a, b, p)
    y = _known_near_zero(y, b, lambda: log_beta_near_zero(a, b, np.log(p)))
    return _known_near_one(y, a, lambda: log_beta_near_zero(b, a, np.log1p(-p)))


def beta_isf(a: Any, b: Any, q: Any) -> Any:
    """The y that it exceeds with probability q."""
    from scipy.special import betainccinv

    y = betainccinv(a, b, q)
    y = _known_near_zero(y, b, lambda: log_beta_near_zero(a, b, np.log1p(-q)))
    return _known_near_one(y, a, lambda: log_beta_near_zero(b, a, np.log(q)))


def beta_cdf(a: Any, b: Any, y: Any) -> Any:
    """The probability that a beta variate with shapes a and b is at most y."""
    from scipy.special import betainc

    return _unless_both_large(betainc, 1.0, a, b, y)


def beta_sf(a: Any, b: Any, y: Any) -> Any:
    """The probability that it is more."""
    return _unless_both_large(_betaincc, -1.0, a, b, y)


def _betaincc(a: Any, b: Any, y: Any) -> Any:
    """SciPy's, to 11 digits and in less time."""
    from scipy.special import betainc, betaincc

    a, b, y = np.broadcast_arrays(a, b, y)
    found = np.asarray(1.0 - betainc(a, b, y))
    exact = (a + b < _SMALL) & ((a >= 1.0) | (y > _STEEP))
    for few, function, at in (
        ((found < _FEW) & exact, betainc, (b, a, 1.0 - y)),
        ((found < _FEW) & ~exact, betaincc, (a, b, y)),
    ):
        if np.any(few):
            found[few] = function(*(each[few] for each in at))
    return found


def _unless_both_large(function: Any, sign: float, a: Any, b: Any, y: Any) -> Any:
    large = np.minimum(a, b) > _LARGE
    if not np.any(large):
        return function(a, b, y)
    if np.all(large):
        return _uniform_beta(sign, a, b, y)
    near = function(np.where(large, 1.0, a), np.where(large, 1.0, b), y)  # it would take long
    return np.where(large, _uniform_beta(sign, a, b, y), near)


def _uniform_beta(sign: float, a: Any, b: Any, y: Any) -> Any:
    """Temme's expansion for large shapes, uniform in y (DLMF 8.18.9 and 8.18.11): the normal tail
    beyond √(a + b) η, where x = a / (a + b) and -η²/2 = x log(y/x) + (1 - x) log((1 - y)/(1 - x)),
    and the first term of what is left.

    With u = y/x - 1 and v = (1 - y)/(1 - x) - 1 both are written without a difference of numbers
    that are nearly the same.
    """
    from scipy.special import ndtr

    n = a + b
    x, rest = a / n, b / n
    with np.errstate(all="ignore"):
        off = np.where(np.greater(y, 0.5), b - n * (1.0 - y), n * y - a)  # n (y - x)
        u, v = off / a, -off / b
        bend = rest * u * _bent(u) + x * v * _bent(v)  # η² is (y - x)² (1 + bend) / (x (1 - x))
        root = np.sqrt(1.0 + bend)
        z = off / np.sqrt(n * x * rest) * root  # √n η
        slope = rest / x * _bent(u) - x / rest * _bent(v)  # bend / (y - x)
        first = -slope * np.sqrt(x * rest) / (root * (1.0 + root))  # 1/η - √(x (1 - x)) / (y - x)
        inside = ndtr(sign * z) + sign * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi * n) * first
    at_ends = np.where(np.less_equal(y, 0.0), sign < 0.0, sign > 0.0)
    return np.where((y <= 0.0) | (y >= 1.0), at_ends, inside)


def _bent(m: Any) -> Any:
    """(2 (m - log(1 + m)) / m² - 1) / m, by its series near 0."""
    near = np.polyval([2.0 * (-1.0) ** j / (j + 2.0) for j in range(14, 0, -1)], m)
    return np.where(np.abs(m) < _CLOSE, near, (2.0 * (m - np.log1p(m)) / (m * m) - 1.0) / m)


def log_beta_near_zero(a: Any, b: Any, log_p: Any) -> Any:
    """The logarithm of the p-quantile, far below 1/b: there the CDF is y^a / (a B(a, b))."""
    from scipy.special import betaln

    return (log_p + np.log(a) + betaln(a, b)) / a


def gamma_ppf(k: Any, p: Any) -> Any:
    """The z that a gamma variate with shape k stays below with probability p."""
    from scipy.special import gammaincinv

    if not np.any(np.greater(k, _LARGE)):
        return gammaincinv(k, p)
    from guessmodel.numerics.normal import ppf

    return np.where(np.greater(k, _LARGE), _expanded(k, ppf(p)), gammaincinv(k, p))


def gamma_isf(k: Any, q: Any) -> Any:
    """The z that it exceeds with probability q."""
    from scipy.special import gammainccinv

    if not np.any(np.greater(k, _LARGE)):
        return gammainccinv(k, q)
    from guessmodel.numerics.normal import isf

    return np.where(np.greater(k, _LARGE), _expanded(k, isf(q)), gammainccinv(k, q))


def gamma_cdf(k: Any, z: Any) -> Any:
    """The probability that a gamma variate with shape k is at most z."""
    from scipy.special import gammainc

    return _unless_large(gammainc, -1.0, k, z)


def gamma_sf(k: Any, z: Any) -> Any:
    """The probability that it is more."""
    from scipy.special import gammaincc

    return _unless_large(gammaincc, 1.0, k, z)


def _unless_large(function: Any, sign: float, k: Any, z: Any) -> Any:
    large = np.greater(k, _LARGE)
    if not np.any(large):
        return function(k, z)
    return np.where(large, _uniform(sign, k, z), function(k, z))


def _uniform(sign: float, k: Any, z: Any) -> Any:
    """Temme's expansion for large k, uniform in z (DLMF 8.12.3 and 8.12.4): the normal tail beyond
    √k η, where η²/2 = z/k - 1 - log(z/k), and what is left, in powers of η and 1/k."""
    from scipy.special import ndtr

    with np.errstate(all="ignore"):
        m = (z - k) / k
        square = np.where(np.abs(m) < _CLOSE, 2.0 * m * m * _near_1(m), 2.0 * (m - np.log1p(m)))
        eta = np.copysign(np.sqrt(square), m)
        rest = np.polyval(_FIRST, eta) + np.polyval(_SECOND, eta) / k
        density = np.exp(-0.5 * k * square) / np.sqrt(2.0 * np.pi * k)
        beside = np.where(density > 0.0, sign * density * rest, 0.0)  # not 0 times infinity
        inside = ndtr(-sign * np.sqrt(k) * eta) + beside
    at_ends = np.where(np.less_equal(z, 0.0), sign > 0.0, sign < 0.0)
    return np.where((z <= 0.0) | np.isposinf(z), at_ends, inside)


def _near_1(m: Any) -> Any:
    """(m - log(1 + m)) / m² by its series."""
    return np.polyval([(-1.0) ** j / (j + 2.0) for j in range(11, -1, -1)], m)


def _known_near_zero(y: Any, b: Any, log_near_zero: Any) -> Any:
    """Quantiles by the first term of the CDF, where SciPy sticks or gives NaN and that term is
    all."""
    doubtful = np.less(y, _NEAR_ZERO) | np.isnan(y)
    if not np.any(doubtful):
        return y
    with np.errstate(all="ignore"):
        near = np.exp(log_near_zero())
        return np.where(doubtful & (near * b < _FIRST_TERM), near, y)


def _known_near_one(y: Any, a: Any, log_left: Any) -> Any:
    """The same from the other end, where SciPy gives NaN."""
    missing = np.isnan(y)
    if not np.any(missing):
        return y
    with np.errstate(all="ignore"):
        left = np.exp(log_left())
        return np.where(missing & (left * a < _FIRST_TERM), 1.0 - left, y)


def _expanded(k: Any, z: Any) -> Any:
    """Cornish and Fisher's expansion about the normal distribution: Abramowitz and Stegun (1964),
    26.2.49, with the cumulants k (j - 1)! of a gamma variate."""
    root = np.sqrt(k)
    square = z * z
    rest = (square - 1.0) / 3.0 + z * (square - 7.0) / (36.0 * root)
    return k + root * z + rest - ((3.0 * square + 7.0) * square - 16.0) / (810.0 * k)
