"""Which moments of a number exist, from those of what it is made of: an algebra of tails.

Everything is known between two bounds. `least` is certain: moments of lower orders exist. `most` is
certain too: moments of that order and above do not. Numbers that share a draw may cancel or
reinforce each other, so that the bounds lie apart: Hölder's inequality gives `least`, and `most`
often is infinite. For independent ones both are mostly the same: an independent sum falls as its
slowest term does, a product as its slowest factor (Breiman 1965; Embrechts and Goldie 1980).

A zero that is crossed with a probability below 1e-16 is taken as never reached: no draw comes
near it, although in theory 1/X of every normal X has no mean.
"""

from __future__ import annotations

import math
from typing import NamedTuple, final

from guessmodel.graph.ends import BOUNDED, NONE, SUBEXPONENTIAL, Fall, Order

__all__ = [
    "ENDS",
    "UNKNOWN",
    "FallBounds",
    "Tails",
    "at_zero",
    "both",
    "constant",
    "minus",
    "nothing_known",
    "plus",
    "times",
    "within",
]

JUST_ABOVE = 1.0 + 1e-9  # just above a bound that itself is not certain


UNKNOWN = Order(0.0, math.inf)


@final
class FallBounds(NamedTuple):
    """Bounds of how fast a tail falls."""

    least: Fall
    most: Fall

    @classmethod
    def known(cls, fall: Fall) -> FallBounds:
        """The bounds of a tail that is known."""
        return cls(fall, fall)


ENDS = FallBounds.known(BOUNDED)


@final
class Tails(NamedTuple):
    """What is known of a number: where it lies, how it falls upwards and downwards, and at zero.

    Attributes
    ----------
    low, high : it lies between them, but for a probability below 1e-16
    up, down : how P(X > x) and P(X < -x) fall
    at_low, at_high : order of the density at a finite `low` and `high`, see `Ends`
    zero : tail index of 1/X
    either : moments of |X| of this order and above do not exist, though the side is not known
    dense : has a positive density all the way from `low` to `high`, bounded inside but at 0
    smooth : has a bounded density
    atoms : takes isolated values only
    can_differ_from_0 : is not always 0, for certain
    not_0 : is 0 with no probability, though it may come near
    draws : bits of the draws that it depends on
    unknown : nothing is known; all moments are then taken to exist, and no mark is made
    """

    low: float
    high: float
    up: FallBounds = ENDS
    down: FallBounds = ENDS
    at_low: Order = UNKNOWN
    at_high: Order = UNKNOWN
    zero: Order = NONE
    either: float = math.inf
    dense: bool = False
    smooth: bool = False
    atoms: bool = False
    can_differ_from_0: bool = False
    not_0: bool = False
    draws: int = 0
    unknown: bool = False

    @property
    def tail_index(self) -> Order:
        """Bounds of the tail index: of the orders from which on moments of |X| do not exist."""
        least = min(self.up.least.power, self.down.least.power)
        return Order(least, min(self.either, self.up.most.power, self.down.most.power))

    @property
    def value(self) -> float | None:
        """The number that it always is."""
        return self.low if self.low == self.high else None

    @property
    def never_zero(self) -> bool:
        """Whether 0 is outside of where it lies."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def almost_never_0(self) -> bool:
        """Whether it is 0 with no probability."""
        return self.never_zero or self.dense or self.not_0

    @property
    def nonzero(self) -> bool:
        """Whether it is not always 0, for certain."""
        return (
            self.can_differ_from_0
            or self.dense
            or self.never_zero
            or self.tail_index.most < math.inf
        )

    @property
    def above(self) -> bool:
        """Whether it is certainly positive at times."""
        return self.high > 0.0 and (self.dense or (self.low >= 0.0 and self.nonzero))

    @property
    def size(self) -> float:
        """Bound of |X|."""
        free = not (self.up.least.bounded and self.down.least.bounded)
        return math.inf if free else max(abs(self.low), abs(self.high))


def constant(value: float) -> Tails:
    """A number that is known."""
    return Tails(value, value, smooth=False, atoms=True, can_differ_from_0=value != 0.0)


def nothing_known() -> Tails:
    """A number of which nothing is known."""
    return Tails(-math.inf, math.inf, unknown=True)


def within(low: float, high: float, draws: int) -> Tails:
    """Isolated values between bounds."""
    return Tails(low, high, atoms=True, draws=draws)


def at_zero(x: Tails) -> Order:
    """Tail index of 1/X, from where X lies. Draws that are exactly 0 are lost, and do not count."""
    if x.never_zero or x.atoms or x.low == x.high:
        return NONE
    if x.low == 0.0:
        return x.at_low
    if x.high == 0.0:
        return x.at_high
    return Order(1.0, 1.0) if x.dense else UNKNOWN


# --- sums -----------------------------------------------------------------------------------------


def minus(x: Tails) -> Tails:
    """-X."""
    return x._replace(
        low=-x.high, high=-x.low, up=x.down, down=x.up, at_low=x.at_high, at_high=x.at_low
    )


def plus(x: Tails, y: Tails) -> Tails:
    """X + Y."""
    independent = not x.draws & y.draws
    constants = x.value is not None or y.value is not None
    dense = independent and (
        (x.dense and y.value is not None)
        or (y.dense and x.value is not None)
        or (x.dense and y.dense and (x.smooth or y.smooth))
    )
    found = Tails(
        _sum_of_ends(x.low, y.low, -math.inf),
        _sum_of_ends(x.high, y.high, math.inf),
        _sum_falls(x.up, y.up, x.down, y.down, independent=independent),
        _sum_falls(x.down, y.down, x.up, y.up, independent=independent),
        _sum_orders(x, y, x.at_low, y.at_low, independent=independent),
        _sum_orders(x, y, x.at_high, y.at_high, independent=independent),
        dense=dense,
        smooth=independent and (x.smooth or y.smooth),
        atoms=x.atoms and y.atoms,
        not_0=(independent and (x.dense or y.dense))
        or (x.low >= 0.0 <= y.low and (x.almost_never_0 or y.almost_never_0)),
        draws=x.draws | y.draws,
    )
    if not constants and not independent and (x.low >= 0.0) == (y.low >= 0.0) and found.low == 0.0:
        found = found._replace(at_low=Order(max(x.zero.least, y.zero.least), math.inf))
    either = math.inf
    for one, other in ((x, y), (y, x)):
        if one.tail_index.most < other.tail_index.least or (
            independent and one.tail_index.most < math.inf
        ):
            either = min(either, one.tail_index.most)
    return found._replace(zero=at_zero(found), either=either)


def _sum_of_ends(a: float, b: float, otherwise: float) -> float:
    total = a + b
    return otherwise if math.isnan(total) else total


def _sum_falls(
    a: FallBounds, b: FallBounds, a_back: FallBounds, b_back: FallBounds, *, independent: bool
) -> FallBounds:
    """How a sum falls upwards, of two numbers that fall like a and b upwards, and backwards like
    the others."""
    if independent:
        return FallBounds(min(a.least, b.least), min(a.most, b.most))
    least = min(a.least, b.least)
    if least.power == math.inf and not least.bounded:
        least = Fall(math.inf, _harmonic(a.least.rate, b.least.rate))
    most = BOUNDED
    for one, back in ((a.most, b_back.least), (b.most, a_back.least)):
        if one.power < back.power or back.bounded:
            most = min(most, one)
    return FallBounds(least, most)


def _sum_orders(x: Tails, y: Tails, a: Order, b: Order, *, independent: bool) -> Order:
    if y.value is not None:
        return a
    if x.value is not None:
        return b
    return Order(a.least + b.least, a.most + b.most) if independent else UNKNOWN


def _harmonic(a: float, b: float) -> float:
    """Hölder: E|XY|^k exists where 1/k > 1/a + 1/b."""
    if a == 0.0 or b == 0.0:
        return 0.0
    together = 1.0 / a + 1.0 / b
    return math.inf if together == 0.0 else 1.0 / together


# --- products -------------------------------------------------------------------------------------


def times(x: Tails, y: Tails) -> Tails:
    """X Y."""
    if x.value is not None:
        x, y = y, x
    if y.value is not None:
        return _scaled(x, y.value)
    if x.high <= 0.0:
        return minus(times(minus(x), y))
    if y.high <= 0.0:
        return minus(times(x, minus(y)))
    independent = not x.draws & y.draws
    corners = [_product(a, b) for a in (x.low, x.high) for b in (y.low, y.high)]
    flipped = minus(y)
    same = x.low >= 0.0 and y.low >= 0.0
    found = Tails(
        min(corners),
        max(corners),
        _product_falls(x, y, independent=independent),
        _product_falls(x, flipped, independent=independent),
        dense=independent and x.dense and y.dense,
        smooth=False,
        atoms=x.atoms and y.atoms,
        can_differ_from_0=(independent and x.nonzero and y.nonzero) or (x.never_zero and y.nonzero)
        or (y.never_zero and x.nonzero),
        not_0=x.almost_never_0 and y.almost_never_0,
        draws=x.draws | y.draws,
    )  # fmt: skip
    if independent:
        # E|XY|^-k is the product of both: the index is the smaller one.
        zero = Order(min(x.zero.least, y.zero.least), min(x.zero.most, y.zero.most))
        either = min(x.tail_index.most, y.tail_index.most) if x.nonzero and y.nonzero else math.inf
    else:
        zero = Order(_harmonic(x.zero.least, y.zero.least), math.inf)
        either = min(_reverse(x.tail_index.most, y), _reverse(y.tail_index.most, x))
    if found.never_zero or found.atoms:
        zero = NONE
    low = high = UNKNOWN
    if same:
        low = zero if found.low == 0.0 else _both_near(x, y, x.at_low, y.at_low)
        high = _both_near(x, y, x.at_high, y.at_high)
    return found._replace(zero=zero, either=either, at_low=low, at_high=high)


def _both_near(x: Tails, y: Tails, a: Order, b: Order) -> Order:
    """A product is near the end of its range where both factors are near theirs."""
    return UNKNOWN if x.draws & y.draws else Order(a.least + b.least, a.most + b.most)


def _scaled(x: Tails, c: float) -> Tails:
    if c < 0.0:
        return _scaled(minus(x), -c)
    if c == 0.0 or not math.isfinite(c):
        return constant(0.0)

    def at(bounds: FallBounds) -> FallBounds:
        return FallBounds(*(Fall(f.power, f.rate / c, f.bounded) for f in bounds))

    return x._replace(low=x.low * c, high=x.high * c, up=at(x.up), down=at(x.down))


def _product(a: float, b: float) -> float:
    return 0.0 if a == 0.0 or b == 0.0 else a * b


def _product_falls(x: Tails, y: Tails, *, independent: bool) -> FallBounds:
    """How a product falls upwards: where both factors are above 0, and where both are below."""
    least, most = BOUNDED, BOUNDED
    for one, other in ((x, y), (minus(x), minus(y))):
        if one.high > 0.0 and other.high > 0.0:
            least = min(least, _factors(one, other, independent=independent))
            if independent and one.above and other.above:
                most = min(most, _only_power(one.up.most), _only_power(other.up.most))
        if not independent:
            for a, b in ((one, other), (other, one)):
                if b.low > 0.0:
                    most = min(most, _only_power(a.up.most))
    return FallBounds(least, most)


def _factors(x: Tails, y: Tails, *, independent: bool) -> Fall:
    a, b = x.up.least, y.up.least
    if a.bounded and b.bounded:
        return BOUNDED
    if a.power == b.power == math.inf:
        for one, other in ((x, y), (y, x)):
            if one.up.least.bounded:
                return Fall(math.inf, other.up.least.rate / one.high)
        return SUBEXPONENTIAL
    return Fall(min(a.power, b.power) if independent else _harmonic(a.power, b.power), 0.0)


def _only_power(fall: Fall) -> Fall:
    return fall if fall.power < math.inf else BOUNDED


def _reverse(index: float, other: Tails) -> float:
    """Were E|XY|^k to exist, so would, by Hölder with 1/Y, moments of X that do not."""
    if index == math.inf or not other.nonzero:
        return math.inf
    if other.never_zero:
        return index
    rest = other.zero.least
    return index * JUST_ABOVE / (1.0 - index / rest) if rest > index else math.inf


# --- two accounts of one number -------------------------------------------------------------------


def both(found: Tails, other: Tails) -> Tails:
    """What is certain by either."""
    low, high = max(found.low, other.low), min(found.high, other.high)
    if low > high:  # by rounding
        low = high = (low + high) / 2.0

    def fall(a: FallBounds, b: FallBounds) -> FallBounds:
        return FallBounds(max(a.least, b.least), min(a.most, b.most))

    def order(a: Order, b: Order) -> Order:
        return Order(max(a.least, b.least), min(a.most, b.most))

    zero = NONE if low > 0.0 or high < 0.0 else order(found.zero, other.zero)
    return found._replace(
        low=low,
        high=high,
        up=fall(found.up, other.up),
        down=fall(found.down, other.down),
        at_low=_order_at_end(found.at_low, found.low, other.at_low, other.low),
        at_high=_order_at_end(found.at_high, -found.high, other.at_high, -other.high),
        zero=zero,
        either=min(found.either, other.either),
        dense=(found.dense and (low, high) == (found.low, found.high))
        or (other.dense and (low, high) == (other.low, other.high)),
        can_differ_from_0=found.can_differ_from_0 or other.can_differ_from_0,
        not_0=found.not_0 or other.not_0,
        draws=other.draws,
    )


def _order_at_end(order: Order, end: float, other: Order, other_end: float) -> Order:
    if end == other_end:
        return Order(max(order.least, other.least), min(order.most, other.most))
    return order if end > other_end else other
