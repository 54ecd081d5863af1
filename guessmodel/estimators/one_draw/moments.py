"""Moments of what is made of one draw alone, whatever is done with it: by quadrature over the draw,
or a sum over its values where these are isolated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from guessmodel.estimators.one_draw.function import OneDraw
from guessmodel.estimators.one_draw.turns import edges_of
from guessmodel.graph.coordinates import Element
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.central_moments import CentralMoments
from guessmodel.numerics.score_quadrature import moments_over_scores
from guessmodel.numerics.squarable import power_of

__all__ = ["at_levels", "moments_of_function", "moments_of_one"]

_MOST: Final = 512  # operations

Function = Callable[[FloatArray], FloatArray]


def moments_of_one(
    element: Element, order: int, then: Function, coordinates: int = 1
) -> CentralMoments | None:
    """Moments of `then` of a quantity at a coordinate, of so many in its model, that depends on one
    variate. None where that cannot be told, or costs too much, or where they do not exist."""
    one = OneDraw.of(element, _MOST, coordinates)
    return None if one is None else moments_of_function(one, order, then)


def moments_of_function(
    one: OneDraw, order: int, then: Function, also: FloatArray | None = None
) -> CentralMoments | None:
    """The same of what is known to be made of one draw; `then` turns, or has kinks, at normal
    scores that are told `also`."""
    if one.discrete:
        atoms = one.atoms(then)
        if atoms is None or not atoms.tell(order):
            return None
        power = power_of(atoms.values)
        values, shares = np.ldexp(atoms.values, -power), atoms.shares
        mean = float(values @ shares)
        moments = [float((values - mean) ** k @ shares) for k in range(2, order + 1)]
        return CentralMoments.of(mean, moments, power)
    edges = edges_of(one)
    if edges is None:
        return None
    edges = edges if also is None else np.union1d(edges, also)

    def f(low: FloatArray, high: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            return then(one.at(low, high))

    return moments_over_scores(f, order, edges)


def at_levels(element: Element, levels: FloatArray, then: Function) -> FloatArray | None:
    """`then` of such a quantity where its variate has some probabilities."""
    one = OneDraw.of(element, _MOST)
    if one is None:
        return None
    with np.errstate(all="ignore"):
        return np.asarray(then(one.at(levels, 1.0 - levels)), dtype=np.float64)
