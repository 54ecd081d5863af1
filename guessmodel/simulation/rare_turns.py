"""Turns that hardly any draw of a run takes, or none: `maximum(a + b - far, 0)`.

Of a condition or an extreme of several uncertain quantities nobody knows the probability, nor how
to draw as if it had happened. A tail that is fitted to how near the draws come tells how likely it
may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Final, final

import numpy as np

from guessmodel.distributions.uniform import uniform
from guessmodel.engine.conditions import is_combined, is_known_draw, leaves
from guessmodel.engine.joined import joined
from guessmodel.engine.jumps import events
from guessmodel.engine.margins import Margin
from guessmodel.engine.plan import Plan
from guessmodel.engine.rare import seldom
from guessmodel.engine.run import run_plan
from guessmodel.engine.scored import Scored, coordinates
from guessmodel.engine.taken import draws_of
from guessmodel.engine.turns import Turn, turns_of, two_sided
from guessmodel.errors import GuessmodelError
from guessmodel.estimators.program import Program
from guessmodel.graph.elementwise import Where, elementwise
from guessmodel.graph.operation import Operation, Pointwise
from guessmodel.graph.quantity import Quantity, wire
from guessmodel.graph.traversal import ancestors, rewired
from guessmodel.numerics.arrays import BoolArray, FloatArray, IndexArray
from guessmodel.simulation.model_run import ModelRun
from guessmodel.simulation.shares_of_turns import OUT_OF_REACH, STRETCHED, likely_share

__all__ = ["MOST_TURNS", "RareTurns"]

MOST_TURNS: Final = 16
"""That are looked at: the likeliest."""
_NO_KEYS: Final[Mapping[Quantity, str]] = {}
_WHICH: Final = "label of a turn"  # the key of a draw
_MOST_VARIATES: Final = 1 << 11  # beyond which nothing is looked for
_PILOT: Final = 1 << 12  # draws that tell which turns hardly any draw takes
_FEW: Final = 1 << 10  # the same in large models, and of a turn that is forced
_MANY: Final = 1 << 14  # the same of single labels,
_NUMBERS: Final = 1 << 22  # and times so many labels
_STEPS: Final = 1 << 11  # of all that turns are decided by
_WORK: Final = 1 << 15  # steps of plans in which they are forced
_LESS: Final = 1e-2  # times as likely: not much less


@final
@dataclass(frozen=True, eq=False)
class RareTurns:
    """The turns that a run of `samples` draws of a model hardly ever takes, or never; told by their
    numbers, the likeliest first."""

    run: ModelRun
    met: frozenset[Quantity] = frozenset()
    """What the run is known to meet often enough, as a condition that is given."""
    _plans: dict[int, Plan] = field(default_factory=dict)
    _forced: dict[tuple[int, bytes], Mapping[str, FloatArray] | None] = field(default_factory=dict)
    _by_label: dict[int, list[FloatArray]] = field(default_factory=dict)
    _behind: dict[str, tuple[int, ...]] = field(default_factory=dict)

    # --- which there are --------------------------------------------------------------------------

    @cached_property
    def quantities(self) -> Mapping[str, Quantity]:
        """The outputs by name; what is met together is one turn."""
        return joined({name: self.run.model.quantities[name] for name in self.run.names})

    @cached_property
    def nodes(self) -> Mapping[Quantity, Turn]:
        """All turns that the outputs depend on, be they met or not; but those that one draw of yes
        or no decides, or one comparison of a single draw, which have known probabilities. (Several
        may leave it a window, which has not.)"""
        roots = list(self.quantities.values())
        single = {event.node for event in events(roots) if not is_combined(event.node)}
        found: dict[Quantity, Turn] = {}
        for turn in turns_of(roots):
            first, *others = leaves(turn.node)
            alone = not others and first.dims == turn.node.dims
            known = alone and (first in single or is_known_draw(first))
            if not (known or turn.node in self.met):
                found[turn.node] = turn
        return found

    @cached_property
    def margins(self) -> Sequence[Margin]:
        """How far the draws are from each."""
        return [margin for margin, _, _ in self._likeliest]

    @cached_property
    def likely(self) -> Sequence[float]:
        """Upper limits of their probabilities, as draws tell them."""
        return [likely for _, likely, _ in self._likeliest]

    @cached_property
    def _likeliest(self) -> list[tuple[Margin, float, BoolArray]]:
        """With whether draws that are farther out reach them, shape (labels,)."""
        turns = list(self.nodes.values())
        if not turns:
            return []
        needed = dict.fromkeys(x for turn in turns for x in turn.needed)
        names = {node: f"{k}" for k, node in enumerate(needed)}
        plan = self.program.compiled({name: node for node, name in names.items()})
        few = _FEW if plan.is_large else min(_PILOT, self.run.samples)
        draws, _ = run_plan(plan, plan.points(self.run.method, few, self.run.seed))

        def usual(node: Quantity) -> FloatArray:
            return draws[names[node]]

        margins = [Margin.of(turn, usual, seldom(self.run.samples)) for turn in turns]
        known = [margin for margin in margins if margin is not None]
        if not known:
            return []
        random, chosen = np.random.default_rng(self.run.seed), coordinates(plan)
        scores = STRETCHED * random.standard_normal((len(chosen), 1, few))
        farther, _ = run_plan(plan, Scored(plan, chosen, scores))

        def far(node: Quantity) -> FloatArray:
            return farther[names[node]]

        # What is as far away in all draws hangs on none, or on an event that is known by itself.
        known = [
            margin.passed(far)
            for margin in known
            if np.ptp(margin.of_draws(usual)) > 0.0 or np.any(margin.of_draws(far) > 0.0)
        ]
        windows = two_sided(margin.turn for margin in known)
        found = []
        for margin in known:
            reached = np.any(margin.at_labels(far) > 0.0, axis=-1)
            reached |= margin.turn.node in windows
            likely = likely_share(margin.of_draws(usual), reached=bool(reached.any()))
            found.append((margin, likely, reached))
        return sorted(found, key=lambda pair: -pair[1])

    def likely_at(self, turn: int, labels: BoolArray) -> float:
        """An upper limit of the probability that a turn is taken at any of some labels."""
        whole = self.likely[turn]
        if np.array_equal(labels, self.margins[turn].labels):
            return whole
        return min(float(np.sum(self.likely_by_label(turn)[labels])), whole)

    def likely_by_label(self, turn: int, *, limit: bool = True) -> FloatArray:
        """The same of each label, or about what it is: shape (labels,)."""
        if turn not in self._by_label:
            plan, margin, reached = self.plan(turn), self.margins[turn], self._likeliest[turn][2]
            most = min(_NUMBERS // margin.labels.size, _MANY)
            few = _FEW if plan.is_large else max(_PILOT, most)
            near = margin.at_labels(
                draws_of(margin, plan, plan.points(self.run.method, few, self.run.seed))
            )
            shares = [
                (likely_share(own, far), likely_share(own, far, limit=False))
                for own, far in zip(near, reached.tolist(), strict=True)
            ]
            self._by_label[turn] = [*np.array(shares).T]
        return self._by_label[turn][0 if limit else 1]

    @cached_property
    def program(self) -> Program:
        """What is worked out once of the model."""
        return self.run.program

    # --- which an output depends on ---------------------------------------------------------------

    def behind(self, name: str) -> Sequence[int]:
        """Those that an output depends on, the likeliest first."""
        if name not in self._behind:
            self._behind[name] = tuple(_ones(self._reaching[0].get(name, 0)))
        return self._behind[name]

    def are_within_reach(self, name: str) -> bool:
        """Whether any are behind an output that are not out of reach."""
        return any(self.likely[k] > OUT_OF_REACH for k in self.behind(name)[:1])

    def too_many(self, name: str) -> int:
        """How many turns are behind an output that are not looked at, but not much less likely than
        the last of those that are."""
        more = [self.likely[k] for k in self.behind(name) if k >= MOST_TURNS]
        return sum(each > max(OUT_OF_REACH, _LESS * self.likely[MOST_TURNS - 1]) for each in more)

    def outputs(self, turn: int) -> list[str]:
        """The outputs that a turn is behind."""
        return [name for name, bits in self._reaching[0].items() if bits >> turn & 1]

    def labels(self, turn: int, name: str, position: tuple[int, ...]) -> BoolArray:
        """At which labels a turn that is hardly ever taken there is behind an output at a
        coordinate: shape (labels,)."""
        margin, label = self.margins[turn], self.label(turn, name, position)
        if not label:
            return margin.labels
        only = np.zeros(margin.side.shape, dtype=np.bool_)
        only[label] = True
        return margin.labels & only.reshape(-1)

    def label(self, turn: int, name: str, position: tuple[int, ...]) -> tuple[int, ...] | None:
        """At which label a turn is behind an output at a coordinate; None where that may be at
        several."""
        node, output = self.margins[turn].turn.node, self.quantities[name]
        at = dict(zip(output.dims, position, strict=True))
        if not all(dim in at for dim in node.dims) or self._reaching[1][name] >> turn & 1:
            return None
        return tuple(at[dim] for dim in node.dims)

    @cached_property
    def _reaching(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Which turns each output depends on, as bits of a whole number; and those that it may
        depend on at other labels than its own."""
        own = {margin.turn.node: 1 << k for k, margin in enumerate(self.margins)}
        behind: dict[Quantity, int] = {}
        mixed: dict[Quantity, int] = {}
        for node in ancestors(self.quantities.values()) if own else ():
            below = reduce(or_, (behind[operand] for operand in node.operands), 0)
            elsewhere = reduce(or_, (mixed[operand] for operand in node.operands), 0)
            operation = node.operation
            mixes = isinstance(operation, Operation) and not isinstance(operation, Pointwise)
            behind[node] = below | own.get(node, 0)
            mixed[node] = elsewhere | (below if mixes else 0)
        named = self.quantities if own else {}
        return (
            {name: behind[quantity] for name, quantity in named.items()},
            {name: mixed[quantity] for name, quantity in named.items()},
        )

    # --- plans ------------------------------------------------------------------------------------

    def affordable(self, turn: int) -> bool:
        """Whether to go there takes no longer than a run may: else nothing is known of it."""
        return turn < MOST_TURNS and self._affordable[turn]

    @cached_property
    def _affordable(self) -> list[bool]:
        likeliest = self.margins[:MOST_TURNS]
        steps = np.cumsum([len(ancestors(margin.turn.needed)) for margin in likeliest])
        return [
            bool(all_so_far <= _STEPS) and 0 < self.variates(turn) <= _MOST_VARIATES
            for turn, all_so_far in enumerate(steps)
        ]

    def variates(self, turn: int) -> int:
        """How many it is decided by."""
        return len(coordinates(self.plan(turn)))

    def plan(self, turn: int) -> Plan:
        """What a turn is decided by, in the order of `needed`."""
        if turn not in self._plans:
            needed = self.margins[turn].turn.needed
            self._plans[turn] = self.program.compiled({f"{k}": x for k, x in enumerate(needed)})
        return self._plans[turn]

    @cached_property
    def usual(self) -> Mapping[str, Quantity]:
        """The outputs, by name, if no turn were ever taken."""
        outputs = {name: self.quantities[name] for name in self.run.names if self.behind(name)}
        place = {node: k for k, node in enumerate(ancestors(outputs.values()))}
        margins = sorted(self.margins[:MOST_TURNS], key=lambda margin: place[margin.turn.node])
        nodes = [margin.turn.node for margin in margins]
        for k, margin in enumerate(margins):  # what is upstream first: it may be part of the others
            new = rewired([*outputs.values(), *nodes], {nodes[k]: margin.usual(nodes[k])})
            outputs = {name: new[quantity] for name, quantity in outputs.items()}
            nodes = [new[node] for node in nodes]
        return outputs

    def forced(self, turn: int, labels: BoolArray) -> Mapping[str, FloatArray] | None:
        """Some draws of the outputs if a turn were always taken at some labels; None where that is
        not known."""
        place = turn, labels.tobytes()
        if place not in self._forced:
            margin = self.margins[turn]
            with suppress(GuessmodelError):  # its unit may know no such number
                new = self._outputs_with(turn, margin.otherwise(labels))
                self._forced[place] = self._few_draws(new)
        return self._forced.setdefault(place, None)

    def forced_singly(self, turn: int, labels: BoolArray) -> ForcedSingly | None:
        """The same of a turn that is taken at one of some labels, another one in each draw."""
        margin, places = self.margins[turn], np.full(labels.shape, -1.0)
        places[labels] = np.arange(np.count_nonzero(labels))
        draw = uniform(0.0, float(np.count_nonzero(labels)))
        which = wire(elementwise(np.floor), draw)
        chosen = wire(elementwise(np.equal), which, margin.at_each_label(places))
        try:
            other = wire(Where(), chosen, margin.turn.otherwise(), margin.turn.node)
            new = self._outputs_with(turn, other)
        except GuessmodelError:
            return None
        own = {f"~ {name}": self.quantities[name] for name in new}
        own |= {f"= {name}": quantity for name, quantity in new.items()}
        assert draw.variate is not None
        found = self._few_draws({**own, "": which}, {draw.variate: _WHICH})
        if found is None:
            return None
        draws, usual = (
            {name[2:]: x for name, x in found.items() if name[:1] == sign} for sign in "=~"
        )
        return ForcedSingly(draws, usual, np.flatnonzero(labels)[found[""].astype(np.intp)])

    def _outputs_with(self, turn: int, other: Quantity) -> Mapping[str, Quantity]:
        """The outputs that a turn is behind if it were another quantity."""
        outputs = {name: self.quantities[name] for name in self.outputs(turn)}
        new = rewired(outputs.values(), {self.margins[turn].turn.node: other})
        return {name: new[quantity] for name, quantity in outputs.items()}

    def _few_draws(
        self, quantities: Mapping[str, Quantity], keys: Mapping[Quantity, str] = _NO_KEYS
    ) -> Mapping[str, FloatArray] | None:
        """Some draws, those of other variates under their keys; None where that takes too long."""
        plan = self.program.compiled(quantities, keys)
        if len(plan.steps) * MOST_TURNS > _WORK:
            return None
        return run_plan(plan, plan.points(self.run.method, _FEW, self.run.seed))[0]


@final
@dataclass(frozen=True, slots=True, eq=False)
class ForcedSingly:
    """Draws in each of which a turn is taken at one label.

    Attributes
    ----------
    draws, usual : of the outputs, and as they are without that
    label : the place of the label in each draw
    """

    draws: Mapping[str, FloatArray]
    usual: Mapping[str, FloatArray]
    label: IndexArray


def _ones(bits: int) -> Iterator[int]:
    """The places of the bits that are set, first to last."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1
