"""A decision: what it is worth to know each input before choosing, and all of them."""

from __future__ import annotations

import math
from typing import Final

from matplotlib.axes import Axes

from guessmodel.analysis.decided import Decided
from guessmodel.errors import UsageError, public
from guessmodel.plots.labels import titled
from guessmodel.plots.rows import BAR, MOST, checked_most, new_rows, put_in_rows
from guessmodel.plots.style import BLUE, VERMILLION, house, ink_of, refuse_other, refuse_style

__all__ = ["decision", "decision_in_words"]

_WIDTH: Final = 3.6  # inches of the bars alone


@public
def decision(
    answer: Decided, *, most: int = MOST, ax: Axes | None = None, style: str = "auto"
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
    at_most = checked_most(most, "bars")
    known = list({**answer.groups, **answer.evppi}.items())[:at_most]
    bars = [("everything", answer.evpi, BLUE), *((name, e, VERMILLION) for name, e in known)]
    bars = [bar for bar in bars if math.isfinite(bar[1].value)]
    if not bars:
        raise UsageError(f"'{answer.name}' has nothing to show: {answer.evpi.note}")
    names = [name for name, _, _ in bars]
    ax = ax or new_rows(names, style, width=_WIDTH, bottom=0.55)
    with house(ink_of(ax)):
        for row, (_, found, colour) in enumerate(bars):
            ax.barh(row, found.value, BAR, color=colour, lw=0)
            ax.plot([found.low, found.high], [row, row], color=ink_of(ax), lw=1.2)
        last = max(found.high for _, found, _ in bars) or 1.0
        put_in_rows(ax, names, 0.0, last, (0.0, 0.05 * last))
        ax.set_xlabel(titled("worth of knowing it before choosing", answer.unit), parse_math=False)
    return ax


def decision_in_words(answer: Decided) -> str:
    """The same, for those who do not see the picture."""
    told = [f"{each.name} {each.regret.text(3)}" for each in answer.options.values()]
    known = [f"{name} {each.text(3)}" for name, each in list(answer.evppi.items())[:3]]
    unit = f" in {answer.unit}" if answer.unit else ""
    worth = f" Knowing an input first is worth: {'; '.join(known)}." if known else ""
    return f"Expected regret of each option{unit}: {'; '.join(told)}.{worth}"
