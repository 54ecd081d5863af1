"""Total effects: the share of an output's variance that is left while all inputs but one are known,
E(V[Y|X_~i]) / V(Y) (Homma and Saltelli 1996), by pick-freeze: the output is computed again
with one input drawn anew, and half the mean squared change is that variance (Jansen 1999)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from guessmodel.analysis.classes import FloatArray
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.engine.recompute import Change, changed_draws
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.over_replicates import over_replicates
from guessmodel.graph import dims as dimensions

__all__ = ["ESTIMATOR", "total_effects"]

ESTIMATOR: Final = "pick-freeze"
_AT_ONCE: Final = 1 << 27  # bytes of changed draws that are held at once


def total_effects(
    inputs: Inputs, some: Sequence[Input]
) -> Mapping[tuple[int, ...], Mapping[str, Estimate]]:
    """By the position of the output's labels and the key of the input."""
    (axes,) = inputs.plan.axes.values()
    shape, points = dimensions.shape(axes.dims), inputs.points
    other = inputs.plan.points(points.method, points.n, -1 - points.seed)
    found: dict[tuple[int, ...], dict[str, Estimate]] = {p: {} for p in inputs.behind}
    rows = (*shape, points.replicates, points.size)
    each = max(_AT_ONCE // (8 * int(np.prod(rows))), 1)
    for first in range(0, len(some), each):
        part = some[first : first + each]
        changes = [Change(one.places) for one in part]
        squares = [np.empty((*shape, points.n)) for _ in part]
        draws = np.empty((*shape, points.n))
        for begin, end, own, changed in changed_draws(inputs.plan, points, changes, other):
            draws[..., begin:end] = own
            for square, theirs in zip(squares, changed, strict=True):
                np.subtract(own, theirs, out=square[..., begin:end])
        for one, square in zip(part, squares, strict=True):
            np.square(square, out=square)
            for position, behind in inputs.behind.items():
                if any(each.key == one.key for each in behind):
                    y, d = (a.reshape(rows)[position] for a in (draws, square))
                    found[position][one.key] = _share(y, d)
    return found


def _share(y: FloatArray, squares: FloatArray) -> Estimate:
    y = y - y.mean()
    found = over_replicates(lambda d, m, s: 0.5 * d / (s - m * m), squares, y, y * y)
    low, high = max(found.low, 0.0), max(found.high, 0.0)
    return replace(found, low=low, high=high, estimator=ESTIMATOR)
