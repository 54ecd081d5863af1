"""Results with draws that a test chooses."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike

import guessmodel as gm
from guessmodel.graph.dims import Dim
from guessmodel.graph.operation import LabelledAxes
from guessmodel.simulation import Result, Run
from guessmodel.simulation.deferred import Deferred, NamedDraws

Make = Callable[..., Result]


@pytest.fixture
def drawn() -> Make:
    """`drawn(name, draws, unit, dims)`: a derived quantity, in 8 replicates, that has these
    draws; labels with nothing but NaN are not applicable."""

    def make(name: str, draws: ArrayLike, unit: str = "USD", dims: Sequence[Dim] = ()) -> Result:
        values = np.asarray(draws, dtype=np.float64)
        both = gm.normal(1, 2, unit) + gm.lognormal(1, 2, unit)
        whole = gm.Model({name: both}).sample(64)[name]
        applicable = ~np.isnan(values).all(axis=-1)
        mask = None if not dims or applicable.all() else applicable
        quantity = replace(whole.quantity, axes=LabelledAxes(tuple(dims), mask))
        return replace(
            whole,
            name=name,
            quantity=quantity,
            deferred=Deferred(lambda: NamedDraws({whole.key: values}, {})),
            dims=tuple(dims),
            knowledge=replace(whole.knowledge, run=Run("nets", 0, 8, values.shape[-1] // 8)),
            integrates=False,
        )

    return make
