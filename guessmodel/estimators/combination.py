"""Linear combinations of independent standard normals, each known by a number of its own.

They are immutable. The coefficients lie in blocks of neighbouring numbers, and what is added to a
combination copies the blocks that it touches; the others are shared. A running sum of n terms
therefore takes about n steps in all, and each sum on the way stays as it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, final

import numpy as np

from guessmodel.graph.coordinates import Element, scores_of
from guessmodel.graph.quantity import Variate

__all__ = ["Combination", "normal_score"]

_BLOCK = 128  # numbers; sums of 10^4 terms have as many blocks as a block has numbers
_ROUNDING = 4 * np.finfo(np.float64).eps
_FAR = 1e60  # ratio of factors, beyond which coefficients are multiplied out: they might overflow


@final
@dataclass(frozen=True, slots=True)
class _CoefficientBlock:
    coefficients: Mapping[int, float]
    size: float  # root of the sum of squares

    @classmethod
    def of(cls, coefficients: Mapping[int, float]) -> _CoefficientBlock:
        return cls(coefficients, math.hypot(*coefficients.values()))


@final
@dataclass(frozen=True, slots=True)
class Combination:
    """`factor * sum of coefficient * standard normal`."""

    blocks: Mapping[int, _CoefficientBlock] = field(default_factory=dict)
    factor: float = 1.0

    @classmethod
    def of(cls, number: int, coefficient: float) -> Combination:
        """One coefficient of one normal."""
        return cls({number // _BLOCK: _CoefficientBlock.of({number: 1.0})}, coefficient).times(1.0)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        size = math.hypot(*(block.size for block in self.blocks.values()))
        return abs(self.factor) * size if size else 0.0

    def times(self, factor: float) -> Combination:
        """The combination times a number."""
        product = self.factor * factor
        return replace(self, factor=product) if product != 0.0 else Combination()

    def plus(self, other: Combination, factor: float = 1.0) -> Combination:
        """`self + factor * other`; takes as many steps as the one with fewer blocks has
        coefficients."""
        more, less = self, other.times(factor)
        if len(more.blocks) < len(less.blocks):
            more, less = less, more
        if not less.blocks:
            return more
        ratio = less.factor / more.factor
        if not 1.0 / _FAR < abs(ratio) < _FAR:
            more, less, ratio = more._written_out(), less._written_out(), 1.0
        blocks = dict(more.blocks)
        for number, block in less.blocks.items():
            known = blocks.get(number)
            mixed = _mixed(known.coefficients if known else {}, block.coefficients, ratio)
            if mixed:
                blocks[number] = _CoefficientBlock.of(mixed)
            else:
                blocks.pop(number, None)
        return Combination(blocks, more.factor)

    def _written_out(self) -> Combination:
        blocks = {
            number: _CoefficientBlock.of(
                {k: a * self.factor for k, a in block.coefficients.items()}
            )
            for number, block in self.blocks.items()
        }
        return Combination(blocks)


def normal_score(
    number: Element, index: Callable[[Element], int]
) -> Generator[Element, Any, Combination | None]:
    """The normal score that a draw is computed from, as a combination of those of variates, each
    known by its index. Asks for the weights of correlated scores; None where one varies."""
    if isinstance(number.node.operation, Variate):
        return Combination.of(index(number), 1.0)
    total = Combination()
    for score, weight in scores_of(number):
        if isinstance(weight, Element):
            weight = yield weight
            if not isinstance(weight, float):
                return None
        part = yield from normal_score(score, index)
        if part is None:
            return None
        total = total.plus(part, weight)
    return total


def _mixed(more: Mapping[int, float], less: Mapping[int, float], ratio: float) -> dict[int, float]:
    """The sum; what is left of a coefficient where only the rounding is, is left out."""
    mixed = dict(more)
    for number, b in less.items():
        a = mixed.get(number, 0.0)
        total = a + ratio * b
        if abs(total) <= _ROUNDING * abs(a):
            mixed.pop(number, None)
        else:
            mixed[number] = total
    return mixed
