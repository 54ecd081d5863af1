"""A decision: what it is worth to know each input before choosing, and all of them."""

from __future__ import annotations

import math
from typing import Final

from matplotlib.axes import Axes

from guessmodel.analysis.decided import Decided
from guessmodel.errors import UsageError, public
from guessmodel.graph.values import is_number
from guessmodel.numerics.scales import Scale
from guessmodel.plots.labels import clean, number_axis, text_width, titled
from guessmodel.plots.style import (
    BLUE,
    VERMILLION,
    Margins,
    house,
    ink_of,
    new_axes,
    refuse_other,
    refuse_style,
)

__all__ = ["decision", "decision_in_words"]

_ROW: Final = 0.3  # inches
_WIDTH: Final = 3.6  # inches of the bars alone
_SIZE: Final = 8.5
_MOST: Final = 20
_LONGEST: Final = 60  # letters of a name
_HEIGHT: Final = 0.62


@public
def decision(
    answer: Decided, *, most: int = _MOST, ax: Axes | None = None, style: str = "auto"
) -> Axes:
    """A bar for what it is worth to know everything before choosing (blue), and for each group and
    input (vermillion) to know it alone; with the sampling error.

    Parameters
    ----------
    answer : of `Decision.evaluate`
    most : bars of inputs at most, the longest ones
    ax, style : as those of `density`

    Raises UsageError where none of it is known, and for other values of `most`.

    >>> import guessmodel as gm
    >>> a = gm.normal(1, 2)
    >>> answer = gm.decision({"a": a, "b": 1.4}).evaluate(gm.Model(a=a).sample(1024))
    >>> [label.get_text() for label in decision(answer).get_yticklabels()]
    ['everything', 'a']
    """
    refuse_other(answer, Decided, "a decision in a run, decision.evaluate(simulation)")
    refuse_style(ax, style)
    if not is_number(most) or most != int(most) or most < 1:
        raise UsageError(f"most is a number of bars, not {most!r}")
    known = list({**answer.groups, **answer.evppi}.items())[: int(most)]
    bars = [("everything", answer.evpi, BLUE), *((name, e, VERMILLION) for name, e in known)]
    bars = [bar for bar in bars if math.isfinite(bar[1].value)]
    if not bars:
        raise UsageError(f"'{answer.name}' has nothing to show: {answer.evpi.note}")
    names = [clean(name, _LONGEST) for name, _, _ in bars]
    ax = ax or _new_axes(names, style)
    with house(ink_of(ax)):
        for row, (_, found, colour) in enumerate(bars):
            ax.barh(row, found.value, _HEIGHT, color=colour, lw=0)
            ax.plot([found.low, found.high], [row, row], color=ink_of(ax), lw=1.2)
        last = max(found.high for _, found, _ in bars) or 1.0
        ax.set_xlim(0.0, 1.05 * last)
        number_axis(ax.xaxis, Scale(math.inf), low=0.0, high=last)
        ax.set_ylim(len(bars) - 0.4, -0.6)
        ax.set_yticks(range(len(bars)), names, parse_math=False, fontsize=_SIZE)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(titled("worth of knowing it before choosing", answer.unit), parse_math=False)
    return ax


def decision_in_words(answer: Decided) -> str:
    """The same, for those who do not see the picture."""
    told = [f"{each.name} {each.regret.text(3)}" for each in answer.options.values()]
    known = [f"{name} {each.text(3)}" for name, each in list(answer.evppi.items())[:3]]
    unit = f" in {answer.unit}" if answer.unit else ""
    worth = f" Knowing an input first is worth: {'; '.join(known)}." if known else ""
    return f"Expected regret of each option{unit}: {'; '.join(told)}.{worth}"


def _new_axes(names: list[str], style: str) -> Axes:
    left = max(text_width(name, _SIZE) for name in names) / 72.0 + 0.15
    margins = Margins(left=left, right=0.15, top=0.1, bottom=0.55)
    height = _ROW * (len(names) + 0.4) + margins.top + margins.bottom
    return new_axes(left + margins.right + _WIDTH, height, style, margins)
