"""Where what is done with a draw jumps: comparisons, whole numbers, as functions of its variate.

`where(x > 9, a, b)` jumps at one probability of x, and `ceil(x)` at several. Where these are tells
which branches a run may never meet. No formula is inverted: the operations behind are evaluated at
chosen probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, final

import numpy as np

from guessmodel.engine.drawn import is_alone
from guessmodel.engine.plan import compile_plan
from guessmodel.engine.run import run_plan
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims
from guessmodel.graph.elementwise import Apply, Elementwise, Placed
from guessmodel.graph.operation import Pointwise
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.scores import Scores
from guessmodel.graph.traversal import ancestors, rewired
from guessmodel.graph.variates import QuantileFunction
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.sampling.design import Design, Replicate, Stream

__all__ = ["StepFunction", "by_row", "events", "profiles"]

_JUMPING: Final = frozenset(
    (np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.remainder, np.fmod, np.sign)
)


@final
@dataclass(frozen=True, slots=True, eq=False)
class StepFunction:
    """A quantity that jumps, and the one draw that it is a function of, label by label."""

    node: Quantity
    draw: Quantity

    @property
    def random(self) -> Dims:
        """The dimensions of the draw's variate."""
        return self.draw.operands[0].dims

    @property
    def own(self) -> bool:
        """Whether the draw is made of its own variate alone, and of no other that it is correlated
        with."""
        number = self.draw.operands[0]
        return isinstance(number.operation, Variate) or is_alone(number)

    def alone(self) -> Quantity:
        """What jumps, where a correlated draw is one of its own: the distribution is the same."""
        draw, variate = self.draw, self.draw.variate
        if draw.operands[0] is variate or variate is None:
            return self.node
        single = replace(draw, operands=(variate, *draw.parameters))
        return rewired([self.node], {draw: single})[self.node]


def events(roots: Iterable[Quantity]) -> list[StepFunction]:
    """The quantities upstream that jump, of those that are functions of one draw, correlated with
    others or not, with constant parameters; functions of the user's own are not looked into."""
    single: dict[Quantity, Quantity | None] = {}  # the draw; None for a constant
    found = []
    for node in ancestors(roots):
        operation = node.operation
        if isinstance(operation, Variate):
            continue
        if isinstance(operation, Constant):
            single[node] = None
            continue
        behind = {*node.parameters}
        if not behind <= single.keys():
            continue
        sources = {single[child] for child in behind} - {None}
        if isinstance(operation, Quantile):
            if not sources and isinstance(node.operands[0].operation, Variate | Scores):
                single[node] = node
            continue
        if len(sources) > 1 or isinstance(operation, Apply):
            continue
        if sources and not isinstance(operation, Pointwise):
            continue  # it mixes labels
        draw = next(iter(sources), None)
        single[node] = draw
        jumps = isinstance(operation, Placed) or (
            isinstance(operation, Elementwise)
            and (operation.compares or operation.ufunc in _JUMPING)
        )
        if draw is not None and jumps:
            found.append(StepFunction(node, draw))
    return found


def profiles(
    found: Sequence[StepFunction],
    keys: Mapping[Quantity, str],
    lower: FloatArray,
    upper: FloatArray,
) -> list[FloatArray]:
    """Each as a function of its variate, shape (*its labels, points): at
    probabilities `lower` (up to 1/2), then at the distances `upper` from 1."""
    outputs = {str(number): step.alone() for number, step in enumerate(found)}
    plan = compile_plan(outputs, keys)
    draws, _ = run_plan(plan, _At(plan.streams, lower, upper))
    return [draws[name] for name in outputs]


def by_row(step: StepFunction, changed: BoolArray) -> BoolArray:
    """What holds at the labels of a step function, for each coordinate of its variate.

    Parameters
    ----------
    changed : shape (*labels, points)

    Returns
    -------
    shape (coordinates of the variate, points): whether it holds at any label beside these
    """
    own = [dim.name for dim in step.random]
    names = [dim.name for dim in step.node.dims]
    beside = tuple(k for k, name in enumerate(names) if name not in own)
    held: BoolArray = np.logical_or.reduce(changed, axis=beside)
    left = [name for name in names if name in own]
    order = [left.index(name) for name in own]
    return held.transpose(*order, len(own)).reshape(dimensions.size(step.random), -1)


@final
class _At(Design):
    """One replicate in which every variate runs through the same probabilities."""

    method: ClassVar[str] = "given"
    seed = 0
    replicates = 1

    def __init__(self, streams: Sequence[Stream], lower: FloatArray, upper: FloatArray) -> None:
        self.streams, self.lower, self.upper = streams, lower, upper
        self.size = lower.size + upper.size

    def replicate(self, r: int, spare: Replicate | None = None) -> Replicate:
        return _AtProbabilities(self)


@final
class _AtProbabilities(Replicate):
    def __init__(self, design: _At) -> None:
        self.design = design

    def fill(self, stream: int, start: int, stop: int, out: FloatArray) -> None:
        own, design = self.design.streams[stream], self.design
        values: dict[QuantileFunction, FloatArray] = {}
        for row, line in enumerate(out.reshape(-1, stop - start)):
            source = own.source(row)
            if source not in values:
                ends = source.ppf(design.lower), source.isf(design.upper)
                values[source] = np.concatenate(ends)[start:stop]
            line[...] = values[source]
