"""Standard deviation, skewness and kurtosis from the moments of parts.

Where parts share no draw these are exact. Else they are the moments given the draws that are
sampled: those of a run of its own, in which the few variates that decide go farther out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, final

import numpy as np

from guessmodel.engine.plan import Plan
from guessmodel.engine.run import run_plan
from guessmodel.estimators import replicates
from guessmodel.estimators.by_parts.cases import Holding, Knowing
from guessmodel.estimators.by_parts.draws import VariateSets
from guessmodel.estimators.by_parts.farther import farther
from guessmodel.estimators.by_parts.walk import Walk
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.skewed_tails import Extremes
from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.numerics.central_moments import CentralMoments, Number
from guessmodel.numerics.moments import Moments
from guessmodel.numerics.pareto_tail import DrawnTail
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.sampling.design import Design

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["ESTIMATOR", "ByParts", "Composed", "Sampling"]

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
class Sampling:
    """How the draws of a run are made, and what is given in it."""

    names: int  # of the results of the run
    method: str
    seed: int
    samples: int
    conditions: tuple[Quantity, ...] = ()


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

    def better(self, found: Estimate, counted: Estimate) -> Estimate:
        """What is found by parts, unless all draws of the run have an error far below."""
        far = self.fewer and counted.reliable and found.error > _FAR * counted.error
        return counted if far else found

    def mean(self, unit: str) -> Estimate:
        """Of what is known without draws."""
        return Estimate.exact(math.ldexp(float(self.moments.mean), self.moments.power), unit)

    def sd(self, unit: str) -> Estimate:
        if self.counts is None:
            found = Estimate.exact(self._sd, unit)
        elif not self.weighted:
            found = replicates.sd(self._deviations, centre=0.0, unit=unit)
            found = replace(found, estimator=ESTIMATOR)
        else:
            found = self._mean(self.about_mean[2], 2, unit)
            ends = (found.low, found.value, found.high)
            low, value, high = (x if math.isnan(x) else math.sqrt(max(x, 0.0)) for x in ends)
            found = replace(found, low=low, value=value, high=high)
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
        return self.moments.about(self._average(self.moments.mean))

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
        return self._mean(influence(z, self._average(z[3]), self._average(z[4])), power)

    @property
    def varies(self) -> bool:
        """Whether it does so by more than the rounding of arithmetic."""
        return self._sd > 0.0

    @property
    def _sd(self) -> float:
        """Standard deviation; 0 where it is no more than the rounding of arithmetic."""
        mean, sd = self._average(self.moments.mean), math.sqrt(self._average(self.about_mean[2]))
        return 0.0 if only_rounding(mean - sd, mean + sd) else sd

    def _average(self, values: Number) -> float:
        if self.counts is None:
            return float(values)
        return float((self.counts * values).sum() / self.counts.sum())

    @property
    def reach(self) -> float:
        """How far out the farthest draws are, see `Extremes.reach`."""
        return Extremes.of(Moments.of(self._deviations), 0.0).reach

    @property
    def _deviations(self) -> FloatArray:
        """Root mean square deviations from the mean, given each draw that counts."""
        assert self.counts is not None
        return np.where(self.counts > 0.0, np.sqrt(self.about_mean[2]), np.nan)

    def _mean(self, values: Number, order: int, unit: str = "") -> Estimate:
        """The mean of numbers that count by weight, and grow like deviations to the power `order`:
        a ratio of two means, whose error is that of the mean of its residuals."""
        assert self.counts is not None
        value = self._average(values)
        residuals = (self.counts / self.counts.mean()) * (values - value)
        tail = DrawnTail(self._deviations, 0.0)
        if self.weighted:  # what decides is how these fall, like squares
            tail, order = DrawnTail(np.sqrt(np.abs(residuals)), 0.0), 2
        found = replicates.mean(residuals + value, unit=unit, tail=tail, order=order)
        found = replace(found, estimator=ESTIMATOR)
        if not self.conditional or math.isnan(found.value):
            return found
        # Which draws meet the condition is rounded, as any count on a net is.
        jump = math.sqrt(float(np.mean(residuals * residuals) / np.mean(self.counts > 0.0)))
        least = replicates.share_floor(*self.counts.shape) * jump
        low, high = min(found.low, value - least), max(found.high, value + least)
        return Estimate(value, low, high, found.estimator, unit, found.note)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Leaves:
    """Quantities that are made of sampled draws alone, at their coordinates, and conditions."""

    plan: Plan
    elements: Sequence[Element]
    names: Mapping[Quantity, str]
    conditions: Sequence[str]
    sampled: int
    """The variates behind them, as bits."""

    @staticmethod
    def of(
        program: Program,
        elements: Sequence[Element],
        conditions: Sequence[Quantity],
        sampled: int,
    ) -> _Leaves:
        nodes = dict.fromkeys([*(each.node for each in elements), *conditions])
        names = {node: f"{number}" for number, node in enumerate(nodes)}
        plan = program.compiled({name: node for node, name in names.items()})
        return _Leaves(plan, elements, names, [names[node] for node in conditions], sampled)

    def drawn(self, points: Design) -> tuple[Mapping[Element, FloatArray], BoolArray]:
        """Values of each element, and where the conditions hold: both (replicates, size)."""
        draws, _ = run_plan(self.plan, points)
        shape = points.replicates, points.size
        values = {
            each: np.asarray(draws[self.names[each.node]][each.position]).reshape(shape)
            for each in self.elements
        }
        holds = np.ones(shape, dtype=np.bool_)
        for name in self.conditions:
            holds &= draws[name].reshape(shape) == 1.0
        return values, holds


@final
@dataclass(frozen=True, slots=True, eq=False)
class _GivenDraws:
    """Draws of what is sampled, where the conditions hold, and the moments given these draws."""

    points: Design
    holds: BoolArray
    walk: Walk


@final
@dataclass(slots=True, eq=False)
class ByParts:
    """What is known by parts of the quantities of a model; worked out once."""

    program: Program
    draws: VariateSets = field(default_factory=VariateSets)
    walks: dict[int, Walk] = field(default_factory=dict)
    """By order, those in which no draw is sampled."""
    last: dict[tuple[Element, int, Sampling, tuple[int, ...]], Composed | None] = field(
        default_factory=dict
    )
    """What was found last: alone, for it holds draws."""
    given: dict[tuple[_Leaves, int, Sampling], _GivenDraws] = field(default_factory=dict)
    """Likewise the draws that this was found from: labels often have the same."""
    leaves: dict[tuple[Element, int, tuple[int, ...]], _Leaves] = field(default_factory=dict)
    """Of a quantity, by order and conditions, what is sampled; `_Leaves` hold the conditions, so
    that their identity stays theirs."""
    searches: dict[tuple[int, int], tuple[Walk, set[Element]]] = field(default_factory=dict)
    """The walks by which it was found what is sampled, by order and what was sampled till then:
    those of the last quantity, whose parts the next label mostly has too."""
    alike: dict[tuple[tuple[Element, ...], int, tuple[int, ...]], _Leaves] = field(
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

    def given_draws(self, element: Element, order: int, sampling: Sampling) -> Composed | None:
        """The same given draws; None where these would cost too much, or tell no more than those of
        the run."""
        asked = (
            element,
            order,
            replace(sampling, conditions=()),
            tuple(map(id, sampling.conditions)),
        )
        if asked not in self.last:
            found = self._given_draws(element, order, sampling)
            self.last.clear()
            self.last[asked] = found
        return self.last[asked]

    def _given_draws(self, element: Element, order: int, sampling: Sampling) -> Composed | None:
        if self.program.forms.coordinates > _LARGEST:
            return None
        work = self.program.forms.coordinates * sampling.names
        samples = sampling.samples
        while samples * work > _WORK and samples > _FEWEST:
            samples //= 2
        if samples * work > _WORK:
            return None
        made = replace(sampling, samples=samples)
        leaves = self._leaves(element, order, made.conditions)

        def composed(
            given: _GivenDraws, counts: FloatArray | None = None, every: bool = False
        ) -> Composed | None:
            with np.errstate(all="ignore"):
                found = given.walk.of(element)
            if found is None:
                return None
            holds = given.holds | every
            moments = CentralMoments.chosen(holds, found, CentralMoments.certain(0.0, order))
            if not moments.is_finite:
                return None
            weight = np.where(holds, 1.0 if counts is None else counts, 0.0)
            fewer = made.samples < sampling.samples
            return Composed(moments, weight, bool(made.conditions), counts is not None, fewer)

        asked = leaves, order, replace(made, conditions=())
        if asked not in self.given:
            self.given.clear()
            points = leaves.plan.points(made.method, made.samples, made.seed)
            self.given[asked] = self._given(leaves, order, points)
        own = self.given[asked]
        plain = composed(own)
        if plain is None or plain.counts is None or not plain.varies:
            return None
        every = composed(own, every=True) if made.conditions else plain
        away = None
        if every is not None and every.reach > _REACH[order]:
            squares = plain.counts * plain.about_mean[order]
            away = farther(leaves.plan, own.points, squares, order)
        if away is None:
            return plain if self.draws.behind(element) & ~leaves.sampled else None
        return composed(self._given(leaves, order, away), away.weights) or plain

    def _given(self, leaves: _Leaves, order: int, points: Design) -> _GivenDraws:
        values, holds = leaves.drawn(points)
        return _GivenDraws(points, holds, self._walk(order, leaves.sampled, values.__getitem__))

    def _leaves(self, element: Element, order: int, conditions: tuple[Quantity, ...]) -> _Leaves:
        place = element, order, tuple(map(id, conditions))
        if place not in self.leaves:
            elements, sampled = self._sampled(element, order, conditions)
            what = tuple(elements), sampled, place[2]
            if what not in self.alike:
                self.alike[what] = _Leaves.of(self.program, elements, conditions, sampled)
            self.leaves[place] = self.alike[what]
        return self.leaves[place]

    def _sampled(
        self, element: Element, order: int, conditions: Sequence[Quantity]
    ) -> tuple[list[Element], int]:
        """What must be sampled, and the variates behind it, as bits."""
        sampled = 0
        for condition in conditions:
            sampled |= self.draws.behind(Element(condition, ()))
        before, self.searches = self.searches, {}
        for _ in range(_ROUNDS):
            search = before.get((order, sampled)) or self._search(order, sampled)
            self.searches[order, sampled] = walk, leaves = search
            found = walk.of(element)
            met, more = walk.ends(element)
            if found is not None:
                return [each for each in met if each in leaves], sampled
            if not more & ~sampled:
                break
            sampled |= more
        return [element], self.draws.behind(element) | sampled

    def _search(self, order: int, sampled: int) -> tuple[Walk, set[Element]]:
        """A walk, and the set of what it takes for known."""
        leaves: set[Element] = set()

        def placeholder(leaf: Element) -> float:
            leaves.add(leaf)
            return 1.0

        return self._walk(order, sampled, placeholder), leaves
