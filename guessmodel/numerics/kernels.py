"""The powers in the densities of gamma and beta variates, without cancellation at large shapes.

The textbook forms exp(k log z - z - log gamma(k)) lose one digit for each digit of k. Here the
large parts are cancelled by hand, with Stirling's formula (C. Loader, "Fast and Accurate
Computation of Binomial Probabilities", 2000).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["beta_kernel", "gamma_kernel"]


def gamma_kernel(z: Any, k: Any) -> Any:
    """z^k exp(-z) / gamma(k)."""
    exponent = k * _deviance(z / k) + _stirling_error(k)
    return np.sqrt(k / (2.0 * math.pi)) * np.exp(-exponent)


def beta_kernel(y: Any, rest: Any, a: Any, b: Any) -> Any:
    """y^a (1 - y)^b / beta(a, b); `rest` is 1 - y, given apart for where y is nearly 1."""
    n = a + b
    exponent = a * _deviance(y * n / a) + b * _deviance(rest * n / b)
    exponent = exponent + _stirling_error(a) + _stirling_error(b) - _stirling_error(n)
    return np.sqrt(a * b / (2.0 * math.pi * n)) * np.exp(-exponent)


def _deviance(r: Any) -> Any:
    """r - 1 - log r."""
    t = r - 1.0
    # Below a half, 1 + t no longer holds all digits of r.
    value = t - np.where(r < 0.5, np.log(r), np.log1p(t))
    return np.where(np.isinf(r), np.inf, value)


def _stirling_error(x: Any) -> Any:
    """log gamma(x) less Stirling's (x - 1/2) log x - x + log(2 pi) / 2."""
    from scipy.special import gammaln

    small = np.minimum(x, 16.0)
    exact = gammaln(small) - (small - 0.5) * np.log(small) + small - 0.5 * math.log(2.0 * math.pi)
    r = 1.0 / np.maximum(x, 16.0)
    s = r * r
    series = r * (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188))))
    return np.where(np.less(x, 16.0), exact, series)
