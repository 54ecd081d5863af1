"""The form of one distribution, as a picture draws it: a point, probabilities, bars or a curve.

A curve is the exact density where the quantity has a closed form, else a kernel density; bars
stand where the quantity is discrete or ends abruptly, for a kernel would smear it beyond its end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.estimators.closed_form import Closed
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.numerics.scales import Scale, step_of
from guessmodel.plots import kernel
from guessmodel.plots.categories import words_of
from guessmodel.plots.sample import AxisRange, Sample
from guessmodel.simulation import Result

__all__ = ["PlotData", "bars_of", "plot_data_of"]

PlotKind = Literal["point", "discrete", "bars", "curve"]

_STEMS = 150  # distinct values, above which they are counted in bins
_HEAVY = 0.005  # share of the draws that makes a value an atom
_ATOMS = 3
_EDGE = 0.04  # density at an end, as a share of the peak, from which on it ends abruptly
_GRID = 150  # points of a curve, spread over the axis; and as many where the draws are dense
_MOST_BINS = 60
_MARGIN = 0.02  # of the axis, at either end
_OVER = 1.5


@final
@dataclass(frozen=True, slots=True, eq=False)
class PlotData:
    """What a picture of one quantity is drawn from: its x and y.

    point: one value. discrete: values and their probabilities. bars: edges of bins, and the share
    of the draws in each. curve: a grid, and the density per unit (per decade on a curved axis).
    """

    kind: PlotKind
    x: FloatArray
    y: FloatArray
    window: AxisRange
    atoms: tuple[tuple[float, float], ...] = ()  # single values beside bars: value, probability
    exact: bool = False
    uneven: bool = False  # bins of unequal width: y is the share of the draws per decade

    @property
    def peak(self) -> float:
        """Top of the picture, without the atoms."""
        return float(self.y.max(initial=0.0)) or 1.0


def plot_data_of(
    result: Result,
    sample: Sample,
    window: AxisRange,
    factor: float = 1.0,
    *,
    roughly: bool = False,
) -> PlotData:
    """The form of an unlabelled result, times a factor as the sample is, within a window;
    `roughly` with a bandwidth by a rule of thumb."""
    closed, words = result.closed, words_of(result)
    if sample.constant and words:
        return PlotData("discrete", sample.x[:1], np.ones(1), window)
    if sample.constant:
        return PlotData("point", sample.x[:1], np.ones(1), window, exact=closed is not None)
    if closed is not None:
        closed = replace(closed, scale=closed.scale * factor, shift=closed.shift * factor)
    values, counts = np.unique(sample.x, return_counts=True)
    atoms = _atoms(values, counts, len(sample.x))
    if _discrete(closed, sample, values, counts, atoms):
        return _probabilities(closed, sample, values, counts, window)
    heavy = tuple(zip(atoms.tolist(), _shares(sample, atoms).tolist(), strict=True))
    if len(heavy) > _ATOMS:
        return bars_of(sample, window)
    if heavy:
        return bars_of(sample, window, heavy)
    if closed is not None:
        return _exact(closed, sample, window)
    return _smooth(sample, window, roughly=roughly)


def bars_of(
    sample: Sample, window: AxisRange, atoms: tuple[tuple[float, float], ...] = ()
) -> PlotData:
    """Shares of the draws in bins of equal width on the axis; atoms are not counted in them."""
    x = sample.x
    for value, _ in atoms:
        x = x[x != value]
    step = step_of(x)
    size = step or 1.0
    scale = Scale(window.scale.threshold / size)
    part = AxisRange(window.low / size, window.high / size, scale)
    edges = size * _edges(x / size, part, step > 0.0)
    shares = np.histogram(x, edges)[0] / len(sample.x)
    uneven = step > 0.0 and window.scale.is_curved
    if uneven:
        shares = shares / np.diff(window.scale.position(edges))
    return PlotData("bars", edges, shares, window, atoms, uneven=uneven)


# --- what the values are like ---------------------------------------------------------------------


def _atoms(values: FloatArray, counts: NDArray[np.int_], n: int) -> FloatArray:
    return np.asarray(values[(counts >= _HEAVY * n) & (counts > 1)])


def _shares(sample: Sample, values: FloatArray) -> FloatArray:
    return np.array([sample.between(value, value) for value in values])


def _discrete(
    closed: Closed | None,
    sample: Sample,
    values: FloatArray,
    counts: NDArray[np.int_],
    atoms: FloatArray,
) -> bool:
    if closed is not None and closed.discrete:
        return True
    if len(values) < len(sample.x) and step_of(values) > 0.0:
        return True
    rest = ~np.isin(values, atoms)
    left = float(counts[rest].sum())
    return left == 0.0 or float(np.count_nonzero(counts[rest] == 1)) < 0.5 * left


def _probabilities(
    closed: Closed | None,
    sample: Sample,
    values: FloatArray,
    counts: NDArray[np.int_],
    window: AxisRange,
) -> PlotData:
    low, high = window.padded()
    inside = (values >= low) & (values <= high)
    if np.count_nonzero(inside) > _STEMS:
        return bars_of(sample, window)
    known = closed is not None and closed.family is not None and closed.family.discrete
    if known and closed is not None and closed.scale == 1.0 and closed.shift == 0.0:
        assert closed.family is not None
        exact = np.asarray(closed.family.pdf(values[inside], *closed.parameters))
        return PlotData("discrete", values[inside], exact, window, exact=True)
    return PlotData("discrete", values[inside], counts[inside] / len(sample.x), window)


# --- curves ---------------------------------------------------------------------------------------


def _exact(closed: Closed, sample: Sample, window: AxisRange) -> PlotData:
    assert closed.family is not None
    family, parameters = closed.family, closed.parameters
    ends = sorted(closed.shift + closed.scale * float(end) for end in family.support(*parameters))
    low, high = window.padded()
    low, high = max(low, ends[0]), min(high, ends[1])
    scale = window.scale
    grid = scale.value(np.linspace(scale.position(low), scale.position(high), _GRID))
    grid[[0, -1]] = low, high
    # Where the draws are dense the grid is too, whatever narrow peak there may be.
    dense = sample.x[np.linspace(0, len(sample.x) - 1, _GRID).astype(int)]
    x = np.unique(np.concatenate([grid, dense[(dense > low) & (dense < high)]]))
    with np.errstate(all="ignore"):
        y = family.pdf((x - closed.shift) / closed.scale, *parameters) / abs(closed.scale)
    y = y * scale.stretch(x)
    keep = np.isfinite(y)
    x, y = x[keep], np.asarray(y)[keep]
    y = _capped(x, y, scale)
    x, y = _closed_ends(x, y, (ends[0] == low, ends[1] == high))
    return PlotData("curve", x, y, window, exact=True)


def _capped(x: FloatArray, y: FloatArray, scale: Scale) -> FloatArray:
    """A density that grows without bound towards an end is cut off where the rest can be seen."""
    along = scale.position(x)
    room = _MARGIN * (along[-1] - along[0])
    inner = (along > along[0] + room) & (along < along[-1] - room)
    return np.where(inner, y, np.minimum(y, _OVER * float(y[inner].max())))


def _closed_ends(
    x: FloatArray, y: FloatArray, ends: tuple[bool, bool]
) -> tuple[FloatArray, FloatArray]:
    """Vertical lines down to 0 where the curve ends at its support."""
    if ends[0] and y[0] > 0.0:
        x, y = np.r_[x[0], x], np.r_[0.0, y]
    if ends[1] and y[-1] > 0.0:
        x, y = np.r_[x, x[-1]], np.r_[y, 0.0]
    return x, y


def _smooth(sample: Sample, window: AxisRange, *, roughly: bool) -> PlotData:
    low, high = window.padded()
    low, high = max(low, float(sample.x[0])), min(high, float(sample.x[-1]))
    x = sample.x[(sample.x >= low) & (sample.x <= high)]
    x, low, high = (window.scale.position(each) for each in (x, low, high))
    grid, y, bandwidth = kernel.density(x, low, high, roughly=roughly)
    y *= len(x) / len(sample.x)
    if _abrupt(x, y, bandwidth, sample, window, (low, high)):
        return bars_of(sample, window)
    kept = _telling(y)
    grid, y = grid[kept], y[kept]
    return PlotData("curve", window.scale.value(grid), y, window)


def _telling(y: FloatArray) -> IndexArray:
    """Positions of the points that a curve needs: more where it bends."""
    bend = np.sqrt(np.abs(np.gradient(np.gradient(y))))
    weight = np.cumsum(bend / (bend.sum() or 1.0) + 1.0 / len(y))
    wanted = np.linspace(weight[0], weight[-1], 2 * _GRID)
    return np.unique(np.searchsorted(weight, wanted).clip(0, len(y) - 1))


def _abrupt(
    x: FloatArray,
    y: FloatArray,
    bandwidth: float,
    sample: Sample,
    window: AxisRange,
    ends: tuple[float, float],
) -> bool:
    """Whether the draws end, within the window, where they are still dense."""
    reach = max(2.0 * bandwidth, 1e-3 * (ends[1] - ends[0]))
    limit = _EDGE * float(y.max()) * reach * len(sample.x)
    first, last = (window.scale.position(v) for v in sample.x[[0, -1]])
    at_low = first >= ends[0] and np.count_nonzero(x < first + reach) > limit
    at_high = last <= ends[1] and np.count_nonzero(x > last - reach) > limit
    return bool(at_low or at_high)


# --- bins -----------------------------------------------------------------------------------------


def _edges(x: FloatArray, window: AxisRange, whole: bool) -> FloatArray:
    """Bins of equal width on the axis by the rule of Freedman and Diaconis (1981), between 12 and
    60 of them; those of whole numbers hold equally many."""
    low, high = window.padded(0.0)
    low, high = max(low, float(x[0])), min(high, float(x[-1]))
    if not low < high:
        return np.array(window.padded())
    inside = x[(x >= low) & (x <= high)]
    position, value_at = window.scale.position, window.scale.value
    inside, low, high = position(inside), float(position(low)), float(position(high))
    quartiles = inside[[len(inside) // 4, (3 * len(inside)) // 4]]
    width = 2.0 * float(quartiles[1] - quartiles[0]) / max(len(inside), 1) ** (1.0 / 3.0)
    bins = _MOST_BINS if width <= 0.0 else min(max(math.ceil((high - low) / width), 12), _MOST_BINS)
    if whole and window.scale.is_curved:
        rough = value_at(np.linspace(low, high, bins + 1))
        return np.unique(np.floor(np.r_[rough, rough[-1] + 1.0])) - 0.5
    if whole:
        step = max(math.ceil((high - low + 1.0) / bins), 1)
        count = math.ceil((high - low + 1.0) / step)
        first = math.floor(low + 0.5) - 0.5
        return np.asarray(first + step * np.arange(count + 1), dtype=np.float64)
    edges = np.linspace(low, high, bins + 1)
    return np.asarray(value_at(edges))
