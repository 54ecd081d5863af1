"""What holds or does not: comparisons, draws of yes or no, and what combines them.

All that combines conditions counts how many of them hold: `&` and a product ask for all, `|` and a
maximum for one, `count >= 4` for four. How far a combination is from holding is how far that one
of its parts is which decides, when all are sorted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Reduce, Stack, Take
from guessmodel.graph.elementwise import Elementwise
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.operation import Operation
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.traversal import ancestors, depth_first
from guessmodel.numerics.arrays import FloatArray

__all__ = [
    "Count",
    "decides",
    "holding",
    "is_combined",
    "is_condition",
    "is_drawn",
    "is_known_draw",
    "leaves",
]

_RELATIONS: Final = (
    *(np.greater, np.greater_equal, np.less, np.less_equal),
    *(np.equal, np.not_equal),
)
_ALL: Final = (np.logical_and, np.multiply, np.minimum, np.fmin)
_ANY: Final = (np.logical_or, np.maximum, np.fmax)
_ONE: Final = (np.logical_xor, np.not_equal)
_COMBINING: Final = frozenset([*_ALL, *_ANY, *_ONE])
_CHAINED: Final = _COMBINING - {np.logical_and, np.logical_or, *_ONE}
_CHOOSING: Final = (Take, Stack)
_MOST: Final = 1 << 6  # summands of a count


@final
@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """What holds if at least `least` of its parts do, and at most `most`.

    Attributes
    ----------
    parts : what is counted, and along which dimensions it counts at each label
    """

    parts: Sequence[tuple[Quantity, tuple[str, ...]]]
    least: int
    most: int

    @property
    def folds(self) -> bool:
        """Whether several must be as they hardly ever are together."""
        total = sum(_labels(*part) for part in self.parts)
        any_of_them, none_of_them = self.least == 1 and self.most >= total, self.most == 0
        return total > 1 and not (any_of_them or none_of_them)

    @staticmethod
    def of(node: Quantity) -> Count | None:
        """What a quantity counts, which is 1 if that many hold, else 0; None of any other."""
        operation = node.operation
        if isinstance(operation, Reduce):
            return _along(node, operation)
        if not isinstance(operation, Elementwise):
            return None
        ufunc, operands = operation.ufunc, node.operands
        if ufunc is np.logical_not or _is_complement(node):
            return Count([(operands[-1], ())], 0, 0)
        if ufunc in _RELATIONS and not (ufunc in _ONE and all(map(is_indicator, operands))):
            return _compared(node, ufunc)
        parts = [(part, ()) for part in _chained(node, ufunc)] if ufunc in _COMBINING else []
        if not parts or not all(_is_yes_or_no(part) for part, _ in parts):
            return None
        total = len(parts)
        return Count(parts, total if ufunc in _ALL else 1, 1 if ufunc in _ONE else total)


def _chained(node: Quantity, ufunc: np.ufunc) -> list[Quantity]:
    """What products and extremes of the same kind are made of; of others the operands."""
    if ufunc not in _CHAINED:
        return list(node.operands)
    found: list[Quantity] = []
    left = [*node.operands[::-1]]
    while left and len(found) + len(left) <= _MOST:
        part = left.pop()
        same = isinstance(part.operation, Elementwise) and part.operation.ufunc is ufunc
        if same:
            left += part.operands[::-1]
        else:
            found.append(part)
    return found + left[::-1]


def _is_complement(node: Quantity) -> bool:
    """Whether it is 1 less what holds or does not."""
    return (
        isinstance(node.operation, Elementwise)
        and node.operation.ufunc is np.subtract
        and _number(node.operands[0]) == 1.0
        and is_indicator(node.operands[1])
    )


def _is_yes_or_no(node: Quantity) -> bool:
    return is_indicator(node) or _is_complement(node)


def _along(node: Quantity, operation: Reduce) -> Count | None:
    (operand,) = node.operands
    if operation.kind not in ("prod", "min", "max") or operand.axes.mask is not None:
        return None
    if not _is_yes_or_no(operand):
        return None
    along = (operation.dim,)
    total = _labels(operand, along)
    return Count([(operand, along)], 1 if operation.kind == "max" else total, total)


def _compared(node: Quantity, ufunc: np.ufunc) -> Count | None:
    """What a comparison of a number of conditions counts, with a number that is known."""
    one, other = node.operands
    limit = _number(other)
    if limit is None:
        limit, one, ufunc = _number(one), other, _SWAPPED[ufunc]
    if limit is None or not math.isfinite(limit):
        return None
    labels = 1
    if isinstance(one.operation, Reduce) and one.operation.kind == "mean":
        labels = _labels(one.operands[0], (one.operation.dim,))
    summands = _summands(one)
    if summands is None or (len(summands) == 1 and _is_plain(*summands[0])):
        return None
    parts = [(part, along) for part, along in summands if _number(part) is None]
    known = sum(float(_number(part) or 0.0) * _labels(part, along) for part, along in summands)
    total = sum(_labels(*part) for part in parts)
    # Each number as a run has it: 7 of 100 are 0.07, and 0.07 * 100 is more than 7.
    (holds,) = np.nonzero(ufunc((np.arange(total + 1) + known) / labels, limit))
    in_range = 0 < holds.size <= total and holds[-1] - holds[0] == holds.size - 1
    return Count(parts, int(holds[0]), int(holds[-1])) if in_range and parts else None


def _is_plain(part: Quantity, along: Sequence[str]) -> bool:
    """Whether it is what decides, at each label by itself: how far that is tells the number."""
    return not along and Count.of(part) is None


_SWAPPED: Final[Mapping[np.ufunc, np.ufunc]] = {
    np.greater: np.less,
    np.greater_equal: np.less_equal,
    np.less: np.greater,
    np.less_equal: np.greater_equal,
    np.equal: np.equal,
    np.not_equal: np.not_equal,
}


def _summands(node: Quantity) -> list[tuple[Quantity, tuple[str, ...]]] | None:
    """What a sum adds up, with the dimensions along which; None if that are not conditions and
    known numbers alone."""
    found: list[tuple[Quantity, tuple[str, ...]]] = []
    left: list[tuple[Quantity, tuple[str, ...]]] = [(node, ())]
    while left:
        part, along = left.pop()
        operation = part.operation
        if isinstance(operation, Elementwise) and operation.ufunc is np.add:
            left += [(operand, along) for operand in part.operands]
        elif isinstance(operation, Reduce) and operation.kind in ("sum", "mean"):
            if (operation.kind == "mean" and part is not node) or part.operands[
                0
            ].axes.mask is not None:
                return None
            left.append((part.operands[0], (*along, operation.dim)))
        elif _number(part) is not None or _is_yes_or_no(part):
            found.append((part, along))
        else:
            return None
        if len(found) + len(left) > _MOST:
            return None
    # A summand without a dimension along which a sum goes counts there as often as it has labels.
    return (
        found if all(set(along) <= {d.name for d in part.dims} for part, along in found) else None
    )


def _number(node: Quantity) -> float | None:
    """The number that a quantity is, the same at all labels."""
    operation = node.operation
    if not isinstance(operation, Constant) or operation.value.size != 1:
        return None
    return float(operation.value.item())


def _labels(node: Quantity, along: Sequence[str]) -> int:
    return math.prod(len(dim) for dim in node.dims if dim.name in along)


def decides(node: Quantity) -> bool:
    """Whether it is a comparison of numbers."""
    return isinstance(node.operation, Elementwise) and node.operation.ufunc in _RELATIONS


def is_drawn(node: Quantity) -> bool:
    """Whether it is a draw of yes or no."""
    return isinstance(node.operation, Quantile) and node.operation.family.name == "bernoulli"


def is_counted(node: Quantity) -> bool:
    """Whether it is a draw of whole numbers, or of yes or no."""
    operation = node.operation
    if not isinstance(operation, Quantile):
        return False
    return operation.family.discrete and operation.family.name != "mixture"


def is_known_draw(node: Quantity) -> bool:
    """Whether it is a draw of yes or no of a known probability."""
    if not is_drawn(node):
        return False
    return not any(isinstance(x.operation, Variate) for x in ancestors(node.parameters))


def is_combined(node: Quantity) -> bool:
    """Whether it combines others."""
    return Count.of(node) is not None


def is_condition(node: Quantity) -> bool:
    """Whether it is a comparison, a draw of yes or no, or what combines some or chooses among
    them."""
    known = is_indicator(node) or is_combined(node)
    return known and any(decides(leaf) or is_drawn(leaf) for leaf in leaves(node))


def _parts(node: Quantity) -> Sequence[Quantity]:
    count = Count.of(node)
    if count is not None:
        return [part for part, _ in count.parts]
    return node.operands if isinstance(node.operation, _CHOOSING) and is_indicator(node) else ()


def _combined(node: Quantity) -> Iterator[Quantity]:
    """Itself, and what is combined to it, each after its parts."""
    return depth_first([node], _parts)


def leaves(node: Quantity) -> list[Quantity]:
    """What decides: itself, or what it combines."""
    return [part for part in _combined(node) if not _parts(part)]


def holding(node: Quantity, distance: Callable[[Quantity], FloatArray]) -> FloatArray:
    """Above 0 where a condition holds, shape (*labels, draws), from such numbers of its leaves."""
    found: dict[Quantity, FloatArray] = {}
    for part in _combined(node):
        count = Count.of(part)
        if count is not None:
            found[part] = _counted(part, count, found.__getitem__)
        elif below := _parts(part):
            assert isinstance(part.operation, Operation)
            arrays = [found[x] for x in below]
            draws = np.broadcast_shapes(*(array.shape[-1:] for array in arrays))
            out = np.empty((*dimensions.shape(part.dims), *draws))
            part.operation.evaluate(arrays, [x.axes for x in below], out)
            found[part] = out
        else:
            found[part] = distance(part)
    return found[node]


def _counted(node: Quantity, count: Count, of: Callable[[Quantity], FloatArray]) -> FloatArray:
    """How far a number of conditions is from being in a range."""
    rows: list[FloatArray] = []
    for part, along in count.parts:
        array = of(part)
        lead = [dimensions.find(part.dims, name) for name in along]
        kept = tuple(dim for dim in part.dims if dim.name not in along)
        array = np.moveaxis(array, lead, range(len(lead)))
        array = array.reshape(-1, *array.shape[len(lead) :])
        rows += [dimensions.broadcast(row, kept, node.dims) for row in array]
    stacked = np.stack(np.broadcast_arrays(*rows))
    total, ends = len(stacked), list[FloatArray]()
    if count.least > 0:
        ends.append(_ordered(stacked, total - count.least))
    if count.most < total:
        ends.append(-_ordered(stacked, total - 1 - count.most))
    whole: FloatArray = ends[0] if len(ends) == 1 else np.minimum(*ends)
    return whole


def _ordered(stacked: FloatArray, place: int) -> FloatArray:
    """The number at a place, of all sorted from the smallest to the largest."""
    found: FloatArray
    if place == 0:
        found = stacked.min(axis=0)
    elif place == len(stacked) - 1:
        found = stacked.max(axis=0)
    else:
        found = np.partition(stacked, place, axis=0)[place]
    return found
