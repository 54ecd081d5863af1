"""Q–Q plot: data against the quantiles of what was fitted to them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from guessmodel.errors import public
from guessmodel.numerics.scales import Scale
from guessmodel.plots.labels import number_axis, titled
from guessmodel.plots.style import (
    BLUE,
    Margins,
    house,
    ink_of,
    new_axes,
    refuse_other,
    refuse_style,
)

if TYPE_CHECKING:
    from guessmodel.fitting.fit import Fit

__all__ = ["qq", "qq_in_words"]


@public
def qq(fit: Fit, family: str | None = None, *, ax: Axes | None = None, style: str = "auto") -> Axes:
    """Each value of the data above the quantile of the fitted family at its rank, (i − ½)/n: on
    the line where the family fits.

    Parameters
    ----------
    fit : of `gm.fit`
    family : which of its families; the best by default
    ax, style : as those of `density`

    Raises UsageError for a family that was not fitted.

    >>> import guessmodel as gm
    >>> ax = qq(gm.fit([3.1, 4.7, 2.2, 8.9, 5.0, 3.8], families="normal"))
    >>> ax.get_xlabel()
    'quantile of normal'
    """
    from guessmodel.fitting.fit import Fit  # which takes half a second, and all pictures would

    refuse_other(fit, Fit, "what was fitted, gm.fit(data)")
    refuse_style(ax, style)
    fitted = fit.best if family is None else fit[family]
    data = np.sort(fit.data)
    expected = fitted.distribution.ppf((np.arange(data.size) + 0.5) / data.size)
    ax = ax or new_axes(4.4, 4.2, style, Margins(left=0.8))
    with house(ink_of(ax)):
        ends = [min(expected[0], data[0]), max(expected[-1], data[-1])]
        ax.plot(ends, ends, color=ink_of(ax), lw=0.9)
        ax.plot(expected, data, ls="", marker="o", ms=3.2, mew=0.0, color=BLUE, alpha=0.7)
        for axis in (ax.xaxis, ax.yaxis):
            number_axis(axis, Scale(math.inf), low=ends[0], high=ends[1])
        ax.set_xlabel(titled(f"quantile of {fitted.family}", fit.unit), parse_math=False)
        ax.set_ylabel(titled(fit.name or "data", fit.unit), parse_math=False)
    return ax


def qq_in_words(fit: Fit) -> str:
    """The same, for those who do not see the picture."""
    fits = "fits" if fit.best.fits else "does not fit"
    return (
        f"Q-Q plot of {fit.data.size} values against {fit.best.family}, which {fits} "
        f"(p = {fit.best.p_value:.2g})."
    )
