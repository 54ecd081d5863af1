"""Distributions of sums of events, by the fast Fourier transform.

The size of an event is rounded to a grid, once up and once down. The transform of the sum is then
the probability generating function of the number of events at that of the size (Embrechts and
Frei, "Panjer recursion versus FFT for compound distributions", 2009). What is rounded down sums up
to no more than the sum itself, and what is rounded up to no less: so the two quantiles enclose the
true one. Sizes beyond the grid are left out, for no sum within it has one. What the transform wraps
around is damped by exponential tilting, to exp(-20) of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.closed_form import Closed, Forms
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.estimator import Answer, Estimator
from guessmodel.estimators.sums_of_events import independent
from guessmodel.graph import dims as dimensions
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.random_sum import RandomSum

__all__ = ["ESTIMATOR", "Compounded", "compounded_of"]

ESTIMATOR: Final = "fft"

_POINTS: Final = 1 << 17
_ROUGH: Final = 1 << 10  # points that tell how wide the grid must be
_TILT: Final = 20.0
_OFF: Final = 1e-6  # of a probability, by tilting and rounding: a hundred times what was measured
_COVERED: Final = 0.9999  # of the distribution, by the grid
_DOUBLINGS: Final = 60
_LONGEST: Final = 32  # functions one upon the other
_MOST: Final = 16  # labels, each of which has a grid of its own

FloatArray = NDArray[np.float64]
Steps = tuple[tuple[str, float], ...]  # increasing functions, one upon the other

_STEPS: Final[dict[np.ufunc, str]] = {
    np.minimum: "minimum",
    np.maximum: "maximum",
    np.add: "plus",
    np.subtract: "plus",
    np.multiply: "times",
    np.divide: "times",
}


@final
@dataclass(frozen=True, slots=True)
class Compounded(Estimator):
    """A sum of events of known frequency and size, and increasing functions of it."""

    count: Closed
    size: Closed
    within: Steps  # of each event
    beyond: Steps  # of the sum
    moments: Estimator | None = None
    """Of mean and standard deviation, where they are known."""

    def mean(self, unit: str) -> Answer | None:
        return None if self.moments is None else self.moments.mean(unit)

    def sd(self, unit: str) -> Answer | None:
        return None if self.moments is None else self.moments.sd(unit)

    def quantile(self, p: float, unit: str) -> Answer | None:
        found = _grid(self.count, self.size, self.within)
        if found is None:
            return None
        step, down, up = found
        if not p + _OFF < min(down[-1], up[-1]):
            return None  # beyond the grid
        places = np.searchsorted(down, max(p - _OFF, 0.0)), np.searchsorted(up, p + _OFF)
        low, high = (float(_stepped(step * place, self.beyond)) for place in places)
        return Answer(Estimate(0.5 * (low + high), low, high, ESTIMATOR, unit))


def compounded_of(
    forms: Forms,
    node: Quantity,
    position: tuple[int, ...],
    moments: Estimator | None,
) -> Estimator | None:
    """Of a quantity at a coordinate, if it is a sum of events or an increasing function of one, and
    their number and size are known; its `moments` may be known too."""
    if not forms.sums or dimensions.size(node.dims) > _MOST:
        return None
    base, beyond = _followed(forms, Element(node, position))
    operation = base.node.operation
    if not isinstance(operation, RandomSum) or not independent(forms, base):
        return None
    operands = list(operands_of(base))
    count = forms.at(operands[0].node, operands[0].position)
    event, within = _followed(forms, operands[operation.example])
    size = forms.at(event.node, event.position)
    if count is None or size is None or _generating(count) is None or size.family is None:
        return None
    within = (("times", size.scale), ("plus", size.shift), *within)
    plain = Closed(size.family, size.parameters)
    if size.scale <= 0.0 or _below(plain, within, -0.0) > 0.0:
        return None  # it may be negative
    return Compounded(count, plain, within, beyond, moments)


def _followed(forms: Forms, element: Element) -> tuple[Element, Steps]:
    """What a quantity is an increasing function of, and this function."""
    steps: list[tuple[str, float]] = []
    while len(steps) < _LONGEST:
        operation = element.node.operation
        if isinstance(operation, Convert):
            conversion = operation.conversion
            steps += [("plus", conversion.shift), ("times", conversion.factor)]
            (element,) = operands_of(element)
            continue
        kind = _STEPS.get(operation.ufunc) if isinstance(operation, Elementwise) else None
        if kind is None:
            break
        assert isinstance(operation, Elementwise)
        first, second = operands_of(element)
        known = forms.at(second.node, second.position)
        if known is None and operation.ufunc in (np.minimum, np.maximum, np.add, np.multiply):
            first, second = second, first
            known = forms.at(second.node, second.position)
        if known is None or known.family is not None:
            break
        value = -known.shift if operation.ufunc is np.subtract else known.shift
        if operation.ufunc is np.divide:
            value = 1.0 / value if value else 0.0
        if kind == "times" and value <= 0.0:
            break
        steps.append((kind, value))
        element = first
    return element, tuple(reversed(steps))


def _stepped(x: Any, steps: Steps) -> Any:
    for kind, value in steps:
        if kind == "plus":
            x = x + value
        elif kind == "times":
            x = x * value
        else:
            x = np.minimum(x, value) if kind == "minimum" else np.maximum(x, value)
    return x


def _below(size: Closed, steps: Steps, y: Any) -> Any:
    """P(f(X) <= y), or P(f(X) < 0) at y = -0.0: f is undone, step by step."""
    strict = bool(np.ndim(y) == 0 and np.signbit(y))
    y = np.atleast_1d(np.asarray(y, dtype=np.float64))
    always, never = np.zeros(y.shape, dtype=bool), np.zeros(y.shape, dtype=bool)
    for kind, value in reversed(steps):
        if kind == "plus":
            y = y - value
        elif kind == "times":
            y = y / value
        elif kind == "minimum":
            always |= (y > value if strict else y >= value) & ~never
        else:
            never |= (y <= value if strict else y < value) & ~always
    assert size.family is not None
    if strict:
        y = np.nextafter(y, -np.inf)
    found = np.asarray(size.family.cdf(y, *size.parameters), dtype=np.float64)
    found = np.where(always, 1.0, np.where(never, 0.0, found))
    return float(found[0]) if strict else found


def _generating(count: Closed) -> Callable[[NDArray[np.complex128]], Any] | None:
    """The probability generating function of the number of events."""
    if count.family is None:
        n = count.shift
        return None if n < 0.0 or not n.is_integer() else lambda z: z ** int(n)
    if count.scale != 1.0 or count.shift != 0.0:
        return None
    name, values = count.family.name, count.parameters
    if name == "poisson":
        return lambda z: np.exp(values[0] * (z - 1.0))
    if name == "bernoulli":
        return lambda z: 1.0 + values[0] * (z - 1.0)
    if name == "binomial":
        return lambda z: (1.0 + values[1] * (z - 1.0)) ** values[0]
    if name == "negative_binomial":
        return lambda z: (values[1] / (1.0 - (1.0 - values[1]) * z)) ** values[0]
    if name == "geometric":
        return lambda z: values[0] * z / (1.0 - (1.0 - values[0]) * z)
    return None


@lru_cache(maxsize=_MOST)  # 2 MB each, also of a model that is gone
def _grid(
    count: Closed, size: Closed, within: Steps
) -> tuple[float, FloatArray, FloatArray] | None:
    """The step of the grid, and P(sum <= k steps) of sizes that are rounded down, and up; None
    where no grid covers the distribution. Its width is a power of two of the largest sizes."""
    assert size.family is not None
    span = float(_stepped(size.family.isf(0.01, *size.parameters), within))
    if not 0.0 < span < np.inf:
        return None

    def covers(width: float) -> bool:
        return bool(_sums(count, size, within, width, _ROUGH)[1][-1] > _COVERED)

    wider = not covers(span)
    for _ in range(_DOUBLINGS):
        if wider:
            span *= 2.0
            if covers(span):
                break
        elif not covers(span / 2.0):
            break
        else:
            span /= 2.0
    else:
        return None
    down, up = _sums(count, size, within, span, _POINTS)
    return span / _POINTS, down, up


def _sums(
    count: Closed, size: Closed, within: Steps, span: float, points: int
) -> tuple[FloatArray, FloatArray]:
    cdf = _below(size, within, span / points * np.arange(points + 1.0))
    up = np.diff(cdf[:-1], prepend=0.0)
    down = np.diff(cdf[1:], prepend=0.0)
    generating = _generating(count)
    assert generating is not None
    tilt = np.exp(-_TILT / points * np.arange(points))
    found: list[FloatArray] = []
    for mass in (down, up):
        made = np.fft.irfft(generating(np.fft.rfft(mass * tilt)), points) / tilt
        found.append(np.maximum.accumulate(np.cumsum(made)))
    return found[0], found[1]
