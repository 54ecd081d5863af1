"""What a quantity is the sum of, for those who take its exponential."""

from __future__ import annotations

from typing import Final

import numpy as np

from guessmodel.graph.along_dims import Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise
from guessmodel.graph.quantity import Constant

__all__ = ["summands"]

_SIGNS: Final[dict[np.ufunc, tuple[float, ...]]] = {
    np.add: (1.0, 1.0),
    np.subtract: (1.0, -1.0),
    np.negative: (-1.0,),
}


def summands(element: Element) -> list[tuple[Element, float]] | None:
    """The terms, each with the number that it is multiplied by; None where it is no sum."""
    operation, operands = element.node.operation, list(operands_of(element))
    if isinstance(operation, Elementwise):
        if operation.ufunc in _SIGNS:
            return list(zip(operands, _SIGNS[operation.ufunc], strict=True))
        if operation.ufunc is np.multiply:
            for number, other in (operands, operands[::-1]):
                if isinstance(number.node.operation, Constant):
                    return [(other, float(number.node.operation.value[number.position]))]
        return None
    if isinstance(operation, Convert) and not operation.conversion.offset:
        return [(operands[0], operation.conversion.factor)]
    added = isinstance(operation, Reduce) and operation.kind == "sum"
    if added or isinstance(operation, Take | Stack | Shift):
        return [(operand, 1.0) for operand in operands] or None
    return None
