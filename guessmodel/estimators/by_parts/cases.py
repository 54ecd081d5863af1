"""Cases that are looked at together: variates that are known, or held at some probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.central_moments import CentralMoments

__all__ = ["At", "Holding", "Knowing"]

At = Callable[[FloatArray], FloatArray | None]
"""A quantity that is made of one variate, where this has some probabilities; None for unknown."""


@final
@dataclass(frozen=True, slots=True)
class Knowing:
    """Some variates are known: moments are those of E[X | these].

    `known` has for each variate, as a bit, 1 in each case in which it is known, else 0.
    """

    known: Mapping[int, FloatArray]

    def of(self, moments: CentralMoments, variate: int, at: At) -> CentralMoments | None:
        """The moments in each case of what is made of one variate: it varies where this is known,
        else it is its mean."""
        return moments._replace(second=moments.second * self.known[variate])


@final
@dataclass(frozen=True, slots=True)
class Holding:
    """Some variates are held where they have some probability, all others vary.

    `levels` has for each variate, as a bit, the probability in each case; nan where it varies.
    """

    levels: Mapping[int, FloatArray]

    def of(self, moments: CentralMoments, variate: int, at: At) -> CentralMoments | None:
        """The moments in each case of what is made of one variate: it has one value where this is
        held."""
        levels = self.levels[variate]
        held = ~np.isnan(levels)
        values = np.zeros(levels.size)
        there = at(levels[held])
        if there is None:
            return None
        values[held] = there
        return CentralMoments.chosen(held, CentralMoments.certain(values, 2), moments)
