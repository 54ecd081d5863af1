"""Runs in which rare turns are taken, and which draws of other runs take them; each made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

import numpy as np

from guessmodel.engine.confined import Drawn
from guessmodel.engine.plan import Plan
from guessmodel.engine.rare import LEAST
from guessmodel.engine.run import run_plan
from guessmodel.engine.taken import Taken, draws_of
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.simulation.rare_turns import MOST_TURNS, RareTurns
from guessmodel.simulation.shares_of_turns import OUT_OF_REACH

if TYPE_CHECKING:
    from guessmodel.simulation.turned_draws import Part, Turned

__all__ = ["ReachedTurns"]

_LESS: Final = 1e-2  # times as likely

_Place = tuple[int, bytes, int]
"""A turn, its labels and a number."""


@final
@dataclass(frozen=True, eq=False)
class ReachedTurns:
    """What has been drawn of some rare turns."""

    rare: RareTurns
    _tried: dict[_Place, float] = field(default_factory=dict)
    """Probabilities down to which they were looked for."""
    _turned: dict[_Place, Turned | None] = field(default_factory=dict)
    _plans: dict[int, Plan] = field(default_factory=dict)
    _usual: dict[Drawn, Mapping[str, FloatArray]] = field(default_factory=dict)
    _taken: dict[tuple[int, Drawn], Taken] = field(default_factory=dict)

    def turned(self, turn: int, labels: BoolArray, number: int, least: float) -> Turned | None:
        """Draws in which a turn is taken at any of some labels; each `number` is another run. None
        where the turn is less likely than the `least` that matters, and where no way leads to
        it."""
        place = turn, labels.tobytes(), number
        if place not in self._turned or (
            self._turned[place] is None and self._tried[place] > least
        ):
            # So that it is not tried again and again.
            tried = max(least * _LESS, OUT_OF_REACH if least >= OUT_OF_REACH else LEAST)
            self._turned[place] = self._reached(turn, labels, number, tried)
            self._tried[place] = tried
        found = self._turned[place]
        # A less likely one may have been found where another statistic asked for it.
        seldom = found is not None and float(found.weights.mean()) < least * _LESS
        return None if seldom else found

    def _reached(self, turn: int, labels: BoolArray, number: int, least: float) -> Turned | None:
        from guessmodel.simulation.turned_draws import Way

        rare = self.rare
        margins = rare.margins[:MOST_TURNS]
        if turn not in self._plans:
            nodes = {f"= {name}": rare.quantities[name] for name in rare.outputs(turn)}
            nodes |= {f"~ {name}": rare.usual[name] for name in rare.outputs(turn)}
            for k, margin in enumerate(margins):
                nodes |= {f"{k} {j}": node for j, node in enumerate(margin.turn.needed)}
            self._plans[turn] = rare.program.compiled(nodes)
        plan, outputs = rare.plan(turn), self._plans[turn]
        made = rare.run.method, rare.run.seed, rare.run.samples, least, number
        return Way(turn, margins, labels, plan, outputs, *made).turned()

    def taken(self, turn: int, run: Drawn) -> Taken:
        """Which draws of a run take it."""
        if (turn, run) not in self._taken:
            rare, margin = self.rare, self.rare.margins[turn]
            plan = run.plan(rare.plan(turn))
            points = plan.points(rare.run.method, run.n, run.seed)
            draws = draws_of(margin, plan, points)
            self._taken[turn, run] = Taken.of(margin, draws, (points.replicates, points.size))
        return self._taken[turn, run]

    def without(
        self,
        name: str,
        position: tuple[int, ...],
        run: Drawn,
        parts: Sequence[Part],
        rows: FloatArray,
    ) -> FloatArray:
        """Draws of an output at a coordinate, those of a run in rows, of which no turn is taken
        where some parts are."""
        for part in parts:
            other = self.taken(part.turn, run).at(part.labels)[: len(rows)]
            if np.any(other):
                if run not in self._usual:  # of all outputs: they share what they are made of
                    plan = run.plan(self.rare.program.compiled(self.rare.usual))
                    points = plan.points(self.rare.run.method, run.n, run.seed)
                    self._usual[run], _ = run_plan(plan, points)
                usual = self._usual[run][name][position].reshape(-1, rows.shape[1])
                rows = np.where(other, usual[: len(rows)], rows)
        return rows
