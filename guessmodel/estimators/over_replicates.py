"""Statistics of several variables at once: any smooth function of their means, with its error.

A ratio of means, a difference, a correlation (of the means of products and squares) is nearly
linear in the means over the range of their errors. Its error is therefore that of the mean of one
variable, made draw by draw; and goes through the estimator that every mean goes through, with all
that it knows of skewed tails and of gaps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.replicates import mean
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.numerics.squarable import exponent, power_of

__all__ = ["correlation", "of_ranks", "over_replicates"]

_STEP = 1e-30  # imaginary, and far below the last digit of any mean


def over_replicates(
    f: Callable[..., Any],
    *variables: FloatArray | float,
    means: Sequence[float] | None = None,
    unit: str = "",
) -> Estimate:
    """f(mean of the first variable, mean of the second, …), and its error by the delta method.

    With m the means and g the derivatives of f there, the error is that of the mean of
    f(m) + Σ gᵢ (xᵢ − mᵢ) over all draws x: errors that the variables share cancel. Derivatives are
    taken by a complex step, f(m + iε) / ε (Squire and Trapp, 1998), exact to the last digits.

    Parameters
    ----------
    f : smooth, of as many numbers as there are variables; arithmetic and functions of NumPy's
    variables : draws of shape (R, N), all of one run; or a number, a mean that is known
    means : of the variables, where they are known better than from these draws
    unit : for display

    Returns
    -------
    Estimate : refused where f of the means is no number, marked as `mean` marks a mean. Draws in
        which some variable is not finite are left out.

    >>> x = np.random.default_rng(0).normal(10.0, 1.0, (8, 500))
    >>> over_replicates(lambda a, b: a / b, 3.0 * x, x).error < 1e-12
    True
    """
    if means is None:
        means = [_mean_of(variable) for variable in variables]
    with np.errstate(all="ignore"):
        value = float(f(*map(np.float64, means)))
        if not math.isfinite(value):
            return Estimate.refused("does not exist at these means", "replicates", unit)
        slopes = [
            float(np.imag(f(*(m + _STEP * 1j * (k == i) for k, m in enumerate(means))))) / _STEP
            for i in range(len(means))
        ]
        linear: FloatArray | None = None
        for slope, variable, centre in zip(slopes, variables, means, strict=True):
            if isinstance(variable, np.ndarray):
                part = variable - centre
                part *= slope
                linear = part if linear is None else np.add(linear, part, out=linear)
    if linear is None:
        return Estimate.exact(value, unit)
    power = exponent(float(linear.min()), float(linear.max())) if linear.size else 0
    if power:
        linear = np.ldexp(linear, -power)
    found = mean(linear, unit=unit)
    if math.isnan(found.value):
        return found
    if power:
        linear, found = np.ldexp(linear, power), found.scaled(2.0**power, unit)
    if found.note and only_rounding(value + np.nanmin(linear), value + np.nanmax(linear)):
        found = replace(found, note=None)  # all draws say the same: the tail is one of roundings
    low, high = value + (found.low - found.value), value + (found.high - found.value)
    return replace(found, value=value, low=low, high=high)


def correlation(a: FloatArray, b: FloatArray) -> Estimate:
    """E[ab] / √(E[a²] E[b²]): Pearson's correlation of centred draws (R, N), Spearman's of their
    centred ranks.

    >>> a, b = np.random.default_rng(0).normal(size=(2, 8, 500))
    >>> found = correlation(a, a + b)  # of normal numbers it is 1/√2
    >>> found.low < 0.5**0.5 < found.high
    True
    """
    a, b = (np.ldexp(x, -power) if (power := power_of(x)) else x for x in (a, b))
    found = over_replicates(lambda ab, aa, bb: ab / np.sqrt(aa * bb), a * b, a * a, b * b)
    return replace(found, low=max(found.low, -1.0), high=min(found.high, 1.0))


def of_ranks(a: FloatArray, b: FloatArray) -> Estimate:
    """The same of centred ranks: these have no tails, whatever few of them are off the line, so
    that it needs no mark."""
    return replace(correlation(a, b), note=None)


def _mean_of(variable: FloatArray | float) -> float:
    """The mean of all finite draws."""
    if not isinstance(variable, np.ndarray):
        return variable
    whole = float(variable.ravel().mean()) if variable.size else math.nan
    if math.isfinite(whole):
        return whole
    finite = variable[np.isfinite(variable)]
    return float(finite.mean()) if finite.size else math.nan
