"""Dirichlet distribution: shares that sum to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from guessmodel.distributions.gamma import gamma
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.distributions.parametrisation import read
from guessmodel.errors import DimensionError, GuessmodelError, ModelError, caller, located
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Labels
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.options import refuse_unknown

__all__ = ["dirichlet"]

_LEAST = 0.05


@constructor(TextOptions)
def dirichlet(
    concentrations: Quantity | Mapping[Any, float],
    dim: str | Labels | None = None,
    **options: Unpack[TextOptions],
) -> Quantity:
    """Shares along a dimension that sum to 1 in every draw, `dirichlet({"a": 2, "b": 3}, dim="x")`.

    The share of a label is its concentration divided by the sum of all, on average, and spreads
    the less the larger the sum is: it is beta distributed, with the label's concentration and that
    of the others. Made of gamma draws of these shapes, divided by their sum (L. Devroye,
    "Non-Uniform Random Variate Generation", 1986, chapter XI.4).

    `dim={"technique": ["a", "b"], "month": range(12)}` draws anew at each month.

    Raises ModelError for concentrations below 0.05, whose gamma draws would all underflow to 0 at
    times, and DimensionError without labels.

    >>> dirichlet({"a": 2, "b": 3}, dim="technique")
    <derived /, ... (technique: 2)>
    """
    where = caller()
    try:
        refuse_unknown("dirichlet", options)
        along = dimensions.along(dim)
        shapes = read(concentrations, along, where)
        if not shapes.dims:
            raise DimensionError(
                'dirichlet needs labels, e.g. gm.dirichlet({"a": 2, "b": 3}, dim="x")'
            )
        if along.name is None and len(shapes.dims) > 1:
            names = ", ".join(f"'{each.name}'" for each in shapes.dims)
            raise DimensionError(
                f"dirichlet: say along which of {names} the shares sum to 1: dim=…"
            )
        wanted = along.name or shapes.dims[0].name
        labels = shapes.dims[dimensions.find(shapes.dims, wanted)]
        if len(labels) < 2:
            raise ModelError(f"dirichlet: '{wanted}' has a single label, whose share is always 1")
        if isinstance(shapes.operation, Constant):
            least = np.nanmin(shapes.operation.value)
            if not least >= _LEAST:
                raise ModelError(f"dirichlet: a concentration is {least:g}; write {_LEAST} or more")
        known = [each.name for each in shapes.dims]
        more = {each.name: each.labels for each in along.dims if each.name not in known} or None
        draws = gamma(shape=shapes, scale=1, dim=more)
        assert isinstance(draws.operation, Quantile)
        draws = replace(draws, operation=replace(draws.operation, inner=True))
        return replace(draws / draws.sum(wanted), **options)
    except GuessmodelError as error:
        raise located(error, where) from None
