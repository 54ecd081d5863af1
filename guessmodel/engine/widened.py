"""Runs whose draws go farther out than those of the model, and the weight of each such draw.

A moment of a skewed quantity comes from few draws far out, and a run may have met none of them. So
the normal scores of its variates are stretched along a direction in which the quantity grows: a
part of the draws along each of a few directions, and a part along none. Each draw has the ratio of
its density to that of the whole mixture as its weight: importance sampling (Kahn and Marshall
1953) with the balance heuristic (Veach and Guibas 1995). As a part of the draws is as it was, no
draw counts more than the reciprocal of that part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.scored import Coordinate, Scored, scores
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Design

__all__ = ["Stretched", "ratios"]


@final
class Stretched(Scored):
    """Points of a plan whose scores are stretched, each replicate in as many equal parts as there
    are frames.

    Attributes
    ----------
    weights : what each draw counts, shape (replicates, size)
    """

    method: ClassVar[str] = "stretched"

    def __init__(
        self,
        plan: Plan,
        chosen: Sequence[Coordinate],
        frames: Sequence[FloatArray],
        factor: float,
        points: Design,
    ) -> None:
        """A frame has directions as its rows, orthogonal and of length 1, along which to stretch;
        or none, for draws as they are: shape (directions, chosen). `points` are those of the
        plan."""
        z = scores(plan, chosen, points.method, points.n, points.seed)
        # No products of matrices: BLAS and its threads take 100 times as long to begin.
        ends = np.arange(len(frames) + 1) * points.size // len(frames)
        for frame, start, stop in zip(frames, ends[:-1], ends[1:], strict=True):
            part = z[:, :, start:stop]
            along = np.einsum("kc,c...->k...", frame, part)
            part += (factor - 1.0) * np.einsum("kc,k...->c...", frame, along)
        shares = np.diff(ends) / points.size
        self.weights = 1.0 / np.einsum("k,k...->...", shares, ratios(z, frames, factor))
        moved = np.any([np.abs(frame).sum(axis=0) > 0.0 for frame in frames], axis=0)
        places = np.flatnonzero(moved).tolist()
        super().__init__(plan, [chosen[c] for c in places], z[places], points, points.seed)


def ratios(z: FloatArray, frames: Sequence[FloatArray], factor: float) -> FloatArray:
    """The densities of scores that are stretched in each frame, over that of scores that are not:
    shape (frames, *draws), of scores of shape (chosen, *draws)."""
    found = np.empty((len(frames), *z.shape[1:]))
    for k, frame in enumerate(frames):
        along = np.einsum("kc,c...->k...", frame, z)
        exponent = (1.0 - factor**-2.0) / 2.0 * (along * along).sum(axis=0)
        found[k] = np.exp(exponent) / factor ** len(frame)
    return found
