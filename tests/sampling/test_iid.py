"""Plain draws: any block of them, and the distributions they should have."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from guessmodel.graph.variates import CAUCHY, EXPONENTIAL, LOGISTIC, NORMAL, UNIFORM
from guessmodel.sampling import Stream, design
from guessmodel.sampling.iid import GROUP

SOURCES = {
    NORMAL: stats.norm,
    UNIFORM: stats.uniform,
    EXPONENTIAL: stats.expon,
    LOGISTIC: stats.logistic,
    CAUCHY: stats.cauchy,
}


@pytest.mark.parametrize("size", [1, 7, GROUP - 1, GROUP, GROUP + 1, 60 * GROUP + 3])
def test_any_block_of_any_size_is_the_same(size):
    points = design("random", 8 * size, 0, [Stream(("a",), False, (NORMAL,))])
    made = points.replicate(5)
    whole = np.empty(size)
    made.fill(0, 0, size, whole)
    for start, stop in [(0, 1), (size - 1, size), (size // 3, size // 2 + 1), (0, size // 2 + 1)]:
        part = np.empty(stop - start)
        made.fill(0, start, stop, part)
        assert np.array_equal(part, whole[start:stop])


@pytest.mark.parametrize("block", [256, 1024, 4096, 300])
@pytest.mark.parametrize("count", [3, 5000])
def test_blocks_of_many_coordinates_are_those_of_each_alone(count, block):
    # 5000 coordinates have no memory for numbers ahead; the third block comes before the second.
    keys = tuple(f"x{i}" for i in range(count))
    points = design("random", 8 * 4096, 0, [Stream(keys, True, (NORMAL,))])
    made = points.replicate(2)
    whole = np.empty((count, 3 * block))
    for i in (0, 2, 1):
        room = np.empty((count, 2 * block))
        made.fill(0, i * block, (i + 1) * block, room[:, :block])
        whole[:, i * block : (i + 1) * block] = room[:, :block]
    for row in (0, count - 1):
        alone = design("random", 8 * 4096, 0, [Stream((keys[row],), False, (NORMAL,))])
        out = np.empty(3 * block)
        alone.replicate(2).fill(0, 0, 3 * block, out)
        assert np.array_equal(whole[row], out)


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
    first, second = out.reshape(-1, 2, GROUP // 2).transpose(1, 0, 2).reshape(2, -1)
    for f in (np.positive, np.square, np.abs):
        # Of 8192 pairs: 5.2 standard deviations, 2e-7 on both sides, three times.
        assert abs(np.corrcoef(f(first), f(second))[0, 1]) < 5.2 / np.sqrt(first.size)
    assert np.corrcoef(first**2, first**2 + second**2)[0, 1] > 0.1


def test_groups_keys_and_replicates_are_unlike():
    size = 2**12
    points = design("random", 8 * 4 * size, 0, [Stream(("a", "b"), True, (UNIFORM,))])
    parts = []
    for r in range(8):
        out = np.empty((2, points.size))
        points.replicate(r).fill(0, 0, points.size, out)
        parts.append(out.reshape(-1, size))
    every = np.concatenate(parts)
    correlation = np.corrcoef(every) - np.eye(len(every))
    # 2016 correlations of 4096 numbers: 6.6 standard deviations have probability 1e-7 in all.
    assert np.abs(correlation).max() < 6.6 / np.sqrt(size)


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
