"""What a number is made of by arithmetic, and which parts of it share no draw with the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_

import numpy as np

from guessmodel.estimators.tails.algebra import Tails
from guessmodel.estimators.tails.limits import LIMITED, name_of
from guessmodel.graph.along_dims import Accumulate, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import Convert, Elementwise, Where
from guessmodel.graph.quantity import Constant

__all__ = ["apart", "looked_through", "near"]

_NEAR = 60  # numbers looked through
_ARITHMETIC = frozenset(
    {
        np.add, np.subtract, np.multiply, np.divide, np.negative, np.positive, np.reciprocal,
        np.square, np.sqrt, np.power, np.float_power,
    }
)  # fmt: skip

Operands = Callable[[Element], list[Element]]


def looked_through(operation: object) -> bool:
    """Whether a quantity is arithmetic of its operands."""
    if isinstance(operation, Elementwise):
        return operation.ufunc in _ARITHMETIC
    return isinstance(operation, Convert | Take | Stack | Shift | Reduce | Accumulate)


def near(root: Element, operands: Operands) -> set[Element]:
    """The nearest numbers behind one, itself included, that are arithmetic of their operands or
    bounded by them."""
    order, found = [root], {root}
    for element in order:
        for operand in operands(element):
            if operand not in found and len(order) < _NEAR and _opens(operand.node.operation):
                order.append(operand)
                found.add(operand)
    return found


def _opens(operation: object) -> bool:
    if isinstance(operation, Elementwise | Where) and name_of(operation) in LIMITED:
        return True
    return looked_through(operation)


def apart(
    root: Element, inside: set[Element], tails: Mapping[Element, Tails], operands: Operands
) -> set[Element]:
    """The parts that share no draw with what is beside them: nothing cancels in these."""

    places = {element: place for place, element in enumerate({root} | inside)}
    within: list[int] = []  # bits of the places of what each is made of
    beyond: list[int] = []  # draws of what of it is not inside
    for element in places:
        parts = [
            each for each in operands(element) if not isinstance(each.node.operation, Constant)
        ]
        within.append(reduce(or_, (1 << places[p] for p in parts if p in inside), 0))
        beyond.append(reduce(or_, (tails[p].draws for p in parts if p not in inside), 0))

    def draws_beside(element: Element) -> int:
        draws, met, left = 0, 1 << places[element], [places[root]]
        while left:
            above = left.pop()
            draws |= beyond[above]
            new = within[above] & ~met
            met |= new
            while new:
                left.append(new.bit_length() - 1)
                new ^= 1 << left[-1]
        return draws

    return {each for each in inside - {root} if not tails[each].draws & draws_beside(each)}
