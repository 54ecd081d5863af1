"""Stochastic dominance: options that nobody chooses, or nobody who does not like risk.

a dominates b at first order where it exceeds every amount with at least b's probability: whoever
likes more of it takes a. At second order where ∫ (F_b − F_a) is nowhere negative: whoever does
not like risk either takes a (Hadar and Russell 1969). Draws tell this as far as draws can: there
must be no place where they contradict beyond their error, and one where they confirm it beyond.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from guessmodel.estimators.replicates import share_floor
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.confidence import student_t_half_width

__all__ = ["dominance"]


_PLACES: Final = 200
_SURE: Final = 0.999  # of all places together


def dominance(payoffs: FloatArray) -> dict[tuple[int, int], int]:
    """For each pair (a, b) in which a dominates b the order, 1 or 2; of payoffs (options,
    replicates, draws), of which more is better."""
    options, replicates, size = payoffs.shape
    pooled = np.sort(payoffs.reshape(-1))
    picked = np.linspace(0, pooled.size - 1, _PLACES).astype(np.intp)
    places = np.unique(pooled[picked])
    shares = np.empty((options, replicates, places.size))  # F at each place
    below = np.empty_like(shares)  # ∫ F up to each place, E[(place − x)₊]
    for o, rows in enumerate(payoffs):
        for r, row in enumerate(rows):
            ordered = np.sort(row)
            sums = np.concatenate(([0.0], np.cumsum(ordered)))
            k = np.searchsorted(ordered, places, side="right")
            shares[o, r] = k / size
            below[o, r] = (places * k - sums[k]) / size
    floor = share_floor(replicates, size)
    wide = np.maximum(places - places[0], 0.0)
    found = {}
    for a in range(options):
        for b in range(options):
            if a == b:
                continue
            if _holds(shares[b] - shares[a], np.full(places.size, floor)):
                found[a, b] = 1
            elif _holds(below[b] - below[a], floor * wide):
                found[a, b] = 2
    return found


def _holds(gains: FloatArray, floor: FloatArray) -> bool:
    """Whether gains (replicates, places) are nowhere below 0, and somewhere above, beyond their
    errors."""
    replicates, places = gains.shape
    mean = gains.mean(axis=0)
    error = gains.std(axis=0, ddof=1) / np.sqrt(replicates)
    sure = student_t_half_width(1.0 - (1.0 - _SURE) / places, replicates - 1)
    half = np.maximum(sure * error, 2.0 * floor)
    return bool((mean >= -half).all() and (mean > half).any())
