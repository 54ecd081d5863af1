"""Families of counts: maximum likelihood for many samples (B, n) at once."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import special

from guessmodel.numerics.arrays import FloatArray

__all__ = ["dispersion", "levels", "mean", "whole"]


_SMALLEST, _LARGEST = 1e-3, 1e4  # dispersions; beyond, it is a Poisson count
_HALVINGS: Final = 26
_NO_EVENT: Final = 0.5  # events that none stand for


def whole(x: FloatArray, least: float) -> str | None:
    """Why these are no counts from `least` on; None where they are."""
    if not np.array_equal(x, np.round(x)):
        return "not all data are whole numbers"
    return None if x.min() >= least else f"not all data are {least:g} or more"


def levels(low: float, high: float, data: int) -> FloatArray | None:
    """All whole numbers from one to another, for what need be worked out once of each; None where
    there are not fewer than data."""
    return low + np.arange(high - low + 1.0) if high - low + 1.0 < data else None


def mean(x: FloatArray) -> FloatArray:
    """The parameter of a Poisson or a geometric count: the mean."""
    return np.asarray(x.mean(axis=1, keepdims=True))


def dispersion(x: FloatArray) -> FloatArray:
    """Mean m and dispersion r of a negative binomial count: the root r of
    Σ (ψ(x + r) − ψ(r)) + n log(r/(r + m)), which is positive below it.

    Samples of zeros alone have the mean of half an event, as none could be told from fewer than
    one: a mean of 0 has no logarithm, nor a dispersion."""
    m = np.maximum(x.mean(axis=1, keepdims=True), _NO_EVENT / x.shape[1])
    values, weights = _weighed(x)
    low = np.full_like(m, np.log(_SMALLEST))
    high = np.full_like(m, np.log(_LARGEST))
    for _ in range(_HALVINGS):
        r = np.exp(0.5 * (low + high))
        slope = weights * (special.digamma(values + r) - special.digamma(r))
        positive = slope.sum(axis=1, keepdims=True) + np.log(r / (r + m)) > 0.0
        low, high = np.where(positive, np.log(r), low), np.where(positive, high, np.log(r))
    return np.concatenate([m, np.exp(high)], axis=1)


def _weighed(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Counts, and which share of each sample is one of them."""
    values = levels(float(x.min()), float(x.max()), x.shape[1])
    if values is None:
        return x, np.full_like(x, 1.0 / x.shape[1])
    rows, many = len(x), values.size
    place = (x - values[0]).astype(np.intp) + many * np.arange(rows)[:, None]
    times = np.bincount(place.ravel(), minlength=rows * many).reshape(rows, many)
    return values, times / x.shape[1]
