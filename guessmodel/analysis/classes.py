"""The draws of one input in classes of equal probability, with a line fitted in each.

In class k of replicate r the output is taken for a line in the input's value,
f_rk(x) = α_rk + b_rk (x − x̄_k), fitted by least squares; the line takes away what the width of the
class does. What is not on the line is noise, which is independent in two replicates: as long as
only lines of different replicates are multiplied with each other, it needs no correction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.estimators.half_widths import COVERAGE
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.numerics.confidence import student_t_half_width

__all__ = ["ClassSums", "Classes", "Lines", "Pairs"]


_ROUNDING = 16 * np.finfo(np.float64).eps


@final
@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """A mean over pairs of different replicates: over all, then over those without each one."""

    values: FloatArray  # (1 + replicates,)

    @property
    def mean(self) -> float:
        return float(self.values[0])

    @property
    def error(self) -> float:
        """Standard error by the delete-one jackknife (Tukey 1958)."""
        without = self.values[1:]
        count = len(without)
        spread = float(((without - without.mean()) ** 2).sum())
        return math.sqrt(spread * (count - 1) / count)

    @property
    def half(self) -> float:
        """Half-width of its 90% interval."""
        return student_t_half_width(COVERAGE, len(self.values) - 2) * self.error


@final
@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """A line in each class of each replicate: level α and slope b, (replicates, classes).

    Centre x̄ and variance v of the input in a class are those of all replicates together. They have
    an error of their own, so both are known without each replicate as well.
    """

    level: FloatArray
    slope: FloatArray
    centre: FloatArray  # (classes,)
    shifts: FloatArray  # (1 + replicates, classes): how far the centre moves without a replicate
    variances: FloatArray  # likewise: of all, then without each replicate

    def covariance(self) -> Pairs:
        """Covariance of the lines of two replicates, over all classes. Its expectation is the
        variance of the output's mean given the input."""
        p, b = self.level, self.slope
        replicates, classes = p.shape
        means = p.mean(axis=1) + self.shifts @ b.T / classes  # (left out, replicate)
        np.fill_diagonal(means[1:], 0.0)
        around = means.sum(axis=1) ** 2 - (means**2).sum(axis=1)

        # Sums over pairs: the square of the sum less the sum of squares, by powers of the shift.
        def totals(of: FloatArray) -> FloatArray:
            whole = of.sum(axis=0)
            return np.concatenate((whole[None], whole - of))

        level, slope = totals(p), totals(b)
        c, v = self.shifts, self.variances
        a = level + c * slope
        squares = totals(p * p) + c * (2.0 * totals(p * b) + c * totals(b * b))
        between = a * a - squares
        within = v * (slope * slope - totals(b * b))
        count = np.full(replicates + 1, replicates - 1)
        count[0] = replicates
        return Pairs(((between + within).mean(axis=1) - around) / (count * (count - 1)))

    def of_others(self) -> Lines:
        """For each replicate the mean of the other replicates' lines, less its own mean."""
        others = len(self.level) - 1
        level = (self.level.sum(axis=0) - self.level) / others
        slope = (self.slope.sum(axis=0) - self.slope) / others
        level -= level.mean(axis=1, keepdims=True)
        return Lines(level, slope, self.centre, self.shifts, self.variances)

    def gain(self, control: Lines) -> FloatArray:
        """(1 + replicates, replicates): E[2 y f − f²] of these lines y and of others f, over all
        classes, for each replicate; of classes as they are, then without one replicate."""
        p, b, f, g = self.level, self.slope, control.level, control.slope
        still = (2.0 * p * f - f * f).sum(axis=1)
        moved = self.shifts @ (2.0 * (p * g + b * f - f * g)).T
        within = (self.shifts**2 + self.variances) @ (2.0 * b * g - g * g).T
        return np.asarray((still + moved + within) / p.shape[1])


@final
@dataclass(frozen=True, slots=True, eq=False)
class ClassSums:
    """What a line in each class is fitted from: arrays (replicates, classes)."""

    count: FloatArray
    x: FloatArray  # means, and sums of squares and products about the means
    xx: FloatArray
    y: FloatArray
    xy: FloatArray
    size: FloatArray  # (classes,): of the input's values, which tells what is rounding

    def joined(self, classes: int) -> ClassSums:
        """The sums of fewer classes: neighbours are joined in pairs, about their own means (Chan,
        Golub and LeVeque 1983)."""
        now = self
        while now.count.shape[1] > classes:
            n1, n2 = now.count[:, ::2], now.count[:, 1::2]
            count = n1 + n2
            share = n2 / np.maximum(count, 1.0)
            dx = now.x[:, 1::2] - now.x[:, ::2]
            dy = now.y[:, 1::2] - now.y[:, ::2]
            weight = n1 * share
            now = ClassSums(
                count,
                now.x[:, ::2] + dx * share,
                now.xx[:, ::2] + now.xx[:, 1::2] + dx * dx * weight,
                now.y[:, ::2] + dy * share,
                now.xy[:, ::2] + now.xy[:, 1::2] + dx * dy * weight,
                np.maximum(now.size[::2], now.size[1::2]),
            )
        return now

    def lines(self) -> Lines:
        """The lines of all classes; flat where the input has one value in the class."""
        whole = self.count.sum(axis=0)
        centre = (self.count * self.x).sum(axis=0) / np.maximum(whole, 1.0)
        off = self.x - centre
        first = self.count * off
        second = self.xx + first * off
        count = np.maximum(np.concatenate((whole[None], whole - self.count)), 1.0)
        shifts = np.concatenate((np.zeros((1, len(centre))), -first)) / count
        sums = second.sum(axis=0)
        variances = np.concatenate((sums[None], sums - second)) / count - shifts**2
        varies = self.xx > self.count * (_ROUNDING * self.size) ** 2
        slope = np.divide(self.xy, self.xx, out=np.zeros_like(self.xx), where=varies)
        return Lines(self.y - slope * off, slope, centre, shifts, variances)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """An input's draws: in which class each is, and how far from the mean of its class and
    replicate; both (draws,). The rest is as in `ClassSums`."""

    cell: IndexArray  # replicate · classes + class
    off: FloatArray
    count: FloatArray
    x: FloatArray
    xx: FloatArray
    size: FloatArray

    @staticmethod
    def of(u: FloatArray, x: FloatArray, classes: int) -> Classes:
        """The classes of an input, from its own uniform variate and its value, both (replicates,
        draws)."""
        replicates = len(u)
        shape = (replicates, classes)
        k = np.minimum((u * classes).astype(np.intp), classes - 1)
        k += classes * np.arange(replicates)[:, None]
        cell, x = k.ravel(), x.ravel()
        count = np.bincount(cell, minlength=replicates * classes).astype(np.float64)
        mean = np.bincount(cell, x, replicates * classes) / np.maximum(count, 1.0)
        off = x - mean[cell]
        xx = np.bincount(cell, off * off, replicates * classes).astype(np.float64)
        means = mean.reshape(shape)
        size = np.abs(means).max(axis=0)
        return Classes(cell, off, count.reshape(shape), means, xx.reshape(shape), size)

    def sums(self, y: FloatArray) -> ClassSums:
        """The sums of an output's draws, shape (draws,)."""
        shape, cells = self.count.shape, self.count.size
        total = np.bincount(self.cell, y, cells).reshape(shape)
        xy = np.bincount(self.cell, y * self.off, cells).astype(np.float64).reshape(shape)
        level = total / np.maximum(self.count, 1.0)
        return ClassSums(self.count, self.x, self.xx, level, xy, self.size)

    def at(self, lines: Lines) -> FloatArray:
        """(draws,): lines in as many or in fewer classes, each of a replicate at its own draws."""
        each = self.count.shape[1] // lines.level.shape[1]
        slope = np.repeat(lines.slope, each, axis=1)
        level = np.repeat(lines.level, each, axis=1)
        level += slope * (self.x - np.repeat(lines.centre, each))
        return np.asarray(level.ravel()[self.cell] + slope.ravel()[self.cell] * self.off)
