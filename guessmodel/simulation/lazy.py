"""The draws of a run as a Dataset on Dask arrays: a replicate is drawn when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from guessmodel.errors import needed
from guessmodel.estimators.program import program_of
from guessmodel.graph import dims as dimensions
from guessmodel.simulation.datasets import dataset
from guessmodel.simulation.runner import points_of, run_of

if TYPE_CHECKING:
    import xarray

    from guessmodel.model.model import Model

__all__ = ["lazy"]


def lazy(
    model: Model, n: int, seed: int, method: str, names: Sequence[str] | None
) -> xarray.Dataset:
    """See `Model.lazy`."""
    needed("dask", "dask")
    import dask.array as da
    from dask.delayed import delayed

    from guessmodel.engine.cluster import drawn, packed

    plan = program_of(model).plan(names)
    run = run_of(n, seed=seed, method=method)
    points = points_of(plan, run)
    job = delayed(packed(plan, points, None), pure=True)
    one = delayed(drawn, pure=True)
    draws = [one(job, r) for r in range(points.replicates)]
    arrays = {}
    for name, slot in plan.outputs.items():
        shape = (*dimensions.shape(plan.axes[name].dims), points.size)
        parts = [da.from_delayed(each[slot], shape, float) for each in draws]
        arrays[name] = da.stack(parts, axis=-2)
    return dataset(model, run, arrays)
