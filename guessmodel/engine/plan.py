"""The plan: the graph compiled once to a list of array steps over blocks of draws.

A plan holds no quantities, so it can be pickled and run elsewhere. Steps come depth first, and
their buffers are assigned here by liveness, so that a run allocates once per thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.errors import Location, ModelError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims
from guessmodel.graph.elementwise import (
    Apply,
    Convert,
    Elementwise,
    FloatArray,
    LabelledAxes,
    Operation,
    Pointwise,
)
from guessmodel.graph.family import Family, Frozen, Transformed
from guessmodel.graph.naming import coordinate_keys
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.traversal import ancestors
from guessmodel.graph.variates import UNIFORM, QuantileFunction
from guessmodel.sampling import Design, design
from guessmodel.sampling.design import Stream

__all__ = [
    "Plan",
    "Step",
    "Variates",
    "aligned",
    "compile_plan",
    "parameter_table",
]

_RARE = 1e-300  # a probability that no draw comes near


@final
@dataclass(frozen=True, slots=True, eq=False)
class Variates:
    """How a draw comes from its stream: by the base variate's transform, by the quantile function
    at parameters that vary, or (family None) straight from a stratum table of its own."""

    stream: int
    family: Family | None
    dims: Dims  # random dimensions: all but the shared ones
    applicable: tuple[int, ...] | None  # rows of the stream among the coordinates
    watched: bool  # quantiles, which may be infinite and raise no flag

    @property
    def name(self) -> str:
        return "draw"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One array operation: operands and result are slots; `buffer` is -1 for kept results."""

    action: Operation | Variates
    inputs: tuple[int, ...]
    axes: tuple[LabelledAxes, ...]
    result: LabelledAxes
    output: int
    buffer: int
    label: str
    location: Location


@final
@dataclass(frozen=True, slots=True, eq=False)
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

    def points(self, method: str, n: int, seed: int) -> Design:
        """The points of a run of n draws."""
        return design(method, n, seed, self.streams, universe=self.universe)

    @property
    def width(self) -> int:
        """Numbers per draw that are alive at once, kept results aside."""
        return sum(int(np.prod(shape, dtype=np.int64)) for shape in self.buffers)

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
) -> Plan:
    """Compile what the outputs need, and nothing else. Linear in the size of the graph.

    `keys` owns the variates; `universe` are names that take part where components of nets are
    assigned.
    """
    # Variates are no steps of their own: each draw has a stream, which is under the variate's key.
    order = [
        node for node in ancestors(outputs.values()) if not isinstance(node.operation, Variate)
    ]
    slots = {node: slot for slot, node in enumerate(order)}
    last_use = {slots[child]: slots[node] for node in order for child in node.parameters}
    kept = {slots[node] for node in outputs.values()}
    constants: dict[int, FloatArray] = {}
    streams: list[Stream] = []
    steps: list[Step] = []
    pool = _Buffers()
    for slot, node in enumerate(order):
        inputs = tuple(slots[child] for child in node.parameters)
        if isinstance(node.operation, Constant):
            constants[slot] = node.operation.value[..., np.newaxis]
            continue
        if isinstance(node.operation, Quantile):
            key = keys[node.operands[0]]
            draw = _variates(node, key, constants, inputs, streams)
            inputs = () if draw.family is None else inputs
            action: Operation | Variates = draw
        else:
            assert isinstance(node.operation, Operation)
            action = node.operation
            if all(i in constants for i in inputs) and not isinstance(action, Apply):
                constants[slot] = _folded(node, [constants[i] for i in inputs])
                continue
        live = [i for i in dict.fromkeys(inputs) if i not in constants and i not in kept]
        dying = [i for i in live if last_use[i] == slot]
        shape = dimensions.shape(node.dims)
        buffer = -1
        if _may_overwrite(action):
            pool.release(dying)
            buffer = -1 if slot in kept else pool.take(slot, shape)
        else:
            buffer = -1 if slot in kept else pool.take(slot, shape)
            pool.release(dying)
        axes = tuple(node.parameters[k].axes for k in range(len(inputs)))
        steps.append(Step(action, inputs, axes, node.axes, slot, buffer, node.label, node.location))
        if slot not in kept and slot not in last_use:
            pool.release([slot])
    return Plan(
        tuple(steps),
        constants,
        tuple(streams),
        {name: slots[node] for name, node in outputs.items()},
        {name: node.axes for name, node in outputs.items()},
        tuple(pool.shapes),
        len(order),
        universe.union(stream.keys[0] for stream in streams if not stream.labelled),
    )


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


def _may_overwrite(action: Operation | Variates) -> bool:
    # A ufunc reads each number before it writes it, so it may write over an operand that dies;
    # comparisons look at their operands again afterwards. Buffers of one shape only are reused,
    # and operands of other shapes are broadcast from buffers of their own.
    if isinstance(action, Convert):
        return True
    return isinstance(action, Elementwise) and not action.compares


def _folded(node: Quantity, arrays: Sequence[FloatArray]) -> FloatArray:
    out = np.empty((*dimensions.shape(node.dims), 1))
    assert isinstance(node.operation, Operation)
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


# --- draws --------------------------------------------------------------------------------------


def _variates(
    node: Quantity,
    key: str,
    constants: Mapping[int, FloatArray],
    inputs: Sequence[int],
    streams: list[Stream],
) -> Variates:
    draw = node.operation
    assert isinstance(draw, Quantile)
    dims = node.operands[0].dims
    family = draw.family
    known = all(i in constants for i in inputs)
    foreign = any(operand.location is not node.location for operand in node.parameters)
    if known and foreign:
        _check_parameters(node, family, [constants[i][..., 0] for i in inputs])
    rows: tuple[int, ...] | None = None
    sources: tuple[QuantileFunction, ...]
    through: Family | None
    watched = False
    table: list[tuple[float, ...]] = []
    if known and dims == node.dims:
        operands = [operand.dims for operand in node.parameters]
        table = parameter_table([constants[i][..., 0] for i in inputs], operands, dims)
    if family.base is not None:
        alike = len(table) > 1 and len(set(table)) == 1 and _tame(family, table[0])
        sources = (Transformed(family, table[0]) if alike else family.base,)
        through = None if alike else family
    elif table:
        if node.axes.mask is not None:
            rows = tuple(np.flatnonzero(node.axes.mask.ravel()).tolist())
            table = [table[i] for i in rows]
        distinct = {parameters: Frozen(family, parameters) for parameters in table}
        listed = [distinct[parameters] for parameters in table]
        sources, through = (tuple(listed) if len(distinct) > 1 else tuple(listed[:1])), None
        watched = not all(_tame(family, parameters) for parameters in distinct)
    else:
        sources, through, watched = (UNIFORM,), family, True
    jumps: tuple[tuple[float, ...], ...] = ()
    if family.base is not None and family.discrete:
        jumps = _jumps(family, node, constants, inputs, dims)
    names = coordinate_keys(key, dims)
    if rows is not None:
        names = tuple(names[i] for i in rows)
        jumps = tuple(jumps[i] for i in rows) if len(jumps) > 1 else jumps
    variate = node.operands[0].operation
    assert isinstance(variate, Variate)
    kind = None if variate.kind == family.kind else variate.kind
    streams.append(Stream(names, bool(dims), sources, key, kind, jumps))
    return Variates(len(streams) - 1, through, dims, rows, watched)


def _jumps(
    family: Family,
    node: Quantity,
    constants: Mapping[int, FloatArray],
    inputs: Sequence[int],
    dims: Dims,
) -> tuple[tuple[float, ...], ...]:
    """Where each coordinate of a draw jumps, as far as its parameters are constant."""
    own = {dim.name for dim in dims}
    known = [
        i in constants and all(dim.name in own for dim in operand.dims)
        for i, operand in zip(inputs, node.parameters, strict=False)
    ]
    if not any(known):
        return ()
    values = [
        constants[i][..., 0] if there else np.array(np.nan)
        for i, there in zip(inputs, known, strict=True)
    ]
    axes = [
        operand.dims if there else ()
        for operand, there in zip(node.parameters, known, strict=False)
    ]
    found = tuple(tuple(family.jumps(*row)) for row in parameter_table(values, axes, dims))
    return found[:1] if len(set(found)) == 1 else found


def parameter_table(
    values: Sequence[FloatArray], dims: Sequence[Dims], result: Dims
) -> list[tuple[float, ...]]:
    """The parameters of each coordinate."""
    spread = np.broadcast_arrays(
        np.empty(dimensions.shape(result)),
        *(
            dimensions.broadcast(value, own, result)
            for value, own in zip(values, dims, strict=True)
        ),
    )[1:]
    return list(zip(*(value.ravel().tolist() for value in spread), strict=True)) or [()]


def _tame(family: Family, parameters: tuple[float, ...]) -> bool:
    """No draw is ever infinite, so that nothing is to be said of draws that are."""
    with np.errstate(all="ignore"):
        ends = np.array([family.ppf(_RARE, *parameters), family.isf(_RARE, *parameters)])
    return bool(np.isfinite(ends).all())


def _check_parameters(node: Quantity, family: Family, values: Sequence[FloatArray]) -> None:
    """Parameters that hang on constants of the user's own, which may have been replaced."""
    found = [
        dimensions.broadcast(value, operand.dims, node.dims)
        for value, operand in zip(values, node.parameters, strict=False)
    ]
    missing = np.isnan(np.sum(np.broadcast_arrays(0.0, *found), axis=0))
    if not np.all(family.valid(*found) | missing):
        shown = ", ".join(f"{np.ravel(value)[0]:g}" for value in found)
        raise ModelError(f"{family.name} has no distribution for parameters {shown}", node.location)
