"""How many labels an event is counted for alike.

Inputs of one distribution share their places within the strata of a net. Where a threshold cuts a
stratum, all labels of one distribution are then on the same side of it, in each replicate; and all
replicates may agree by chance. A sum over labels is off by as many draws as there are such labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from guessmodel.graph.along_dims import Reduce
from guessmodel.graph.dims import find
from guessmodel.graph.elementwise import Convert, Elementwise
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.quantity import Constant, Quantity, Variate
from guessmodel.graph.traversal import ancestors

__all__ = ["coincidences"]

_FOLLOWED = (Convert, Elementwise)
_MOST = 64  # operations that are followed from a quantity down to its counts


def coincidences(quantity: Quantity) -> float:
    """By how much a quantity may be off where each count over labels in it is off by one draw for
    all labels that are counted alike: of a sum over labels of an indicator the number of labels
    whose constants are the same, of a mean its share of all; and so through multiples, sums and
    units. 0 where no such count is told."""
    sizes: dict[Quantity, float] = {}
    stack = [(quantity, False)]
    while stack:
        node, ready = stack.pop()
        if node in sizes:
            continue
        if ready or not isinstance(node.operation, _FOLLOWED):
            sizes[node] = _size(node, sizes)
        elif len(sizes) + len(stack) > _MOST:
            return 0.0
        else:
            stack.append((node, True))
            stack.extend((child, False) for child in node.operands)
    return sizes[quantity]


def _size(node: Quantity, sizes: Mapping[Quantity, float]) -> float:
    operation = node.operation
    if isinstance(operation, Reduce):
        return _alike(node, operation)
    if isinstance(operation, Convert):
        return sizes[node.operands[0]] * float(operation.conversion.factor)
    if not isinstance(operation, Elementwise):
        return 0.0
    own = [sizes[child] for child in node.operands]
    if operation.ufunc in (np.add, np.subtract, np.negative, np.positive):
        return sum(own)
    if operation.ufunc in (np.multiply, np.divide) and any(own) and not all(own):
        other = node.operands[0 if own[0] == 0.0 else 1].operation
        if isinstance(other, Constant) and other.value.size == 1:
            scale = abs(float(other.value.item()))
            if operation.ufunc is np.multiply:
                return sum(own) * scale
            return own[0] / scale if scale else 0.0
    return 0.0


def _alike(quantity: Quantity, reduced: Reduce) -> float:
    if reduced.kind not in ("sum", "mean"):
        return 0.0
    (operand,) = quantity.operands
    if not is_indicator(operand):
        return 0.0
    behind = ancestors([operand])
    name = reduced.dim
    if not any(isinstance(node.operation, Variate) and _has(node, name) for node in behind):
        return 0.0
    labels = len(operand.dims[find(operand.dims, name)])
    columns = [
        np.moveaxis(node.operation.value, find(node.dims, name), 0).reshape(labels, -1)
        for node in behind
        if isinstance(node.operation, Constant) and _has(node, name)
    ]
    alike = labels
    if columns:
        rows = np.concatenate(columns, axis=1)
        alike = max(Counter(row.tobytes() for row in rows).values())
    return alike / labels if reduced.kind == "mean" else float(alike)


def _has(node: Quantity, name: str) -> bool:
    return any(dim.name == name for dim in node.dims)
