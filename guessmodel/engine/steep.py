"""What the formulas do not tell how it goes on where hardly any draw is: functions of one's own,
functions that are steep where the draws are, quotients whose denominator is a sum that comes near 0
farther out, choices among many labels.

All others are followed: sums, products and quotients go on as they are among the draws, and
comparisons, extremes of few and whole numbers tell themselves how near they are to a turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np

from guessmodel.engine.plan import aligned
from guessmodel.graph.along_dims import Extreme, Reduce
from guessmodel.graph.dims import find
from guessmodel.graph.elementwise import Apply, Elementwise
from guessmodel.graph.quantity import Quantity, Variate
from guessmodel.graph.statistics_along import StatisticAlong
from guessmodel.graph.traversal import ancestors
from guessmodel.numerics.arrays import FloatArray

__all__ = ["hangs_on_draws", "is_steep", "unknown_behind"]

_FEW: Final = 16  # labels, up to which the largest is the larger of one and another
_STEEP: Final = 8.0  # powers of e: a lognormal with sigma 1.4 has them within 256 draws
_GROWING: Final[Mapping[np.ufunc, float]] = {
    **dict.fromkeys((np.exp, np.expm1, np.tanh, np.arctan, np.sinh, np.cosh), 1.0),
    np.exp2: float(np.log(2.0)),
}
"""What changes as fast as exp does, or jumps there, by how much faster."""
_POWERS: Final = (np.power, np.float_power)
_QUOTIENTS: Final = (np.divide, np.reciprocal)  # of them the last operand is the denominator
_SUMS: Final = (np.add, np.subtract)
_PEAK: Final = 20.0  # times nearer to 0: a sum of two lognormal numbers with sigma 1 comes so near
_FOLLOWED: Final = frozenset(
    [
        *(np.add, np.subtract, np.multiply, np.divide, np.negative, np.positive, np.reciprocal),
        *(np.sqrt, np.cbrt, np.square, np.hypot, np.log, np.log2, np.log10, np.log1p),
        *(np.minimum, np.maximum, np.fmin, np.fmax, np.absolute, np.fabs, np.sign),
        *(np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.remainder, np.fmod),
        *(np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal),
        *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
        *(np.isfinite, np.isnan, np.isinf, np.sin, np.cos, np.arcsin, np.arccos),
    ]
)


def unknown_behind(roots: Iterable[Quantity]) -> list[Quantity]:
    """All of these upstream that draws are behind, steep or not."""
    random: set[Quantity] = set()
    sums: set[Quantity] = set()  # and what they are behind: near 0, perhaps, where no term is
    found = []
    for node in ancestors(roots):
        if isinstance(node.operation, Variate) or not random.isdisjoint(node.operands):
            random.add(node)
            if _is_unknown(node) or (_is_quotient(node) and node.operands[-1] in sums):
                found.append(node)
            if _is_sum(node) or not sums.isdisjoint(node.operands):
                sums.add(node)
    return found


def _is_unknown(node: Quantity) -> bool:
    operation = node.operation
    if isinstance(operation, Reduce) and operation.kind in ("max", "min"):
        (operand,) = node.operands
        labels = len(operand.dims[find(operand.dims, operation.dim)])
        return labels > _FEW or operand.axes.mask is not None
    if isinstance(operation, Elementwise):
        return operation.ufunc not in _FOLLOWED
    return isinstance(operation, Apply | Extreme | StatisticAlong)


def _is_quotient(node: Quantity) -> bool:
    return isinstance(node.operation, Elementwise) and node.operation.ufunc in _QUOTIENTS


def _is_sum(node: Quantity) -> bool:
    operation = node.operation
    if isinstance(operation, Reduce):
        return operation.kind in ("sum", "mean")
    return isinstance(operation, Elementwise) and operation.ufunc in _SUMS


def hangs_on_draws(node: Quantity) -> bool:
    """Whether draws of its operands tell whether it is steep: see `is_steep`."""
    operation = node.operation
    steep = isinstance(operation, Elementwise) and operation.ufunc in (*_GROWING, *_POWERS)
    return steep or _is_quotient(node)


def is_steep(
    node: Quantity,
    draws: Callable[[Quantity], FloatArray],
    farther: Callable[[Quantity], FloatArray],
) -> bool:
    """Whether such a function grows, at some label, by many powers of e among some draws; of a
    quotient, whether the denominator is far nearer to 0 in draws that are farther out."""
    assert isinstance(node.operation, Elementwise)
    if _is_quotient(node):
        near, nearer = (
            np.fmin.reduce(np.abs(x(node.operands[-1])), axis=-1) for x in (draws, farther)
        )
        return bool(np.any(near > _PEAK * nearer))
    with np.errstate(all="ignore"):
        if node.operation.ufunc in _GROWING:
            logs = draws(node.operands[0]) * _GROWING[node.operation.ufunc]
        else:
            axes = [operand.axes for operand in node.operands]
            arrays = [draws(operand) for operand in node.operands]
            base, exponent = aligned(node.operation, arrays, axes, node.axes)
            logs = exponent * np.log(np.abs(base))
    there = np.isfinite(logs)
    most, least = (
        np.max(logs, -1, where=there, initial=-np.inf),
        np.min(logs, -1, where=there, initial=np.inf),
    )
    return bool(np.any(most - least > _STEEP))
