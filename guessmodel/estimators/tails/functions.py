"""Tails through functions of one number, and through choices: powers, logarithms, maxima."""

from __future__ import annotations

import math
from collections.abc import Sequence

from guessmodel.estimators.tails.algebra import (
    ENDS,
    UNKNOWN,
    FallBounds,
    Tails,
    at_zero,
    constant,
    minus,
)
from guessmodel.graph.ends import BOUNDED, NONE, SUBEXPONENTIAL, Fall, Order

__all__ = [
    "absolute",
    "chosen",
    "exp",
    "has_unknown_rate",
    "larger",
    "log",
    "power",
    "reciprocal",
    "rounded",
]


def reciprocal(x: Tails) -> Tails:
    """1/X: its tails are those of X at zero, and at zero it is as X far out."""
    if x.high <= 0.0 and x.low < 0.0:
        return minus(reciprocal(minus(x)))
    far = Order(x.up.least.power, x.up.most.power)
    high = x.high if x.up.least.bounded else math.inf  # not only where draws are
    # Isolated values without a bound have reciprocals that come as near to 0 as they like.
    zero, atoms = (NONE, x.atoms) if _bounded(x) else (x.tail_index, False)
    if x.low > 0.0:
        low = 0.0 if high == math.inf else 1.0 / high
        at_low = far if low == 0.0 else x.at_high
        return Tails(
            low,
            1.0 / x.low,
            at_low=at_low,
            at_high=x.at_low,
            zero=zero,
            dense=x.dense,
            smooth=x.smooth and low > 0.0,
            atoms=atoms,
            can_differ_from_0=True,
            not_0=True,
            draws=x.draws,
        )
    fall = FallBounds(Fall(x.zero.least, 0.0), Fall(x.zero.most, 0.0))
    found = Tails(
        _inverse(high),
        math.inf,
        fall,
        at_low=far if high == math.inf else x.at_high,
        zero=zero,
        dense=x.dense,
        atoms=atoms,
        can_differ_from_0=True,
        not_0=True,
        draws=x.draws,
    )
    if x.low >= 0.0:
        return found
    # A positive density on both sides of 0; else the side is not known.
    both = fall if x.dense else FallBounds(fall.least, BOUNDED)
    return found._replace(
        low=-math.inf,
        up=both,
        down=both,
        at_low=UNKNOWN,
        dense=False,
        either=x.zero.most,
    )


def _bounded(x: Tails) -> bool:
    return x.up.least.bounded and x.down.least.bounded


def _inverse(end: float) -> float:
    return 0.0 if math.isinf(end) else 1.0 / end if end else math.inf


def absolute(x: Tails) -> Tails:
    """|X|."""
    if x.low >= 0.0:
        return x
    if x.high <= 0.0:
        return minus(x)
    index = x.tail_index
    least = min(x.up.least, x.down.least)
    most = min(x.up.most, x.down.most)
    if index.most < most.power:
        most = Fall(index.most, 0.0)
    return x._replace(
        low=0.0, high=max(-x.low, x.high), up=FallBounds(least, most), down=ENDS, at_low=x.zero,
        at_high=UNKNOWN, can_differ_from_0=x.nonzero,
    )  # fmt: skip


def power(x: Tails, exponent: float) -> Tails:
    """X to a constant power."""
    if exponent == 0.0:
        return constant(1.0)
    if exponent == 1.0:
        return x
    if exponent < 0.0:
        return reciprocal(power(x, -exponent))
    whole = exponent == round(exponent)
    if x.low < 0.0:
        if whole and exponent % 2 == 0:
            x = absolute(x)
        elif not whole:  # draws below 0 are lost
            zero = Order(x.zero.least, x.zero.most if x.dense else math.inf)
            x = x._replace(low=0.0, high=max(x.high, 0.0), down=ENDS, at_low=zero, either=math.inf)

    def at(bounds: FallBounds) -> FallBounds:
        rates = (0.0 if exponent > 1.0 else math.inf, math.inf)
        return FallBounds(
            *(
                f if f.bounded else Fall(f.power / exponent, 0.0 if f.power < math.inf else rate)
                for f, rate in zip(bounds, rates, strict=True)
            )
        )

    def order(bounds: Order) -> Order:
        return Order(bounds.least / exponent, bounds.most / exponent)

    # At an end other than 0 the order stays.
    return x._replace(
        low=_raised(x.low, exponent),
        high=_raised(x.high, exponent),
        up=at(x.up),
        down=at(x.down),
        at_low=order(x.at_low) if x.low == 0.0 else x.at_low,
        at_high=order(x.at_high) if x.high == 0.0 else x.at_high,
        zero=order(x.zero),
        either=x.either / exponent,
        smooth=False,
    )


def _raised(end: float, exponent: float) -> float:
    try:
        return math.copysign(abs(end) ** exponent, end)
    except OverflowError:
        return math.copysign(math.inf, end)


def exp(x: Tails) -> Tails:
    """exp X: an exponential tail becomes a power law, also towards 0."""
    below = Order(*(fall.power for fall in _exponential(x.down)))
    low, high = (math.exp(min(max(end, -800.0), 700.0)) for end in (x.low, x.high))
    bounded = x.down.least.bounded
    return Tails(
        low if bounded else 0.0,
        high if x.up.least.bounded else math.inf,
        _exponential(x.up),
        at_low=x.at_low if bounded else below,
        at_high=x.at_high,
        zero=NONE if bounded else below,
        dense=x.dense,
        atoms=x.atoms and bounded,
        can_differ_from_0=True,
        not_0=True,
        draws=x.draws,
    )


def has_unknown_rate(x: Tails) -> bool:
    """Whether exp X or exp -X would be said to have all moments because nothing is known of it."""
    return _rate_is_unknown(x.up) or _rate_is_unknown(x.down)


def _rate_is_unknown(bounds: FallBounds) -> bool:
    least, most = bounds
    return least.power == math.inf and least.rate == 0.0 < most.rate


def _exponential(bounds: FallBounds) -> FallBounds:
    """How exp X falls. Where the rate of an exponential tail is not known, as of products, nothing
    is said."""
    least, most = bounds
    if least.bounded:
        return ENDS
    if _rate_is_unknown(bounds):
        return FallBounds(SUBEXPONENTIAL, BOUNDED)
    return FallBounds(_raised_to_e(least, 0.0), _raised_to_e(most, math.inf))


def _raised_to_e(fall: Fall, rate: float) -> Fall:
    if fall.bounded:
        return BOUNDED
    if fall.power < math.inf:
        return Fall(0.0, 0.0)
    return Fall(fall.rate, 0.0 if fall.rate < math.inf else rate)


def log(x: Tails) -> Tails:
    """log X, where X is above 0: a power law becomes an exponential tail."""
    zero = x.at_low if x.low == 0.0 else x.zero
    if x.low < 0.0 and not x.dense:
        zero = Order(zero.least, math.inf)
    down = ENDS if x.low > 0.0 else FallBounds(*(Fall(math.inf, rate) for rate in zero))
    up = ENDS
    if not x.up.least.bounded:
        up = FallBounds(*(Fall(math.inf, f.power) for f in x.up))
    found = Tails(
        math.log(x.low) if x.low > 0.0 else -math.inf,
        math.log(x.high) if 0.0 < x.high < math.inf else math.inf,
        up,
        down,
        x.at_low,
        x.at_high,
        dense=x.dense,
        smooth=x.dense,
        atoms=x.atoms,
        can_differ_from_0=x.dense,
        draws=x.draws,
    )
    return found._replace(zero=at_zero(found))


def larger(x: Tails, y: Tails) -> Tails:
    """The larger of X and Y."""
    independent = not x.draws & y.draws
    least = max(x.down.least, y.down.least)
    a, b = x.down.least.power, y.down.least.power
    if independent and max(a, b) < math.inf:
        least = Fall(a + b, 0.0)
    most = BOUNDED
    if independent and max(x.down.most.power, y.down.most.power) < math.inf:
        most = Fall(x.down.most.power + y.down.most.power, 0.0)
    low, high = max(x.low, y.low), max(x.high, y.high)
    up = FallBounds(min(x.up.least, y.up.least), min(x.up.most, y.up.most))
    zero = NONE if low > 0.0 or high < 0.0 else Order(min(x.zero.least, y.zero.least), math.inf)
    return Tails(
        low,
        high,
        up,
        ENDS if x.down.least.bounded or y.down.least.bounded else FallBounds(least, most),
        at_low=zero if low == 0.0 else UNKNOWN,
        zero=zero,
        atoms=x.atoms and y.atoms,
        can_differ_from_0=x.above or y.above or low > 0.0 or high < 0.0 or up.most.power < math.inf,
        not_0=x.almost_never_0 and y.almost_never_0,
        draws=x.draws | y.draws,
    )


def chosen(parts: Sequence[Tails], draws: int, *, certain: bool) -> Tails:
    """One of several; `certain`: each with a positive probability that is independent of it."""
    together = draws
    for part in parts:
        together |= part.draws
    ups, downs = [part.up for part in parts], [part.down for part in parts]

    def worst(bounds: Sequence[FallBounds]) -> FallBounds:
        most = min(bound.most for bound in bounds) if certain else BOUNDED
        return FallBounds(min(bound.least for bound in bounds), most)

    low, high = min(part.low for part in parts), max(part.high for part in parts)
    zeros = [part.zero for part in parts]
    zero = Order(min(z.least for z in zeros), min(z.most for z in zeros) if certain else math.inf)
    return Tails(
        low,
        high,
        worst(ups),
        worst(downs),
        at_low=zero if low == 0.0 else UNKNOWN,
        at_high=zero if high == 0.0 else UNKNOWN,
        zero=zero,
        either=min(part.either for part in parts) if certain else math.inf,
        atoms=all(part.atoms for part in parts),
        can_differ_from_0=(certain and any(part.nonzero for part in parts))
        or all(part.never_zero for part in parts),
        not_0=all(part.almost_never_0 for part in parts),
        draws=together,
    )  # fmt: skip


def rounded(x: Tails) -> Tails:
    """X to a whole number next to it."""
    wide = (math.floor(x.low) if math.isfinite(x.low) else x.low) - 1.0
    high = (math.ceil(x.high) if math.isfinite(x.high) else x.high) + 1.0
    low = max(wide, 0.0) if x.low >= 0.0 else wide
    free = x.tail_index.most < math.inf
    return Tails(
        low, high, x.up, x.down, either=x.either, atoms=True, can_differ_from_0=free, draws=x.draws
    )
