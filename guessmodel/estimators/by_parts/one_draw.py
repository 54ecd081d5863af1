"""Moments of what is made of one draw alone, whatever is done with it: by quadrature over the draw,
or a sum over its values where these are isolated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Final, NamedTuple

import numpy as np

from guessmodel.estimators.closed import Closed
from guessmodel.estimators.lattices import atoms_of
from guessmodel.graph.along_dims import Accumulate, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Apply, Filtered, FloatArray, Pointwise
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Constant, Quantile, Variate
from guessmodel.graph.random_sum import RandomSum
from guessmodel.graph.traversal import depth_first
from guessmodel.numerics.central_moments import CentralMoments
from guessmodel.numerics.score_quadrature import moments_over_scores

__all__ = ["moments_of_one"]

_UNKNOWN: Final = (Apply, Filtered, RandomSum)  # operations that are not looked into
_SELECTIONS: Final = (Take, Stack, Shift)
_FOLDS: Final = {
    "sum": np.add,
    "cumsum": np.add,
    "mean": np.add,
    "prod": np.multiply,
    "cumprod": np.multiply,
    "min": np.minimum,
    "max": np.maximum,
}
_MOST: Final = 512  # operations

Function = Callable[[FloatArray], FloatArray]


class _Step(NamedTuple):
    element: Element
    inputs: list[int]  # places of the steps before it


def moments_of_one(element: Element, order: int, then: Function) -> CentralMoments | None:
    """Those of `then` of a quantity at a coordinate that depends on one variate. None where that
    cannot be told, or where they do not exist."""
    order_of = list(depth_first([element], lambda each: list(_operands(each))))
    if len(order_of) > _MOST or any(isinstance(e.node.operation, _UNKNOWN) for e in order_of):
        return None
    places = {each: place for place, each in enumerate(order_of)}
    steps = [_Step(each, [places[e] for e in _operands(each)]) for each in order_of]
    draws = [each for each in order_of if isinstance(each.node.operation, Quantile)]
    if not all(_is_free(each) for each in draws):
        return None
    families = {each.node.operation.family for each in draws}  # type: ignore[union-attr]
    if not any(family.discrete for family in families):

        def f(low: FloatArray, high: FloatArray) -> FloatArray:
            lower = low <= 0.5

            def drawn(family: Family, parameters: Sequence[FloatArray]) -> FloatArray:
                out = np.empty(low.size)
                out[lower] = family.ppf(low[lower], *parameters)
                out[~lower] = family.isf(high[~lower], *parameters)
                return out

            return then(_evaluated(steps, low.size, drawn))

        return moments_over_scores(f, order)
    if len(draws) > 1:
        return None
    (draw,) = draws
    operation = draw.node.operation
    assert isinstance(operation, Quantile)
    _, *parameters = operands_of(draw)
    if not all(isinstance(each.node.operation, Constant) for each in parameters):
        return None
    atoms = atoms_of(Closed(operation.family, tuple(map(_number, parameters))))
    if atoms is None:
        return None
    values, shares = atoms
    with np.errstate(all="ignore"):
        found = then(_evaluated(steps, values.size, lambda family, parameters: values))
    if not np.isfinite(found).all():
        return None
    shares = shares / shares.sum()
    mean = float(found @ shares)
    moments = [float((found - mean) ** k @ shares) for k in range(2, order + 1)]
    return CentralMoments.of(mean, moments)


def _operands(element: Element) -> Sequence[Element]:
    """All but the variate."""
    return [each for each in operands_of(element) if not isinstance(each.node.operation, Variate)]


def _is_free(draw: Element) -> bool:
    """Whether it is made of its own variate, and of no other that it is correlated with."""
    return isinstance(draw.node.operands[0].operation, Variate)


def _number(element: Element) -> float:
    operation = element.node.operation
    assert isinstance(operation, Constant)
    return float(operation.value[element.position])


@np.errstate(all="ignore")
def _evaluated(
    steps: Sequence[_Step], size: int, drawn: Callable[[Family, Sequence[FloatArray]], FloatArray]
) -> FloatArray:
    """The last of the steps, at each value of the draw."""
    known: list[FloatArray] = []
    for element, inputs in steps:
        operation, position = element.node.operation, element.position
        arrays = [known[place] for place in inputs]
        if isinstance(operation, Constant):
            made = np.asarray(operation.value[position])
        elif isinstance(operation, Quantile):
            if any(array.ndim for array in arrays):
                return np.full(size, np.nan)  # a draw whose parameters are its own function
            made = drawn(operation.family, arrays)
        elif isinstance(operation, _SELECTIONS):
            made = arrays[0] if arrays else np.asarray(operation.fill)  # type: ignore[union-attr]
        elif isinstance(operation, Reduce | Accumulate):
            made = reduce(_FOLDS[operation.kind], arrays)
            made = made / len(arrays) if operation.kind == "mean" else made
        elif isinstance(operation, Pointwise):
            made = np.empty(np.broadcast_shapes(*(array.shape for array in arrays)))
            operation.evaluate(arrays, (), made)
        else:
            return np.full(size, np.nan)
        known.append(made)
    return np.broadcast_to(known[-1], size)
