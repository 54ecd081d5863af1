"""Count, mean, squared deviations and extremes of every replicate, in one pass or in many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["Moments"]

_CHUNK = 2**17  # draws (1 MB): read once, they stay near for the passes over them


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

    count: FloatArray
    mean: FloatArray
    squares: FloatArray
    lowest: FloatArray
    highest: FloatArray

    @classmethod
    def of(cls, values: FloatArray, scratch: FloatArray | None = None) -> Moments:
        """The moments of draws of shape (R, N); `scratch` is memory of that shape, if there is."""
        replicates, draws = values.shape
        step = max(_CHUNK // replicates, 1)
        buffer = np.empty((replicates, min(draws, step))) if scratch is None else scratch
        moments = _block(values[:, :step], buffer)
        for start in range(step, draws, step):
            moments = moments.merge(_block(values[:, start : start + step], buffer))
        return moments

    @classmethod
    def of_each(cls, stack: FloatArray) -> list[Moments]:
        """The moments of several draws, shape (K, R, N), that are all finite."""
        k, replicates, draws = stack.shape
        rows = stack.reshape(k * replicates, draws)
        with np.errstate(over="ignore", invalid="ignore"):
            if not np.isfinite(_sums(rows)).all():  # too large for a number: the others are not
                return [cls.of(each) for each in stack]
        of_all = cls.of(rows)
        fields = (of_all.count, of_all.mean, of_all.squares, of_all.lowest, of_all.highest)
        parts = zip(*(field.reshape(k, replicates) for field in fields), strict=True)
        return [cls(*part) for part in parts]

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
        return math.fsum(self.count.tolist())

    @property
    def pooled_mean(self) -> float:
        """The mean of all draws; nan where there are none, and where it is beyond the floats."""
        draws = self.draws
        with np.errstate(invalid="ignore", over="ignore"):
            return float(self.count @ self.mean) / draws if draws else math.nan

    def squares_about(self, centre: float) -> FloatArray:
        """Each replicate's sum of squared deviations from `centre`."""
        squares: FloatArray = self.squares + self.count * (self.mean - centre) ** 2
        return squares


@np.errstate(over="ignore", invalid="ignore")
def _block(values: FloatArray, buffer: FloatArray) -> Moments:
    replicates, draws = values.shape
    total = _sums(values)
    if not draws or not np.isfinite(total).all():
        return _block_with_gaps(values)
    mean = total / draws
    deviations = np.subtract(values, mean[:, None], out=buffer[:, :draws])
    squares = _sums(np.multiply(deviations, deviations, out=deviations))
    count = np.full(replicates, float(draws))
    return Moments(count, mean, squares, values.min(axis=1), values.max(axis=1))


def _block_with_gaps(values: FloatArray) -> Moments:
    finite = np.isfinite(values)
    count = finite.sum(axis=1, dtype=np.float64)
    mean = np.where(finite, values, 0.0).sum(axis=1) / np.maximum(count, 1)
    deviations = np.where(finite, values - mean[:, None], 0.0)
    return Moments(
        count,
        mean,
        (deviations * deviations).sum(axis=1),
        np.where(finite, values, math.inf).min(axis=1, initial=math.inf),
        np.where(finite, values, -math.inf).max(axis=1, initial=-math.inf),
    )


def _sums(values: FloatArray) -> FloatArray:
    """The sum of each row; `einsum` takes half the time of `sum`, and no BLAS with its threads."""
    return np.asarray(np.einsum("ij->i", values))
