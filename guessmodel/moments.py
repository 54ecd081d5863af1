"""Count, mean, squared deviations and extremes of every replicate, in one pass or in many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moments"]

_CHUNK = 2**16  # 512 KB: what is read once stays in the cache for the four passes over it
_LANES = 256  # columns of the partial sums; adding whole rows of them uses the vector unit


@final
@dataclass(frozen=True, slots=True)
class Moments:
    """What means, standard deviations and shares need to know of R replicates; mergeable.

    Memory is constant in the number of draws. Non-finite draws are left out, and `count`
    says how many were not. All fields have shape (R,).

    Attributes
    ----------
    count : finite draws seen
    mean : their mean (0 where there are none)
    squares : sum of their squared deviations from that mean
    lowest, highest : their extremes (inf and -inf where there are none)
    """

    count: NDArray[np.float64]
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Moments:
        """The moments of draws of shape (R, N)."""
        replicates, draws = values.shape
        buffer = np.empty(min(draws, _CHUNK))
        moments: Moments | None = None
        for start in range(0, max(draws, 1), _CHUNK):
            rows = [_chunk(row[start : start + _CHUNK], buffer) for row in values]
            part = cls(*np.array(rows).reshape(replicates, 5).T)
            moments = part if moments is None else moments.merge(part)
        assert moments is not None
        return moments

    @classmethod
    def stack(cls, parts: Sequence[Moments]) -> Moments:
        """Moments of other replicates, one after the other."""
        return cls(
            np.concatenate([part.count for part in parts]),
            np.concatenate([part.mean for part in parts]),
            np.concatenate([part.squares for part in parts]),
            np.concatenate([part.lowest for part in parts]),
            np.concatenate([part.highest for part in parts]),
        )

    @np.errstate(over="ignore", invalid="ignore")
    def merge(self, other: Moments) -> Moments:
        """The moments of these and further draws of the same replicates.

        Chan, Golub and LeVeque (1983), "Algorithms for computing the sample variance".
        """
        count = self.count + other.count
        share = other.count / np.maximum(count, 1)
        step = other.mean - self.mean
        return Moments(
            count,
            self.mean + step * share,
            self.squares + other.squares + step * step * self.count * share,
            np.minimum(self.lowest, other.lowest),
            np.maximum(self.highest, other.highest),
        )

    @property
    def draws(self) -> float:
        """How many finite draws there are in all."""
        return float(self.count.sum())

    @property
    def pooled_mean(self) -> float:
        """The mean of all draws; nan where there are none."""
        draws = self.draws
        return float(self.count @ self.mean) / draws if draws else math.nan

    def squares_about(self, centre: float) -> NDArray[np.float64]:
        """Each replicate's sum of squared deviations from `centre`."""
        squares: NDArray[np.float64] = self.squares + self.count * (self.mean - centre) ** 2
        return squares


@np.errstate(over="ignore", invalid="ignore")
def _chunk(values: NDArray[np.float64], buffer: NDArray[np.float64]) -> tuple[float, ...]:
    total = _sum(values)
    if not math.isfinite(total):
        values = values[np.isfinite(values)]
        total = _sum(values)
    size = values.size
    if not size:
        return 0.0, 0.0, 0.0, math.inf, -math.inf
    mean = total / size
    deviations = np.subtract(values, mean, out=buffer[:size])
    np.multiply(deviations, deviations, out=deviations)
    return float(size), mean, _sum(deviations), float(values.min()), float(values.max())


def _sum(values: NDArray[np.float64]) -> float:
    if values.size % _LANES or not values.flags.c_contiguous:
        return float(values.sum())
    return float(values.reshape(-1, _LANES).sum(axis=0).sum())
