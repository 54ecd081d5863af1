"""Tornado: a statistic of the output with one input held at its 5th, then at its 95th percentile,
all else as uncertain as it is, on common draws."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from guessmodel.analysis.classes import FloatArray
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.engine.recompute import Change, changed_draws
from guessmodel.errors import UsageError
from guessmodel.estimators import replicates as estimators
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph import dims as dimensions

__all__ = ["SHARE", "Statistic", "Swing", "statistic_of", "tornado"]

ESTIMATOR: Final = "common draws"
SHARE: Final = 0.05
"""Of an input's values below the lower and above the upper one at which it is held."""

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)")


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


@final
@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic of draws (replicates, draws), and of each replicate alone."""

    name: str
    estimate: Callable[[FloatArray], Estimate]
    of_each: Callable[[FloatArray], FloatArray]
    linear: bool = False  # that of a difference is the difference of both


def statistic_of(name: str, unit: str) -> Statistic:
    """A statistic by its name: `mean`, `probability`, `median`, `sd`, or `p95` and the like;
    UsageError for another. The unit is that of its values."""
    if name in ("mean", "probability"):
        return Statistic(
            name,
            lambda y: estimators.mean(y, unit=unit),
            lambda y: np.asarray(y.mean(axis=-1)),
            linear=True,
        )
    if name == "sd":
        return Statistic(
            name,
            lambda y: estimators.sd(y, unit=unit),
            lambda y: np.asarray(y.std(axis=-1)),
        )
    match = _PERCENTILE.fullmatch("p50" if name == "median" else name)
    if match is None or not 0.0 < float(match[1]) < 100.0:
        raise UsageError(
            f"no statistic '{name}'; there are mean, median, sd, probability, and percentiles "
            "such as p95"
        )
    p = float(match[1]) / 100.0
    return Statistic(
        name,
        lambda y: estimators.quantile(y, p, unit=unit),
        lambda y: np.asarray(np.quantile(y, p, axis=-1)),
    )


def tornado(
    inputs: Inputs, some: Sequence[Input], statistic: Statistic
) -> Mapping[tuple[int, ...], Mapping[str, Swing]]:
    """By the position of the output's labels and the key of the input."""
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
                low, high = (draws[2 * k + end][position] for end in (0, 1))
                own[one.key] = _swing(low, high, statistic)
    return found


def _draws(inputs: Inputs, changes: Sequence[Change]) -> list[FloatArray]:
    """(*labels, replicates, draws) of the output after each change."""
    (axes,) = inputs.plan.axes.values()
    shape, points = dimensions.shape(axes.dims), inputs.points
    found = [np.empty((*shape, points.n)) for _ in changes]
    for begin, end, _, changed in changed_draws(inputs.plan, points, changes):
        for whole, part in zip(found, changed, strict=True):
            whole[..., begin:end] = part
    return [each.reshape(*shape, points.replicates, points.size) for each in found]


def _swing(low: FloatArray, high: FloatArray, statistic: Statistic) -> Swing:
    at_p5, at_p95 = statistic.estimate(low), statistic.estimate(high)
    if math.isnan(at_p5.value) or math.isnan(at_p95.value):
        note = at_p5.note or at_p95.note or "unknown"
        return Swing(at_p5, at_p95, Estimate.refused(note, ESTIMATOR, at_p5.unit))
    # Draws are common, so most of both errors cancels within each replicate.
    if statistic.linear:
        swing = replace(statistic.estimate(high - low), estimator=ESTIMATOR)
        return Swing(at_p5, at_p95, swing)
    value = at_p95.value - at_p5.value
    parts = statistic.of_each(high) - statistic.of_each(low)
    half = estimators.half_width(parts, np.ones(len(parts)))
    doubt = at_p5.note or at_p95.note
    if not math.isfinite(half):
        doubt, half = "some draws are not finite", math.nan
    swing = Estimate(value, value - half, value + half, ESTIMATOR, at_p5.unit, doubt)
    return Swing(at_p5, at_p95, swing)
