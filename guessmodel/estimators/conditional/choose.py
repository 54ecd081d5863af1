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

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import MemorySink, Record, run_replicates
from guessmodel.estimators.conditional.budget import CANDIDATES, FULL, LINKS, afforded
from guessmodel.estimators.conditional.cdf import Smooth, smooth
from guessmodel.estimators.conditional.paths import Chain, find_chains
from guessmodel.estimators.conditional.tail_widening import reaches
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.estimator import Answer, Estimator
from guessmodel.graph import dims as dimensions
from guessmodel.graph.coordinates import Element, expand, opaque
from guessmodel.graph.elementwise import FloatArray
from guessmodel.graph.family import Family
from guessmodel.graph.kinds import is_comparison
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.traversal import ancestors
from guessmodel.numerics.sorting import sample_quantiles
from guessmodel.sampling import design

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["Conditional", "Recipe", "conditional"]

_TRIAL = 512  # draws, a replicate's, on which candidates are compared
_STEEP = 0.5  # share of the variance left, from which on a net has as many draws as the run
_SLOW, _FLAT = 3.0, 0.1  # or where little is left, all of it in few draws that reach so far
_FARTHEST = 1 << 10  # coordinates behind a quantity that are counted
_HELD = 1 << 24  # numbers of a net that are held
_UNDECIDED = 6.0  # draws of a replicate that are to tell of a tail; see `undecided`
_MIDDLE = 1  # of the levels
_LEVELS = (0.05, 0.5, 0.95)  # where candidates are compared; a quantile goes by the nearest
_TAILS = (0.2, 0.8)  # levels change here, half-way on the scale of log-odds
_WORTH = 2.0  # times less variance make another draw in a tail worth a net of its own
_Z = 1.6448536269514722  # the normal distribution's quantile at 0.95
_CLEAR = 1 / 3  # of the error of independent draws; counting on nets of many inputs seldom has less


Values = Callable[[Element], FloatArray]


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Others:
    """Quantities that are drawn together, beside a draw that is integrated out."""

    names: Mapping[Quantity, str]  # in the plan; constants are read as they are
    plan: Plan | None

    @classmethod
    def of(cls, program: Program, places: Iterable[Element]) -> _Others:
        nodes = dict.fromkeys(place.node for place in places)
        drawn = [node for node in nodes if not isinstance(node.operation, Constant)]
        names = {node: f"{number}" for number, node in enumerate(drawn)}
        outputs = {name: node for node, name in names.items()}
        return cls(names, program.compiled(outputs) if names else None)

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
            kept = MemorySink(self.plan, points, replicates)
            run_replicates(self.plan, points, range(replicates), kept, Record())
            draws = kept.draws

        def values(place: Element) -> FloatArray:
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
    inputs: int  # random numbers that the quantity depends on


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conditional(Estimator):
    """Statistics of a quantity at a coordinate from its smooth CDFs, which are built when one is
    asked for."""

    recipe: Recipe
    method: str
    seed: int
    replicates: int
    size: int  # draws of a replicate of the run
    most: int  # draws that a net may have, see `budget`
    built: dict[Choice, Smooth | None] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Draws of the run."""
        return self.replicates * self.size

    def own(self, level: int) -> int:
        """Draws of a replicate that a CDF is made of. Its error falls faster than that of counting,
        so that a net may have fewer draws than the run, the larger the run the fewer."""
        choice = self.recipe.choices[level]
        wanted = self.size
        if self.method != "random" and not choice.many:
            wanted = min(wanted, max(FULL, math.isqrt(FULL * self.size)))
        held = _HELD // max(len(choice.others.names), 1)
        most = min(wanted, min(self.most, held) // self.replicates)
        return most if most == self.size else 1 << max(most, 1).bit_length() - 1

    def clear(self) -> float:
        """Share of the error of independent draws that counting the draws of the run has at best.
        A step cuts N^(1 - 1/d) of the N boxes that a net of d inputs has a draw each in; the others
        leave no error."""
        d = self.recipe.inputs
        if self.method == "nets" or d == 1:
            return min(_CLEAR, math.pow(self.size, -0.5 / d))
        return _CLEAR

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
            n = self.replicates * self.own(level)
            self.built[choice] = choice.smooth(self.method, n, self.seed)
        return self.built[choice]

    def quantile(self, p: float, unit: str, counted: Estimate | None = None) -> Answer | None:
        """Quantile at p, searched for from an order statistic of the guide, or from that of the
        run; None where the search fails, or too far in a tail for the draws there are."""
        level = bisect(_TAILS, p)
        cdf = None if self.undecided(p, level) < _UNDECIDED else self.smooth(level)
        if cdf is None or cdf.compares:
            return None
        if counted is not None:
            found = cdf.quantile(p, counted.value, counted.error, unit)
            return None if found is None else Answer(found, False)
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
        return Answer(found, found.error <= self.clear() * independent)

    def probability(self) -> Answer | None:
        """Probability of a comparison; None where its error cannot be told."""
        cdf = self.smooth(_MIDDLE)
        if cdf is None or not cdf.compares:
            return None
        found = cdf.probability()
        if found is None:
            return None
        independent = _Z * math.sqrt(found.value * (1.0 - found.value) / self.n)
        return Answer(found, found.error <= self.clear() * independent)


def conditional(
    program: Program,
    names: tuple[str, ...],
    place: Element,
    method: str,
    seed: int,
    replicates: int,
    size: int,
) -> Conditional | None:
    """The CDF of a quantity at a coordinate, without the draw that explains most of it; None where
    no draw qualifies, or where it costs too much for a run of `replicates` times `size` draws of
    some names. The choice of the draw is made once for a model."""
    run = names, replicates, size
    worth = program.afforded.get(run)  # once, for the hash of many names takes time
    if worth is None:
        worth = program.afforded[run] = afforded(program, names, replicates, size)
    most = worth.get(place.node)
    if most is None:
        return None
    if place not in program.recipes:
        program.recipes[place] = _choose(program, place)
    recipe = program.recipes[place]
    return None if recipe is None else Conditional(recipe, method, seed, replicates, size, most)


def _choose(program: Program, place: Element) -> Recipe | None:
    """Compare the candidates on one small run, at every level of the output."""
    chains = find_chains(place.node, place.position, most=CANDIDATES)
    if not chains:
        return None
    # A comparison may hold nearly never; the sides of it vary around their middle.
    sides = [
        chain.links[0].operands[chain.links[0].path] if is_comparison(place.node) else place
        for chain in chains
    ]
    needed = [other for chain in chains for other in (*chain.others, chain.draw)]
    values, replicates, size = _Others.of(program, [*needed, *sides]).draw(
        "nets", 8 * _TRIAL, 0, first=True
    )
    chosen: list[Chain] = []
    variances: list[list[float]] = []
    slow: list[list[bool]] = []
    for chain, side in _likely(list(zip(chains, sides, strict=True)), values):
        if not np.all(np.isfinite(values(side))):
            continue
        candidate = smooth(chain, _family(chain), values, replicates, size)
        if candidate is None:
            continue
        with np.errstate(invalid="ignore"):  # between two infinite draws
            at = sample_quantiles(values(side), _LEVELS).tolist()
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
        deciding = [place for place, _ in chain.decisions or ()]
        others = _Others.of(program, (*chain.others, *deciding))
        made[k] = Choice(chain, _family(chain), others, bool(many[best == k].any()))
    guide = np.empty(0) if is_comparison(place.node) else np.sort(values(place))
    if not np.all(np.isfinite(guide)):
        guide = np.empty(0)
    choices = tuple(made[k] for k in best.tolist())
    return Recipe(choices, tuple(least.tolist()), guide, _inputs(place))


def _likely(pairs: list[tuple[Chain, Element]], values: Values) -> list[tuple[Chain, Element]]:
    """The candidates that are compared: all where that takes few operations, else those with which
    the output at its levels is correlated most, by ranks."""
    if sum(len(chain.links) for chain, _ in pairs) <= LINKS:
        return pairs
    scores = []
    for chain, side in pairs:
        output = values(side)
        ranks = np.argsort(np.argsort(values(chain.draw)))
        with np.errstate(all="ignore"):
            below = output <= sample_quantiles(output, _LEVELS)[:, np.newaxis]
            correlations = np.corrcoef(ranks, below)[0, 1:]
        scores.append(float(np.sum(np.nan_to_num(correlations) ** 2)))
    kept: list[tuple[Chain, Element]] = []
    links = 0
    for k in np.argsort(scores)[::-1].tolist():
        links += len(pairs[k][0].links)
        if kept and links > LINKS:
            break
        kept.append(pairs[k])
    return kept


def _inputs(place: Element) -> int:
    """Random numbers that a quantity depends on."""
    order = expand([place], most=_FARTHEST)
    if order is None:
        return _FARTHEST
    mixed = ancestors(at.node for at in order if opaque(at.node))
    variates = (node for node in mixed if isinstance(node.operation, Variate))
    behind = sum(dimensions.size(node.dims) for node in variates)
    return behind + sum(isinstance(at.node.operation, Variate) for at in order)


def _family(chain: Chain) -> Family:
    operation = chain.draw.node.operation
    assert isinstance(operation, Quantile)
    return operation.family
