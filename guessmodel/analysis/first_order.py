"""First-order indices: the share of an output's variance that is the variance of its mean given one
input, V(E[Y|X]) / V(Y) (Sobol' 1993), from the draws of the run itself.

The draws of each replicate are sorted into classes of the input's own variate (`classes.py`), and
the means of different replicates are multiplied with each other: no noise of the other inputs is
left that would have to be taken off. What the other inputs do by themselves is fitted on the other
replicates and taken away first. Replicates give the error; how the index moves as classes get
narrower tells what their width still hides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, final

import numpy as np

from guessmodel.analysis.classes import Classes, ClassSums, Lines, Pairs
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.replicates import mean, reach
from guessmodel.numerics.arrays import FloatArray

__all__ = ["ESTIMATOR", "FirstOrder", "Share", "Sorted", "first_order", "least_draws"]

ESTIMATOR: Final = "classes across replicates"
Sorted = Callable[[int], Classes]
"""An input's draws in so many classes."""

_SWEEPS = 3
_CONTROLS = 64  # classes at most in which the other inputs' effects are fitted
_SIGNIFICANT = 2.0  # errors
_NO_VARIANCE = "the variance rests on a few draws"
_FLOOR = 1e-7  # of a half-width: rounding


@final
@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """An index, with what its error is told from."""

    pairs: Pairs
    """Of the variance of the output's mean given the input."""
    hidden: float
    """What the width of classes may hide, as a share."""
    explained: Pairs
    """The part of `pairs` that lines in a few classes explain, whatever the main effect is."""
    classes: int
    """How many."""
    variance: Pairs
    """Of the output."""
    reach: tuple[float, float]
    """How far the interval goes down and up by the draws, of a share of the variance as they have
    it."""
    reach_of_known: tuple[float, float]
    """The same of `pairs`, for a variance that is known."""

    def estimate(self, variance: float | None = None) -> Estimate:
        """The index with its 90% interval: a share of the variance that is given, else of that of
        the draws."""
        if variance is None:
            value, reach = self.pairs.mean / self.variance.mean, self.reach
        else:
            down, up = self.reach_of_known
            value, reach = self.pairs.mean / variance, (down / variance, up / variance)
        below, above = (math.hypot(each, self.hidden) + _FLOOR for each in reach)
        ends = (value, value - below, value + above)
        value, low, high = (min(max(end, 0.0), 1.0) for end in ends)
        return Estimate(value, low, high, ESTIMATOR)


@final
@dataclass(frozen=True, slots=True)
class FirstOrder:
    """An index for each input, what it was had from (nothing where there is no variance to share),
    and why they may be wrong; None for no reason."""

    indices: tuple[Estimate, ...]
    shares: tuple[Share, ...]
    unreliable: str | None


@final
@dataclass(frozen=True, slots=True)
class _Levels:
    """Numbers of classes, each twice the one before, and that of the controls."""

    numbers: tuple[int, ...]
    controls: int

    @staticmethod
    def of(size: int, *, stratified: bool) -> _Levels | None:
        """The levels for replicates of so many draws; None if they are too few."""
        first = 32 if stratified and size >= 2048 else 16
        finest = size // 4 if stratified else size // 32
        if finest < (2 if stratified else 4) * first:
            return None
        count = int(math.log2(finest / first)) + 1
        controls = min(_CONTROLS, size // 32 if stratified else size // 64)
        return _Levels(tuple(first << j for j in range(count)), 1 << (controls.bit_length() - 1))


def least_draws(*, stratified: bool) -> int:
    """Draws in a replicate at least."""
    size = 1
    while _Levels.of(size, stratified=stratified) is None:
        size *= 2
    return size


def first_order(y: FloatArray, inputs: Sequence[Sorted], *, stratified: bool = True) -> FirstOrder:
    """First-order indices of inputs, each with its 90% interval.

    Parameters
    ----------
    y : finite draws of the output, (replicates, draws), not all the same
    inputs : their draws in classes, whose number is a power of two
    stratified : whether each variate visits every 1/N of (0, 1) once in a replicate, as with nets
        and Latin hypercubes
    """
    replicates, size = y.shape
    levels = _Levels.of(size, stratified=stratified)
    assert levels is not None and replicates > 2
    y = y - y.mean()
    e, lines, controls = _alone(y, inputs, levels)
    total = _variance(e.reshape(y.shape), lines, controls)
    if not (total.values > 0.0).all():
        nothing = Estimate.refused(_NO_VARIANCE, ESTIMATOR)
        return FirstOrder((nothing,) * len(inputs), (), f"unreliable: {_NO_VARIANCE}")
    finest, squares = levels.numbers[-1], e * e
    for each, control in zip(inputs, controls, strict=True):
        if control is not None:
            squares += _gain(e, each(finest).at(control))
    shares = []
    for each, control in zip(inputs, controls, strict=True):
        own = each(finest)
        effect = np.zeros_like(e) if control is None else own.at(control)
        pairs, hidden, explained = _by_levels(
            own.sums(e + effect), levels, total, stratified=stratified
        )
        gain, part = _gain(e, effect), Pairs(pairs.values / total.values)
        reaches = [
            reach(draws.reshape(y.shape), half)
            for draws, half in (
                ((gain - part.mean * squares) / total.mean, part.half),
                (gain, pairs.half),
            )
        ]
        shares.append(Share(pairs, hidden, explained, levels.controls, total, *reaches))
    indices = tuple(each.estimate() for each in shares)
    return FirstOrder(indices, tuple(shares), _doubt(y))


def _alone(
    y: FloatArray, inputs: Sequence[Sorted], levels: _Levels
) -> tuple[FloatArray, list[Lines], list[Lines | None]]:
    """What is left of the output without what each input makes alone, by backfitting; the lines of
    each, and as they were taken away, where they tell more than noise."""
    finest = levels.numbers[-1]
    e = y.ravel().copy()
    controls: list[Lines | None] = [None] * len(inputs)
    lines = [each(finest).sums(e).joined(levels.controls).lines() for each in inputs]
    first = [each.covariance().mean for each in lines]
    order = sorted(range(len(inputs)), key=lambda i: -first[i])
    for _ in range(_SWEEPS):
        for i in order:
            own = inputs[i](finest)
            before = controls[i]
            if before is not None:
                e += own.at(before)
            lines[i] = own.sums(e).joined(levels.controls).lines()
            found = lines[i].covariance()
            controls[i] = lines[i].of_others() if found.mean > found.error else None
            after = controls[i]
            if after is not None:
                e -= own.at(after)
    return e, lines, controls


def _by_levels(
    sums: ClassSums, levels: _Levels, total: Pairs, *, stratified: bool
) -> tuple[Pairs, float, Pairs]:
    """What an input explains in as many classes as resolve it, what these hide, and what the
    classes of the controls explain."""
    by_count: dict[int, Pairs] = {}
    for k in sorted({*levels.numbers, levels.controls}, reverse=True):
        sums = sums.joined(k)
        by_count[k] = sums.lines().covariance()
    parts = [Pairs(by_count[k].values / total.values) for k in levels.numbers]
    level, hidden = _resolved(parts, stratified=stratified)
    return by_count[levels.numbers[level]], hidden, by_count[levels.controls]


def _doubt(y: FloatArray) -> str | None:
    """Why no interval of a share can be trusted: the tail looks like one without a variance; or no
    more draws than there are replicates would tell as much of it (L. Kish, Survey Sampling, 1965),
    so that some replicate may have met none of what decides."""
    if (note := mean(y).note) is not None:
        return note
    squares = y * y
    few = float(squares.sum()) ** 2 < len(y) * float((squares * squares).sum())
    return f"unreliable: {_NO_VARIANCE}" if few else None


def _gain(e: FloatArray, effect: FloatArray) -> FloatArray:
    """Of which the mean is the variance of a main effect, draw by draw: 2 y f - f² with
    y = e + f, where the other inputs' effects are taken away. In its tails and gaps are those of
    the error of that variance."""
    return np.asarray(effect * (effect + 2.0 * e))


def _variance(e: FloatArray, lines: Sequence[Lines], controls: Sequence[Lines | None]) -> Pairs:
    """The variance of the output: of what the controls leave, and of the controls."""
    replicates = len(e)
    q = np.tile((e * e).mean(axis=1), (replicates + 1, 1))
    for line, control in zip(lines, controls, strict=True):
        if control is not None:
            q += line.gain(control)
    means = np.tile(e.mean(axis=1), (replicates + 1, 1))
    for left_out in (q, means):
        np.fill_diagonal(left_out[1:], 0.0)
    count = np.full(replicates + 1, replicates - 1)
    count[0] = replicates
    squared = (means.sum(axis=1) ** 2 - (means**2).sum(axis=1)) / (count * (count - 1))
    return Pairs(q.sum(axis=1) / count - squared)


def _resolved(shares: Sequence[Pairs], *, stratified: bool) -> tuple[int, float]:
    """Which of ever narrower classes tell the index: the first from which on it no longer grows
    beyond its errors; and half of its last step, which is what the width may still hide."""
    last = len(shares) - 1
    steps = [Pairs(b.values - a.values) for a, b in pairwise(shares)]
    grows = [j for j, step in enumerate(steps) if step.mean > _SIGNIFICANT * step.error]
    settled = 1 + grows[-1] if grows else 0
    level = min(settled + 1, last)
    if not stratified:
        # There are few levels, and a step of the output may lie at the edge of a class of one of
        # them by chance; what a class hides of a step halves with its width.
        hidden = max(
            abs(step.mean) * 2.0 ** (2 + j - level) for j, step in enumerate(steps[:level])
        )
    elif settled < last - 1:
        hidden = abs(steps[settled].mean) / 2.0
    else:
        hidden = max(0.0, steps[-1].mean, steps[settled - 1].mean / 2.0 if settled else 0.0)
    return level, hidden
