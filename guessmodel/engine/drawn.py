"""How draws come from random numbers: straight from a stratum table, by a transform of a base
variate, by a quantile function, or from a normal score that is correlated with others."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.errors import ModelError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dims
from guessmodel.graph.family import Family, Frozen, Transformed
from guessmodel.graph.naming import coordinate_keys
from guessmodel.graph.quantity import Quantile, Quantity, Variate
from guessmodel.graph.scores import WeightedScores
from guessmodel.graph.variates import NORMAL, UNIFORM, QuantileFunction
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Stream

__all__ = [
    "Carried",
    "Variates",
    "carried",
    "check_rank",
    "drawn",
    "is_alone",
    "parameter_table",
    "scored",
    "step_operands",
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
class Carried:
    """How a correlated draw comes from its normal score (the first operand) and its parameters:
    by what is computed from a base variate, or by the quantile functions (one for all coordinates,
    or one for each) at parameters that are constant, or (none) that vary."""

    family: Family
    sources: tuple[QuantileFunction, ...]
    applicable: tuple[int, ...] | None  # coordinates that have a quantile function
    watched: bool

    @property
    def name(self) -> str:
        return "draw"


def is_alone(node: Quantity) -> bool:
    """Whether a correlated number is a variate as it is: that of the first of correlated draws."""
    return (
        isinstance(node.operation, WeightedScores)
        and len(node.operands) == 2
        and isinstance(node.operands[0].operation, Variate)
    )


def step_operands(node: Quantity) -> tuple[Quantity, ...]:
    """The operands that are steps: of a draw its parameters, and what it is computed from where
    that is made of several variates."""
    if isinstance(node.operation, Quantile):
        number = node.operands[0]
        if isinstance(number.operation, Variate) or is_alone(number):
            return node.parameters
    return node.operands


def scored(node: Quantity, key: str, streams: list[Stream]) -> Variates:
    """A variate as a standard normal number."""
    assert isinstance(node.operation, Variate)
    kind = None if node.operation.kind is NORMAL else node.operation.kind
    names = coordinate_keys(key, node.dims)
    streams.append(Stream(names, bool(node.dims), (NORMAL,), key, kind))
    return Variates(len(streams) - 1, None, node.dims, None, False)


def carried(node: Quantity, constants: Mapping[int, FloatArray], inputs: Sequence[int]) -> Carried:
    """How a correlated draw is made of its score; ModelError for constant parameters that the
    family does not take."""
    draw = node.operation
    assert isinstance(draw, Quantile)
    family = draw.family
    values = _constant_parameters(node, family, constants, inputs)
    if family.base is not None or values is None:
        return Carried(family, (), None, watched=family.base is None)
    operands = [operand.dims for operand in node.parameters]
    table = parameter_table(values, operands, node.dims)
    return Carried(family, *_quantile_functions(node, family, table))


def drawn(
    node: Quantity,
    variate: Quantity,
    key: str,
    constants: Mapping[int, FloatArray],
    inputs: Sequence[int],
    streams: list[Stream],
) -> Variates:
    """How a draw is made of the variate that it owns, for which a stream is added; ModelError for
    constant parameters that the family does not take."""
    draw = node.operation
    assert isinstance(draw, Quantile)
    dims = variate.dims
    family = draw.family
    values = _constant_parameters(node, family, constants, inputs)
    table: list[tuple[float, ...]] = []
    if values is not None and dims == node.dims:
        table = parameter_table(values, [operand.dims for operand in node.parameters], dims)
    sources: tuple[QuantileFunction, ...] = (UNIFORM,)
    rows: tuple[int, ...] | None = None
    through: Family | None = family
    watched = family.base is None
    jumps: tuple[tuple[float, ...], ...] = ()
    if family.base is not None:
        alike = len(table) > 1 and len(set(table)) == 1 and _tame(family, table[0])
        sources = (Transformed(family, table[0]) if alike else family.base,)
        through = None if alike else family
        if family.discrete:
            jumps = _jumps(family, node, constants, inputs, dims)
    elif table:
        sources, rows, watched = _quantile_functions(node, family, table)
        through = None
    names = coordinate_keys(key, dims)
    if rows is not None:
        names = tuple(names[i] for i in rows)
    assert isinstance(variate.operation, Variate)
    kind = None if variate.operation.kind == family.kind else variate.operation.kind
    streams.append(Stream(names, bool(dims), sources, key, kind, jumps))
    return Variates(len(streams) - 1, through, dims, rows, watched)


def _constant_parameters(
    node: Quantity, family: Family, constants: Mapping[int, FloatArray], inputs: Sequence[int]
) -> list[FloatArray] | None:
    """The parameters of a draw, if all of them are constant; ModelError where the family does not
    take them."""
    if not all(i in constants for i in inputs):
        return None
    values = [constants[i][..., 0] for i in inputs]
    # Numbers that were written in the call itself have been checked there.
    if any(operand.location is not node.location for operand in node.parameters):
        _check_parameters(node, family, values)
    return values


def _quantile_functions(
    node: Quantity, family: Family, table: list[tuple[float, ...]]
) -> tuple[tuple[QuantileFunction, ...], tuple[int, ...] | None, bool]:
    """The quantile functions at constant parameters, one for all coordinates or one for each; the
    coordinates that have one, None for all; and whether draws may be infinite.

    Parameters
    ----------
    table : the parameters at each coordinate
    """
    rows: tuple[int, ...] | None = None
    if node.axes.mask is not None:
        rows = tuple(np.flatnonzero(node.axes.mask.ravel()).tolist())
        table = [table[i] for i in rows]
    distinct = {parameters: Frozen(family, parameters) for parameters in table}
    listed = tuple(distinct[parameters] for parameters in table)
    watched = not all(_tame(family, parameters) for parameters in distinct)
    return listed[:1] if len(distinct) == 1 else listed, rows, watched


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


def check_rank(node: Quantity, rank: FloatArray) -> None:
    """A rank correlation that may have been replaced."""
    beyond = np.ravel(rank)[~(np.abs(np.ravel(rank)) <= 1.0)]
    if beyond.size:
        raise ModelError(
            f"a rank correlation is {beyond[0]:g}; write a number from -1 to 1", node.location
        )


def _tame(family: Family, parameters: tuple[float, ...]) -> bool:
    """Whether no draw is ever infinite, so that nothing is to be said of draws that are."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a library's family, which is not as good so far out
        return family.is_finite_at(_RARE, *parameters)


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
