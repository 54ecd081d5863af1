"""Which variates are behind a quantity at a coordinate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import final

import numpy as np

from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Accumulate, Reduce
from guessmodel.graph.coordinates import Element, opaque, operands_of, variates_of
from guessmodel.graph.quantity import Quantity, Variate
from guessmodel.graph.scores import Scores
from guessmodel.graph.traversal import ancestors, depth_first

__all__ = ["VariateSets"]


@final
@dataclass(slots=True, eq=False)
class VariateSets:
    """Sets of variates behind quantities, as bits of whole numbers; each worked out once."""

    numbers: dict[Element, int] = field(default_factory=dict)
    known: dict[Element, int] = field(default_factory=dict)
    mixed: dict[Quantity, int] = field(default_factory=dict)

    def behind(self, root: Element) -> int:
        if root not in self.known:
            for element in depth_first([root], self._operands):
                if element not in self.known:
                    self.known[element] = self._bits(element)
        return self.known[root]

    def _operands(self, element: Element) -> list[Element]:
        operation = element.node.operation
        if element in self.known or isinstance(operation, Variate | Scores):
            return []
        if opaque(element.node) and not isinstance(operation, Reduce | Accumulate):
            return []
        return list(operands_of(element))

    def _bits(self, element: Element) -> int:
        operation = element.node.operation
        if isinstance(operation, Variate):
            return 1 << self.numbers.setdefault(element, len(self.numbers))
        if isinstance(operation, Scores):
            return self._all(variates_of(element))
        if opaque(element.node) and not isinstance(operation, Reduce | Accumulate):
            if element.node not in self.mixed:
                variates = [
                    Element(node, position)
                    for node in ancestors([element.node])
                    if isinstance(node.operation, Variate)
                    for position in np.ndindex(*dimensions.shape(node.dims))
                ]
                self.mixed[element.node] = self._all(variates)
            return self.mixed[element.node]
        return reduce(lambda bits, each: bits | self.known[each], operands_of(element), 0)

    def _all(self, variates: Sequence[Element]) -> int:
        return reduce(lambda bits, each: bits | self.behind(each), variates, 0)
