"""Rare events of known probability in a run, and draws in which each of them happens.

Which draws of the run itself meet an event is read from the variates behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.confined import Cell, Drawn, occurs, seed_beside
from guessmodel.engine.plan import Plan
from guessmodel.engine.rare import EXPECTED, correlated_rare, isolated, rare_events, seldom
from guessmodel.engine.run import run_plan
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation.model_run import ModelRun

__all__ = ["KnownEvents"]

_DRAWS: Final = 1 << 13  # for all events together at least,
_EIGHTH: Final = 8  # else this part of the run, so that more draws make these more precise, too
_FEWEST: Final = 1 << 9  # for one; on so few no distribution needs a table
_ENOUGH: Final = 1 << 17
_WORK: Final = 1 << 15  # steps of all these runs together, about as many as may cost the run again
_LEAST: Final = 4  # events that are looked at, however large the plan
_MOST: Final = 64
_APIECE: Final = 8  # events, up to which those that the run meets now and then have draws, too
_CROWD: Final = 3.0


@final
@dataclass(frozen=True, eq=False)
class KnownEvents:
    """Those behind some outputs of a run of `samples` draws, told by their numbers: the likeliest
    first, and those that no runs are made for last."""

    run: ModelRun
    below: float | None = None
    """The probability below which events are looked at; None for what is `seldom` met."""
    _masks: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    _without: list[tuple[Quantity, float]] = field(default_factory=list)
    """Comparisons of correlated draws that turn over in a tail, which no run is made for."""

    # --- which there are --------------------------------------------------------------------------

    @cached_property
    def _plan(self) -> Plan:
        return self.run.program.plan(self.run.names)

    @cached_property
    def _all(self) -> list[Cell]:
        model, plan = self.run.model, self._plan
        roots = [model.quantities[name] for name in self.run.names]
        share = self.below or seldom(self.run.samples)
        cells, without = rare_events(plan, roots, model.keys, share)
        few = EXPECTED / self.run.samples
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
    def cells(self) -> list[Cell]:
        """As many of the events as runs may be made for."""
        return self._all[: self._affordable]

    @cached_property
    def _events(self) -> list[tuple[frozenset[int], float]]:
        """The positions and probabilities of all events, those without cells last."""
        cells = [(cell.positions, cell.probability) for cell in self._all]
        correlated = correlated_rare(self._plan, self.run.samples)
        return cells + [
            (frozenset([position]), probability) for position, probability in correlated
        ]

    # --- which an output depends on ---------------------------------------------------------------

    def behind(self, name: str) -> list[int]:
        """Which of all events an output depends on."""
        return self._causes[name]

    def drawn_behind(self, name: str) -> list[int]:
        """Those of them that have draws of their own."""
        return [k for k in self.behind(name) if k < len(self.cells)]

    def variates_behind(self, name: str) -> int:
        """How many variates decide about the events behind an output."""
        cells = len(self._all)
        behind = self.behind(name)
        own = {self._all[k].key for k in behind if k < cells}
        return len(own) + sum(k >= cells for k in behind)

    def missed(self, name: str) -> int:
        """How many events an output depends on that were too many to be looked at, or are of draws
        that are correlated; none where these are so many that the run meets some of them."""
        left = [self._events[k][1] for k in self.behind(name) if k >= len(self.cells)]
        if self._without:
            behind = set(ancestors([self.run.model.quantities[name]]))
            left += [probability for node, probability in self._without if node in behind]
        return len(left) if sum(left) * self.run.samples < _CROWD * EXPECTED else 0

    def may_coincide(self, name: str) -> bool:
        """Whether an output depends on several draws of yes or no, counts and the like: none of
        them need be rare, and yet a run may not meet them together."""
        return self._isolated[name] > 1

    @cached_property
    def _causes(self) -> Mapping[str, list[int]]:
        own: dict[int, int] = {}  # by the position of the draw
        for k, (positions, _) in enumerate(self._events):
            for position in positions:
                own[position] = own.get(position, 0) | 1 << k
        events = range(len(self._events))
        return {
            name: [k for k in events if bits >> k & 1] if bits else []
            for name, bits in self._reached(own).items()
        }

    @cached_property
    def _isolated(self) -> Mapping[str, int]:
        """How many discrete draws are behind each output; in large plans they are not counted."""
        plan = self._plan
        if plan.is_large:
            return dict.fromkeys(plan.outputs, 0)
        own: dict[int, int] = {}
        count = 0
        for position, step in enumerate(plan.steps):
            if many := isolated(plan, step):
                own[position] = (1 << many) - 1 << count
                count += many
        return {name: bits.bit_count() for name, bits in self._reached(own).items()}

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

    # --- draws ------------------------------------------------------------------------------------

    @cached_property
    def runs(self) -> list[Drawn]:
        """For each event the run in which it happens."""
        least = 0 if self._drawn.is_large else _DRAWS
        draws = max(least, self.run.samples // _EIGHTH)
        share = min(max(draws // len(self.cells), _FEWEST), _ENOUGH)
        n = 1 << (share.bit_length() - 1)
        return [Drawn(n, seed_beside(self.run.seed, k), cell) for k, cell in enumerate(self.cells)]

    @cached_property
    def given(self) -> list[tuple[Mapping[str, FloatArray], NDArray[np.bool_]]]:
        """For each event the draws of the outputs, and where a rarer one happens too: there they
        are nan, so that no case counts twice. Of both together the rarer one's draws tell more."""
        plan = self._drawn
        found: list[tuple[Mapping[str, FloatArray], NDArray[np.bool_]]] = []
        for number, (cell, run) in enumerate(zip(self.cells, self.runs, strict=True)):
            given = run.plan(plan)
            draws, _ = run_plan(given, given.points(self.run.method, run.n, run.seed))
            rarer = [other for other in self.cells[number + 1 :] if other.key != cell.key]
            others = occurs(self.run.method, run.n, run.seed, plan, rarer).any(axis=0).ravel()
            single = {name: np.where(others, np.nan, array) for name, array in draws.items()}
            found.append((single, others))
        return found

    @cached_property
    def _drawn(self) -> Plan:
        """Of the outputs that an event is behind; the others need not be drawn."""
        return self.run.program.plan([name for name in self.run.names if self.behind(name)])

    def happens(self, own: Sequence[int], n: int) -> NDArray[np.bool_]:
        """Which draws of a run of n meet any of some events, shape (replicates, size)."""
        if n not in self._masks:
            self._masks[n] = occurs(self.run.method, n, self.run.seed, self._plan, self.cells)
        return np.asarray(self._masks[n][list(own)].any(axis=0))
