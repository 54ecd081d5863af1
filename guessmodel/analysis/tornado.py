"""Tornado: a statistic of the output with one input held at its 5th, then at its 95th percentile,
all else as uncertain as it is, on common draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from guessmodel.analysis.common_draws import of_means
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.analysis.statistic_of_draws import StatisticOfDraws
from guessmodel.engine.recompute import Change, changed_draws
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width
from guessmodel.estimators.over_replicates import over_replicates
from guessmodel.graph import dims as dimensions
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.squarable import power_of

__all__ = ["SHARE", "Swing", "tornado"]

ESTIMATOR: Final = "common draws"
SHARE: Final = 0.05
"""Of an input's values below the lower and above the upper one at which it is held."""


@final
@dataclass(frozen=True, slots=True)
class Swing:
    """What an input does to a statistic of the output, all in the output's unit."""

    at_p5: Estimate
    at_p95: Estimate
    swing: Estimate  # the difference of both

    def to_dict(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "at_p5": self.at_p5.to_dict(),
            "at_p95": self.at_p95.to_dict(),
            "swing": self.swing.to_dict(),
        }


def tornado(
    inputs: Inputs, some: Sequence[Input], statistic: StatisticOfDraws
) -> Mapping[tuple[int, ...], Mapping[str, Swing]]:
    """The swings, by the position of the output's labels and the key of the input."""
    share = np.array([SHARE])
    changes = []
    for one in some:
        sources = inputs.sources(one)
        for held in ([s.ppf(share) for s in sources], [s.isf(share) for s in sources]):
            changes.append(Change(one.places, tuple(float(value[0]) for value in held)))
    draws = _draws(inputs, changes)
    found: dict[tuple[int, ...], dict[str, Swing]] = {}
    for position, behind in inputs.behind.items():
        own = found.setdefault(position, {})
        keys = {one.key for one in behind}
        for k, one in enumerate(some):
            if one.key in keys:
                low, high = (statistic.view(draws[2 * k + end][position]) for end in (0, 1))
                own[one.key] = _swing(low, high, statistic)
    return found


def _draws(inputs: Inputs, changes: Sequence[Change]) -> list[FloatArray]:
    """(*labels, replicates, draws) of the output after each change."""
    (axes,) = inputs.plan.axes.values()
    shape, points = dimensions.shape(axes.dims), inputs.points
    found = [np.empty((*shape, points.n)) for _ in changes]
    for begin, end, _, changed in changed_draws(inputs.plan, points, changes):
        inputs.pause()
        for whole, part in zip(found, changed, strict=True):
            whole[..., begin:end] = part
    return [each.reshape(*shape, points.replicates, points.size) for each in found]


def _swing(low: FloatArray, high: FloatArray, statistic: StatisticOfDraws) -> Swing:
    power = power_of(low, high)
    if power:
        found = _swing(np.ldexp(low, -power), np.ldexp(high, -power), statistic)
        ends = found.at_p5, found.at_p95, found.swing
        return Swing(*(end.scaled(2.0**power, end.unit) for end in ends))
    at_p5, at_p95 = statistic.estimate(low), statistic.estimate(high)
    if math.isnan(at_p5.value) or math.isnan(at_p95.value):
        note = at_p5.note or at_p95.note or "unknown"
        return Swing(at_p5, at_p95, Estimate.refused(note, ESTIMATOR, at_p5.unit))
    # Draws are common, so most of both errors cancels within each replicate.
    if statistic.linear:
        difference = of_means(high - low, indicator=statistic.chance, unit=statistic.unit)
        swing = replace(difference, estimator=ESTIMATOR)
        return Swing(at_p5, at_p95, swing)
    value = at_p95.value - at_p5.value
    varies = at_p5.value > 0.0 and at_p95.value > 0.0
    if statistic.name == "sd" and varies and np.isfinite(low).all() and np.isfinite(high).all():
        return Swing(at_p5, at_p95, _of_deviations(low, high, at_p5, at_p95))
    parts = statistic.of_each(high) - statistic.of_each(low)
    half = half_width(parts, np.ones(len(parts)))
    doubt = at_p5.note or at_p95.note
    if not math.isfinite(half):
        doubt, half = "some draws are not finite", math.nan
    swing = Estimate(value, value - half, value + half, ESTIMATOR, at_p5.unit, doubt)
    return Swing(at_p5, at_p95, swing)


def _of_deviations(
    low: FloatArray, high: FloatArray, at_p5: Estimate, at_p95: Estimate
) -> Estimate:
    """The difference of two standard deviations. It is told draw by draw, for the far draws that
    decide are few: the replicates' own deviations alone agree too well."""
    squares = ((each - each.mean()) ** 2 for each in (low, high))
    found = over_replicates(lambda a, b: np.sqrt(b) - np.sqrt(a), *squares, unit=at_p5.unit)
    return replace(found, estimator=ESTIMATOR, note=at_p5.note or at_p95.note)
