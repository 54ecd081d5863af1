"""The tails of a draw, from those of its parameters."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from guessmodel.distributions.known_mixture import KnownMixture, MixtureComponent
from guessmodel.distributions.lognormal import Lognormal
from guessmodel.distributions.mixture import Mixture
from guessmodel.distributions.normal import Normal
from guessmodel.estimators.tails.algebra import (
    FallBounds,
    Tails,
    at_zero,
    constant,
    nothing_known,
    plus,
    times,
)
from guessmodel.estimators.tails.functions import chosen, exp
from guessmodel.graph.ends import BOUNDED, Fall, Order
from guessmodel.graph.family import Family
from guessmodel.graph.variates import QuantileFunction
from guessmodel.numerics.arrays import FloatArray

__all__ = ["drawn"]

_NEVER = 1e-16  # a probability that no draw comes near
_NEAR = 0.01  # of the way to the median


def drawn(family: Family, parameters: list[Tails], bit: int) -> Tails:
    """A draw, given the tails of its parameters and the bits of its variates."""
    values = [parameter.value for parameter in parameters]
    draws = bit
    for parameter in parameters:
        draws |= parameter.draws
    if isinstance(family, Mixture):
        count = len(parameters) // 2
        weights = values[:count]
        parts = [p for p, w in zip(parameters[count:], weights, strict=True) if w != 0.0]
        fixed = all(weight is not None for weight in weights)
        return chosen(parts, draws, certain=fixed)
    if isinstance(family, KnownMixture):
        return chosen([_component(part, bit) for part in family.parts], bit, certain=True)
    known = [value for value in values if value is not None]
    if len(known) == len(values):
        return _family(family, known, bit)
    if isinstance(family, Normal):
        return plus(parameters[0], times(parameters[1], _family(family, [0.0, 1.0], bit)))
    if isinstance(family, Lognormal):
        inner = times(parameters[1], _family(Normal(), [0.0, 1.0], bit))
        return exp(plus(parameters[0], inner))
    named = dict(zip(family.parameters, parameters, strict=True))
    location = named.get("location", constant(0.0))
    scale = named.get("scale", constant(1.0))
    shapes = [
        constant(0.0) if name == "location" else constant(1.0) if name == "scale" else parameter
        for name, parameter in named.items()
    ]
    standard = _varying(family, shapes, bit)
    return plus(location, times(scale, standard))


def _varying(family: Family, parameters: list[Tails], bit: int) -> Tails:
    """A family with uncertain parameters: its tails are between the lightest and the heaviest that
    it has at the ends of the parameters' ranges."""
    corners: list[list[float]] = [[]]
    for parameter in parameters:
        ends = {end for end in (parameter.low, parameter.high) if math.isfinite(end)}
        if not ends:
            return nothing_known()
        corners = [[*corner, end] for corner in corners for end in ends]
    valid = [corner for corner in corners if np.all(family.valid(*corner))]
    found = [_family(family, corner, bit) for corner in valid]
    draws = bit
    for parameter in parameters:
        draws |= parameter.draws
    if not found or any(each.unknown for each in found):
        return nothing_known()
    # The tails of the parameters become tails of the draw.
    least = min((p.tail_index.least for p in parameters), default=math.inf)
    worst = chosen(found, draws, certain=False)
    if len(valid) < len(corners):  # a shape that comes down to 0
        worst = worst._replace(up=FallBounds(_least(worst.up, 0.0), BOUNDED))

    def most(bounds: list[FallBounds]) -> Fall:
        return max(bound.most for bound in bounds)

    up, down = most([each.up for each in found]), most([each.down for each in found])
    return worst._replace(
        up=FallBounds(_least(worst.up, least), _just_beyond(up)),
        down=FallBounds(
            _least(worst.down, least) if worst.low < 0.0 else BOUNDED, _just_beyond(down)
        ),
        dense=all(each.dense for each in found),
    )


def _least(bounds: FallBounds, index: float) -> Fall:
    return min(bounds.least, Fall(index, 0.0)) if index < math.inf else bounds.least


def _just_beyond(fall: Fall) -> Fall:
    return Fall(fall.power * (1.0 + 1e-9), 0.0) if fall.power < math.inf else BOUNDED


def _component(part: MixtureComponent, bit: int) -> Tails:
    if part.family is None:
        return constant(part.scale)
    inner = drawn(part.family, [constant(value) for value in part.parameters], bit)
    return times(inner, constant(part.scale))


def _family(family: Family, values: list[float], bit: int) -> Tails:
    """A family at parameters that are numbers."""
    ends = family.ends(*values)
    if ends is None:
        return nothing_known()
    low, high = (float(end) for end in family.support(*values))
    if family.discrete:
        return Tails(
            low, high, FallBounds.known(ends.up), FallBounds.known(ends.down), atoms=True,
            can_differ_from_0=not low == high == 0.0, draws=bit,
        )  # fmt: skip
    lowest, middle, highest = _quantiles(family, values)
    low, at_low = _end(low, lowest, middle, ends.at_low)
    high, at_high = _end(high, highest, middle, ends.at_high)
    found = Tails(
        low,
        high,
        FallBounds.known(ends.up),
        FallBounds.known(ends.down),
        Order(at_low, at_low),
        Order(at_high, at_high),
        dense=True,
        smooth=at_low >= 1.0 and at_high >= 1.0,
        draws=bit,
    )
    return found._replace(zero=at_zero(found))


def _quantiles(family: Family, values: list[float]) -> tuple[float, float, float]:
    """The median, and quantiles so far out that no draw is beyond them."""
    if family.base is not None:
        return tuple(family.transform(_of_base(family.base).copy(), *values).tolist())
    low, middle = family.ppf(np.array([_NEVER, 0.5]), *values).tolist()
    return low, middle, float(family.isf(_NEVER, *values))


@lru_cache
def _of_base(base: QuantileFunction) -> FloatArray:
    below = base.ppf(np.array([_NEVER, 0.5]))
    return np.append(below, base.isf(np.array([_NEVER])))


def _end(support: float, quantile: float, middle: float, order: float) -> tuple[float, float]:
    """The end of the support, or a point before it with next to no probability beyond."""
    if math.isfinite(support) and abs(quantile - support) <= _NEAR * abs(middle - support):
        return support, order
    return quantile, math.inf
