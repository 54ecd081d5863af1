"""A statistic as the draws of a run tell it, before rare events that they miss are added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import final

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.stratified import Stratum
from guessmodel.numerics.arrays import FloatArray

__all__ = ["FromRun", "not_looked_at"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class FromRun:
    """A statistic of an output at a coordinate, as the draws of the run tell it.

    Attributes
    ----------
    found : the estimate from these draws
    estimator : the same statistic of strata, in a unit
    name, position : the output and the coordinate
    rows : its draws, shape (replicates, size)
    n : draws of the run; None where they were not kept, and `rows` has a few of another
    """

    found: Estimate
    estimator: Callable[[Sequence[Stratum], str], Estimate]
    name: str
    position: tuple[int, ...]
    rows: Callable[[], FloatArray]
    n: int | None


def not_looked_at(found: Estimate, events: int) -> Estimate:
    """An estimate that lacks what some rare events do to it, with a mark."""
    what = "1 rare event was" if events == 1 else f"{events} rare events were"
    return replace(found, note=found.note or f"unreliable: {what} not looked at")
