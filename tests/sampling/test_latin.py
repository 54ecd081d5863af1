"""Latin hypercubes: permutations that are bijections, keyed, readable anywhere, and fair."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from guessmodel.graph.variates import UNIFORM
from guessmodel.sampling import Stream, design
from guessmodel.sampling.latin import Permutations
from guessmodel.sampling.mixing import digests
from guessmodel.sampling.outer_strata import outer_strata

KEYS = digests(0, [f"k{i}" for i in range(5)])


def images(permutations, count, index):
    out = np.empty((count, index.size), dtype=np.int64)
    permutations.images(slice(0, count), index, out)
    return out


@pytest.mark.parametrize("size", [1, 2, 3, 5, 64, 65, 125, 1000, 1024, 4095, 4096, 5000, 2**17])
def test_bijections_with_inverses(size):
    permutations = Permutations.create(KEYS, 0, size)
    image = images(permutations, 5, np.arange(size))
    assert np.array_equal(np.sort(image), np.tile(np.arange(size), (5, 1)))
    outer = outer_strata(size)
    back = permutations.inverse(outer)
    assert np.array_equal(np.take_along_axis(image, back, axis=1), np.tile(outer, (5, 1)))


def test_readable_from_anywhere():
    permutations = Permutations.create(KEYS, 3, 10_007)
    whole = images(permutations, 5, np.arange(10_007))
    some = np.array([5, 9_999, 17, 17, 0])
    assert np.array_equal(images(permutations, 5, some), whole[:, some])
    one = np.empty((1, 5), dtype=np.int64)
    permutations.images(slice(2, 3), some, one)
    assert np.array_equal(one[0], whole[2, some])


def test_keys_and_replicates_have_permutations_of_their_own():
    every = {
        images(Permutations.create(KEYS, r, 500), 5, np.arange(500))[k].tobytes()
        for r in range(4)
        for k in range(5)
    }
    assert len(every) == 20


def pair_counts(permutations, count, size, first, second):
    """How often two numbers go to which two tenths."""
    image = images(permutations, count, np.array([first, second])) * 10 // size
    return np.bincount(image[:, 0] * 10 + image[:, 1], minlength=100)


def expected_pairs(count, size):
    """Counts for a uniformly random permutation."""
    tenth = np.bincount(np.arange(size) * 10 // size, minlength=10).astype(float)
    return count * (np.outer(tenth, tenth) - np.diag(tenth)).ravel() / (size * (size - 1))


# The variance of a mean over a Latin hypercube depends on where pairs of numbers go, so these must
# go anywhere: neighbours in a row of the grid, in a column, at both ends, and far apart.
PAIRS = [(0, 1), (0, 60), (0, 3599), (3540, 3599), (17, 2222)]


@pytest.mark.parametrize("size", [3600, 5000])
def test_pairs_go_anywhere(size):
    count = 50_000
    digest = digests(1, [f"p{i}" for i in range(count)])
    permutations = Permutations.create(digest, 0, size)
    for first, second in PAIRS:
        counts = pair_counts(permutations, count, size, first, second)
        # False alarms: 1e-6 for each of ten pairs.
        assert stats.chisquare(counts, expected_pairs(count, size)).pvalue > 1e-6


def test_that_test_sees_a_single_round():
    count, size = 50_000, 3600
    digest = digests(1, [f"p{i}" for i in range(count)])
    whole = Permutations.create(digest, 0, size)
    one = Permutations(size, whole.grid, whole.rotations[:2])
    worst = min(
        stats.chisquare(
            pair_counts(one, count, size, first, second), expected_pairs(count, size)
        ).pvalue
        for first, second in PAIRS
    )
    assert worst < 1e-6


@pytest.mark.parametrize("n", [8, 100, 520, 1000, 9999])
def test_each_stratum_is_visited_once(n):
    points = design("lhs", n, 0, [Stream(("a", "b"), True, (UNIFORM,))])
    out = np.empty((2, points.size))
    for r in range(8):
        points.replicate(r).fill(0, 0, points.size, out)
        strata = np.sort(np.floor(out * points.size).astype(int))
        assert np.array_equal(strata, np.tile(np.arange(points.size), (2, 1)))
