"""A run in strata: rare events by themselves, each in a small run in which it happens.

Which draws of the run itself meet an event is read from the variates behind it; without these
draws the run is that of all cases in which no event happens.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.confined import Cell, Drawn, occurs
from guessmodel.engine.plan import Plan
from guessmodel.engine.rare import EXPECTED, correlated_rare, isolated, rare_events, seldom
from guessmodel.engine.run import run_plan
from guessmodel.estimators import stratified
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.program import program_of
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import REPLICATES
from guessmodel.simulation.from_run import FromRun, not_looked_at
from guessmodel.simulation.rare_turns import RareTurns
from guessmodel.simulation.uncertain_events import UncertainEvents

if TYPE_CHECKING:
    from guessmodel.model.model import Model
    from guessmodel.simulation.turned_draws import Turned

__all__ = ["Strata"]

_DRAWS: Final = 1 << 13  # for all events together at least,
_EIGHTH: Final = 8  # else this part of the run, so that more draws make these more precise, too
_FEWEST: Final = 1 << 9  # for one; on so few no distribution needs a table
_WORK: Final = 1 << 15  # steps of all these runs together, about as many as may cost the run again
_LEAST: Final = 4  # events that are looked at, however large the plan
_MOST: Final = 64
_APIECE: Final = 8  # events, up to which those that the run meets now and then have draws, too
_COMMONER: Final = 1 / 32  # up to which events are looked at where the draws tell no error
_FAR: Final = 2.0  # times the error over strata, from which on the draws are not taken
_ENOUGH: Final = 1 << 17
_CROWD: Final = 3.0
_AIMED: Final = 4  # draws of a run with weights, that tell as much as one of an event's
_SEED: Final = 64  # bits, beyond which a seed is no user's
_LARGE: Final = 1 << 8  # steps of a plan from which on time counts


@final
@dataclass(frozen=True, eq=False)
class Strata:
    """The rare events of a run of `samples` draws, and draws of all outputs given each."""

    model: Model
    names: tuple[str, ...]
    method: str
    seed: int
    samples: int
    below: float | None = None
    """The probability below which events are looked at; None for what is `seldom` met."""
    turns: RareTurns | None = None
    _masks: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    _without: list[tuple[Quantity, float]] = field(default_factory=list)
    """Comparisons of correlated draws that turn over in a tail, which no run is made for."""

    @cached_property
    def _plan(self) -> Plan:
        return program_of(self.model).plan(self.names)

    @cached_property
    def _all(self) -> list[Cell]:
        """The events, the likeliest ones first."""
        model, plan = self.model, self._plan
        roots = [model.quantities[name] for name in self.names]
        share = self.below or seldom(self.samples)
        cells, without = rare_events(plan, roots, model.keys, share)
        few = EXPECTED / self.samples
        self._without.extend((node, p) for node, p in without if p < few)
        found = sorted(cells, key=lambda cell: -cell.probability)
        if len(found) <= min(_APIECE, self._affordable):
            return found
        return [cell for cell in found if cell.probability < few]

    @cached_property
    def _affordable(self) -> int:
        """How many events runs may be made for."""
        return min(max(_WORK // max(len(self._plan.steps), 1), _LEAST), _MOST)

    @cached_property
    def _cells(self) -> list[Cell]:
        """As many of the events as runs may be made for."""
        return self._all[: self._affordable]

    @cached_property
    def _given(self) -> list[tuple[Mapping[str, FloatArray], NDArray[np.bool_]]]:
        """For each event the draws of the outputs, and where an event before it happens too: there
        they are nan, so that no case counts twice."""
        names = [name for name in self.names if self._behind(name)]
        plan = program_of(self.model).plan(names)  # what no event is behind need not be drawn
        found: list[tuple[Mapping[str, FloatArray], NDArray[np.bool_]]] = []
        for number, (cell, run) in enumerate(zip(self._cells, self._runs, strict=True)):
            given = run.plan(plan)
            draws, _ = run_plan(given, given.points(self.method, run.n, run.seed))
            earlier = [other for other in self._cells[:number] if other.key != cell.key]
            before = occurs(self.method, run.n, run.seed, plan, earlier).any(axis=0).ravel()
            single = {name: np.where(before, np.nan, array) for name, array in draws.items()}
            found.append((single, before))
        return found

    @cached_property
    def _runs(self) -> list[Drawn]:
        """For each event the run in which it happens."""
        names = [name for name in self.names if self._behind(name)]
        steps = len(program_of(self.model).plan(names).steps)
        total = max(_DRAWS if steps <= _LARGE else 0, self.samples // _EIGHTH)
        share = min(max(total // len(self._cells), _FEWEST), _ENOUGH)
        n = 1 << (share.bit_length() - 1)
        # Other draws than those of the run, and of each other, for their errors add in squares.
        return [
            Drawn(n, -1 - self.seed - (number << _SEED), cell)
            for number, cell in enumerate(self._cells)
        ]

    @cached_property
    def rare_turns(self) -> RareTurns:
        """Comparisons and extremes of several draws, of unknown probabilities."""
        made = self.model, self.names, self.method, self.seed, self.samples
        return self.turns or RareTurns(*made)

    @cached_property
    def _uncertain(self) -> UncertainEvents:
        """Those of uncertain probabilities, and those that may happen together."""
        return UncertainEvents(self.model, self.names, self.method, self.seed, self.samples)

    def expected(self, name: str, position: tuple[int, ...], unit: str) -> Estimate | None:
        """The mean of an output at a coordinate without the draws of rare events of uncertain
        probabilities; None where there are none, or not all can be taken out."""
        return self._uncertain.mean(name, position, unit, self._deciding(name))

    def _deciding(self, name: str) -> int:
        """How many variates decide about the events behind an output."""
        cells = len(self._all)
        behind = self._behind(name)
        own = {self._all[k].key for k in behind if k < cells}
        return len(own) + sum(k >= cells for k in behind)

    def missed(self, name: str) -> int:
        """How many events an output depends on that were too many to be looked at, or are of draws
        that are correlated; none where these are so many that the run meets some of them."""
        left = [self._events[k][1] for k in self._behind(name) if k >= len(self._cells)]
        if self._without:
            behind = set(ancestors([self.model.quantities[name]]))
            left += [probability for node, probability in self._without if node in behind]
        return len(left) if sum(left) * self.samples < _CROWD * EXPECTED else 0

    @cached_property
    def _events(self) -> list[tuple[frozenset[int], float]]:
        """The positions and probabilities of all events, those without cells last."""
        cells = [(cell.positions, cell.probability) for cell in self._all]
        correlated = correlated_rare(self._plan, self.samples)
        return cells + [
            (frozenset([position]), probability) for position, probability in correlated
        ]

    def concern(self, name: str) -> bool:
        """Whether an output depends on any of them, or turns matter to a statistic of it that was
        asked for before."""
        events = bool(self._behind(name)) or self._uncertain.draws_behind(name) > 0
        return events or self.rare_turns.decided(name)

    def _behind(self, name: str) -> list[int]:
        """Which of all events an output depends on."""
        return self._causes[name]

    @cached_property
    def _causes(self) -> Mapping[str, list[int]]:
        """The same of all outputs."""
        own: dict[int, int] = {}  # by the position of the draw
        for k, (positions, _) in enumerate(self._events):
            for position in positions:
                own[position] = own.get(position, 0) | 1 << k
        events = range(len(self._events))
        return {
            name: [k for k in events if bits >> k & 1] if bits else []
            for name, bits in self._reached(own).items()
        }

    def _reached(self, own: Mapping[int, int]) -> dict[str, int]:
        """Which of some sets, each that of a step of the plan, every output depends on. They are
        bits of whole numbers."""
        behind: dict[int, int] = {}  # by slot
        for position, step in enumerate(self._plan.steps):
            bits = own.get(position, 0)
            for slot in step.inputs:
                bits |= behind.get(slot, 0)
            behind[step.output] = bits
        return {name: behind.get(slot, 0) for name, slot in self._plan.outputs.items()}

    def may_coincide(self, name: str) -> bool:
        """Whether an output depends on several draws of yes or no, counts and the like: none of
        them need be rare, and yet a run may not meet them together."""
        return self._isolated[name] > 1

    @cached_property
    def _isolated(self) -> Mapping[str, int]:
        """How many discrete draws are behind each output; in large plans they are not counted."""
        plan = self._plan
        if len(plan.steps) > _LARGE:
            return dict.fromkeys(plan.outputs, 0)
        own: dict[int, int] = {}
        count = 0
        for position, step in enumerate(plan.steps):
            if many := isolated(plan, step):
                own[position] = (1 << many) - 1 << count
                count += many
        return {name: bits.bit_count() for name, bits in self._reached(own).items()}

    def whole(self, asked: FromRun) -> Estimate:
        """The estimate from the draws, unless rare events, which the run may not have met, put the
        statistic elsewhere, or the few that it met decide. Then it is that over strata, as it is
        where this has an error far below. Where that is marked, strata of commoner events may tell.
        Where draws were not kept there are none, and the estimate is marked. Events of uncertain
        probabilities are taken out of means and deviations."""
        told = self._taken_out(asked) or self._by_parts(asked)
        if told is not None:
            return told if told.is_exact else self._better(told, asked)
        found, name = asked.found, asked.name
        turns = self._untold(asked)
        if missed := self.missed(name) + self._uncertain.draws_behind(name) + turns:
            return not_looked_at(found, missed)
        chosen = self._chosen(asked)
        undecided = self._commoner.missed(name) or self.rare_turns.met(asked)
        if chosen.reliable or asked.n is None or undecided:
            return chosen
        again = self._commoner._chosen(asked)
        return again if again.reliable else chosen

    def probability(self, asked: FromRun) -> Estimate:
        """That an output is 1, as it is told, or by draws in which it hardly ever is."""
        few = EXPECTED / self.samples
        seldom = min(asked.found.high, 1.0 - asked.found.low) < few
        return self._better(asked.found, asked) if seldom else asked.found

    def _better(self, told: Estimate, asked: FromRun) -> Estimate:
        """What is told without the draws of events, or over strata with draws in which turns are
        taken, unless the error of that is far larger. (The few draws that decide about a rare
        comparison may all be missing where another draw is integrated out: its error is then small
        where it is large.) Where either lacks something, it is marked."""
        if not self.rare_turns.deciding(asked):
            return told
        chosen, untold = self._chosen(asked), self._untold(asked)
        if untold:
            return not_looked_at(chosen, untold)
        if told is not asked.found and self._uncertain.left(
            asked.name, self.rare_turns.nodes(asked)
        ):
            unmet = self._uncertain.draws_behind(asked.name)
            return not_looked_at(chosen, unmet) if unmet else chosen
        agree = told.reliable and told.low <= chosen.high and chosen.low <= told.high
        worse = not chosen.reliable or (agree and _FAR * told.error < chosen.error)
        return told if worse else chosen

    def _untold(self, asked: FromRun) -> int:
        """How many turns nothing is known of: beside those that decide as likely ones that are too
        many, or, of what never varies, all there may be to it."""
        name, position = asked.name, asked.position
        turns = self.rare_turns.deciding(asked)
        if asked.found.error > 0.0:
            return self.rare_turns.beyond(name) if turns else 0
        return sum(self.rare_turns.untold(turn, name, position) for turn in turns)

    def _by_parts(self, asked: FromRun) -> Estimate | None:
        """The mean, where turns matter that the run hardly ever takes and independent parts tell it
        exactly."""
        if asked.estimator is not stratified.mean or not self.rare_turns.deciding(asked):
            return None
        element = Element(self.model.quantities[asked.name], asked.position)
        known = program_of(self.model).parts.of(element, 2)
        if known is None or not np.all(np.isfinite(asked.rows())):
            return None
        mean = math.ldexp(float(known.moments.mean), known.moments.power)
        return Estimate.exact(mean, asked.found.unit)

    def _taken_out(self, asked: FromRun) -> Estimate | None:
        """The mean or standard deviation without the draws of rare events, where these can be taken
        out and no draw is lost; None too where the run has met them all and knows better."""
        events, found, name, position = self._uncertain, asked.found, asked.name, asked.position
        told, others = None, self._deciding(name)
        if asked.estimator is stratified.mean:
            told = events.mean(name, position, found.unit, others)
        elif asked.estimator is stratified.sd:
            told = events.sd(name, position, found.unit, others)
        if told is None or not np.all(np.isfinite(asked.rows())):
            return None
        unmet = events.draws_behind(name) or events.comparisons_behind(name)
        return told if unmet or not found.reliable or told.error <= found.error else None

    @cached_property
    def _commoner(self) -> Strata:
        """With events that the run meets, but perhaps not often enough to tell an error."""
        made = self.model, self.names, self.method, self.seed, self.samples
        return Strata(*made, _COMMONER, self.rare_turns)

    def _chosen(self, asked: FromRun) -> Estimate:
        """The estimate from the draws, or that over strata."""
        found, turns = asked.found, self.rare_turns.deciding(asked)
        if not self._behind(asked.name) and not turns:
            return found
        draws = asked.rows()
        n = draws.size if asked.n is None else asked.n
        strata = self.of(asked.name, asked.position, draws, n, turns)
        whole = asked.estimator(strata, found.unit) if strata else found
        if math.isnan(whole.value):
            return found
        near = found.low <= whole.value <= found.high and found.error < _FAR * whole.error
        if found.reliable and near:
            return found
        if asked.n is not None:
            return whole
        if max(whole.low, found.low) <= min(whole.high, found.high):
            return found
        return replace(found, note=f"unreliable: rare events make it {whole.text(3)}")

    def of(
        self,
        name: str,
        position: tuple[int, ...],
        rows: FloatArray,
        n: int,
        turns: Sequence[int] = (),
    ) -> Sequence[Stratum]:
        """The strata of one output at a coordinate, of which `rows` are draws (R, N) of a run of
        n draws, some turns among them; none where no rare event is behind it."""
        own = [k for k in self._behind(name) if k < len(self._cells)]
        affordable = filter(self.rare_turns.affordable, turns)
        reached = ((k, self.rare_turns.turned(k, name, position)) for k in affordable)
        taken = {k: found for k, found in reached if found is not None}
        if not own and not taken:
            return ()
        strata, cells = [], tuple(self._cells[k] for k in own)
        told = {k: self._telling(k, found, own) for k, found in taken.items()}
        left: dict[str, float] = {}  # of each variate, beside its events so far
        for place, k in enumerate(own):
            cell = self._cells[k]
            others = math.prod(share for row, share in left.items() if row != cell.key)
            draws, before = self._given[k]
            rest = [turn for turn in taken if not told[turn][place]]
            given = draws[name][position].reshape(REPLICATES, -1)
            given = self.rare_turns.without(name, position, self._runs[k], rest, given)
            strata.append(_stratum(others * cell.probability, given, before))
            left[cell.key] = left.get(cell.key, 1.0) - cell.probability
        happened = np.zeros(rows.shape, dtype=np.bool_)
        if own:
            happened |= np.logical_or.reduce(self._happens(n)[own])[: len(rows)]
        turned = []
        for k, found in taken.items():
            earlier = {turn: told[turn] for turn in taken if turn < k}
            turned.append(found.stratum(name, position, cells, told[k], earlier))
        rows = self.rare_turns.without(name, position, Drawn(n, self.seed), list(taken), rows)
        strata.insert(0, _stratum(math.prod(left.values()), rows, happened))
        total = math.fsum(stratum.probability for stratum in strata)
        strata = [replace(each, probability=each.probability / total) for each in strata]
        return [*strata, *turned]

    def _telling(self, turn: int, found: Turned, own: Sequence[int]) -> NDArray[np.bool_]:
        """Which events tell of a turn themselves, where both happen: those whose own draws take it
        often, beside how many of its own meet the event."""
        hits = found.hits(tuple(self._cells[k] for k in own))
        return np.array(
            [
                count < EXPECTED
                or np.count_nonzero(self.rare_turns.happens(turn, self._runs[k])) * _AIMED >= count
                for k, count in zip(own, hits.tolist(), strict=True)
            ],
            dtype=np.bool_,
        )

    def _happens(self, n: int) -> NDArray[np.bool_]:
        """Which draws of a run of n meet each event."""
        if n not in self._masks:
            self._masks[n] = occurs(self.method, n, self.seed, self._plan, self._cells)
        return self._masks[n]


def _stratum(probability: float, draws: FloatArray, other: NDArray[np.bool_]) -> Stratum:
    """Of a part of all cases, with draws of it, of which the `other` ones are of another part."""
    rows = draws.reshape(REPLICATES, -1) if draws.ndim == 1 else draws
    other = other.reshape(rows.shape)
    lost = ~np.isfinite(rows) & ~other
    count, own = int(np.count_nonzero(lost)), rows.size - int(np.count_nonzero(other))
    kept = 1.0 - count / own if own else 1.0
    return Stratum(probability * kept, np.where(other, np.nan, rows), lost if count else None)
