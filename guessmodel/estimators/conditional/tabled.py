"""The CDF of a draw from a table, where each value takes a series of its own.

A search for a quantile asks for the CDF of an incomplete beta or gamma function at all draws, again
and again, a fifth to half a microsecond each. Between the nodes of a table it is a cubic, which has
the values and densities of both ends (Hermite). It is looked at in the middle of all cells, where a
cubic is farthest off; far out, and where it does not follow, the CDF is worked out as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, final

import numpy as np

from guessmodel.graph.family import Family
from guessmodel.numerics.arrays import FloatArray

__all__ = ["Tabled", "tabled"]

_SLOW: Final = frozenset(("beta", "pert", "gamma", "chi2", "student_t", "f", "inverse_gamma"))
_CELLS: Final = 1 << 12
_LEAST: Final = 2.0**-7  # a probability below, on either side, has all its digits
_CLOSE: Final = 1e-12  # of a probability: a millionth of what rounding to whole draws may do
_WORTHWHILE: Final = 0.5  # of all draws
_KEPT: Final = 32  # tables


@final
@dataclass(frozen=True, eq=False)
class Tabled:
    """The CDF of a family at parameters that are numbers."""

    family: Family
    parameters: tuple[float, ...]
    nodes: FloatArray
    coefficients: FloatArray
    """Of the powers of the place in a cell, the lowest first: shape (4, cells)."""

    def __call__(self, x: FloatArray) -> FloatArray:
        """P(draw <= x)."""
        low, high = self.nodes[0], self.nodes[-1]
        last = self.nodes.size - 2
        place = (np.clip(x, low, high) - low) * ((last + 1) / (high - low))
        cell = np.minimum(place.astype(np.intp), last)
        place -= cell
        share: FloatArray = self.coefficients[3].take(cell)
        for each in self.coefficients[2::-1]:
            share *= place
            share += each.take(cell)
        beyond = ~((x > low) & (x < high))
        if np.any(beyond):
            share[beyond] = self.family.cdf(x[beyond], *self.parameters)
        return share


def tabled(family: Family, parameters: Sequence[FloatArray]) -> Tabled | None:
    """The table; None of a family that needs none, at parameters that draws decide, and where a
    cubic does not follow."""
    if family.name not in _SLOW or any(each.size != 1 for each in parameters):
        return None
    return _made(family, tuple(float(each.reshape(())) for each in parameters))


@lru_cache(maxsize=_KEPT)
def _made(family: Family, parameters: tuple[float, ...]) -> Tabled | None:
    with np.errstate(all="ignore"):
        low = float(family.ppf(_LEAST, *parameters))
        high = float(family.isf(_LEAST, *parameters))
        nodes, step = np.linspace(low, high, _CELLS + 1, retstep=True)
        known = family.cdf(nodes, *parameters)
        slope = family.pdf(nodes, *parameters) * step
        begin, end, rise = slope[:-1], slope[1:], np.diff(known)
        cubic = (known[:-1], begin, 3.0 * rise - 2.0 * begin - end, begin + end - 2.0 * rise)
        found = Tabled(family, parameters, nodes, np.array(cubic))
        middle = (nodes[1:] + nodes[:-1]) / 2.0
        off = np.abs(found(middle) - family.cdf(middle, *parameters))
    (bad,) = np.nonzero(~(off < _CLOSE))
    at = int(np.searchsorted(bad, np.searchsorted(known, 0.5)))
    first = int(bad[at - 1]) + 1 if at else 0
    last = int(bad[at]) if at < bad.size else _CELLS
    if not known[last] - known[first] > _WORTHWHILE:
        return None
    return Tabled(family, parameters, nodes[first : last + 1], found.coefficients[:, first:last])
