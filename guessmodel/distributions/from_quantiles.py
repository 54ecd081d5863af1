"""Shapes of gamma and beta variates, and bounds about a mode, from two quantiles, by bracketed
root-finding."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from guessmodel.distributions.checks import forbid
from guessmodel.errors import ModelError
from guessmodel.numerics import normal
from guessmodel.numerics.arrays import FloatArray

__all__ = [
    "beta_from_quantiles",
    "bounds_about_mode",
    "bounds_from_quantiles",
    "gamma_from_quantiles",
]

_CLOSE = 1e-6
"""How far from the wanted probability, relative to its distance from 0 and 1, a solution may be."""


def gamma_from_quantiles(
    family: str, low: Any, high: Any, p: float, q: float, *, rest: float
) -> tuple[FloatArray, FloatArray]:
    """Shape and scale of the gamma variate with quantiles low at p and high at q.

    The ratio of the two quantiles falls from infinity to 1 as the shape grows, so its root is
    unique. `rest` is 1 - q, given apart for where q is nearly 1.
    """

    def parameters_of(low: float, high: float) -> tuple[float, float]:
        wanted = math.log1p((high - low) / low)

        def excess(log_shape: float) -> float:
            shape = _exp(log_shape)
            return _log_quantile(shape, q, rest) - _log_quantile(shape, p, 1.0 - p) - wanted

        # Of a large shape the logarithm is nearly normal with standard deviation shape^-1/2.
        start = 2.0 * math.log(_spread(p, q) / wanted)
        log_shape = _root(excess, start)
        shape = _exp(log_shape)
        scale = _exp(math.log(high) - _log_quantile(shape, q, rest))
        from scipy.special import gammainc, gammaincc

        _confirm(family, low, high, gammainc(shape, low / scale), p)
        _confirm(family, low, high, gammaincc(shape, high / scale), rest)
        return shape, scale

    return _over_labels(parameters_of, low, high)


def beta_from_quantiles(low: Any, high: Any, p: float, q: float) -> tuple[FloatArray, FloatArray]:
    """Alpha and beta of the beta variate on (0, 1) with quantiles low at p and high at q.

    For each sum n of the shapes one mean puts the p-quantile at `low`, and the q-quantile then
    falls from 1 to `low` as n grows: two nested roots, both unique.
    """
    from scipy.special import betainc, betaincc

    def parameters_of(low: float, high: float) -> tuple[float, float]:
        def shapes(log_n: float, logit: float) -> tuple[float, float]:
            n = _exp(log_n)
            return n * _expit(logit), n * _expit(-logit)

        def mean(log_n: float) -> float:
            return _root(lambda m: float(betainc(*shapes(log_n, m), low)) - p, centre, step=spread)

        def excess(log_n: float) -> float:
            return (1.0 - q) - float(betaincc(*shapes(log_n, mean(log_n)), high))

        # The logit of the variate is roughly normal, with variance 1 / (n m (1 - m)) at mean m.
        z_low, z_high = normal.quantile(p), normal.quantile(q)
        spread = max((_logit(high) - _logit(low)) / (z_high - z_low), 1e-300)
        centre = _logit(low) - z_low * spread
        m = max(_expit(centre) * _expit(-centre), 1e-300)
        log_n = _root(lambda x: -excess(x), -math.log(m) - 2.0 * math.log(spread))
        alpha, beta = shapes(log_n, mean(log_n))
        _confirm("beta", low, high, betainc(alpha, beta, low), p)
        _confirm("beta", low, high, betaincc(alpha, beta, high), 1.0 - q)
        return alpha, beta

    return _over_labels(parameters_of, low, high)


def bounds_from_quantiles(low: Any, high: Any, z_low: float, z_high: float) -> tuple[Any, Any]:
    """Bounds between which low and high are z_low and z_high of the way; also of quantities."""
    width = (high - low) / (z_high - z_low)
    return low - z_low * width, high + (1.0 - z_high) * width


def bounds_about_mode(
    family: str,
    standard: Callable[..., tuple[float, float]],
    low: Any,
    high: Any,
    mode: Any,
    *further: Any,
) -> tuple[FloatArray, FloatArray]:
    """Bounds of the distribution with two quantiles, low and high, and a mode.

    `standard(at, *further)` gives both quantiles of the distribution on (0, 1) with its mode at
    `at`. Between bounds L and L + w it is L + w z, so that (mode - low)/(high - low) is
    (at - z_low)/(z_high - z_low). Between 0 and 1 that grows with `at`: its root is unique.
    """
    outside = (
        f"{family}: the mode lies outside low to high, which are quantiles; "
        f"for bounds write {family}(low, high, mode=…)"
    )
    forbid(mode < low, outside)
    forbid(mode > high, outside)

    def bounds_of(low: float, high: float, mode: float, *further: float) -> tuple[float, float]:
        wanted = (mode - low) / (high - low)

        def excess(at: float) -> float:
            z_low, z_high = standard(at, *further)
            return wanted - (at - z_low) / (z_high - z_low) if z_high > z_low else math.nan

        at_low, at_high = excess(0.0), excess(1.0)
        if not at_low >= 0.0 >= at_high:
            raise ModelError(
                f"{family}: no bounds give the quantiles {low:g} and {high:g} and the mode "
                f"{mode:g}; the probability below the mode must lie between theirs"
            )
        at = _bracketed(excess, 0.0, 1.0, at_low, at_high, 1.0)
        first, last = bounds_from_quantiles(low, high, *standard(at, *further))
        return min(first, mode), max(last, mode)  # which a bound may miss by rounding

    return _over_labels(bounds_of, low, high, mode, *further)


def _log_quantile(shape: float, p: float, rest: float) -> float:
    """Logarithm of the standard gamma quantile, also where the quantile itself underflows."""
    from scipy.special import gammainccinv, gammaincinv

    x = float(gammaincinv(shape, p) if p < 0.5 else gammainccinv(shape, rest))
    if x > 1e-200:
        return math.log(x)
    # P(shape, x) is x^shape / gamma(1 + shape) up to a factor 1 - O(x).
    return (math.log(p) + math.lgamma(1.0 + shape)) / shape


def _spread(p: float, q: float) -> float:
    return normal.quantile(q) - normal.quantile(p)


def _logit(x: float) -> float:
    return math.log(x) - math.log1p(-x)


def _expit(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > 0 else math.exp(x) / (1.0 + math.exp(x))


def _exp(x: float) -> float:
    return math.exp(min(max(x, -690.0), 690.0))


def _root(falling: Callable[[float], float], start: float, step: float = 1.0) -> float:
    """Root of a falling function by Ridders' method, the bracket grown from `start`; NaN where
    none is in reach. (Importing scipy.optimize would cost more than all the rest.)"""
    left = right = start
    at_left = at_right = falling(start)
    width = step
    while at_left < 0.0 and width < 1e6 * step:
        right, at_right, left, width = left, at_left, left - width, 2.0 * width
        at_left = falling(left)
    width = step
    while at_right > 0.0 and width < 1e6 * step:
        left, at_left, right, width = right, at_right, right + width, 2.0 * width
        at_right = falling(right)
    if not at_left >= 0.0 >= at_right:
        return math.nan
    return _bracketed(falling, left, right, at_left, at_right, step)


def _bracketed(
    falling: Callable[[float], float],
    left: float,
    right: float,
    at_left: float,
    at_right: float,
    step: float,
) -> float:
    """Root between two ends of a bracket, to 15 digits of `step` or of itself."""
    last = left
    for _ in range(200):
        middle = 0.5 * (left + right)
        at_middle = falling(middle)
        size = math.sqrt(at_middle * at_middle - at_left * at_right)
        if size == 0.0:
            return middle
        new = middle + (middle - left) * at_middle / size
        at_new = falling(new)
        for x, value in sorted(((middle, at_middle), (new, at_new))):
            if value >= 0.0 and x >= left:
                left, at_left = x, value
            elif value < 0.0 and x <= right:
                right, at_right = x, value
                break
        if at_new == 0.0 or abs(new - last) <= 1e-15 * max(abs(new), step):
            return new
        last = new
    return last


def _confirm(family: str, low: float, high: float, got: Any, wanted: float) -> None:
    if not abs(float(got) - wanted) <= _CLOSE * wanted * (1.0 - wanted):
        raise ModelError(
            f"{family}: found no shapes for {low:g} to {high:g}, which are too close or too far "
            "apart; write gm.normal(low, high) or gm.lognormal(low, high)"
        )


def _over_labels(
    parameters_of: Callable[..., tuple[float, float]], *values: Any
) -> tuple[FloatArray, FloatArray]:
    """One solution for each label; NaN where not applicable."""
    arrays = np.broadcast_arrays(*(np.asarray(each, float) for each in values))
    pairs = [
        (math.nan, math.nan) if any(map(math.isnan, each)) else parameters_of(*each)
        for each in zip(*(array.ravel().tolist() for array in arrays), strict=True)
    ]
    solved = np.asarray(pairs, dtype=np.float64).reshape(*arrays[0].shape, 2)
    return solved[..., 0], solved[..., 1]
