"""What it is worth to know something before deciding, from draws of what each option pays.

With a class of draws for each thing that one may come to know, the best option of each class is
taken instead of the one that is best on the whole (Raiffa and Schlaifer 1961). Two estimates of the
same number err on opposite sides: the plug-in chooses by the very draws that value the choice, and
is too large; cross-fitted, the option is chosen by all other replicates, and is too small by as
much. Their mean is taken, and half of their difference is part of the error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import COVERAGE
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.numerics.confidence import student_t_half_width

__all__ = ["Taste", "by_rank", "by_uniform", "class_count", "known_by_class", "known_by_redrawing"]


CLASSES: Final = "classes across replicates"
REDRAWN: Final = "nested draws"
_CLASSES: Final = 64
_MANY: Final = 1 << 13  # draws in a replicate, from which on there are twice as many classes
_IN_A_CLASS: Final = 8  # draws of a replicate at least
_CHANGES: Final = 24.0  # see `_hidden`
_SIGNIFICANT: Final = 2.0  # errors
_FLOOR: Final = 1e-12


@final
@dataclass(frozen=True, slots=True)
class Taste:
    """How amounts become payoffs, of which more is better, and means of payoffs amounts again.

    With ρ None a payoff is the amount itself, else −exp(−(x − x₀)/ρ).
    """

    sign: float = 1.0
    """−1 where less is better."""
    tolerance: float | None = None
    origin: float = 0.0

    def payoff(self, amounts: FloatArray) -> FloatArray:
        """The payoffs of draws of amounts."""
        x = self.sign * amounts
        if self.tolerance is None:
            return x
        return np.asarray(-np.exp(-(x - self.origin) / self.tolerance))

    def certain(self, payoff: float) -> float:
        """The certain amount, more of which is better, of a mean payoff."""
        if self.tolerance is None:
            return payoff
        return self.origin - self.tolerance * math.log(-payoff) if payoff < 0.0 else math.inf

    def slope(self, payoff: float) -> float:
        """How fast `certain` grows there."""
        return 1.0 if self.tolerance is None else -self.tolerance / payoff


def class_count(size: int) -> int:
    """Classes for replicates of so many draws."""
    most = 2 * _CLASSES if size >= _MANY else _CLASSES
    while most > 2 and most * _IN_A_CLASS > size:
        most //= 2
    return most


def by_uniform(u: FloatArray, x: FloatArray, most: int) -> tuple[IndexArray, bool]:
    """Classes of equal probability of a uniform variate u; of a value x that takes few values one
    each. And whether they are values, so that nothing is hidden inside of one."""
    few = _few_values(x, most)
    if few is not None:
        return few, True
    return np.minimum((u * most).astype(np.intp), most - 1), False


def by_rank(x: FloatArray, most: int) -> tuple[IndexArray, bool]:
    """The same by the ranks of values x, (replicates, draws), among all draws."""
    few = _few_values(x, most)
    if few is not None:
        return few, True
    flat = x.ravel()
    cells = np.empty(flat.size, dtype=np.intp)
    cells[np.argsort(flat, kind="stable")] = np.arange(flat.size) * most // flat.size
    return cells.reshape(x.shape), False


def _few_values(x: FloatArray, most: int) -> IndexArray | None:
    if np.unique(x[0]).size > most:
        return None
    values, cells = np.unique(x, return_inverse=True)
    return cells.reshape(x.shape).astype(np.intp) if values.size <= most else None


def known_by_class(
    payoffs: FloatArray, cells: IndexArray, taste: Taste, unit: str = "", *, exact: bool = False
) -> Estimate:
    """E[max over options of E[payoff | class]] less the largest mean payoff, as an amount.

    Parameters
    ----------
    payoffs : (options, replicates, draws)
    cells : the class of each draw, (replicates, draws); in the order of what is known
    exact : the classes are all that can be known; else that option may change inside of one
    """
    _, replicates, size = payoffs.shape
    count = int(cells.max()) + 1
    place = (cells + count * np.arange(replicates)[:, None]).ravel()
    shape = (replicates, count)
    sums = np.stack(
        [np.bincount(place, p.ravel(), replicates * count).reshape(shape) for p in payoffs]
    ).astype(np.float64)
    counts = np.bincount(place, minlength=replicates * count).reshape(shape).astype(np.float64)
    all_sums, all_counts = sums.sum(axis=1), counts.sum(axis=0)
    whole = _plug_in(all_sums, all_counts, taste)
    parts, with_, without = [], np.empty(replicates), np.empty(replicates)
    for r in range(replicates):
        others, their_counts = all_sums - sums[:, r], all_counts - counts[r]
        parts.append(_plug_in(others, their_counts, taste))
        seen = np.where(their_counts > 0.0, others / np.maximum(their_counts, 1.0), 0.0)
        known = np.where(their_counts > 0.0, seen.argmax(axis=0), others.sum(axis=1).argmax())
        with_[r] = sums[known, r, np.arange(count)].sum() / size
        without[r] = sums[int(others.sum(axis=1).argmax()), r].sum() / size
    crossed = _CrossFitted.of(with_, without, taste)
    hidden = 0.0 if exact else _hidden(sums, counts) * taste.slope(float(with_.mean()))
    return _combined(
        whole,
        crossed,
        hidden,
        np.array(parts),
        _rounding(all_sums.sum(axis=1) / counts.sum(), taste),
        unit,
        CLASSES,
    )


def known_by_redrawing(payoffs: FloatArray, taste: Taste, unit: str = "") -> Estimate:
    """The same where each draw stands for what is known, and was made several times with all else
    drawn anew: payoffs (options, times, replicates, draws)."""
    times, replicates = payoffs.shape[1:3]
    sums = payoffs.sum(axis=1)
    plugged = (sums.max(axis=0) / times).mean(axis=-1)
    crossed = np.zeros(replicates)
    for again in payoffs.swapaxes(0, 1):
        known = (sums - again).argmax(axis=0)
        crossed += np.take_along_axis(again, known[None], axis=0)[0].mean(axis=-1) / times
    base = payoffs.mean(axis=(1, 3))  # (options, replicates)
    every = np.arange(replicates)
    parts = []
    for r in every:
        rest = every != r
        parts.append(_worth(plugged[rest].mean(), base[:, rest].mean(axis=1), taste))
    whole = _worth(plugged.mean(), base.mean(axis=1), taste)
    without = base[int(base.mean(axis=1).argmax())]
    other = _CrossFitted.of(crossed, without, taste)
    return _combined(whole, other, 0.0, np.array(parts), _rounding(base, taste), unit, REDRAWN)


@final
@dataclass(frozen=True, slots=True)
class _CrossFitted:
    """The cross-fitted value, and its standard error."""

    value: float
    error: float

    @staticmethod
    def of(with_: FloatArray, without: FloatArray, taste: Taste) -> _CrossFitted:
        """The value from mean payoffs of each replicate, choosing with and without knowing."""
        a, b = float(with_.mean()), float(without.mean())
        linear = taste.slope(a) * with_ - taste.slope(b) * without
        error = float(linear.std(ddof=1)) / math.sqrt(len(linear))
        return _CrossFitted(taste.certain(a) - taste.certain(b), error)


def _worth(known: float, base: FloatArray, taste: Taste) -> float:
    return taste.certain(float(known)) - taste.certain(float(base.max()))


def _plug_in(sums: FloatArray, counts: FloatArray, taste: Taste) -> float:
    total = counts.sum()
    return _worth(float(sums.max(axis=0).sum() / total), sums.sum(axis=1) / total, taste)


def _hidden(sums: FloatArray, counts: FloatArray) -> float:
    """What the width of classes hides: where the best option changes between two classes, their
    difference crosses 0 inside of one of them. Of a straight line through 0, the part that a class
    of probability 1/C cannot tell is |D' − D|/(24 C) on average. Where the step is no larger than
    its error it is chance that the best one changes."""
    means = sums.sum(axis=1) / np.maximum(counts.sum(axis=0), 1.0)
    each = sums / np.maximum(counts, 1.0)
    best = means.argmax(axis=0)
    total = 0.0
    for k in np.flatnonzero(best[1:] != best[:-1]):
        a, b = best[k], best[k + 1]
        step = (each[a] - each[b])[:, k + 1] - (each[a] - each[b])[:, k]
        if abs(float(step.mean())) > _SIGNIFICANT * step.std(ddof=1) / math.sqrt(len(step)):
            here, there = means[a, k] - means[b, k], means[a, k + 1] - means[b, k + 1]
            total += abs(float(there - here))
    return float(total / (_CHANGES * means.shape[1]))


def _rounding(payoffs: FloatArray, taste: Taste) -> float:
    """An amount that is none, beside those of the options."""
    return float(max(abs(taste.certain(float(p))) for p in payoffs.ravel())) * _FLOOR


def _combined(
    plugged: float,
    crossed: _CrossFitted,
    hidden: float,
    parts: FloatArray,
    rounding: float,
    unit: str,
    estimator: str,
) -> Estimate:
    count = len(parts)
    error = math.sqrt(float(((parts - parts.mean()) ** 2).sum()) * (count - 1) / count)
    value = 0.5 * (plugged + crossed.value) + hidden
    t = student_t_half_width(COVERAGE, count - 1)
    half = math.hypot(t * error, 0.5 * (plugged - crossed.value), 2.0 * hidden)
    # Where what is known tells nothing between equally good options, all of the plug-in is noise.
    low = min(value - half, crossed.value - t * crossed.error)
    value, low, high = (end if end > rounding else 0.0 for end in (value, low, value + half))
    return Estimate(value, low, high, estimator, unit)
