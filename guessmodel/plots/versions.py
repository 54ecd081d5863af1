"""What changed between two versions: differences with their errors, and which edit did it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes

from guessmodel.analysis.change import Change
from guessmodel.analysis.compare import Comparison
from guessmodel.errors import UsageError, did_you_mean, public
from guessmodel.estimators.estimate import Estimate
from guessmodel.plots.labels import text_width, titled
from guessmodel.plots.rows import BAR, MOST, SIZE, beside, checked_most, new_rows, put_in_rows
from guessmodel.plots.style import BLUE, VERMILLION, house, ink_of, refuse_other, refuse_style
from guessmodel.units.figures import with_unit

__all__ = ["changes", "changes_in_words", "waterfall", "waterfall_in_words"]

_WIDTH: Final = 3.8  # inches between the names and the numbers


@public
def changes(
    comparison: Comparison, *, most: int = MOST, ax: Axes | None = None, style: str = "auto"
) -> Axes:
    """The relative change of the mean of each quantity that moved, with its 90% interval, the most
    important on top; beside it the difference in the quantity's unit.

    Parameters
    ----------
    comparison : of `gm.compare`
    most : rows at most; how many there are besides is told below the axis
    ax, style : as those of `density`

    Raises UsageError where no mean moved, and for other values of `most`.

    >>> import guessmodel as gm
    >>> price, hours = gm.uniform(1, 3, "USD/hour"), gm.uniform(10, 30, "hour")
    >>> old = gm.Model(price=price, hours=hours, cost=price * hours)
    >>> found = gm.compare(old, old.with_(price=gm.uniform(1, 4, "USD/hour")))
    >>> [label.get_text() for label in changes(found).get_yticklabels()]
    ['cost', 'price']
    """
    refuse_other(comparison, Comparison, "a comparison, model.compare(other)")
    refuse_style(ax, style)
    at_most = checked_most(most, "rows")
    moved = _moved(comparison)
    rows = moved[:at_most]
    texts = [with_unit(_signed(_difference(change)), change.unit) for change in rows]
    notes = ["change of the mean, with its 90% interval"]
    if len(moved) > len(rows):
        notes.append(f"{len(moved) - len(rows)} more moved")
    ax = ax or _axes([change.title for change in rows], texts, style, notes)
    with house(ink_of(ax)):
        ends = [0.0]
        for row, change in enumerate(rows):
            difference, was = _difference(change), _was(change)
            value, low, high = (
                100.0 * each / was for each in (difference.value, difference.low, difference.high)
            )
            ax.plot([low, high], [row, row], color=ink_of(ax), lw=1.2)
            ax.plot([value], [row], "o", color=BLUE if value < 0.0 else VERMILLION, ms=5.0)
            ends += [low, high]
        _finish(ax, [change.title for change in rows], texts, min(ends), max(ends))
        ax.axvline(0.0, color=ink_of(ax), lw=0.9)
        ax.set_xlabel("\n".join(["change [%]", *notes]), parse_math=False)
    return ax


@public
def waterfall(
    comparison: Comparison,
    title: str | None = None,
    *,
    statistic: str = "mean",
    most: int = MOST,
    ax: Axes | None = None,
    style: str = "auto",
) -> Axes:
    """From the old value of a statistic to the new one, edit by edit: bars of what each did (its
    Shapley value), with the 90% interval of its error, the largest on top.

    Parameters
    ----------
    comparison : of `gm.compare`
    title : of a quantity, or a label of one; None: the most important output that moved
    statistic : "mean", "p5", "p50" or "p95"
    most : edits at most; the rest is one bar
    ax, style : as those of `density`

    Raises UsageError where nothing is attributed, for an unknown title, and for other values of
    `most`.

    >>> import guessmodel as gm
    >>> price, hours = gm.uniform(1, 3, "USD/hour"), gm.uniform(10, 30, "hour")
    >>> old = gm.Model(price=price, hours=hours, cost=price * hours)
    >>> new = old.with_(price=gm.uniform(1, 4, "USD/hour"), hours=gm.uniform(10, 50, "hour"))
    >>> [label.get_text() for label in waterfall(gm.compare(old, new)).get_yticklabels()]
    ['before', 'hours', 'price', 'after']
    """
    refuse_other(comparison, Comparison, "a comparison, model.compare(other)")
    refuse_style(ax, style)
    at_most = checked_most(most, "edits")
    change, steps = _steps(comparison, title, statistic)
    shown = steps[:at_most]
    if rest := steps[len(shown) :]:
        name = f"{len(rest)} more edit{'s' if len(rest) > 1 else ''}"
        shown.append((name, Estimate.exact(sum(estimate.value for _, estimate in rest))))
    old, new = change.old[statistic], change.new[statistic]
    assert old is not None and new is not None
    names = ["before", *(name for name, _ in shown), "after"]
    texts = [old.text(4), *(_signed(estimate) for _, estimate in shown), new.text(4)]
    ax = ax or _axes(names, texts, style, [""])
    with house(ink_of(ax)):
        at, ends = old.value, [old.value, new.value]
        for row, (_, estimate) in enumerate(shown, 1):
            colour = BLUE if estimate.value < 0.0 else VERMILLION
            ax.barh(row, estimate.value, BAR, at, color=colour, lw=0)
            ax.plot([at + estimate.low, at + estimate.high], [row, row], color=ink_of(ax), lw=1.2)
            # Each bar begins where the former one ends.
            after = at + estimate.value
            ax.plot([after, after], [row, row + 1], color=ink_of(ax), lw=0.6)
            ends += [at + estimate.low, at + estimate.high, after]
            at = after
        ax.plot([old.value] * 2, [-BAR / 2, 1.0], color=ink_of(ax), lw=1.2)
        last = len(names) - 1
        ax.plot([new.value] * 2, [last - BAR / 2, last + BAR / 2], color=ink_of(ax), lw=1.2)
        _finish(ax, names, texts, min(ends), max(ends))
        lines = [titled(f"{statistic} of {change.title}", change.unit), "what each edit did to it"]
        ax.set_xlabel("\n".join(lines), parse_math=False)
    return ax


def changes_in_words(comparison: Comparison) -> str:
    """The largest changes, for those who do not see the picture."""
    told = [
        f"{change.title} by {100.0 * change.relative():+.3g}%" for change in _moved(comparison)[:3]
    ]
    return f"Changes of means between two versions: {', '.join(told)}."


def waterfall_in_words(comparison: Comparison) -> str:
    """The largest contributions, for those who do not see the picture."""
    change, steps = _steps(comparison, None, "mean")
    told = [f"{name} {with_unit(_signed(estimate), change.unit)}" for name, estimate in steps[:3]]
    return f"What each edit did to the mean of {change.title}: {', '.join(told)}."


def _moved(comparison: Comparison) -> list[Change]:
    found = [
        change
        for change in comparison.shown
        if change.moved("mean") and math.isfinite(change.relative()) and change.relative()
    ]
    if not found:
        raise UsageError("no mean moved from a value that is not 0, so there is nothing to show")
    return found


def _difference(change: Change) -> Estimate:
    found = change.difference["mean"]
    assert found is not None
    return found


def _was(change: Change) -> float:
    found = change.old["mean"]
    assert found is not None
    return abs(found.value)


def _steps(
    comparison: Comparison, title: str | None, statistic: str
) -> tuple[Change, list[tuple[str, Estimate]]]:
    known = [change.title for change in comparison.everything]
    if title is None:
        title = next((c.title for c in comparison.shown if c.title in comparison.attribution), None)
        if title is None:
            raise UsageError("no output moved, so there is nothing to attribute")
    elif title not in known:
        raise UsageError(f"no quantity '{title}' in both versions{did_you_mean(title, known)}")
    said = comparison.attribute(title)
    parts = said.statistics.get(statistic)
    if not parts:
        raise UsageError(f"the {statistic} of '{title}': {said.note or 'it has not moved'}")
    return comparison[title], sorted(parts.items(), key=lambda part: -abs(part[1].value))


def _signed(estimate: Estimate) -> str:
    text = estimate.text(3)
    return f"+{text}" if estimate.value > 0.0 else text


def _finish(
    ax: Axes, names: Sequence[str], texts: Sequence[str], first: float, last: float
) -> None:
    """Rows with names at the left and numbers at the right."""
    pad = 0.04 * ((last - first) or 1.0)
    put_in_rows(ax, names, first, last, (pad, pad))
    for row, text in enumerate(texts):
        beside(ax, row, 1.0, text, right=True, inside=False)


def _axes(names: Sequence[str], texts: Sequence[str], style: str, notes: Sequence[str]) -> Axes:
    right = max(text_width(text, SIZE) for text in texts) / 72.0 + 0.2
    bottom = 0.58 + 0.14 * len(notes)
    return new_rows(names, style, width=_WIDTH, bottom=bottom, right=right)
