"""Where draws should go farther out, to meet what a moment of a skewed quantity is made of.

Few variates are all stretched together. Of more variates a part of the draws stays as it is, a part
is stretched in the direction to which the moment pulls the run's own draws, and others along single
variates. How many there are of each is fitted to the run's draws, so that the mixture is likely
where the moment comes from (Cappé et al. 2008, "Adaptive importance sampling in general mixture
classes").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.scored import coordinates, scores
from guessmodel.engine.widened import Stretched, ratios
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Design

__all__ = ["directions", "farther"]

# Fitted constants are listed in docs/constants.md.
_FACTOR: Final = {2: 2.0, 4: 2.5}  # how much farther, by the order of the moments
_PARTS: Final = 16  # of the draws,
_AS_THEY_ARE: Final = 3  # of which at least so many
_ALONE: Final = 12  # single variates that are tried
_FEW: Final = 3  # variates that are all stretched together
_STEPS: Final = 16  # of fitting
_VARIATES: Final = 64
_LARGEST: Final = 12  # draws that must be met more often where the others lead
_LITTLE: Final = 0.05  # of the largest part of a direction: nothing


def directions(
    plan: Plan, points: Design, pulls: FloatArray, order: int
) -> list[FloatArray] | None:
    """Where most of a sum over the draws of a run comes from: along what each part of the draws
    should be stretched, see `Stretched`; None where there are too many variates to tell, and where
    the others do not lead to the largest draws, so that those would be missed.

    Parameters
    ----------
    points : those of the run
    pulls : the terms of the sum, from 0 up: shape (replicates, size)
    order : of the moment: 2, or 4
    """
    chosen = coordinates(plan)
    if not 0 < len(chosen) <= _VARIATES:
        return None
    if len(chosen) <= _FEW:
        return [np.eye(len(chosen))]
    z = scores(plan, chosen, points.method, points.n, points.seed).reshape(len(chosen), -1)
    # Their roots, for else the few that are largest would decide.
    pull = np.sqrt(pulls.ravel())
    largest = np.argsort(-pull)[:_LARGEST]
    others = pull.copy()
    others[largest] = 0.0
    density = np.mean(ratios(z[:, largest], _mixture(z, others, order), _FACTOR[order]), axis=0)
    squares = pull[largest] ** 4
    if float((squares / density).sum()) >= float(squares.sum()):
        return None
    return _mixture(z, pull, order)


def _mixture(z: FloatArray, pull: FloatArray, order: int) -> list[FloatArray]:
    """The frame of each part of the draws."""
    frames = _frames(z, pull)
    counts = _shared(_fitted(ratios(z, frames, _FACTOR[order]), pull), _PARTS - _AS_THEY_ARE)
    counts[0] += _AS_THEY_ARE
    return [frame for frame, count in zip(frames, counts, strict=True) for _ in range(count)]


def farther(plan: Plan, points: Design, parts: Sequence[FloatArray], order: int) -> Stretched:
    """Points of a run of its own that go farther out in such directions."""
    seed = -1 - points.seed  # other draws than those of the run
    again = plan.points(points.method, points.n, seed)
    return Stretched(plan, coordinates(plan), parts, _FACTOR[order], again)


def _frames(z: FloatArray, pull: FloatArray) -> list[FloatArray]:
    """The frames that are tried, draws as they are first."""
    own = np.eye(len(z))
    towards = np.einsum("cn,n->c", z, pull)
    towards[np.abs(towards) < _LITTLE * np.abs(towards).max()] = 0.0
    towards /= np.linalg.norm(towards)
    frames = [own[:0], towards[np.newaxis]]
    farthest = np.argsort(-np.einsum("cn,cn,n->c", z, z, pull), kind="stable")[:_ALONE]
    return [*frames, *(own[k : k + 1] for k in farthest.tolist())]


def _fitted(densities: FloatArray, pull: FloatArray) -> FloatArray:
    """The shares of a mixture that make draws likeliest, each as often as it pulls, by expectation
    and maximisation: shape (frames,), of densities of shape (frames, draws)."""
    shares = np.full(len(densities), 1.0 / len(densities))
    for _ in range(_STEPS):
        mixed = shares[:, np.newaxis] * densities
        shares = np.einsum("kn,n->k", mixed, pull / mixed.sum(axis=0)) / pull.sum()
    return shares


def _shared(shares: FloatArray, parts: int) -> list[int]:
    """How many parts each share gets; those that are left go to the largest remainders."""
    counts = np.floor(shares * parts).astype(int)
    left = np.argsort(counts - shares * parts, kind="stable")[: parts - int(counts.sum())]
    counts[left] += 1
    found: list[int] = counts.tolist()
    return found
