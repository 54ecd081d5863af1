"""Weights of which it is clear whether they are probabilities or proportions.

Weights from 0 to 1 that are not whole are read as probabilities, which sum to 1. If they do not,
one is missing or mistyped, and to scale them would hide it. Whole numbers, and weights of which one
is above 1, cannot be probabilities: they are proportions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from guessmodel.errors import ModelError
from guessmodel.numerics.arrays import FloatArray

__all__ = ["as_proportions", "refuse_part_of_one"]

_ROUNDED: Final = 0.01 + 1e-9  # by which 0.33, 0.33 and 0.33 miss 1
_DECIMALS: Final = 6


def refuse_part_of_one(function: str, weights: Sequence[FloatArray]) -> None:
    """Raise ModelError where weights look like probabilities, at any label, and do not sum to 1.
    Arrays are broadcast with each other."""
    stacked = np.array(np.broadcast_arrays(*weights)).reshape(len(weights), -1)
    for each in stacked.T:
        if _is_part_of_one(each):
            same = as_proportions(each.tolist())
            whole = f"[{_listed(same)}]" if max(same) > 1.0 else "shares of their sum"
            raise ModelError(
                f"{function}: the weights {_listed(each)} sum to {each.sum():.6g}, not to 1; write "
                f"what is missing, or {whole} if they are proportions"
            )


def as_proportions(weights: Sequence[float]) -> list[float]:
    """Weights in the same proportions that nobody takes for probabilities which do not sum to 1:
    the same where they are clear, else whole numbers or, where they have too many decimals, shares.

    >>> as_proportions([0.7, 0.3]), as_proportions([0.7, 0.2]), as_proportions([1 / 3, 1 / 7])
    ([0.7, 0.3], [7.0, 2.0], [0.7, 0.3])
    """
    given = np.asarray(weights, dtype=np.float64)
    if not _is_part_of_one(given):
        return list(weights)
    for decimals in range(1, _DECIMALS + 1):
        whole = np.rint(given * 10.0**decimals)
        if np.allclose(whole, given * 10.0**decimals, rtol=1e-12, atol=0.0):
            return [float(each) for each in whole]
    return [float(each) for each in given / given.sum()]


def _listed(weights: Iterable[float]) -> str:
    return ", ".join(f"{weight:.6g}" for weight in weights)


def _is_part_of_one(weights: FloatArray) -> bool:
    """Whether they look like probabilities, and are not all that there is."""
    probable = bool(np.all((weights >= 0.0) & (weights <= 1.0)))
    whole = bool(np.all(weights == np.rint(weights)))
    return probable and not whole and abs(float(weights.sum()) - 1.0) > _ROUNDED
