"""Which draw to integrate out of an output.

Candidates are compared on a few draws: the best one leaves the least variance in the conditional
CDF. The middle and both tails are compared apart, for another draw may matter in a tail. The CDF
without the best draw is then computed on a net of its own. The same few draws tell roughly where a
quantile is, so that the search for it needs no draws of the run.

Far out in a tail, where few draws of a run are, the most extreme of all candidates is integrated
out (see `shares`). They are looked for when a quantile so far out is first asked for.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Self, final

import numpy as np

from guessmodel.estimators.conditional.budget import CANDIDATES, OPERATIONS
from guessmodel.estimators.conditional.cdf import ConditionalCdf, conditional_cdf, is_far_out
from guessmodel.estimators.conditional.integration import Conditioning, Integration
from guessmodel.estimators.conditional.paths import Path, find_paths
from guessmodel.estimators.conditional.shares import Values
from guessmodel.estimators.conditional.tail_widening import tail_factors
from guessmodel.graph import dims as dimensions
from guessmodel.graph.coordinates import Element, expand, opaque
from guessmodel.graph.kinds import is_comparison
from guessmodel.graph.quantity import Variate
from guessmodel.graph.traversal import ancestors
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.sorting import sample_quantiles

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["Choice", "Integrations", "choose"]

_TRIAL = 512  # draws, a replicate's, on which candidates are compared,
_FAR_TRIAL = 1 << 12  # and far out
_STEEP = 0.5  # share of the variance left, from which on a net has as many draws as the run;
_SLOW, _FLAT = 3.0, 0.1  # likewise from this tail factor on, if less than this share is left
_FARTHEST = 1 << 10  # coordinates behind a quantity that are counted
_MIDDLE = 1  # of the levels
_LEVELS = (0.05, 0.5, 0.95)  # where candidates are compared; a quantile goes by the nearest
_TAILS = (0.2, 0.8)  # levels change here, half-way on the scale of log-odds
_FAR_LEVELS = (0.01, 0.99)  # likewise, for quantiles far out
_WORTH = 2.0  # times less variance make another draw in a tail worth a net of its own


@final
@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What to integrate out for the quantiles around a level."""

    level: float
    integration: Integration
    left: float  # variance of the conditional CDF; without the integration it is p (1 - p)
    guide: FloatArray  # some draws of the quantity, sorted; none where they do not tell


@final
@dataclass(frozen=True, slots=True, eq=False)
class Integrations:
    """The draws to integrate out of a quantity at a coordinate."""

    by_level: tuple[Choice, ...]
    inputs: int  # random numbers that the quantity depends on
    choose_far: Callable[[float], Choice | None]  # at a level, None where that fails
    far: dict[float, Choice | None] = field(default_factory=dict)  # those that were made

    @property
    def middle(self) -> Choice:
        """The choice for the median, and for the probability of a comparison."""
        return self.by_level[_MIDDLE]

    def at(self, p: float, size: int) -> Choice:
        """The choice for the quantile at p, or for a comparison that holds with probability p, in a
        run with replicates of some size."""
        near = self.by_level[bisect(_TAILS, p)]
        if not is_far_out(p, size):
            return near
        level = _FAR_LEVELS[int(p > 0.5)]
        if level not in self.far:
            self.far[level] = self.choose_far(level)
        return self.far[level] or near


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """Candidates, and a replicate of draws on which they are compared."""

    paths: Sequence[Path]
    watched: Sequence[Element]  # what is below a threshold or not, for each candidate
    values: Values
    size: int

    @classmethod
    def of(cls, program: Program, element: Element, size: int) -> Self | None:
        paths = find_paths(element.node, element.position, most=CANDIDATES)
        if not paths:
            return None
        # A comparison may hold nearly never; the quantity that is compared does vary.
        watched = [
            path.operations[0].operands[path.operations[0].inner]
            if is_comparison(element.node)
            else element
            for path in paths
        ]
        needed = [other for path in paths for other in (*path.given, path.draw)]
        values, _, size = Conditioning.of(program, [*needed, *watched]).draw(
            "nets", 8 * size, 0, first=True
        )
        return cls(paths, watched, values, size)

    def candidates(
        self, levels: Sequence[float], *, itself: bool = False
    ) -> list[tuple[Path, list[FloatArray]]]:
        """The likely ones, and their conditional shares at some levels of the output; or those in
        which the comparison `itself` holds."""
        found = []
        for path, quantity in _likely(
            list(zip(self.paths, self.watched, strict=True)), self.values, levels
        ):
            output = self.values(quantity)
            if not np.all(np.isfinite(output)):
                continue
            candidate = self.cdf([path])
            if candidate is None:
                continue
            at: list[float | None] = [None]
            if not itself:
                with np.errstate(invalid="ignore"):  # between two infinite draws
                    at = sample_quantiles(output, levels).tolist()
            shares = [candidate.shares(threshold) for threshold in at]
            if np.all(np.isfinite(shares)):
                found.append((path, shares))
        return found

    def cdf(self, paths: Sequence[Path], *, upper: bool = False) -> ConditionalCdf | None:
        return conditional_cdf(paths, self.values, 1, self.size, upper=upper)

    def guide(self, element: Element) -> FloatArray:
        """Draws of a quantity, sorted; none of a comparison, or where some are not finite."""
        guide = np.empty(0) if is_comparison(element.node) else np.sort(self.values(element))
        return guide if np.all(np.isfinite(guide)) else np.empty(0)


def choose(program: Program, element: Element) -> Integrations | None:
    """Compare the candidates on one small run, at every level of the output; None where there are
    none."""
    trial = _Trial.of(program, element, _TRIAL)
    candidates = trial.candidates(_LEVELS) if trial else []
    if not trial or not candidates:
        return None
    left = np.array([[float(np.var(some)) for some in shares] for _, shares in candidates])
    slow = np.array([[_is_slow(some) for some in shares] for _, shares in candidates])
    best = np.argmin(left, axis=0)
    middle = best[_MIDDLE]
    best = np.where(left[middle] <= _WORTH * left.min(axis=0), middle, best)
    levels = range(len(_LEVELS))
    least = left[best, levels]
    share = least / np.multiply(_LEVELS, np.subtract(1.0, _LEVELS))
    many = (share > _STEEP) | (slow[best, levels] & (share < _FLAT))
    made = {
        k: Integration.of(program, [candidates[k][0]], many=bool(many[best == k].any()))
        for k in set(best.tolist())
    }
    guide = trial.guide(element)
    by_level = tuple(
        Choice(level, made[k], variance, guide)
        for level, k, variance in zip(_LEVELS, best.tolist(), least.tolist(), strict=True)
    )
    return Integrations(by_level, _inputs(element), partial(_choose_far, program, element))


def _choose_far(program: Program, element: Element, level: float) -> Choice | None:
    """Integrate out all likely candidates together. One alone often seems better on few draws, on
    which no other draw is far out, and is then wrong by more than a run can tell."""
    trial = _Trial.of(program, element, _FAR_TRIAL)
    compares = is_comparison(element.node)
    candidates = trial.candidates([level], itself=compares) if trial else []
    if not trial or not candidates:
        return None
    left = [float(np.var(shares)) for _, shares in candidates]
    k = int(np.argmin(left))
    paths, least, upper = [candidates[k][0]], left[k], level > 0.5
    # The depth of what has atoms is not uniform, and the split would not add up.
    several = [path for path, _ in candidates if path.family.has_density]
    split = trial.cdf(several, upper=upper) if len(several) > 1 else None
    if split is not None:
        threshold = None
        if not compares:
            threshold = float(sample_quantiles(trial.values(element), [level])[0])
        paths, least = several, float(np.var(split.shares(threshold)))
    integration = Integration.of(program, paths, many=True, upper=upper)
    return Choice(level, integration, least, trial.guide(element))


def _is_slow(shares: FloatArray) -> bool:
    return max(tail_factors(shares, float(shares.mean()))) > _SLOW


def _likely(
    pairs: list[tuple[Path, Element]], values: Values, levels: Sequence[float]
) -> list[tuple[Path, Element]]:
    """The candidates to compare: all, where they take few operations; else those whose ranks are
    correlated most with whether the output is below some levels."""
    if sum(len(path.operations) for path, _ in pairs) <= OPERATIONS:
        return pairs
    scores = []
    for path, quantity in pairs:
        output = values(quantity)
        ranks = np.argsort(np.argsort(values(path.draw)))
        with np.errstate(all="ignore"):
            below = output <= sample_quantiles(output, levels)[:, np.newaxis]
            correlations = np.corrcoef(ranks, below)[0, 1:]
        scores.append(float(np.sum(np.nan_to_num(correlations) ** 2)))
    kept: list[tuple[Path, Element]] = []
    operations = 0
    for k in np.argsort(scores)[::-1].tolist():
        operations += len(pairs[k][0].operations)
        if kept and operations > OPERATIONS:
            break
        kept.append(pairs[k])
    return kept


def _inputs(element: Element) -> int:
    """Random numbers that a quantity depends on."""
    order = expand([element], most=_FARTHEST)
    if order is None:
        return _FARTHEST
    mixed = ancestors(at.node for at in order if opaque(at.node))
    variates = (node for node in mixed if isinstance(node.operation, Variate))
    behind = sum(dimensions.size(node.dims) for node in variates)
    return behind + sum(isinstance(at.node.operation, Variate) for at in order)
