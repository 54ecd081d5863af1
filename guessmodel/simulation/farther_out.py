"""A look farther out than the draws of a run: what it has not met, and no formula tells of.

Of a function of the user's own, of one that is steep where hardly any draw is, and of what labels
choose among many, nothing tells how near the draws are to where it becomes large. So a few points
are drawn that lie three times as far out, and are led back to where they are likely
(`numerics.annealing`). What they tell of values beyond all that the run has met is added to its
statistics, from a run that is aimed there; where that tells too little, the statistic is marked.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, final

import numpy as np

from guessmodel.engine.confined import occurs_in, seed_beside
from guessmodel.engine.plan import Plan
from guessmodel.engine.run import run_plan
from guessmodel.engine.scored import Scored, coordinates
from guessmodel.engine.steep import hangs_on_draws, is_steep, unknown_behind
from guessmodel.errors import GuessmodelError
from guessmodel.estimators import shape, stratified
from guessmodel.estimators.by_parts import composed as by_parts
from guessmodel.estimators.estimate import UNRELIABLE, Estimate
from guessmodel.estimators.program import Program
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph import dims as dimensions
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.sampling.design import Design
from guessmodel.simulation.from_run import FromRun
from guessmodel.simulation.known_events import KnownEvents
from guessmodel.simulation.model_run import ModelRun
from guessmodel.simulation.range_met import RangeMet
from guessmodel.simulation.rare_turns import RareTurns
from guessmodel.simulation.shares_of_turns import STRETCHED

if TYPE_CHECKING:
    from guessmodel.numerics.annealing import Annealed

__all__ = ["FartherOut"]

_DECIDE: Final = f"{UNRELIABLE}: draws farther out than those of the run decide it"
_MATTERS: Final = 0.25  # of the error, from which on what is farther out is told
_SHOWN: Final = 2.0**-22  # of the value, so that six digits show it; of what has no error
_FAR: Final = 2.0  # times the error with it, from which on the draws are not taken
_LEFT_OUT: Final = (1 << 6, 1 << 10)  # farthest draws, where these decide and are too few
_ROOM: Final = 10.0  # times less, as few points tell it, that it is looked at again
_POINTS: Final = 1 << 9  # at most; of small runs
_PART: Final = 32  # this part of the draws, so that all steps of them cost less than these,
_FEWEST: Final = 1 << 6
_FIRST: Final = 1 << 11  # points that are tried, no more than half of the draws;
_FIRST_WORK: Final = 1 << 17  # up to 8 times as many where the plan has few steps
_ANEW: Final = 4  # times as many, where these are too few to aim at
_PILOT: Final = 1 << 8  # draws that tell which functions are steep
_VARIATES: Final = 1 << 7  # beyond which no run is aimed,
_MOST_VARIATES: Final = 1 << 10  # and nothing is looked for
_WORK: Final = 1 << 12  # steps of the plans of all outputs and labels that are looked at
_DRAWS: Final = 1 << 13  # of an aimed run
_FEW: Final = 1 << 10  # the same in large models
_SEED: Final = 1 << 11  # beside the run's; rare turns have those before
_ORDERS: Final[Mapping[object, int]] = {
    stratified.sd: 2,
    shape.skewness: 3,
    shape.kurtosis: 4,
}
"""Of the moments that statistics are made of; others are means."""


@final
@dataclass(frozen=True, eq=False)
class FartherOut:
    """What a run of `samples` draws of a model has not met."""

    run: ModelRun
    events: KnownEvents
    turns: RareTurns
    """Of the run: where draws tell them, the look is at the outputs without them, for what they do
    may lie farther out than what else there is."""
    _plans: dict[tuple[str, bool], Plan] = field(default_factory=dict)
    _few: dict[tuple[object, ...], tuple[Annealed, Stratum] | None] = field(default_factory=dict)
    _many: dict[tuple[object, ...], tuple[Stratum, bool]] = field(default_factory=dict)

    # --- whether to look --------------------------------------------------------------------------

    def is_behind(self, name: str) -> bool:
        """Whether an output depends on what no formula tells of, and is looked at."""
        return name in self._looked_at

    @cached_property
    def _program(self) -> Program:
        return self.run.program

    @cached_property
    def _looked_at(self) -> frozenset[str]:
        outputs: Mapping[str, Quantity] = {
            name: self.run.model.quantities[name] for name in self.run.names
        }
        unknown = self._steep(unknown_behind(outputs.values()))
        if not unknown:
            return frozenset()
        for node in ancestors(outputs.values()):
            if not unknown.isdisjoint(node.operands):
                unknown.add(node)
        found, work = [], 0
        for name, quantity in outputs.items():
            if quantity in unknown and not quantity.categories:
                work += len(ancestors([quantity])) * dimensions.size(quantity.dims)
                if work > _WORK:
                    break
                found.append(name)
        return frozenset(found)

    def _steep(self, nodes: Sequence[Quantity]) -> set[Quantity]:
        """Those of which draws do not tell that they are not steep."""
        asked = list(filter(hangs_on_draws, nodes))
        if not asked:
            return set(nodes)
        needed = dict.fromkeys(operand for node in asked for operand in node.operands)
        names = {node: f"{k}" for k, node in enumerate(needed)}
        plan = self._program.compiled({name: node for node, name in names.items()})
        draws, _ = run_plan(plan, plan.points(self.run.method, _PILOT, self.run.seed))
        farther = (None if plan.is_large else self._farther(plan)) or draws
        near, far = (lambda x: draws[names[x]]), (lambda x: farther[names[x]])
        return set(nodes) - {node for node in asked if not is_steep(node, near, far)}

    def _farther(self, plan: Plan) -> Mapping[str, FloatArray] | None:
        """Some draws that are three times as far out; None where a function knows nothing of what
        is so far out."""
        chosen = coordinates(plan)
        random = np.random.default_rng([self.run.seed, 0])
        z = STRETCHED * random.standard_normal((len(chosen), 1, _FIRST))
        try:
            return _run(plan, Scored(plan, chosen, z))
        except GuessmodelError:
            return None

    def tells(self, found: Estimate, asked: FromRun) -> bool:
        """Whether it is asked of an estimate: not of one that is exact, or marked over strata."""
        of_draws = found.reliable or found is asked.found
        unknown = asked.n is not None and not found.is_exact and not math.isnan(found.value)
        return unknown and of_draws and self.is_behind(asked.name)

    # --- what it tells ----------------------------------------------------------------------------

    def told(self, found: Estimate, asked: FromRun, strata: Sequence[Stratum]) -> Estimate:
        """An estimate, of the draws or over strata, with what is beyond all that these have met;
        itself, where that does not matter. The farthest draws, which are too few to tell what they
        have met of it, are left to draws that are aimed there."""
        chosen, of_draws = self._chosen(found, asked, strata), _is_of_draws(found, asked)
        if chosen.reliable and not of_draws:
            return chosen
        for left_out in _LEFT_OUT:
            met = RangeMet.of(strata, asked.rows(), left_out)
            if met is None:
                break
            within = met.within(strata)
            cut = asked.estimator(within, found.unit)
            decided = abs(cut.value - found.value) > _MATTERS * found.error
            if chosen is found and chosen.reliable and not decided:
                return chosen
            far = self._beyond(cut, asked, within, met)
            told = asked.estimator([*within, *far], found.unit) if far else chosen
            if told.reliable:
                return told
        return chosen

    def _chosen(self, found: Estimate, asked: FromRun, strata: Sequence[Stratum]) -> Estimate:
        far = self._beyond(found, asked, strata, RangeMet.of(strata, asked.rows()))
        if far is None:
            return found
        told = self._added(found, asked, strata, far) if far else found
        if told is found or not told.reliable:
            return replace(found, note=found.note or _DECIDE)
        near = found.low <= told.value <= found.high and found.error < _FAR * told.error
        return found if found.reliable and near else told

    @staticmethod
    def _added(
        found: Estimate, asked: FromRun, strata: Sequence[Stratum], far: Sequence[Stratum]
    ) -> Estimate:
        """An estimate with what is beyond: over all strata; or, of one that is not from draws,
        moved by as much as one over strata is."""
        here, there = (asked.estimator(each, found.unit) for each in (strata, [*strata, *far]))
        if _is_of_draws(found, asked):
            return there
        # How much of its error is that of the strata, which the estimate has not.
        part: Mapping[object, float] = {
            stratified.mean: 1.0,
            stratified.sd: here.value / there.value,
        }
        own = part.get(asked.estimator, 0.0)
        # Of what is less than twice as far out as the draws nothing is known: as much again.
        centre = stratified.average(strata)
        whole = [replace(x, usual=np.full(x.rows.shape, centre)) for x in far]
        less = 2.0 * abs(asked.estimator([*strata, *whole], found.unit).value - there.value)
        value = found.value + there.value - here.value
        sides = [
            math.hypot(a, math.sqrt(max(b * b - (own * c) ** 2, 0.0)), less)
            for a, b, c in (
                (found.value - found.low, there.value - there.low, here.value - here.low),
                (found.high - found.value, there.high - there.value, here.high - here.value),
            )
        ]
        low, high = value - sides[0], value + sides[1]
        return Estimate(value, low, high, stratified.ESTIMATOR, found.unit, there.note)

    def decides(self, found: Estimate, asked: FromRun, strata: Sequence[Stratum]) -> bool:
        """Whether what is beyond matters to a statistic."""
        return self._beyond(found, asked, strata, RangeMet.of(strata, asked.rows())) is not None

    def _beyond(
        self, found: Estimate, asked: FromRun, strata: Sequence[Stratum], met: RangeMet | None
    ) -> Sequence[Stratum] | None:
        """Draws of what is beyond a range, if it matters to a statistic; none where they tell too
        little, and None where it does not matter."""
        if met is None:
            return None
        usual = any(x.weights is not None for x in strata)
        plan = self._plan(asked.name, usual)

        def matters(far: Stratum, least: float) -> bool:
            here, there = (asked.estimator(each, "").value for each in (strata, [*strata, far]))
            return not math.isnan(there) and not abs(there - here) <= least

        order = _ORDERS.get(asked.estimator, 1)
        place = asked.name, asked.position, order, met, usual
        if place not in self._few:
            self._few[place] = self._looked(asked, plan, met, order, self._points)
        few = self._few[place]
        least = max(_MATTERS * found.error, _SHOWN * abs(found.value))
        if few is None or not matters(few[1], least / _ROOM):
            return None
        if place not in self._many:
            many = self._aimed(few[0], asked, plan, met, order)
            if many is None:
                few = self._looked(asked, plan, met, order, _ANEW * self._points) or few
                many = self._aimed(few[0], asked, plan, met, order)
            self._many[place] = many or few[1], many is not None
        far, told = self._many[place]
        if not matters(far, least):
            return None
        return [far] if told else ()

    # --- the draws --------------------------------------------------------------------------------

    def _plan(self, name: str, usual: bool) -> Plan:
        if (name, usual) not in self._plans:
            quantity = self.turns.usual[name] if usual else self.run.model.quantities[name]
            self._plans[name, usual] = self._program.compiled({name: quantity})
        return self._plans[name, usual]

    @property
    def _points(self) -> int:
        return min(max(self.run.samples // _PART, _FEWEST), _POINTS)

    def _looked(
        self, asked: FromRun, plan: Plan, met: RangeMet, order: int, points: int
    ) -> tuple[Annealed, Stratum] | None:
        """Some points beyond, and draws there; None where none are found."""
        from guessmodel.numerics.annealing import annealed

        chosen = coordinates(plan)
        if not 0 < len(chosen) <= _MOST_VARIATES:
            return None
        random = np.random.default_rng([self.run.seed, order, *asked.position])

        def drawn(z: FloatArray) -> tuple[FloatArray, BoolArray]:
            return self._drawn(asked, plan, Scored(plan, chosen, z.reshape(len(z), 1, -1)))

        def height(z: FloatArray) -> FloatArray:
            with np.errstate(divide="ignore"):
                found: FloatArray = order * np.log(met.beyond(*drawn(z)))
            return found

        try:
            first = min(max(_FIRST_WORK // len(plan.steps), _FIRST), 8 * _FIRST)
            first = max(points, min(first, self.run.samples // 2))
            found = annealed(height, (len(chosen), points), random, first)
        except GuessmodelError:  # a function of the user's own knows nothing of what is so far out
            return None
        if found is None:
            return None
        return found, met.stratum(*drawn(found.points), found.weights)

    def _aimed(
        self, few: Annealed, asked: FromRun, plan: Plan, met: RangeMet, order: int
    ) -> Stratum | None:
        """Draws of a run that is aimed at such points; None where they tell too little."""
        from guessmodel.engine.aimed import Aim, Aimed

        chosen = coordinates(plan)
        if len(chosen) > _VARIATES:
            return None
        n = max(_FEW if plan.is_large else _DRAWS, self.run.samples // 8)
        random = np.random.default_rng([self.run.seed, order, *asked.position, 1])
        points = plan.points(self.run.method, n, seed_beside(self.run.seed, _SEED))
        aimed = Aimed(plan, chosen, Aim.at(few.points, random), points)
        try:
            draws = self._drawn(asked, plan, aimed)
        except GuessmodelError:
            return None
        far = met.stratum(*draws, aimed.weights.ravel())
        return far if met.tells(far, order) else None

    def _drawn(self, asked: FromRun, plan: Plan, points: Design) -> tuple[FloatArray, BoolArray]:
        """An output at a coordinate, and whether a known event happens: shape (draws,)."""
        found: FloatArray = _run(plan, points)[asked.name][asked.position]
        keys = {key for stream in plan.streams for key in stream.keys}
        own = (self.events.cells[k] for k in self.events.drawn_behind(asked.name))
        cells = [cell for cell in own if cell.key in keys]
        if not cells:
            return found, np.zeros(found.shape, dtype=np.bool_)
        return found, occurs_in(points, plan.streams, cells).any(axis=0).ravel()


def _is_of_draws(found: Estimate, asked: FromRun) -> bool:
    """Whether an estimate is that of the draws of the run, perhaps over strata."""
    of_run = found is asked.found and found.estimator != by_parts.ESTIMATOR
    return of_run or found.estimator == stratified.ESTIMATOR


def _run(plan: Plan, points: Design) -> Mapping[str, FloatArray]:
    """Draws of the outputs. A function of the user's own has said what it has to say of the draws
    of the run; of these it would say it of what nobody asked for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run_plan(plan, points)[0]
