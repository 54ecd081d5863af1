"""The form of a distribution as points for the script of a page to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from guessmodel.errors import GuessmodelError
from guessmodel.simulation import Result

if TYPE_CHECKING:
    from guessmodel.plots.plot_data import PlotData

__all__ = ["Shape", "shape"]

_MOST_POINTS = 80  # of a curve
_DIGITS = 4  # of a point


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


def shape(result: Result) -> Shape | None:
    """The form of an unlabelled result; None where there is nothing to draw."""
    from guessmodel.plots.categories import words_of
    from guessmodel.plots.plot_data import plot_data_of
    from guessmodel.plots.sample import axis_range_of, sample_of

    try:
        sample = sample_of(result)
        window = axis_range_of([sample])
    except GuessmodelError:  # no finite draws, or beyond what an axis holds
        return None
    found = plot_data_of(result, sample, window)
    low, high = window.padded()
    kept = _telling(found) if found.kind == "curve" else slice(None)
    return {
        "kind": found.kind,
        "x": _points(found.x[kept]),
        "y": _points(found.y[kept] / found.peak),
        "low": low,
        "high": high,
        "log": window.scale.threshold if window.scale.is_curved else None,
        "atoms": [(float(x), float(y)) for x, y in found.atoms],
        "words": list(words_of(result)),
    }


def _telling(curve: PlotData) -> NDArray[np.intp]:
    """Positions of the points that a small picture needs: evenly along the line."""
    x, y = curve.window.scale.position(curve.x), curve.y / curve.peak
    along = np.abs(np.diff(x)) / ((x[-1] - x[0]) or 1.0) + np.abs(np.diff(y))
    length = np.concatenate(([0.0], np.cumsum(along)))
    wanted = np.linspace(0.0, length[-1], _MOST_POINTS)
    chosen = np.searchsorted(length, wanted).clip(0, len(x) - 1)
    return np.unique(np.append(chosen, np.argmax(y)))


def _points(values: Any) -> list[float]:
    return [float(f"{each:.{_DIGITS}g}") for each in np.asarray(values, dtype=np.float64)]
