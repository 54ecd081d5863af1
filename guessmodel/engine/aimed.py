"""Runs that are aimed at a region that hardly any draw reaches, from points that lie in it.

Of the points' normal scores few directions differ from those of all draws: that to their mean, and
some of those in which they spread more or less than 1 (the eigenvectors of their covariance, by
Kullback and Leibler's divergence). Along these the draws lie around some of the points, near and
far; along all others they are as they are. Each draw has the ratio of its density to that of the
whole mixture as its weight: importance sampling (Kahn and Marshall 1953) with the balance
heuristic (Veach and Guibas 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.scored import Coordinate, Scored, scores
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Design

__all__ = ["Aim", "Aimed"]

# Fitted constants are listed in docs/constants.md.
_DIRECTIONS: Final = 6
_TOLD: Final = 0.5  # least information in a direction,
_LITTLE: Final = 0.05  # of that in the first one
_ALIKE: Final = 4.0  # points that tell as much as one that is independent of the others
_CENTRES: Final = 64
_COMPARED: Final = 1 << 8  # points
_NEAR: Final = 16  # the part of them that is near each
_TIMES: Final = (1.0, 3.0)  # as wide as these the draws around it are,
_WIDTHS: Final = (1.0, 2.0)  # and as wide as normal scores


@final
@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """A mixture of normal distributions in a subspace: each centre has one of each shape."""

    directions: FloatArray
    """Orthogonal and of length 1, shape (directions, variates)."""
    centres: FloatArray
    """Along the directions, shape (centres, directions)."""
    shapes: Sequence[FloatArray]
    """Roots of covariances, lower triangles: shape (directions, directions)."""

    @staticmethod
    def at(points: FloatArray, random: np.random.Generator) -> Aim:
        """At points of shape (variates, points), of which there are some."""
        directions = _directions(points)
        along = np.einsum("kv,vn->kn", directions, points)
        k, n = along.shape
        centres = along[:, random.choice(n, _CENTRES, replace=n < _CENTRES)].T
        near, usual = _around(along), np.eye(k)
        shapes = [*(times * near for times in _TIMES), *(width * usual for width in _WIDTHS)]
        return Aim(directions, centres, shapes)

    def moved(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Scores of shape (variates, replicates, size) in as many equal parts, and the weight of
        each draw."""
        replicates, size = z.shape[1:]
        along = np.einsum("kv,vrn->krn", self.directions, z)
        to = np.empty(along.shape)
        parts = [(centre, root) for centre in self.centres for root in self.shapes]
        ends = np.arange(len(parts) + 1) * size // len(parts)
        for (centre, root), start, stop in zip(parts, ends[:-1], ends[1:], strict=True):
            part = np.einsum("kj,jrn->krn", root, along[:, :, start:stop])
            to[:, :, start:stop] = centre[:, np.newaxis, np.newaxis] + part
        weights = self._weights(to.reshape(len(to), -1), np.diff(ends) / size)
        z = z + np.einsum("kv,krn->vrn", self.directions, to - along)
        return z, weights.reshape(replicates, size)

    def _weights(self, to: FloatArray, shares: FloatArray) -> FloatArray:
        """The density of normal scores over that of the mixture."""
        own, mixed = np.einsum("kn,kn->n", to, to), np.zeros(to.shape[1])
        for number, root in enumerate(self.shapes):
            inverse = np.linalg.inv(root)
            x = np.einsum("kj,jn->kn", inverse, to)
            at = np.einsum("kj,cj->kc", inverse, self.centres)
            exponent = np.repeat(own[np.newaxis], len(self.centres), axis=0)
            for here, there in zip(x, at, strict=True):  # squares of differences: rounding in
                apart = here - there[:, np.newaxis]  # differences of squares is as large as these
                exponent -= np.multiply(apart, apart, out=apart)
            density = np.exp(exponent / 2.0) / np.prod(np.diag(root))
            mixed += np.einsum("c,cn->n", shares[number :: len(self.shapes)], density)
        return 1.0 / mixed


def _around(along: FloatArray) -> FloatArray:
    """The root of the covariance of points, shape (directions, points), around those near them: of
    all together it would be as wide as the way from one place to another."""
    k = len(along)
    root = np.linalg.cholesky(np.atleast_2d(np.cov(along)) + 1e-12 * np.eye(k))
    even = np.unique(np.linalg.solve(root, along), axis=1)  # of some origin some may be the same
    even = even[:, :: max(even.shape[1] // _COMPARED, 1)]
    apart = even[:, :, np.newaxis] - even[:, np.newaxis, :]
    squares = np.einsum("kij,kij->ij", apart, apart)
    few = min(max(len(squares) // _NEAR, 2), len(squares) - 1)
    limit = np.partition(squares, few, axis=1)[:, few]
    near = squares <= limit[:, np.newaxis]
    spread = np.einsum("kij,lij,ij->kl", apart, apart, near) / np.count_nonzero(near)
    found: FloatArray = np.einsum("ij,jk->ik", root, np.linalg.cholesky(spread + 1e-12 * np.eye(k)))
    return found


def _directions(points: FloatArray) -> FloatArray:
    """Those in which the points differ from normal scores."""
    variates, n = points.shape
    if variates <= _DIRECTIONS:
        return np.eye(variates)
    noise = _ALIKE * variates / n
    mean = points.mean(axis=1)
    rest = points - mean[:, np.newaxis]
    values, vectors = np.linalg.eigh(np.einsum("in,jn->ij", rest, rest) / n)
    values = np.maximum(values, 1e-12)
    told = (values - 1.0 - np.log(values)) / 2.0  # the information in each direction
    most = np.argsort(-told, kind="stable")
    kept = [vectors[:, k] for k in most if told[k] > max(noise, _TOLD, _LITTLE * told[most[0]])]
    towards = float(mean @ mean) / 2.0
    if towards > noise or not kept:
        kept.insert(0, mean)
    q, r = np.linalg.qr(np.array(kept[:_DIRECTIONS]).T)
    return q[:, np.abs(np.diag(r)) > 1e-6].T


@final
class Aimed(Scored):
    """Points of a plan of which some coordinates are aimed.

    Attributes
    ----------
    weights : what each draw counts, shape (replicates, size)
    """

    method: ClassVar[str] = "aimed"

    def __init__(self, plan: Plan, chosen: Sequence[Coordinate], aim: Aim, points: Design) -> None:
        """`points` are those of the plan, and `chosen` the coordinates that the aim is about."""
        z = scores(plan, chosen, points.method, points.n, points.seed)
        z, self.weights = aim.moved(z)
        super().__init__(plan, chosen, z, points, points.seed)
