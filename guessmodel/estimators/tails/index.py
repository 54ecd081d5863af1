"""The tail index of every quantity, from the graph: moments of orders below it exist.

Draws do not show it: the sample standard deviation of a variable that has none is a number, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np

from guessmodel.estimators.tails.algebra import (
    UNKNOWN,
    FallBounds,
    Tails,
    both,
    constant,
    minus,
    nothing_known,
    plus,
    times,
    within,
)
from guessmodel.estimators.tails.draws import drawn
from guessmodel.estimators.tails.forms import RationalFunctions
from guessmodel.estimators.tails.functions import (
    absolute,
    chosen,
    exp,
    has_unknown_rate,
    larger,
    log,
    power,
    reciprocal,
    rounded,
)
from guessmodel.estimators.tails.parts import looked_through
from guessmodel.graph.along_dims import Accumulate, Extreme, Lookup, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element, opaque, operands_of, variates_of
from guessmodel.graph.elementwise import Convert, Elementwise, Filtered, Placed, Where
from guessmodel.graph.ends import BOUNDED, NONE, Order
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.graph.random_sum import RandomSum
from guessmodel.graph.statistics_along import StatisticAlong

__all__ = ["TailIndex"]

_DOUBTS = 32  # numbers looked at as a whole on the way to one
_MOST = 4_000  # coordinates looked at for one statistic; beyond, nothing is said

Made = Callable[[Element, list[Element], list[Tails]], Tails]
"""Tails of an element, from what it is made of and the tails of that."""


@final
@dataclass(slots=True, eq=False)
class TailIndex:
    """Tail indices of quantities at their coordinates; each is computed once."""

    known: dict[Element, Tails] = field(default_factory=dict)
    step_by_step: dict[Element, Tails] = field(default_factory=dict)
    """The same without regard to what cancels, which settles most; unknown where it may not."""
    draws: dict[Element, int] = field(default_factory=dict)
    doubts: dict[Element, int] = field(default_factory=dict)
    """Bits of the numbers behind one that are looked at as a whole, or would be but for these."""
    count: int = 0
    beside: dict[Element, list[Element]] = field(default_factory=dict)
    """What an element is made of, which forms ask for again and again."""
    forms: RationalFunctions = field(init=False)

    def __post_init__(self) -> None:
        self.forms = RationalFunctions(self.known, self._operands)

    def of(self, node: Quantity, position: tuple[int, ...]) -> Order:
        """Bounds of the tail index: moments of orders below the first exist, from the second on
        they do not."""
        root = Element(node, position)
        found = self._worked_out(root, self.step_by_step, self._step, _MOST)
        if found is not None and (found.unknown or not _is_certain(found.tail_index)):
            found = self._worked_out(root, self.known, self._better)
        return NONE if found is None or found.unknown else found.tail_index

    def tails(self, root: Element) -> Tails | None:
        """Tails of a quantity at a coordinate; None where it depends on too many others."""
        if self._worked_out(root, self.step_by_step, self._step, _MOST) is None:
            return None
        return self._worked_out(root, self.known, self._better)

    @np.errstate(all="ignore")
    def _worked_out(
        self, root: Element, known: dict[Element, Tails], made: Made, left: float = math.inf
    ) -> Tails | None:
        """Tails of a quantity, after those of all that it depends on; None where these are more
        than are `left` to be looked at."""
        stack = [] if root in known else [(root, self._operands(root))]
        while stack:
            element, operands = stack[-1]
            if element in known:
                stack.pop()
                continue
            missing = [each for each in operands if not (each in known or _is_constant(each))]
            if missing:
                left -= len(missing)
                if left < 0:
                    return None
                stack += [(each, self._operands(each)) for each in missing]
                continue
            stack.pop()
            found = [known.get(operand) or _number(operand) for operand in operands]
            known[element] = made(element, operands, found)
        return known[root]

    def _step(self, element: Element, operands: list[Element], known: list[Tails]) -> Tails:
        """The tails of an element from those of its operands, without what cancels: what is certain
        then stays so, but for powers whose rate is not known."""
        found = self._at(element, operands, known)
        return found._replace(unknown=True) if _guessed(element.node.operation, known) else found

    def _better(self, element: Element, operands: list[Element], known: list[Tails]) -> Tails:
        """With what cancels in numbers that share draws, where it matters."""
        found = self._at(element, operands, known)
        doubts = 0
        for operand in operands:
            doubts |= self.doubts.get(operand, 0)
        certain = _is_certain(found.tail_index) and _is_certain(found.zero)
        if (not certain or _share_draws(known)) and looked_through(element.node.operation):
            if doubts.bit_count() < _DOUBTS and not found.unknown:
                found = self.forms.better(element, found)
            doubts |= 1 << self.count
            self.count += 1
        if doubts:
            self.doubts[element] = doubts
        return found

    def _operands(self, element: Element) -> list[Element]:
        found = self.beside.get(element)
        if found is None:
            found = self.beside[element] = _operands(element)
        return found

    def _at(self, element: Element, made_of: list[Element], operands: list[Tails]) -> Tails:
        node, operation = element.node, element.node.operation
        if isinstance(operation, Constant):
            return _number(element)
        if any(operand.unknown for operand in operands):
            return nothing_known()
        if isinstance(operation, Elementwise):
            if operation.ufunc is np.multiply and made_of[0] == made_of[1]:
                return both(times(*operands), power(operands[0], 2.0))
            return _elementwise(operation, operands)
        if isinstance(operation, Quantile):
            bits = 0
            for variate in variates_of(next(operands_of(element))):
                bits |= self.draws.setdefault(variate, 1 << len(self.draws))
            return drawn(operation.family, operands, bits)
        if isinstance(operation, Shift) and not operands:
            return constant(operation.fill) if math.isfinite(operation.fill) else nothing_known()
        if isinstance(operation, Take | Stack | Shift):
            return operands[0]
        if isinstance(operation, Convert):
            scaled = times(operands[0], constant(operation.conversion.factor))
            return plus(scaled, constant(operation.conversion.shift))
        if isinstance(operation, Where):
            return _where(node, operands)
        if isinstance(operation, Filtered):
            return _filtered(operation, operands)
        if isinstance(operation, Lookup):
            return within(min(operation.column), max(operation.column), operands[0].draws)
        if isinstance(operation, Placed):
            return within(-0.5, len(operation.labels) - 0.5, operands[0].draws)
        if isinstance(operation, Extreme):
            return within(-math.inf, math.inf, -1)  # it may depend on any draw
        if isinstance(operation, Reduce | Accumulate):
            return _along(operation.kind, operands)
        if isinstance(operation, StatisticAlong):
            return _at_most(operands)
        if isinstance(operation, RandomSum):  # as many times one of them falls as their sum does
            return times(operands[0], operands[operation.example])
        return nothing_known()


def _share_draws(parts: list[Tails]) -> bool:
    met = 0
    for part in parts:
        if met & part.draws:
            return True
        met |= part.draws
    return False


def _guessed(operation: object, operands: list[Tails]) -> bool:
    """Whether e is raised to a number of which it is not known how fast it falls: `exp` then takes
    all moments to exist."""
    if isinstance(operation, Quantile):
        return operation.family.name == "lognormal" and any(x.value is None for x in operands)
    if not isinstance(operation, Elementwise) or operation.ufunc not in _RAISES:
        return False
    *base, exponent = operands
    if exponent.value is not None:
        return False
    return any(x.value is None for x in base) or has_unknown_rate(exponent)


def _is_certain(order: Order) -> bool:
    return order.least == order.most


def _is_constant(element: Element) -> bool:
    return isinstance(element.node.operation, Constant)


def _number(element: Element) -> Tails:
    operation = element.node.operation
    assert isinstance(operation, Constant)
    value = float(operation.value[element.position])
    return constant(value) if math.isfinite(value) else nothing_known()


def _operands(element: Element) -> list[Element]:
    """What a quantity at a coordinate is made of, sums along labels included."""
    node, operation = element.node, element.node.operation
    if isinstance(operation, Quantile):
        return list(operands_of(element))[1:]
    if not opaque(node):
        return [] if isinstance(operation, Constant) else list(operands_of(element))
    child = node.operands[0]
    if not isinstance(operation, Reduce | Accumulate | StatisticAlong):
        return []
    axis = [dim.name for dim in child.dims].index(operation.dim)
    position, mask = element.position, child.axes.mask
    if isinstance(operation, Accumulate):
        before = [(*position[:axis], i, *position[axis + 1 :]) for i in range(position[axis])]
        found = [Element(node, before[-1])] if before else []
        if mask is None or mask[position]:
            found.append(Element(child, position))
        return found
    spots = ((*position[:axis], i, *position[axis:]) for i in range(len(child.dims[axis])))
    return [Element(child, spot) for spot in spots if mask is None or mask[spot]]


# --- operations -----------------------------------------------------------------------------------


def _along(kind: str, operands: list[Tails]) -> Tails:
    """A sum, product or extreme along labels."""
    if not operands:
        return constant(0.0)
    if kind == "mean":
        return times(_along("sum", operands), constant(1.0 / len(operands)))
    total = operands[0]
    for operand in operands[1:]:
        if kind in ("sum", "cumsum"):
            total = plus(total, operand)
        elif kind in ("prod", "cumprod"):
            total = times(total, operand)
        elif kind == "max":
            total = larger(total, operand)
        else:
            total = minus(larger(minus(total), minus(operand)))
    return total


def _at_most(operands: list[Tails]) -> Tails:
    """A quantile or a deviation of numbers: no larger than some multiple of the largest of them,
    and perhaps far smaller."""
    if not operands:
        return nothing_known()
    largest = _along("max", [absolute(operand) for operand in operands])
    falls = FallBounds(largest.up.least, BOUNDED)
    return Tails(-math.inf, math.inf, falls, falls, zero=UNKNOWN, draws=largest.draws)


def _where(node: Quantity, operands: list[Tails]) -> Tails:
    condition, *branches = operands
    operation = node.operands[0].operation
    fair = isinstance(operation, Quantile) and condition.low == 0.0 and condition.high == 1.0
    independent = not any(condition.draws & branch.draws for branch in branches)
    return chosen(branches, condition.draws, certain=fair and independent)


def _filtered(operation: Filtered, operands: list[Tails]) -> Tails:
    """The tails of what is left between bounds: no heavier than of what is clamped to them, as
    draws are missing there instead."""
    found, *ends = operands
    for beyond, end in zip(operation.bounds, ends, strict=True):
        found = larger(found, end) if beyond is np.less else _minimum(found, end)
    return found


TailRule = Callable[..., Tails]


def _minimum(x: Tails, y: Tails) -> Tails:
    return minus(larger(minus(x), minus(y)))


def _difference(x: Tails, y: Tails) -> Tails:
    return plus(x, minus(y))


def _quotient(x: Tails, y: Tails) -> Tails:
    return times(x, reciprocal(y))


def _hypot(x: Tails, y: Tails) -> Tails:
    return power(plus(power(absolute(x), 2.0), power(absolute(y), 2.0)), 0.5)


def _raised(x: Tails, y: Tails) -> Tails:
    if y.value is not None:
        return power(x, y.value)
    if x.value is not None:
        return exp(times(y, constant(math.log(x.value)))) if x.value > 0.0 else nothing_known()
    return exp(times(y, log(x)))


def _shifted(function: TailRule, by: float) -> TailRule:
    return lambda x: function(plus(x, constant(by)))


def _times(factor: float, function: TailRule) -> TailRule:
    return lambda x: function(times(x, constant(factor)))


def _remainder(x: Tails, y: Tails) -> Tails:
    if y.value is None:
        return nothing_known()
    low, high = min(0.0, y.value), max(0.0, y.value)
    return Tails(low, high, draws=x.draws, zero=UNKNOWN, at_low=UNKNOWN, at_high=UNKNOWN)


def _wave(x: Tails) -> Tails:
    return Tails(-1.0, 1.0, zero=UNKNOWN, draws=x.draws)


_RULES: Mapping[np.ufunc, TailRule] = {
    np.add: plus,
    np.subtract: _difference,
    np.multiply: times,
    np.divide: _quotient,
    np.floor_divide: lambda x, y: rounded(_quotient(x, y)),
    np.power: _raised,
    np.float_power: _raised,
    np.reciprocal: reciprocal,
    np.negative: minus,
    np.positive: lambda x: x,
    np.absolute: absolute,
    np.fabs: absolute,
    np.square: lambda x: power(x, 2.0),
    np.sqrt: lambda x: power(x, 0.5),
    np.cbrt: lambda x: power(x, 1.0 / 3.0) if x.low >= 0.0 else nothing_known(),
    np.exp: exp,
    np.exp2: _times(math.log(2.0), exp),
    np.expm1: lambda x: plus(exp(x), constant(-1.0)),
    np.log: log,
    np.log2: lambda x: times(log(x), constant(1.0 / math.log(2.0))),
    np.log10: lambda x: times(log(x), constant(1.0 / math.log(10.0))),
    np.log1p: _shifted(log, 1.0),
    np.minimum: _minimum,
    np.maximum: larger,
    np.fmin: _minimum,
    np.fmax: larger,
    np.hypot: _hypot,
    np.floor: rounded,
    np.ceil: rounded,
    np.rint: rounded,
    np.trunc: rounded,
    np.sin: _wave,
    np.cos: _wave,
    np.remainder: _remainder,
    np.fmod: _remainder,
}
_RAISES: frozenset[np.ufunc] = frozenset({np.exp, np.exp2, np.expm1, np.power, np.float_power})
_INDICATORS: frozenset[np.ufunc] = frozenset(
    {
        np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal,
        np.logical_and, np.logical_or, np.logical_xor, np.logical_not, np.isfinite, np.isnan,
        np.isinf,
    }
)  # fmt: skip


def _elementwise(operation: Elementwise, operands: list[Tails]) -> Tails:
    ufunc = operation.ufunc
    draws = 0
    for operand in operands:
        draws |= operand.draws
    if all(operand.value is not None for operand in operands):
        value = float(ufunc(*(operand.low for operand in operands)))
        return constant(value) if math.isfinite(value) else nothing_known()
    if ufunc in _INDICATORS:
        return within(0.0, 1.0, draws)
    if ufunc is np.sign:
        return within(-1.0, 1.0, draws)
    rule = _RULES.get(ufunc)
    return nothing_known() if rule is None else rule(*operands)
