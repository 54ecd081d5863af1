"""What a draw is made of: a random number, and the quantile function of a family at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from guessmodel.graph.dims import Dims, Label
from guessmodel.graph.elementwise import Where
from guessmodel.graph.family import Family
from guessmodel.graph.operation import LabelledAxes
from guessmodel.graph.variates import StandardVariate

__all__ = ["Quantile", "ScanPlace", "Variate"]


@final
@dataclass(frozen=True, slots=True)
class ScanPlace:
    """Where one of several random numbers stands that are written once, in the step of a
    recurrence."""

    group: int
    """The same for all of them."""
    dim: str
    label: Label
    name: str | None = None
    """That of the draw, which one of so many has not by itself."""

    def __str__(self) -> str:
        """As in the key of a labelled draw."""
        return f"[{self.dim}={self.label!r}]"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Variate:
    """A random number that a name owns, one at each of its labels; it has no operands.

    `kind` is how the method `random` makes it: a standard normal number, a uniform one … All that
    is computed from it is an increasing function of it.
    """

    kind: StandardVariate
    place: ScanPlace | None = None

    @property
    def name(self) -> str:
        return "variate"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Quantile:
    """A draw: the quantile function of a family, at a variate (the first operand) and the
    canonical parameters (the others).

    `given` keeps the parametrisation as the user wrote it. The draw has the dimensions of its
    parameters, `dims` and those of the variate; along one that the variate lacks all labels use
    the same random number. A draw that is `inner` was made by a constructor on the way to
    something else, so that the user cannot name it.
    """

    family: Family
    given: Mapping[str, Any]
    dims: Dims = ()
    inner: bool = False

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        """Labelled axes: those of the parameters, then its own; raises DimensionError."""
        variate, *parameters = operands
        return Where().axes([*parameters, LabelledAxes(self.dims, None), variate])
