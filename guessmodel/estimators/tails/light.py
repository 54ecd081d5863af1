"""A quick test for quantities without heavy tails, which most quantities pass.

It knows three facts of a quantity, for all of its labels at once. Quantities that do not pass are
looked at by `tails/index.py`, coordinate by coordinate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, final

import numpy as np

from guessmodel.graph.along_dims import Accumulate, Extreme, Lookup, Reduce, Shift, Stack, Take
from guessmodel.graph.elementwise import Convert, Elementwise, Filtered, Placed, Where
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.graph.statistics_along import StatisticAlong

if TYPE_CHECKING:
    from guessmodel.distributions.known_mixture import MixtureComponent

__all__ = ["Facts", "facts_of"]


@final
class Facts(NamedTuple):
    """What is certain of a quantity; False means that it is not known."""

    light: bool
    """All its moments exist."""
    clear: bool
    """It is above 0, and all moments of its reciprocal exist."""
    positive: bool
    """It is never below 0."""


_FAR = 8.3  # standard deviations; a normal draw is farther from its mean once in 1e16 draws
_NOTHING = Facts(False, False, False)
_BOUNDED = Facts(True, False, True)


def facts_of(root: Quantity, known: dict[Quantity, Facts]) -> Facts:
    """The facts of a quantity; those of all it depends on are added to `known`."""
    stack = [root]
    while stack:
        node = stack[-1]
        if node in known:
            stack.pop()
        elif missing := [child for child in node.parameters if child not in known]:
            stack += missing
        else:
            known[node] = _facts(node, [known[child] for child in node.parameters])
    return known[root]


def _facts(node: Quantity, operands: list[Facts]) -> Facts:
    operation = node.operation
    if isinstance(operation, Constant):
        value = operation.value
        least = float(np.nanmin(value, initial=math.inf) if value.ndim else value)
        return Facts(True, least > 0.0, least >= 0.0)
    if isinstance(operation, Quantile):
        return _of_draw(node, operation, operands)
    if isinstance(operation, Elementwise):
        rule = _RULES.get(operation.ufunc)
        if operation.compares:
            return _BOUNDED
        if operation.ufunc is np.power or operation.ufunc is np.float_power:
            return _power(node, operands)
        if operation.ufunc is np.multiply and node.operands[0] is node.operands[1]:
            return _size(operands[0])
        return _NOTHING if rule is None else rule(*operands)
    if isinstance(operation, Convert) and operation.conversion.offset:
        return Facts(operands[0].light, False, False)
    if isinstance(operation, Convert | Take):
        return operands[0]
    if isinstance(operation, Shift):
        fill = operation.fill
        return (
            operands[0] if math.isnan(fill) else _of_all([operands[0], Facts(True, False, False)])
        )
    if isinstance(operation, Stack):
        return _of_all(operands)
    if isinstance(operation, Where):
        return _of_all(operands[1:])
    if isinstance(operation, Filtered):  # as what is clamped to the same bounds
        found, *ends = operands
        for beyond, end in zip(operation.bounds, ends, strict=True):
            found = _most(found, end) if beyond is np.less else _least(found, end)
        return found
    if isinstance(operation, Extreme | Lookup | Placed):
        return Facts(True, False, False)
    if isinstance(operation, Reduce | Accumulate):
        return operands[0]
    if isinstance(operation, StatisticAlong):
        light, clear, positive = operands[0]
        return Facts(light, False, True) if operation.p is None else Facts(light, clear, positive)
    return _NOTHING


def _of_all(parts: list[Facts]) -> Facts:
    if not parts:
        return _NOTHING
    return Facts(*(all(fact) for fact in zip(*parts, strict=True)))


def _of_draw(node: Quantity, draw: Quantile, operands: list[Facts]) -> Facts:
    family = draw.family
    if family.name == "mixture" and not operands:
        from guessmodel.distributions.known_mixture import KnownMixture

        assert isinstance(family, KnownMixture)
        return _of_all([_of_component(part) for part in family.parts])
    if family.name == "mixture":
        return _of_all(operands[len(operands) // 2 :])
    values = [x.operation.value for x in node.parameters if isinstance(x.operation, Constant)]
    if len(values) < len(node.parameters):
        if family.name == "normal" and all(each.light for each in operands):
            return Facts(True, False, False)
        return _NOTHING
    if family.name == "lognormal":
        return Facts(True, True, True)
    if family.name == "normal":
        mean, sd = values
        far = not mean.size * sd.size > 1 and bool(np.all(mean / _FAR > sd))
        return Facts(True, far, far)
    if any(value.size > 1 for value in values):
        return _NOTHING
    return _of_family(family, [float(value.flat[0]) for value in values])


def _of_component(part: MixtureComponent) -> Facts:
    """What is certain of a component of a mixture, at constant parameters."""
    family, scale = part.family, part.scale
    if family is None:
        return Facts(True, scale > 0.0, scale >= 0.0)
    if family.name == "lognormal":
        return Facts(True, True, True)
    if family.name == "normal":
        mean, sd = part.parameters
        return Facts(True, mean > _FAR * sd, mean > _FAR * sd)
    return _of_family(family, part.parameters)


def _of_family(family: Family, numbers: Sequence[float]) -> Facts:
    with np.errstate(all="ignore"):
        ends = family.ends(*numbers)
        if ends is None:
            return _NOTHING
        low = float(family.support(*numbers)[0])
    light = ends.up.power == ends.down.power == math.inf
    return Facts(light, low > 0.0 or (low == 0.0 and ends.at_low == math.inf), low >= 0.0)


def _sum(x: Facts, y: Facts) -> Facts:
    positive = x.positive and y.positive
    return Facts(x.light and y.light, positive and (x.clear or y.clear), positive)


def _difference(x: Facts, y: Facts) -> Facts:
    return Facts(x.light and y.light, False, False)


def _product(x: Facts, y: Facts) -> Facts:
    return Facts(x.light and y.light, x.clear and y.clear, x.positive and y.positive)


def _quotient(x: Facts, y: Facts) -> Facts:
    return Facts(x.light and y.clear, x.clear and y.light and y.clear, x.positive and y.positive)


def _power(node: Quantity, operands: list[Facts]) -> Facts:
    exponent, x = node.operands[1].operation, operands[0]
    if isinstance(exponent, Constant) and not node.operands[1].dims:
        if float(exponent.value) >= 0.0:
            return Facts(x.light, x.clear, x.positive)
        return Facts(x.clear, x.clear and x.light, x.positive)
    return _NOTHING


def _unchanged(x: Facts) -> Facts:
    return x


def _size(x: Facts) -> Facts:
    return Facts(x.light, x.clear, True)


def _rounded(x: Facts) -> Facts:
    return Facts(x.light, False, x.positive)


def _least(x: Facts, y: Facts) -> Facts:
    return Facts(x.light and y.light, x.clear and y.clear, x.positive and y.positive)


def _most(x: Facts, y: Facts) -> Facts:
    either = (x.positive and x.clear) or (y.positive and y.clear)
    return Facts(x.light and y.light, either, x.positive or y.positive)


_RULES: Mapping[np.ufunc, Callable[..., Facts]] = {
    np.add: _sum,
    np.subtract: _difference,
    np.multiply: _product,
    np.divide: _quotient,
    np.negative: lambda x: Facts(x.light, False, False),
    np.positive: _unchanged,
    np.absolute: _size,
    np.fabs: _size,
    np.square: _size,
    np.sqrt: _unchanged,
    np.log: lambda x: Facts(x.light and x.clear, False, False),
    np.log2: lambda x: Facts(x.light and x.clear, False, False),
    np.log10: lambda x: Facts(x.light and x.clear, False, False),
    np.minimum: _least,
    np.maximum: _most,
    np.fmin: _least,
    np.fmax: _most,
    np.floor: _rounded,
    np.ceil: _unchanged,
    np.rint: _rounded,
    np.trunc: _rounded,
    np.sin: lambda _: Facts(True, False, False),
    np.cos: lambda _: Facts(True, False, False),
}
