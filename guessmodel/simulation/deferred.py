"""Draws that are made when something first asks for them: many statistics need none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import final

from guessmodel.numerics.arrays import FloatArray

__all__ = ["Deferred", "NamedDraws"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class NamedDraws:
    """Draws by name, shape (*labels, draws), and for each name where non-finite ones arose."""

    arrays: Mapping[str, FloatArray]
    faults: Mapping[str, tuple[str, ...]]


@final
@dataclass(frozen=True, eq=False)
class Deferred:
    """Draws to be made once, or that are there already."""

    make: Callable[[], NamedDraws]

    @cached_property
    def draws(self) -> NamedDraws:
        """The draws, made now if nobody asked before."""
        return self.make()
