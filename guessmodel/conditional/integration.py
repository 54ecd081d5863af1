"""Which draw to integrate out of an output, the draws of all the others, and what comes of it.

The candidates are compared on few draws by the variance that is left in their conditional shares;
the best one is then run on a net of its own. The same few draws, sorted, tell roughly where the
quantiles are, so that the search for one needs no draws of the run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel import dims as dimensions
from guessmodel.conditional.chains import Chain, find_chains
from guessmodel.conditional.places import Place
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
_CAP = 1 << 12  # draws per replicate at most: beyond, a net would cost more than the run
_MOST = 1 << 19  # draws in all, whose arrays are held
_TAIL = 25  # draws of a replicate beyond a quantile: of fewer, those that matter may be missing
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
class Recipe:
    """The draw to integrate out of a quantity at a coordinate, and what is drawn instead."""

    chain: Chain
    family: Family
    others: _Others
    guide: FloatArray  # some draws of the quantity, sorted
    left: float  # variance of the conditional share at the median, of 1/4 without the draw

    def smooth(self, method: str, n: int, seed: int) -> Smooth | None:
        """Draw the others, and build the CDF given them; None where the chain fails on them."""
        return smooth(self.chain, self.family, *self.others.draw(method, n, seed))


@final
@dataclass(frozen=True, slots=True)
class Settled:
    """A conditional estimate; `settled` if the run's own draws could hardly do better."""

    estimate: Estimate
    settled: bool


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    """Statistics of a quantity at a coordinate from its smooth CDF."""

    smooth: Smooth
    guide: FloatArray
    n: int  # draws of the run

    def quantile(self, p: float, unit: str, counted: Estimate | None = None) -> Settled | None:
        """Quantile at p, searched for from an order statistic of the guide, or from that of the
        run; None where the search fails, or too far in a tail for the draws there are."""
        if self.smooth.comparison is not None or self.smooth.size * min(p, 1.0 - p) < _TAIL:
            return None
        if counted is not None:
            found = self.smooth.quantile(p, counted.value, counted.error, unit)
            return None if found is None else Settled(found, False)
        size = self.guide.size
        reach = _Z * math.sqrt(size * p * (1.0 - p))
        low, high = size * p - reach, size * p + reach
        if low < 0.0 or high > size - 1.0:  # an empty guide included
            return None
        below, start, above = np.interp((low, size * p, high), np.arange(size), self.guide).tolist()
        width = (above - below) / 2.0
        found = self.smooth.quantile(p, start, width, unit)
        if found is None:
            return None
        # The error of n independent draws, by the guide's density.
        independent = width * math.sqrt(size / self.n)
        return Settled(found, found.error <= _CLEAR * independent)

    def probability(self) -> Settled | None:
        """Probability of a comparison; None where its error cannot be told."""
        if self.smooth.comparison is None:
            return None
        found = self.smooth.probability()
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
    if recipe is None:
        return None
    if method == "random":  # the error of independent draws falls by the variance alone
        own = min(size, _CAP)
        if recipe.left * size > 0.25 * own:
            return None
    else:
        own = min(size, max(_FULL, size // _SHARE), _CAP)
    found = recipe.smooth(method, min(replicates * own, _MOST), seed)
    return None if found is None else Conditional(found, recipe.guide, replicates * size)


def _choose(model: Model, place: Place) -> Recipe | None:
    """Compare the candidates on one small run, at the middle of the output."""
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
    best, least = None, math.inf
    for chain, side in zip(chains, sides, strict=True):
        candidate = smooth(chain, _family(model, chain), values, replicates, size)
        if candidate is None:
            continue
        left = float(np.var(candidate.shares(float(np.median(values(side))))))
        if left < least:
            best, least = chain, left
    if best is None:
        return None
    guide = np.empty(0) if is_comparison(place.node) else np.sort(values(place))
    if not np.all(np.isfinite(guide)):
        guide = np.empty(0)
    return Recipe(best, _family(model, best), _Others.of(model, best.others), guide, least)


def _family(model: Model, chain: Chain) -> Family:
    node = chain.draw.node
    assert isinstance(node.operation, Draw)
    return model.absorbed.get(node, node.operation.family)
