"""What is true of a held-out model. Each is written once, for quantities and for arrays; what is
true comes from SciPy's families and Sobol' points alone.

A mean over 2^19 points in 8 scramblings has an error of its own, which is told by their spread.
Discrete inputs are summed over: a count of their points is told too well by eight scramblings that
round alike. Where the output is monotone in an input, the CDF has this input integrated out, by
bisection for every point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from types import SimpleNamespace
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import qmc

import guessmodel as gm

__all__ = ["LEVELS", "HeldOut", "Input", "Truth"]

FloatArray = NDArray[np.float64]

LEVELS: Final = (0.01, 0.05, 0.5, 0.95, 0.99)
_SCRAMBLES: Final = 8
_LOG_POINTS: Final = 16
_LOG_SMOOTH: Final = 12  # of the points for which an input is integrated out
_HALVINGS: Final = 48
_UNMET: Final = 1e-13  # probability of the values of a discrete input that are left out

_SAME: Final = ("maximum", "minimum", "where", "ceil", "abs", "sin", "clip")
_NUMPY: Final = SimpleNamespace(
    **{name: getattr(np, name) for name in _SAME},
    total=lambda x: x.sum(axis=0),
    highest=lambda x: x.max(axis=0),
    interpolate=lambda x, table: np.interp(x, list(table), list(table.values())),
    each=lambda values: np.array(values, dtype=np.float64)[:, None],
)
_OURS: Final = SimpleNamespace(
    **{name: getattr(gm, name) for name in _SAME},
    total=lambda x: x.sum("k"),
    highest=lambda x: x.max("k"),
    interpolate=lambda x, table: gm.interpolate(x, table, beyond="hold"),
    each=lambda values: gm.constant({k: float(v) for k, v in enumerate(values)}, dim="k"),
)


@final
@dataclass(frozen=True)
class Input:
    """A draw of ours, and SciPy's family; `labels` independent ones, or 0 for one without."""

    draw: Callable[..., gm.Quantity]
    known: Any
    labels: int = 0

    def along(self, labels: int) -> Input:
        """The same at each of some labels."""
        return Input(self.draw, self.known, labels)

    @property
    def discrete(self) -> bool:
        return isinstance(self.known.dist, stats.rv_discrete)

    @property
    def summed(self) -> bool:
        """Whether its values are summed over."""
        return self.discrete and not self.labels

    @property
    def atoms(self) -> tuple[list[float], list[float]]:
        """Its values, and their probabilities."""
        low, high = self.known.ppf(_UNMET), self.known.isf(_UNMET)
        values = np.arange(low, high + 1.0)
        return values.tolist(), self.known.pmf(values).tolist()

    def quantity(self) -> gm.Quantity:
        return self.draw(dim={"k": range(self.labels)}) if self.labels else self.draw()


@final
@dataclass(frozen=True)
class _Points:
    """Values of all inputs, and weights of the points, which add up to 1 in each scrambling."""

    arrays: list[FloatArray]
    weights: FloatArray

    @classmethod
    def joined(cls, parts: Sequence[_Points]) -> _Points:
        """One scrambling after the other."""
        arrays = zip(*(part.arrays for part in parts), strict=True)
        weights = np.concatenate([part.weights for part in parts])
        return cls([np.concatenate(each, axis=-1) for each in arrays], weights)

    def some(self, count: int) -> list[FloatArray]:
        """Values of a few points, from all over."""
        step = self.weights.size // count
        return [array[..., ::step][..., :count] for array in self.arrays]


@final
@dataclass(frozen=True)
class Truth:
    """Statistics and their own standard errors, in the order of `case_held_out.STATISTICS`."""

    values: FloatArray
    errors: FloatArray


@final
@dataclass(frozen=True)
class HeldOut:
    """An output of some inputs; `moments` are its standard deviation and skewness, after the mean
    where that is known, too, where its tails are such that the points do not tell them, nor their
    errors."""

    inputs: tuple[Input, ...]
    f: Callable[..., Any]
    moments: Callable[[], tuple[float, ...]] | None = None

    def model(self) -> gm.Model:
        """The output `y`, and whether it exceeds its threshold."""
        inputs = [each.quantity() for each in self.inputs]
        y = self.f(_OURS, *inputs)
        return gm.Model(**{f"x{k}": x for k, x in enumerate(inputs)}, y=y, above=y > self.threshold)

    @cached_property
    def threshold(self) -> float:
        """About the 90th percentile."""
        points = self._points(0, 14)
        y, weights = _ascending(self._of(points.arrays), points.weights)
        return float(f"{np.interp(0.9, np.cumsum(weights), y):.3g}")

    @cached_property
    def truth(self) -> Truth:
        """Mean, sd, quantiles, P(above), skewness, shortfall."""
        scramblings = (self._points(k, _LOG_POINTS) for k in range(1, _SCRAMBLES + 1))
        found = (
            _statistics(self._of(points.arrays), points.weights, self.threshold)
            for points in scramblings
        )
        rows = np.array([*found])
        values, errors = rows.mean(axis=0), rows.std(axis=0, ddof=1) / math.sqrt(_SCRAMBLES)
        for k, (value, error) in self._smooth(values, errors).items():
            if error < errors[k]:
                values[k], errors[k] = value, error
        if self.moments is not None:
            known = self.moments()
            places = [0, 1, -2][-len(known) :]  # the mean, too, where it is among them
            values[places], errors[places] = known, 0.0
        return Truth(values, errors)

    def _of(self, arrays: Sequence[FloatArray]) -> FloatArray:
        out: FloatArray = np.asarray(self.f(_NUMPY, *arrays), dtype=np.float64)
        return out

    def _points(self, seed: int, log_points: int) -> _Points:
        drawn = [x for x in self.inputs if not x.summed]
        points = qmc.Sobol(sum(max(x.labels, 1) for x in drawn), seed=seed)
        sobol = np.clip(points.random_base2(log_points), 2.0**-53, 1.0 - 2.0**-53)
        known = [x.atoms for x in self.inputs if x.summed]
        values = [*product(*(atoms for atoms, _ in known))]
        shares = np.array([math.prod(each) for each in product(*(p for _, p in known))])
        columns = iter(np.tile(sobol, (len(values), 1)).T)
        atoms = iter(np.repeat(np.array(values), len(sobol), axis=0).T)

        def array(x: Input) -> FloatArray:
            if x.summed:
                return next(atoms)
            if x.labels:
                return np.stack([x.known.ppf(next(columns)) for _ in range(x.labels)])
            return np.asarray(x.known.ppf(next(columns)), dtype=np.float64)

        weights = np.repeat(shares / shares.sum() / len(sobol), len(sobol))
        return _Points([array(x) for x in self.inputs], weights)

    # --- one input integrated out ---------------------------------------------------------------

    def _smooth(self, values: FloatArray, errors: FloatArray) -> dict[int, tuple[float, float]]:
        """Quantiles and P(above), by their positions, with errors."""
        k = self._monotone()
        if k is None:
            return {}
        joined = _Points.joined([self._points(100 + s, _LOG_SMOOTH) for s in range(_SCRAMBLES)])
        found = {}
        for place, p in enumerate(LEVELS, 2):
            at, slope = self._crossing(k, joined, p, float(values[place]), float(errors[place]))
            if at is not None:
                error = self._cdf(k, joined, at).std(ddof=1) / math.sqrt(_SCRAMBLES)
                found[place] = at, float(error / slope)
        shares = self._cdf(k, joined, self.threshold)
        error = float(shares.std(ddof=1) / math.sqrt(_SCRAMBLES))
        found[2 + len(LEVELS)] = 1.0 - float(shares.mean()), error
        return found

    def _monotone(self) -> int | None:
        """A continuous input in which the output never turns, whatever the others are."""
        some = self._points(99, 10).some(64)
        best: tuple[float, int] | None = None
        for k, own in enumerate(self.inputs):
            if own.labels or own.discrete:
                continue
            values = []
            for x in own.known.ppf(np.linspace(1e-6, 1.0 - 1e-6, 301)):
                values.append(self._of([*some[:k], np.full(64, x), *some[k + 1 :]]) + np.zeros(64))
            steps = np.diff(values, axis=0)
            noise = 1e-12 * float(np.abs(values).max())
            if np.all(np.all(steps >= -noise, axis=0) | np.all(steps <= noise, axis=0)):
                moved = float(np.median(np.abs(values[225] - values[75])))
                best = max(best or (0.0, k), (moved, k))
        return None if best is None or best[0] == 0.0 else best[1]

    def _cdf(self, k: int, points: _Points, t: float) -> FloatArray:
        """P(output <= t) of each scrambling."""
        arrays, known, n = points.arrays, self.inputs[k].known, points.weights.size

        def at(x: FloatArray) -> FloatArray:
            return self._of([*arrays[:k], x, *arrays[k + 1 :]]) + np.zeros(n)

        low, high = np.full(n, known.ppf(1e-15)), np.full(n, known.isf(1e-15))
        first, last = at(low), at(high)
        rising = last >= first
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            beyond = np.where(rising, at(middle) <= t, at(middle) > t)
            low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
        share = known.cdf((low + high) / 2.0)
        share = np.where(rising, share, 1.0 - share)
        share = np.where(np.maximum(first, last) <= t, 1.0, share)
        share = np.where(np.minimum(first, last) > t, 0.0, share)
        means: FloatArray = (share * points.weights).reshape(_SCRAMBLES, -1).sum(axis=1)
        return means

    def _crossing(
        self, k: int, points: _Points, p: float, start: float, error: float
    ) -> tuple[float | None, float]:
        """Where the CDF is p, by secants, and its slope there; None where it jumps."""
        width = max(50.0 * error, 1e-4 * abs(start), 1e-9)
        before, share = start, float(self._cdf(k, points, start).mean())
        x, slope = start + (width if share < p else -width), math.nan
        for _ in range(8):
            now = float(self._cdf(k, points, x).mean())
            slope = (now - share) / (x - before) if x != before else math.nan
            if not slope > 0.0:
                break
            if abs(now - p) < 1e-10:
                return x, slope
            before, share, x = x, now, x + (p - now) / slope
        return None, slope


def _ascending(y: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    order = np.argsort(y)
    return y[order], weights[order]


def _statistics(y: FloatArray, weights: FloatArray, threshold: float) -> list[float]:
    y, weights = _ascending(y, weights)
    mean = float(y @ weights)
    sd = math.sqrt(float((y - mean) ** 2 @ weights))
    below = np.cumsum(weights)
    quantiles = np.interp(LEVELS, below - weights / 2.0, y).tolist()
    skewness = float((y - mean) ** 3 @ weights) / sd**3
    beyond = np.clip(below - 0.95, 0.0, weights)
    tail = float(y @ beyond / beyond.sum())
    return [mean, sd, *quantiles, float((y > threshold) @ weights), skewness, tail]
