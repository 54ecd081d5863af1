"""Standard deviation, skewness and kurtosis from the moments of parts.

Where parts share no draw these are exact. Else they are the moments given the draws that are
sampled: those of a run of its own, in which the few variates that decide go farther out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final, final

import numpy as np

from guessmodel.estimators import replicates
from guessmodel.estimators.by_parts.cases import Holding, Knowing
from guessmodel.estimators.by_parts.draws import VariateSets
from guessmodel.estimators.by_parts.farther import directions, farther
from guessmodel.estimators.by_parts.leaves import GivenDraws, Leaves, Sampling
from guessmodel.estimators.by_parts.walk import Walk
from guessmodel.estimators.conditional.jumps import Discontinuities
from guessmodel.estimators.conditional.paths import Decisions, decisions
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.skewed_tails import Extremes
from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.central_moments import CentralMoments, Number
from guessmodel.numerics.moments import Moments
from guessmodel.numerics.pareto_tail import DrawnTail
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.sampling.design import Design

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["ESTIMATOR", "ByParts", "Composed"]

ESTIMATOR = "by parts"

_ROUNDS: Final = 16  # of finding what must be sampled
_LARGEST: Final = 1 << 16  # coordinates of a model, beyond which nothing is looked at
_CASES: Final = 1 << 24  # results of operations, in all cases that are supposed
_WORK: Final = 1 << 25  # results of operations that the draws of all quantities may take again
_FAR: Final = 2.0
_FEWEST: Final = 1 << 12
# Fitted constants are listed in docs/constants.md.
_REACH: Final = {2: 1.0, 4: 0.5}  # how far the farthest draws must be out, by order of the moments,


@final
@dataclass(frozen=True, slots=True)
class Composed:
    """Moments about the mean: numbers; or, given some draws, arrays of shape (R, N), with what each
    draw counts."""

    moments: CentralMoments
    counts: FloatArray | None = None
    conditional: bool = False
    weighted: bool = False
    fewer: bool = False
    """Whether these are fewer draws than the run has."""
    steps: Discontinuities | None = None
    """What decides between the draws: how many there are on either side is rounded on a net."""

    def better(self, found: Estimate, counted: Estimate) -> Estimate:
        """What is found by parts, unless all draws of the run have an error far below."""
        far = self.fewer and counted.reliable and found.error > _FAR * counted.error
        return counted if far else found

    def mean(self, unit: str) -> Estimate:
        """The mean, of what is known without draws."""
        return Estimate.exact(math.ldexp(float(self.moments.mean), self.moments.power), unit)

    def sd(self, unit: str) -> Estimate:
        if self.counts is None:
            found = Estimate.exact(self._sd, unit)
        elif not self.weighted:
            found = replicates.sd(self._deviations, centre=0.0, unit=unit)
            low, square, high = found.low**2, found.value**2, found.high**2
            least = self._rounded(self._residuals(self.about_mean[2], square))
            found = replace(found, low=min(low, square - least), high=max(high, square + least))
            found = _rooted(replace(found, value=square, estimator=ESTIMATOR))
        else:
            found = _rooted(self.mean_of(self.about_mean[2], 2, unit))
        return found.scaled(2.0**self.moments.power, unit) if self.moments.power else found

    def skewness(self) -> Estimate:
        return self._standardised(
            3, lambda m, third, _: m[3] - 3.0 * m[1] - 1.5 * third * (m[2] - 1.0)
        )

    def kurtosis(self) -> Estimate:
        return self._standardised(
            4, lambda m, third, fourth: m[4] - 4.0 * third * m[1] - 2.0 * fourth * (m[2] - 1.0)
        )

    @property
    def about_mean(self) -> list[Number]:
        """E[(X - E[X])^k], given each draw, about the mean of all."""
        return self.moments.about(self.average(self.moments.mean))

    def _standardised(
        self, power: int, influence: Callable[[Sequence[Number], float, float], Number]
    ) -> Estimate:
        """E[z^power], by its influence function as in `estimators.shape`, of which each draw has
        its mean given that draw."""
        about, sd = self.about_mean, self._sd
        if not sd:
            return Estimate.refused("a constant has no shape", "exact")
        z = [moment / sd**k for k, moment in enumerate(about)]
        if self.counts is None:
            value = float(z[power])
            return Estimate.exact(0.0 if abs(value) < 1e-12 else value)
        return self.mean_of(influence(z, self.average(z[3]), self.average(z[4])), power)

    @property
    def varies(self) -> bool:
        """Whether it does so by more than the rounding of arithmetic."""
        return self._sd > 0.0

    @property
    def _sd(self) -> float:
        """Standard deviation; 0 where it is no more than the rounding of arithmetic."""
        mean, sd = self.average(self.moments.mean), math.sqrt(self.average(self.about_mean[2]))
        return 0.0 if only_rounding(mean - sd, mean + sd) else sd

    def average(self, values: Number) -> float:
        if self.counts is None:
            return float(values)
        return float((self.counts * values).sum() / self.counts.sum())

    @property
    def reach(self) -> float:
        """How far out the farthest draws are, see `Extremes.reach`."""
        return Extremes.of(Moments.of(self._deviations), 0.0).reach

    def squares(self, order: int) -> FloatArray:
        """What each draw adds to the moment of this order."""
        assert self.counts is not None
        return np.asarray(self.counts * self.about_mean[order])

    @property
    def _deviations(self) -> FloatArray:
        """Root mean square deviations from the mean, given each draw that counts."""
        assert self.counts is not None
        return np.where(self.counts > 0.0, np.sqrt(self.about_mean[2]), np.nan)

    def mean_of(self, values: Number, order: int, unit: str = "") -> Estimate:
        """The mean of numbers that count by weight, and grow like deviations to the power `order`:
        a ratio of two means, whose error is that of the mean of its residuals."""
        assert self.counts is not None
        value = self.average(values)
        residuals = self._residuals(values, value)
        tail = DrawnTail(self._deviations, 0.0)
        if self.weighted:  # what decides is how these fall, like squares
            tail, order = DrawnTail(np.sqrt(np.abs(residuals)), 0.0), 2
        found = replicates.mean(residuals + value, unit=unit, tail=tail, order=order)
        found = replace(found, estimator=ESTIMATOR)
        if math.isnan(found.value):
            return found
        # Which draws meet the condition is rounded, as any count on a net is.
        met = float(np.mean(residuals**2) / np.mean(self.counts > 0.0)) if self.conditional else 0.0
        least = self._rounded(residuals, math.sqrt(met))
        low, high = min(found.low, value - least), max(found.high, value + least)
        return Estimate(value, low, high, found.estimator, unit, found.note)

    def _residuals(self, values: Number, mean: float) -> FloatArray:
        """What each draw adds to the error of a mean."""
        assert self.counts is not None
        return np.asarray((self.counts / self.counts.mean()) * (values - mean))

    def _rounded(self, values: FloatArray, *heights: float) -> float:
        """The least half-width of the mean of what each draw adds, where that jumps: how many draws
        are on either side is rounded, and all replicates of a net may agree by chance."""
        assert self.counts is not None
        jumps = [] if self.steps is None else self.steps.heights(values)
        return replicates.share_floor(*self.counts.shape) * math.hypot(*heights, *jumps)


def _rooted(found: Estimate) -> Estimate:
    ends = (found.low, found.value, found.high)
    low, value, high = (x if math.isnan(x) else math.sqrt(max(x, 0.0)) for x in ends)
    return replace(found, low=low, value=value, high=high)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """Which quantities are asked for, and how their draws were made (see `Composed`)."""

    elements: tuple[Element, ...]
    order: int
    deciding: Decisions
    conditional: bool
    fewer: bool

    def answer(
        self, given: GivenDraws, counts: FloatArray | None = None, every: bool = False
    ) -> list[Composed] | None:
        """The moments of each quantity given some draws, with what each of these counts; of `every`
        draw, or of those alone in which the conditions hold. None where one is not known."""
        holds, answers = given.drawn.holds | every, []
        weight = np.where(holds, 1.0 if counts is None else counts, 0.0)
        for element in self.elements:
            with np.errstate(all="ignore"):
                found = given.walk.of(element)
            if found is None:
                return None
            nothing = CentralMoments.certain(0.0, self.order)
            moments = CentralMoments.chosen(holds, found, nothing)
            if not moments.is_finite:
                return None
            weighted, steps = counts is not None, given.drawn.between(self.deciding)
            answers.append(Composed(moments, weight, self.conditional, weighted, self.fewer, steps))
        return answers


@final
@dataclass(slots=True, eq=False)
class ByParts:
    """What is known by parts of the quantities of a model; worked out once."""

    program: Program
    draws: VariateSets = field(default_factory=VariateSets)
    walks: dict[int, Walk] = field(default_factory=dict)
    """By order, those in which no draw is sampled."""
    last: dict[
        tuple[tuple[Element, ...], int, Sampling, tuple[int, ...]], Sequence[Composed] | None
    ] = field(default_factory=dict)
    """What was found last: alone, for it holds draws."""
    given: dict[tuple[Leaves, int, Sampling], GivenDraws] = field(default_factory=dict)
    """Likewise the draws that this was found from: labels often have the same;"""
    away: dict[tuple[Leaves, int, Sampling, tuple[bytes, ...]], tuple[GivenDraws, FloatArray]] = (
        field(default_factory=dict)
    )
    """and those that go farther out, in some directions, with what each counts."""
    leaves: dict[tuple[tuple[Element, ...], int, tuple[int, ...]], tuple[Leaves, Decisions]] = (
        field(default_factory=dict)
    )
    """Of a quantity, by order and conditions, what is sampled, and what it is a discontinuous
    function of, see `conditional.paths`; `Leaves` hold the conditions, so that their identity stays
    theirs."""
    searches: dict[tuple[int, int], Walk] = field(default_factory=dict)
    """The walks by which it was found what is sampled, by order and what was sampled till then:
    those of the last quantity, whose parts the next label mostly has too."""
    alike: dict[tuple[tuple[Quantity, ...], int, tuple[int, ...]], Leaves] = field(
        default_factory=dict
    )
    """What is sampled, by what it is."""

    def of(self, element: Element, order: int) -> Composed | None:
        """Moments up to the order, 2 or 4, of a quantity at a coordinate, if they are known
        exactly."""
        if self.program.forms.coordinates > _LARGEST:
            return None
        if order not in self.walks:
            self.walks[order] = self._walk(order, 0)
        known = self.walks[order].of(element)
        return None if known is None else Composed(known)

    def supposing(
        self, element: Element, cases: Knowing | Holding, count: int
    ) -> CentralMoments | None:
        """The moments to the order 2 in each of `count` cases, if they are known exactly."""
        program = self.program
        if program.forms.coordinates * count > _CASES or self.of(element, 2) is None:
            return None
        found = Walk(program.forms, program.facts, self.draws, 2, cases=cases).of(element)
        return None if found is None or not found.is_finite else found

    def _walk(
        self,
        order: int,
        sampled: int,
        values: Callable[[Element], Number] = lambda element: math.nan,
    ) -> Walk:
        program = self.program
        return Walk(program.forms, program.facts, self.draws, order, sampled, values)

    def given_draws(
        self, elements: tuple[Element, ...], order: int, sampling: Sampling
    ) -> Sequence[Composed] | None:
        """The same of one quantity, or of several given the same draws; None where these would cost
        too much, or tell no more than those of the run."""
        conditions = tuple(map(id, sampling.conditions))
        asked = elements, order, replace(sampling, conditions=()), conditions
        if asked not in self.last:
            found = self._given_draws(elements, order, sampling)
            self.last.clear()
            self.last[asked] = found
        return self.last[asked]

    def _given_draws(
        self, elements: tuple[Element, ...], order: int, sampling: Sampling
    ) -> Sequence[Composed] | None:
        if self.program.forms.coordinates > _LARGEST:
            return None
        samples = self._affordable(sampling)
        if samples is None:
            return None
        made = replace(sampling, samples=samples)
        leaves, deciding = self._leaves(elements, order, made.conditions)
        question = _Question(
            elements, order, deciding, bool(made.conditions), samples < sampling.samples
        )
        asked = leaves, order, replace(made, conditions=())
        if asked not in self.given:
            self.given.clear()
            points = leaves.plan.points(made.method, made.samples, made.seed)
            self.given[asked] = self._given(leaves, order, points)
        own = self.given[asked]
        plain = question.answer(own)
        if plain is None or not any(each.varies for each in plain):
            return None
        every = question.answer(own, every=True) if made.conditions else plain
        ways = None
        if every is not None and max(each.reach for each in every) > _REACH[order]:
            squares = sum(each.squares(order) for each in plain)
            ways = directions(leaves.plan, own.points, np.asarray(squares), order)
        if ways is None:
            behind = reduce(or_, map(self.draws.behind, elements))
            return plain if behind & ~leaves.sampled else None
        how = *asked, tuple(way.tobytes() for way in ways)
        if how not in self.away:
            self.away.clear()
            points = farther(leaves.plan, own.points, ways, order)
            self.away[how] = self._given(leaves, order, points), points.weights
        return question.answer(*self.away[how]) or plain

    def _affordable(self, sampling: Sampling) -> int | None:
        """How many draws may be made; None where even few take too long."""
        work = self.program.forms.coordinates * sampling.answers
        samples = sampling.samples
        while samples * work > _WORK and samples > _FEWEST:
            samples //= 2
        return samples if samples * work <= _WORK else None

    def _given(self, leaves: Leaves, order: int, points: Design) -> GivenDraws:
        drawn = leaves.drawn(points)
        return GivenDraws(points, drawn, self._walk(order, leaves.sampled, drawn.by_replicate))

    def _leaves(
        self, elements: tuple[Element, ...], order: int, conditions: tuple[Quantity, ...]
    ) -> tuple[Leaves, Decisions]:
        place = elements, order, tuple(map(id, conditions))
        if place not in self.leaves:
            sampled, own = 0, list[Element]()
            for _ in elements:  # what one needs sampled is sampled for the others too
                found = [self._sampled(each, order, conditions, sampled) for each in elements]
                sampled = reduce(or_, (each for _, each in found))
                own = [leaf for each, _ in found for leaf in each]
            deciding = decisions(tuple(dict.fromkeys(own)))
            nodes = Leaves.nodes(own, deciding, conditions)
            what = nodes, sampled, place[2]
            if what not in self.alike:
                self.alike[what] = Leaves.of(self.program, nodes, conditions, sampled)
            self.leaves[place] = self.alike[what], deciding
        return self.leaves[place]

    def _sampled(
        self, element: Element, order: int, conditions: Sequence[Quantity], sampled: int
    ) -> tuple[list[Element], int]:
        """What must be sampled beside some variates, and all that are behind it, as bits."""
        for condition in conditions:
            sampled |= self.draws.behind(Element(condition, ()))
        before, self.searches = self.searches, {}
        for _ in range(_ROUNDS):
            walk = before.get((order, sampled)) or self._walk(order, sampled, lambda leaf: 1.0)
            self.searches[order, sampled] = walk
            if walk.of(element) is not None:
                return walk.taken_by(element), sampled
            more = walk.wanted(element)
            if not more & ~sampled:
                break
            sampled |= more
        return [element], self.draws.behind(element) | sampled
