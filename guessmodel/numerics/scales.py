"""Scales that show numbers: linear, logarithmic, and logarithmic on both sides of 0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np

from guessmodel.errors import UsageError

__all__ = ["LINEAR", "LOG", "SCALES", "Scale", "evenly_spaced", "scale_of", "step_of"]

SCALES: Final = ("auto", "linear", "log")

_DECADES = 1.5  # that positive numbers span where they ask for a logarithmic scale
_BALANCE = 0.6
_MIDDLE_DECADES = 2.0  # that the middle half of positive numbers spans
_SIGNED_DECADES = 2.0  # that numbers of either sign span
_LN10 = math.log(10.0)
_MOST_STEPS = 1e7
_OFF = 1e-3  # steps, by which rounding may move a multiple
_CLOSE = 1e-9
_FINEST = 1e-12  # of the largest number: no threshold is below it

Array = np.ndarray[Any, np.dtype[np.float64]]


@final
@dataclass(frozen=True, slots=True)
class Scale:
    """Where numbers stand: linear within the threshold on both sides of 0, logarithmic beyond it.

    With the threshold infinite the scale is linear, with 0 logarithmic, of positive numbers.
    """

    threshold: float

    @property
    def name(self) -> str:
        """As matplotlib calls it."""
        return "log" if self.threshold == 0.0 else "symlog" if self.is_curved else "linear"

    @property
    def is_curved(self) -> bool:
        """Whether it is not linear throughout."""
        return self.threshold < math.inf

    def position(self, x: Any) -> Any:
        """Where numbers stand, in decades; on a linear scale the numbers themselves."""
        if not self.is_curved:
            return x
        if self.threshold == 0.0:
            return np.log10(x)
        size = np.abs(x) / self.threshold
        return np.sign(x) * np.where(
            size <= 1.0, size / _LN10, 1.0 / _LN10 + np.log10(np.maximum(size, 1.0))
        )

    def value(self, position: Any) -> Any:
        """The number at a position."""
        if not self.is_curved:
            return position
        if self.threshold == 0.0:
            return 10.0 ** np.asarray(position)
        size = np.abs(position) * _LN10
        return self.threshold * np.sign(position) * np.where(size <= 1.0, size, np.exp(size - 1.0))

    def stretch(self, x: Any) -> Any:
        """Width of a decade at x, as numbers: what a density is multiplied by."""
        return _LN10 * np.maximum(np.abs(x), self.threshold) if self.is_curved else 1.0


LINEAR: Final = Scale(math.inf)
LOG: Final = Scale(0.0)


def scale_of(samples: Sequence[Array], wanted: str = "auto") -> Scale:
    """The scale that shows some samples, each of finite numbers in ascending order.

    It is logarithmic where all numbers are positive, and the central 99% of a sample (or the
    medians of several) span more than 1.5 decades, or its middle half more than 2; logarithmic on
    both sides of 0 where there are others, and the sizes of the larger three quarters of them span
    more than 2 decades.

    Raises UsageError for a scale that is none.
    """
    if wanted not in SCALES:
        raise UsageError(f"scale={wanted!r} is no scale; write {', '.join(map(repr, SCALES))}")
    if wanted == "linear":
        return LINEAR
    positive = all(x[0] > 0.0 for x in samples)
    if positive:
        return LOG if wanted == "log" or _asks_for_log(samples) else LINEAR
    if wanted == "auto" and not any(map(_has_small_ones, samples)):
        return LINEAR
    # Sizes fall and then rise: a stable sort, which merges runs, takes a third of the time.
    sizes = [np.sort(np.abs(x[x != 0.0]), kind="stable") for x in samples]
    sizes = [x for x in sizes if len(x)]
    if not sizes:
        return LINEAR
    if wanted == "auto" and not any(_spans_signed_decades(x) for x in sizes):
        return LINEAR
    one_side = all(x[-1] < 0.0 for x in samples)
    low = min(_quantile_of_sorted(x, 0.001 if one_side else 0.05) for x in sizes)
    low = max(low, _FINEST * max(float(x[-1]) for x in sizes))
    return Scale(10.0 ** math.floor(math.log10(low)))


def step_of(x: Array) -> float:
    """The number of which all of some numbers, in ascending order, are multiples, as rents of whole
    machines are; 0 where there is none.

    >>> step_of(np.array([-3.0, 0.0, 1.5, 1.5, 6.0]))
    1.5
    """
    gaps = x[1:] - x[:-1]
    step = float(gaps.min(initial=math.inf))
    if step == 0.0:
        step = float(gaps.min(initial=math.inf, where=gaps > 0.0))
    if step == math.inf or max(abs(float(x[0])), abs(float(x[-1]))) > _MOST_STEPS * step:
        return 0.0
    times = x / step
    whole = np.rint(times)
    near = np.abs(times - whole) < _OFF
    near &= (whole != 0.0) | (np.abs(times) < _CLOSE)  # 1 is no multiple of 1001
    return step if bool(np.all(near)) else 0.0


def evenly_spaced(x: Array) -> bool:
    """Whether numbers in ascending order are more nearly so far apart than so many times as large,
    as years are."""
    gaps = np.diff(x)
    if x[0] <= 0.0 or len(gaps) < 2:
        return True
    ratios = np.diff(np.log(x))
    return bool(np.std(gaps) / np.mean(gaps) <= np.std(ratios) / np.mean(ratios))


def _asks_for_log(samples: Sequence[Array]) -> bool:
    medians = [math.log10(_quantile_of_sorted(x, 0.5)) for x in samples]
    return max(medians) - min(medians) > _DECADES or any(map(_spans_decades, samples))


def _spans_decades(x: Array) -> bool:
    """Whether numbers are spread over decades, and not merely close to 0 now and then as those of
    an exponential are: then the lower half is by far the wider one on a logarithmic axis, and the
    middle half of them is within two decades."""
    low, middle, high = (math.log10(_quantile_of_sorted(x, p)) for p in (0.005, 0.5, 0.995))
    if math.log10(_quantile_of_sorted(x, 0.75) / _quantile_of_sorted(x, 0.25)) > _MIDDLE_DECADES:
        return True
    return high - low > _DECADES and high - middle > _BALANCE * (middle - low)


def _has_small_ones(x: Array) -> bool:
    """Whether a quarter of numbers in ascending order is so much smaller than the largest that
    their sizes may span decades. Of most it is not, and their sizes need not be sorted."""
    small = 1.01 * max(-float(x[0]), float(x[-1])) * 10.0**-_SIGNED_DECADES
    return int(x.searchsorted(small) - x.searchsorted(-small)) >= len(x) // 4 - 1


def _spans_signed_decades(sizes: Array) -> bool:
    return (
        math.log10(_quantile_of_sorted(sizes, 0.995) / _quantile_of_sorted(sizes, 0.25))
        > _SIGNED_DECADES
    )


def _quantile_of_sorted(x: Array, p: float) -> float:
    return float(x[round(p * (len(x) - 1))])
