"""Quantities whose distribution is known in closed form: their statistics need no draws.

A draw at constant parameters, its multiples and shifts; columns of data; products, quotients and
constant powers of lognormals; linear combinations of normals. The same draw met twice is one
variable: x * x of a lognormal has twice the sigma, x - x of a normal is 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np

from guessmodel.conditional.places import Place, expand, opaque, operands_of
from guessmodel.distributions.family import Family
from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.distributions.normal import NORMAL_FAMILY
from guessmodel.operations import Convert, Elementwise
from guessmodel.quantity import Constant, Draw, Quantity
from guessmodel.structure import Lookup, Shift, Stack, Take

__all__ = ["Closed", "closed_forms", "labelled_form"]

_ROUNDING = 8 * np.finfo(np.float64).eps


@final
@dataclass(frozen=True, slots=True)
class Closed:
    """`shift + scale * X`, X of a family at constant parameters (family None: the constant)."""

    family: Family | None
    parameters: tuple[float, ...] = ()
    scale: float = 1.0
    shift: float = 0.0

    def mean(self) -> float:
        """Mean; NaN where it does not exist."""
        if self.family is None:
            return self.shift
        with np.errstate(over="ignore"):
            mean = float(self.family.mean(*self.parameters))
        return self._unless_rounding(self.shift + self.scale * mean)

    def sd(self) -> float:
        """Standard deviation; NaN where it does not exist."""
        if self.family is None:
            return 0.0
        with np.errstate(over="ignore"):
            variance = float(self.family.variance(*self.parameters))
        return abs(self.scale) * math.sqrt(variance)

    def quantile(self, p: float) -> float:
        """Quantile at p."""
        return self.shift if self.family is None else self._unless_rounding(self._at(p))

    def _unless_rounding(self, value: float) -> float:
        """A mean or quantile, but 0 where all that is left of it is the rounding of larger terms,
        as of the 5th percentile of a normal variable that is given by 0 and 2."""
        assert self.family is not None
        size = max(map(abs, (self.shift, *self.parameters)), default=0.0)
        if value == 0.0 or abs(value) > 1e-9 * size:  # the rule; what follows is costly
            return value
        low, high = self.family.support(*self.parameters)
        if self.shift == 0.0 and not np.all((low < 0.0) & (high > 0.0)):
            return value
        return 0.0 if abs(value) < _ROUNDING * abs(self._at(0.95) - self._at(0.05)) else value

    def _at(self, p: float) -> float:
        assert self.family is not None
        upper = (p > 0.5) == (self.scale > 0)
        tail = 1.0 - p if p > 0.5 else p
        with np.errstate(over="ignore"):
            x = (self.family.isf if upper else self.family.ppf)(tail, *self.parameters)
        return self.shift + self.scale * float(x)

    def cdf(self, x: float) -> float:
        """Probability of at most x."""
        if self.family is None:
            return float(self.shift <= x)
        z = (x - self.shift) / self.scale
        if self.scale > 0:
            return float(self.family.cdf(z, *self.parameters))
        return float(self.family.sf(np.nextafter(z, -np.inf), *self.parameters))  # P(X >= z)

    @property
    def discrete(self) -> bool:
        """Whether it has atoms."""
        return self.family is None or self.family.discrete


@final
@dataclass(frozen=True, slots=True)
class _Linear:
    """`constant + sum of coefficient * standard normal`, one standard normal a draw; the
    exponential of it, times `scale`, where `logarithm`."""

    constant: float
    normals: Mapping[Place, float] = field(default_factory=dict)
    logarithm: bool = False
    scale: float = 1.0

    def closed(self) -> Closed:
        sigma = math.hypot(*self.normals.values())
        if sigma == 0.0:
            value = math.exp(self.constant) * self.scale if self.logarithm else self.constant
            return Closed(None, shift=value)
        family = LOGNORMAL if self.logarithm else NORMAL_FAMILY
        return Closed(family, (self.constant, sigma), self.scale)


_MOST = 1_000_000  # coordinates looked at for a whole model
_MOST_LABELLED = 2_000  # and for one coordinate of one quantity

_Known = float | Closed | _Linear


def closed_forms(roots: Sequence[Quantity]) -> dict[Quantity, Closed]:
    """The closed form of every unlabelled quantity among the roots that has one."""
    starts = (Place(node, ()) for node in roots if not node.dims)
    known = _known(expand(starts, most=_MOST) or [])
    return {place.node: _closed(form) for place, form in known.items() if not place.node.dims}


def labelled_form(node: Quantity, position: tuple[int, ...]) -> Closed | None:
    """The closed form of a labelled quantity at one coordinate, if it has one there."""
    place = Place(node, position)
    form = _known(expand([place], most=_MOST_LABELLED) or []).get(place)
    return None if form is None else _closed(form)


def _known(order: Sequence[Place]) -> dict[Place, _Known]:
    known: dict[Place, _Known] = {}
    for place in order:
        form = _form(place, known)
        if form is not None:
            known[place] = form
    return known


def _closed(form: _Known) -> Closed:
    if isinstance(form, Closed):
        return form
    return form.closed() if isinstance(form, _Linear) else Closed(None, shift=form)


def _form(place: Place, known: Mapping[Place, _Known]) -> _Known | None:
    operation = place.node.operation
    if isinstance(operation, Constant):
        value = float(operation.value[place.position])
        return None if math.isnan(value) else value
    if isinstance(operation, Draw):
        return _draw(place, operation, known)
    if opaque(place.node):
        return None
    operands = []
    for child in operands_of(place):
        form = known.get(child)
        if form is None:
            return None
        operands.append(form)
    if isinstance(operation, Take | Stack | Shift):
        return operands[0] if operands else None
    if isinstance(operation, Convert):
        x, conversion = operands[0], operation.conversion
        return conversion.apply(x) if isinstance(x, float) else _times(x, conversion.factor)
    if isinstance(operation, Lookup):
        return _column(operation, operands[0])
    if not isinstance(operation, Elementwise):
        return None
    if all(isinstance(x, float) for x in operands):
        with np.errstate(all="ignore"):
            out = np.empty(())
            operation.evaluate([np.asarray(x) for x in operands], (), out)
        value = float(out)
        return value if math.isfinite(value) else None
    rule = _RULES.get(operation.ufunc)
    return None if rule is None else rule(*operands)


def _draw(place: Place, draw: Draw, known: Mapping[Place, _Known]) -> _Known | None:
    if draw.family.name == "mixture":
        from guessmodel.distributions.mixture import closed_mixture

        family = None if place.node.dims else closed_mixture(place.node)
        return None if family is None else Closed(family)
    parameters = [known.get(child) for child in operands_of(place)]
    values = tuple(x for x in parameters if isinstance(x, float))
    if len(values) < len(parameters):
        return None
    variate = _variate(place, draw)
    if draw.family is NORMAL_FAMILY:
        return _Linear(values[0], {variate: values[1]})
    if draw.family is LOGNORMAL:
        return _Linear(values[0], {variate: values[1]}, logarithm=True)
    return Closed(draw.family, values)


def _variate(place: Place, draw: Draw) -> Place:
    """The random variate of a draw at a coordinate: one for all labels of a shared dimension."""
    pairs = zip(place.node.dims, place.position, strict=True)
    return Place(place.node, tuple(i for dim, i in pairs if dim.name not in draw.shared))


def _column(lookup: Lookup, row: _Known) -> Closed | None:
    """A column of data whose rows are drawn with known probabilities."""
    from guessmodel.distributions.empirical import Empirical

    if not isinstance(row, Closed) or not isinstance(row.family, Empirical):
        return None
    data = np.asarray(lookup.column)[row.family.values.astype(np.intp)]
    return Closed(Empirical.of(data, row.family.shares))


# --- arithmetic of closed forms -----------------------------------------------------------------


def _times(x: _Known, factor: float) -> _Known | None:
    if isinstance(x, float):
        return x * factor
    if factor == 0.0:
        return 0.0
    if isinstance(x, Closed):
        return replace(x, scale=x.scale * factor, shift=x.shift * factor)
    if x.logarithm:
        return replace(x, scale=x.scale * factor)
    normals = {draw: a * factor for draw, a in x.normals.items()}
    return _Linear(x.constant * factor, normals)


def _plus(x: _Known, y: _Known, sign: float = 1.0) -> _Known | None:
    if isinstance(y, float):
        if isinstance(x, _Linear) and not x.logarithm:
            return replace(x, constant=x.constant + sign * y)
        x = _closed(x)
        return replace(x, shift=x.shift + sign * y)
    if isinstance(x, float):
        negated = _times(y, sign)
        return None if negated is None else _plus(negated, x)
    if isinstance(x, _Linear) and isinstance(y, _Linear) and not (x.logarithm or y.logarithm):
        return _Linear(x.constant + sign * y.constant, _combined(x.normals, y.normals, sign))
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
    if not (isinstance(y, _Linear) and y.logarithm):
        return None
    if isinstance(x, float):
        raised = _power(y, power)
        return None if raised is None else _times(raised, x)
    if not (isinstance(x, _Linear) and x.logarithm):
        return None
    normals = _combined(x.normals, y.normals, power)
    return _Linear(x.constant + power * y.constant, normals, True, x.scale * y.scale**power)


def _power(x: _Known, y: _Known) -> _Known | None:
    if not (isinstance(x, _Linear) and x.logarithm and x.scale > 0 and isinstance(y, float)):
        return None
    normals = {draw: a * y for draw, a in x.normals.items()}
    return _Linear(x.constant * y, normals, True, x.scale**y)


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


def _combined(
    x: Mapping[Place, float], y: Mapping[Place, float], sign: float
) -> dict[Place, float]:
    total = dict(x)
    for draw, a in y.items():
        total[draw] = total.get(draw, 0.0) + sign * a
    return {draw: a for draw, a in total.items() if a != 0.0}


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
    np.exp: _exp,
    np.log: _log(math.e),
    np.log10: _log(10.0),
    np.log2: _log(2.0),
}
