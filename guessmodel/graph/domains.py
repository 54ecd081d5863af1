"""Domains: the values that a parameter of a family may have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal, final

import numpy as np

from guessmodel.numerics.arrays import BoolArray

__all__ = [
    "COUNT",
    "EXTENDED",
    "NOT_NEGATIVE",
    "POSITIVE",
    "PROBABILITY",
    "REAL",
    "SOME_CHANCE",
    "Domain",
]

_HAIR = 1e-9  # by which a whole number may be off, for units convert with rounding


@final
@dataclass(frozen=True, slots=True)
class Domain:
    """An interval of numbers, with the ends that are `closed`; or the `whole` ones in it.

    >>> print(Domain(0.0), Domain(0.0, 1.0, "both"), Domain(0.0, closed="low", whole=True))
    (0, ∞) [0, 1] {0, 1, 2, …}
    """

    low: float = -math.inf
    high: float = math.inf
    closed: Literal["", "low", "high", "both"] = ""
    whole: bool = False

    def holds(self, x: Any) -> BoolArray:
        """Whether numbers lie in it; NaN never does, infinity only as a closed end."""
        above = np.greater_equal if self.closed in ("low", "both") else np.greater
        below = np.less_equal if self.closed in ("high", "both") else np.less
        inside = above(x, self.low) & below(x, self.high)
        if self.whole:
            with np.errstate(invalid="ignore"):
                off = np.abs(x - np.rint(x))
            inside = inside & (off <= _HAIR * np.maximum(1.0, np.abs(x)))
        return np.asarray(inside)

    def outside(self) -> list[float]:
        """Numbers just outside, infinite ones and NaN."""
        ends = ((self.low, -math.inf, "low"), (self.high, math.inf, "high"))
        beyond = [
            math.nextafter(end, far) if self.closed in (name, "both") else end
            for end, far, name in ends
        ]
        return [x for x in (*beyond, -math.inf, math.inf, math.nan) if not self.holds(x)]

    def mistake(self, x: float) -> str:
        """What is wrong with a number outside, to be read behind it."""
        if self.low <= x <= self.high and x not in (self.low, self.high):
            return f"; write a whole number, e.g. {round(x)}"
        bounded = math.isfinite(self.low) and math.isfinite(self.high)
        if bounded and x not in (self.low, self.high):
            percent = self.high == 1.0 and 1.0 < x <= 100.0
            hint = f"; write {x / 100:g}" if percent else ""
            return f", not between {self.low:g} and {self.high:g}{hint}"
        if x <= self.low:
            closed = self.closed in ("low", "both")
            return f"; it must {'not be below' if closed else 'be above'} {self.low:g}"
        closed = self.closed in ("high", "both")
        return f"; it must {'not be above' if closed else 'be below'} {self.high:g}"

    def __str__(self) -> str:
        if self.whole:
            first = math.ceil(self.low)
            return f"{{{first}, {first + 1}, {first + 2}, …}}"
        opened = "[" if self.closed in ("low", "both") else "("
        shut = "]" if self.closed in ("high", "both") else ")"
        return f"{opened}{self.low:g}, {self.high:g}{shut}".replace("inf", "∞").replace("-", "−")


REAL: Final = Domain()
EXTENDED: Final = Domain(closed="both")  # infinite too
POSITIVE: Final = Domain(0.0)
NOT_NEGATIVE: Final = Domain(0.0, closed="low")
PROBABILITY: Final = Domain(0.0, 1.0, "both")
SOME_CHANCE: Final = Domain(0.0, 1.0, "high")
COUNT: Final = Domain(0.0, closed="low", whole=True)
