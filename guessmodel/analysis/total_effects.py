"""Total effects: the share of an output's variance that is left while all inputs but some are
known, E(V[Y|X_~u]) / V(Y) (Homma and Saltelli 1996).

By pick-freeze: the output is computed again with these inputs drawn anew. Half the mean squared
change is that variance (Jansen 1999). Most of its noise is the inputs' main effects, so that fits g
of these, lines in a few classes, are taken away first. What the lines explain of the variance is
known far better from the first-order indices:
T = (explained + E[(e − e′)²] / 2) / V with e = y − Σ g(x). This holds however well g fits: where
the output jumps no line follows it, and what is left is in e. A fit has an error of its own, whose
square would be added; so the square is the product of two factors, with fits from different
replicates, none of them the one at hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, final

import numpy as np

from guessmodel.analysis.classes import Classes, Pairs
from guessmodel.analysis.first_order import Share
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.analysis.met_variance import MetVariance
from guessmodel.analysis.statistic_of_draws import View
from guessmodel.engine.recompute import Change, changed_draws
from guessmodel.estimators.estimate import Estimate, refuses
from guessmodel.estimators.over_replicates import over_replicates
from guessmodel.graph import dims as dimensions
from guessmodel.numerics.arrays import FloatArray, IndexArray

__all__ = ["ESTIMATOR", "anew", "total_effects"]

ESTIMATOR: Final = "pick-freeze"
_AT_ONCE: Final = 1 << 27  # bytes of changed draws, and of main effects, that are held at once
_TWO_SIDED: Final = 1.645  # standard errors of a 90% interval

Shares = Mapping[tuple[int, ...], Mapping[str, Share]]
Moved = tuple[FloatArray, FloatArray, float]


def anew(part: Sequence[Input]) -> Change:
    """Some inputs drawn anew, all others as they are."""
    return Change(tuple(place for one in part for place in one.places))


def total_effects(
    inputs: Inputs,
    parts: Sequence[Sequence[Input]],
    first: Shares,
    views: Mapping[tuple[int, ...], View],
    spreads: Mapping[tuple[int, ...], Estimate | None],
) -> list[dict[tuple[int, ...], Estimate]]:
    """Total effects of parts, one mapping for each, by the position of the output's labels; a part
    is one input, or some together.

    `first` has the first-order indices by position and key; what it lacks has no answer. `views`
    are what is made of the output's draws first, and `spreads` the standard deviations of that,
    where these are known by more than draws.
    """
    (axes,) = inputs.plan.axes.values()
    shape, points = dimensions.shape(axes.dims), inputs.points
    other = inputs.again(points.n, -1 - points.seed)
    found: list[dict[tuple[int, ...], Estimate]] = [{} for _ in parts]
    rows = (*shape, points.replicates, points.size)
    each = max(_AT_ONCE // (8 * int(np.prod(rows))), 1)
    for start in range(0, len(parts), each):
        some = parts[start : start + each]
        again = [np.empty((*shape, points.n)) for _ in some]
        draws = np.empty((*shape, points.n))
        changes = [anew(part) for part in some]
        for begin, end, own, changed in changed_draws(inputs.plan, points, changes, other.points):
            inputs.pause()
            draws[..., begin:end] = own
            for whole, theirs in zip(again, changed, strict=True):
                whole[..., begin:end] = theirs
        for position, shares in first.items():
            if not shares:
                continue
            view = views[position]
            y = view(draws.reshape(rows)[position])
            effects = _MainEffects(y - y.mean(), inputs, other, shares)
            met = MetVariance.of(y, spreads[position])
            for k, part in enumerate(some):
                inputs.pause()
                members = [one for one in part if one.key in shares]
                if members:
                    changed_y = view(again[k].reshape(rows)[position]) - y.mean()
                    known = [shares[one.key] for one in members]
                    moved = effects.of(members)
                    share = partial(_share, effects.y, changed_y, moved, known)
                    found[start + k][position] = met.of_whole(share)
    return found


def _share(
    y: FloatArray,
    changed: FloatArray,
    moved: Moved,
    members: Sequence[Share],
    variance: float | None = None,
) -> Estimate:
    """A total effect: a share of the variance that is given, else of that of the draws."""
    change = y - changed
    one, other, unsure = moved
    product = change - one
    change -= other
    product *= change
    explained = Pairs(sum((each.explained.values for each in members), np.zeros(1)))
    if variance is None:
        explained = Pairs(explained.values / members[0].variance.values)
        squares = y * y
        variance = float(squares.mean())
        rest = over_replicates(lambda d, m, s: 0.5 * d / (s - m * m), product, y, squares)
    else:
        explained = Pairs(explained.values / variance)
        rest = over_replicates(lambda d: 0.5 * d / variance, product)
    value = explained.mean + rest.value
    unsure *= _TWO_SIDED / variance
    below = math.hypot(rest.value - rest.low, explained.half, unsure)
    above = math.hypot(rest.high - rest.value, explained.half, unsure)
    note = rest.note if refuses(rest.note) else None  # the whole has its own marks
    return Estimate(value, max(value - below, 0.0), value + above, ESTIMATOR, note=note)


@final
class _MainEffects:
    """How far main effects move, each worked out once as long as there is room."""

    def __init__(
        self, y: FloatArray, here: Inputs, there: Inputs, shares: Mapping[str, Share]
    ) -> None:
        self.y = y
        self.here = here
        self.there = there
        self.shares = shares
        self._known: dict[str, Moved] = {}

    def of(self, members: Sequence[Input]) -> Moved:
        """How far the main effects of some inputs together move, (replicates, draws), twice:
        fitted to every other replicate, but the one at hand, and to the rest. And the standard
        error of the product of both fits' errors, which all replicates share, so that they do
        not tell it."""
        if len(members) == 1:
            return self._one(members[0])
        one, other, unsure = np.zeros_like(self.y), np.zeros_like(self.y), 0.0
        for member in members:
            a, b, error = self._one(member)
            one += a
            other += b
            unsure = math.hypot(unsure, error)
        return one, other, unsure

    def _one(self, one: Input) -> Moved:
        if one.key in self._known:
            return self._known[one.key]
        here, there, y = self.here.variate(one), self.there.variate(one), self.y
        count = self.shares[one.key].classes
        lines = Classes.of(*here, count).sums(y.ravel()).lines()
        numbers = np.arange(len(y))
        places = [_cells(lines.centre, *pair) for pair in (here, there)]
        found = []
        for half in (0, 1):
            weights = ((numbers % 2 == half) & (numbers != numbers[:, None])) * 1.0
            weights /= weights.sum(axis=1, keepdims=True)
            level, slope = weights @ lines.level, weights @ lines.slope
            before, after = (_line_values(level, slope, *place) for place in places)
            before -= after
            found.append(before)
        apart = [a[::2].mean(axis=0) - a[1::2].mean(axis=0) for a in (lines.level, lines.slope)]
        squared = float((apart[0] ** 2 + apart[1] ** 2 * lines.variances[0]).mean()) / 2.0
        moved = found[0], found[1], squared / math.sqrt(count)
        if 16 * y.size * (len(self._known) + 1) <= _AT_ONCE:
            self._known[one.key] = moved
        return moved


def _cells(centre: FloatArray, u: FloatArray, x: FloatArray) -> tuple[IndexArray, FloatArray]:
    """For draws, (replicates, draws) each: the class among those of all replicates, and how far
    they are from its centre."""
    count = len(centre)
    k = np.minimum((u * count).astype(np.intp), count - 1)
    off = x - centre.take(k)
    k += count * np.arange(len(k))[:, np.newaxis]
    return k, off


def _line_values(
    level: FloatArray, slope: FloatArray, cell: IndexArray, off: FloatArray
) -> FloatArray:
    """Lines of each replicate at its own draws."""
    found = slope.ravel().take(cell)
    found *= off
    found += level.ravel().take(cell)
    return found
