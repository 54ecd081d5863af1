"""Double triangular distribution: a triangle of given probability on either side of the mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Unpack, final

import numpy as np

from guessmodel.distributions.checks import forbid
from guessmodel.distributions.from_quantiles import bounds_about_mode, bounds_from_quantiles
from guessmodel.distributions.location_scale import LocationScale
from guessmodel.distributions.options import DrawOptions, constructor
from guessmodel.distributions.parametrisation import INTERVAL, Form, construct
from guessmodel.distributions.triangular import forbid_mode_outside, midpoint
from guessmodel.graph.domains import REAL, Domain
from guessmodel.graph.ends import Ends
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import UNIFORM
from guessmodel.numerics.arrays import FloatArray
from guessmodel.units import Unit

__all__ = ["DoubleTriangular", "double_triangular"]


@final
class DoubleTriangular(LocationScale):
    """Double triangular distribution by low, mode, high and the probability below the mode.

    Shapes: where the mode lies, from 0 to 1, and that probability.
    """

    name = "double_triangular"
    parameters: ClassVar = {"low": REAL, "mode": REAL, "high": REAL, "below": Domain(0.0, 1.0)}
    base = UNIFORM
    lower, upper, clipped = 0.0, 1.0, True

    def ends(self, low: float, mode: float, high: float, below: float) -> Ends:
        return Ends(at_low=2.0, at_high=2.0)

    def split(self, low: Any, mode: Any, high: Any, below: Any) -> tuple[Any, Any, tuple[Any, ...]]:
        return low, high - low, ((mode - low) / (high - low), below)

    def support(self, low: Any, mode: Any, high: Any, below: Any) -> tuple[FloatArray, FloatArray]:
        flat = np.zeros(np.broadcast(low, mode, high, below).shape)
        return flat + low, flat + high

    def shapes_fit(self, at: Any, below: Any) -> Any:
        inside = np.greater(at, 0.0) & np.less(at, 1.0)
        return inside & np.greater(below, 0.0) & np.less(below, 1.0)

    def standard_mean(self, at: Any, below: Any) -> Any:
        return below * 2.0 * at / 3.0 + (1.0 - below) * (1.0 + 2.0 * at) / 3.0

    def standard_variance(self, at: Any, below: Any) -> Any:
        # About the mode, each triangle has mean ±1/3 and mean square 1/6 of its width.
        above = 1.0 - below
        squares = below * at**2 / 6.0 + above * (1.0 - at) ** 2 / 6.0
        return squares - ((above * (1.0 - at) - below * at) / 3.0) ** 2

    def standard_pdf(self, z: FloatArray, at: Any, below: Any) -> Any:
        falling = 2.0 * (1.0 - below) * (1.0 - z) / (1.0 - at) ** 2
        return np.where(z < at, 2.0 * below * z / at**2, falling)

    def standard_cdf(self, z: FloatArray, at: Any, below: Any) -> Any:
        upper = 1.0 - (1.0 - below) * ((1.0 - z) / (1.0 - at)) ** 2
        return np.where(z < at, below * (z / at) ** 2, upper)

    def standard_sf(self, z: FloatArray, at: Any, below: Any) -> Any:
        upper = (1.0 - below) * ((1.0 - z) / (1.0 - at)) ** 2
        return np.where(z < at, 1.0 - below * (z / at) ** 2, upper)

    def standard_isf(self, q: FloatArray, at: Any, below: Any) -> Any:
        return 1.0 - self.from_base(q, None, 1.0 - at, 1.0 - below)

    def from_base(self, z: FloatArray, out: FloatArray | None, at: Any, below: Any) -> Any:
        rising = at * np.sqrt(z / below)
        falling = 1.0 - (1.0 - at) * np.sqrt((1.0 - z) / (1.0 - below))
        return np.where(
            z < below, rising, np.maximum(falling, at)
        )  # rounding may fall below the mode


def _from_mode(low: Any, high: Any, mode: Any, below: Any = 0.5) -> Sequence[Any]:
    forbid_mode_outside("double_triangular", low, mode, high)
    edge = "double_triangular: the mode lies on a bound; write gm.triangular(low, high, mode=…)"
    forbid(mode == low, edge)
    forbid(mode == high, edge)
    return low, mode, high, below


def _from_bounds(low: Any, high: Any) -> Sequence[Any]:
    return low, midpoint(low, high), high, 0.5


def _from_interval(low: Any, high: Any, p: float, q: float) -> Sequence[Any]:
    return _from_bounds(*bounds_from_quantiles(low, high, *_standard(p, q, 0.5, 0.5)))


def _from_interval_and_mode(
    low: Any, high: Any, mode: Any, below: Any = 0.5, *, p: float, q: float
) -> Sequence[Any]:
    first, last = bounds_about_mode(
        "double_triangular", partial(_standard, p, q), low, high, mode, below
    )
    return _from_mode(first, last, mode, below)


def _standard(p: float, q: float, at: float, below: float) -> tuple[float, float]:
    z_low, z_high = _FAMILY.standard_ppf(np.array([p, q]), at, below)
    return float(z_low), float(z_high)


_FAMILY = DoubleTriangular()
_FORMS = (
    Form({"low": 1, "high": 1}, _from_bounds, bounds=True),
    Form({"low": 1, "high": 1, "mode": 1}, _from_mode, bounds=True),
    Form({"low": 1, "high": 1, "mode": 1, "below": 0}, _from_mode, bounds=True),
    Form(INTERVAL, _from_interval),
    Form({**INTERVAL, "mode": 1}, _from_interval_and_mode, needs_numbers=True),
    Form({**INTERVAL, "mode": 1, "below": 0}, _from_interval_and_mode, needs_numbers=True),
)


@constructor(DrawOptions)
def double_triangular(
    low: Value | None = None,
    high: Value | None = None,
    unit: str | Unit | None = None,
    *,
    mode: Value | None = None,
    below: Value | None = None,
    mass: float | None = None,
    quantiles: Mapping[float, Value] | None = None,
    **options: Unpack[DrawOptions],
) -> Quantity:
    """Double triangular draw: by its bounds, the mode (the midpoint if left out) and the
    probability `below` the mode (0.5 if left out, which makes the mode the median); with `mass`,
    low and high are the ends of the central interval that holds it, and `quantiles` are any two.

    The density jumps at the mode where the two triangles differ in height. Recommended for range
    estimates by AACE International, Recommended Practice 41R-08.

    Raises ModelError for swapped or equal bounds, and for a mode that is not between them.

    >>> print(double_triangular(0, 10, "USD", mode=4, below=0.76).sample(8).cdf(4))
    0.76
    """
    given = {"low": low, "high": high, "mode": mode, "below": below}
    return construct(_FAMILY, _FORMS, given, unit, mass=mass, quantiles=quantiles, **options)
