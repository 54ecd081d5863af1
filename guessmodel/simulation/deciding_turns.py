"""Rare turns that decide about a statistic, and draws in which they are taken.

Whether one may matter is told by draws in which it is forced, as often as it may well be; if so,
draws are looked for in which it is taken (`turned_draws`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.conditions import leaves
from guessmodel.engine.confined import Drawn
from guessmodel.engine.plan import Plan
from guessmodel.engine.rare import EXPECTED, LEAST
from guessmodel.engine.run import run_plan
from guessmodel.estimators.replicates import BINOMIAL
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph import dims as dimensions
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.sampling.design import REPLICATES
from guessmodel.simulation.from_run import FromRun
from guessmodel.simulation.rare_turns import MOST_TURNS, RareTurns
from guessmodel.simulation.shares_of_turns import OUT_OF_REACH

if TYPE_CHECKING:
    from guessmodel.simulation.turned_draws import Turned

__all__ = ["DecidingTurns"]

_MATTERS: Final = 0.25  # of the error, from which on a turn is looked at
_LESS: Final = 1e-2  # times as likely
_MOST_LABELS: Final = 64  # of a turn, up to which it is gone to at single ones


@final
@dataclass(frozen=True, eq=False)
class DecidingTurns:
    """Which of some rare turns decide."""

    rare: RareTurns
    _known: dict[tuple[object, ...], list[int]] = field(default_factory=dict)
    _least: dict[int, float] = field(default_factory=dict)
    """Probabilities below which they do not matter to any statistic that was asked for,"""
    _tried: dict[tuple[int, tuple[int, ...]], float] = field(default_factory=dict)
    """and down to which they were looked for."""
    _turned: dict[tuple[int, tuple[int, ...]], Turned | None] = field(default_factory=dict)
    """By turn, and label at which alone it is taken."""
    _forced: dict[int, Mapping[str, FloatArray] | None] = field(default_factory=dict)
    _plans: dict[int, Plan] = field(default_factory=dict)
    _usual_draws: dict[Drawn, Mapping[str, FloatArray]] = field(default_factory=dict)
    _taken: dict[tuple[int, Drawn], NDArray[np.bool_]] = field(default_factory=dict)
    _times_at: dict[tuple[int, Drawn], IndexArray] = field(default_factory=dict)
    """How many draws take a turn at each label."""

    # --- whether they matter ----------------------------------------------------------------------

    def of(self, asked: FromRun) -> list[int]:
        """Those that may move a statistic by a part of its error, if they are as likely as the
        draws allow; not those that the run takes now and then, unless it is marked."""
        turns = self.rare.behind(asked.name)
        if asked.found.error > 0.0:  # else all there is to it may be turns that are not affordable
            turns = [turn for turn in turns if turn < MOST_TURNS]
        if not turns:
            return []
        place = asked.name, asked.position, asked.estimator
        if place not in self._known:
            rows = asked.rows()
            self._known[place] = [turn for turn in turns if self._matters(turn, asked, rows)]
        return self._known[place]

    def leaves(self, asked: FromRun) -> set[Quantity]:
        """What decides whether these are taken."""
        nodes = (self.rare.margins[turn].turn.node for turn in self.of(asked))
        return {leaf for node in nodes for leaf in leaves(node)}

    def are_met(self, asked: FromRun) -> bool:
        """Whether some draws of the run take a turn that seems not to decide: the error that tells
        so is that of having met it."""
        others = set(self.rare.behind(asked.name)) - set(self.of(asked))
        return any(self.rare.margins[turn].met > 0.0 for turn in others if turn < MOST_TURNS)

    def _matters(self, turn: int, asked: FromRun, rows: FloatArray) -> bool:
        likely = min(self.rare.likely_for(turn, asked.name, asked.position), 0.5)
        affordable = self.rare.affordable(turn)
        if likely <= OUT_OF_REACH and (asked.found.error > 0.0 or not affordable):
            return False
        if not affordable:
            return asked.found.error == 0.0
        n = rows.size if asked.n is None else asked.n
        if asked.found.reliable and self._times(turn, n, asked) >= EXPECTED:
            return False
        if turn not in self._forced:
            self._forced[turn] = self.rare.forced(turn)
        draws = self._forced[turn]
        if draws is None:
            self._least[turn] = LEAST
            return True
        other = draws[asked.name][asked.position].reshape(REPLICATES, -1)
        # What it does may cancel where it is forced, and not where it is taken: on one side, too.
        centre = float(np.mean(rows[np.isfinite(rows)])) if np.any(np.isfinite(rows)) else 0.0
        moved, matters = 0.0, _MATTERS * asked.found.error
        for draws_of in (other, centre + np.abs(other - centre)):
            strata = [Stratum(1.0 - likely, rows), Stratum(likely, draws_of)]
            whole = asked.estimator(strata, "")
            if math.isnan(whole.value):
                return False
            moved = max(moved, abs(whole.value - asked.found.value))
        if moved <= matters:
            return False
        # The error of a count, or of what is marked, is that of not having met the turn; and what
        # is constant in all draws has no skewness, so that it is moved by nan.
        told = asked.found.reliable and asked.found.estimator == "replicates"
        least = likely * matters / moved if told else 0.0
        if asked.found.estimator == BINOMIAL and asked.found.error > 0.0:
            least = OUT_OF_REACH  # a chance is moved by no more
        self._least[turn] = max(min(least, self._least.get(turn, 1.0)), LEAST)
        return True

    def _times(self, turn: int, n: int, asked: FromRun) -> int:
        """How often a run of n draws takes it, if some draws do; else 0, which is about that. Where
        a statistic depends on one label of it alone, at that label."""
        if not self.rare.margins[turn].met:
            return 0
        label, run = self.rare.label(turn, asked.name, asked.position), Drawn(n, self.rare.seed)
        if not label:
            return int(np.count_nonzero(self.taken(turn, run)))
        if (turn, run) not in self._times_at:
            from guessmodel.simulation.turned_draws import times_at

            plan, margin = self.rare.plan(turn), self.rare.margins[turn]
            points = plan.points(self.rare.method, n, self.rare.seed)
            self._times_at[turn, run] = times_at(margin, plan, points)
        return int(self._times_at[turn, run][label])

    # --- draws in which they are taken ------------------------------------------------------------

    def turned(self, turn: int, name: str, position: tuple[int, ...]) -> Turned | None:
        """Draws in which it is taken, for an output at a coordinate that it moves; None where it is
        so seldom that it does not matter, where no way leads there, and where that is not told. A
        turn with labels is gone to at any label; where this tells too little of one, at that."""
        found = self._found(turn)
        if found is not None and self._is_few(turn, name, position):
            label = self._label(turn, name, position)
            found = None if label is None else self._found(turn, label)
        return found if found is not None and found.moves(name, position) else None

    def untold(self, turn: int, name: str, position: tuple[int, ...]) -> bool:
        """Whether nothing is known of a turn for an output at a coordinate."""
        if not self.rare.affordable(turn):
            return True
        return self._is_few(turn, name, position) and self._label(turn, name, position) is None

    def _label(self, turn: int, name: str, position: tuple[int, ...]) -> tuple[int, ...] | None:
        """At which label alone it is gone to for an output at a coordinate; None where that may be
        at several, and where there are so many that it takes too long."""
        labels = dimensions.size(self.rare.margins[turn].turn.node.dims)
        return None if labels > _MOST_LABELS else self.rare.label(turn, name, position)

    def _is_few(self, turn: int, name: str, position: tuple[int, ...]) -> bool:
        """Whether it has labels, and hardly any of the draws in which it is taken at some label are
        those of a coordinate."""
        whole = self._found(turn) if self.rare.margins[turn].turn.node.dims else None
        return whole is not None and not whole.tells(name, position)

    def _found(self, turn: int, label: tuple[int, ...] = ()) -> Turned | None:
        least, place = self._least[turn], (turn, label)
        if place not in self._turned or (
            self._turned[place] is None and self._tried[place] > least
        ):
            # So that it is not tried again and again.
            least = max(least * _LESS, OUT_OF_REACH if least >= OUT_OF_REACH else LEAST)
            self._turned[place], self._tried[place] = self._reached(turn, label, least), least
        return self._turned[place]

    def _reached(self, turn: int, label: tuple[int, ...], least: float) -> Turned | None:
        from guessmodel.simulation.turned_draws import Way

        rare = self.rare
        margins = list(rare.margins[:MOST_TURNS])
        if label:
            margins[turn] = margins[turn].at(label)
        if turn not in self._plans:
            nodes = {f"= {name}": rare.quantities[name] for name in rare.outputs(turn)}
            nodes |= {f"~ {name}": rare.usual[name] for name in rare.outputs(turn)}
            for k, margin in enumerate(margins):
                nodes |= {f"{k} {j}": node for j, node in enumerate(margin.turn.needed)}
            self._plans[turn] = rare.program.compiled(nodes)
        made = rare.method, rare.seed, rare.samples, least, label
        return Way(turn, margins, rare.plan(turn), self._plans[turn], *made).turned()

    def taken(self, turn: int, run: Drawn) -> NDArray[np.bool_]:
        """Which draws of a run take it: shape (replicates, size)."""
        from guessmodel.simulation.turned_draws import nearness

        if (turn, run) not in self._taken:
            plan, margin = run.plan(self.rare.plan(turn)), self.rare.margins[turn]
            points = plan.points(self.rare.method, run.n, run.seed)
            self._taken[turn, run] = nearness(margin, plan, points) > 0.0
        return self._taken[turn, run]

    def without(
        self,
        name: str,
        position: tuple[int, ...],
        run: Drawn,
        turns: Sequence[int],
        rows: FloatArray,
    ) -> FloatArray:
        """Draws of an output at a coordinate, those of a run in rows, of which no turn is taken
        where some turns are."""
        for turn in turns:
            if np.any(other := self.taken(turn, run)[: len(rows)]):
                if run not in self._usual_draws:  # of all outputs: they share what they are made of
                    plan = run.plan(self.rare.program.compiled(self.rare.usual))
                    points = plan.points(self.rare.method, run.n, run.seed)
                    self._usual_draws[run], _ = run_plan(plan, points)
                usual = self._usual_draws[run][name][position].reshape(-1, rows.shape[1])
                rows = np.where(other, usual[: len(rows)], rows)
        return rows
