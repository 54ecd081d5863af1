"""Total effects: the share of an output's variance that is left while all inputs but one are known,
E(V[Y|X_~i]) / V(Y) (Homma and Saltelli 1996).

By pick-freeze: the output is computed again with one input drawn anew. Half the mean squared change
is that variance (Jansen 1999). Most of its noise is the input's main effect f, whose variance the
first-order index has far better, so it is taken away first: T = S + E[(e − e′)²] / 2V with
e = y − f(x). A fit of f has an error of its own, whose square would be added; so the square is the
product of two factors, with fits from different replicates, none of them the one at hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from guessmodel.analysis.classes import Classes, FloatArray
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.engine.recompute import Change, changed_draws
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.over_replicates import over_replicates
from guessmodel.graph import dims as dimensions

__all__ = ["ESTIMATOR", "total_effects"]

ESTIMATOR: Final = "pick-freeze"
_AT_ONCE: Final = 1 << 27  # bytes of changed draws that are held at once
_TWO_SIDED: Final = 1.645  # standard errors of a 90% interval
_CLASSES: Final = 64  # at most, in which the main effect is fitted

Firsts = Mapping[tuple[int, ...], Mapping[str, Estimate]]
Pair = tuple[FloatArray, FloatArray]  # an input's uniform number and its value


def total_effects(
    inputs: Inputs, some: Sequence[Input], first: Firsts
) -> Mapping[tuple[int, ...], Mapping[str, Estimate]]:
    """By the position of the output's labels and the key of the input; `first` has the first-order
    indices in the same way."""
    (axes,) = inputs.plan.axes.values()
    shape, points = dimensions.shape(axes.dims), inputs.points
    other = inputs.again(points.n, -1 - points.seed)
    found: dict[tuple[int, ...], dict[str, Estimate]] = {p: {} for p in inputs.behind}
    rows = (*shape, points.replicates, points.size)
    each = max(_AT_ONCE // (8 * int(np.prod(rows))), 1)
    for start in range(0, len(some), each):
        part = some[start : start + each]
        changes = [Change(one.places) for one in part]
        again = [np.empty((*shape, points.n)) for _ in part]
        draws = np.empty((*shape, points.n))
        for begin, end, own, changed in changed_draws(inputs.plan, points, changes, other.points):
            draws[..., begin:end] = own
            for whole, theirs in zip(again, changed, strict=True):
                whole[..., begin:end] = theirs
        for one, whole in zip(part, again, strict=True):
            here, there = inputs.variate(one), other.variate(one)
            for position, indices in first.items():
                if one.key in indices:
                    y, changed_y = (a.reshape(rows)[position] for a in (draws, whole))
                    index = indices[one.key]
                    found[position][one.key] = _share(y, changed_y, here, there, index)
    return found


def _share(
    y: FloatArray, changed: FloatArray, here: Pair, there: Pair, first: Estimate
) -> Estimate:
    if math.isnan(first.value):
        return Estimate.refused(first.note or "unknown", ESTIMATOR)
    centre = y.mean()
    y = y - centre
    change = y - (changed - centre)
    (one, other), unsure = _moved(y, here, there)
    with_others = over_replicates(
        lambda d, m, s: 0.5 * d / (s - m * m), (change - one) * (change - other), y, y * y
    )
    value = first.value + with_others.value
    unsure *= _TWO_SIDED / float((y * y).mean())
    below = (with_others.value - with_others.low, first.value - first.low, unsure)
    above = (with_others.high - with_others.value, first.high - first.value, unsure)
    low, high = max(value - math.hypot(*below), 0.0), value + math.hypot(*above)
    return Estimate(value, low, high, ESTIMATOR, note=with_others.note)


def _moved(y: FloatArray, here: Pair, there: Pair) -> tuple[list[FloatArray], float]:
    """How far the main effect moves, (replicates, draws), twice: fitted to every other replicate,
    but the one at hand, and to the rest. And the standard error of the product of both fits'
    errors, which all replicates share, so that they do not tell it."""
    count = 1 << max(min(_CLASSES, y.shape[1] // 32).bit_length() - 1, 0)
    lines = Classes.of(*here, count).sums(y.ravel()).lines()
    numbers = np.arange(len(y))
    found = []
    for half in (0, 1):
        weights = ((numbers % 2 == half) & (numbers != numbers[:, None])) * 1.0
        weights /= weights.sum(axis=1, keepdims=True)
        level, slope = weights @ lines.level, weights @ lines.slope
        here_at, there_at = (_at(level, slope, lines.centre, *pair) for pair in (here, there))
        found.append(here_at - there_at)
    apart = [a[::2].mean(axis=0) - a[1::2].mean(axis=0) for a in (lines.level, lines.slope)]
    squared = float((apart[0] ** 2 + apart[1] ** 2 * lines.variances[0]).mean()) / 2.0
    return found, squared / math.sqrt(count)


def _at(
    level: FloatArray, slope: FloatArray, centre: FloatArray, u: FloatArray, x: FloatArray
) -> FloatArray:
    """Lines of each replicate at its own draws."""
    count = level.shape[1]
    k = np.minimum((u * count).astype(np.intp), count - 1)
    own = np.take_along_axis(level, k, axis=1), np.take_along_axis(slope, k, axis=1)
    return np.asarray(own[0] + own[1] * (x - centre[k]))
