"""Plain draws: cells that can be read anywhere, and the distributions they should have."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from guessmodel.sampling import CAUCHY, EXPONENTIAL, LOGISTIC, NORMAL, UNIFORM, Stream, design
from guessmodel.sampling.iid import CELL

SOURCES = {
    NORMAL: stats.norm,
    UNIFORM: stats.uniform,
    EXPONENTIAL: stats.expon,
    LOGISTIC: stats.logistic,
    CAUCHY: stats.cauchy,
}


@pytest.mark.parametrize("size", [1, 7, CELL - 1, CELL, CELL + 1, 6 * CELL + 3])
def test_any_block_of_any_size_is_the_same(size):
    points = design("random", 8 * size, 0, [Stream(("a",), False, (NORMAL,))])
    made = points.replicate(5)
    whole = np.empty(size)
    made.fill(0, 0, size, whole)
    for start, stop in [(0, 1), (size - 1, size), (size // 3, size // 2 + 1), (0, size // 2 + 1)]:
        part = np.empty(stop - start)
        made.fill(0, start, stop, part)
        assert np.array_equal(part, whole[start:stop])


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: type(source).__name__)
def test_distribution_of_the_base_variates(source):
    points = design("random", 2**17, 0, [Stream(("a",), False, (source,))])
    out = np.empty(points.n)
    for r in range(8):
        points.replicate(r).fill(0, 0, points.size, out[r * points.size : (r + 1) * points.size])
    # The Dvoretzky-Kiefer-Wolfowitz bound: false alarm at most 1e-6.
    bound = np.sqrt(np.log(2e6) / 2.0 / out.size)
    assert stats.kstest(out, SOURCES[source].cdf).statistic < bound
    wrong = SOURCES[source](scale=1.05)
    assert stats.kstest(out, wrong.cdf).statistic > bound


def test_the_two_normals_of_a_pair_are_independent():
    points = design("random", 2**17, 0, [Stream(("a",), False, (NORMAL,))])
    out = np.empty(points.size)
    points.replicate(0).fill(0, 0, points.size, out)
    first, second = out.reshape(-1, 2, CELL // 2).transpose(1, 0, 2).reshape(2, -1)
    for f in (np.positive, np.square, np.abs):
        # Of 8192 pairs: 5.2 standard deviations, 2e-7 on both sides, three times.
        assert abs(np.corrcoef(f(first), f(second))[0, 1]) < 5.2 / np.sqrt(first.size)
    assert np.corrcoef(first**2, out[: first.size] ** 2)[0, 1] > 0.1


def test_cells_keys_and_replicates_are_unlike():
    points = design("random", 8 * 4 * CELL, 0, [Stream(("a", "b"), True, (UNIFORM,))])
    cells = []
    for r in range(8):
        out = np.empty((2, points.size))
        points.replicate(r).fill(0, 0, points.size, out)
        cells.append(out.reshape(-1, CELL))
    every = np.concatenate(cells)
    correlation = np.corrcoef(every) - np.eye(len(every))
    # 2016 correlations of 4096 numbers: 6.6 standard deviations have probability 1e-7 in all.
    assert np.abs(correlation).max() < 6.6 / np.sqrt(CELL)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: type(source).__name__)
def test_a_generator_that_says_zero_yields_a_finite_draw(source, monkeypatch):
    class Zero:
        def random(self, out):
            out[:] = 0.0

    monkeypatch.setattr("guessmodel.sampling.iid.generator", lambda _: Zero())
    points = design("random", 80, 0, [Stream(("a",), False, (source,))])
    out = np.empty(points.size)
    points.replicate(0).fill(0, 0, points.size, out)
    assert np.isfinite(out).all()
    assert source is not UNIFORM or (out > 0.0).all()
