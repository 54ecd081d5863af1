"""The plan: the graph compiled once to a list of array steps over blocks of draws.

A plan holds no quantities, so it can be pickled and run elsewhere. Steps come depth first, and
their buffers are assigned here by liveness, so that a run allocates once per thread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, final

import numpy as np

from guessmodel.engine.drawn import (
    Carried,
    Variates,
    carried,
    check_rank,
    drawn,
    is_alone,
    scored,
    step_operands,
)
from guessmodel.errors import Location
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Stack, Take
from guessmodel.graph.elementwise import Apply, Convert, Elementwise
from guessmodel.graph.operation import LabelledAxes, Operation, Pointwise
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.scores import ScoreCorrelation, Scores
from guessmodel.graph.traversal import depth_first
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.sampling import Design, design
from guessmodel.sampling.design import Stream

__all__ = ["Plan", "Step", "aligned", "compile_plan"]

_NOTHING: Final[Mapping[str, Quantity]] = MappingProxyType({})
_MANY: Final = 1 << 8  # steps


@final
@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One array operation: operands and result are slots; `buffer` is -1 for kept results."""

    action: Operation | Variates | Carried
    inputs: tuple[int, ...]
    axes: tuple[LabelledAxes, ...]
    result: LabelledAxes
    output: int
    buffer: int
    label: str
    location: Location


@final
@dataclass(frozen=True, eq=False)
class Plan:
    """Steps, constants and streams; slots are positions in the list of live arrays."""

    steps: tuple[Step, ...]
    constants: Mapping[int, FloatArray]
    streams: tuple[Stream, ...]
    outputs: Mapping[str, int]
    axes: Mapping[str, LabelledAxes]
    buffers: tuple[tuple[int, ...], ...]  # shape (labelled axes only) of each work buffer
    slots: int
    universe: frozenset[str] = frozenset()  # names among which components of nets are assigned
    given: Mapping[str, int] = field(default_factory=dict)  # slots that are filled from outside

    def points(self, method: str, n: int, seed: int) -> Design:
        """The points of a run of n draws."""
        return design(method, n, seed, self.streams, universe=self.universe)

    @property
    def is_large(self) -> bool:
        """Whether it has so many steps that the time of small runs counts, too."""
        return len(self.steps) > _MANY

    # A search runs one plan for few draws a hundred times: what it asks of all steps is kept.

    @cached_property
    def width(self) -> int:
        """Numbers per draw that are alive at once, kept results aside."""
        return sum(map(math.prod, self.buffers))

    @cached_property
    def computed(self) -> int:
        """Numbers per draw that are computed."""
        return sum(dimensions.size(step.result.dims) for step in self.steps)

    @cached_property
    def kept(self) -> int:
        """Numbers per draw that the outputs have."""
        return sum(dimensions.size(axes.dims) for axes in self.axes.values())

    def upstream(self, slot: int) -> list[int]:
        """Positions of the steps that the value in `slot` depends on, first to last."""
        wanted, found = {slot}, []
        for position in range(len(self.steps) - 1, -1, -1):
            step = self.steps[position]
            if step.output in wanted:
                found.append(position)
                wanted.update(step.inputs)
        return found[::-1]


def compile_plan(
    outputs: Mapping[str, Quantity],
    keys: Mapping[Quantity, str],
    universe: frozenset[str] = frozenset(),
    given: Mapping[str, Quantity] = _NOTHING,
) -> Plan:
    """Compile what the outputs need, and nothing else. Linear in the size of the graph.

    `keys` owns the variates; `universe` are names that take part where components of nets are
    assigned; the draws of quantities that are `given` come from elsewhere.
    """
    return _Compilation(outputs, keys, given).plan(universe)


@final
class _Compilation:
    """A graph on its way to steps: which nodes are steps, their slots, and which arrays are alive.

    Variates are no steps of their own: each draw has a stream, which is under the variate's key.
    Only those that correlated draws are made of are, as normal scores, and outputs.
    """

    def __init__(
        self,
        outputs: Mapping[str, Quantity],
        keys: Mapping[Quantity, str],
        given: Mapping[str, Quantity],
    ) -> None:
        self.outputs, self.keys, self.given = outputs, keys, given
        self.known = frozenset(given.values())
        order = self._ordered()
        self.slots = {node: slot for slot, node in enumerate(order)}
        self.kept = {self.slots[self._made_as(node)] for node in outputs.values()}
        read = {
            node: [*map(self._made_as, step_operands(node))]
            for node in order
            if node not in self.known
        }
        slots = self.slots
        self.last_use = {slots[each]: slots[node] for node, own in read.items() for each in own}
        self.constants: dict[int, FloatArray] = {}
        self.streams: list[Stream] = []
        self.steps: list[Step] = []
        self.pool = _Buffers()
        for node, operands in read.items():
            self._add(node, operands)

    def plan(self, universe: frozenset[str]) -> Plan:
        outputs = {name: self.slots[self._made_as(node)] for name, node in self.outputs.items()}
        return Plan(
            tuple(self.steps),
            self.constants,
            tuple(self.streams),
            outputs,
            {name: node.axes for name, node in self.outputs.items()},
            tuple(self.pool.shapes),
            len(self.slots),
            universe.union(stream.keys[0] for stream in self.streams if not stream.labelled),
            {name: self.slots[node] for name, node in self.given.items() if node in self.slots},
        )

    def _made_as(self, node: Quantity) -> Quantity:
        return _picked(node, self.known)

    def _ordered(self) -> list[Quantity]:
        """The nodes that have arrays, operands first."""

        def operands_of(node: Quantity) -> Sequence[Quantity]:
            return () if node in self.known else [*map(self._made_as, node.operands)]

        outputs = dict.fromkeys(map(self._made_as, self.outputs.values()))
        reached = list(depth_first(outputs, operands_of))
        scores = {
            child
            for node in reached
            if isinstance(node.operation, Scores) and node not in self.known
            if node in outputs or not is_alone(node)
            for child in node.operands
        }
        scores.update(outputs)
        return [
            node
            for node in reached
            if node in scores or not (isinstance(node.operation, Variate) or is_alone(node))
        ]

    def _add(self, node: Quantity, operands: Sequence[Quantity]) -> None:
        """A step, or a constant."""
        slot = self.slots[node]
        inputs = tuple(self.slots[child] for child in operands)
        constant = self._constant(node, inputs)
        if constant is not None:
            self.constants[slot] = constant
            return
        action, inputs = self._action(node, inputs)
        axes = tuple(operand.axes for operand in operands[: len(inputs)])
        buffer = self._buffer(slot, dimensions.shape(node.dims), action, inputs)
        self.steps.append(
            Step(action, inputs, axes, node.axes, slot, buffer, node.label, node.location)
        )
        if slot not in self.kept and slot not in self.last_use:
            self.pool.release([slot])

    def _constant(self, node: Quantity, inputs: Sequence[int]) -> FloatArray | None:
        """The array of what no draw reaches, which is worked out here once."""
        operation = node.operation
        if isinstance(operation, Constant):
            return operation.value[..., np.newaxis]
        if not isinstance(operation, Operation) or isinstance(operation, Apply):
            return None
        if not all(i in self.constants for i in inputs):
            return None
        return _folded(node, [self.constants[i] for i in inputs])

    def _action(
        self, node: Quantity, inputs: tuple[int, ...]
    ) -> tuple[Operation | Variates | Carried, tuple[int, ...]]:
        """What a step does, and the slots that it reads: constants are part of what draws do."""
        operation = node.operation
        if isinstance(operation, Variate):
            return scored(node, self.keys[node], self.streams), inputs
        if not isinstance(operation, Quantile):
            assert isinstance(operation, Operation)
            return operation, inputs
        if len(inputs) > len(node.parameters):  # from a number that is made of several variates
            by = carried(node, self.constants, inputs[1:])
            return by, inputs[:1] if by.sources else inputs
        variate = node.variate
        assert variate is not None
        made = drawn(node, variate, self.keys[variate], self.constants, inputs, self.streams)
        return made, () if made.family is None else inputs

    def _buffer(
        self,
        slot: int,
        shape: tuple[int, ...],
        action: Operation | Variates | Carried,
        inputs: Sequence[int],
    ) -> int:
        """The buffer of a result; those of operands that are not read again are free for others."""
        free = [i for i in inputs if i not in self.constants and i not in self.kept]
        dying = [i for i in dict.fromkeys(free) if self.last_use[i] == slot]
        overwritten = _may_overwrite(action)
        if overwritten:
            self.pool.release(dying)
        buffer = -1 if slot in self.kept else self.pool.take(slot, shape)
        if not overwritten:
            self.pool.release(dying)
        return buffer


def _picked(node: Quantity, known: Set[Quantity]) -> Quantity:
    """The quantity whose array a selection is: of the last state of a recurrence, joined along its
    labels with those before, that state itself. So the others need not be kept for it."""
    while isinstance(node.operation, Take) and node not in known:
        (joined,) = node.operands
        stack, position = joined.operation, node.operation.positions
        if not isinstance(stack, Stack) or joined in known or not isinstance(position, int):
            break
        if stack.dim.name != node.operation.dim:
            break
        row = joined.operands[position]
        if row.dims != node.dims or not _same_mask(row.axes.mask, node.axes.mask):
            break
        node = row
    return node


def _same_mask(one: BoolArray | None, other: BoolArray | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other))


@final
class _Buffers:
    """Work buffers by shape; released ones are used again."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []
        self._free: dict[tuple[int, ...], list[int]] = {}
        self._held: dict[int, int] = {}

    def take(self, slot: int, shape: tuple[int, ...]) -> int:
        free = self._free.setdefault(shape, [])
        if free:
            number = free.pop()
        else:
            number = len(self.shapes)
            self.shapes.append(shape)
        self._held[slot] = number
        return number

    def release(self, slots: Sequence[int]) -> None:
        for slot in slots:
            number = self._held.pop(slot, None)
            if number is not None:
                self._free[self.shapes[number]].append(number)


def _may_overwrite(action: Operation | Variates | Carried) -> bool:
    # A ufunc reads each number before it writes it, so it may write over an operand that dies;
    # comparisons look at their operands again afterwards. Buffers of one shape only are reused,
    # and operands of other shapes are broadcast from buffers of their own.
    if isinstance(action, Convert):
        return True
    return isinstance(action, Elementwise) and not action.compares


def _folded(node: Quantity, arrays: Sequence[FloatArray]) -> FloatArray:
    out = np.empty((*dimensions.shape(node.dims), 1))
    assert isinstance(node.operation, Operation)
    if isinstance(node.operation, ScoreCorrelation):
        check_rank(node, arrays[0])
    axes = [operand.axes for operand in node.operands]
    with np.errstate(all="ignore"):
        node.operation.evaluate(aligned(node.operation, arrays, axes, node.axes), axes, out)
    return out


def aligned(
    operation: Operation,
    arrays: Sequence[FloatArray],
    axes: Sequence[LabelledAxes],
    result: LabelledAxes,
) -> Sequence[FloatArray]:
    """Operands of a pointwise operation as views that broadcast by name; others as they are."""
    if not result.dims or not isinstance(operation, Pointwise):
        return arrays
    return [
        array if each.dims == result.dims else dimensions.broadcast(array, each.dims, result.dims)
        for array, each in zip(arrays, axes, strict=True)
    ]
