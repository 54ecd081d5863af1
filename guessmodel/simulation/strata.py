"""A run in strata: rare events by themselves, each in a small run in which it happens.

What is left of the run without the draws that meet an event tells of all cases in which none
happens. Nothing is looked for here: events, turns and what is farther out have files of their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, final

import numpy as np

from guessmodel.engine.confined import Drawn
from guessmodel.engine.rare import EXPECTED
from guessmodel.estimators import stratified
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.replicates import BINOMIAL
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph.coordinates import Element
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.sampling.design import REPLICATES
from guessmodel.simulation.deciding_turns import DecidingTurns
from guessmodel.simulation.farther_out import FartherOut
from guessmodel.simulation.from_run import FromRun, not_looked_at
from guessmodel.simulation.known_events import KnownEvents
from guessmodel.simulation.model_run import ModelRun
from guessmodel.simulation.rare_turns import RareTurns
from guessmodel.simulation.uncertain_events import UncertainEvents

if TYPE_CHECKING:
    from guessmodel.simulation.turned_draws import Part

__all__ = ["Strata"]

_COMMONER: Final = 1 / 32  # up to which events are looked at where the draws tell no error
_FAR: Final = 2.0  # times the error over strata, from which on the draws are not taken
_AIMED: Final = 4  # draws of a run with weights, that tell as much as one of an event's


@final
@dataclass(frozen=True, eq=False)
class Strata:
    """The rare events of a run of `samples` draws, and draws of all outputs given each."""

    run: ModelRun
    below: float | None = None
    """The probability below which events are looked at; None for what is `seldom` met."""
    met: frozenset[Quantity] = frozenset()
    """Conditions that the run is known to meet often enough."""
    known_turns: DecidingTurns | None = None

    @cached_property
    def events(self) -> KnownEvents:
        """Events of known probability."""
        return KnownEvents(self.run, self.below)

    @cached_property
    def turns(self) -> DecidingTurns:
        """Conditions and extremes of several draws, of unknown probabilities."""
        return self.known_turns or DecidingTurns(RareTurns(self.run, self.met))

    @cached_property
    def _uncertain(self) -> UncertainEvents:
        """Those of uncertain probabilities, and those that may happen together."""
        return UncertainEvents(self.run)

    @cached_property
    def farther_out(self) -> FartherOut:
        """What no formula tells of, and the run has not met: beside the commoner events, too, for
        their losses would hide all that lies nearer."""
        return FartherOut(self.run, self._commoner.events, self.turns.rare)

    def expected(self, name: str, position: tuple[int, ...], unit: str) -> Estimate | None:
        """The mean of an output at a coordinate without the draws of rare events of uncertain
        probabilities; None where there are none, or not all can be taken out."""
        return self._uncertain.mean(name, position, unit, self.events.variates_behind(name))

    def concern(self, name: str) -> bool:
        """Whether an output depends on events of known probability, or of an uncertain one."""
        return bool(self.events.behind(name) or self._uncertain.draws_behind(name))

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
        if missed := self.events.missed(name) + self._unmet(name) + turns:
            return not_looked_at(found, missed)
        chosen = self._chosen(asked)
        undecided = self._commoner.events.missed(name) or self.turns.are_met(asked)
        if chosen.reliable or asked.n is None or undecided:
            return chosen
        again = self._commoner._chosen(asked)
        return again if again.reliable else chosen

    def with_farther(self, told: Estimate, asked: FromRun) -> Estimate:
        """An estimate with what is farther out than all draws, see `FartherOut`."""
        farther = self.farther_out
        return farther.told(told, asked, self._met(asked)) if farther.tells(told, asked) else told

    def farther_decides(self, asked: FromRun) -> bool:
        """Whether what is farther out than all draws moves the estimate from these."""
        farther, found = self.farther_out, asked.found
        return farther.tells(found, asked) and farther.decides(found, asked, self._met(asked))

    def _met(self, asked: FromRun) -> Sequence[Stratum]:
        """The strata of an output at a coordinate; where no rare event matters, the draws alone."""
        draws = asked.rows()
        return self._commoner.of(asked) or [
            _stratum(1.0, draws, np.zeros(draws.shape, dtype=np.bool_))
        ]

    def probability(self, asked: FromRun) -> Estimate:
        """That an output is 1, as it is told, or by draws in which it hardly ever is."""
        least = min(asked.found.high, 1.0 - asked.found.low)
        return (
            self._better(asked.found, asked) if least * self.run.samples < EXPECTED else asked.found
        )

    def _better(self, told: Estimate, asked: FromRun) -> Estimate:
        """What is told without the draws of events, or over strata with draws in which turns are
        taken, unless the error of that is far larger. (The few draws that decide about a rare
        comparison may all be missing where another draw is integrated out: its error is then small
        where it is large.) Where either lacks something, it is marked."""
        if not self.turns.of(asked):
            return told
        chosen, untold = self._chosen(asked), self._untold(asked)
        if untold:
            return not_looked_at(chosen, untold)
        if told is not asked.found and not self._is_taken_out(asked):
            unmet = self._unmet(asked.name)
            return not_looked_at(chosen, unmet) if unmet else chosen
        # One of ten intervals of 90% misses: where the better one is told, it may be by so much.
        apart = abs(told.value - chosen.value)
        agree = told.reliable and apart <= told.error + _FAR * chosen.error
        worse = not chosen.reliable or (agree and _FAR * told.error < chosen.error)
        return told if worse else chosen

    def _is_taken_out(self, asked: FromRun) -> bool:
        """Whether what is told without the draws of events is without all that decides."""
        others = self.events.variates_behind(asked.name)
        return self._uncertain.take_out(asked.name, others, self.turns.leaves(asked))

    def _unmet(self, name: str) -> int:
        """How many draws of uncertain parameters have rare values that nothing tells of."""
        draws = self._uncertain.draws_behind(name)
        return sum(draw not in self.turns.rare.nodes for draw in draws)

    def _untold(self, asked: FromRun) -> int:
        """How many turns nothing is known of, and beside those that decide as likely ones that are
        too many. The error of a count is that of not having met some, too."""
        found, turns = asked.found, self.turns.of(asked)
        more = self.turns.rare.too_many(asked.name) if turns and found.error > 0.0 else 0
        if found.estimator == BINOMIAL and found.error > 0.0:
            return more
        return more + sum(self.turns.untold(turn, asked) for turn in turns)

    def _by_parts(self, asked: FromRun) -> Estimate | None:
        """The mean, where independent parts tell it exactly, and something would else be looked
        for: what no formula tells of, or turns that the run hardly ever takes. Of several draws
        these must matter, or it is marked, for parts mostly share draws."""
        if asked.estimator is not stratified.mean:
            return None
        name, parts = asked.name, self.run.program.parts
        element = Element(self.run.model.quantities[name], asked.position)
        if not self.farther_out.is_behind(name):
            if not self.turns.rare.are_within_reach(name):
                return None
            of_one = parts.draws.behind(element).bit_count() == 1
            if not (of_one or not asked.found.reliable or self.turns.of(asked)):
                return None
        known = parts.of(element, 2)
        if known is None or not np.all(np.isfinite(asked.rows())):
            return None
        return known.mean(asked.found.unit)

    def _taken_out(self, asked: FromRun) -> Estimate | None:
        """The mean or standard deviation without the draws of rare events, where these can be taken
        out and no draw is lost; None too where the run has met them all and knows better."""
        events, found, name, position = self._uncertain, asked.found, asked.name, asked.position
        told, others = None, self.events.variates_behind(name)
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
        return Strata(self.run, _COMMONER, self.met, self.turns)

    def _chosen(self, asked: FromRun) -> Estimate:
        """The estimate from the draws, or that over strata."""
        found, turns = asked.found, self.turns.of(asked)
        if not self.events.behind(asked.name) and not turns:
            return found
        strata = self._exactly(asked, self.of(asked))
        whole = asked.estimator(strata, found.unit) if strata else found
        if math.isnan(whole.value):
            return not_looked_at(found, len(turns)) if turns else found
        near = found.low <= whole.value <= found.high and found.error < _FAR * whole.error
        if found.reliable and near:
            return found
        if asked.n is not None:
            return whole
        if max(whole.low, found.low) <= min(whole.high, found.high):
            return found
        return replace(found, note=f"unreliable: rare events make it {whole.text(3)}")

    def _exactly(self, asked: FromRun, strata: Sequence[Stratum]) -> Sequence[Stratum]:
        """For a mean, the strata with one mean in all draws that no turn is taken in, where
        independent parts tell it exactly: the error is then that of the turns alone."""
        name = asked.name
        known = [each for each in strata if each.weights is None]
        if asked.estimator is not stratified.mean or len(known) != 1 or len(strata) == 1:
            return strata
        (usual,) = known
        element = Element(self.turns.rare.usual[name], asked.position)
        parts = self.run.program.parts.of(element, 2)
        if parts is None or usual.lost is not None or self.farther_out.is_behind(name):
            return strata
        draws = np.full(usual.rows.shape, parts.mean("").value)
        return [replace(usual, rows=draws), *(each for each in strata if each is not usual)]

    def of(self, asked: FromRun) -> Sequence[Stratum]:
        """The strata of an output at a coordinate, for one of its statistics; none where no rare
        event is behind it, and no turn matters that is told."""
        name, position, rows, events = asked.name, asked.position, asked.rows(), self.events
        n = rows.size if asked.n is None else asked.n
        own = events.drawn_behind(name)
        parts = [part for turn in self.turns.of(asked) for part in self.turns.parts(turn, asked)]
        if not own and not parts:
            return ()
        parts.sort(key=lambda part: -float(part.weights.mean()))
        reached = self.turns.reached
        strata, cells = [], tuple(events.cells[k] for k in own)
        told = [self._telling(part, own) for part in parts]
        left: dict[str, float] = {}  # of each variate, beside its rarer events
        for place, k in reversed(list(enumerate(own))):
            cell = events.cells[k]
            others = math.prod(share for row, share in left.items() if row != cell.key)
            draws, rarer = events.given[k]
            rest = [part for part, tells in zip(parts, told, strict=True) if not tells[place]]
            given = draws[name][position].reshape(REPLICATES, -1)
            given = reached.without(name, position, events.runs[k], rest, given)
            strata.append(_stratum(others * cell.probability, given, rarer))
            left[cell.key] = left.get(cell.key, 1.0) - cell.probability
        happened = np.zeros(rows.shape, dtype=np.bool_)
        if own:
            happened |= events.happens(own, n)[: len(rows)]
        all_told = list(zip(parts, told, strict=True))
        # Of several together the rarest one tells: of an excess within an excess it has draws.
        turned = [
            part.stratum(name, position, cells, tells, all_told[place + 1 :])
            for place, (part, tells) in enumerate(all_told)
        ]
        rows = reached.without(name, position, Drawn(n, self.run.seed), parts, rows)
        strata.insert(0, _stratum(math.prod(left.values()), rows, happened))
        total = math.fsum(stratum.probability for stratum in strata) or 1.0
        strata = [replace(each, probability=each.probability / total) for each in strata]
        return [*strata, *(each.scaled(1.0 / total) for each in turned)]

    def _telling(self, part: Part, own: Sequence[int]) -> BoolArray:
        """Which events tell of a part themselves, where both happen: those whose own draws meet it
        often, beside how many of its own meet the event."""
        events, taken = self.events, self.turns.reached.taken
        hits = part.hits(tuple(events.cells[k] for k in own)).tolist()
        meets = [np.count_nonzero(taken(part.turn, events.runs[k]).at(part.labels)) for k in own]
        tell = (few < EXPECTED or met * _AIMED >= few for few, met in zip(hits, meets, strict=True))
        return np.array(list(tell), dtype=np.bool_)


def _stratum(probability: float, draws: FloatArray, other: BoolArray) -> Stratum:
    """Of a part of all cases, with draws of it, of which the `other` ones are of another part."""
    rows = draws.reshape(REPLICATES, -1) if draws.ndim == 1 else draws
    other = other.reshape(rows.shape)
    lost = ~np.isfinite(rows) & ~other
    count, own = int(np.count_nonzero(lost)), rows.size - int(np.count_nonzero(other))
    kept = 1.0 - count / own if own else 1.0
    return Stratum(probability * kept, np.where(other, np.nan, rows), lost if count else None)
