"""Which draw to integrate out of an output, the draws of all the others, and what comes of it.

The candidates are compared on few draws by the variance that is left in their conditional shares,
in the middle and in both tails, each of which may be made by another draw; the best ones are then
run on nets of their own. The same few draws, sorted, tell roughly where the quantiles are, so that
the search for one needs no draws of the run.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel import dims as dimensions
from guessmodel.conditional.chains import Chain, find_chains
from guessmodel.conditional.places import Place
from guessmodel.conditional.reach import reaches
from guessmodel.conditional.smooth import Smooth, smooth
from guessmodel.distributions.family import Family
from guessmodel.engine.plan import Plan, compile_plan
from guessmodel.engine.run import Kept, Record, run_replicates
from guessmodel.operations import FloatArray
from guessmodel.quantity import Constant, Draw, Quantity, is_comparison
from guessmodel.sampling import design
from guessmodel.statistics.estimate import Estimate

if TYPE_CHECKING:
    from guessmodel.model import Model

__all__ = ["Conditional", "Recipe", "Settled", "conditional"]

_TRIAL = 512  # draws, a replicate's, on which candidates are compared
_CANDIDATES = 24
_LABELS = 64  # coordinates of a quantity beyond which a run for each costs more than it gives
_FULL = 1 << 10  # draws per replicate up to which the estimator uses as many as the run
_SHARE = 16  # beyond, one in so many: its error is far below that of order statistics by then
_STEEP = 0.5  # share of the variance left, from which on a net has as many draws as the run
_SLOW, _FLAT = 3.0, 0.1  # or where little is left, all of it in few draws that reach so far
_CAP = 1 << 12  # draws per replicate at most: beyond, a net would cost more than the run
_MOST = 1 << 19  # draws in all, whose arrays are held
_UNDECIDED = 6.0  # draws of a replicate that are to tell of a tail; see `undecided`
_MIDDLE = 1  # of the levels
_LEVELS = (0.05, 0.5, 0.95)  # where candidates are compared; a quantile goes by the nearest
_TAILS = (0.2, 0.8)  # levels change here, half-way on the scale of log-odds
_WORTH = 2.0  # times less variance make another draw in a tail worth a net of its own
_Z = 1.6448536269514722  # the normal distribution's quantile at 0.95
_CLEAR = 1 / 3  # of the error of independent draws; counting on nets seldom has less


Values = Callable[[Place], FloatArray]


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Others:
    """Quantities that are drawn together, beside a draw that is integrated out."""

    names: Mapping[Quantity, str]  # in the plan; constants are read as they are
    plan: Plan | None

    @classmethod
    def of(cls, model: Model, places: Iterable[Place]) -> _Others:
        nodes = dict.fromkeys(place.node for place in places)
        drawn = [node for node in nodes if not isinstance(node.operation, Constant)]
        names = {node: f"{number}" for number, node in enumerate(drawn)}
        outputs = {name: node for node, name in names.items()}
        return cls(names, compile_plan(outputs, model.keys, model.absorbed) if names else None)

    def draw(
        self, method: str, n: int, seed: int, *, first: bool = False
    ) -> tuple[Values, int, int]:
        """Their draws by place, the replicates, and the draws of each replicate; of n draws, or
        of the `first` replicate alone."""
        streams = () if self.plan is None else self.plan.streams
        points = design(method, n, seed, streams, ordered=True)
        replicates = 1 if first else points.replicates
        draws: Mapping[str, FloatArray] = {}
        if self.plan is not None:
            kept = Kept(self.plan, points, replicates)
            run_replicates(self.plan, points, range(replicates), kept, Record())
            draws = kept.draws

        def values(place: Place) -> FloatArray:
            operation = place.node.operation
            if isinstance(operation, Constant):
                return np.atleast_1d(operation.value[place.position])
            array: FloatArray = draws[self.names[place.node]][place.position]
            return array

        return values, replicates, points.size


@final
@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A draw to integrate out of a quantity at a coordinate, and what is drawn instead."""

    chain: Chain
    family: Family
    others: _Others
    many: bool  # draws wanted, as few of them decide, or as they decide nearly all

    def smooth(self, method: str, n: int, seed: int) -> Smooth | None:
        """Draw the others, and build the CDF given them; None where the chain fails on them."""
        return smooth(self.chain, self.family, *self.others.draw(method, n, seed))


@final
@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """What to integrate out of a quantity at a coordinate: a draw for each level."""

    choices: tuple[Choice, ...]
    left: tuple[float, ...]  # variance of the conditional shares, of p (1 - p) without the draw
    guide: FloatArray  # some draws of the quantity, sorted


@final
@dataclass(frozen=True, slots=True)
class Settled:
    """A conditional estimate; `settled` if the run's own draws could hardly do better."""

    estimate: Estimate
    settled: bool


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    """Statistics of a quantity at a coordinate from its smooth CDFs, which are built when one is
    asked for."""

    recipe: Recipe
    method: str
    seed: int
    replicates: int
    size: int  # draws of a replicate of the run
    built: dict[Choice, Smooth | None] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Draws of the run."""
        return self.replicates * self.size

    def own(self, level: int) -> int:
        """Draws of a replicate that a CDF is made of."""
        if self.method == "random" or self.recipe.choices[level].many:
            return min(self.size, _CAP)
        return min(self.size, max(_FULL, self.size // _SHARE), _CAP)

    def undecided(self, p: float, level: int) -> float:
        """Draws of a replicate beyond a quantile, less those of which the other draws decide it:
        where these are nearly all, the share is a step, and all replicates may miss it alike.
        (Known jumps have a least half-width instead.)"""
        decided = self.recipe.left[level] / (_LEVELS[level] * (1.0 - _LEVELS[level]))
        if self.recipe.choices[level].chain.jumps:
            decided = 0.0
        return self.own(level) * min(p, 1.0 - p) * (1.0 - decided)

    def smooth(self, level: int) -> Smooth | None:
        """The CDF for quantiles around a level; None where it fails, or is no better than counts"""
        # The error of independent draws falls by the variance alone.
        p, left = _LEVELS[level], self.recipe.left[level]
        if self.method == "random" and left * self.size > p * (1.0 - p) * self.own(level):
            return None
        choice = self.recipe.choices[level]
        if choice not in self.built:
            n = min(self.replicates * self.own(level), _MOST)
            self.built[choice] = choice.smooth(self.method, n, self.seed)
        return self.built[choice]

    def quantile(self, p: float, unit: str, counted: Estimate | None = None) -> Settled | None:
        """Quantile at p, searched for from an order statistic of the guide, or from that of the
        run; None where the search fails, or too far in a tail for the draws there are."""
        level = bisect(_TAILS, p)
        cdf = None if self.undecided(p, level) < _UNDECIDED else self.smooth(level)
        if cdf is None or cdf.compares:
            return None
        if counted is not None:
            found = cdf.quantile(p, counted.value, counted.error, unit)
            return None if found is None else Settled(found, False)
        guide = self.recipe.guide
        size = guide.size
        reach = _Z * math.sqrt(size * p * (1.0 - p))
        low, high = size * p - reach, size * p + reach
        if low < 0.0 or high > size - 1.0:  # an empty guide included
            return None
        below, start, above = np.interp((low, size * p, high), np.arange(size), guide).tolist()
        width = (above - below) / 2.0
        found = cdf.quantile(p, start, width, unit)
        if found is None:
            return None
        # The error of n independent draws, by the guide's density.
        independent = width * math.sqrt(size / self.n)
        return Settled(found, found.error <= _CLEAR * independent)

    def probability(self) -> Settled | None:
        """Probability of a comparison; None where its error cannot be told."""
        cdf = self.smooth(_MIDDLE)
        if cdf is None or not cdf.compares:
            return None
        found = cdf.probability()
        if found is None:
            return None
        independent = _Z * math.sqrt(found.value * (1.0 - found.value) / self.n)
        return Settled(found, found.error <= _CLEAR * independent)


def conditional(
    model: Model, place: Place, method: str, seed: int, replicates: int, size: int
) -> Conditional | None:
    """The CDF of a quantity at a coordinate, without the draw that explains most of it; None where
    no draw qualifies. For a run of `replicates` times `size` draws; the choice of the draw is made
    once for a model."""
    if dimensions.size(place.node.dims) > _LABELS:
        return None
    if place not in model.recipes:
        model.recipes[place] = _choose(model, place)
    recipe = model.recipes[place]
    return None if recipe is None else Conditional(recipe, method, seed, replicates, size)


def _choose(model: Model, place: Place) -> Recipe | None:
    """Compare the candidates on one small run, at every level of the output."""
    chains = find_chains(place.node, place.position)[:_CANDIDATES]
    if not chains:
        return None
    # A comparison may hold nearly never; the sides of it vary around their middle.
    sides = [
        chain.links[0].operands[chain.links[0].path] if is_comparison(place.node) else place
        for chain in chains
    ]
    needed = [other for chain in chains for other in chain.others]
    values, replicates, size = _Others.of(model, [*needed, *sides]).draw(
        "sobol", 8 * _TRIAL, 0, first=True
    )
    chosen: list[Chain] = []
    variances: list[list[float]] = []
    slow: list[list[bool]] = []
    for chain, side in zip(chains, sides, strict=True):
        if not np.all(np.isfinite(values(side))):
            continue
        candidate = smooth(chain, _family(model, chain), values, replicates, size)
        if candidate is None:
            continue
        with np.errstate(invalid="ignore"):  # between two infinite draws
            at = np.quantile(values(side), _LEVELS).tolist()
        shares = [candidate.shares(threshold) for threshold in at]
        if not np.all(np.isfinite(shares)):
            continue
        chosen.append(chain)
        variances.append([float(np.var(some)) for some in shares])
        slow.append([max(reaches(some, float(some.mean()))) > _SLOW for some in shares])
    if not chosen:
        return None
    left = np.array(variances)
    best = np.argmin(left, axis=0)
    middle = best[_MIDDLE]
    best = np.where(left[middle] <= _WORTH * left.min(axis=0), middle, best)
    levels = range(len(_LEVELS))
    least = left[best, levels]
    decided = least / np.multiply(_LEVELS, np.subtract(1.0, _LEVELS))
    many = (decided > _STEEP) | (np.array(slow)[best, levels] & (decided < _FLAT))
    made = {}
    for k in set(best.tolist()):
        chain = chosen[k]
        others = _Others.of(model, chain.others)
        made[k] = Choice(chain, _family(model, chain), others, bool(many[best == k].any()))
    guide = np.empty(0) if is_comparison(place.node) else np.sort(values(place))
    if not np.all(np.isfinite(guide)):
        guide = np.empty(0)
    return Recipe(tuple(made[k] for k in best.tolist()), tuple(least.tolist()), guide)


def _family(model: Model, chain: Chain) -> Family:
    node = chain.draw.node
    assert isinstance(node.operation, Draw)
    return model.absorbed.get(node, node.operation.family)
