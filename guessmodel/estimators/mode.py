"""The most likely value of draws: the most frequent one, or the peak of their density.

Draws with atoms (whole numbers, a cap that binds) have a most frequent value. All others have a
density, which is smoothed by a normal kernel of width h = s n^(-1/7), the rate that is best for its
slope (Romano 1988); s is the standard deviation of the normal curve that is as much bent at the
peak. The peak m(h) is off by about h², which (4 m(h) - m(2h)) / 3 takes away.

Near an end of the support a smoothing that reaches beyond it has its peak there, wherever the
density has its own. So where m(h) is within 4 h of an end, h is halved until it no longer is, or
until so few draws are left that their number tells nothing. The interval then holds all places at
which the density is not shown to be less than at the peak; and all up to 4 h, where the peak stays
at the end.
"""

from __future__ import annotations

import math

import numpy as np

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import COVERAGE, half_width, half_widths
from guessmodel.estimators.replicates import probability
from guessmodel.estimators.shortest import densest
from guessmodel.numerics.arrays import FloatArray, IndexArray
from guessmodel.numerics.confidence import student_t_half_width
from guessmodel.numerics.sorting import ties

__all__ = ["mode"]


_ATOM = 1e-3  # share of equal draws that makes an atom
_RIVALS = 16  # atoms that are compared
_CELLS = 1 << 13
_NEAR = 4.0  # bandwidths: so near an end of the support a peak may be one of the smoothing
_FINEST = 2.0  # cells in a bandwidth at least,
_FEWEST = 64  # with draws within one of the peak
_ROUNDS = 5  # of looking for the bandwidth
_NEXT = 4  # draws to the nearest end, beyond which the support ends in 94% of all cases
_HALF = 1.349  # standard deviations hold the densest half of a normal variable

ESTIMATOR = "kernel"


def mode(values: FloatArray, unit: str = "") -> Estimate:
    """The mode of draws of shape (R, N); those that are not finite are left out.

    Of atoms the interval holds all whose frequency may be the largest. Of a density it holds m(h),
    its correction and twice that, each with Student's t over the replicates' peaks: a peak at the
    end of the support, as that of an exponential variable, is off by h instead of h².

    >>> x = np.random.default_rng(0).gamma(3.0, size=(8, 4096))
    >>> found = mode(x)  # of a gamma variable of shape 3 it is 2
    >>> found.low < 2.0 < found.high
    True
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Estimate.refused("no finite draws", ESTIMATOR, unit)
    counts = ties(finite)[1]
    if int(counts.max()) >= max(_ATOM * finite.size, 2.0):
        return _most_frequent(values, np.sort(finite), counts, unit)
    return _peak(values, np.sort(finite), unit)


def _most_frequent(
    values: FloatArray, ordered: FloatArray, counts: IndexArray, unit: str
) -> Estimate:
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    likeliest = np.argsort(-counts, kind="stable")[:_RIVALS]
    atoms = [float(ordered[first[k]]) for k in likeliest]
    shares = [probability((values == atom).astype(np.float64)) for atom in atoms]
    rivals = [
        atom for atom, share in zip(atoms, shares, strict=True) if share.high >= shares[0].low
    ]
    return Estimate(atoms[0], min(rivals), max(rivals), "frequencies", unit)


def _peak(values: FloatArray, ordered: FloatArray, unit: str) -> Estimate:
    start, end = densest(ordered, 0.5)
    width = end - start
    # Of two peaks alike replicates may take one or the other.
    own = [densest(np.sort(row[np.isfinite(row)]), 0.5) for row in values if np.isfinite(row).any()]
    low = max(float(ordered[0]), min(start, *(ends[0] for ends in own)) - width)
    high = min(float(ordered[-1]), max(end, *(ends[1] for ends in own)) + width)
    edges = np.linspace(low, high, _CELLS + 1)
    rows = np.array([np.histogram(row, edges)[0] for row in values], dtype=np.float64)
    rows = rows[rows.sum(axis=1) > 0.0]
    both = np.vstack([rows.sum(axis=0), rows])
    cell = (high - low) / _CELLS
    rate = ordered.size ** (-1.0 / 7.0)
    bandwidth = rate * width / _HALF / cell
    for _ in range(_ROUNDS):
        spread = _peaks(both[:1], bandwidth)[1]
        if not spread[0] > bandwidth:
            break
        bandwidth = min(rate * math.sqrt(float(spread[0]) ** 2 - bandwidth**2), bandwidth)
    first, ends = bandwidth, (float(ordered[0]), float(ordered[-1]))
    while True:
        value, down, up = _smoothed(both, bandwidth, low, cell, ordered)
        reach = _NEAR * cell * bandwidth
        near = value <= ends[0] + reach, value >= ends[1] - reach
        told = _within(both[0], (value - low) / cell, bandwidth / 2.0) >= _FEWEST
        if not any(near) or bandwidth < 2.0 * _FINEST or not told:
            break
        bandwidth /= 2.0
    if bandwidth < first:
        places = first / (rate * bandwidth)
        lowest, highest = (low + cell * at for at in _not_lower(both, bandwidth, places))
        if near[0]:
            lowest, highest = min(lowest, ends[0]), max(highest, ends[0] + reach)
        if near[1]:
            lowest, highest = min(lowest, ends[1] - reach), max(highest, ends[1])
        # The support may end beyond the outermost draws.
        if lowest < ends[0] + cell:
            lowest = ends[0] - float(ordered[_NEXT] - ordered[0])
        if highest > ends[1] - cell:
            highest = ends[1] + float(ordered[-1] - ordered[-1 - _NEXT])
        down, up = min(down, lowest), max(up, highest)
    return Estimate(value, down, up, ESTIMATOR, unit)


def _smoothed(
    both: FloatArray, bandwidth: float, start: float, cell: float, ordered: FloatArray
) -> tuple[float, float, float]:
    """The peak at a bandwidth, and the ends of its interval."""
    top = start + cell * both.shape[1]
    near, far = (start + cell * _peaks(both, h)[0] for h in (bandwidth, 2.0 * bandwidth))
    corrected = np.clip((4.0 * near - far) / 3.0, start, top)
    half = half_width(corrected[1:], np.ones(len(both) - 1))
    straight = min(max(2.0 * near[0] - far[0], start), top)
    ends = (corrected[0], near[0], straight)
    down, up = half, half
    if min(ends) < start + cell:
        down = max(half, float(ordered[_NEXT] - ordered[0]))
    if max(ends) > top - cell:
        up = max(half, float(ordered[-1] - ordered[-1 - _NEXT]))
    return float(corrected[0]), float(min(ends)) - down, float(max(ends)) + up


def _not_lower(counts: FloatArray, bandwidth: float, places: float) -> tuple[float, float]:
    """The first and the last place where the density is not shown to be less than at its peak, in
    cells: by Student's t over the replicates, for as many places as differ (Bonferroni 1936)."""
    smooth = _kernel(counts, bandwidth)
    smooth /= counts.sum(axis=1, keepdims=True)
    peak = int(smooth[0].argmax())
    less = smooth[1:, peak, np.newaxis] - smooth[1:]
    errors = np.array(half_widths(np.ascontiguousarray(less.T), np.ones(len(less))))
    degrees, missed = len(less) - 1, (1.0 - COVERAGE) / max(places, 1.0)
    errors *= student_t_half_width(1.0 - missed, degrees) / student_t_half_width(COVERAGE, degrees)
    (near,) = np.nonzero(less.mean(axis=0) <= errors)
    return float(near[0]), float(near[-1] + 1)


def _within(counts: FloatArray, at: float, bandwidth: float) -> float:
    """How many draws lie within a bandwidth of a peak; all in cells."""
    first, last = max(int(at - bandwidth), 0), int(at + bandwidth) + 1
    return float(counts[first:last].sum())


def _peaks(counts: FloatArray, bandwidth: float) -> tuple[FloatArray, FloatArray]:
    """Where the smoothed counts of each row are largest, in cells, and the standard deviation of
    the normal curve that is as much bent there; the ends of the grid reflect."""
    smooth = _kernel(counts, bandwidth)
    at = smooth.argmax(axis=1)
    k = np.arange(len(counts))
    beside = np.clip(at - 1, 0, None), np.clip(at + 1, None, counts.shape[1] - 1)
    left, middle, right = smooth[k, beside[0]], smooth[k, at], smooth[k, beside[1]]
    bend = np.minimum(left - 2.0 * middle + right, -1e-300)
    shift = np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    return at + 0.5 + shift, np.sqrt(np.maximum(middle, 0.0) / -bend)


def _kernel(counts: FloatArray, bandwidth: float) -> FloatArray:
    """Counts smoothed by a normal kernel; the ends of the grid reflect."""
    mirrored = np.hstack([counts, counts[:, ::-1]])
    waves = np.fft.rfft(mirrored, axis=1)
    frequency = np.arange(waves.shape[1]) * math.pi / counts.shape[1]
    smooth = np.fft.irfft(waves * np.exp(-0.5 * (frequency * bandwidth) ** 2), axis=1)
    return np.asarray(smooth[:, : counts.shape[1]])
