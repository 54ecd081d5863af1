"""From one unit to another: an exact ratio, and how it is applied to floating-point numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, TypeVar, final

import numpy as np

from guessmodel.numerics.arrays import FloatArray

if TYPE_CHECKING:
    pass

__all__ = ["Conversion", "Ratio"]

Ratio: TypeAlias = Fraction | float
"""The size of one unit in another: exact, but a float where a root made it irrational."""

_NONE = Fraction(0)
_LARGEST = 10**300
_Numbers = TypeVar("_Numbers", float, "FloatArray")


@final
@dataclass(frozen=True, slots=True)
class Conversion:
    """`x -> (x * numerator + offset) / denominator`, of whole numbers where a ratio has them.

    Dividing by 1000 rounds once, while 0.001 is rounded before it is multiplied by: 3 g are
    exactly the number 0.003 of kg.

    >>> Conversion.by(Fraction(1, 1000)).apply(3.0)
    0.003
    >>> 3.0 * 0.001
    0.003
    """

    numerator: float = 1.0
    denominator: float = 1.0
    offset: float = 0.0

    @classmethod
    def by(cls, ratio: Ratio, shift: Fraction = _NONE) -> Conversion:
        """The conversion that multiplies by a positive ratio, and adds the shift.

        >>> Conversion.by(Fraction(9, 5), Fraction(32)).apply(100.0)
        212.0
        """
        if shift:
            ratio = Fraction(ratio)
            below = math.lcm(ratio.denominator, shift.denominator)
            return cls(float(ratio * below), float(below), float(shift * below))
        if isinstance(ratio, Fraction):
            above, below = ratio.numerator, ratio.denominator
            # 1e24 is no float; alone it is rounded once, as any float of the ratio would be.
            alone = 1 in (above, below) and max(above, below) < _LARGEST
            if alone or (_is_float(above) and _is_float(below)):
                return cls(float(above), float(below))
        return cls(float(ratio))

    @property
    def factor(self) -> float:
        """What a number is multiplied by."""
        return self.numerator / self.denominator

    @property
    def shift(self) -> float:
        """What is added then."""
        return self.offset / self.denominator

    def apply(self, x: _Numbers) -> _Numbers:
        """A number, or an array of them, in the other unit."""
        if self.numerator != 1.0:
            x = x * self.numerator
        if self.offset != 0.0:
            x = x + self.offset
        return x if self.denominator == 1.0 else x / self.denominator

    def undo(self, x: _Numbers) -> _Numbers:
        """What `apply` makes x of."""
        if self.denominator != 1.0:
            x = x * self.denominator
        if self.offset != 0.0:
            x = x - self.offset
        return x if self.numerator == 1.0 else x / self.numerator

    def write(self, x: FloatArray, out: FloatArray) -> None:
        """`apply` into an array, which may be x itself."""
        if self.offset != 0.0:
            np.copyto(out, self.apply(x))
        elif self.denominator == 1.0:
            np.multiply(x, self.numerator, out=out)
        elif self.numerator == 1.0:
            np.divide(x, self.denominator, out=out)
        else:
            np.multiply(x, self.numerator, out=out)
            np.divide(out, self.denominator, out=out)


def _is_float(whole: int) -> bool:
    return whole < 1 << 63 and int(float(whole)) == whole
