"""A sweep: fans over one input, for each label of the output, or a heat map over two."""

from __future__ import annotations

import math

from matplotlib.figure import Figure

from guessmodel.analysis.sweep import Sweep
from guessmodel.errors import public
from guessmodel.estimators.estimate import Estimate
from guessmodel.plots.alt_text import fan_text, labelled_text
from guessmodel.plots.fan import fan
from guessmodel.plots.heat_map import heat_map
from guessmodel.plots.labels import clean, figure_text, titled
from guessmodel.plots.multiples import small_multiples
from guessmodel.plots.saving import figure_of
from guessmodel.plots.style import refuse_other
from guessmodel.simulation.summary import Row

__all__ = ["sweep", "sweep_in_words"]


@public
def sweep(swept: Sweep, *, style: str = "auto") -> Figure:
    """The picture of a sweep: over one input a fan, in a panel for each label of the output; over
    two a heat map of the means.

    Parameters
    ----------
    swept : of `Model.sweep`
    style : as that of `density`

    Raises UsageError or DimensionError where `fan`, `small_multiples` or `heat_map` do.

    >>> import guessmodel as gm
    >>> price, cups = gm.constant(3, "USD"), gm.normal(100, 200)
    >>> figure = sweep(gm.Model(price=price, sales=price * cups).sweep({"price": [1, 2]}, n=1024))
    >>> figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()
    ('price [USD]', 'sales [USD]')
    """
    refuse_other(swept, Sweep, "a sweep, model.sweep(…)")
    result, names = swept.result, list(swept.over)
    if len(names) == 1 and len(result.dims) > 1:
        figure = figure_of(small_multiples(result, kind="fan", style=style)[0])
        for text in figure.texts:  # one below all panels
            if text.get_text() == clean(names[0], 60):
                text.set_text(_titled(swept, names[0]))
        return figure
    ax = (fan if len(names) == 1 else heat_map)(result, style=style)
    for axis, dim in zip((ax.xaxis, ax.yaxis), result.dims, strict=False):
        axis.set_label_text(_titled(swept, dim.name), parse_math=False)
    return figure_of(ax)


def sweep_in_words(swept: Sweep) -> str:
    """What it shows, for those who do not see the picture."""
    if len(swept.over) == 1:
        return (labelled_text if len(swept.result.dims) > 1 else fan_text)(swept.result)
    known: list[tuple[Row, Estimate]] = [
        (row, row.mean)
        for row in swept.rows
        if row.mean is not None and math.isfinite(row.mean.value)
    ]
    least, most = (f(known, key=lambda each: each[1].value) for f in (min, max))
    told = [
        f"{word} {figure_text(mean)} at " + ", ".join(f"{k} {v:.6g}" for k, v in row.labels.items())
        for word, (row, mean) in (("least", least), ("most", most))
    ]
    what = f"{swept.output} in {swept.unit}" if swept.unit else swept.output
    return f"Heat map of the mean of {what} over {' and '.join(swept.over)}: {'; '.join(told)}."


def _titled(swept: Sweep, name: str) -> str:
    return titled(name, swept.units[name])
