"""The form of a distribution as points for the script of a page to draw."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guessmodel.errors import GuessmodelError
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.scales import Scale
from guessmodel.simulation import Result

if TYPE_CHECKING:
    from guessmodel.plots.plot_data import PlotData

__all__ = ["Shape", "moved", "shape"]

_MOST_POINTS = 80  # of a curve
_DIGITS = 4  # of a point
_MOST_DIGITS: Final = 17
_CELLS: Final = 80  # of the axis of a curve that moves
_STEMS: Final = 150  # of what is discrete
_FEW: Final = 1 << 13  # draws
_TAIL: Final = 0.001  # share of the draws that may lie beyond an end of an axis


class Shape(TypedDict):
    """The form of a distribution. `curve` is a density over x; `bars` have one edge more than
    heights; `discrete` are values with probabilities; `point` is one value."""

    kind: str
    x: list[float]
    y: list[float]
    low: float
    high: float
    log: float | None  # the scale is logarithmic beyond this size; None: it is linear
    atoms: list[tuple[float, float]]
    words: list[str]


def shape(result: Result, *, roughly: bool = False) -> Shape | None:
    """The form of an unlabelled result; None where there is nothing to draw. `roughly`: by a few
    thousand draws, at once."""
    from guessmodel.plots.categories import words_of
    from guessmodel.plots.plot_data import plot_data_of
    from guessmodel.plots.sample import axis_range_of, sample_of

    try:
        sample = sample_of(result, most=_FEW) if roughly else sample_of(result)
        window = axis_range_of([sample])
    except GuessmodelError:  # no finite draws, or beyond what an axis holds
        return None
    found = plot_data_of(result, sample, window, roughly=roughly)
    low, high = window.padded()
    kept = _telling(found) if found.kind == "curve" else slice(None)
    return {
        "kind": found.kind,
        "x": _places(found.x[kept]),
        "y": _points(found.y[kept] / found.peak),
        "low": low,
        "high": high,
        "log": window.scale.threshold if window.scale.is_curved else None,
        "atoms": [(float(x), float(y)) for x, y in found.atoms],
        "words": list(words_of(result)),
    }


def moved(x: FloatArray, former: Shape) -> Shape | None:
    """The form of other draws on the axis of a former shape, which is made longer where they leave
    it: what is drawn while an input is moved. A curve has one height for each of equally wide
    cells of the axis, and no x.

    Parameters
    ----------
    x : finite, in ascending order, some that differ

    None where the draws cannot stand on that axis, or have another kind of form.
    """
    from guessmodel.plots.plot_data import bars_of
    from guessmodel.plots.sample import Sample, range_on

    threshold = math.inf if former["log"] is None else former["log"]
    low, high, end = former["low"], former["high"], len(x) - 1
    if threshold == 0.0 and x[0] <= 0.0:
        return None
    if x[int(_TAIL * end)] < low or x[end - int(_TAIL * end)] > high:
        ends = range_on([Sample("", x, 0.0)], Scale(threshold)).padded()
        low, high = min(ends[0], low), max(ends[1], high)
    made: Shape = {**former, "low": low, "high": high, "x": []}
    if former["kind"] == "curve":
        made["y"] = _heights(x, *_cells(low, high, threshold), Scale(threshold))
        return made
    if former["kind"] == "discrete":
        values, counts = np.unique(x, return_counts=True)
        if len(values) > _STEMS:
            return None
        return {**made, "x": _places(values), "y": _points(counts / counts.max())}
    if former["kind"] != "bars":
        return None
    sample = Sample("", x, 0.0)
    bars = bars_of(sample, range_on([sample], Scale(threshold)), tuple(former["atoms"]))
    return {**made, "x": _places(bars.x), "y": _points(bars.y / bars.peak)}


@lru_cache(maxsize=1024)  # axes of a page: most stay as they are
def _cells(low: float, high: float, threshold: float) -> tuple[FloatArray, float]:
    """Edges of equally wide cells of an axis, and how wide they are on its scale."""
    scale = Scale(threshold)
    places = scale.position(np.array([low, high]))
    edges = np.linspace(places[0], places[1], _CELLS + 1)
    return np.asarray(scale.value(edges)), float(edges[1] - edges[0])


def _heights(x: FloatArray, edges: FloatArray, cell: float, scale: Scale) -> list[float]:
    """Draws in the cells of an axis, smoothed by a normal kernel; the peak is 1."""
    from guessmodel.plots.kernel import narrow_bandwidth

    at = np.searchsorted(x, edges)
    counts = np.diff(at).astype(np.float64)
    inside = scale.position(x[at[0] : at[-1]])
    width = narrow_bandwidth(inside) / cell if len(inside) > 3 else 0.0
    reach = min(math.ceil(3.0 * width), _CELLS // 2)
    if reach:
        kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / width))
        counts = np.convolve(counts, kernel)[reach:-reach]
    heights: list[float] = np.round(counts / (counts.max() or 1.0), 3).tolist()
    return heights


def _telling(curve: PlotData) -> NDArray[np.intp]:
    """Positions of the points that a small picture needs: evenly along the line."""
    x, y = curve.window.scale.position(curve.x), curve.y / curve.peak
    along = np.abs(np.diff(x)) / ((x[-1] - x[0]) or 1.0) + np.abs(np.diff(y))
    length = np.concatenate(([0.0], np.cumsum(along)))
    wanted = np.linspace(0.0, length[-1], _MOST_POINTS)
    chosen = np.searchsorted(length, wanted).clip(0, len(x) - 1)
    return np.unique(np.append(chosen, np.argmax(y)))


def _places(values: ArrayLike) -> list[float]:
    """Numbers on an axis, in digits that tell them apart: of 127.6 to 127.9 four are not enough."""
    ends = float(np.min(values)), float(np.max(values))
    span, size = ends[1] - ends[0], max(map(abs, ends))
    finer = math.ceil(math.log10(size / span)) if span > 0.0 and math.isfinite(size) else 0
    return _points(values, min(_DIGITS + max(finer, 0), _MOST_DIGITS))


def _points(values: ArrayLike, digits: int = _DIGITS) -> list[float]:
    return [float(f"{each:.{digits}g}") for each in np.asarray(values, dtype=np.float64)]
