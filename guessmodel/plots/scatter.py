"""Draws of two quantities against each other, with their rank correlation."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from guessmodel.errors import UsageError, public
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.joint import spearman
from guessmodel.plots.labels import figure_text, name_x, name_y, number_axis, set_scale
from guessmodel.plots.sample import AxisRange, axis_range_of, notes_of, sample_of
from guessmodel.plots.style import (
    BLUE,
    Margins,
    house,
    ink_of,
    new_axes,
    refuse_other,
    refuse_style,
)
from guessmodel.simulation import Result

__all__ = ["rank_correlation", "scatter"]

_POINTS = 2000
_ROOM = 0.03


@public
def scatter(
    x: Result, y: Result, *, ax: Axes | None = None, style: str = "auto", scale: str = "auto"
) -> Axes:
    """At most 2000 draws of two quantities, and Spearman's rank correlation over all draws (over
    those of the preview, where they were not kept), unless one is a category.

    Parameters
    ----------
    x, y : unlabelled results of one simulation
    ax, style, scale : as those of `density`

    Raises UsageError where they are of different runs, or one has no finite draw.

    >>> import guessmodel as gm
    >>> a, b = gm.normal(1, 2), gm.normal(1, 2)
    >>> simulation = gm.Model(a=a, total=a + b).sample(1024)
    >>> ax = scatter(simulation["a"], simulation["total"])
    >>> ax.get_title(loc="left").split(" 0.")[0]
    'Spearman rank correlation'
    """
    refuse_other(y, Result, "a result of a run, such as simulation['cost']")
    refuse_other(x, Result, "a result of a run, such as simulation['cost']")
    if x.run != y.run:
        raise UsageError(
            f"'{x.name}' and '{y.name}' are of different runs: their draws do not belong together"
        )
    samples = sample_of(x), sample_of(y)
    windows = [axis_range_of([sample], scale) for sample in samples]
    across, upward = x.preview, y.preview
    both = np.isfinite(across) & np.isfinite(upward)
    chosen = np.flatnonzero(both)
    if len(chosen) > _POINTS:
        # Every k-th point of a net would show its lattice: a pattern that means nothing.
        chosen = np.random.default_rng(0).choice(chosen, _POINTS, replace=False)
    refuse_style(ax, style)
    ax = ax or new_axes(4.8, 4.2, style, Margins(left=0.8))
    with house(ink_of(ax)):
        opacity = 0.35 if len(chosen) > 500 else 0.6
        ax.plot(
            across[chosen], upward[chosen], ls="", marker="o", ms=2.6, mew=0.0,
            color=BLUE, alpha=opacity,
        )  # fmt: skip
        _scale(ax, *windows)
        pairs = zip(samples, windows, strict=True)
        notes = [f"{s.name}: {note}" for s, w in pairs for note in notes_of(s, w, exact=True)]
        name_x(ax, x, [*_shown(x, len(chosen)), *notes])
        name_y(ax, y)
        if not (x.quantity.categories or y.quantity.categories):  # whose labels have no order
            text = figure_text(rank_correlation(x, y), main=True)
            ax.set_title(f"Spearman rank correlation {text}", loc="left", color=ink_of(ax))
    return ax


def _scale(ax: Axes, across: AxisRange, upward: AxisRange) -> None:
    set_scale(ax.xaxis, across.scale)
    set_scale(ax.yaxis, upward.scale)
    ax.set_xlim(*across.padded(_ROOM))
    ax.set_ylim(*upward.padded(_ROOM))
    for axis, window in ((ax.xaxis, across), (ax.yaxis, upward)):
        low, high = window.padded(_ROOM)
        number_axis(axis, window.scale, low=low, high=high)


@public
def rank_correlation(x: Result, y: Result) -> Estimate:
    """Spearman's rank correlation of two unlabelled results of one run; ties have mean ranks.

    The value is that of all draws (of the preview, where they were not kept) in which both are
    finite; the interval is that of `joint.spearman`. Refused where one of them is constant.
    """
    return spearman(x.by_replicate, y.by_replicate)


def _shown(result: Result, points: int) -> list[str]:
    """How many draws there are to be seen, and how many the correlation is of."""
    known, whole = result.preview.shape[-1], result.run.samples
    if known < whole:
        return [f"{points:,} draws shown; correlation of {known:,}, not all {whole:,}"]
    return [f"{points:,} of {whole:,} draws shown"] if points == _POINTS < known else []
