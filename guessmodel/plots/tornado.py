"""Tornado: what each input does to a statistic of the output, the largest swing on top."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from matplotlib.axes import Axes

from guessmodel.analysis.drivers import Driver, Sensitivity
from guessmodel.errors import UsageError, public
from guessmodel.estimators.estimate import Estimate, in_a_row
from guessmodel.graph.kinds import is_yes_or_no
from guessmodel.model.elements import pick
from guessmodel.plots.categories import percentage
from guessmodel.plots.labels import clean, percent_axis, text_width, titled
from guessmodel.plots.rows import BAR, GAP, MOST, SIZE, beside, checked_most, new_rows, put_in_rows
from guessmodel.plots.style import BLUE, VERMILLION, house, ink_of, refuse_other, refuse_style

__all__ = ["swings", "tornado", "tornado_in_words"]

_WIDTH: Final = 3.6  # inches of the bars alone
_LONGEST: Final = 60  # letters of a name
_LONGEST_LABEL: Final = 20


@public
def tornado(
    answer: Sensitivity, *, most: int = MOST, ax: Axes | None = None, style: str = "auto"
) -> Axes:
    """A bar for each input, from the statistic with the input held at its 5th percentile (blue) to
    that with it held at its 95th (vermillion); at the ends the input's own values, and a line at
    the statistic as it is.

    Parameters
    ----------
    answer : of `Simulation.sensitivity`, about an output without labels or one label (`sel`)
    most : bars at most; how many there are besides is told below the axis
    ax, style : as those of `density`

    Raises UsageError where no input swings, and for other values of `most`.

    >>> import guessmodel as gm
    >>> a, b = gm.normal(1, 2), gm.normal(1, 4)
    >>> ax = tornado(gm.Model(a=a, b=b, c=a + b).sample(1024).sensitivity("c"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['b', 'a']
    """
    refuse_other(answer, Sensitivity, "what drives an output, simulation.sensitivity('cost')")
    refuse_style(ax, style)
    at_most = checked_most(most, "bars")
    shown = _shown(answer)
    bars = shown[:at_most]
    texts = [_ends(driver) for driver in bars]
    sides = [max(text_width(pair[k], SIZE) for pair in texts) + GAP for k in (0, 1)]
    room = max(sides)
    names = [_name(driver) for driver in bars]
    bottom = 0.86 if len(shown) > len(bars) else 0.72
    ax = ax or new_rows(names, style, width=_WIDTH + 2.0 * room / 72.0, bottom=bottom)
    base = answer.base
    with house(ink_of(ax)):
        ends = []
        for row, (driver, pair) in enumerate(zip(bars, texts, strict=True)):
            low, high = _bar(driver)
            # The longer bar is drawn first: a shorter one on the same side then stays visible.
            parts = sorted(((low, BLUE), (high, VERMILLION)), key=lambda part: -abs(part[0] - base))
            for end, colour in parts:
                ax.barh(row, end - base, BAR, base, color=colour, lw=0)
            # Both ends may lie on one side of the line: the nearer is then written on the other.
            left, right = (0, 1) if low <= high else (1, 0)
            beside(ax, row, min(base, low, high), pair[left], right=False)
            beside(ax, row, max(base, low, high), pair[right], right=True)
            ends += [low, high]
        first, last = min([base, *ends]), max([base, *ends])
        # So wide that the numbers beside the longest bars are inside.
        width = ax.get_window_extent().width * 72.0 / ax.figure.dpi
        pad = (last - first) * room / max(width - 2.0 * room, 0.2 * width)
        put_in_rows(ax, names, first, last, (pad, pad))
        chance = _is_chance(answer)
        if chance:
            percent_axis(ax.xaxis)
        ax.axvline(base, color=ink_of(ax), lw=0.9)
        statistic = "probability" if chance else answer.statistic
        lines = [titled(f"{statistic} of {answer.output}", answer.unit, width)]
        lines.append("input at its 5% (blue) and at its 95% (vermillion)")
        if len(shown) > len(bars):
            lines.append(f"{len(shown) - len(bars)} more inputs swing less")
        ax.set_xlabel("\n".join(lines), parse_math=False)
    return ax


def tornado_in_words(answer: Sensitivity) -> str:
    """The largest swings, for those who do not see the picture."""
    told, chance = [], _is_chance(answer)
    for driver in _shown(answer)[:3]:
        assert driver.tornado is not None
        ends = (driver.tornado.at_p5, driver.tornado.at_p95)
        low, high = (replace(Estimate.exact(end.value), format=end.format) for end in ends)
        texts = [percentage(end) if chance else end.text(3) for end in (low, high)]
        told.append(f"{driver.name}: {' to '.join(texts)}")
    unit = f" in {answer.unit}" if answer.unit else ""
    statistic = "probability" if chance else answer.statistic
    return (
        f"Tornado of the {statistic} of {answer.output}{unit}, each input at its 5th, then "
        f"at its 95th percentile. {'; '.join(told)}."
    )


def swings(answer: Sensitivity) -> list[Driver]:
    """Inputs by the size of their swing, those of the same size as they are in the answer; none
    where the statistic itself is not known."""
    sizes = {
        driver.key: abs(driver.tornado.swing.value)
        for driver in answer.inputs.values()
        if driver.tornado is not None
    }
    known = [d for d in answer.inputs.values() if math.isfinite(sizes.get(d.key, math.nan))]
    if not math.isfinite(answer.base):
        return []
    largest = max((sizes[driver.key] for driver in known), default=0.0) or 1.0
    # Without what is rounding, which else puts two alike in an order of its own.
    return sorted(known, key=lambda driver: -round(sizes[driver.key] / largest, 9))


def _shown(answer: Sensitivity) -> list[Driver]:
    found = swings(answer)
    if not found:
        raise UsageError(f"the {answer.statistic} of '{answer.output}' has no swings to show")
    return found


def _is_chance(answer: Sensitivity) -> bool:
    """Whether the statistic is the probability of what is yes or no."""
    model = answer.simulation.model
    return answer.statistic == "mean" and is_yes_or_no(
        model.quantities[pick(model, answer.output)[0]]
    )


def _bar(driver: Driver) -> tuple[float, float]:
    assert driver.tornado is not None
    return driver.tornado.at_p5.value, driver.tornado.at_p95.value


def _ends(driver: Driver) -> tuple[str, str]:
    """What is written at both ends: the input's own values, where they are known, the percent of
    shares and the labels of categories with them."""
    if driver.ends is None:
        return "5%", "95%"
    if driver.labels:
        low, high = (clean(driver.labels[round(end)], _LONGEST_LABEL) for end in driver.ends)
        return low, high
    low, high = in_a_row(*(Estimate.exact(end) for end in driver.ends), digits=3)
    percent = "%" if driver.unit == "percent" else ""
    return low + percent, high + percent


def _name(driver: Driver) -> str:
    """An input, and the unit of its values at the ends of the bar."""
    plain = driver.ends is None or driver.labels or driver.unit == "percent"
    return clean(driver.name, _LONGEST) if plain else titled(driver.name, driver.unit)
