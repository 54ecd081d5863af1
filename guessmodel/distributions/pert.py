"""PERT distribution: a beta variate between low and high whose mean weighs the mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.beta import BetaLike
from guessmodel.distributions.from_quantiles import bounds_about_mode, bounds_from_quantiles
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.distributions.triangular import forbid_mode_outside, midpoint
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.graph.ends import Ends
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["Pert", "pert"]


@final
class Pert(BetaLike):
    """PERT distribution by low, mode, high and the weight of the mode.

    Shapes of the beta variate: 1 + weight (mode - low) / (high - low) and
    1 + weight (high - mode) / (high - low).
    """

    name = "pert"
    parameters: ClassVar = {"low": REAL, "mode": REAL, "high": REAL, "weight": POSITIVE}
    clipped = True

    def ends(self, low: float, mode: float, high: float, weight: float) -> Ends:
        _, _, (alpha, beta) = self.split(low, mode, high, weight)
        return Ends(at_low=alpha, at_high=beta)

    def split(
        self, low: Any, mode: Any, high: Any, weight: Any
    ) -> tuple[Any, Any, tuple[Any, ...]]:
        width = high - low
        alpha = 1.0 + weight * ((mode - low) / width)
        beta = 1.0 + weight * ((high - mode) / width)
        return low, width, (alpha, beta)

    def support(self, low: Any, mode: Any, high: Any, weight: Any) -> tuple[FloatArray, FloatArray]:
        flat = np.zeros(np.broadcast(low, mode, high, weight).shape)
        return flat + low, flat + high

    def shapes_fit(self, alpha: Any, beta: Any) -> Any:
        return np.greater_equal(alpha, 1.0) & np.greater_equal(beta, 1.0)


def _from_bounds(low: Any, high: Any) -> Sequence[Any]:
    return low, midpoint(low, high), high, 4.0


def _from_mode(low: Any, high: Any, mode: Any, weight: Any = 4.0) -> Sequence[Any]:
    forbid_mode_outside("pert", low, mode, high)
    return low, mode, high, weight


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    return _from_bounds(*bounds_from_quantiles(low, high, *_standard(p, q, 0.5, 4.0)))


def _from_interval_and_mode(
    low: Any, high: Any, mode: Any, weight: Any = 4.0, *, p: float, q: float
) -> Sequence[Any]:
    first, last = bounds_about_mode("pert", partial(_standard, p, q), low, high, mode, weight)
    return first, mode, last, weight


def _standard(p: float, q: float, at: float, weight: float) -> tuple[float, float]:
    shapes = 1.0 + weight * at, 1.0 + weight * (1.0 - at)
    z_low, z_high = _FAMILY.standard_ppf(np.array([p, q]), *shapes)
    return float(z_low), float(z_high)


_FAMILY = Pert()
_FORMS = (
    Form({"low": 1, "high": 1}, _from_bounds, bounds=True),
    Form({"low": 1, "high": 1, "mode": 1}, _from_mode, bounds=True),
    Form({"low": 1, "high": 1, "mode": 1, "weight": 0}, _from_mode, bounds=True),
    Form(INTERVAL, _from_interval),
    Form({**INTERVAL, "mode": 1}, _from_interval_and_mode, needs_numbers=True),
    Form({**INTERVAL, "mode": 1, "weight": 0}, _from_interval_and_mode, needs_numbers=True),
)


@constructor(DrawOptions)
def pert(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mode: Value | None = None,
    weight: Value | None = None,
    mass: float | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """PERT draw: by its bounds, which it never leaves, the mode (the midpoint if left out) and the
    weight of the mode in the mean (4 if left out): (low + weight mode + high) / (weight + 2).
    With `mass`, low and high are the ends of the central interval that holds it, and `quantiles`
    are any two; with a mode, the bounds are then solved for numerically, from numbers.

    Raises ModelError for swapped or equal bounds, and for a mode outside them or the quantiles.

    >>> print(pert(1, 9, "month", mode=3).sample(8).mean())  # (low + 4 mode + high)/6
    3.667 month
    >>> print(pert(2, 8, "month", mode=4, mass=0.8).sample().quantile(0.9))
    8 month
    """
    given = {"low": low, "high": high, "mode": mode, "weight": weight}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
