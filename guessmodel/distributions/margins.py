"""What gm.correlate needs to know of a draw: its random number, and the steps in its ranks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.draws import constant_value
from guessmodel.distributions.mixture import MIXTURE
from guessmodel.errors import ModelError, WrongKind
from guessmodel.graph import dims as dimensions
from guessmodel.graph.categories import refuse_arithmetic
from guessmodel.graph.dims import Dims
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.scores import Scores
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rank_correlation import CONTINUOUS, Steps

__all__ = ["Margin", "margin_of"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """A draw that is to be correlated; `given` is the draw, or the draw in another unit."""

    title: str
    given: Quantity
    draw: Quantity
    variate: Quantity

    @property
    def family(self) -> Family:
        operation = self.draw.operation
        assert isinstance(operation, Quantile)
        return operation.family

    @property
    def continuous(self) -> bool:
        """Whether no value has a probability of its own."""
        parts = getattr(self.family, "parts", ())
        return not self.family.discrete and not any(part.discrete for part in parts)

    def steps(self) -> tuple[Dims, list[Steps]]:
        """The steps in the ranks of the draw, at each label of its parameters; ModelError where
        these are uncertain."""
        if self.continuous:
            return (), [CONTINUOUS]
        values = [constant_value(parameter) for parameter in self.draw.parameters]
        arrays = [value for value in values if value is not None]
        if len(arrays) < len(values):
            raise ModelError(
                f"{self.title} is discrete and has uncertain parameters, so that no one correlation"
                " of its scores gives the rank correlation; write numbers, or rank=1 or -1"
            )
        dims = dimensions.union(parameter.dims for parameter in self.draw.parameters)
        spread = np.broadcast_arrays(
            np.empty(dimensions.shape(dims)),
            *(
                dimensions.broadcast(array, parameter.dims, dims)
                for array, parameter in zip(arrays, self.draw.parameters, strict=True)
            ),
        )[1:]
        rows = list(zip(*(value.ravel().tolist() for value in spread), strict=True)) or [()]
        return dims, [_steps(self.family, row) for row in rows]

    def on(self, number: Quantity) -> Quantity:
        """The same draw, computed from another number."""
        return _on(self.given, number)


def _on(node: Quantity, number: Quantity) -> Quantity:
    if isinstance(node.operation, Quantile):
        return replace(node, operands=(number, *node.parameters))
    return replace(node, operands=(_on(node.operands[0], number),))


@lru_cache(maxsize=256)
def _steps(family: Family, parameters: tuple[float, ...]) -> Steps:
    if any(parameter != parameter for parameter in parameters):  # not applicable
        return CONTINUOUS

    def at(function: Callable[..., Any], x: ArrayLike) -> FloatArray:
        return np.asarray(function(x, *parameters))

    return Steps.of(partial(at, family.ppf), partial(at, family.cdf))


def margin_of(given: Any, title: str) -> Margin:
    """The margin of an argument of gm.correlate; raises WrongKind or ModelError for what is no
    draw."""
    if not isinstance(given, Quantity):
        raise WrongKind(f"gm.correlate takes draws, such as gm.normal(2, 5), not {given!r}")
    refuse_arithmetic("gm.correlate", [given])
    draw = given
    while isinstance(draw.operation, Convert):
        draw = draw.operands[0]
    if not isinstance(draw.operation, Quantile):
        raise ModelError(
            f"gm.correlate takes draws, but {title} is {given.kind}; correlate the draws that it "
            "is made of"
        )
    if draw.operation.family is MIXTURE:
        raise ModelError(
            f"{title} is a mixture of quantities that are drawn by themselves, so that it is no "
            "increasing function of one random number; correlate its components, or write them "
            "inside gm.mixture([…])"
        )
    number = draw.operands[0]
    if isinstance(number.operation, Scores):
        raise ModelError(
            f"{title} is correlated already, in {number.location}; write one gm.correlate with all "
            "that go together"
        )
    return Margin(title, given, draw, number)
