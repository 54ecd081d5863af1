"""Quantities whose distribution is known in closed form: their statistics need no draws.

A draw at constant parameters, its multiples and shifts; what is kept of isolated values between
bounds; sums of events; columns of data; products, quotients and constant powers of lognormals;
linear combinations of normals; comparisons of counts and categories with a number or a label. The
same draw met twice is one variable: x * x of a lognormal has twice the sigma, x - x of a normal is
0. Labels are followed too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np

from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.distributions.normal import NORMAL_FAMILY
from guessmodel.estimators.closed import MIRRORED, Closed
from guessmodel.estimators.combination import Combination, normal_score
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Accumulate, Lookup, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element, opaque, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise, Placed, Round
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.random_sum import RandomSum
from guessmodel.graph.traversal import ancestors
from guessmodel.units import Conversion

__all__ = ["Closed", "ClosedForms"]


@final
@dataclass(frozen=True, slots=True)
class _Linear:
    """`constant + combination of standard normals`; the exponential of it, times `scale`, where
    `logarithm`."""

    constant: float
    normals: Combination
    logarithm: bool = False
    scale: float = 1.0

    def closed(self) -> Closed:
        sigma = self.normals.sd
        if sigma == 0.0:
            with np.errstate(over="ignore"):
                exponential = float(np.exp(self.constant)) * self.scale
            return Closed(None, shift=exponential if self.logarithm else self.constant)
        family = LOGNORMAL if self.logarithm else NORMAL_FAMILY
        return Closed(family, (self.constant, sigma), self.scale)


_LARGE = 400.0  # logarithms beyond it are kept as a factor; floating-point numbers end at 709
_MOST = 200_000  # coordinates of all quantities, beyond which those that mix them are not followed

_Known = float | Closed | _Linear
_Step = Generator[Element, _Known | None, _Known | None]  # asks for operands, ends with the form


@final
@dataclass(frozen=True, slots=True)
class ClosedForms:
    """The closed forms of some quantities and all they depend on, each worked out when it is asked
    for, once. No answer depends on what was asked before."""

    followed: bool  # through operations that mix coordinates
    numbers: dict[Quantity, int]  # of each variate's first coordinate; the others follow
    known: dict[Element, _Known | None] = field(default_factory=dict)
    sums: bool = False  # whether sums of events are among them
    coordinates: int = 0  # of all quantities

    @classmethod
    def of(cls, roots: Iterable[Quantity]) -> ClosedForms:
        """The forms of the roots and of all they depend on."""
        numbers: dict[Quantity, int] = {}
        drawn, total, sums = 0, 0, False
        for node in ancestors(roots):
            size = dimensions.size(node.dims)
            if isinstance(node.operation, Variate):
                numbers[node], drawn = drawn, drawn + size
            else:
                total += size
                sums |= isinstance(node.operation, RandomSum)
        return cls(total <= _MOST, numbers, sums=sums, coordinates=total)

    def at(self, node: Quantity, position: tuple[int, ...] = ()) -> Closed | None:
        """The closed form of a quantity at a coordinate, if it has one."""
        form = self._evaluated(Element(node, position))
        if isinstance(form, _Linear):
            form = form.closed()
        closed = Closed(None, shift=form) if isinstance(form, float) else form
        return closed if closed is not None and math.isfinite(closed.shift) else None

    def _evaluated(self, root: Element) -> _Known | None:
        """Operand by operand, and no further than to the first that leaves no form."""
        if root in self.known:
            return self.known[root]
        stack = [(root, self._form(root))]
        form: _Known | None = None  # of the element that was asked for last
        started = False
        while stack:
            element, steps = stack[-1]
            try:
                asked = steps.send(form) if started else next(steps)
            except StopIteration as end:
                form = self.known[element] = end.value
                started = True
                stack.pop()
                continue
            started = asked in self.known
            if started:
                form = self.known[asked]
            else:
                stack.append((asked, self._form(asked)))
        return form

    def _form(self, element: Element) -> _Step:
        operation = element.node.operation
        if isinstance(operation, Constant):
            value = float(operation.value[element.position])
            return None if math.isnan(value) else value
        if isinstance(operation, Quantile):
            return (yield from self._draw(element, operation))
        if isinstance(operation, Reduce | Accumulate):
            return (yield from self._folded(element, operation))
        if isinstance(operation, RandomSum):
            from guessmodel.estimators.sums_of_events import known_sum

            return known_sum(self, element)
        if opaque(element.node):
            return None
        operands = []
        for child in operands_of(element):
            form = yield child
            if form is None:
                return None
            operands.append(form)
        if isinstance(operation, Shift) and not operands:
            return None if math.isnan(operation.fill) else float(operation.fill)
        if isinstance(operation, Take | Stack | Shift):
            return operands[0]
        if isinstance(operation, Convert):
            return _converted(operation.conversion, operands[0])
        if isinstance(operation, Lookup):
            return _column(operation, operands[0])
        if isinstance(operation, Elementwise | Placed | Round):
            return _elementwise(operation, operands)
        return None

    def _folded(self, element: Element, operation: Reduce | Accumulate) -> _Step:
        """A sum or product over the labels that are applicable."""
        rule = _FOLDS.get(operation.kind)
        if rule is None or not self.followed:
            return None
        total: _Known | None = None
        count = 0
        for child in operands_of(element):
            form = yield child
            if form is None:
                return None
            count += 1
            total = form if total is None else rule(total, form)
            if total is None:
                return None
        if total is None or operation.kind != "mean":
            return total
        return _times(total, 1.0 / count)

    def _draw(self, element: Element, draw: Quantile) -> _Step:
        if draw.family.name == "mixture":
            from guessmodel.distributions.mixture import closed_mixture

            family = None if element.node.dims else closed_mixture(element.node)
            return None if family is None else Closed(family)
        values = []
        variate, *parameters = operands_of(element)
        for child in parameters:
            value = yield child
            if not isinstance(value, float):
                return _at_uncertain_rate(value) if draw.family.name == "poisson" else None
            values.append(value)
        if draw.family is NORMAL_FAMILY or draw.family is LOGNORMAL:
            normal = yield from normal_score(variate, self._number)
            if normal is not None:
                return _Linear(values[0], normal.times(values[1]), draw.family is LOGNORMAL)
        return Closed(draw.family, tuple(values))

    def _number(self, variate: Element) -> int:
        number = 0
        for dim, i in zip(variate.node.dims, variate.position, strict=True):
            number = number * len(dim) + i
        return self.numbers[variate.node] + number


def _converted(conversion: Conversion, x: _Known) -> _Known | None:
    """The same in another unit."""
    if isinstance(x, float):
        return conversion.apply(x)
    scaled = _times(x, conversion.factor)
    if scaled is None or conversion.offset == 0.0:
        return scaled
    return _plus(scaled, conversion.shift)


def _elementwise(
    operation: Elementwise | Placed | Round, operands: Sequence[_Known]
) -> _Known | None:
    """What a function makes of known operands: of numbers always a number, of others where there
    is a rule for it."""
    if all(isinstance(x, float) for x in operands):
        with np.errstate(all="ignore"):
            out = np.empty(())
            operation.evaluate([np.asarray(x) for x in operands], (), out)
        value = float(out)
        return value if math.isfinite(value) else None
    if not isinstance(operation, Elementwise):
        return None
    if operation.ufunc in MIRRORED and operation.converted is None:
        return _compared(operation.ufunc, *operands)
    rule = _RULES.get(operation.ufunc)
    return None if rule is None else rule(*operands)


def _at_uncertain_rate(rate: _Known | None) -> Closed | None:
    """Poisson draws whose rate is gamma distributed are negative binomial (Greenwood and Yule,
    1920)."""
    gamma = isinstance(rate, Closed) and rate.family is not None and rate.family.name == "gamma"
    if not gamma or not isinstance(rate, Closed) or rate.shift != 0.0 or rate.scale <= 0.0:
        return None
    from guessmodel.distributions.negative_binomial import NEGATIVE_BINOMIAL

    shape, scale = rate.parameters
    return Closed(NEGATIVE_BINOMIAL, (shape, 1.0 / (1.0 + scale * rate.scale)))


def _column(lookup: Lookup, row: _Known) -> Closed | None:
    """A column of data whose rows are drawn with known probabilities."""
    from guessmodel.distributions.empirical import Empirical

    if not isinstance(row, Closed) or not isinstance(row.family, Empirical):
        return None
    data = np.asarray(lookup.column)[row.family.values.astype(np.intp)]
    return Closed(Empirical.of(data, row.family.shares))


def _compared(ufunc: np.ufunc, x: _Known, y: _Known) -> Closed | None:
    if isinstance(x, float):
        ufunc, x, y = MIRRORED[ufunc], y, x
    return x.event(ufunc, y) if isinstance(x, Closed) and isinstance(y, float) else None


# --- arithmetic of closed forms -----------------------------------------------------------------


def _times(x: _Known, factor: float) -> _Known | None:
    if isinstance(x, float):
        return x * factor
    if factor == 0.0:
        return 0.0
    if isinstance(x, Closed):
        return x.times(factor).unless_constant()
    if x.logarithm:
        product = x.scale * factor
        if product != 0.0 and math.isfinite(product):
            return _exponential(x.constant, x.normals, product)
        size = x.constant + math.log(abs(x.scale))  # the product is beyond the floats
        return _exponential(size, x.normals, math.copysign(factor, product))
    return _Linear(x.constant * factor, x.normals.times(factor))


def _plus(x: _Known, y: _Known, sign: float = 1.0) -> _Known | None:
    if isinstance(x, float):
        if isinstance(y, float):
            return x + sign * y
        negated = _times(y, sign)
        return None if negated is None else _plus(negated, x)
    if isinstance(y, float):
        if isinstance(x, Closed):
            return x.plus(sign * y).unless_constant()
        if x.logarithm:
            return _plus(x.closed(), y, sign)
        return replace(x, constant=x.constant + sign * y)
    if isinstance(x, _Linear) and isinstance(y, _Linear) and not (x.logarithm or y.logarithm):
        return _Linear(x.constant + sign * y.constant, x.normals.plus(y.normals, sign))
    return None


def _multiply(x: _Known, y: _Known) -> _Known | None:
    if isinstance(x, float):
        x, y = y, x
    if isinstance(y, float):
        return _times(x, y)
    return _product(x, y, 1.0)


def _divide(x: _Known, y: _Known) -> _Known | None:
    if isinstance(y, float):
        return None if y == 0.0 else _times(x, 1.0 / y)
    return _product(x, y, -1.0)


def _product(x: _Known, y: _Known, power: float) -> _Known | None:
    """`x * y ** power`, of powers 1 and -1."""
    if not (isinstance(y, _Linear) and y.logarithm):
        return None
    if isinstance(x, float):
        raised = _exponential(power * y.constant, y.normals.times(power), y.scale, power)
        return _times(raised, x)
    if not (isinstance(x, _Linear) and x.logarithm):
        return None
    raised = _exponential(
        x.constant + power * y.constant, x.normals.plus(y.normals, power), y.scale, power
    )
    return _times(raised, x.scale)


def _power(x: _Known, y: _Known) -> _Known | None:
    if not (isinstance(x, _Linear) and x.logarithm and x.scale > 0 and isinstance(y, float)):
        return None
    return _exponential(x.constant * y, x.normals.times(y), x.scale, y)


def _exponential(
    constant: float, normals: Combination, scale: float, power: float = 1.0
) -> _Linear:
    """The exponential times `scale ** power`, of which a very large or small one becomes part of
    the exponent."""
    size = power * math.log(abs(scale))
    if abs(size) > _LARGE:
        return _Linear(constant + size, normals, True, math.copysign(1.0, scale))
    return _Linear(constant, normals, True, scale**power)


def _exp(x: _Known) -> _Known | None:
    if isinstance(x, _Linear) and not x.logarithm:
        return replace(x, logarithm=True)
    return None


def _log(base: float) -> Callable[[_Known], _Known | None]:
    def rule(x: _Known) -> _Known | None:
        if not (isinstance(x, _Linear) and x.logarithm and x.scale > 0):
            return None
        return _times(_Linear(x.constant + math.log(x.scale), x.normals), 1.0 / math.log(base))

    return rule


def _bounded_atoms(side: np.ufunc) -> Callable[[_Known, _Known], _Known | None]:
    """The smaller or larger of isolated values and a constant."""

    def rule(x: _Known, y: _Known) -> _Known | None:
        if isinstance(x, float):
            x, y = y, x
        if not isinstance(x, Closed) or not isinstance(y, float) or not x.discrete:
            return None
        from guessmodel.distributions.empirical import Empirical
        from guessmodel.estimators.lattices import far_atoms

        atoms = far_atoms(x)  # of what is cut off nearly whole, these may be all that is left
        return None if atoms is None else Closed(Empirical.of(side(atoms[0], y), atoms[1]))

    return rule


_RULES: dict[np.ufunc, Callable[..., _Known | None]] = {
    np.add: _plus,
    np.subtract: lambda x, y: _plus(x, y, -1.0),
    np.negative: lambda x: _times(x, -1.0),
    np.multiply: _multiply,
    np.divide: _divide,
    np.power: _power,
    np.sqrt: lambda x: _power(x, 0.5),
    np.cbrt: lambda x: _power(x, 1.0 / 3.0),
    np.square: lambda x: _power(x, 2.0),
    np.reciprocal: lambda x: _power(x, -1.0),
    np.minimum: _bounded_atoms(np.minimum),
    np.maximum: _bounded_atoms(np.maximum),
    np.exp: _exp,
    np.log: _log(math.e),
    np.log10: _log(10.0),
    np.log2: _log(2.0),
}

_FOLDS: dict[str, Callable[[_Known, _Known], _Known | None]] = {
    "sum": _plus,
    "mean": _plus,
    "cumsum": _plus,
    "prod": _multiply,
    "cumprod": _multiply,
}
