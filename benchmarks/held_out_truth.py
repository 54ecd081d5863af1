"""What is true of a held-out model. Each is written once, for quantities and for arrays; what is
true comes from SciPy's families and Sobol' points alone.

A mean over 2^19 points in 8 scramblings has an error of its own, which is told by their spread.
Where the output is monotone in an input, the CDF has this input integrated out, by bisection for
every point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
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

    def quantity(self) -> gm.Quantity:
        return self.draw(dim={"k": range(self.labels)}) if self.labels else self.draw()


@final
@dataclass(frozen=True)
class Truth:
    """Statistics and their own standard errors, in the order of `case_held_out.STATISTICS`."""

    values: FloatArray
    errors: FloatArray


@final
@dataclass(frozen=True)
class HeldOut:
    """An output of some inputs; `moments` are its standard deviation and skewness, where its tails
    are such that the points do not tell them, nor their errors."""

    inputs: tuple[Input, ...]
    f: Callable[..., Any]
    moments: Callable[[], tuple[float, float]] | None = None

    def model(self) -> gm.Model:
        """The output `y`, and whether it exceeds its threshold."""
        inputs = [each.quantity() for each in self.inputs]
        y = self.f(_OURS, *inputs)
        return gm.Model(**{f"x{k}": x for k, x in enumerate(inputs)}, y=y, above=y > self.threshold)

    @cached_property
    def threshold(self) -> float:
        """About the 90th percentile."""
        return float(f"{np.quantile(self._of(self._arrays(0, 14)), 0.9):.3g}")

    @cached_property
    def truth(self) -> Truth:
        """Mean, sd, quantiles, P(above), skewness, shortfall."""
        rows = np.array(
            [
                _statistics(self._of(self._arrays(k, _LOG_POINTS)), self.threshold)
                for k in range(1, _SCRAMBLES + 1)
            ]
        )
        values, errors = rows.mean(axis=0), rows.std(axis=0, ddof=1) / math.sqrt(_SCRAMBLES)
        for k, (value, error) in self._smooth(values, errors).items():
            if error < errors[k]:
                values[k], errors[k] = value, error
        if self.moments is not None:
            places = [1, -2]
            values[places], errors[places] = self.moments(), 0.0
        return Truth(values, errors)

    def _of(self, arrays: Sequence[FloatArray]) -> FloatArray:
        out: FloatArray = np.asarray(self.f(_NUMPY, *arrays), dtype=np.float64)
        return out

    def _arrays(self, seed: int, log_points: int) -> list[FloatArray]:
        points = qmc.Sobol(sum(max(x.labels, 1) for x in self.inputs), seed=seed)
        columns = iter(np.clip(points.random_base2(log_points), 2.0**-53, 1.0 - 2.0**-53).T)
        return [
            np.stack([x.known.ppf(next(columns)) for _ in range(x.labels)])
            if x.labels
            else x.known.ppf(next(columns)).astype(np.float64)
            for x in self.inputs
        ]

    # --- one input integrated out ---------------------------------------------------------------

    def _smooth(self, values: FloatArray, errors: FloatArray) -> dict[int, tuple[float, float]]:
        """Quantiles and P(above), by their positions, with errors."""
        k = self._monotone()
        if k is None:
            return {}
        arrays = [self._arrays(100 + s, _LOG_SMOOTH) for s in range(_SCRAMBLES)]
        joined = [np.concatenate(parts, axis=-1) for parts in zip(*arrays, strict=True)]
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
        some = [array[..., :64] for array in self._arrays(99, 10)]
        best: tuple[float, int] | None = None
        for k, own in enumerate(self.inputs):
            if own.labels or not isinstance(own.known.dist, stats.rv_continuous):
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

    def _cdf(self, k: int, arrays: list[FloatArray], t: float) -> FloatArray:
        """P(output <= t) of each scrambling."""
        known, n = self.inputs[k].known, arrays[k].size

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
        means: FloatArray = share.reshape(_SCRAMBLES, -1).mean(axis=1)
        return means

    def _crossing(
        self, k: int, arrays: list[FloatArray], p: float, start: float, error: float
    ) -> tuple[float | None, float]:
        """Where the CDF is p, by secants, and its slope there; None where it jumps."""
        width = max(50.0 * error, 1e-4 * abs(start), 1e-9)
        before, share = start, float(self._cdf(k, arrays, start).mean())
        x, slope = start + (width if share < p else -width), math.nan
        for _ in range(8):
            now = float(self._cdf(k, arrays, x).mean())
            slope = (now - share) / (x - before) if x != before else math.nan
            if not slope > 0.0:
                break
            if abs(now - p) < 1e-10:
                return x, slope
            before, share, x = x, now, x + (p - now) / slope
        return None, slope


def _statistics(y: FloatArray, threshold: float) -> list[float]:
    y = np.sort(y)
    mean, sd = float(y.mean()), float(y.std())
    middle = (np.arange(y.size) + 0.5) / y.size
    quantiles = np.interp(LEVELS, middle, y).tolist()
    skewness = float(((y - mean) ** 3).mean()) / sd**3
    tail = float(y[int(0.95 * y.size) :].mean())
    return [mean, sd, *quantiles, float((y > threshold).mean()), skewness, tail]
