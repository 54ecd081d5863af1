"""How a family's probability falls towards the ends of its support: which moments it has."""

from __future__ import annotations

import math
from typing import NamedTuple, final

__all__ = [
    "BOUNDED",
    "GAUSSIAN",
    "NONE",
    "SUBEXPONENTIAL",
    "Ends",
    "Fall",
    "Order",
    "exponential",
    "power",
]


@final
class Fall(NamedTuple):
    """How fast P(X > x) falls; in the order of tuples, what falls faster is larger."""

    power: float
    """Like x^-power, the tail index: moments of lower orders exist. inf: faster than all powers."""
    rate: float
    """Then like exp(-rate x): E exp(t X) exists for lower t. 0: slower, inf: faster than all."""
    bounded: bool = False


BOUNDED = Fall(math.inf, math.inf, True)
GAUSSIAN = Fall(math.inf, math.inf)
SUBEXPONENTIAL = Fall(math.inf, 0.0)


def power(index: float) -> Fall:
    """A power law."""
    return Fall(index, 0.0)


def exponential(rate: float) -> Fall:
    """An exponential tail."""
    return Fall(math.inf, rate)


@final
class Ends(NamedTuple):
    """Both ends of a distribution.

    At a finite end of the support the density goes like (distance from it)^(order - 1): with order
    1 it stays positive. 1/X of a variate whose smallest value is 0 has this order as tail index.
    """

    up: Fall = BOUNDED
    down: Fall = BOUNDED
    at_low: float = 1.0
    at_high: float = 1.0


@final
class Order(NamedTuple):
    """Certain bounds of a tail index: moments of orders below `least` exist, from `most` on they
    do not."""

    least: float
    most: float


NONE = Order(math.inf, math.inf)
"""All moments exist."""
