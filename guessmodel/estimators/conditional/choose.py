"""Which draw to integrate out of an output, and estimates by integrating it out.

Candidates are compared on a few draws: the best one leaves the least variance in the conditional
CDF. The middle and both tails are compared apart, for another draw may matter in a tail. The CDF
without the best draw is then computed on a net of its own. The same few draws tell roughly where a
quantile is, so that the search for it needs no draws of the run.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import MemorySink, Record, run_replicates
from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.coincidence import OnEdges
from guessmodel.estimators.conditional.budget import CANDIDATES, FULL, OPERATIONS
from guessmodel.estimators.conditional.cdf import ConditionalCdf, conditional_cdf
from guessmodel.estimators.conditional.paths import Path, find_paths, stepped
from guessmodel.estimators.conditional.rare_values import bounds_of
from guessmodel.estimators.conditional.tail_widening import tail_factors
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

__all__ = ["Conditional", "Integrations", "conditional"]

_TRIAL = 512  # draws, a replicate's, on which candidates are compared
_STEEP = 0.5  # share of the variance left, from which on a net has as many draws as the run;
_SLOW, _FLAT = 3.0, 0.1  # likewise from this tail factor on, if less than this share is left
_FARTHEST = 1 << 10  # coordinates behind a quantity that are counted
_HELD = 1 << 24  # numbers of a net that are held
_MIDDLE = 1  # of the levels
_LEVELS = (0.05, 0.5, 0.95)  # where candidates are compared; a quantile goes by the nearest
_TAILS = (0.2, 0.8)  # levels change here, half-way on the scale of log-odds
_WORTH = 2.0  # times less variance make another draw in a tail worth a net of its own
_Z = 1.6448536269514722  # the normal distribution's quantile at 0.95
_LEAST_SHARE = 1 / 3  # of the error of independent draws; counting on nets seldom has less

Values = Callable[[Element], FloatArray]


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Conditioning:
    """The quantities that a conditional CDF is given, and how they are drawn together."""

    names: Mapping[Quantity, str]  # in the plan; constants are read as they are
    plan: Plan | None
    keys: Mapping[Quantity, str]

    @classmethod
    def of(cls, program: Program, elements: Iterable[Element]) -> _Conditioning:
        nodes = dict.fromkeys(element.node for element in elements)
        drawn = [node for node in nodes if not isinstance(node.operation, Constant)]
        names = {node: f"{number}" for number, node in enumerate(drawn)}
        outputs = {name: node for node, name in names.items()}
        return cls(names, program.compiled(outputs) if names else None, program.keys)

    def draw(
        self, method: str, n: int, seed: int, *, first: bool = False
    ) -> tuple[Values, int, int]:
        """Their draws by element, the number of replicates, and that of draws in each: of a run of
        n draws, or of its `first` replicate alone."""
        streams = () if self.plan is None else self.plan.streams
        points = design(method, n, seed, streams, ordered=True)
        replicates = 1 if first else points.replicates
        draws: Mapping[str, FloatArray] = {}
        if self.plan is not None:
            kept = MemorySink(self.plan, points, replicates)
            run_replicates(self.plan, points, range(replicates), kept, Record())
            draws = kept.draws
        return partial(self._values, draws), replicates, points.size

    def on_edges(self, replicates: int, size: int) -> tuple[OnEdges, Values, Values] | None:
        """Their draws on both edges of the strata in which events of several inputs begin, for a
        net of so many draws; None where there are no such events."""
        if self.plan is None:
            return None
        edges = OnEdges.create(self.plan, list(self.names), self.keys, replicates, size)
        if edges is None:
            return None
        return edges, partial(self._values, edges.lower), partial(self._values, edges.upper)

    def _values(self, draws: Mapping[str, FloatArray], element: Element) -> FloatArray:
        operation = element.node.operation
        if isinstance(operation, Constant):
            return np.atleast_1d(operation.value[element.position])
        array: FloatArray = draws[self.names[element.node]][element.position]
        return array


@final
@dataclass(frozen=True, slots=True, eq=False)
class Integration:
    """A draw to integrate out of a quantity at a coordinate, and the quantities given then."""

    path: Path
    family: Family
    conditioning: _Conditioning
    bounds: tuple[Closed | None, ...]  # of the borders on the path, where they are known
    many: bool  # whether the net is to have as many draws as the run

    def cdf(self, method: str, n: int, seed: int) -> ConditionalCdf | None:
        """The CDF, from draws of the given quantities; None where they do not allow it."""
        values, replicates, size = self.conditioning.draw(method, n, seed)
        found = conditional_cdf(self.path, self.family, values, replicates, size)
        if found is None or not self.path.jumps:
            return found
        found = replace(found, bounds=self.bounds)
        if method == "random":  # independent draws are counted each for itself
            return found
        on_edges = self.conditioning.on_edges(replicates, size)
        if on_edges is None:
            return found
        edges, *sides = on_edges
        ends = [conditional_cdf(self.path, self.family, s, 1, edges.stratum.size) for s in sides]
        return found.with_coincidences(edges, *ends)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Integrations:
    """The draws to integrate out of a quantity at a coordinate: one for each level."""

    by_level: tuple[Integration, ...]
    variance_left: tuple[
        float, ...
    ]  # of the conditional CDF; without the integration it is p (1 - p)
    guide: FloatArray  # some draws of the quantity, sorted
    inputs: int  # random numbers that the quantity depends on


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conditional(Estimator):
    """Statistics of a quantity at a coordinate by conditional Monte Carlo. CDFs are computed when a
    statistic first needs them."""

    integrations: Integrations
    method: str
    seed: int
    replicates: int
    size: int  # draws of a replicate of the run
    most: int  # draws that a net may have, see `budget`
    built: dict[Integration, ConditionalCdf | None] = field(default_factory=dict)
    # Headlines, sentences and sections ask again for what the table has.
    answers: dict[tuple[float, str, Estimate | None], Answer | None] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Draws of the run."""
        return self.replicates * self.size

    def net_size(self, level: int) -> int:
        """Draws in each replicate of the net for a level. The error of a conditional CDF falls
        faster than that of counting, so that the net of a large run may have fewer draws."""
        integration = self.integrations.by_level[level]
        wanted = self.size
        if self.method != "random" and not integration.many:
            wanted = min(wanted, max(FULL, math.isqrt(FULL * self.size)))
        held = _HELD // max(len(integration.conditioning.names), 1)
        most = min(wanted, min(self.most, held) // self.replicates)
        return most if most == self.size else 1 << max(most, 1).bit_length() - 1

    def least_share(self) -> float:
        """The least error of counting on the run, as a share of that of independent draws. A net of
        d inputs has a draw in each of N boxes; the boundary of an event cuts N^(1 - 1/d) of them,
        and only these leave an error."""
        d = self.integrations.inputs
        if self.method == "nets" or d == 1:
            return min(_LEAST_SHARE, math.pow(self.size, -0.5 / d))
        return _LEAST_SHARE

    def cdf(self, level: int) -> ConditionalCdf | None:
        """The CDF for quantiles around a level; None where there is none, or where counting is
        better."""
        # The error of independent draws falls by the variance alone.
        p, left = _LEVELS[level], self.integrations.variance_left[level]
        if self.method == "random" and left * self.size > p * (1.0 - p) * self.net_size(level):
            return None
        integration = self.integrations.by_level[level]
        if integration not in self.built:
            n = self.replicates * self.net_size(level)
            self.built[integration] = integration.cdf(self.method, n, self.seed)
        return self.built[integration]

    def quantile(self, p: float, unit: str, counted: Estimate | None = None) -> Answer | None:
        """Quantile at p. The search starts from an order statistic of the guide, or of the run
        where that is `counted`. None where it fails."""
        question = p, unit, counted
        if question not in self.answers:
            self.answers[question] = self._searched(*question)
        return self.answers[question]

    def _searched(self, p: float, unit: str, counted: Estimate | None) -> Answer | None:
        level = bisect(_TAILS, p)
        cdf = self.cdf(level)
        if cdf is None or cdf.compares:
            return None
        if counted is not None:
            found = cdf.quantile(p, counted.value, counted.error, unit)
            return None if found is None else Answer(found, False)
        guide = self.integrations.guide
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
        return Answer(found, found.error <= self.least_share() * independent)

    def probability(self) -> Answer | None:
        """Probability of a comparison; None where its error cannot be told."""
        cdf = self.cdf(_MIDDLE)
        if cdf is None or not cdf.compares:
            return None
        found = cdf.probability()
        if found is None:
            return None
        independent = _Z * math.sqrt(found.value * (1.0 - found.value) / self.n)
        return Answer(found, found.error <= self.least_share() * independent)


def conditional(
    program: Program,
    element: Element,
    method: str,
    seed: int,
    replicates: int,
    size: int,
    most: int,
) -> Conditional | None:
    """The conditional estimator of a quantity at a coordinate, for a run of `replicates` times
    `size` draws, by nets of `most` draws at most; None where no draw can be integrated out. The
    draw is chosen once for a model."""
    if element not in program.integrations:
        program.integrations[element] = _choose(program, element)
    integrations = program.integrations[element]
    if integrations is None:
        return None
    return Conditional(integrations, method, seed, replicates, size, most)


def _choose(program: Program, element: Element) -> Integrations | None:
    """Compare the candidates on one small run, at every level of the output."""
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
    values, replicates, size = _Conditioning.of(program, [*needed, *watched]).draw(
        "nets", 8 * _TRIAL, 0, first=True
    )
    chosen: list[Path] = []
    variances: list[list[float]] = []
    slow: list[list[bool]] = []
    for path, quantity in _likely(list(zip(paths, watched, strict=True)), values):
        if not np.all(np.isfinite(values(quantity))):
            continue
        candidate = conditional_cdf(path, _family(path), values, replicates, size)
        if candidate is None:
            continue
        with np.errstate(invalid="ignore"):  # between two infinite draws
            at = sample_quantiles(values(quantity), _LEVELS).tolist()
        shares = [candidate.shares(threshold) for threshold in at]
        if not np.all(np.isfinite(shares)):
            continue
        chosen.append(path)
        variances.append([float(np.var(some)) for some in shares])
        slow.append([max(tail_factors(some, float(some.mean()))) > _SLOW for some in shares])
    if not chosen:
        return None
    left = np.array(variances)
    best = np.argmin(left, axis=0)
    middle = best[_MIDDLE]
    best = np.where(left[middle] <= _WORTH * left.min(axis=0), middle, best)
    levels = range(len(_LEVELS))
    least = left[best, levels]
    share = least / np.multiply(_LEVELS, np.subtract(1.0, _LEVELS))
    many = (share > _STEEP) | (np.array(slow)[best, levels] & (share < _FLAT))
    made = {}
    for k in set(best.tolist()):
        path = chosen[k]
        deciding = [element for element, _ in path.decisions or ()]
        under = [each for element in deciding for each in stepped(element)]
        given = _Conditioning.of(program, (*path.given, *deciding, *under))
        bounds = bounds_of(path, program.forms)
        made[k] = Integration(path, _family(path), given, bounds, bool(many[best == k].any()))
    guide = np.empty(0) if is_comparison(element.node) else np.sort(values(element))
    if not np.all(np.isfinite(guide)):
        guide = np.empty(0)
    by_level = tuple(made[k] for k in best.tolist())
    return Integrations(by_level, tuple(least.tolist()), guide, _inputs(element))


def _likely(pairs: list[tuple[Path, Element]], values: Values) -> list[tuple[Path, Element]]:
    """The candidates to compare: all, where they take few operations; else those whose ranks are
    correlated most with whether the output is below its levels."""
    if sum(len(path.operations) for path, _ in pairs) <= OPERATIONS:
        return pairs
    scores = []
    for path, quantity in pairs:
        output = values(quantity)
        ranks = np.argsort(np.argsort(values(path.draw)))
        with np.errstate(all="ignore"):
            below = output <= sample_quantiles(output, _LEVELS)[:, np.newaxis]
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


def _family(path: Path) -> Family:
    operation = path.draw.node.operation
    assert isinstance(operation, Quantile)
    return operation.family
