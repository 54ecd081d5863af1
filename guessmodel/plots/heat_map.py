"""The mean of a quantity along two dimensions with numbers as labels."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap

from guessmodel.errors import DimensionError, UsageError, public
from guessmodel.graph.dims import Dim
from guessmodel.plots.fan import is_ordered
from guessmodel.plots.labels import Numbers, clean, most_ticks, titled
from guessmodel.plots.sample import check_axis
from guessmodel.plots.style import BLUE, house, ink_of, new_axes, refuse_other, refuse_style
from guessmodel.simulation import Result

__all__ = ["heat_map"]

_COLOURS: Final = LinearSegmentedColormap.from_list("blue", ["#EAF3F8", BLUE, "#00263B"])


@public
def heat_map(result: Result, *, ax: Axes | None = None, style: str = "auto") -> Axes:
    """The mean of a quantity, or of an indicator its probability, in a cell for each pair of labels
    of two dimensions, which are numbers; such as those of a sweep over two inputs.

    Cells have one size, whatever lies between the labels. Labels at which the quantity is not
    applicable have an empty cell.

    Raises UsageError or DimensionError where the dimensions are others.

    >>> import guessmodel as gm
    >>> price, count = gm.constant(3, "USD"), gm.constant(2)
    >>> model = gm.Model(price=price, count=count, cost=price * count * gm.normal(1, 2))
    >>> ax = heat_map(model.sweep({"price": [1, 2, 3], "count": [5, 10]}, n=1024).result)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('price', 'count')
    """
    refuse_other(result, Result, "a result of a run, such as simulation['cost']")
    refuse_style(ax, style)
    if len(result.dims) != 2 or not all(map(is_ordered, result.dims)):
        raise DimensionError(
            f"a heat map needs two dimensions with numbers as labels, no more; '{result.name}' "
            f"has {', '.join(dim.name for dim in result.dims) or 'none'}"
        )
    if result.quantity.categories:
        raise UsageError(f"'{result.name}' is a category: there is no mean to show")
    shape = tuple(len(dim) for dim in result.dims)
    flat = [r.mean().value if r.applicable else math.nan for r in result.by_label.values()]
    means = np.array(flat).reshape(shape)
    if not np.isfinite(means).any():
        raise UsageError(f"'{result.name}' has no mean: there is nothing to plot")
    check_axis(result.name, float(np.nanmin(means)), float(np.nanmax(means)))
    across, up = result.dims
    ax = new_axes(height=4.2, style=style) if ax is None else ax
    with house(ink_of(ax)):
        cells = ax.pcolormesh(
            np.arange(len(across) + 1) - 0.5,
            np.arange(len(up) + 1) - 0.5,
            np.ma.masked_invalid(_ascending(means, result.dims).T),
            cmap=_COLOURS,
        )
        for axis, dim in ((ax.xaxis, across), (ax.yaxis, up)):
            _ticks(axis, dim)
        ax.set_xlabel(clean(across.name, 60), parse_math=False)
        ax.set_ylabel(clean(up.name, 40), parse_math=False)
        figure = ax.get_figure(root=True)
        if figure is not None:
            bar = figure.colorbar(cells, ax=ax, format=Numbers())
            bar.set_label(f"mean of {titled(result.name, result.unit)}", parse_math=False)
            bar.ax.tick_params(colors=ink_of(ax), labelsize=8.5)
    return ax


def _ascending(means: np.ndarray, dims: tuple[Dim, ...]) -> np.ndarray:
    rows, columns = (np.argsort(np.array(dim.labels, dtype=np.float64)) for dim in dims)
    found: np.ndarray = means[np.ix_(rows, columns)]
    return found


def _ticks(axis: Axis, dim: Dim) -> None:
    """The labels in ascending order, as many as there is room for."""
    labels = sorted(float(label) for label in dim.labels)
    step = -(-len(labels) // most_ticks(axis))
    places = list(range(0, len(labels), step))
    axis.set_ticks(places, [Numbers()(labels[k]) for k in places])
