"""What it would take: the values of an input that were looked at, and where the target is met."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from guessmodel.analysis.seek import Sought
from guessmodel.errors import UsageError, public
from guessmodel.estimators.estimate import Estimate
from guessmodel.numerics.scales import Scale
from guessmodel.plots.categories import percentage
from guessmodel.plots.labels import figure_text, number_axis, percent_axis, titled
from guessmodel.plots.style import (
    PALETTE,
    Margins,
    house,
    ink_of,
    new_axes,
    refuse_other,
    refuse_style,
)
from guessmodel.units.figures import with_unit

__all__ = ["seek", "seek_in_words"]

_AROUND = 0.5  # of the crossings themselves: how far the picture goes beyond them
_PAD = 0.05


@public
def seek(sought: Sought, *, ax: Axes | None = None, style: str = "auto") -> Axes:
    """The statistic at the values of the input that were looked at, as points with the interval of
    their error, the target as a line, and each value at which it is met, with the interval in which
    that lies; a colour for each scenario. Between the points nothing was looked at.

    Parameters
    ----------
    sought : of `Model.seek`
    ax, style : as those of `density`

    Raises UsageError where fewer than two values have a statistic.

    >>> import guessmodel as gm
    >>> price, cups = gm.constant(3, "USD"), gm.normal(100, 200)
    >>> model = gm.Model(price=price, cups=cups, profit=price * cups - gm.constant(600, "USD"))
    >>> ax = seek(model.seek("profit", "mean", 0, by="price", n=1024))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('price [USD]', 'mean of profit [USD]')
    """
    refuse_other(sought, Sought, "what was sought, model.seek(…)")
    refuse_style(ax, style)
    each = dict(sought.beside) or {"": sought}
    low, high = _window(list(each.values()))
    looked = {name: _looked(one, low, high) for name, one in each.items()}
    if all(len(points) < 2 for points in looked.values()):
        raise UsageError(f"no picture: too few values of {sought.by} have a {sought.statistic}")
    ax = ax or new_axes(6.2, 3.6, style, Margins(left=0.9))
    target = sought.target.value
    ends = [target]
    with house(ink_of(ax)):
        for k, (name, points) in enumerate(looked.items()):
            colour = PALETTE[k % len(PALETTE)]
            ends += [e.value for _, e in points]
            ax.errorbar(
                [x for x, _ in points],
                [e.value for _, e in points],
                [[e.value - e.low for _, e in points], [e.high - e.value for _, e in points]],
                color=colour,
                fmt="o",
                ms=3.5,
                lw=1.2,
                clip_on=False,
                label=name or None,
            )
            for crossing in each[name].found:
                at = crossing.value
                ax.axvspan(at.low, at.high, color=colour, alpha=0.25, lw=0)
                ax.plot(at.value, target, marker="D", ms=6.5, color=colour, mfc="none", zorder=3)
        ax.axhline(target, color=ink_of(ax), lw=0.9, ls="--")
        pad = _PAD * (max(ends) - min(ends)) or 1.0
        xs = [x for points in looked.values() for x, _ in points]
        low, high = min([low, *xs]), max([high, *xs])
        ax.set_xlim(low, high)
        ax.set_ylim(min(ends) - pad, max(ends) + pad)
        number_axis(ax.xaxis, Scale(math.inf), low=low, high=high)
        if _is_chance(sought):
            percent_axis(ax.yaxis)
        else:
            number_axis(ax.yaxis, Scale(math.inf), low=min(ends), high=max(ends))
        ax.set_xlabel(titled(sought.by, sought.unit), parse_math=False)
        ax.set_ylabel(
            titled(f"{sought.statistic} of {sought.output}", sought.target.unit), parse_math=False
        )
        if sought.beside:
            ax.legend(frameon=False, fontsize=8.5, labelcolor=ink_of(ax))
    return ax


def seek_in_words(sought: Sought) -> str:
    """The values that are on target, for those who do not see the picture."""
    what = f"{sought.statistic} of {sought.output} against {sought.by}"
    target = percentage(sought.target) if _is_chance(sought) else str(sought.target)
    told = []
    for name, one in (dict(sought.beside) or {"": sought}).items():
        values = ", ".join(with_unit(figure_text(c.value), one.unit) for c in one.found)
        head = f"{name}: " if name else ""
        told.append(f"{head}{target} at {values}" if values else f"{head}nowhere on target")
    return f"The {what}, as points. {'; '.join(told)}."


def _is_chance(sought: Sought) -> bool:
    return sought.statistic.startswith(("prob", "P("))


def _window(each: list[Sought]) -> tuple[float, float]:
    """The range from the first to the last crossing and half as far beyond; all that was searched
    where there is none."""
    low, high = min(one.searched[0] for one in each), max(one.searched[1] for one in each)
    roots = [crossing.value.value for one in each for crossing in one.found]
    if not roots:
        return low, high
    first, last = min(roots), max(roots)
    room = _AROUND * max(abs(first), abs(last), last - first) or 0.1 * (high - low)
    return max(low, first - room), min(high, last + room)


def _looked(one: Sought, low: float, high: float) -> list[tuple[float, Estimate]]:
    """The values within, and the next ones beyond."""
    points = [(x, e) for x, e in one.looked if math.isfinite(e.value)]
    inside = [k for k, (x, _) in enumerate(points) if low <= x <= high]
    if not inside:
        return []
    return points[max(inside[0] - 1, 0) : inside[-1] + 2]
