"""Turns that hardly any draw of a run takes: `maximum(a + b - far, 0)`.

Of a comparison or an extreme of several uncertain quantities nobody knows the probability, nor how
to draw as if it had happened. Whether one may matter to a statistic is told by draws in which it
is forced, and by a tail that is fitted to how near the draws come; if so, draws are looked for in
which it is taken (`turned_draws`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.confined import Drawn
from guessmodel.engine.joined import joined
from guessmodel.engine.jumps import events
from guessmodel.engine.plan import Plan
from guessmodel.engine.rare import EXPECTED, seldom
from guessmodel.engine.run import run_plan
from guessmodel.engine.scored import Scored, coordinates
from guessmodel.engine.turns import Margin, is_combined, turns_of, two_sided
from guessmodel.errors import GuessmodelError
from guessmodel.estimators.program import Program, program_of
from guessmodel.estimators.stratified import Stratum
from guessmodel.graph.operation import Operation, Pointwise
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors, rewired
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import REPLICATES
from guessmodel.simulation.from_run import FromRun
from guessmodel.simulation.shares_of_turns import (
    LEAST,
    OUT_OF_REACH,
    STRETCHED,
    likely_share,
    reachable_share,
)

if TYPE_CHECKING:
    from guessmodel.model.model import Model
    from guessmodel.simulation.turned_draws import Turned

__all__ = ["RareTurns"]

_PILOT: Final = 1 << 12  # draws that tell which turns hardly any draw takes
_FEW: Final = 1 << 10  # the same in large models, and to tell how much a turn matters
_LARGE: Final = 1 << 8  # steps of a plan from which on time counts
_MOST: Final = 16  # turns that are looked at
_STEPS: Final = 1 << 11  # of all that they are decided by
_WORK: Final = 1 << 15  # steps of plans in which they are forced
_MATTERS: Final = 0.25  # of the error, from which on a turn is looked at
_LESS: Final = 1e-2  # times as likely: not much less


@final
@dataclass(frozen=True, eq=False)
class RareTurns:
    """The turns that a run of `samples` draws of a model hardly ever takes, or never; told by their
    numbers, the likeliest first."""

    model: Model
    names: tuple[str, ...]
    method: str
    seed: int
    samples: int
    _deciding: dict[tuple[object, ...], list[int]] = field(default_factory=dict)
    _decided: set[str] = field(default_factory=set)
    """Outputs that any of them matter to."""
    _turned: dict[tuple[int, tuple[int, ...]], Turned | None] = field(default_factory=dict)
    """By turn, and label at which alone it is taken."""
    _plans: dict[int, Plan] = field(default_factory=dict)
    _whole_plans: dict[int, Plan] = field(default_factory=dict)
    _tried: dict[tuple[int, tuple[int, ...]], float] = field(default_factory=dict)
    """Probabilities down to which they were looked for,"""
    _least: dict[int, float] = field(default_factory=dict)
    """and below which they do not matter to any statistic that was asked for."""
    _otherwise: dict[int, Mapping[str, FloatArray] | None] = field(default_factory=dict)
    _usual_draws: dict[Drawn, Mapping[str, FloatArray]] = field(default_factory=dict)
    _happened: dict[tuple[int, Drawn], NDArray[np.bool_]] = field(default_factory=dict)

    # --- what is asked of them --------------------------------------------------------------------

    def deciding(self, asked: FromRun) -> list[int]:
        """Those that may move a statistic by a part of its error, if they are as likely as the
        draws allow; not those that the run takes now and then, unless it is marked."""
        bits = self._behind.get(asked.name, 0)
        if asked.found.error > 0.0:  # else all there is to it may be turns that are not affordable
            bits &= (1 << _MOST) - 1
        if not bits:
            return []
        place = asked.name, asked.position, asked.estimator
        if place not in self._deciding:
            rows = asked.rows()
            self._deciding[place] = [k for k in _ones(bits) if self._matters(k, asked, rows)]
            if self._deciding[place]:
                self._decided.add(asked.name)
        return self._deciding[place]

    def nodes(self, asked: FromRun) -> set[Quantity]:
        """What turns where these are taken."""
        return {self._rare[k][0].turn.node for k in self.deciding(asked)}

    def decided(self, name: str) -> bool:
        """Whether any matter to a statistic of an output that was asked for before."""
        return name in self._decided

    def affordable(self, turn: int) -> bool:
        """Whether to go there takes no longer than a run may: else nothing is known of it."""
        return turn < _MOST and self._affordable[turn]

    def turned(self, turn: int, name: str, position: tuple[int, ...]) -> Turned | None:
        """Draws in which it is taken, for an output at a coordinate that it moves; None where it is
        so seldom that it does not matter, where no way leads there, and where that is not told. A
        turn with labels is gone to at any label; where this tells too little of one, at that."""
        found = self._found(turn)
        if found is not None and self._is_few(turn, name, position):
            label = self._label(turn, name, position)
            found = None if label is None else self._found(turn, label)
        return found if found is not None and found.moves(name, position) else None

    def beyond(self, name: str) -> int:
        """How many turns are behind an output that are too many, but not much less likely than the
        last of those that are looked at."""
        likely = [self._rare[k][1] for k in _ones(self._behind.get(name, 0) >> _MOST << _MOST)]
        return sum(each > max(OUT_OF_REACH, _LESS * self._rare[_MOST - 1][1]) for each in likely)

    def count(self, name: str) -> int:
        """How many turns are behind an output that are not out of reach."""
        return sum(self._rare[k][1] > OUT_OF_REACH for k in _ones(self._behind.get(name, 0)))

    def met(self, asked: FromRun) -> bool:
        """Whether some draws of the run take a turn that seems not to decide: the error that tells
        so is that of having met it."""
        decide = self.deciding(asked)
        turns = _ones(self._behind.get(asked.name, 0) & (1 << _MOST) - 1)
        return any(self._rare[k][0].met > 0.0 for k in turns if k not in decide)

    def untold(self, turn: int, name: str, position: tuple[int, ...]) -> bool:
        """Whether nothing is known of a turn for an output at a coordinate."""
        if not self.affordable(turn):
            return True
        return self._is_few(turn, name, position) and self._label(turn, name, position) is None

    def _is_few(self, turn: int, name: str, position: tuple[int, ...]) -> bool:
        """Whether it has labels, and hardly any of the draws in which it is taken at some label are
        those of a coordinate."""
        whole = self._found(turn) if self._rare[turn][0].turn.node.dims else None
        return whole is not None and not whole.tells(name, position)

    def _label(self, turn: int, name: str, position: tuple[int, ...]) -> tuple[int, ...] | None:
        """At which label a turn is behind an output at a coordinate; None where that may be at
        several."""
        node, output = self._rare[turn][0].turn.node, self._quantities[name]
        at = dict(zip(output.dims, position, strict=True))
        if not all(dim in at for dim in node.dims) or self._mixed[name] >> turn & 1:
            return None
        return tuple(at[dim] for dim in node.dims)

    def _found(self, turn: int, label: tuple[int, ...] = ()) -> Turned | None:
        least, place = self._least[turn], (turn, label)
        if place not in self._turned or (
            self._turned[place] is None and self._tried[place] > least
        ):
            least = max(least * _LESS, LEAST)  # so that it is not tried again and again
            self._turned[place], self._tried[place] = self._reached(turn, label, least), least
        return self._turned[place]

    def happens(self, turn: int, run: Drawn) -> NDArray[np.bool_]:
        """Which draws of a run take it: shape (replicates, size)."""
        from guessmodel.simulation.turned_draws import nearness

        if (turn, run) not in self._happened:
            plan, margin = run.plan(self._plan(turn)), self._rare[turn][0]
            points = plan.points(self.method, run.n, run.seed)
            self._happened[turn, run] = nearness(margin, plan, points) > 0.0
        return self._happened[turn, run]

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
            if np.any(other := self.happens(turn, run)[: len(rows)]):
                if run not in self._usual_draws:  # of all outputs: they share what they are made of
                    plan = run.plan(self._program.compiled(self._usual))
                    points = plan.points(self.method, run.n, run.seed)
                    self._usual_draws[run], _ = run_plan(plan, points)
                usual = self._usual_draws[run][name][position].reshape(-1, rows.shape[1])
                rows = np.where(other, usual[: len(rows)], rows)
        return rows

    # --- which there are --------------------------------------------------------------------------

    @cached_property
    def _quantities(self) -> Mapping[str, Quantity]:
        """The outputs by name; what is met together is one turn."""
        return joined({name: self.model.quantities[name] for name in self.names})

    @cached_property
    def _roots(self) -> list[Quantity]:
        return list(self._quantities.values())

    @cached_property
    def _program(self) -> Program:
        return program_of(self.model)

    @cached_property
    def _rare(self) -> list[tuple[Margin, float]]:
        """The turns, and upper limits of their probabilities, as draws tell them. Comparisons of a
        single draw have known ones; several may leave it a window, which has not."""
        single = {event.node for event in events(self._roots) if not is_combined(event.node)}
        turns = [turn for turn in turns_of(self._roots) if turn.node not in single]
        if not turns:
            return []
        needed = dict.fromkeys(x for turn in turns for x in turn.needed)
        names = {node: f"{k}" for k, node in enumerate(needed)}
        plan = self._program.compiled({name: node for node, name in names.items()})
        few = _FEW if len(plan.steps) > _LARGE else min(_PILOT, self.samples)
        draws, _ = run_plan(plan, plan.points(self.method, few, self.seed))

        def of(node: Quantity) -> FloatArray:
            return draws[names[node]]

        margins = [Margin.of(turn, of, seldom(self.samples)) for turn in turns]
        # What is as far away in all draws hangs on none, or on an event that is known by itself.
        known = [each for each in margins if each is not None and np.ptp(each.of_draws(of)) > 0.0]
        if not known:
            return []
        random = np.random.default_rng(self.seed)
        chosen = coordinates(plan)
        far = STRETCHED * random.standard_normal((len(chosen), 1, few))
        usual, (draws, _) = draws, run_plan(plan, Scored(plan, chosen, far))
        known = [margin.passed(of) for margin in known]
        windows = two_sided(margin.turn for margin in known)
        limits = [
            1.0 if margin.turn.node in windows else reachable_share(margin.of_draws(of))
            for margin in known
        ]
        draws = usual
        likely = [likely_share(margin.of_draws(of)) for margin in known]
        found = list(zip(known, map(min, likely, limits), strict=True))
        return sorted(found, key=lambda pair: -pair[1])

    @property
    def _behind(self) -> Mapping[str, int]:
        """Which turns each output depends on, as bits of a whole number."""
        return self._reaching[0]

    @property
    def _mixed(self) -> Mapping[str, int]:
        """Those that it may depend on at other labels than its own, likewise."""
        return self._reaching[1]

    @cached_property
    def _reaching(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        own = {margin.turn.node: 1 << k for k, (margin, _) in enumerate(self._rare)}
        behind: dict[Quantity, int] = {}
        mixed: dict[Quantity, int] = {}
        for node in ancestors(self._roots) if own else ():
            below = reduce(or_, (behind[operand] for operand in node.operands), 0)
            elsewhere = reduce(or_, (mixed[operand] for operand in node.operands), 0)
            operation = node.operation
            mixes = isinstance(operation, Operation) and not isinstance(operation, Pointwise)
            behind[node] = below | own.get(node, 0)
            mixed[node] = elsewhere | (below if mixes else 0)
        named = {name: self._quantities[name] for name in self.names if own}
        return (
            {name: behind[quantity] for name, quantity in named.items()},
            {name: mixed[quantity] for name, quantity in named.items()},
        )

    def _outputs(self, turn: int) -> list[str]:
        """The outputs that a turn is behind."""
        return [name for name, bits in self._behind.items() if bits >> turn & 1]

    def _plan(self, turn: int) -> Plan:
        """What a turn is decided by."""
        if turn not in self._plans:
            needed = self._rare[turn][0].turn.needed
            self._plans[turn] = self._program.compiled({f"{k}": x for k, x in enumerate(needed)})
        return self._plans[turn]

    @cached_property
    def _affordable(self) -> list[bool]:
        from guessmodel.simulation.turned_draws import MOST_VARIATES

        likeliest = self._rare[:_MOST]
        steps = np.cumsum([len(ancestors(margin.turn.needed)) for margin, _ in likeliest])
        return [
            bool(all_so_far <= _STEPS) and 0 < len(coordinates(self._plan(turn))) <= MOST_VARIATES
            for turn, all_so_far in enumerate(steps)
        ]

    # --- whether they matter ----------------------------------------------------------------------

    def _times(self, turn: int, n: int) -> int:
        """How often a run of n draws takes it, if some draws do; else 0, which is about that."""
        met = self._rare[turn][0].met
        return int(np.count_nonzero(self.happens(turn, Drawn(n, self.seed)))) if met else 0

    def _matters(self, turn: int, asked: FromRun, rows: FloatArray) -> bool:
        likely = min(self._rare[turn][1], 0.5)
        if likely <= OUT_OF_REACH and (asked.found.error > 0.0 or not self.affordable(turn)):
            return False
        if not self.affordable(turn):
            return asked.found.error == 0.0
        n = rows.size if asked.n is None else asked.n
        if asked.found.reliable and self._times(turn, n) >= EXPECTED:
            return False
        if turn not in self._otherwise:
            self._otherwise[turn] = self._forced(turn)
        draws = self._otherwise[turn]
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
        least = likely * matters / moved if told and moved > matters else 0.0
        self._least[turn] = max(min(least, self._least.get(turn, 1.0)), LEAST)
        return True

    def _forced(self, turn: int) -> Mapping[str, FloatArray] | None:
        """Some draws of the outputs if the turn were always taken; None where that is not known."""
        outputs = {name: self._quantities[name] for name in self._outputs(turn)}
        node = self._rare[turn][0].turn
        try:
            new = rewired(outputs.values(), {node.node: node.otherwise()})
        except GuessmodelError:  # its unit knows no such number, as an absolute temperature
            return None
        plan = self._program.compiled({name: new[q] for name, q in outputs.items()})
        if len(plan.steps) * _MOST > _WORK:
            return None
        return run_plan(plan, plan.points(self.method, _FEW, self.seed))[0]

    # --- draws in which they are taken ------------------------------------------------------------

    @cached_property
    def _usual(self) -> Mapping[str, Quantity]:
        """The outputs, by name, if no turn were ever taken."""
        outputs = {name: self._quantities[name] for name, bits in self._behind.items() if bits}
        place = {node: k for k, node in enumerate(ancestors(outputs.values()))}
        margins = [margin for margin, _ in self._rare[:_MOST]]
        margins.sort(key=lambda margin: place[margin.turn.node])
        nodes = [margin.turn.node for margin in margins]
        for k, margin in enumerate(margins):  # what is upstream first: it may be part of the others
            new = rewired([*outputs.values(), *nodes], {nodes[k]: margin.usual(nodes[k])})
            outputs = {name: new[quantity] for name, quantity in outputs.items()}
            nodes = [new[node] for node in nodes]
        return outputs

    def _reached(self, turn: int, label: tuple[int, ...], least: float) -> Turned | None:
        from guessmodel.simulation.turned_draws import Way

        margins = [margin for margin, _ in self._rare[:_MOST]]
        if label:
            margins[turn] = margins[turn].at(label)
        if turn not in self._whole_plans:
            nodes = {f"= {name}": self._quantities[name] for name in self._outputs(turn)}
            nodes |= {f"~ {name}": self._usual[name] for name in self._outputs(turn)}
            for k, margin in enumerate(margins):
                nodes |= {f"{k} {j}": node for j, node in enumerate(margin.turn.needed)}
            self._whole_plans[turn] = self._program.compiled(nodes)
        made = self.method, self.seed, self.samples, least, label
        return Way(turn, margins, self._plan(turn), self._whole_plans[turn], *made).turned()


def _ones(bits: int) -> Iterator[int]:
    """The places of the bits that are set, first to last."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1
