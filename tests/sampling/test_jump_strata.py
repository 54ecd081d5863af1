"""Jump strata: jitter of each coordinate's own, which depends on its key and the stratum alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.graph.variates import NORMAL, UNIFORM, QuantileFunction
from guessmodel.sampling import Stream, design
from guessmodel.sampling.design import Rows
from guessmodel.sampling.jump_strata import MOST, at_ends, strata_of
from guessmodel.sampling.outer_strata import OUTER
from guessmodel.sampling.strata import tabulate

N = 1024
KEYS = tuple(f"k[{k}]" for k in range(12))
methods = pytest.mark.parametrize("method", ["nets", "lhs"])


def draws(method, streams, stream=0, n=8 * N, replicate=2):
    points = design(method, n, 0, streams)
    out = np.empty((len(streams[stream].keys), points.size))
    points.replicate(replicate).fill(stream, 0, points.size, out)
    return out


def test_probabilities_lie_in_the_strata_named():
    p = np.array([0.01, 0.2, 0.2001, 0.4999, 0.5001, 0.7, 0.999])
    for size in (101, 1024):
        found = strata_of(p, size)
        inner = p[(p * size >= OUTER) & ((1 - p) * size >= OUTER)]
        begin, end = (np.sort(at_ends(found, np.full(found.size, x), size)) for x in (0.0, 1.0))
        low, high = np.minimum(begin, end), np.maximum(begin, end)
        assert all(((low <= each) & (each <= high)).any() for each in inner)
        assert found.size == np.unique(np.floor(inner * size)).size
    assert strata_of(np.linspace(0.1, 0.9, MOST + 1), 1024).size == 0  # replicates tell of so many


@methods
def test_only_strata_with_jumps_have_their_own_jitter(method):
    shared = np.sort(draws(method, [Stream(KEYS, True, (UNIFORM,))]), axis=1)
    own = np.sort(draws(method, [Stream(KEYS, True, (UNIFORM,), jumps=((0.3, 0.75),))]), axis=1)
    moved = np.flatnonzero((own != shared).any(axis=0))
    assert moved.tolist() == [int(0.3 * N), int(0.75 * N)]
    assert all(np.unique(own[:, k]).size == len(KEYS) for k in moved)
    assert (np.floor(own * N) == np.arange(N)).all()  # each is still visited once


@methods
def test_jumps_of_each_coordinate_are_its_own(method):
    jumps = tuple((0.3,) if k == 4 else () for k in range(len(KEYS)))
    plain = draws(method, [Stream(KEYS, True, (NORMAL,))])
    own = draws(method, [Stream(KEYS, True, (NORMAL,), jumps=jumps)])
    assert (own != plain).sum(axis=1).tolist() == [int(k == 4) for k in range(len(KEYS))]


@methods
@pytest.mark.parametrize("block", [1, 37, 512, N])
def test_blocks_change_nothing(method, block):
    stream = Stream(KEYS, True, (NORMAL,), jumps=((0.2, 0.3, 0.6),))
    whole = draws(method, [stream])
    made = design(method, 8 * N, 0, [stream]).replicate(2)
    for start in range(0, N, block):
        part = np.full((len(KEYS), min(block, N - start)), np.nan)
        made.fill(0, start, start + part.shape[1], part)
        assert np.array_equal(part, whole[:, start : start + block])


def test_joined_nets_are_the_nets_one_after_the_other():
    stream = Stream(KEYS, True, (NORMAL,), jumps=((0.2, 0.3, 0.6),))
    points = design("nets", 8 * N, 0, [stream])
    out = np.empty((len(KEYS), 4 * N))
    points.joined(range(4, 8)).fill(0, 0, 4 * N, out)
    for k in range(4):
        assert np.array_equal(out[:, k * N : (k + 1) * N], draws("nets", [stream], 0, 8 * N, 4 + k))


@methods
def test_another_jump_or_coordinate_moves_no_other_draw(method):
    few = draws(method, [Stream(KEYS, True, (NORMAL,), jumps=((0.2,),))])
    more = draws(method, [Stream(KEYS, True, (NORMAL,), jumps=((0.2, 0.6),))])
    assert ((few != more).sum(axis=1) == 1).all()
    beside = Stream(("x",), False, (NORMAL,), jumps=((0.5,),))
    both = draws(method, [beside, Stream(KEYS, True, (NORMAL,), jumps=((0.2,),))], 1)
    if method == "lhs":  # names share the components of nets
        assert np.array_equal(few, both)


@methods
def test_events_are_rounded_by_each_input_for_itself(method):
    """Of 1,024 draws 102.5 of each of 12 inputs lie below: 102 or 103, half of them each way. That
    all 12 agree has probability 2^-11 in a replicate, and in 3 of 64 that of 1e-6."""
    p = 102.5 / N
    stream = Stream(KEYS, True, (UNIFORM,), jumps=((p,),))
    alike, more = 0, 0
    for seed in range(8):
        points = design(method, 8 * N, seed, [stream])
        for r in range(8):
            out = np.empty((len(KEYS), N))
            points.replicate(r).fill(0, 0, N, out)
            count = (out < p).sum(axis=1)
            assert set(count.tolist()) <= {102, 103}
            alike += int(count.min() == count.max())
            more += int((count == 103).sum())
    assert alike < 3
    # 768 of a binomial variable at 1/2: 5 standard deviations are 69.
    assert abs(more - 384) < 69


@methods
def test_shapes_of_one_variate_jump_together(method):
    """A normal and a uniform shape of one variate: probabilities are equal, also where but one of
    them jumps."""
    normal = Stream(KEYS[:2], True, (NORMAL,), "k", jumps=((0.3,), (0.6,)))
    uniform = Stream(KEYS[:2], True, (UNIFORM,), "k", jumps=((), (0.4,)))
    z, u = (draws(method, [normal, uniform], k) for k in (0, 1))
    assert np.abs(stats.norm.cdf(z) - u).max() < 1e-2 / N
    alone = draws(method, [Stream(KEYS[:2], True, (NORMAL,), "k")])
    assert (alone != z).sum(axis=1).tolist() == [1, 2]


@final
@dataclass(frozen=True)
class Steps(QuantileFunction):
    """300 values, of which the upper half are 1,000 more."""

    @property
    def discrete(self):
        return True

    def ppf(self, p):
        return np.floor(300.0 * np.asarray(p)) + 1000.0 * (np.asarray(p) >= 0.5)

    def isf(self, q):
        return self.ppf(1.0 - np.asarray(q))


def test_the_highest_jumps_of_a_source_count():
    (edges,) = tabulate(Rows.create(0, [Stream(("a",), False, (Steps(),))]), N)
    assert edges.steps.size > MOST == edges.jumps.size
    # 1/2 is the edge of two strata, the last of either end.
    assert {N // 2 - 1, N - 1} & set(edges.jumps.tolist())


@pytest.mark.parametrize("p", [0.3, 0.7])
def test_streams_know_where_their_draws_jump(p):
    risk = gm.bernoulli(p)
    part = gm.normal(1, 2)
    chosen = gm.mixture([part, 9.0, gm.normal(3, 4)], [1.0, 2.0, 1.0])
    risks = gm.bernoulli({"a": 0.25, "b": 0.5}, dim="k")
    plan = gm.Model(risk=risk, chosen=chosen, part=part, risks=risks).plan()
    found = {stream.keys: stream.jumps for stream in plan.streams if stream.jumps}
    assert sorted(found.values(), key=str) == sorted(
        [((1.0 - p,),), ((0.25, 0.75),), ((0.75,), (0.5,))], key=str
    )
