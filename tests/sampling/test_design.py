"""What all methods promise: sizes, bits that depend on names alone, blocks, threads, memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sources import Gamma

from guessmodel.graph.variates import CAUCHY, EXPONENTIAL, NORMAL, UNIFORM
from guessmodel.sampling import METHODS, Stream, design
from guessmodel.sampling.design import LARGEST, Joined, Rows

methods = pytest.mark.parametrize("method", METHODS)


STREAMS = [
    Stream(("price",), False, (NORMAL,)),
    Stream(("share",), False, (UNIFORM,)),
    Stream(("growth[2024]", "growth[2025]", "growth[2026]"), True, (NORMAL,)),
    Stream(("wait",), False, (Gamma(2.5),)),
    Stream(("mixed[a]", "mixed[b]"), True, (CAUCHY, Gamma(0.7))),
    Stream(("single[a]",), True, (EXPONENTIAL,)),
    Stream(("jumps[a]", "jumps[b]"), True, (NORMAL,), jumps=((0.3, 0.45), (0.71,))),
]


def draws(points, stream, replicate, block=None, made=None):
    """Draws (coordinates, size) of one stream in one replicate, block by block."""
    made = made or points.replicate(replicate)
    count = len(STREAMS[stream].keys)
    out = np.full((count, points.size), np.nan)
    block = block or points.size
    for start in range(0, points.size, block):
        stop = min(start + block, points.size)
        shape = (count, stop - start) if STREAMS[stream].labelled else (stop - start,)
        part = np.full(shape, np.nan)
        made.fill(stream, start, stop, part)
        out[:, start:stop] = part
    return out


def everything(points, **keywords):
    return [
        [draws(points, stream, r, **keywords) for stream in range(len(STREAMS))]
        for r in range(points.replicates)
    ]


@methods
@pytest.mark.parametrize(
    ("n", "block"), [(1, 1), (9, 1), (100, 1), (100, 8), (1000, 7), (3000, 64), (30_000, 1024)]
)
def test_bits_do_not_depend_on_blocks(method, n, block):
    points = design(method, n, 0, STREAMS)
    whole = draws(points, 0, 3), draws(points, 2, 3), draws(points, 4, 3)
    parts = tuple(draws(points, stream, 3, block=block) for stream in (0, 2, 4))
    for a, b in zip(whole, parts, strict=True):
        assert np.isfinite(a).all()
        assert np.array_equal(a, b)


@methods
def test_bits_do_not_depend_on_blocks_in_the_largest_replicates(method):
    points = design(method, 8 * LARGEST, 0, STREAMS)
    made = points.replicate(1)
    for stream in (0, 3, 4):
        whole = draws(points, stream, 1, made=made)
        assert np.isfinite(whole).all()
        for block in (2**15, 2**13, 10_000):
            assert np.array_equal(whole, draws(points, stream, 1, block=block, made=made))


@methods
def test_threads_may_share_a_replicate(method):
    points = design(method, 8 * 2**14, 5, STREAMS)
    made = points.replicate(2)
    whole = np.empty(points.size)
    made.fill(0, 0, points.size, whole)
    out = np.empty(points.size)

    def work(start):
        made.fill(0, start, start + 512, out[start : start + 512])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(0, points.size, 512)))
    assert np.array_equal(out, whole)


@methods
def test_replicates_can_be_made_by_any_thread_in_any_order(method):
    points = design(method, 5000, 1, STREAMS)
    forward = everything(points)
    again = design(method, 5000, 1, STREAMS)
    with ThreadPoolExecutor(4) as pool:
        backward = list(pool.map(lambda r: draws(again, 3, r), reversed(range(again.replicates))))
    for r, values in enumerate(reversed(backward)):
        assert np.array_equal(values, forward[r][3])


@methods
def test_memory_of_a_spent_replicate_changes_nothing(method):
    points = design(method, 4000, 1, STREAMS)
    made = None
    for r in range(points.replicates):
        made = points.replicate(r, made)
        for stream in range(len(STREAMS)):
            assert np.array_equal(draws(points, stream, r, made=made), draws(points, stream, r))


@pytest.mark.parametrize("size", [1, 4, 64, 1024])
@pytest.mark.parametrize("count", [2, 4, 8])
def test_joined_replicates_are_the_replicates_one_after_the_other(size, count):
    points = design("nets", 8 * size, 3, STREAMS)
    joined = Joined.of(points, count)
    assert (joined.replicates, joined.size) == (8 // count, count * size)
    for stream in range(len(STREAMS)):
        apart = [draws(points, stream, r) for r in range(points.replicates)]
        for block in {points.n, 2 * size, size, max(size // 4, 1), 48}:
            together = [draws(joined, stream, r, block) for r in range(joined.replicates)]
            assert np.array_equal(np.concatenate(together, -1), np.concatenate(apart, -1)), block


def test_memory_of_joined_replicates_serves_the_next():
    points = Joined.of(design("nets", 1024, 3, STREAMS), 2)
    fresh = points.replicate(1)
    again = points.replicate(1, points.replicate(0))
    for stream, each in enumerate(STREAMS):
        out = [np.empty((len(each.keys), points.size)) for _ in range(2)]
        fresh.fill(stream, 0, points.size, out[0])
        again.fill(stream, 0, points.size, out[1])
        assert np.array_equal(*out)


def test_replicates_of_other_methods_stay_apart():
    assert not design("lhs", 64, 0, STREAMS).joins
    assert not design("random", 64, 0, STREAMS).joins


@methods
def test_order_of_streams_does_not_matter(method):
    forward = design(method, 1000, 0, STREAMS)
    backward = design(method, 1000, 0, STREAMS[::-1])
    for stream in (0, 1, 3):
        a, b = np.empty(forward.size), np.empty(forward.size)
        forward.replicate(4).fill(stream, 0, forward.size, a)
        backward.replicate(4).fill(len(STREAMS) - 1 - stream, 0, forward.size, b)
        assert np.array_equal(a, b)


@methods
def test_another_coordinate_leaves_the_others_alone(method):
    longer = [
        *STREAMS[:2],
        Stream(tuple(f"growth[{y}]" for y in range(2020, 2040)), True, (NORMAL,)),
    ]
    a = draws(design(method, 1000, 0, STREAMS), 2, 0)
    points = design(method, 1000, 0, longer)
    b = np.empty((20, points.size))
    points.replicate(0).fill(2, 0, points.size, b)
    if method != "nets":
        assert np.array_equal(a, b[4:7])
        return
    rest = points_of_labels(19, skip=2030)
    assert sum(not np.array_equal(rest[y], b[y - 2020]) for y in rest) <= 1


def points_of_labels(count, skip):
    """The draws of a labelled stream on nets by year, without one of the years."""
    years = [y for y in range(2020, 2040) if y != skip]
    stream = Stream(tuple(f"growth[{y}]" for y in years), True, (NORMAL,))
    points = design("nets", 1000, 0, [*STREAMS[:2], stream])
    out = np.empty((count, points.size))
    points.replicate(0).fill(2, 0, points.size, out)
    return dict(zip(years, out, strict=True))


@methods
def test_seeds_replicates_and_keys_are_all_different(method):
    def first(seed, key, replicate):
        points = design(method, 1000, seed, [Stream((key,), False, (NORMAL,))])
        out = np.empty(points.size)
        points.replicate(replicate).fill(0, 0, points.size, out)
        return out.tobytes()

    seeds = [0, 1, -1, 2**100, -(2**100), 256]
    every = [first(s, k, r) for s in seeds for k in ("a", "b") for r in range(8)]
    assert len(set(every)) == len(every)
    assert first(0, "a", 0) == first(np.int64(0), "a", 0)


@methods
def test_the_same_key_serves_any_source(method):
    # The ranks of the draws belong to the key; a family that changes keeps them.
    def ranks(source):
        points = design(method, 4096, 0, [Stream(("a",), False, (source,))])
        out = np.empty(points.size)
        points.replicate(0).fill(0, 0, points.size, out)
        return np.argsort(out)

    if method == "random":  # pairs of normals come from pairs of uniform numbers
        assert np.array_equal(ranks(UNIFORM), ranks(Gamma(2.5)))
    else:
        assert np.array_equal(ranks(NORMAL), ranks(Gamma(2.5)))


@pytest.mark.parametrize(
    ("method", "n", "replicates", "size"),
    [
        ("nets", 1, 8, 1),
        ("nets", 8, 8, 1),
        ("nets", 9, 8, 2),
        ("nets", 1000, 8, 128),
        ("nets", 1024, 8, 128),
        ("nets", 2**20, 8, 2**17),
        ("nets", 2**20 + 1, 16, 2**17),
        ("nets", 2**23, 64, 2**17),
        ("lhs", 1, 8, 1),
        ("lhs", 1000, 8, 125),
        ("lhs", 2**20, 8, 2**17),
        ("lhs", 2**20 + 1, 16, 2**16 + 1),
        ("random", 1001, 8, 126),
        ("random", 10_000_000, 80, 125_000),
    ],
)
def test_sizes(method, n, replicates, size):
    points = design(method, n, 0, STREAMS)
    assert (points.replicates, points.size) == (replicates, size)
    assert points.n == replicates * size >= n
    assert points.method == method


def test_streams_must_make_sense():
    with pytest.raises(ValueError, match="a scalar stream has one key, not 2"):
        Stream(("a", "b"), False, (NORMAL,))
    with pytest.raises(ValueError, match="3 coordinates, 2 sources"):
        Stream(("a", "b", "c"), True, (NORMAL, UNIFORM))
    with pytest.raises(ValueError, match="two coordinates have the key 'a'"):
        Rows.create(0, [STREAMS[0], Stream(("b", "a", "a"), True, (NORMAL,))])


def test_equal_sources_share_one_table():
    rows = Rows.create(0, [Stream((f"k{i}",), False, (Gamma(2.5),)) for i in range(5)])
    ((source, own),) = rows.by_source
    assert source == Gamma(2.5)
    assert own.tolist() == [0, 1, 2, 3, 4]


@methods
def test_no_streams(method):
    points = design(method, 100, 0, [])
    assert points.n >= 100
    points.replicate(0)
    points.replicate(1, points.replicate(0))
