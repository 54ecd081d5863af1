"""What the pictures need of the draws: sorted and finite, the scale and window they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel import units
from guessmodel.errors import UnitError, UsageError
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.numerics.scales import LINEAR, Scale, scale_of
from guessmodel.plots.categories import words_of
from guessmodel.simulation import Result
from guessmodel.units import Unit
from guessmodel.units.formats import share_in_words

__all__ = [
    "AxisRange",
    "Sample",
    "axis_range_of",
    "check_axis",
    "few_of",
    "has_axis",
    "notes_of",
    "range_on",
    "sample_of",
    "unit_factor",
]

_MOST = 1 << 18  # draws looked at: more do not change a picture
_TAIL = 0.001
_REACH = 1.5
_NEAR = 0.05
_WORTH_SAYING = 0.005
_SMALLEST, _LARGEST = 1e-280, 1e300  # on an axis: the arithmetic of ticks needs room on both sides


@final
@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Finite draws in ascending order, the share of draws that are not finite, and what is to be
    said where these are not all draws. Of `words` that they stand for each has its place on the
    axis, however seldom it is drawn."""

    name: str
    x: FloatArray
    lost: float
    few: str | None = None
    words: int = 0

    @property
    def constant(self) -> bool:
        """Whether all draws are equal."""
        return bool(self.x[0] == self.x[-1])

    def at(self, p: float) -> float:
        """The draw of rank p: good enough for limits, not a statistic to be shown."""
        return float(self.x[round(p * (len(self.x) - 1))])

    def between(self, low: float, high: float) -> float:
        """Share of the finite draws within [low, high]."""
        first = np.searchsorted(self.x, low, side="left")
        last = np.searchsorted(self.x, high, side="right")
        return float(last - first) / len(self.x)


@final
@dataclass(frozen=True, slots=True)
class AxisRange:
    """The part of an axis to be shown, and its scale."""

    low: float
    high: float
    scale: Scale = LINEAR

    def padded(self, share: float = 0.02) -> tuple[float, float]:
        """Limits of the axis: a little beyond the window."""
        if self.scale.is_curved:
            low, high = self.scale.position(self.low), self.scale.position(self.high)
            room = 0.5 if only_rounding(self.low, self.high) else share * (high - low)
            return float(self.scale.value(low - room)), float(self.scale.value(high + room))
        if only_rounding(self.low, self.high):
            room = 0.1 * abs(self.high) or 1.0
        else:
            room = share * (self.high - self.low)
        return self.low - room, self.high + room


def sample_of(result: Result, factor: float = 1.0, most: int = _MOST) -> Sample:
    """The finite draws of an unlabelled result, times a factor; all equal where they differ by
    rounding alone. At `most` so many are looked at, as many of each replicate.

    Raises UsageError where there are none or an axis cannot hold them, DimensionError for a
    labelled result.
    """
    rows = result.preview.reshape(-1)
    if result.dims:
        result.median()  # says how to choose a label
    if len(rows) > most:
        rows = rows.reshape(-1, result.run.size)[:, : _of_each(result, most)].reshape(-1)
    finite = rows[np.isfinite(rows)]
    if not len(finite):
        why = f" ({'; '.join(result.faults)})" if result.faults else ""
        state = "is not applicable" if not result.applicable else f"has no finite draws{why}"
        raise UsageError(f"'{result.name}' {state}: there is nothing to plot")
    x = np.sort(finite * factor)
    check_axis(result.name, float(x[0]), float(x[-1]))
    if only_rounding(x[0], x[-1]):
        x[:] = x[len(x) // 2]
    words = len(words_of(result)) if factor == 1.0 else 0
    return Sample(result.name, x, result.non_finite, few_of(result), words)


def check_axis(name: str, low: float, high: float) -> None:
    """Raise UsageError where no axis can hold numbers from `low` to `high`."""
    if not has_axis(low, high):
        why = "large" if max(abs(low), abs(high)) > 1.0 else "small"
        raise UsageError(
            f"'{name}' is too {why} for an axis: its values lie between {low:g} and {high:g}"
        )


def has_axis(low: float, high: float) -> bool:
    """Whether an axis can hold numbers from `low` to `high`."""
    size = max(abs(low), abs(high))
    return size == 0.0 or _SMALLEST < size < _LARGEST


def few_of(result: Result) -> str | None:
    """What is to be said where a picture shows fewer draws than the run has."""
    shown, whole = result.preview.shape[-1], result.run.samples
    if shown > _MOST:
        shown = shown // result.run.size * _of_each(result, _MOST)
    return f"drawn with {shown:,} draws, not all {whole:,}" if shown < whole else None


def _of_each(result: Result, most: int) -> int:
    """How many draws of each replicate are looked at, where there are too many."""
    drawn: int = result.preview.shape[-1]
    return max(most * result.run.size // drawn, 1)


def unit_factor(result: Result, unit: Unit) -> float:
    """What a result is multiplied by to be in `unit`; UsageError where units do not fit."""
    try:
        conversion = units.conversion(result.quantity.unit, unit)
        if conversion.offset:
            raise UnitError("the scales begin elsewhere")
        return conversion.factor
    except UnitError:
        shown = " and ".join(str(u) or "a plain number" for u in (unit, result.quantity.unit))
        raise UsageError(f"'{result.name}' does not fit on one axis: {shown}") from None


def axis_range_of(samples: Iterable[Sample], scale: str = "auto") -> AxisRange:
    """The window that shows all samples; tails that would leave no room are cut off.

    Its scale is that of `scale_of`. Raises UsageError for one that is none.
    """
    found = list(samples)
    return range_on(found, scale_of([sample.x for sample in found], scale))


def range_on(found: Sequence[Sample], chosen: Scale) -> AxisRange:
    """The window that shows all samples on a scale that is known."""
    ends = [_ends(sample, chosen) for sample in found]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    if not chosen.is_curved and 0.0 < low < 0.25 * high:
        low = 0.0
    elif not chosen.is_curved and 0.25 * low < high < 0.0:
        high = 0.0
    return AxisRange(low, high, chosen)


def notes_of(sample: Sample, window: AxisRange, *, exact: bool = False) -> list[str]:
    """What a picture leaves out, in words; an exact one is not drawn with draws."""
    notes = [] if sample.few is None or exact else [sample.few]
    outside = 1.0 - sample.between(*window.padded())
    if outside >= _WORTH_SAYING:
        notes.append(f"{share_in_words(outside)} draws lie beyond this axis")
    if sample.lost:
        notes.append(f"{share_in_words(sample.lost)} draws are not finite and left out")
    return notes


def _ends(sample: Sample, scale: Scale) -> tuple[float, float]:
    if sample.words:
        return 0.0, sample.words - 1.0
    first, last = (float(scale.position(x)) for x in sample.x[[0, -1]])
    ranks = (_TAIL, 0.05, 0.5, 0.95, 1.0 - _TAIL)
    far, p5, p50, p95, beyond = (float(scale.position(sample.at(p))) for p in ranks)
    if only_rounding(sample.at(0.05), sample.at(0.95)):
        rare = only_rounding(sample.at(_TAIL), sample.at(1.0 - _TAIL))
        low, high = (first, last) if rare else (far, beyond)
    else:
        down, up = p50 - p5, p95 - p50
        low = max(far, p5 - _REACH * max(down, up / 2.0))
        high = min(beyond, p95 + _REACH * max(up, down / 2.0))
        if low - first < _NEAR * (p95 - p5):
            low = first
        if last - high < _NEAR * (p95 - p5):
            high = last
    return float(scale.value(low)), float(scale.value(high))
