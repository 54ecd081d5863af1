"""Quantiles of beta and gamma variates, and probabilities of these, also where SciPy's are wrong.

Near 0 SciPy's quantiles of a beta variate stop at 2.2e-308 where the true one is smaller, so that
with small shapes a share of the draws would stick there; here they are 0, as rounding makes them.
At probabilities below 1e-100 some of them are NaN.
For shapes above a million SciPy's quantiles of a gamma variate are up to 0.28 standard deviations
off, at probabilities below 1e-6, and such probabilities a tenth of what they should be.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "beta_isf",
    "beta_ppf",
    "gamma_cdf",
    "gamma_isf",
    "gamma_ppf",
    "gamma_sf",
    "log_beta_near_zero",
]

_NEAR_ZERO = 1e-290  # from here on SciPy's may stick
_FIRST_TERM = 1e-12  # times 1/b: up to here the CDF is its first term
_LARGE = float(1 << 20)  # shape from which the expansion is good to 1e-11 standard deviations
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
        inside = ndtr(-sign * np.sqrt(k) * eta) + sign * density * rest
    at_ends = np.where(np.less_equal(z, 0.0), sign > 0.0, sign < 0.0)
    return np.where((z <= 0.0) | np.isposinf(z), at_ends, inside)


def _near_1(m: Any) -> Any:
    """(m - log(1 + m)) / m² by its series."""
    return np.polyval([(-1.0) ** j / (j + 2.0) for j in range(11, -1, -1)], m)


def _known_near_zero(y: Any, b: Any, log_near_zero: Any) -> Any:
    """By the first term of the CDF, where SciPy sticks or gives NaN and that term is all."""
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
