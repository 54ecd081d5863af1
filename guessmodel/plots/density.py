"""Density of one quantity."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes

from guessmodel.errors import public
from guessmodel.plots.categories import (
    chances,
    complement,
    percentage,
    refuse_scale,
    whole_percent,
    words_of,
)
from guessmodel.plots.drawing import Figures, figures_of, finish_x, key_of, paint, share_axis
from guessmodel.plots.labels import legend_above, name_x
from guessmodel.plots.plot_data import bars_of, plot_data_of
from guessmodel.plots.sample import axis_range_of, notes_of, sample_of
from guessmodel.plots.style import house, ink_of, new_axes, refuse_other, refuse_style
from guessmodel.simulation import Result

__all__ = ["density", "draw_density", "histogram"]

_ROOM = 4  # probabilities with their errors, side by side


@public
def density(
    result: Result, *, ax: Axes | None = None, style: str = "auto", scale: str = "auto"
) -> Axes:
    """Density of a quantity, its 90% interval shaded, median and mean marked.

    The curve is exact where the quantity has a closed form, else a kernel density. Discrete
    quantities are shown by their probabilities, and those that end abruptly by a histogram, so
    that nothing is smeared beyond a bound. On a logarithmic axis (all draws positive, the central
    99% over more than 1.5 decades) the density is per decade.

    Parameters
    ----------
    result : `simulation["name"]`, or one label of it, `simulation["name"].sel(...)`
    ax : axes to draw on; new ones in a figure of their own by default
    style : `auto`, `light` or `dark`, of new axes; refused beside `ax`
    scale : `auto`, `linear`, or `log`, which is logarithmic on both sides of 0 where there are
        draws at 0 or below

    Raises UsageError where no draw is finite, DimensionError for a labelled result.

    >>> import guessmodel as gm
    >>> ax = density(gm.lognormal(1, 1000, "USD", name="cost").sample(1024))
    >>> ax.get_xscale(), ax.get_xlabel()
    ('log', 'cost [USD]')
    """
    refuse_other(result, Result, "a result of a run, such as simulation['cost']")
    refuse_style(ax, style)
    refuse_scale(result, scale)
    return draw_density(result, figures_of(result), ax or new_axes(style=style), scale)


@public
def histogram(
    result: Result, *, ax: Axes | None = None, style: str = "auto", scale: str = "auto"
) -> Axes:
    """Shares of the draws in bins of equal width on the axis. Parameters and errors as those of
    `density`.

    >>> import guessmodel as gm
    >>> ax = histogram(gm.normal(1, 2, "USD", name="x").sample(1024))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('x [USD]', 'share of draws')
    """
    refuse_other(result, Result, "a result of a run, such as simulation['cost']")
    refuse_style(ax, style)
    refuse_scale(result, scale)
    axes = ax or new_axes(style=style)
    return draw_density(result, figures_of(result), axes, scale, bins=True)


def draw_density(
    result: Result, figures: Figures, ax: Axes, scale: str = "auto", *, bins: bool = False
) -> Axes:
    """Density, or histogram, with statistics that are known already."""
    sample = sample_of(result)
    window = axis_range_of([sample], scale)
    with house(ink_of(ax)):
        shape = plot_data_of(result, sample, window)
        if bins and shape.kind == "curve":
            shape = bars_of(sample, window)
        words = words_of(result)
        paint(ax, shape, figures, categories=bool(words))
        finish_x(ax, shape, words)
        share_axis(ax, shape)
        name_x(ax, result, notes_of(sample, window, exact=shape.exact))
        if words:
            _name_bars(ax, result)
        else:
            legend_above(ax, *key_of(ax, shape, figures))
    return ax


def _name_bars(ax: Axes, result: Result) -> None:
    """The probability of each word above its bar, if it has one; of many in whole percent."""
    found = [chance for _, chance in chances(result)]
    if not result.quantity.categories:
        found = [complement(found[0]), *found]
    there = [(place, chance) for place, chance in enumerate(found) if chance.value > 0.0]
    crowded = len(there) > 1 and min(b[0] - a[0] for a, b in pairwise(there)) < len(found) / _ROOM
    for place, chance in there:
        ax.annotate(
            whole_percent(chance) if crowded else percentage(chance),
            (place, chance.value),
            (0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
        )
